"""`d` of `/1/subscribe`: numbers and addresses to suppress or release (CleverTap contract 4.5). Pure.

It acts on the number, for all profiles that have it; `MSG-sms` of an upload acts on one profile.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from tellwire.kernel.address import parse_msisdn
from tellwire.platform.control.clevertap.words import Words, refused
from tellwire.platform.intake.clevertap.refusal import IDENTITY_MISSING, PHONE
from tellwire.platform.model.channel import SMS, channel_named
from tellwire.platform.model.consent import ConsentRequest
from tellwire.platform.model.profile import SuppressionChange

RECORDS_LIMIT: Final = 1_000  # contract 4.5
_SUPPRESSES: Final[Mapping[str, bool]] = {
    "unsubscribe": True,
    "unsubscribed": True,
    "resubscribe": False,
    "resubscribed": False,
    "subscribe": False,
}


class NotSubscribed(NamedTuple):
    """A record that was not taken: as it was sent, and why."""

    record: Any
    code: int
    why: str


class Subscriptions(NamedTuple):
    """What a body asks for, and the records of it that cannot be taken."""

    changes: tuple[SuppressionChange, ...]
    unprocessed: tuple[NotSubscribed, ...]


def read_subscriptions(body: Words, now: datetime, default_region: str | None) -> Subscriptions:
    """Return what a body asks for. Raises a `Problem` if it cannot be read as a whole."""
    records = body.items("d", RECORDS_LIMIT)
    if not records:
        raise refused("d", "This is missing: a list of {type, value, status}.")
    read = [_read(record, now, default_region) for record in records]
    return Subscriptions(
        tuple(one for one in read if isinstance(one, SuppressionChange)),
        tuple(one for one in read if isinstance(one, NotSubscribed)),
    )


def _read(record: Any, now: datetime, default_region: str | None) -> SuppressionChange | NotSubscribed:
    if not isinstance(record, dict):
        return NotSubscribed(record, IDENTITY_MISSING, "A record has to be an object.")
    words = {str(name).casefold(): value for name, value in record.items()}
    kind, status, value = words.get("type"), words.get("status"), words.get("value")
    is_suppressed = _SUPPRESSES.get(status.strip().casefold()) if isinstance(status, str) else None
    if is_suppressed is None:
        return NotSubscribed(record, IDENTITY_MISSING, "status has to be Unsubscribe or Resubscribe.")
    if not isinstance(kind, str) or kind.strip().casefold() not in _KINDS:
        return NotSubscribed(record, IDENTITY_MISSING, "type has to be phone, email or whatsapp.")
    channel = channel_named(_KINDS[kind.strip().casefold()])
    if channel is not SMS:
        return NotSubscribed(record, IDENTITY_MISSING, f"Nothing is sent by {kind.strip()} from here.")
    is_text = isinstance(value, str | int) and not isinstance(value, bool)
    number = parse_msisdn(str(value), default_region) if is_text else None
    if number is None:
        return NotSubscribed(record, PHONE, "Phone number is not valid.")
    return SuppressionChange(
        address=number,
        is_suppressed=is_suppressed,
        source="subscribe",
        at=now,
        request=ConsentRequest(by="CleverTap API"),
    )


_KINDS: Final[Mapping[str, str]] = {"phone": SMS.name, "email": "email", "whatsapp": "whatsapp"}


def answer_of(processed: int, unprocessed: Sequence[NotSubscribed]) -> dict[str, Any]:
    """Return the answer, in the form of an upload's."""
    status = "success" if not unprocessed else "partial" if processed else "fail"
    return {"status": status, "processed": processed, "unprocessed": list(_listed(unprocessed))}


def _listed(unprocessed: Iterable[NotSubscribed]) -> Iterable[dict[str, Any]]:
    return (
        {"status": "fail", "code": one.code, "error": one.why, "record": one.record} for one in unprocessed
    )
