"""A campaign as people fill it in, and as it is shown: in both forms.

What is wrong with one is said by `campaign_check`; how it is written, by `language`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

import msgspec

from tellwire.kernel.clock import to_ms
from tellwire.kernel.delivery import Delivery, delivery_of
from tellwire.kernel.status import FAILURES, MessageStatus
from tellwire.platform.control.campaign_health import CampaignFact
from tellwire.platform.control.campaign_standing import Standing
from tellwire.platform.language.campaign import EitherForm, Labels, flat_forms, written_key
from tellwire.platform.language.comparison import ConditionForm
from tellwire.platform.language.guard import (
    GoalForm,
    LimitsForm,
    QuietForm,
    write_goal,
    write_limits,
    write_quiet,
)
from tellwire.platform.language.rule import RuleForm, write_rule
from tellwire.platform.language.shortening import as_said
from tellwire.platform.language.start import StartForm, write_start
from tellwire.platform.language.step_forms import SignalForm, StepForm
from tellwire.platform.language.write_steps import write_signal, write_steps
from tellwire.platform.model.campaign import Again, Campaign, CampaignId, CampaignState, Priority, Terms
from tellwire.platform.model.content import Content
from tellwire.platform.model.flat import Flat, flat_of
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.ports.campaign_reports import Funnel


class CampaignForm(EitherForm, frozen=True, kw_only=True):
    """What people fill in. `version` is the one they started from; 0 for a new campaign."""

    version: Annotated[int, msgspec.Meta(ge=0)] = 0


class CampaignPage(Terms, frozen=True, kw_only=True):
    """A campaign as it is shown, in both forms; a campaign that cannot be written flat has no flat fields.

    `problems` are what must be mended before it can be published, by path in the flat form where there is one.
    `facts` are what is wrong with a running one by its last day, the gravest first; empty while all is well.
    `standing` is its state and what the facts make of it, as the table of campaigns has it, and `next_at` when its
    schedule is due; a version that was published once has neither.
    `delivery` is how many were delivered of its messages that have an end. `published_version` is the number of the
    version that was published last, null if none was; `version` is for the next save. One with `archived_at` is
    left out of lists.
    """

    id: CampaignId
    version: int
    published_version: int | None = None
    state: CampaignState
    start: StartForm
    who: RuleForm | None
    steps: tuple[StepForm, ...]
    key: str
    again: Again
    stop: SignalForm | None
    goal: GoalForm | None
    holdout: float
    limits: LimitsForm
    quiet: tuple[QuietForm, ...]
    priority: Priority
    labels: Labels
    event: str | None
    event_conditions: tuple[ConditionForm, ...] | None
    profile_conditions: tuple[ConditionForm, ...] | None
    respects_consent: bool | None
    provider_id: ProviderId | None
    content: Content | None
    dropped_until: datetime | None
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime
    problems: Mapping[str, str] = {}
    funnel: Funnel | None = None
    facts: tuple[CampaignFact, ...] = ()
    standing: Standing | None = None
    next_at: datetime | None = None
    delivery: Delivery | None = None


def version_of(campaign: Campaign) -> int:
    """Return the number by which a save knows whether somebody else saved this campaign in between."""
    return to_ms(campaign.updated_at)


def page_of(
    kept: Campaign,
    problems: Mapping[str, str] | None = None,
    funnel: Funnel | None = None,
    facts: tuple[CampaignFact, ...] = (),
) -> CampaignPage:
    """Return a campaign as it is shown."""
    campaign = as_said(kept)
    flat = flat_of(campaign)
    return CampaignPage(
        **{name: getattr(campaign, name) for name in (*_TERMS, *_SHOWN)},
        **(dict.fromkeys(Flat.__struct_fields__) if flat is None else flat_forms(flat)),
        start=write_start(campaign.start),
        who=None if campaign.who is None else write_rule(campaign.who),
        steps=write_steps(campaign.steps),
        key=written_key(campaign),
        stop=None if campaign.stop is None else write_signal(campaign.stop),
        goal=None if campaign.goal is None else write_goal(campaign.goal),
        limits=write_limits(campaign.limits),
        quiet=write_quiet(campaign.quiet),
        version=version_of(campaign),
        problems=problems or {},
        funnel=funnel,
        facts=facts,
        delivery=None if funnel is None else delivery_in(funnel),
    )


_TERMS: Final = Terms.__struct_fields__
_SHOWN: Final = (
    *("id", "state", "dropped_until", "archived_at", "created_at", "updated_at"),
    *("again", "holdout", "priority", "labels"),
)


def delivery_in(funnel: Funnel) -> Delivery:
    """Return how many were delivered of a campaign's messages that have an end."""
    by = funnel.by_status
    on_the_way = by.get(MessageStatus.SENT, 0)
    return delivery_of(
        delivered=by.get(MessageStatus.DELIVERED, 0) + by.get(MessageStatus.READ, 0),
        failed=sum(by.get(status, 0) for status in FAILURES),
        on_the_way=on_the_way,
        heard_of=funnel.sent_or_further - on_the_way,
    )
