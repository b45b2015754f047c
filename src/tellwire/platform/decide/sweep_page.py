"""One page of a sweep: a campaign meets its people one after the other, and how far it has come is noted. Pure."""

from collections.abc import Callable, Iterator

import msgspec

from tellwire.platform.decide.asked import dids_of
from tellwire.platform.decide.batch import Batch
from tellwire.platform.decide.choosing import chosen
from tellwire.platform.decide.entering import refuse
from tellwire.platform.decide.plan import Plan
from tellwire.platform.decide.running import turns_of
from tellwire.platform.decide.sweeping import meet
from tellwire.platform.decide.timetable import Run
from tellwire.platform.model.codes import FAILED
from tellwire.platform.model.decision import GateResult
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.run import Sweep, SweepPage, Swept


def begin_page(batch: Batch, page: SweepPage) -> Swept | None:
    """Return how far a sweep is before the people of this page; None if it has to wait.

    Its campaign was published, or goes on, since the catalog was looked at: the next step knows it. Or what people did
    is not counted yet, and until then nobody can say whom it is for.
    """
    plan = batch.index.plan(page.sweep.campaign_id)
    if plan is None or plan.campaign.state != "running":
        return None
    if not batch.counters.knows(dids_of(plan.campaign, batch.account)):
        return None
    return _noted(batch, page, Swept(sweep=page.sweep, after=None, is_over=False))


def go_through(batch: Batch, page: SweepPage, follow: Callable[[str], None]) -> Iterator[Swept]:
    """Let a campaign meet these people, and yield how far it has come after each.

    `follow` is called with the occasion of each: what it changed has its own consequences. One that says when it goes
    on is the last.
    """
    sweep, plan = page.sweep, batch.index.plan(page.sweep.campaign_id)
    assert plan is not None  # noqa: S101 - whoever goes through a page has begun it
    for swept in turns_of(batch, plan, page) if sweep.run else _turns(batch, plan, page):
        if swept.resumes_at is None:
            follow(f"{sweep.campaign_id}.{sweep.run}.{swept.after}")
            yield _noted(batch, page, swept)
        else:
            yield swept
            return


def meet_in(batch: Batch, sweep: Sweep, plan: Plan, profile: Profile) -> None:
    """Let a campaign meet one person."""
    try:
        meet(batch, plan, sweep, profile)
    except Exception as bug:  # noqa: BLE001 - one person whom we cannot decide must not stop all that follow
        entrance = chosen(profile, Run(sweep.run, sweep.at))
        refuse(batch, plan, entrance, profile, [GateResult("entry", FAILED, (type(bug).__name__,))])


def _turns(batch: Batch, plan: Plan, page: SweepPage) -> Iterator[Swept]:
    for place, profile in page.people:
        now = batch.people.known(profile.id)
        if now is not None and now.subjects:
            meet_in(batch, page.sweep, plan, now)
        yield Swept(sweep=page.sweep, after=place, is_over=False)


def _noted(batch: Batch, page: SweepPage, swept: Swept) -> Swept:
    """Return how far a sweep is; it is over if it has come by everybody."""
    last = page.people[-1][0] if page.people else None
    if not page.is_last or swept.after != last:
        return swept
    if page.sweep.run:
        batch.end_run(page.sweep.campaign_id, page.sweep.run)
    return msgspec.structs.replace(swept, is_over=True)
