"""The moments of one schedule: for the account as a whole, or for each zone that people are in. Pure."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, NamedTuple, assert_never

from tellwire.kernel.local_time import moment_of
from tellwire.kernel.recurrence import wall_times
from tellwire.kernel.zones import zone_named
from tellwire.platform.model.account import Account
from tellwire.platform.model.start import Moments, Now, OnSchedule, Recurring

_DAY: Final = timedelta(days=1)
_KNOWN_LIMIT: Final = 1_000  # answers that are kept: all people of one zone ask the same


class Run(NamedTuple):
    """One run of a schedule: its name, which is the same in every zone, and its moment in one."""

    name: str
    moment: datetime


class Timetable:
    """The runs of a schedule from `beginning` on, which is when the campaign began to run."""

    def __init__(self, schedule: OnSchedule, beginning: datetime, account: Account) -> None:
        self.schedule = schedule
        self._beginning = beginning
        self.zone = zone_of_schedule(schedule, account)
        self._known: dict[tuple[datetime, tzinfo, bool], Run | None] = {}
        self._walls: list[datetime] = []
        self._more = _walls_of(schedule.when, beginning, self.zone)

    def next(self, after: datetime, zone: tzinfo, *, is_included: bool = False) -> Run | None:
        """Return the first run whose moment in `zone` is after this one, or, if it `is_included`, at it."""
        asked = (after, zone, is_included)
        if asked not in self._known:
            if len(self._known) >= _KNOWN_LIMIT:
                self._known.clear()
            self._known[asked] = self._next(after, zone, is_included=is_included)
        return self._known[asked]

    def _next(self, after: datetime, zone: tzinfo, *, is_included: bool) -> Run | None:
        if after < self._beginning:
            after, is_included = self._beginning, True
        match self.schedule.when:
            case Now():
                runs = iter([Run(f"now {self._beginning.isoformat()}", self._beginning)])
            case Moments(moments):
                names = (moment.isoformat() for moment in moments)
                runs = iter(sorted((Run(name, moment_in(name, zone)) for name in names), key=lambda r: r[1]))
            case Recurring(begins=begins, ends=ends):
                runs = self._recurring(after, zone, begins, ends)
            case _ as never:
                assert_never(never)
        return next(
            (run for run in runs if run.moment > after or (is_included and run.moment == after)), None
        )

    def _recurring(
        self, after: datetime, zone: tzinfo, begins: datetime | None, ends: datetime | None
    ) -> Iterator[Run]:
        place = self._place(after.astimezone(zone).replace(tzinfo=None) - _DAY)
        while (wall := self._wall(place)) is not None:
            place += 1
            run = Run(wall.isoformat(), _moment(wall, zone))
            if ends is not None and run.moment > _moment(ends, zone):
                return
            if begins is None or run.moment >= _moment(begins, zone):
                yield run

    def _place(self, wall: datetime) -> int:
        """Return the place of the first wall time that is not before this one."""
        while (not self._walls or self._walls[-1] < wall) and self._grow():
            pass
        return bisect_left(self._walls, wall)

    def _wall(self, place: int) -> datetime | None:
        while place >= len(self._walls):
            if not self._grow():
                return None
        return self._walls[place]

    def _grow(self) -> bool:
        wall = next(self._more, None)
        if wall is not None:
            self._walls.append(wall)
        return wall is not None


def zone_of_schedule(schedule: OnSchedule, account: Account) -> tzinfo:
    """Return the zone in which a schedule stands as a whole: the account's where each person has their own."""
    if schedule.zone in {"person", "account"}:
        return account.clock
    return zone_named(schedule.zone) or account.clock


def moment_in(name: str, zone: tzinfo) -> datetime:
    """Return the moment in a zone of the run with this name."""
    return _moment(datetime.fromisoformat(name), zone)


def _moment(written: datetime, zone: tzinfo) -> datetime:
    return written if written.tzinfo is not None else moment_of(written.date(), written.timetz(), zone)


def _walls_of(when: Now | Moments | Recurring, beginning: datetime, zone: tzinfo) -> Iterator[datetime]:
    if not isinstance(when, Recurring):
        return iter(())
    first = datetime.combine(_first_day(when, beginning, zone), when.at)
    return wall_times(when.rule, first)


def _first_day(when: Recurring, beginning: datetime, zone: tzinfo) -> date:
    """Return the day from which a rule counts its intervals."""
    if when.begins is not None:
        begins = when.begins if when.begins.tzinfo is None else when.begins.astimezone(zone)
        return begins.date()
    local = beginning.astimezone(zone)
    is_over = local.timetz().replace(tzinfo=None, microsecond=0) > when.at
    return local.date() + (_DAY if is_over else timedelta(0))
