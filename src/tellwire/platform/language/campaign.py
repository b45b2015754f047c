"""A campaign as people write it: flat, or with start, who and steps. Read here into what it means.

What is wrong with one that can be read is said by `control.campaign_check`.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import msgspec

from tellwire.platform.language.comparison import Conditions, read_conditions
from tellwire.platform.language.guard import (
    GoalForm,
    LimitsForm,
    QuietForms,
    read_goal,
    read_limits,
    read_quiet,
    write_goal,
    write_limits,
    write_quiet,
)
from tellwire.platform.language.names import unfit
from tellwire.platform.language.numbering import last_number, renumbered
from tellwire.platform.language.read_steps import provider_named, read_signal, read_steps
from tellwire.platform.language.rule import RuleForm, read_rule
from tellwire.platform.language.shortening import as_said, settled
from tellwire.platform.language.start import StartForm, read_start
from tellwire.platform.language.step_forms import SendForm, SignalForm, StepForm
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.language.write_steps import write_signal
from tellwire.platform.model.bounds import Name
from tellwire.platform.model.campaign import (
    COURSE,
    Again,
    Campaign,
    CampaignId,
    Guards,
    Priority,
    Terms,
    hashed_name,
)
from tellwire.platform.model.content import Content
from tellwire.platform.model.flat import Flat, RespectsConsent, Structure, flat_of, structure_of
from tellwire.platform.model.provider import Provider, ProviderId
from tellwire.platform.model.rule import conditions_of
from tellwire.platform.model.start import EventName, OnCall
from tellwire.platform.model.step import SendStep, ThroughNamed

LABELS_LIMIT: Final = 50
Labels = Annotated[tuple[Name, ...], msgspec.Meta(max_length=LABELS_LIMIT)]


class EitherForm(Terms, frozen=True, kw_only=True):
    """What people write: the flat fields, or start, who and steps. `from` and `until` are starts_at and ends_at."""

    event: EventName | None = None
    event_conditions: Conditions | None = None
    profile_conditions: Conditions | None = None
    respects_consent: RespectsConsent | None = None
    provider_id: ThroughNamed = None
    content: Content | None = None
    start: StartForm | None = None
    key: Name | None = None
    again: Again | None = None
    stop: SignalForm | None = None
    goal: GoalForm | None = None
    holdout: Annotated[float, msgspec.Meta(ge=0, le=100)] | None = None
    limits: LimitsForm | None = None
    quiet: QuietForms | None = None
    priority: Priority | None = None
    labels: Labels | None = None
    who: RuleForm | None = None
    steps: tuple[StepForm, ...] | None = None
    from_: datetime | None = msgspec.field(name="from", default=None)
    until: datetime | None = None


_TERMS: Final = Terms.__struct_fields__
_FLAT: Final = Flat.__struct_fields__
_HALF: Final = "Write a campaign flat (event, content), or with start and steps, and not half of each."
_TWO: Final = "The flat fields say something else than start, who and steps: send one of the two forms."


def campaign_of(
    form: EitherForm,
    known: Campaign | None,
    *,
    campaign_id: CampaignId,
    now: datetime,
    providers: Mapping[ProviderId, Provider] | None = None,
) -> Campaign:
    """Return the campaign that a form means, in the state that it has or as a draft. Raises `Unreadable`.

    A provider that the form names by its nickname is looked up in `providers`. A flat form leaves what it has no
    words for as it is known.
    """
    terms = {name: _normal(getattr(form, name), name) for name in _TERMS}
    if why := unfit(form.name):
        raise Unreadable({"name": why})
    campaign = Campaign(
        **{**terms, **_period(form)},
        **_structure(form, known, providers or {})._asdict(),
        **_guards(form, None if is_structured(form) else known),
        hashed_as=_hashed_as(known),
        id=campaign_id,
        state=known.state if known else "draft",
        **{name: getattr(known, name) for name in COURSE if known},
        created_at=known.created_at if known else now,
        updated_at=now,
    )
    campaign = settled(campaign)
    if known is None or not known.version:
        return campaign
    steps = renumbered(campaign.steps, known)
    return msgspec.structs.replace(campaign, steps=steps, last_number=last_number(known))


def is_flat(form: EitherForm) -> bool:
    """Say whether what is wrong with a form is said by the flat fields: it has some, or neither these nor others."""
    return _has_flat(form) or not is_structured(form)


def is_structured(form: EitherForm) -> bool:
    """Say whether a form has start, who or steps."""
    return form.start is not None or form.who is not None or form.steps is not None


def is_twofold(form: EitherForm) -> bool:
    """Say whether a form is written in both ways."""
    return _has_flat(form) and is_structured(form)


def flat_forms(flat: Flat) -> dict[str, Any]:
    """Return the flat fields as people write them."""
    fields = {name: getattr(flat, name) for name in _FLAT}
    for name in ("event_conditions", "profile_conditions"):
        fields[name] = msgspec.convert(fields[name], Conditions, from_attributes=True)
    return fields


def _has_flat(form: EitherForm) -> bool:
    return any(getattr(form, name) is not None for name in _FLAT)


def _structure(
    form: EitherForm, known: Campaign | None, providers: Mapping[ProviderId, Provider]
) -> Structure:
    """Return what a form says in one of the two ways; one that repeats what is known gives way to the other."""
    flat = _flat(form, providers)
    if not is_structured(form):
        structure = structure_of(flat or Flat(), _only_send(known))
        if known is None or form.profile_conditions is not None or conditions_of(known.who) is not None:
            return structure
        return structure._replace(who=known.who)  # which says more than conditions can
    written = _written(form, providers)
    if flat is None or flat == (same := flat_of(written)):
        return written
    if form.start is None or form.steps is None:
        raise Unreadable({"start" if form.start is None else "steps": _HALF})
    stored = None if known is None else flat_of(as_said(known))
    if known is not None and stored == same:
        return structure_of(flat, _only_send(known))
    if stored == flat:
        return written
    raise Unreadable({"steps": _TWO})


def _only_send(known: Campaign | None) -> SendStep | None:
    return None if known is None else known.only_send


def _written(form: EitherForm, providers: Mapping[ProviderId, Provider]) -> Structure:
    """Return what start, who and steps say."""
    steps = (StepForm(send=SendForm()),) if form.steps is None else form.steps
    return Structure(
        read_start(form.start or StartForm()),
        None if form.who is None else read_rule(form.who),
        read_steps(steps, providers),
    )


def _guards(form: EitherForm, known: Campaign | None) -> dict[str, Any]:
    """Return what a form says beside who enters and what happens then; what it leaves out is as `known`."""
    said = {
        "key": None if form.key is None else _key(form.key) if form.key else "",
        "again": form.again,
        "stop": None if form.stop is None else read_signal(form.stop, "stop"),
        "goal": None if form.goal is None else read_goal(form.goal),
        "holdout": form.holdout,
        "limits": None if form.limits is None else read_limits(form.limits),
        "quiet": None if form.quiet is None else read_quiet(form.quiet),
        "priority": form.priority,
        "labels": None if form.labels is None else _labels(form.labels),
    }
    return {
        name: getattr(known or _UNGUARDED, name) if value is None else value for name, value in said.items()
    }


_UNGUARDED: Final = Guards()


def _labels(written: Labels) -> Labels:
    whys = {f"labels[{number}]": why for number, label in enumerate(written) if (why := unfit(label))}
    if whys:
        raise Unreadable(whys)
    return tuple(dict.fromkeys(label.strip() for label in written if label.strip()))


def _hashed_as(known: Campaign | None) -> str:
    """Return the name by which people are shared out: once published it stays, whatever the campaign is called."""
    if known is None or known.state == "draft":
        return "" if known is None else known.hashed_as
    return hashed_name(known)


def guard_forms(campaign: Campaign) -> dict[str, Any]:
    """Return what a campaign says beside who enters and what happens then, where it says more than nothing."""
    written = {
        "key": written_key(campaign) or None,
        "again": None if campaign.again == "ignore" else campaign.again,
        "stop": None if campaign.stop is None else write_signal(campaign.stop),
        "goal": None if campaign.goal is None else write_goal(campaign.goal),
        "holdout": campaign.holdout or None,
        "limits": None if campaign.limits == _UNGUARDED.limits else write_limits(campaign.limits),
        "quiet": write_quiet(campaign.quiet) or None,
        "priority": None if campaign.priority == "normal" else campaign.priority,
        "labels": campaign.labels or None,
    }
    return {name: form for name, form in written.items() if form is not None}


def written_key(campaign: Campaign) -> str:
    """Return a campaign's key as people write it, empty where it has none."""
    source = "ExternalTrigger" if isinstance(campaign.start, OnCall) else "Event"
    return f"{source}.{campaign.key}" if campaign.key else ""


def _key(text: str) -> str:
    """Return the property that `Event.cart_id` names, or the value of a call that `ExternalTrigger.cart_id` does."""
    source, _, name = text.strip().partition(".")
    if source.lower() not in {"event", "externaltrigger"} or not name:
        raise Unreadable({"key": "Name a property of the entering event, as Event.cart_id."})
    return name


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
        moment, other = _aware(written, alias), _aware(getattr(form, name), name)
        if other is not None and other != moment:
            raise Unreadable({alias: f"{name} says something else: write one of them."})
        period[name] = moment
    return period


def _normal(value: Any, path: str) -> Any:
    """Return a plain field as it is kept: texts without spaces around them, moments in UTC."""
    match value:
        case str():
            return value.strip()
        case datetime():
            return _aware(value, path)
        case _:
            return value


def _aware(moment: datetime | None, path: str) -> datetime | None:
    """Return the moment in UTC; one without a zone means UTC."""
    if moment is None:
        return None
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        raise Unreadable({path: "In UTC no calendar has this moment: write a year from 2 to 9998."}) from None
