"""Laws of what was decided and how people left, read backwards: every row once, and no more looked at than asked."""

from datetime import timedelta

import msgspec
from conformance_harness import Backend
from conformance_nouns import NOW, message, profile, record, send, skip, subject

from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.decision import Decision
from tellwire.platform.model.enrollment import EndReason, Enrollment, EnrollmentId, Entrance, Left
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.ports.ledger import Recording

ONE = CampaignId(1)
ANN, BOB = ProfileId("profile-ann"), ProfileId("profile-bob")


def at(decision: Decision, minute: int, who: ProfileId = ANN) -> Decision:
    return msgspec.structs.replace(decision, decided_at=NOW + timedelta(minutes=minute), profile_id=who)


async def test_pages_have_every_decision_of_the_campaign_once_newest_first(backend: Backend) -> None:
    decisions = [at(skip(n, campaign=1 + n % 2), n, BOB if n % 3 else ANN) for n in range(10)]
    for one in decisions:
        await record(backend, Recording(decisions=(one,)))

    seen: list[str] = []
    before: int | None = None
    pages = 0
    while True:
        page = await backend.reports.decided(ONE, 3, before)
        if page.reached is None:
            break
        seen += [one.occasion_id for one in page.decisions]
        assert page.reached <= min(one.decided_at for one in page.decisions)
        before, pages = page.following, pages + 1
        assert pages < 10

    assert seen == [f"e{n:06}" for n in (8, 6, 4, 2, 0)]
    assert pages == 4


async def test_one_persons_decisions_are_found_alone(backend: Backend) -> None:
    mine, theirs = at(send(message(1)), 1), at(skip(2), 2, BOB)
    await record(backend, Recording(decisions=(mine, theirs)))

    (found,) = (await backend.reports.decided(ONE, 100, profile_id=ANN)).decisions

    assert (found.occasion_id, found.message_id) == ("e000001", message(1).id)
    assert (await backend.reports.decided(ONE, 1, profile_id=ANN)).decisions == []


async def test_departures_are_read_alike(backend: Backend) -> None:
    await record(backend, Recording(profiles=(profile(),)))
    reasons: tuple[EndReason, ...] = ("finished", "stopped", "ended")
    for n, reason in enumerate(reasons):
        await record(backend, Recording(left=(left(n, reason),)))

    first = await backend.reports.departed(ONE, 2)
    rest = await backend.reports.departed(ONE, 2, first.following)

    assert [one.reason for one in (*first.departures, *rest.departures)] == ["ended", "stopped", "finished"]
    assert (await backend.reports.departed(CampaignId(2), 9)).departures == []
    assert (await backend.reports.departed(ONE, 9, rest.following)).reached is None


async def test_people_are_known_by_their_first_name(backend: Backend) -> None:
    await record(backend, Recording(profiles=(profile(),)))

    assert await backend.reports.names([ANN, BOB]) == {ANN: subject()}
    assert await backend.reports.names([]) == {}


def left(n: int, reason: EndReason) -> Left:
    entrance = Entrance(
        occasion_id=OccasionId(f"e{n:06}"), subject=subject(), name="Cart", occurred_at=NOW, received_at=NOW
    )
    inside = Enrollment(
        id=EnrollmentId(f"e{n:06}-1"),
        campaign_id=ONE,
        profile_id=ANN,
        entrance=entrance,
        entered_at=NOW,
        step="pause",
        since=NOW,
        due_at=NOW,
    )
    return Left(enrollment=inside, reason=reason, step="pause", at=NOW + timedelta(minutes=n))
