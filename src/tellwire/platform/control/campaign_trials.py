"""Which branch of a split won, or is ahead: the figures of each, for a campaign's page and for scripts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar import get
from litestar.params import FromPath, QueryParameter

from tellwire.platform.control.campaign_demands import known_campaign
from tellwire.platform.control.desk import DeskDependency
from tellwire.platform.model.step import Measure, letter_of
from tellwire.platform.model.trial import Trial

Limit = Annotated[int, QueryParameter(ge=1, le=200)]


class TriedBranch(msgspec.Struct, frozen=True, kw_only=True):
    """A branch that may win: how many people it wrote to, and how many of them did what is measured, until then."""

    branch: str
    sent: int
    reached: int


class TrialView(msgspec.Struct, frozen=True, kw_only=True):
    """A trial of a split's branches, called A, B, ... in their order, by what is measured.

    It began with the first person who came to the split, in a version of the campaign and in a run if it has runs.
    `winner` is the branch that won, null before `due_at`; what came to pass later does not count.
    """

    step: str
    version: int
    run: str
    by: Measure
    began_at: datetime
    due_at: datetime
    branches: Sequence[TriedBranch]
    winner: str | None


class TrialList(msgspec.Struct, frozen=True, kw_only=True):
    """Trials, the newest first."""

    trials: Sequence[TrialView]


@get("/api/campaigns/{campaign_id:int}/trials", tags=["campaigns"])
async def list_trials(campaign_id: FromPath[int], desk: DeskDependency, limit: Limit = 20) -> TrialList:
    """List the trials of a campaign's splits: what each branch came to, and which won."""
    campaign = known_campaign(await desk.catalog.snapshot(), campaign_id)
    return TrialList(trials=[_view(one) for one in await desk.reports.trials(campaign.id, limit)])


HANDLERS: Final = [list_trials]


def _view(trial: Trial) -> TrialView:
    return TrialView(
        step=trial.step,
        version=trial.version,
        run=trial.run,
        by=trial.by,
        began_at=trial.began_at,
        due_at=trial.due_at,
        branches=[
            TriedBranch(branch=letter_of(branch), sent=sent, reached=reached)
            for branch, (sent, reached) in enumerate(zip(trial.sent, trial.reached, strict=True))
        ],
        winner=None if trial.winner is None else letter_of(trial.winner),
    )
