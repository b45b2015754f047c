"""The clock of every test: it stands until a test moves it, or runs with the machine's and ahead of it."""

from datetime import UTC, datetime, timedelta
from typing import Self

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that stands at one moment; one without a moment runs."""

    def __init__(self, at: datetime | None = NOON) -> None:
        self._at = at
        self._ahead = timedelta()

    @classmethod
    def running(cls) -> Self:
        """Return the machine's clock, which can be moved too: for tests that wait for what takes real time."""
        return cls(None)

    def now(self) -> datetime:
        return (self._at or datetime.now(UTC)) + self._ahead

    def monotonic(self) -> float:
        """Return seconds from some moment on."""
        return self.now().timestamp()

    def advance(self, by: timedelta | float) -> None:
        """Move on by a time, or by seconds; a negative one sets the clock back."""
        self._ahead += by if isinstance(by, timedelta) else timedelta(seconds=by)

    def move_to(self, moment: datetime) -> None:
        self.advance(moment - self.now())
