"""Occasions: what may move a person through a campaign. Decisions and messages are known by occasion and campaign.

Today each is an event; a due time, a place in a broadcast and a call come beside it.
"""

from typing import NewType

from tellwire.platform.model.event import Event

# As a message's id begins with it: short, URL-safe, and in order of time where the occasions are.
OccasionId = NewType("OccasionId", str)


def occasion_of(event: Event) -> OccasionId:
    """Return the occasion that an event is: it has the event's own id."""
    return OccasionId(event.id)
