"""Starts: who enters a campaign, and when."""

from datetime import datetime, time
from typing import Annotated, Final, Literal, TypeAlias, assert_never

import msgspec

from tellwire.platform.model.bounds import Name
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.rule import Condition, Conditions
from tellwire.platform.model.step import DateOf

EventName: TypeAlias = Annotated[
    Name, msgspec.Meta(description="The event, as your app names it; capitals and spaces do not matter.")
]
WHERE: Final = msgspec.Meta(description="Conditions on the event's properties: all must hold.")
EventConditions: TypeAlias = Annotated[Conditions, WHERE]

MOMENTS_LIMIT: Final = 100  # of one schedule: beyond that it is a rule
RULE_LIMIT: Final = 200  # characters

# What becomes of a date whose moment has passed when we learn of it: the person enters at once; this date is left
# out, and a yearly one comes again next year; or this date and all later years are left out.
Missed = Literal["now", "skip", "stop"]


class OnEvent(msgspec.Struct, frozen=True, kw_only=True, tag="event"):
    """Whoever does `event`, if its properties meet every condition of `where`. An empty name starts nothing."""

    event: EventName = ""
    where: EventConditions = ()


class OnDate(msgspec.Struct, frozen=True, kw_only=True, tag="date"):
    """Whoever has a date in a property, at that date, shifted, at a time of the person's day if one is named.

    A date of the profile counts from when the profile has it. A date of an event is that of `event`, if it meets
    `where`. `yearly` comes again each year; 29 February is the 28th in other years.
    """

    date: DateOf
    event: EventName = ""
    where: EventConditions = ()
    shift: Duration | None = None
    at: time | None = None
    yearly: bool = False
    missed: Missed = "skip"


class Now(msgspec.Struct, frozen=True, tag="now"):
    """The moment at which the campaign begins to run."""


class Moments(msgspec.Struct, frozen=True, tag="moments"):
    """Each of these moments; one without an offset is the wall time in the schedule's zone."""

    moments: tuple[datetime, ...]


class Recurring(msgspec.Struct, frozen=True, kw_only=True, tag="rule"):
    """The days of a rule of RFC 5545, at a time of the day, from `begins` to `ends`, both included.

    Without `begins` the rule counts from the first day on which `at` is still to come.
    """

    rule: str
    at: time
    begins: datetime | None = None
    ends: datetime | None = None


When: TypeAlias = Now | Moments | Recurring


class OnSchedule(msgspec.Struct, frozen=True, kw_only=True, tag="schedule"):
    """Everybody who is known at certain moments.

    `zone` is that of wall times: `person`, `account`, or a zone by its name. With `person` each one has a moment of
    their own.
    """

    when: When
    zone: str = "account"

    @property
    def is_personal(self) -> bool:
        """Whether each person has a moment of their own."""
        return self.zone == "person" and not isinstance(self.when, Now)

    @property
    def is_recurring(self) -> bool:
        """Whether its moments are those of a rule."""
        return isinstance(self.when, Recurring)


class OnMembership(msgspec.Struct, frozen=True, kw_only=True, tag="joins"):
    """Whoever becomes a member of an audience; with `present` also those who are members at the beginning."""

    audience: Name
    present: bool = False


class OnCall(msgspec.Struct, frozen=True, tag="call"):
    """Those whom a call names."""

    call: Name


Start: TypeAlias = OnEvent | OnDate | OnSchedule | OnMembership | OnCall


def event_of(start: Start) -> str:
    """Return the event that a start listens to, as it was written; empty if it listens to none."""
    match start:
        case OnEvent(event=event) | OnDate(event=event):
            return event
        case OnSchedule() | OnMembership() | OnCall():
            return ""
        case _ as never:
            assert_never(never)


def where_of(start: Start) -> tuple[Condition, ...]:
    """Return the conditions that the event of a start has to meet, all of them."""
    match start:
        case OnEvent(where=where) | OnDate(where=where):
            return where
        case OnSchedule() | OnMembership() | OnCall():
            return ()
        case _ as never:
            assert_never(never)
