"""Any sequence of what can happen to messages, against a model of three dictionaries."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from conformance_harness import HARNESSES
from conformance_nouns import (
    DELIVERED,
    LATER,
    LEASE,
    MAIN,
    NOW,
    QUEUED,
    REJECTED,
    SENT,
    message,
    queue,
    receipt,
)
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tellwire.kernel.status import Standing, advance
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.message import Dropped, GivenUp, HandedOver, Message, MessageId, TryAgain

T = TypeVar("T")


class Story(RuleBasedStateMachine):
    """The model: who waits (due, tries so far), who is claimed (lease, try), and where each message stands."""

    name = "embedded"

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.directory = tempfile.TemporaryDirectory()
        self.harness = HARNESSES[self.name](Path(self.directory.name))
        self.now = LATER
        self.messages: dict[MessageId, Message] = {}
        self.waiting: dict[MessageId, tuple[datetime, int]] = {}
        self.claimed: dict[MessageId, tuple[datetime, int]] = {}
        self.standing: dict[MessageId, Standing] = {}

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(work)

    @initialize()
    def open(self) -> None:
        self.backend = self.run(self.harness.open())

    def teardown(self) -> None:
        self.run(self.harness.close())
        self.runner.close()
        self.directory.cleanup()

    @rule(count=st.integers(1, 4), repeats=st.booleans())
    def record(self, count: int, *, repeats: bool) -> None:
        new = [message(len(self.messages) + n, repeats=repeats) for n in range(count)]
        self.run(queue(self.backend, *new))
        for one in new:
            self.messages[one.id] = one
            self.waiting[one.id] = (one.created_at, 0)
            self.standing[one.id] = QUEUED

    @rule(seconds=st.sampled_from([1, 60, 400]))
    def pass_time(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(share=st.integers(0, 5))
    def claim(self, share: int) -> None:
        found = self.run(self.backend.messages.claim({MAIN: share}, self.now, LEASE))

        gone = {i: attempt for i, (lease, attempt) in self.claimed.items() if lease <= self.now}
        assert {c.message.id: c.attempt for c in found.run_out} == gone
        self.claimed |= {i: (self.now + LEASE, attempt) for i, attempt in gone.items()}
        due = sorted(
            (d, list(self.messages).index(i), i) for i, (d, _) in self.waiting.items() if d <= self.now
        )
        expected = []
        for _, _, identifier in due[:share]:
            _, attempt = self.waiting.pop(identifier)
            if self.standing[identifier] == QUEUED:  # else its receipt came first
                self.claimed[identifier] = (self.now + LEASE, attempt + 1)
                expected.append((identifier, attempt + 1))
        assert [(c.message.id, c.attempt) for c in found.taken] == expected
        assert all(c.message == self.messages[c.message.id] for c in (*found.taken, *found.run_out))

    @precondition(lambda self: self.messages)
    @rule(data=st.data(), jump=st.sampled_from([-3600, 0, 3600]))
    def renew(self, data: st.DataObject, jump: int) -> None:
        chosen = data.draw(st.sets(st.sampled_from(sorted(self.messages))))
        at = self.now + timedelta(seconds=jump)
        self.run(self.backend.messages.renew(sorted(chosen), at, LEASE))

        for identifier in chosen & self.claimed.keys():
            self.claimed[identifier] = (at + LEASE, self.claimed[identifier][1])

    @precondition(lambda self: self.messages)
    @rule(data=st.data(), how=st.sampled_from(["sent", "perhaps", "again", "given up", "dropped"]))
    def settle(self, data: st.DataObject, how: str) -> None:
        identifier = data.draw(st.sampled_from(sorted(self.messages)))
        at = self.now + timedelta(seconds=30)
        settlement = {
            "sent": HandedOver(message_id=identifier),
            "perhaps": HandedOver(message_id=identifier, is_certain=False),
            "again": TryAgain(message_id=identifier, at=at, code="503", reason="busy"),
            "given up": GivenUp(message_id=identifier, standing=REJECTED, code="400", reason="no"),
            "dropped": Dropped(message_id=identifier, code="no_consent", reason="no"),
        }[how]
        self.run(self.backend.messages.settle([settlement], self.now))

        claim = self.claimed.pop(identifier, None)
        if claim is None:
            return
        if how == "again":
            self.waiting[identifier] = (at, claim[1])
        else:
            self.reach(identifier, REJECTED if how in {"given up", "dropped"} else SENT)

    @precondition(lambda self: self.messages)
    @rule(data=st.data(), standing=st.sampled_from([SENT, DELIVERED, REJECTED]))
    def receive(self, data: st.DataObject, standing: Standing) -> None:
        identifier = data.draw(st.sampled_from(sorted(self.messages)))
        before = self.standing[identifier]

        (has_moved,) = self.run(self.backend.messages.apply([receipt(identifier, standing)]))

        self.reach(identifier, standing)
        assert has_moved == (self.standing[identifier] != before)

    @rule()
    def reopen(self) -> None:
        """Whoever held a claim is gone: it has run out, or will; the model waits until it surely has."""
        self.backend = self.run(self.harness.reopen())
        self.now += LEASE * 10
        self.claimed = {i: (self.now, attempt) for i, (_, attempt) in self.claimed.items()}

    @invariant()
    def the_earliest_that_waits_is_told(self) -> None:
        due = min((due for due, _ in self.waiting.values()), default=None)
        if self.messages:
            assert self.run(self.backend.messages.waiting()) == ({} if due is None else {MAIN: due})

    @invariant()
    def traffic_sums_up_where_messages_stand(self) -> None:
        if not self.messages:
            return
        (traffic,) = self.run(self.backend.reports.traffic(NOW))
        standings = Counter(standing.status for standing in self.standing.values())
        (hour,) = traffic.hours
        assert hour.waiting == standings["queued"]
        assert hour.delivered == standings["delivered"]
        assert hour.failed == standings["rejected"]

    @invariant()
    def messages_and_counters_stand_where_the_model_says(self) -> None:
        if not self.messages:
            return
        contexts = self.run(self.backend.messages.contexts(list(self.messages)))
        assert {i: context.standing for i, context in contexts.items()} == self.standing
        (funnel,) = self.run(self.backend.reports.funnel([CampaignId(1)]))
        statuses = [standing.status for standing in self.standing.values()]
        assert funnel.by_status == {status: statuses.count(status) for status in set(statuses)}

    def reach(self, identifier: MessageId, standing: Standing) -> None:
        self.standing[identifier] = advance(self.standing[identifier], standing)


@pytest.mark.parametrize("name", sorted(HARNESSES))
def test_any_story_of_messages_agrees_with_the_model(name: str) -> None:
    machine = type("StoryOf" + name.title(), (Story,), {"name": name})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
