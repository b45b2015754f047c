"""Reads values that others sent: texts, ids, moments, and comparisons with a word. Pure.

Nothing here raises, whatever a JSON body holds, and everything that is returned is bounded.
"""

from datetime import UTC, datetime
from typing import Any, Final

import msgspec

ID_LIMIT: Final = 350  # the longest message id any provider echoes (8x8 contract 8.1c)
TEXT_LIMIT: Final = 512  # CleverTap contract 2 for replies; nobody reads a longer description
_INTEGER_BITS: Final = 256  # of a number that is taken for an id or a code
_LATEST_EPOCH: Final = 100_000_000_000  # a larger number is milliseconds


def read_json(body: bytes) -> Any:
    """Return the JSON value of a body, None when it is not JSON."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None


def text_of(value: Any, limit: int = TEXT_LIMIT) -> str:
    """Return a text or a whole number as text, trimmed and cut at `limit`; anything else as the empty text."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return ""
    if isinstance(value, int) and value.bit_length() > _INTEGER_BITS:
        return ""
    return str(value).strip()[:limit]


def id_of(value: Any, limit: int = ID_LIMIT) -> str:
    """Return a message id as it was echoed, or the empty text if it is not one."""
    text = text_of(value, limit + 1)
    return text if len(text) <= limit else ""


def spellings_of(value: Any) -> tuple[str, ...]:
    """Return how a value may be written where somebody types what it has to be; nothing for a filled list or object.

    JSON's words come first; Python's are what carriers' files could be written with at first.
    """
    if isinstance(value, bool):
        return ("true", "True") if value else ("false", "False")
    match value:
        case None:
            return ("null", "None")
        case str():
            return (value,)
        case int() | float():
            return (str(value),)
        case list() | dict() if not value:
            return (str(value),)
    return ()


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
