"""Laws of what the calendar reads of `ports.reports`: runs by their moment, planned runs, who is due, what waits."""

from datetime import timedelta

from conformance_harness import Backend
from conformance_nouns import NOW, campaign, event, message, profile, queue, record

from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.enrollment import Enrollment, EnrollmentId, entrance_of
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.run import RunRecord, Sweep
from tellwire.platform.ports.catalog import PutCampaign
from tellwire.platform.ports.ledger import Moved, Recording
from tellwire.platform.ports.run_reports import PlannedRun

HOUR = timedelta(hours=1)


def run(number: int, hours: int) -> RunRecord:
    return RunRecord(
        campaign_id=CampaignId(number), run=f"run {hours}", at=NOW + hours * HOUR, messages=hours
    )


def enrollment(profile_id: ProfileId, due_h: int) -> Enrollment:
    return Enrollment(
        id=EnrollmentId("e000001-1"),
        campaign_id=CampaignId(1),
        profile_id=profile_id,
        entrance=entrance_of(event(1)),
        entered_at=NOW,
        step="pause",
        since=NOW,
        due_at=NOW + due_h * HOUR,
        version=1,
    )


async def test_runs_are_found_by_their_moment_in_order_of_time(backend: Backend) -> None:
    runs = tuple(run(1 + hours % 2, hours) for hours in (3, 0, 2, 1))
    await record(backend, Recording(runs=runs))

    found = await backend.reports.runs_between(NOW, NOW + 3 * HOUR, 10)

    assert [(one.campaign_id, one.messages) for one in found] == [(1, 0), (2, 1), (1, 2)]
    assert await backend.reports.runs_between(NOW, NOW + 9 * HOUR, 2) == found[:2]


async def test_what_is_planned_is_there_until_it_is_made_or_taken_back(backend: Backend) -> None:
    one, two = campaign(1, "First"), campaign(2, "Second")
    sweeps = [Sweep(campaign_id=c.id, run=f"run {c.id}", at=NOW + (9 - c.id) * HOUR) for c in (one, two)]
    started = Sweep(campaign_id=CampaignId(3), run="", at=NOW)  # goes through all people, for no run
    changes = (
        PutCampaign(one, sweep=sweeps[0]),
        PutCampaign(two, sweep=sweeps[1]),
        PutCampaign(campaign(3, "Third"), sweep=started),
    )

    saved = await backend.catalog.save(changes, 0)

    assert await backend.reports.planned_runs() == [
        PlannedRun(campaign_id=s.campaign_id, run=s.run, at=s.at, has_begun=False) for s in reversed(sweeps)
    ]
    await backend.catalog.save((PutCampaign(one),), saved.version)
    assert [p.campaign_id for p in await backend.reports.planned_runs()] == [2]


async def test_people_are_counted_in_the_span_in_which_they_are_due(backend: Backend) -> None:
    people = [profile(f"p{n}") for n in range(6)]
    inside = [enrollment(one.id, due_h) for one, due_h in zip(people, (1, 1, 2, 2, 2, 30), strict=True)]
    moved = tuple(Moved(after=one) for one in inside)
    await record(backend, Recording(profiles=tuple(people), moved=moved))
    spans = [(NOW, NOW + 2 * HOUR), (NOW + 2 * HOUR, NOW + 24 * HOUR), (NOW + 24 * HOUR, NOW + 48 * HOUR)]

    assert await backend.reports.due_between(spans, 10) == [2, 3, 1]
    assert await backend.reports.due_between(spans, 2) == [2, 2, 1]
    assert await backend.reports.due_between([], 2) == []


async def test_what_waits_is_counted_over_all_campaigns(backend: Backend) -> None:
    assert await backend.reports.queued() == 0
    await queue(backend, message(1), message(2, campaign=2))

    assert await backend.reports.queued() == 2
