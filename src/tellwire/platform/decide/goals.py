"""Goals: begun when somebody enters, reached by an event in time, once an enrollment. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from tellwire.platform.decide.hearing import Heard, is_reached
from tellwire.platform.decide.plan import Plan
from tellwire.platform.decide.send_gates import held_out
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import CampaignId, CampaignSet
from tellwire.platform.model.enrollment import EnrollmentId, Entrance, enrollment_id
from tellwire.platform.model.goal import GoalReached, GoalWatch
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.value import look_up

_WORTH: Final = 1e12  # at most, of one event: what is more is a mistake


class Goals:
    """The goals that a batch may see reached, those of the store at first."""

    def __init__(self, stored: Iterable[GoalWatch] = ()) -> None:
        self._stored = {one.id: one for one in stored}
        self._by_profile: dict[ProfileId, dict[EnrollmentId, GoalWatch]] = {}
        for one in self._stored.values():
            self._put(one)
        self.begun: Counter[tuple[CampaignId, bool]] = Counter()  # by campaign, and whether they are held out
        self.reached: list[GoalReached] = []

    def begin(
        self, plan: Plan, profile: Profile, entrance: Entrance, moment: datetime, account: Account
    ) -> None:
        """Look for the campaign's goal, if it has one, from this entry on."""
        goal = plan.campaign.goal
        if goal is not None:
            is_held_out = held_out(profile, plan.campaign, account) is not None
            self.begun[plan.campaign.id, is_held_out] += 1
            self._put(
                GoalWatch(
                    id=enrollment_id(entrance.occasion_id, plan.campaign.id),
                    campaign_id=plan.campaign.id,
                    profile_id=profile.id,
                    entrance=entrance,
                    until=moment + goal.within.span,
                    is_held_out=is_held_out,
                )
            )

    def hear(self, heard: Heard, profile: Profile, catalog: CampaignSet) -> Sequence[EnrollmentId]:
        """Count the goals of this person that an event reaches, and return those enrollments whose they are."""
        reached: list[EnrollmentId] = []
        for watch in list(self._by_profile.get(profile.id, {}).values()):
            campaign = catalog.campaigns.get(watch.campaign_id)
            if campaign is None or campaign.goal is None or heard.event.received_at > watch.until:
                self._remove(watch)
            elif is_reached(heard, campaign.goal.signal, watch):
                self._remove(watch)
                reached.append(watch.id)
                name = campaign.goal.revenue
                worth = _number(look_up(heard.properties, name)) if name else 0.0
                self.reached.append(
                    GoalReached(campaign_id=watch.campaign_id, is_held_out=watch.is_held_out, revenue=worth)
                )
        return reached

    def give(self, giver: Profile, taker: Profile) -> None:
        """Look for the goals of a profile with the one that it was merged into."""
        for watch in self._by_profile.pop(giver.id, {}).values():
            self._put(msgspec.structs.replace(watch, profile_id=taker.id))

    def changes(self) -> tuple[tuple[GoalWatch, ...], tuple[GoalWatch, ...]]:
        """Return those that are looked for anew, and those of the store that are looked for no more."""
        now = {one.id: one for watches in self._by_profile.values() for one in watches.values()}
        return (
            tuple(one for key, one in now.items() if self._stored.get(key) != one),
            tuple(one for key, one in self._stored.items() if now.get(key) != one),
        )

    def _put(self, watch: GoalWatch) -> None:
        self._by_profile.setdefault(watch.profile_id, {})[watch.id] = watch

    def _remove(self, watch: GoalWatch) -> None:
        del self._by_profile[watch.profile_id][watch.id]


def _number(value: object) -> float:
    """Return what an event is worth: a number, or a text that is one; 0 for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return 0.0
    try:
        worth = float(value)
    except (ValueError, OverflowError):
        return 0.0
    return worth if -_WORTH < worth < _WORTH else 0.0
