"""One person through every branch of a campaign, from a chosen moment on: the machine of a simulation. Pure.

First the way that the person would take if nothing more happened; then each branch beside it, as far as no walk has
come yet. What a step says is what it said to the first walk that came there, at its first visit.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

import msgspec

from tellwire.platform.decide.batch import Noted, Outcome
from tellwire.platform.decide.predicate import starts
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.decision import Decision, Hold
from tellwire.platform.model.enrollment import Left
from tellwire.platform.model.event import Event
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.link import Shortening
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.start import OnDate, OnEvent, where_of
from tellwire.platform.model.step import every_step
from tellwire.platform.model.value import decoded
from tellwire.platform.rehearse.forced import Way, forced, way_marked, ways_of
from tellwire.platform.rehearse.simulation import Machine
from tellwire.platform.rehearse.story import Received

HORIZON: Final = timedelta(days=3 * 366)  # a walk goes no further
WALKS_LIMIT: Final = 200  # branches that are walked into
OUTPUTS_LIMIT: Final = 5_000  # of one walk


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the person at one step.

    `decision` is what was decided there, of a step that sends; where the message was held first, `held` is that. `way`
    is the branch that was taken, of a step that has several. `is_taken` says that the person would come here.
    """

    step: str
    at: datetime
    is_taken: bool
    decision: Decision | None = None
    held: Decision | None = None
    way: int | None = None


class Walkthrough(msgspec.Struct, frozen=True, kw_only=True):
    """The stops in the order in which they were come to, and how it ended for the person.

    `refused` is why the person would not enter; the stops are then those of somebody who did. `profile` is the person
    as they were when they entered. `is_whole` is False if there are more branches than are walked into.
    """

    profile: Profile | None
    refused: Decision | None
    meets_start: bool
    stops: Sequence[Stop]
    end: Left | None
    is_whole: bool


def walk_through(
    campaign: Campaign,
    account: Account,
    region: str | None,
    known: Facts,
    story: Sequence[Received],
    shortening: Shortening | None = None,
    past: Sequence[Event] = (),
) -> Walkthrough:
    """Walk somebody through a campaign; the last of the story is the event by which they enter.

    `past` is what they did before that rules ask about, in the order in which it came.
    """
    entering = story[-1].entries[-1]
    assert isinstance(entering, Event)  # noqa: S101 - the story is made so
    meets_start = _meets_start(campaign, entering)
    walks = _Walks(_entered_by(campaign, entering), account, region, known, story, shortening, past)
    first = walks.walk({}, is_taken=True)
    refused = next((one for one in first if isinstance(one, Decision) and not one.step), None)
    if refused is not None:
        walks.let_in()
        first = walks.walk({}, is_taken=True)
    is_whole = walks.explore()
    return Walkthrough(
        profile=walks.person,
        refused=refused,
        meets_start=meets_start,
        stops=sorted(walks.stops.values(), key=lambda stop: not stop.is_taken),
        end=next((one for one in first if isinstance(one, Left)), None),
        is_whole=is_whole,
    )


