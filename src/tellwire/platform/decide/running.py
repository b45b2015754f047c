"""A run of a schedule goes through the members of its audience: who has their turn when, and what the run counts. Pure.

The throttle is the speed of this: so many members have their turn in a window, and the next ones in the next. A run
that was kept from going on, by a pause or because nothing ran, makes up no windows.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from tellwire.platform.decide.batch import Batch
from tellwire.platform.decide.choosing import chosen, place_after
from tellwire.platform.decide.entering import enter_at
from tellwire.platform.decide.plan import Plan
from tellwire.platform.decide.timetable import Run
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.run import Sweep, SweepPage, Swept

MERGED: Final = "merged"  # a member whose profile became part of another one meanwhile
ENDED: Final = "ended"


class Turns:
    """Whose turn it is in one run, as of a batch."""

    def __init__(self, batch: Batch, plan: Plan, sweep: Sweep) -> None:
        self._batch = batch
        self._plan = plan
        self._sweep = sweep
        self._run = batch.run(sweep.campaign_id, sweep.run, sweep.at)
        self._throttle = plan.campaign.limits.throttle
        self._window_ends_at = self._end_of_window(self._run.window_at or sweep.at)

    def resumes_at(self) -> datetime | None:
        """Return when the next member has their turn, None if that is now."""
        throttle, ends_at = self._throttle, self._window_ends_at
        if throttle is None or ends_at is None or self._has_ended():
            return None
        is_full = self._run.window_people >= throttle.count and self._run.window_at is not None
        return ends_at if is_full and ends_at > self._batch.now else None

    def take(self, profile: Profile | None) -> None:
        """Let the next member have their turn; None is one whose profile is none any more."""
        batch, run = self._batch, self._run
        self._count()
        if profile is None or not profile.subjects:
            run.refused[MERGED] += 1
        elif self._has_ended():
            run.refused[ENDED] += 1  # a schedule has no runs after its end: it goes without a line
        else:
            entrance = chosen(profile, Run(self._sweep.run, self._sweep.at))
            enter_at(batch, self._plan, entrance, profile, batch.now, is_of_these=True)

    def _count(self) -> None:
        now, run = self._batch.now, self._run
        run.met += 1
        run.first_at, run.last_at = run.first_at or now, now
        if self._throttle is None:
            return
        if run.window_at is None:
            run.window_at = self._sweep.at
        while (due := self._window_ends_at) is not None and run.window_at < due <= now:
            following = self._end_of_window(due)
            is_late = following is not None and following <= now
            run.window_at, run.window_people = now if is_late else due, 0
            self._window_ends_at = self._end_of_window(run.window_at)
        run.window_people += 1

    def _end_of_window(self, since: datetime) -> datetime | None:
        if self._throttle is None:
            return None
        return place_after(self._batch, self._plan, self._sweep.at, since, self._throttle.window)

    def _has_ended(self) -> bool:
        ends_at = self._plan.campaign.ends_at
        return ends_at is not None and self._batch.now >= ends_at


def turns_of(batch: Batch, plan: Plan, page: SweepPage) -> Iterator[Swept]:
    """Let the members of a page have their turns, and yield after each how far the run has come."""
    turns, after, sweep = Turns(batch, plan, page.sweep), None, page.sweep
    for place, profile in page.people:
        resumes_at = turns.resumes_at()
        if resumes_at is not None:
            yield Swept(sweep=sweep, after=after, is_over=False, resumes_at=resumes_at)
            return
        now = batch.people.known(profile.id)
        if profile.subjects and not (now and now.subjects):
            return  # it became part of another one in this very batch: the next page knows of whom
        turns.take(now)
        after = place
        yield Swept(sweep=sweep, after=place, is_over=False)
