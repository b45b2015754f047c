"""Moments as 8x8's API writes and reads them (8x8 contract 1.1, decision 12)."""

from datetime import UTC, datetime
from functools import lru_cache


def write_moment(moment: datetime) -> str:
    """Return `moment` in UTC as `yyyy-MM-ddTHH:mm:ss.ffZ`, cut (not rounded) to hundredths of a second."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 10_000:02d}Z"


@lru_cache(maxsize=256)
def read_moment(text: str) -> datetime | None:
    """Return the aware moment an ISO 8601 text names, or None; without an offset it is taken as UTC.

    Cached because the ten thousand messages of a batch usually carry the same one.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return None
