"""What people look at of a campaign: its figures, and what it decided."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from tellwire.kernel.status import MessageStatus
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.decision import DecisionRecord
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.trial import Trial


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


class StepSums(msgspec.Struct, frozen=True, kw_only=True):
    """Sums by step of a campaign: who came there, who left there, whose message was skipped there.

    `numbered` are messages by status, of the steps with a number other than 0; those of the step that has it are the
    rest of the campaign's.
    """

    came: Mapping[str, int] = {}
    left: Mapping[str, int] = {}
    skipped: Mapping[str, int] = {}
    numbered: Mapping[int, Mapping[MessageStatus, int]] = {}


class DecidedPage(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided for a campaign among a bounded number of decisions, newest first.

    `reached` is the moment of the oldest that was looked at, `following` the place to go on from; None at the end.
    """

    decisions: Sequence[DecisionRecord]
    reached: datetime | None
    following: int | None


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


class CampaignReports(Protocol):
    """Every figure equals what the ledger recorded."""

    async def trials(self, campaign_id: CampaignId, limit: int) -> list[Trial]:
        """Return the last trials of a campaign's splits, newest first."""
        ...

    async def funnel(self, campaign_ids: Sequence[CampaignId]) -> list[Funnel]:
        """Return each campaign's numbers."""
        ...

    async def step_sums(self, campaign_id: CampaignId) -> StepSums:
        """Return a campaign's sums by step, those of steps too that it has no more."""
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

    async def calls_waiting(self, campaign_id: CampaignId, limit: int) -> tuple[int, int]:
        """Return how many calls of a campaign wait, and how many of these were tried in vain; at most `limit`."""
        ...
