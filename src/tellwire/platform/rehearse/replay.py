"""A campaign over events that came, with people as they are now: what it would have done, and a sum of it. Pure.

The events are those of the stream; of the profiles their values today are used, for what they were then is not kept.
Caps and gaps count the messages of the replay alone.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from tellwire.platform.decide.asked import dids_of
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.event import Event, Subject
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.link import Shortening
from tellwire.platform.model.start import OnEvent, OnMembership, event_of
from tellwire.platform.model.step import names_heard
from tellwire.platform.model.value import fold
from tellwire.platform.rehearse.simulation import Machine, OutputLine
from tellwire.platform.rehearse.story import Received

TURNS: Final = 100_000  # that people may go on of themselves in one replay: half a minute of a fast core
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
TURNS_EACH: Final = 50  # more for each person and each event


class ReplaySum(msgspec.Struct, frozen=True, kw_only=True):
    """What a replay came to. `cost` is null until prices exist.

    With `is_cut` people went on more often than there is room for, and this is what it came to until then.
    """

    events: int
    people: int
    messages: int
    parts: int
    skips: dict[str, int]
    holds: dict[str, int]
    exits: dict[str, int]
    cost: float | None = None
    is_cut: bool = False


class Replay:
    """One campaign, over events in the order in which they came. It is asked for facts before it takes events.

    `lists` are those that the campaign looks at. What it does raises `TooLong` where people go on too often.
    """

    def __init__(
        self,
        campaign: Campaign,
        account: Account,
        default_region: str | None,
        shortening: Shortening | None = None,
    ) -> None:
        self._campaign = campaign
        running = msgspec.structs.replace(campaign, state="running")
        self._machine = Machine((running,), account, default_region, turns=TURNS, shortening=shortening)
        self.lists = self._machine.lists
        names = {fold(did.event) for did in dids_of(campaign, account)}
        self._names = names_heard(campaign.stop, campaign.steps) | {fold(event_of(campaign.start))} | names
        self.needs_everybody = not isinstance(campaign.start, OnEvent)
        self._events = 0
        self._people: set[str] = set()
        self._messages = 0
        self._parts = 0
        self._counts: dict[str, Counter[str]] = {"skip": Counter(), "hold": Counter(), "exit": Counter()}

    def concerns(self, events: Iterable[Event]) -> list[Event]:
        """Return those of these events that the campaign may answer or hear."""
        return [event for event in events if fold(event.name) in self._names]

    def subjects(self, events: Iterable[Event]) -> Sequence[Subject]:
        """Return whom these events are about."""
        return list(dict.fromkeys(event.subject for event in events))

    def learn(self, facts: Facts) -> None:
        """Know these people, but for what they did: that is counted anew."""
        self._machine.give(TURNS_EACH * len(facts.profiles))
        self._machine.learn(msgspec.structs.replace(facts, tallies={}))

    def counts_since(self, begins: datetime) -> datetime | None:
        """Return from when on events before the period matter, None if none do."""
        lines = self._machine.lines
        if not lines:
            return None
        if any(line.span is not None or line.lookback_ms is None for line in lines):
            return _EVER
        return begins - timedelta(milliseconds=max(line.lookback_ms or 0 for line in lines))

    def remember(self, events: Iterable[Event]) -> None:
        """Count these events of before the period, and decide nothing."""
        for event in events:
            self._machine.remember(event)

    def begin(self, at: datetime) -> list[OutputLine]:
        """Let the campaign begin to run at this moment; return what it does then."""
        self._machine.begin(at)
        goes_by_people = not isinstance(self._campaign.start, OnEvent | OnMembership)
        lines = self._machine.meet_everybody(self._campaign.id, at) if goes_by_people else ()
        return [self._counted(line) for line in lines]

    def take(self, events: Iterable[Event], seen: int) -> list[OutputLine]:
        """Return what the campaign does at these events, of `seen` that came."""
        self._events += seen
        self._machine.give(TURNS_EACH * seen)
        return [
            self._counted(line)
            for event in events
            for line in self._machine.take(Received(event.received_at, (event,)))
        ]

    def wait(self, before: datetime) -> list[OutputLine]:
        """Return what it does by itself before this moment."""
        return [self._counted(line) for line in self._machine.wait(before)]

    def sum(self, *, is_cut: bool = False) -> ReplaySum:
        """Return what it came to so far, which is where it was cut or all of it."""
        return ReplaySum(
            events=self._events,
            people=len(self._people),
            messages=self._messages,
            parts=self._parts,
            skips=dict(self._counts["skip"]),
            holds=dict(self._counts["hold"]),
            exits=dict(self._counts["exit"]),
            is_cut=is_cut,
        )

    def _counted(self, line: OutputLine) -> OutputLine:
        if line.verdict == "send":
            self._people.add(line.identity)
            self._messages += 1
            self._parts += line.parts or 0
        elif line.code is not None:
            self._counts[line.verdict][line.code] += 1
        return line
