"""A campaign as people fill it in, flat or with start and steps, and as it is shown: in both forms.

What is wrong with one is `campaign_check`'s, how start, rules and steps are written `campaign_language`'s.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import msgspec

from tellwire.kernel.clock import to_ms
from tellwire.kernel.delivery import Delivery, delivery_of
from tellwire.kernel.status import FAILURES, MessageStatus
from tellwire.platform.control.campaign_health import CampaignFact
from tellwire.platform.control.campaign_language import (
    ConditionForm,
    Conditions,
    RuleForm,
    SendForm,
    StartForm,
    StepForm,
    Unreadable,
    provider_named,
    read_conditions,
    read_rule,
    read_start,
    read_steps,
    write_rule,
    write_start,
    write_step,
)
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignState, Terms
from tellwire.platform.model.content import Content
from tellwire.platform.model.flat import Flat, RespectsConsent, Structure, flat_of, structure_of
from tellwire.platform.model.provider import Provider, ProviderId
from tellwire.platform.model.start import EventName
from tellwire.platform.model.step import ThroughNamed
from tellwire.platform.ports.reports import Funnel


class EitherForm(Terms, frozen=True, kw_only=True):
    """What people write: the flat fields, or start, who and steps. `from` and `until` are starts_at and ends_at."""

    event: EventName | None = None
    event_conditions: Conditions | None = None
    profile_conditions: Conditions | None = None
    respects_consent: RespectsConsent | None = None
    provider_id: ThroughNamed = None
    content: Content | None = None
    start: StartForm | None = None
    who: RuleForm | None = None
    steps: tuple[StepForm, ...] | None = None
    from_: datetime | None = msgspec.field(name="from", default=None)
    until: datetime | None = None


class CampaignForm(EitherForm, frozen=True, kw_only=True):
    """What people fill in. `version` is the one they started from; 0 for a new campaign."""

    version: Annotated[int, msgspec.Meta(ge=0)] = 0


class CampaignPage(Terms, frozen=True, kw_only=True):
    """A campaign as it is shown, in both forms; a campaign that cannot be written flat has no flat fields.

    `problems` are what must be mended before it can be published, by path in the flat form where there is one.
    `facts` are what is wrong with a running one by its last day, the gravest first; empty while all is well.
    `delivery` is how many were delivered of its messages that have an end. `published_version` is the number of the
    version that was published last, null if none was; `version` is for the next save.
    """

    id: CampaignId
    version: int
    published_version: int | None = None
    state: CampaignState
    start: StartForm
    who: RuleForm | None
    steps: tuple[StepForm, ...]
    event: str | None
    event_conditions: tuple[ConditionForm, ...] | None
    profile_conditions: tuple[ConditionForm, ...] | None
    respects_consent: bool | None
    provider_id: ProviderId | None
    content: Content | None
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
    flat = flat_of(campaign)
    return CampaignPage(
        **{name: getattr(campaign, name) for name in (*_TERMS, *_SHOWN)},
        **(dict.fromkeys(_FLAT) if flat is None else flat_forms(flat)),
        start=write_start(campaign.start),
        who=None if campaign.who is None else write_rule(campaign.who),
        steps=tuple(map(write_step, campaign.steps)),
        version=version_of(campaign),
        problems=problems or {},
        funnel=funnel,
        facts=facts,
        delivery=None if funnel is None else _delivery(funnel),
    )


def campaign_of(
    form: EitherForm,
    known: Campaign | None,
    *,
    campaign_id: CampaignId,
    now: datetime,
    providers: Mapping[ProviderId, Provider] | None = None,
) -> Campaign:
    """Return the campaign that a form means, in the state that it has or as a draft. Raises `Unreadable`.

    A provider that the form names by its nickname is looked up in `providers`.
    """
    terms = {name: _normal(getattr(form, name)) for name in _TERMS}
    return Campaign(
        **{**terms, **_period(form)},
        **_structure(form, known, providers or {})._asdict(),
        id=campaign_id,
        state=known.state if known else "draft",
        dropped_until=known.dropped_until if known else None,
        created_at=known.created_at if known else now,
        updated_at=now,
    )


def is_flat(form: EitherForm) -> bool:
    """Say whether what is wrong with a form is said by the flat fields: it has some, or neither these nor others."""
    return _has_flat(form) or not _is_structured(form)


def is_twofold(form: EitherForm) -> bool:
    """Say whether a form is written in both ways."""
    return _has_flat(form) and _is_structured(form)


def flat_forms(flat: Flat) -> dict[str, Any]:
    """Return the flat fields as people write them."""
    fields = {name: getattr(flat, name) for name in _FLAT}
    for name in ("event_conditions", "profile_conditions"):
        fields[name] = msgspec.convert(fields[name], Conditions, from_attributes=True)
    return fields


_TERMS: Final = Terms.__struct_fields__
_FLAT: Final = Flat.__struct_fields__
_SHOWN: Final = ("id", "state", "dropped_until", "created_at", "updated_at")
_HALF: Final = "Write a campaign flat (event, content), or with start and steps, and not half of each."
_TWO: Final = "The flat fields say something else than start, who and steps: send one of the two forms."


def _has_flat(form: EitherForm) -> bool:
    return any(getattr(form, name) is not None for name in _FLAT)


def _is_structured(form: EitherForm) -> bool:
    return form.start is not None or form.who is not None or form.steps is not None


def _structure(
    form: EitherForm, known: Campaign | None, providers: Mapping[ProviderId, Provider]
) -> Structure:
    """Return what a form says in one of the two ways; one that repeats what is known gives way to the other."""
    flat = _flat(form, providers)
    if not _is_structured(form):
        return structure_of(flat or Flat(), None if known is None else known.send)
    written = _written(form, providers)
    if flat is None or flat == (same := flat_of(written)):
        return written
    if form.start is None or form.steps is None:
        raise Unreadable({"start" if form.start is None else "steps": _HALF})
    stored = None if known is None else flat_of(known)
    if known is not None and stored == same:
        return structure_of(flat, known.send)
    if stored == flat:
        return written
    raise Unreadable({"steps": _TWO})


def _written(form: EitherForm, providers: Mapping[ProviderId, Provider]) -> Structure:
    """Return what start, who and steps say."""
    steps = (StepForm(send=SendForm()),) if form.steps is None else form.steps
    return Structure(
        read_start(form.start or StartForm()),
        None if form.who is None else read_rule(form.who),
        read_steps(steps, providers),
    )


def _flat(form: EitherForm, providers: Mapping[ProviderId, Provider]) -> Flat | None:
    """Return what the flat fields say, None if there are none: a null is as if it were left out."""
    fields = {name: value for name in _FLAT if (value := getattr(form, name)) is not None}
    if not fields:
        return None
    for name in ("event_conditions", "profile_conditions"):
        fields[name] = read_conditions(fields.get(name, ()), name)
    fields["event"] = fields.get("event", "").strip()
    fields["provider_id"] = provider_named(fields.get("provider_id"), providers)
    return Flat(**fields)


def _period(form: EitherForm) -> dict[str, datetime | None]:
    """Return the two moments that a form may write under another name."""
    period: dict[str, datetime | None] = {}
    for alias, written, name in (("from", form.from_, "starts_at"), ("until", form.until, "ends_at")):
        if written is None:
            continue
        moment, other = _aware(written), _aware(getattr(form, name))
        if other is not None and other != moment:
            raise Unreadable({alias: f"{name} says something else: write one of them."})
        period[name] = moment
    return period


def _normal(value: Any) -> Any:
    """Return a plain field as it is kept: texts without spaces around them, moments in UTC."""
    match value:
        case str():
            return value.strip()
        case datetime():
            return _aware(value)
        case _:
            return value


def _aware(moment: datetime | None) -> datetime | None:
    """Return the moment in UTC; one without a zone means UTC."""
    if moment is None:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _delivery(funnel: Funnel) -> Delivery:
    by = funnel.by_status
    on_the_way = by.get(MessageStatus.SENT, 0)
    return delivery_of(
        delivered=by.get(MessageStatus.DELIVERED, 0) + by.get(MessageStatus.READ, 0),
        failed=sum(by.get(status, 0) for status in FAILURES),
        on_the_way=on_the_way,
        heard_of=funnel.sent_or_further - on_the_way,
    )
