"""Laws of going on after a pause: whoever was due is counted, and goes on as it was chosen, once."""

from datetime import timedelta

import msgspec
import pytest
from conformance_harness import Backend, Harness
from conformance_nouns import NOW, campaign, event, profile, record, subject

from tellwire.platform.model.campaign import Campaign, CampaignState
from tellwire.platform.model.enrollment import Enrollment, EnrollmentId, entrance_of
from tellwire.platform.model.facts import Needs
from tellwire.platform.model.resumption import Resumption
from tellwire.platform.ports.catalog import PutCampaign
from tellwire.platform.ports.ledger import Moved, Recording

HOUR = timedelta(hours=1)
ONE: Campaign = campaign(1)


def inside(who: str, minutes: int, step: str = "pause") -> Enrollment:
    return Enrollment(
        id=EnrollmentId(f"{who}-1"),
        campaign_id=ONE.id,
        profile_id=profile(who).id,
        entrance=entrance_of(event(1, who)),
        entered_at=NOW,
        step=step,
        since=NOW,
        due_at=NOW + timedelta(minutes=minutes),
        version=1,
    )


ANN, BOB, CYD = inside("ann", 30), inside("bob", 10), inside("cyd", 20, "later")


async def save(backend: Backend, state: CampaignState, resumption: Resumption | None = None) -> None:
    newest = await backend.catalog.snapshot()
    change = PutCampaign(msgspec.structs.replace(ONE, state=state), resumption=resumption)
    await backend.catalog.save((change,), newest.version)


async def park(backend: Backend) -> None:
    """Let all three be due while their campaign is paused."""
    await save(backend, "paused")
    people = tuple(profile(who) for who in ("ann", "bob", "cyd"))
    await record(
        backend, Recording(profiles=people, moved=tuple(Moved(after=one) for one in (ANN, BOB, CYD)))
    )
    parked = tuple(Moved(before=one, after=one, is_parked=True) for one in (ANN, BOB, CYD))
    await record(backend, Recording(moved=parked))


async def stand(backend: Backend) -> list[Enrollment]:
    facts = await backend.ledger.facts(Needs(subjects=[subject(who) for who in ("bob", "cyd", "ann")]))
    return sorted(facts.enrollments, key=lambda one: one.due_at)


async def test_those_who_are_due_while_it_is_paused_are_counted_by_step(backend: Backend) -> None:
    await park(backend)

    rows = await backend.reports.overdue_by_step(ONE.id, 99)

    assert await backend.ledger.next_due(0) is None
    assert await backend.reports.overdue(ONE.id, 99) == 3
    assert await backend.reports.overdue(ONE.id, 2) == 2
    counted = [(one.version, one.step, one.people, one.since) for one in rows]
    assert counted == [(1, "pause", 2, BOB.due_at), (1, "later", 1, CYD.due_at)]


@pytest.mark.parametrize("overdue", ["now", "skip"])
async def test_they_go_on_when_it_does_and_it_is_known_whose_message_is_dropped(
    harness: Harness, overdue
) -> None:
    backend = await harness.open()
    await park(backend)
    await save(backend, "running", Resumption(overdue=overdue, at=NOW + 9 * HOUR, people=3))

    backend = await harness.reopen()
    assert (await backend.ledger.facts(Needs())).is_waking
    await backend.ledger.wake(0, NOW + 9 * HOUR)

    assert not (await backend.ledger.facts(Needs())).is_waking
    assert await backend.reports.overdue(ONE.id, 99) == 0
    assert await backend.ledger.next_due(0) == BOB.due_at
    assert [one.skips_overdue for one in await stand(backend)] == [overdue == "skip"] * 3


async def test_they_are_spread_in_the_order_in_which_they_were_due(backend: Backend) -> None:
    await park(backend)
    at = NOW + 9 * HOUR
    await save(backend, "running", Resumption(overdue="spread", at=at, over=3 * HOUR, people=3))

    await backend.ledger.wake(0, at)

    assert [(one.id, one.due_at - at) for one in await stand(backend)] == [
        (BOB.id, 0 * HOUR),
        (CYD.id, HOUR),
        (ANN.id, 2 * HOUR),
    ]
    assert await backend.ledger.next_due(0) == at


async def test_a_pause_before_their_turn_keeps_them_where_they_are(backend: Backend) -> None:
    await park(backend)
    await save(backend, "running", Resumption(at=NOW + 9 * HOUR, people=3))

    await save(backend, "paused")
    await backend.ledger.wake(0, NOW + 9 * HOUR)

    assert await backend.reports.overdue(ONE.id, 99) == 3
    assert await backend.ledger.next_due(0) is None
