"""What the people of one batch did, counted for the rules that ask: as stored at first, then as events add to it. Pure.

an event ─→ count: only if a live rule asks about its name
a rule   ─→ seen: from the cells; None while the line is not counted for what came before it was asked
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from tellwire.kernel.clock import to_ms
from tellwire.platform.decide.asked import AskedLine, LinesInUse
from tellwire.platform.decide.behaviour import Seen
from tellwire.platform.decide.predicate import first_unmet
from tellwire.platform.decide.tally import added, cell_of, next_turn, seen_in
from tellwire.platform.model.account import Account
from tellwire.platform.model.event import Event
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.rule import Did
from tellwire.platform.model.tally import Cell, Tallied
from tellwire.platform.model.value import Properties, fold

_CELLS: Final = msgspec.json.Decoder(tuple[Cell, ...])
_NOTHING: Final[Sequence[Cell]] = ()


class _Key(NamedTuple):
    profile_id: ProfileId
    key: str


class Counters:
    """The tallies of a batch. `counted` and `counting` are the keys of lines that the store counts (`Facts`)."""

    def __init__(self, lines: LinesInUse, account: Account, facts: Facts) -> None:
        self._lines = lines
        self._zone = account.clock
        self._counted = facts.counted
        self._counting = facts.counted | facts.counting
        self._stored: dict[ProfileId, Mapping[str, msgspec.Raw]] = dict(facts.tallies)
        self._cells: dict[_Key, Sequence[Cell]] = {}
        self._changed: dict[_Key, None] = {}
        self._before: dict[_Key, Sequence[Cell]] = {}  # of people who were merged, until that was followed

    def learn(self, facts: Facts) -> None:
        """Know these people's tallies too, from before the batch."""
        for profile_id, tallies in facts.tallies.items():
            self._stored.setdefault(profile_id, tallies)

    def count(self, event: Event, properties: Properties, profile_id: ProfileId, now: datetime) -> bool:
        """Count an event for every line that asks about it; say whether one does."""
        is_asked = False
        for line in self._lines.by_event.get(fold(event.name), ()):
            if line.key in self._counting and first_unmet(line.where, properties) is None:
                is_asked = True
                self._add(line, profile_id, (cell_of(line, event, properties),), now)
        return is_asked

    def _add(self, line: AskedLine, profile_id: ProfileId, cells: Iterable[Cell], now: datetime) -> None:
        key = _Key(profile_id, line.key)
        self._cells[key] = added(line, self._of(key), cells, to_ms(now))
        self._changed[key] = None

    def knows(self, dids: Iterable[Did]) -> bool:
        """Say whether all that these rules ask is counted."""
        return all(self._lines.line(did, self._zone).key in self._counted for did in dids)

    def seen(
        self,
        profile_id: ProfileId,
        did: Did,
        now: datetime,
        entered_at: datetime | None = None,
        *,
        is_before_merge: bool = False,
    ) -> Seen | None:
        """Return what there is of the events that a rule asks about, None while they are not counted.

        `is_before_merge` looks at them as they were before somebody became part of the person.
        """
        line = self._lines.line(did, self._zone)
        if line.key not in self._counted:
            return None
        key = _Key(profile_id, line.key)
        cells = self._before.get(key) if is_before_merge else None
        span = did.window.span(now, self._zone, entered_at)
        is_kept = line.span is not None
        return seen_in(did, self._of(key) if cells is None else cells, span, is_span_kept=is_kept)

    def next_turn(self, profile_id: ProfileId, dids: Iterable[Did], now: datetime) -> datetime | None:
        """Return the next moment at which one of these rules says something else, if no event comes."""
        turns = (
            next_turn(did, self._of(_Key(profile_id, self._lines.line(did, self._zone).key)), now, self._zone)
            for did in dids
        )
        return min((turn for turn in turns if turn is not None), default=None)

    def merge(self, giver: ProfileId, taker: ProfileId, now: datetime) -> None:
        """Count what one person did for the one that it became part of."""
        for line in self._lines.by_key.values():
            theirs, own = _Key(giver, line.key), _Key(taker, line.key)
            cells = self._of(theirs)
            self._before.setdefault(own, self._of(own))
            if cells:
                self._before.setdefault(theirs, cells)
                self._add(line, taker, cells, now)
                self._cells[theirs] = _NOTHING
                self._changed[theirs] = None

    def follow_merges(self) -> None:
        """Note that starts have followed all that merging changed."""
        self._before.clear()

    def changes(self) -> tuple[Tallied, ...]:
        """Return the tallies that are other than they were stored."""
        return tuple(Tallied(key.profile_id, key.key, self._cells[key]) for key in self._changed)

    def _of(self, key: _Key) -> Sequence[Cell]:
        cells = self._cells.get(key)
        if cells is None:
            stored = self._stored.get(key.profile_id, {}).get(key.key)
            cells = self._cells[key] = _NOTHING if stored is None else _CELLS.decode(stored)
        return cells
