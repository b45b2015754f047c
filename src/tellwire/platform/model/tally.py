"""What is counted of a person for the rules that ask: cells, each of one event or of several next to each other."""

from collections.abc import Sequence

import msgspec

from tellwire.platform.model.event import Event
from tellwire.platform.model.profile import ProfileId


class Mark(msgspec.Struct, frozen=True, gc=False, array_like=True, order=True):
    """The first or last event of a cell, where a rule asks what it was like: `is_met` says whether it was so.

    Of events of one moment the one that was received earlier is the first, and of those the one with the lesser id.
    """

    at_ms: int
    received_ms: int
    event_id: str
    is_met: bool


class Cell(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Events from `first_ms` to `last_ms`, both included.

    `amounts` of the `times` have a number in the property that is asked about; `total`, `least` and `most` are of
    these, in millionths.
    """

    first_ms: int
    last_ms: int
    times: int = 1
    amounts: int = 0
    total: int = 0
    least: int = 0
    most: int = 0
    first: Mark | None = None
    last: Mark | None = None


class Question(msgspec.Struct, frozen=True):
    """A line that live rules ask: its key, and the folded name of the event that it is about."""

    key: str
    event: str


class Tallied(msgspec.Struct, frozen=True, gc=False):
    """The cells of one person for one question, by their time; without any there is nothing to keep."""

    profile_id: ProfileId
    key: str
    cells: Sequence[Cell]


class Filling(msgspec.Struct, frozen=True, kw_only=True):
    """Stored events to be counted next for questions that were not asked when they came, each with whose it is now.

    They are all from behind `after` up to `last` of the history. `tallies` has what is counted for these people.
    """

    keys: frozenset[str]
    after: int
    last: int
    is_last: bool
    events: Sequence[tuple[ProfileId, Event]]
    tallies: Sequence[Tallied]


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a filling: the tallies that are other than before."""

    filling: Filling
    tallied: Sequence[Tallied]
