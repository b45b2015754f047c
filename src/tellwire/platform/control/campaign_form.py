"""A campaign as people fill it in, and as it is shown. What is wrong with one is `campaign_check`'s."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Literal, TypeAlias

import msgspec

from tellwire.kernel.clock import to_ms
from tellwire.kernel.delivery import Delivery, delivery_of
from tellwire.kernel.status import FAILURES, MessageStatus
from tellwire.platform.control.campaign_health import CampaignFact
from tellwire.platform.model.campaign import (
    NAME_LIMIT,
    TEXT_LIMIT,
    Campaign,
    CampaignId,
    CampaignState,
    Content,
    Policy,
)
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.model.rule import Condition, Operator
from tellwire.platform.model.value import Value
from tellwire.platform.ports.reports import Funnel

Template: TypeAlias = Annotated[str, msgspec.Meta(max_length=TEXT_LIMIT)]
Name: TypeAlias = Annotated[str, msgspec.Meta(max_length=NAME_LIMIT)]
Templates: TypeAlias = Annotated[dict[Name, Template], msgspec.Meta(max_length=100)]


class ConditionForm(msgspec.Struct, frozen=True, kw_only=True):
    """One test of one property; see the operators' meaning in the documentation of campaigns."""

    property: Name = ""
    operator: Operator = "equals"
    value: Value = None


Conditions: TypeAlias = Annotated[tuple[ConditionForm, ...], msgspec.Meta(max_length=50)]


class ContentForm(msgspec.Struct, frozen=True, kw_only=True):
    """What is written, in Liquid."""

    text: Template = ""
    transliterate: bool = False
    template_id: Name = ""
    template_variables: Annotated[tuple[Template, ...], msgspec.Meta(max_length=100)] = ()
    tokens: Templates = {}
    extra: Templates = {}


class PolicyForm(msgspec.Struct, frozen=True, kw_only=True):
    """What to do when handing over goes wrong."""

    when_unresolved: Literal["never_repeat", "repeat"] = "never_repeat"
    attempts: Annotated[int, msgspec.Meta(ge=1, le=100)] = 8
    give_up_after_s: Annotated[int, msgspec.Meta(ge=60, le=7 * 86_400)] = 4 * 3600


class CampaignForm(msgspec.Struct, frozen=True, kw_only=True):
    """What people fill in. `version` is the one they started from; 0 for a new campaign."""

    version: Annotated[int, msgspec.Meta(ge=0)] = 0
    name: Name = ""
    event: Name = ""
    event_conditions: Conditions = ()
    profile_conditions: Conditions = ()
    respects_consent: bool = True
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    provider_id: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    content: ContentForm = msgspec.field(default_factory=ContentForm)
    policy: PolicyForm = PolicyForm()


class CampaignPage(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign as it is shown; `problems` are what must be mended before it can be published, by path.

    `facts` are what is wrong with a running one by its last day, the gravest first; empty while all is well.
    `delivery` is how many were delivered of its messages that have an end. `published_version` is the number of the
    version that was published last, null if none was; `version` is for the next save.
    """

    id: CampaignId
    version: int
    published_version: int | None = None
    name: str
    state: CampaignState
    event: str
    event_conditions: tuple[Condition, ...]
    profile_conditions: tuple[Condition, ...]
    respects_consent: bool
    starts_at: datetime | None
    ends_at: datetime | None
    provider_id: ProviderId | None
    content: Content
    policy: Policy
    dropped_until: datetime | None
    created_at: datetime
    updated_at: datetime
    problems: Mapping[str, str] = {}
    funnel: Funnel | None = None
    facts: tuple[CampaignFact, ...] = ()
    delivery: Delivery | None = None


def version_of(campaign: Campaign) -> int:
    """Return the number by which a save knows whether somebody else saved this campaign in between."""
    return to_ms(campaign.updated_at)


def page_of(
    campaign: Campaign,
    problems: Mapping[str, str] | None = None,
    funnel: Funnel | None = None,
    facts: tuple[CampaignFact, ...] = (),
) -> CampaignPage:
    """Return a campaign as it is shown."""
    return CampaignPage(
        **{name: getattr(campaign, name) for name in Campaign.__struct_fields__},
        version=version_of(campaign),
        problems=problems or {},
        funnel=funnel,
        facts=facts,
        delivery=None if funnel is None else _delivery(funnel),
    )


def _delivery(funnel: Funnel) -> Delivery:
    by = funnel.by_status
    on_the_way = by.get(MessageStatus.SENT, 0)
    return delivery_of(
        delivered=by.get(MessageStatus.DELIVERED, 0) + by.get(MessageStatus.READ, 0),
        failed=sum(by.get(status, 0) for status in FAILURES),
        on_the_way=on_the_way,
        heard_of=funnel.sent_or_further - on_the_way,
    )


def campaign_of(
    form: CampaignForm, known: Campaign | None, *, campaign_id: CampaignId, now: datetime
) -> Campaign:
    """Return the campaign that a form means, in the state that it has or as a draft."""
    content = form.content
    return Campaign(
        id=campaign_id,
        name=form.name.strip(),
        state=known.state if known else "draft",
        event=form.event.strip(),
        event_conditions=_conditions(form.event_conditions),
        profile_conditions=_conditions(form.profile_conditions),
        respects_consent=form.respects_consent,
        starts_at=_aware(form.starts_at),
        ends_at=_aware(form.ends_at),
        provider_id=ProviderId(form.provider_id) if form.provider_id else None,
        content=content_of(content),
        policy=msgspec.convert(form.policy, Policy, from_attributes=True),
        dropped_until=known.dropped_until if known else None,
        created_at=known.created_at if known else now,
        updated_at=now,
    )


def content_of(form: ContentForm) -> Content:
    """Return the content that a form means."""
    return msgspec.convert(form, Content, from_attributes=True)


def _conditions(forms: tuple[ConditionForm, ...]) -> tuple[Condition, ...]:
    return tuple(
        Condition(property=form.property.strip(), operator=form.operator, value=form.value) for form in forms
    )


def _aware(moment: datetime | None) -> datetime | None:
    """Return the moment in UTC; one without a zone means UTC."""
    if moment is None:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
