"""One rule, two readers: what the fold has counted of random people is what the list of their events says."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.behaviour import DEEDS, MOMENT, RULES, an_event
from tests.rehearsing import campaign

from tellwire.platform.backends.embedded.tallies import rows_of
from tellwire.platform.decide.behaviour import seen_of
from tellwire.platform.decide.counters import Counters
from tellwire.platform.decide.engine import Fold
from tellwire.platform.decide.index import TriggerIndex, index_of
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import campaign_set
from tellwire.platform.model.event import Entry, Event, EventId, LinkSubject, ProfileChange, Subject
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.rule import All, Did
from tellwire.platform.model.start import OnEvent
from tellwire.platform.ports.ledger import Recording

ACCOUNT = Account(zone="Europe/Berlin")
ENTERED = MOMENT - timedelta(days=3)
PEOPLE = [Subject("identity", "ann"), Subject("identity", "bob")]
DEVICES = [Subject("device", "d1"), Subject("device", "d2")]


class Store:
    """Keeps what recordings say, as a back end does: tallies as text."""

    def __init__(self, index: TriggerIndex) -> None:
        self.index = index
        self.facts = Facts(counted=frozenset(index.lines.by_key))
        self.activity: list[tuple[ProfileId, Event]] = []
        self.into: dict[ProfileId, ProfileId] = {}
        self._ids = map(ProfileId, map("{:024x}".format, count()))

    def decide(self, entries: Sequence[Entry]) -> None:
        fold = Fold(facts=self.facts, index=self.index, now=MOMENT, new_ids=self._ids, account=ACCOUNT)
        for entry in entries:
            for _ in fold.decide(entry):
                pass
        self._record(fold.recording())

    def _record(self, recording: Recording) -> None:
        profiles = {
            name: one
            for name, one in self.facts.profiles.items()
            if one.id not in {p.id for p in recording.profiles}
        }
        profiles.update((name, one) for one in recording.profiles for name in one.subjects)
        tallies = {profile_id: dict(some) for profile_id, some in self.facts.tallies.items()}
        for one in recording.tallied:
            tallies.setdefault(one.profile_id, {}).pop(one.key, None)
        for profile_id, key, cells in rows_of(recording.tallied).kept:
            tallies[ProfileId(str(profile_id))][str(key)] = msgspec.Raw(str(cells).encode())
        self.facts = msgspec.structs.replace(self.facts, profiles=profiles, tallies=tallies)
        self.activity += [(one.profile_id, one.event) for one in recording.activity]
        for giver, taker in recording.merged:
            self.into = {one: taker if into == giver else into for one, into in self.into.items()} | {
                giver: taker
            }

    def events_of(self, profile_id: ProfileId) -> list[Event]:
        return [event for one, event in self.activity if self.into.get(one, one) == profile_id]


def entries_of(deeds: Sequence[Any]) -> list[Entry]:
    """Return the entries of what people and devices did, and of whose devices turn out to be whose."""
    return [
        ProfileChange(
            id=EventId(f"{number:026}"),
            subject=deed[0],
            changes=(LinkSubject(deed[1]),),
            occurred_at=MOMENT,
            received_at=MOMENT,
        )
        if isinstance(deed[1], Subject)
        else msgspec.structs.replace(
            an_event(number, *deed[1]), subject=deed[0], received_at=MOMENT + timedelta(seconds=number)
        )
        for number, deed in enumerate(deeds)
    ]


THINGS = st.one_of(
    st.tuples(st.sampled_from(PEOPLE + DEVICES), DEEDS),
    st.tuples(st.sampled_from(PEOPLE + DEVICES), DEEDS),
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(DEVICES)),
)


@given(
    st.lists(RULES, min_size=3, max_size=6),
    st.lists(THINGS, min_size=12, max_size=25),
    st.integers(0, 25),
    st.timedeltas(timedelta(0), timedelta(days=45)),
)
def test_what_is_counted_of_people_is_what_the_list_says(
    dids: list[Did], things: list[Any], cut: int, later: timedelta
) -> None:
    asking = campaign(OnEvent(event="Never"), who=All(tuple(dids)))
    store, entries = Store(index_of(campaign_set(1, [asking], [], ACCOUNT))), entries_of(things)

    store.decide(entries[:cut])
    store.decide(entries[cut:])

    counters = Counters(store.index.lines, ACCOUNT, store.facts)
    now = (MOMENT + later).replace(microsecond=0)
    for profile in {one.id: one for one in store.facts.profiles.values()}.values():
        for did in dids:
            span = did.window.span(now, ACCOUNT.clock, ENTERED)
            expected = seen_of(did, store.events_of(profile.id), span)
            assert counters.seen(profile.id, did, now, ENTERED) == expected
