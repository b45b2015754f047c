"""The read side: what people look at. Nothing here changes anything."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Protocol

import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.kernel.sms import Encoding
from tellwire.kernel.status import MessageStatus, Standing
from tellwire.platform.model.address import Address
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.decision import DecisionRecord
from tellwire.platform.model.enrollment import Enrollment, Left
from tellwire.platform.model.event import Event, EventId, Subject
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.message import MessageId
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.people_list import ListId
from tellwire.platform.model.profile import Profile, ProfileId, SuppressionChange
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.model.refused import RefusedCallback, RefusedRecord
from tellwire.platform.model.run import RunRecord
from tellwire.platform.model.trial import Trial


class MessageRow(msgspec.Struct, frozen=True, kw_only=True):
    """A message in a list."""

    id: MessageId
    campaign_id: CampaignId
    campaign_name: str
    profile_id: ProfileId
    provider_id: ProviderId
    provider_nickname: str
    to: Address
    encoding: Encoding
    parts: int
    standing: Standing
    error_code: str
    description: str
    created_at: datetime
    updated_at: datetime


class TimelineStep(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One thing that happened to a message, whether or not it moved its status.

    `answer` is the beginning of what the provider answered, masked; empty where it said nothing.
    """

    at: datetime
    standing: Standing
    what: str
    code: str = ""
    description: str = ""
    answer: str = ""


class MessageDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A message with its words and its timeline, oldest first, and the decision it came from."""

    row: MessageRow
    text: str
    occasion_id: OccasionId
    timeline: tuple[TimelineStep, ...]
    decision: DecisionRecord | None


class EventRow(msgspec.Struct, frozen=True, kw_only=True):
    """An event in a list, with what it led to: how many messages and how many skips."""

    event: Event
    profile_id: ProfileId
    messages: int
    skips: int


class GoalFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How many who entered reached the campaign's goal, what that was worth, and how many of those held out did."""

    entered: int = 0
    reached: int = 0
    revenue: float = 0.0
    held_out: int = 0
    held_out_reached: int = 0


