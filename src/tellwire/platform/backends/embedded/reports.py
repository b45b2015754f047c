"""The read side, as its callers see it; the statements are in `event_lists` and `message_lists`.

Lists: recent events and messages go by `seq`; by campaign `message_by_campaign`; by number `message_by_phone`; a
profile's events `activity_by_profile`; a number's profiles `profile_by_phone`; changes by `seq` of `activity`,
`message` and `timeline`. SQLite ends every index with `seq`, so newest first is its order backwards.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from tellwire.kernel.address import Msisdn
from tellwire.kernel.sqlite import Database
from tellwire.platform.backends.embedded import (
    calls,
    campaign_hours,
    decided,
    event_lists,
    facts,
    message_lists,
    refusals,
    resuming,
    stays,
    suppressions,
    sweeps,
    traffic,
    trials,
)
from tellwire.platform.model.address import Address
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.decision import DecisionRecord
from tellwire.platform.model.event import EventId, Subject
from tellwire.platform.model.facts import Facts, Needs
from tellwire.platform.model.message import MessageId
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.people_list import ListId
from tellwire.platform.model.profile import Profile, ProfileId, SuppressionChange
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.model.refused import RefusedCallback, RefusedRecord
from tellwire.platform.model.run import RunRecord
from tellwire.platform.model.trial import Trial
from tellwire.platform.ports.campaign_reports import (
    CampaignHours,
    CampaignSeries,
    DecidedPage,
    Funnel,
    StepSums,
)
from tellwire.platform.ports.inside_reports import LeftPage, OverdueAt, PersonInside, Stays, Waiting
from tellwire.platform.ports.message_reports import Changes, EventRow, MessageDetail, MessageRow
from tellwire.platform.ports.people_reports import Crowd
from tellwire.platform.ports.run_reports import PlannedRun, SweepProgress
from tellwire.platform.ports.traffic_reports import ProviderTraffic

LIST_LIMIT = 500


class EmbeddedReports:
    """See `ports.reports.Reports`. Reads run one after the other on a snapshot each."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recent_events(self, limit: int, before: str = "") -> list[EventRow]:
        """Return events newest first, in the order they were decided; none after an unknown `before`."""
        return await self._database.read(event_lists.recent, _bounded(limit), before)

    async def recent_messages(
        self,
        limit: int,
        before: str = "",
        campaign_id: CampaignId | None = None,
        to: Address | None = None,
    ) -> list[MessageRow]:
        """Return messages newest first; none after an unknown `before`."""
        return await self._database.read(message_lists.recent, _bounded(limit), before, campaign_id, to)

    async def changes(self, cursor: str, limit: int) -> Changes:
        """Return what came or moved since `cursor`, newest first.

        When more than `limit` events or messages are new, only the newest are given and the rest is passed over:
        a live page that lags behind is none. A cursor that was never given counts as none.
        """
        return await self._database.read(message_lists.changes, cursor, _bounded(limit))

    async def message(self, message_id: MessageId) -> MessageDetail | None:
        """Return one message whole, or None."""
        return await self._database.read(message_lists.whole, message_id)

    async def event(self, event_id: EventId) -> EventRow | None:
        """Return one event that was decided, or None."""
        return await self._database.read(event_lists.one, event_id)

    async def profile(self, subject: Subject) -> Profile | None:
        """Return the profile this subject names, or None."""
        return await self._database.read(event_lists.profile, subject)

    async def profile_by_number(self, msisdn: Msisdn) -> list[Profile]:
        """Return the profiles that hold this number, at most 20; one that lost all its names is none any more."""
        return await self._database.read(event_lists.profiles_by_number, msisdn)

    async def profile_events(self, profile_id: ProfileId, limit: int, name: str = "") -> list[EventRow]:
        """Return what a profile did, newest first; `name` narrows it to one event."""
        return await self._database.read(event_lists.of_profile, profile_id, _bounded(limit), name)

    async def decisions(self, occasion_id: OccasionId) -> list[DecisionRecord]:
        """Return every campaign's answer on one occasion, by campaign id."""
        return await self._database.read(event_lists.decisions, occasion_id)

    async def is_suppressed(self, address: Address) -> bool:
        """Say whether the number is suppressed."""
        last = await self.suppression(address)
        return last is not None and last.is_suppressed

    async def suppression(self, address: Address) -> SuppressionChange | None:
        """Return how the number was suppressed or released last, or None if it never was."""
        return (await self._database.read(suppressions.standing, [address])).get(address)

    async def people(self, subjects: Sequence[Subject], lists: Sequence[ListId] = ()) -> Facts:
        """Return the profiles of these subjects, what stands about their numbers, and their lists among these."""
        return await self._database.read(facts.facts_of, Needs(subjects=subjects, lists=lists, tallies=True))

    async def everybody(self, after: int, limit: int, lists: Sequence[ListId] = ()) -> Crowd:
        """Return the people who came after this place."""
        return await self._database.read(facts.crowd, after, limit, lists)

    async def last_place(self) -> int:
        """Return the place of the person who came last; 0 if there is nobody."""
        return await self._database.read(facts.last_place)

    async def runs(self, campaign_id: CampaignId, limit: int) -> list[RunRecord]:
        """Return the last runs of a campaign's schedule."""
        return await self._database.read(sweeps.of_campaign, campaign_id, _bounded(limit))

    async def runs_between(self, begin: datetime, end: datetime, limit: int) -> list[RunRecord]:
        """Return the runs whose moment is in [begin, end), in order of time."""
        return await self._database.read(sweeps.between, begin, end, limit)

    async def due_between(self, spans: Sequence[tuple[datetime, datetime]], limit: int) -> list[int]:
        """Return how many people become due in each span, at most `limit` each."""
        return await self._database.read(stays.due_between, spans, limit)

    async def sweeps(self, campaign_id: CampaignId) -> list[SweepProgress]:
        """Return what a campaign goes through people for, or will."""
        return await self._database.read(sweeps.planned, campaign_id)

    async def at_work(self, campaign_ids: Sequence[CampaignId]) -> frozenset[CampaignId]:
        """Return those of these campaigns that have a run planned or under way, or somebody inside."""
        return await self._database.read(sweeps.at_work, campaign_ids)

    async def trials(self, campaign_id: CampaignId, limit: int) -> list[Trial]:
        """Return the last trials of a campaign's splits."""
        return await self._database.read(trials.of_campaign, campaign_id, _bounded(limit))

    async def planned_runs(self) -> list[PlannedRun]:
        """Return the runs that campaigns will make next or are making."""
        return await self._database.read(sweeps.next_runs)

    async def funnel(self, campaign_ids: Sequence[CampaignId]) -> list[Funnel]:
        """Return each campaign's numbers, in the order asked for."""
        return await self._database.read(message_lists.funnels, campaign_ids)

    async def step_sums(self, campaign_id: CampaignId) -> StepSums:
        """Return a campaign's sums by step."""
        return await self._database.read(stays.step_sums, campaign_id)

    async def waiting(self, campaign_id: CampaignId) -> list[Waiting]:
        """Return how many people stand at each step of each version of a campaign."""
        return await self._database.read(stays.waiting, campaign_id)

    async def queued(self) -> int:
        """Return how many messages of all campaigns wait to be handed over."""
        return await self._database.read(message_lists.queued)

    async def overdue(self, campaign_id: CampaignId, limit: int) -> int:
        """Return how many people have become due while their campaign is paused, at most `limit`."""
        return await self._database.read(resuming.overdue, campaign_id, limit)

    async def overdue_by_step(self, campaign_id: CampaignId, limit: int) -> list[OverdueAt]:
        """Return at which steps those stand who have become due while their campaign is paused."""
        return await self._database.read(resuming.overdue_by_step, campaign_id, limit)

    async def calls_waiting(self, campaign_id: CampaignId, limit: int) -> tuple[int, int]:
        """Return how many calls of a campaign wait, and how many of these were tried in vain."""
        return await self._database.read(calls.waiting, campaign_id, limit)

    async def people_inside(
        self, campaign_id: CampaignId, step: str | None, limit: int, after: str = ""
    ) -> list[PersonInside]:
        """Return people inside a campaign, from the cursor on."""
        return await self._database.read(stays.people, campaign_id, step, _bounded(limit), after)

    async def stays(self, profile_id: ProfileId, limit: int) -> Stays:
        """Return where a person stands, and the last of how they left campaigns."""
        return await self._database.read(stays.of_profile, profile_id, _bounded(limit))

    async def decided(
        self,
        campaign_id: CampaignId,
        rows: int,
        before: int | None = None,
        profile_id: ProfileId | None = None,
    ) -> DecidedPage:
        """Return the decisions of a campaign among the `rows` before a place."""
        return await self._database.read(decided.decisions, campaign_id, profile_id, rows, before)

    async def departed(self, campaign_id: CampaignId, rows: int, before: int | None = None) -> LeftPage:
        """Return how people left a campaign, among the `rows` departures before a place."""
        return await self._database.read(decided.departures, campaign_id, rows, before)

    async def names(self, profile_ids: Sequence[ProfileId]) -> Mapping[ProfileId, Subject]:
        """Return by what name each of these people is known."""
        return await self._database.read(decided.names, profile_ids) if profile_ids else {}

    async def campaign_hours(
        self, campaign_ids: Sequence[CampaignId], since: datetime
    ) -> list[CampaignHours]:
        """Return what each campaign did by the hour, in the order asked for."""
        return await self._database.read(campaign_hours.since, campaign_ids, since)

    async def campaign_series(
        self, campaign_ids: Sequence[CampaignId], since: datetime, hours: int, spans: int
    ) -> list[CampaignSeries]:
        """Return how many messages each campaign made in spans of `hours` hours, in the order asked for."""
        return await self._database.read(campaign_hours.series, campaign_ids, since, hours, spans)

    async def traffic(self, since: datetime) -> list[ProviderTraffic]:
        """Return the traffic of every provider that ever had any, by id, from the hour of `since` on."""
        return await self._database.read(traffic.since, since)

    async def refused_records(self, limit: int, subjects: Sequence[Subject] = ()) -> list[RefusedRecord]:
        """Return the last refused records of uploads, newest first."""
        return await self._database.read(refusals.records, _bounded(limit), subjects)

    async def refused_callbacks(self, provider_id: ProviderId) -> list[RefusedCallback]:
        """Return the last refused callbacks of a provider, newest first."""
        return await self._database.read(refusals.callbacks, provider_id)


def _bounded(limit: int) -> int:
    return max(0, min(limit, LIST_LIMIT))
