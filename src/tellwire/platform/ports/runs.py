"""Runs of campaigns: what became of their messages, and beginning another attempt of one."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from tellwire.kernel.status import MessageStatus
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.message import MessageId
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.run import RunRecord, Sweep


class Ordeal(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What one message went through: where it stands, why, and each thing that happened to it with its code.

    `place` is its person's, None if there is no such person any more. `repeats`: it was to be tried again though it was
    perhaps sent. `steps` are only there if it is known to have failed, or to have been sent.
    """

    id: MessageId
    occasion_id: OccasionId
    profile_id: ProfileId
    place: int | None
    status: MessageStatus
    error_code: str
    description: str
    repeats: bool
    steps: Sequence[tuple[str, str]]


class Ordeals(msgspec.Struct, frozen=True, kw_only=True):
    """Messages in the order of their ids; `after` is the last id that was looked at, None at the end."""

    messages: Sequence[Ordeal]
    after: str | None


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """A run that begins with its audience: the people at these places, ascending."""

    sweep: Sweep
    members: Sequence[int]
    record: RunRecord


class Runs(Protocol):
    """What of runs is neither decided nor only looked at."""

    async def attempts(self, campaign_id: CampaignId, run: str) -> list[RunRecord]:
        """Return a run and the later attempts of it, the last first; empty if there is no such run."""
        ...

    async def is_under_way(self, campaign_id: CampaignId, run: str) -> bool:
        """Say whether a run, or a later attempt of it, has not come to its end."""
        ...

    async def messages(
        self, campaign_id: CampaignId, after: str, before: str, limit: int, *, has_ended_well: bool
    ) -> Ordeals:
        """Return a campaign's messages whose ids are between these two, of at most `limit` that are looked at.

        Those that wait, or were delivered, are among them only if asked for by `has_ended_well`.
        """
        ...

    async def begin(self, attempt: Attempt) -> bool:
        """Begin an attempt of a run, all or nothing; say whether it began.

        It does not if its campaign does not run, if there is such an attempt already, or one is under way.
        """
        ...
