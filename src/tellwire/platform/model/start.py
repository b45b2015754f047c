"""Starts: who enters a campaign, and when."""

from typing import Annotated, Final, TypeAlias, assert_never

import msgspec

from tellwire.platform.model.bounds import Name
from tellwire.platform.model.rule import Condition, Conditions

EventName: TypeAlias = Annotated[
    Name, msgspec.Meta(description="The event, as your app names it; capitals and spaces do not matter.")
]
WHERE: Final = msgspec.Meta(description="Conditions on the event's properties: all must hold.")
EventConditions: TypeAlias = Annotated[Conditions, WHERE]


class OnEvent(msgspec.Struct, frozen=True, kw_only=True, tag="event"):
    """Whoever does `event`, if its properties meet every condition of `where`. An empty name starts nothing."""

    event: EventName = ""
    where: EventConditions = ()


Start: TypeAlias = OnEvent


def event_of(start: Start) -> str:
    """Return the event that a start listens to, as it was written."""
    match start:
        case OnEvent(event=event):
            return event
        case _ as never:
            assert_never(never)


def where_of(start: Start) -> tuple[Condition, ...]:
    """Return the conditions that the event of a start has to meet, all of them."""
    match start:
        case OnEvent(where=where):
            return where
        case _ as never:
            assert_never(never)