class Funnel(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign's numbers: decisions by verdict, messages by status, skips and errors by reason.

    `inside` is how many began to wait in it, and `left` by reason how many of those left again. `goal` is None if
    nobody's was ever looked for. `calls` are by how they ended. `clicked` are messages of which somebody followed a
    link, and `clicks` how often they did.
    """

    campaign_id: CampaignId
    by_status: Mapping[MessageStatus, int] = {}
    sent_or_further: int = 0
    skips: Mapping[str, int] = {}
    errors: Mapping[str, int] = {}
    parts: int = 0
    inside: int = 0
    left: Mapping[str, int] = {}
    goal: GoalFigures | None = None
    calls: Mapping[str, int] = {}
    clicked: int = 0
    clicks: int = 0


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """How many people stand at a step of a version; an empty step is a pending entry."""

    version: int
    step: str
    people: int


class OverdueAt(msgspec.Struct, frozen=True, kw_only=True):
    """How many people at a step became due while their campaign is paused, and since when; None if it is not known."""

    version: int
    step: str
    people: int
    since: datetime | None


class StepSums(msgspec.Struct, frozen=True, kw_only=True):
    """Sums by step of a campaign: who came there, who left there, whose message was skipped there.

    `numbered` are messages by status, of the steps with a number other than 0; those of the step that has it are the
    rest of the campaign's.
    """

    came: Mapping[str, int] = {}
    left: Mapping[str, int] = {}
    skipped: Mapping[str, int] = {}
    numbered: Mapping[int, Mapping[MessageStatus, int]] = {}


class Stays(msgspec.Struct, frozen=True, kw_only=True):
    """Where one person stands in campaigns, and how they left others, the last first."""

    enrollments: Sequence[Enrollment] = ()
    departures: Sequence[Left] = ()


class DecidedPage(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided for a campaign among a bounded number of decisions, newest first.

    `reached` is the moment of the oldest that was looked at, `following` the place to go on from; None at the end.
    """

    decisions: Sequence[DecisionRecord]
    reached: datetime | None
    following: int | None


class LeftPage(msgspec.Struct, frozen=True, kw_only=True):
    """How people left a campaign, among a bounded number of departures; the rest as in `DecidedPage`."""

    departures: Sequence[Left]
    reached: datetime | None
    following: int | None


class Crowd(msgspec.Struct, frozen=True, kw_only=True):
    """People, what stands about their numbers, their lists, and the place to go on from; None at the end."""

    facts: Facts
    after: int | None


class SweepProgress(msgspec.Struct, frozen=True, kw_only=True):
    """A run that is planned or under way: whether its audience stands, and when it goes on."""

    run: str
    at: datetime
    is_chosen: bool
    next_at: datetime


class PlannedRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run that is planned, or that `has_begun` and is under way."""

    campaign_id: CampaignId
    run: str
    at: datetime
    has_begun: bool


class PersonInside(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody inside a campaign. `cursor` is what the next page goes on from."""

    subjects: Sequence[Subject]
    enrollment: Enrollment
    cursor: str


class TrafficHour(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a provider's messages that were made in the hour from `at` on.

    `taken` is how many it has had for all we know, whatever became of them then; `on_the_way` are those of them that
    have no end, and `waiting` are still to go.
    """

    at: datetime
    taken: int = 0
    delivered: int = 0
    failed: int = 0
    waiting: int = 0
    on_the_way: int = 0


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Something that went wrong in handing a message over; `code` and `answer` are as in the message's timeline."""

    at: datetime
    code: str
    reason: str
    answer: str = ""


class ProviderTraffic(msgspec.Struct, frozen=True, kw_only=True):
    """One provider's traffic, hours oldest first and only those with messages.

    `trouble` is the last there was, however long ago; it is over if `taken_at`, when the provider last said that it
    has a message, is later. What a receipt tells is a message's trouble and not the provider's.
    """

    provider_id: ProviderId
    hours: tuple[TrafficHour, ...] = ()
    trouble: Trouble | None = None
    taken_at: datetime | None = None


class CampaignHour(msgspec.Struct, frozen=True, kw_only=True):
    """What a campaign decided in the hour from `at` on: where its messages stand now, and skips by code.

    `taken` are those that a provider had, `dropped` those of the rejected that were taken back before they went.
    """

    at: datetime
    by_status: Mapping[MessageStatus, int] = {}
    taken: int = 0
    dropped: int = 0
    skips: Mapping[str, int] = {}


class CampaignHours(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign's hours, oldest first and only those with decisions; `last_at` is the last hour that had one.

    Only the last days are kept: None is also one of whom nothing was decided for long.
    """

    campaign_id: CampaignId
    hours: tuple[CampaignHour, ...] = ()
    last_at: datetime | None = None


class CampaignSeries(msgspec.Struct, frozen=True, kw_only=True):
    """How many messages a campaign made in each of some spans of one length, the oldest first.

    `last_message_at` is when it made the last one that is kept, whenever that was.
    """

    campaign_id: CampaignId
    messages: tuple[int, ...]
    last_message_at: datetime | None = None


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What is new since a cursor, bounded; `cursor` is where to go on."""

    cursor: str
    events: tuple[EventRow, ...] = ()
    messages: tuple[MessageRow, ...] = ()


class Reports(Protocol):
    """Every figure equals what the ledger recorded; lists are newest first and bounded by `limit` (<= 500)."""

    async def recent_events(self, limit: int, before: str = "") -> list[EventRow]:
        """Return events newest first; `before` is the event id to go on from."""
        ...

    async def recent_messages(
        self,
        limit: int,
        before: str = "",
        campaign_id: CampaignId | None = None,
        to: Address | None = None,
    ) -> list[MessageRow]:
        """Return messages newest first; `before` is the message id to go on from."""
        ...

    async def changes(self, cursor: str, limit: int) -> Changes:
        """Return what came or moved since `cursor`, newest first; an empty one starts from now (with the newest few).

        Whatever is committed after an answer is in a later one. A back end that numbers rows before it commits them
        must not take a row for old because of its number: it may give rows again, and callers merge them by id.
        When more than `limit` is new, the rest is passed over: a live page that lags behind is none.
        """
        ...

    async def message(self, message_id: MessageId) -> MessageDetail | None:
        """Return one message whole, or None."""
        ...

    async def event(self, event_id: EventId) -> EventRow | None:
        """Return one event that was decided, or None."""
        ...

    async def profile(self, subject: Subject) -> Profile | None:
        """Return the profile this subject names, or None."""
        ...

    async def profile_by_number(self, msisdn: Msisdn) -> list[Profile]:
        """Return the profiles that hold this number, at most 20."""
        ...

    async def profile_events(self, profile_id: ProfileId, limit: int, name: str = "") -> list[EventRow]:
        """Return what a profile did, newest first; `name` narrows it to one event."""
        ...

    async def decisions(self, occasion_id: OccasionId) -> list[DecisionRecord]:
        """Return every campaign's answer on one occasion, by campaign id."""
        ...

    async def is_suppressed(self, address: Address) -> bool:
        """Say whether the number is suppressed."""
        ...

    async def suppression(self, address: Address) -> SuppressionChange | None:
        """Return how the number was suppressed or released last, or None if it never was."""
        ...

    async def people(self, subjects: Sequence[Subject], lists: Sequence[ListId] = ()) -> Facts:
        """Return the profiles of these subjects, what stands about their numbers, and their lists among these."""
        ...

    async def everybody(self, after: int, limit: int, lists: Sequence[ListId] = ()) -> Crowd:
        """Return the people who came after this place, in the order in which they came."""
        ...

    async def last_place(self) -> int:
        """Return the place of the person who came last, as `everybody` counts places; 0 if there is nobody."""
        ...

    async def runs(self, campaign_id: CampaignId, limit: int) -> list[RunRecord]:
        """Return the last runs of a campaign's schedule, newest first."""
        ...

    async def runs_between(self, begin: datetime, end: datetime, limit: int) -> list[RunRecord]:
        """Return the runs whose moment is in [begin, end), in order of time, at most `limit`."""
        ...

    async def due_between(self, spans: Sequence[tuple[datetime, datetime]], limit: int) -> list[int]:
        """Return for each span [begin, end) how many people inside campaigns become due in it, at most `limit` each.

        Whoever stands in a campaign that is paused is not counted.
        """
        ...

    async def sweeps(self, campaign_id: CampaignId) -> list[SweepProgress]:
        """Return what a campaign goes through people for, or will."""
        ...

    async def trials(self, campaign_id: CampaignId, limit: int) -> list[Trial]:
        """Return the last trials of a campaign's splits, newest first."""
        ...

    async def planned_runs(self) -> list[PlannedRun]:
        """Return the runs that campaigns will make next or are making: a few of each campaign with a schedule."""
        ...

    async def at_work(self, campaign_ids: Sequence[CampaignId]) -> AbstractSet[CampaignId]:
        """Return those of these campaigns that have a run planned or under way, or somebody inside."""
        ...

    async def funnel(self, campaign_ids: Sequence[CampaignId]) -> list[Funnel]:
        """Return each campaign's numbers."""
        ...

    async def step_sums(self, campaign_id: CampaignId) -> StepSums:
        """Return a campaign's sums by step, those of steps too that it has no more."""
        ...

    async def waiting(self, campaign_id: CampaignId) -> list[Waiting]:
        """Return how many people stand at each step of each version of a campaign."""
        ...

    async def queued(self) -> int:
        """Return how many messages of all campaigns wait to be handed over."""
        ...

    async def overdue(self, campaign_id: CampaignId, limit: int) -> int:
        """Return how many people have become due while their campaign is paused, at most `limit`."""
        ...

    async def overdue_by_step(self, campaign_id: CampaignId, limit: int) -> list[OverdueAt]:
        """Return at which steps these stand, of at most `limit`, those who were due first."""
        ...

    async def calls_waiting(self, campaign_id: CampaignId, limit: int) -> tuple[int, int]:
        """Return how many calls of a campaign wait, and how many of these were tried in vain; at most `limit`."""
        ...

    async def people_inside(
        self, campaign_id: CampaignId, step: str | None, limit: int, after: str = ""
    ) -> list[PersonInside]:
        """Return people inside a campaign, at one of its steps if one is named, from the cursor on."""
        ...

    async def stays(self, profile_id: ProfileId, limit: int) -> Stays:
        """Return where a person stands, and the last of how they left campaigns."""
        ...

    async def decided(
        self,
        campaign_id: CampaignId,
        rows: int,
        before: int | None = None,
        profile_id: ProfileId | None = None,
    ) -> DecidedPage:
        """Return the decisions of a campaign, for one person if asked, among the `rows` before a place."""
        ...

    async def departed(self, campaign_id: CampaignId, rows: int, before: int | None = None) -> LeftPage:
        """Return how people left a campaign, among the `rows` departures before a place."""
        ...

    async def names(self, profile_ids: Sequence[ProfileId]) -> Mapping[ProfileId, Subject]:
        """Return by what name each of these people is known; who is not known any more is absent."""
        ...

    async def campaign_hours(
        self, campaign_ids: Sequence[CampaignId], since: datetime
    ) -> list[CampaignHours]:
        """Return what each campaign did, by the hour, from that of `since` on: a few rows an hour, no scan."""
        ...

    async def campaign_series(
        self, campaign_ids: Sequence[CampaignId], since: datetime, hours: int, spans: int
    ) -> list[CampaignSeries]:
        """Return how many messages each campaign made in `spans` spans of `hours` hours, from the hour of `since` on.

        In the order asked for; campaign hours are kept for 15 days.
        """
        ...

    async def traffic(self, since: datetime) -> list[ProviderTraffic]:
        """Return the traffic of every provider that ever had any, by id, from the hour of `since` on.

        Costs by hours and providers, not by messages.
        """
        ...

    async def refused_records(self, limit: int, subjects: Sequence[Subject] = ()) -> list[RefusedRecord]:
        """Return the last refused records of uploads, newest first; `subjects` narrows them to those names."""
        ...

    async def refused_callbacks(self, provider_id: ProviderId) -> list[RefusedCallback]:
        """Return the last refused callbacks of a provider, newest first: at most `ports.refusals.CALLBACKS_LIMIT`."""
        ...
