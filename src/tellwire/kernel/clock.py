"""The one place that asks the machine what time it is; everything else is handed a `Clock` or a `now`."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock(Protocol):
    """Tells the time; tests hand in one that they can advance."""

    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment, aware and in UTC."""
        return datetime.now(UTC)


def to_ms(moment: datetime) -> int:
    """Return milliseconds since the epoch, the form in which stores keep a moment."""
    return round(moment.timestamp() * 1000)


def from_ms(milliseconds: int) -> datetime:
    """Return the aware UTC moment that `to_ms` made `milliseconds` of."""
    return _EPOCH + timedelta(milliseconds=milliseconds)  # exact, where dividing by 1000 would round
