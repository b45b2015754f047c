"""Trials: which branch of a split is the best, by what became of the messages of each until a moment.

One is of a split in one version of a campaign, and of one run where runs of a schedule bring people in.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.enrollment import EnrollmentId
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.step import Measure


class TrialKey(NamedTuple):
    """What tells trials apart; `run` is empty for those whom no run brought in."""

    campaign_id: CampaignId
    run: str
    step: str
    version: int


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """One trial, which began with the first person who came to the split.

    `sent` and `reached` have, by branch, how many people were written to in it and how many of these did what is
    measured, both until `due_at` and no further. `winner` is the branch that won, None until then. `moved_to` is the
    version in which it goes on, 0 where it does not.
    """

    campaign_id: CampaignId
    run: str
    step: str
    version: int
    by: Measure
    began_at: datetime
    due_at: datetime
    sent: tuple[int, ...]
    reached: tuple[int, ...]
    winner: int | None = None
    moved_to: int = 0

    @property
    def key(self) -> TrialKey:
        """What tells it apart."""
        return TrialKey(self.campaign_id, self.run, self.step, self.version)

    @property
    def is_open(self) -> bool:
        """Whether nobody has won yet; one that goes on in another version is over here."""
        return self.winner is None and not self.moved_to


class TriedKey(NamedTuple):
    """What tells those who are in trials apart."""

    id: EnrollmentId
    step: str


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who took a branch that is measured.

    `sent` are the numbers of the branch's sends that wrote to them: what becomes of these messages counts, once.
    `has_reached` says that it did.
    """

    id: EnrollmentId
    step: str
    profile_id: ProfileId
    campaign_id: CampaignId
    run: str
    version: int
    branch: int
    joined_at: datetime
    sent: tuple[int, ...] = ()
    has_reached: bool = False

    @property
    def key(self) -> TriedKey:
        """What tells it apart."""
        return TriedKey(self.id, self.step)

    @property
    def trial(self) -> TrialKey:
        """The trial that it began to count in."""
        return TrialKey(self.campaign_id, self.run, self.step, self.version)


def best(sent: Sequence[int], reached: Sequence[int]) -> int:
    """Return the branch in which the greatest share of those written to did what is measured.

    Of branches alike, and where nobody did, it is the first. Shares are compared exactly.
    """
    winner = 0
    for branch in range(1, len(sent)):
        if reached[branch] * sent[winner] > reached[winner] * sent[branch] or (
            not sent[winner] and reached[branch]
        ):
            winner = branch
    return winner
