"""CleverTap's callback groups: `{"event": "delivered", "data": [{"ts": ..., "meta": ...}]}` (contract 2).

`meta` is the `$$MessageID` we sent. Unknown keys are ignored, numbers may come as text and text as numbers.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from tellwire.kernel.provider.values import id_of, moment_of, text_of
from tellwire.kernel.status import MessageStatus, Receipt, Standing, StatusDetail
from tellwire.platform.receipts.words import (
    INCOMING_LIMIT,
    NAME_LIMIT,
    URL_LIMIT,
    Click,
    Foreign,
    Incomplete,
    Reply,
    Word,
)

EVENTS: Final = ("delivered", "failed", "clicked", "replied")

_DELIVERED: Final = Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_RECIPIENT)
_UNDELIVERED: Final = Standing(MessageStatus.UNDELIVERED, StatusDetail.UNDELIVERED_TO_RECIPIENT)
_BY_OPERATOR: Final = Standing(MessageStatus.UNDELIVERED, StatusDetail.REJECTED_BY_OPERATOR)
_REJECTED: Final = Standing(MessageStatus.REJECTED)
_EXPIRED: Final = Standing(MessageStatus.EXPIRED)

# Contract 2.1; there is no 911. `rejected` is what was refused before the network tried.
FAILURES: Final[Mapping[str, tuple[Standing, str]]] = MappingProxyType(
    {
        "900": (_UNDELIVERED, "other failure"),
        "901": (_REJECTED, "recipient is on the do-not-disturb list"),
        "902": (_REJECTED, "judged to be spam"),
        "903": (_REJECTED, "recipient has opted out or is blocked"),
        "904": (_UNDELIVERED, "system error at the provider"),
        "905": (_UNDELIVERED, "subscriber cannot be reached"),
        "906": (_REJECTED, "sender ID is blocked by DLT"),
        "907": (_REJECTED, "entity is blocked by DLT"),
        "908": (_REJECTED, "template is blocked by DLT"),
        "909": (_REJECTED, "no consent recorded with DLT"),
        "910": (_UNDELIVERED, "no such subscriber"),
        "912": (_UNDELIVERED, "inbox of the handset is full"),
        "913": (_REJECTED, "rejected by the NDNC registry"),
        "914": (_UNDELIVERED, "not delivered"),
        "915": (_BY_OPERATOR, "dropped on the way"),
        "916": (_EXPIRED, "expired before it could be delivered"),
        "917": (_EXPIRED, "expired by force"),
        "918": (_REJECTED, "same text to the same number within 30 minutes"),
        "919": (_REJECTED, "DLT failure"),
        "920": (_REJECTED, "a link is not on the allow-list"),
    }
)


def read_group(group: Mapping[str, Any]) -> list[Word]:
    """Return what each item of one group tells, in order."""
    event, data = group.get("event"), group.get("data")
    if not isinstance(event, str) or not event.strip():
        return [Incomplete(("event",))]
    kind = event.strip().casefold()
    items = [data] if isinstance(data, dict) else data
    if not isinstance(items, list):
        return [Incomplete(("data",))]
    if kind not in EVENTS:
        return [Foreign() for _ in items]
    return [_read_item(kind, item) for item in items]


def _read_item(kind: str, item: Any) -> Word:
    if not isinstance(item, dict):
        return Incomplete(("ts", "meta"))
    message_id, at = id_of(item.get("meta")), moment_of(item.get("ts"))
    url, text = text_of(item.get("url"), URL_LIMIT), text_of(item.get("incomingText"), INCOMING_LIMIT)
    lacks_url, lacks_text = kind == "clicked" and not url, kind == "replied" and not text
    if at is None or not message_id or lacks_url or lacks_text:
        lacking = (
            ("ts", at is None),
            ("meta", not message_id),
            ("url", lacks_url),
            ("incomingText", lacks_text),
        )
        return Incomplete(tuple(name for name, is_lacking in lacking if is_lacking))
    match kind:
        case "clicked":
            # The key is written `shorturl` by one vendor and `shortUrl` by the other.
            short = text_of(item.get("shorturl") or item.get("shortUrl"), URL_LIMIT)
            return Click(message_id=message_id, at=at, url=url, short_url=short)
        case "replied":
            return Reply(message_id=message_id, at=at, text=text, to=text_of(item.get("toPhone"), NAME_LIMIT))
        case "failed":
            return _failure(message_id, at, item)
        case _:
            return Receipt(
                message_id=message_id,
                standing=_DELIVERED,
                at=at,
                description=text_of(item.get("description")),
            )


def _failure(message_id: str, at: datetime, item: Mapping[str, Any]) -> Receipt:
    code = text_of(item.get("code"), 16)
    standing, words = FAILURES.get(
        code, (_UNDELIVERED, f"failure {code}" if code else "failure without a code")
    )
    description = text_of(item.get("description"))
    return Receipt(
        message_id=message_id, standing=standing, at=at, error_code=code, description=description or words
    )