class _Walks:
    """All walks through one campaign, and what was found on them."""

    def __init__(
        self,
        campaign: Campaign,
        account: Account,
        region: str | None,
        known: Facts,
        story: Sequence[Received],
        shortening: Shortening | None,
        past: Sequence[Event],
    ) -> None:
        self._campaign = campaign
        self._shortening = shortening
        self._account, self._region = account, region
        self._known, self._story, self._past = msgspec.structs.replace(known, tallies={}), story, past
        self._ways = {step.id: list(ways_of(step)) for step in every_step(campaign.steps)}
        self._seen: set[Way] = set()
        self._to_walk: list[dict[str, int]] = []
        self.stops: dict[str, Stop] = {}
        self.person: Profile | None = None

    def let_in(self) -> None:
        """Let everybody enter."""
        self._campaign = msgspec.structs.replace(
            self._campaign, who=None, key="", starts_at=None, ends_at=None
        )

    def explore(self) -> bool:
        """Walk into every branch that no walk has come to; return whether there was room for all."""
        for _ in range(WALKS_LIMIT):
            if not self._to_walk:
                return True
            self.walk(self._to_walk.pop(0), is_taken=False)
        return not self._to_walk

    def walk(self, choices: Mapping[str, int], *, is_taken: bool) -> Sequence[Outcome]:
        """Walk with these choices made, keep what is new, and note the ways that stay to be walked."""
        outcomes = self._outcomes(choices)
        taken: dict[str, int] = {}
        for outcome in outcomes:
            if isinstance(outcome, Noted) and (way := way_marked(outcome.step)):
                taken.setdefault(way.step, way.branch)
        path = {**choices}
        for stop in _stops(outcomes, is_taken=is_taken):
            way_taken = self._way_at(stop.step, taken, choices, outcomes)
            self.stops.setdefault(stop.step, msgspec.structs.replace(stop, way=way_taken))
            if way_taken is not None:
                self._seen.add(Way(stop.step, way_taken))
                self._note_others(stop.step, path)
                path[stop.step] = way_taken
        return outcomes

    def _note_others(self, step: str, path: Mapping[str, int]) -> None:
        for way in self._ways[step]:
            if way not in self._seen:
                self._seen.add(way)
                self._to_walk.append({**path, step: way.branch})

    def _way_at(
        self, step: str, taken: Mapping[str, int], choices: Mapping[str, int], outcomes: Sequence[Outcome]
    ) -> int | None:
        """Return which way was taken at a step: by its mark, by choice, else past all of them."""
        ways = self._ways.get(step, [])
        if not ways:
            return None
        if step in taken or step in choices:
            return taken.get(step, choices.get(step))
        has_left = any(isinstance(one, Left) and one.step == step for one in outcomes)
        return None if has_left else ways[-1].branch

    def _outcomes(self, choices: Mapping[str, int]) -> Sequence[Outcome]:
        steps = forced(self._campaign.steps, choices)
        campaign = msgspec.structs.replace(self._campaign, steps=steps)
        machine = Machine(
            (campaign,),
            self._account,
            self._region,
            is_traced=True,
            notes_steps=True,
            shortening=self._shortening,
        )
        machine.learn(self._known)
        for event in self._past:
            machine.remember(event)
        for received in self._story:
            for _ in machine.take(received):
                pass
        began = self._story[-1].at
        self.person = machine.named(self._story[-1].entries[-1].subject)
        for _ in islice(machine.wait(began + HORIZON), OUTPUTS_LIMIT):
            pass
        return machine.outcomes


def _stops(outcomes: Sequence[Outcome], *, is_taken: bool) -> Iterator[Stop]:
    """Yield the stops of one walk: of each step the first visit."""
    stops: dict[str, Stop] = {}
    for outcome in outcomes:
        match outcome:
            case Noted(kind="come", at=at, step=step) if way_marked(step) is None:
                stops.setdefault(step, Stop(step=step, at=at, is_taken=is_taken))
            case Decision(step=step) if step:
                stop = stops.get(step, Stop(step=step, at=outcome.decided_at, is_taken=is_taken))
                stops[step] = _decided(stop, outcome)
            case _:
                pass
    yield from stops.values()


def _decided(stop: Stop, decision: Decision) -> Stop:
    if stop.decision is None:
        return msgspec.structs.replace(stop, decision=decision)
    if isinstance(stop.decision.verdict, Hold) and stop.held is None:
        return msgspec.structs.replace(stop, decision=decision, held=stop.decision)
    return stop


def _entered_by(campaign: Campaign, event: Event) -> Campaign:
    """Return the campaign as one that this event starts, whatever it meets, and that runs."""
    start = OnEvent(event=event.name)
    return msgspec.structs.replace(campaign, start=start, state="running")


def _meets_start(campaign: Campaign, event: Event) -> bool:
    if not isinstance(campaign.start, OnEvent | OnDate) or not where_of(campaign.start):
        return True
    return starts(campaign.start, decoded(event.properties))
