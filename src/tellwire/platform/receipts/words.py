"""What a provider can tell us about a message, whichever wire it came by; `kernel.status.Receipt` is the first.

Outside ids are only text here: whether we ever sent such a message is the ledger's to say.
"""

from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.kernel.status import Receipt

ID_LIMIT: Final = 350  # the longest message id any provider echoes (8x8 contract 8.1c)
TEXT_LIMIT: Final = 512  # contract 2 for replies; nobody reads a longer description
URL_LIMIT: Final = 2048
_LATEST_EPOCH: Final = 100_000_000_000  # a larger number is milliseconds
_LATEST_EPOCH_MS: Final = _LATEST_EPOCH * 1000


class Click(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody opened a link of a message."""

    message_id: str
    at: datetime
    url: str
    short_url: str = ""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody answered a message."""

    message_id: str
    at: datetime
    text: str


class InboundText(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody wrote to us; known by the number, whether or not it answers a message. `text_id` is the provider's."""

    sender: Msisdn
    text_id: str
    at: datetime
    text: str


class Incomplete(msgspec.Struct, frozen=True):
    """An item without what it must have: the names of what is missing or of the wrong kind."""

    missing: tuple[str, ...]


class Foreign(msgspec.Struct, frozen=True):
    """An item that is well-formed and tells nothing about a message of ours."""


Word: TypeAlias = Receipt | Click | Reply | InboundText | Incomplete | Foreign


def text_of(value: Any, limit: int = TEXT_LIMIT) -> str:
    """Return a text or number as text, trimmed and cut at `limit`; anything else as the empty text."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    if isinstance(value, int) and abs(value) > _LATEST_EPOCH_MS:
        return ""
    return str(value).strip()[:limit]


def id_of(value: Any) -> str:
    """Return a message id as it was echoed, or the empty text if it is none."""
    text = text_of(value, ID_LIMIT + 1)
    return text if len(text) <= ID_LIMIT else ""


def moment_of(value: Any) -> datetime | None:
    """Return the moment of epoch seconds (or milliseconds), as a number or as text, or None."""
    text = str(value).strip() if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
    try:
        seconds = float(text) if len(text) <= len("1654002370000.000000") else 0.0
    except ValueError:
        return None
    if seconds >= _LATEST_EPOCH:
        seconds /= 1000
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < _LATEST_EPOCH else None


def moment_of_iso(value: Any) -> datetime | None:
    """Return the moment of an ISO 8601 text, UTC unless it says otherwise, or None; of the same range as seconds."""
    if not isinstance(value, str) or len(value) > len("2026-01-31T08:15:33.1000000000+00:00"):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if 0 < moment.timestamp() < _LATEST_EPOCH else None
