"""Why a record that is JSON cannot be read: which of its members no reader takes (CleverTap contract 4.2).

Such a member is a number beyond any range (`1e999`), half an emoji or nested too deeply.
"""

from typing import Any, Final

import msgspec

from tellwire.platform.intake.clevertap import refusal
from tellwire.platform.intake.clevertap.identifiers import OBJECT_ID_REFUSED, no_identity
from tellwire.platform.intake.clevertap.refusal import Refusal, of_event

_NULL: Final = msgspec.Raw(b"null")
_REFUSALS: Final = {
    "identity": no_identity("identity is not valid."),
    "objectId": OBJECT_ID_REFUSED,
    "FBID": no_identity("FBID is not valid."),
    "GPID": no_identity("GPID is not valid."),
    "type": refusal.TYPE_REFUSED,
    "ts": refusal.TIMESTAMP_REFUSED,
    "evtName": of_event(refusal.EVENT_STRUCTURE, "evtName is not valid."),
}
_NO_RECORD: Final = Refusal(refusal.NEITHER_EVENT_NOR_PROFILE, "A record has to be a JSON object.")
_decode_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_any = msgspec.json.Decoder(Any).decode


def refusal_of_unreadable(record: msgspec.Raw) -> Refusal:
    """Return the refusal of a record that could not be decoded."""
    try:
        members = _decode_members(record)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _NO_RECORD
    broken = (refused for name, refused in _REFUSALS.items() if not _is_readable(members.get(name, _NULL)))
    return next(broken, _NO_RECORD)


def _is_readable(member: msgspec.Raw) -> bool:
    try:
        _decode_any(member)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True
