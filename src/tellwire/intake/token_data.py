"""`tokenData` of an uploaded device token: what is wrong with it, if anything (CleverTap contract 4.2).

We send no push messages: a good token is counted as processed, as its sender expects, and not kept.
"""

import re
from typing import Any, Final

import msgspec

from tellwire.intake import refusal
from tellwire.intake.refusal import Refusal, of_token

_TYPES: Final = frozenset({"fcm", "gcm", "apns", "wns", "mpns", "chrome"})
_OBJECT_ID: Final = re.compile(r"[\x21-\x7e]{1,64}")
_TOKEN_LIMIT: Final = 4096  # the longest we know, of web push, is below 600

_decode = msgspec.json.Decoder(dict[str, Any]).decode


def refusal_of_token(object_id: Any, data: msgspec.Raw) -> Refusal | None:
    """Return why a token record cannot be taken, or None."""
    if not isinstance(object_id, str) or not _OBJECT_ID.fullmatch(object_id):
        return of_token(refusal.TOKEN_OBJECT_ID, "objectId is not valid.")
    try:
        token = _decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return of_token(refusal.TOKEN_DATA, "tokenData has to be a JSON object.")
    return _refusal_of_kind(token) or _refusal_of_value(token)


def _refusal_of_kind(token: dict[str, Any]) -> Refusal | None:
    if not token.get("id"):
        return of_token(refusal.TOKEN_ID_MISSING, "id is missing.")
    kind = token.get("type")
    if not kind:
        return of_token(refusal.TOKEN_TYPE_MISSING, "type is missing.")
    if not isinstance(kind, str) or kind.casefold() not in _TYPES:
        return of_token(refusal.TOKEN_TYPE_UNFIT, "type has to be fcm, gcm, apns, wns, mpns or chrome.")
    return None


def _refusal_of_value(token: dict[str, Any]) -> Refusal | None:
    value = token["id"]
    if not isinstance(value, str) or len(value) > _TOKEN_LIMIT or not value.strip():
        return of_token(refusal.TOKEN_INVALID, "id is not valid.")
    keys = token.get("keys")
    has_keys = isinstance(keys, dict) and all(isinstance(keys.get(key), str) for key in ("p256dh", "auth"))
    if token["type"].casefold() == "chrome" and not has_keys:
        return of_token(refusal.TOKEN_INVALID, "keys of a browser need p256dh and auth.")
    return None
