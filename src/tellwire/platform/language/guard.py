"""What keeps a campaign or the account from writing too much: limits, quiet hours, goal."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from tellwire.platform.language.read_steps import read_signal
from tellwire.platform.language.scalars import (
    read_cap,
    read_duration,
    read_throttle,
    read_time,
    write_per,
    write_time,
)
from tellwire.platform.language.step_forms import SignalForm
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.language.write_steps import write_signal
from tellwire.platform.model.bounds import Name
from tellwire.platform.model.campaign import Goal
from tellwire.platform.model.guard import CAPS_LIMIT, Limits, QuietHours, Weekday

QUIET_LIMIT = 20

Amount = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]


class _Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class LimitsForm(_Form, frozen=True, kw_only=True):
    """How much at most, as `1 per 24 hours`."""

    per_person: Annotated[tuple[str, ...], msgspec.Meta(max_length=CAPS_LIMIT)] = ()
    ever: Amount | UnsetType = UNSET
    gap: str | UnsetType = UNSET
    per_run: Amount | UnsetType = UNSET
    per_day: Amount | UnsetType = UNSET
    throttle: str | UnsetType = UNSET
    cut_off: str | UnsetType = UNSET


class QuietForm(_Form, frozen=True, kw_only=True):
    """Hours at which nobody is written to, over midnight if `to` is before `from`."""

    from_: str = msgspec.field(name="from")
    to: str
    days: Annotated[tuple[Weekday, ...], msgspec.Meta(max_length=7)] = ()
    zone: Literal["person", "account"] = "person"
    then: Literal["delay", "discard"] = "delay"


QuietForms = QuietForm | Annotated[tuple[QuietForm, ...], msgspec.Meta(max_length=QUIET_LIMIT)]


class GoalForm(SignalForm, frozen=True, kw_only=True):
    """The event that counts as success `within` this time of entering; `revenue` is a number in it."""

    within: str
    revenue: Name = ""


def read_limits(form: LimitsForm, path: str = "limits") -> Limits:
    """Return the limits that a form means. Raises `Unreadable`."""
    return Limits(
        per_person=tuple(read_cap(text, f"{path}.per_person[{n}]") for n, text in enumerate(form.per_person)),
        ever=_or_none(form.ever),
        gap=None if form.gap is UNSET else read_duration(form.gap, f"{path}.gap"),
        per_run=_or_none(form.per_run),
        per_day=_or_none(form.per_day),
        throttle=None if form.throttle is UNSET else read_throttle(form.throttle, f"{path}.throttle"),
        cut_off=None if form.cut_off is UNSET else read_time(form.cut_off, f"{path}.cut_off"),
    )


def write_limits(limits: Limits) -> LimitsForm:
    """Return the form of limits."""
    return LimitsForm(
        per_person=tuple(map(write_per, limits.per_person)),
        ever=_or_unset(limits.ever),
        gap=UNSET if limits.gap is None else str(limits.gap),
        per_run=_or_unset(limits.per_run),
        per_day=_or_unset(limits.per_day),
        throttle=UNSET if limits.throttle is None else write_per(limits.throttle),
        cut_off=UNSET if limits.cut_off is None else write_time(limits.cut_off),
    )


def read_quiet(forms: QuietForms, path: str = "quiet") -> tuple[QuietHours, ...]:
    """Return the quiet hours that a form, or a list of them, means. Raises `Unreadable`."""
    if isinstance(forms, QuietForm):
        return (_hours(forms, path),)
    return tuple(_hours(form, f"{path}[{n}]") for n, form in enumerate(forms))


def write_quiet(quiet: tuple[QuietHours, ...]) -> tuple[QuietForm, ...]:
    """Return the forms of quiet hours."""
    return tuple(
        QuietForm(
            from_=write_time(one.begins),
            to=write_time(one.ends),
            days=one.days,
            zone=one.zone,
            then=one.then,
        )
        for one in quiet
    )


def read_goal(form: GoalForm, path: str = "goal") -> Goal:
    """Return the goal that a form means. Raises `Unreadable`."""
    return Goal(
        signal=read_signal(form, path),
        within=read_duration(form.within, f"{path}.within"),
        revenue=form.revenue.strip(),
    )


def write_goal(goal: Goal) -> GoalForm:
    """Return the form of a goal."""
    signal = write_signal(goal.signal)
    return GoalForm(
        event=signal.event,
        where=signal.where,
        same=signal.same,
        within=str(goal.within),
        revenue=goal.revenue,
    )


def _hours(form: QuietForm, path: str) -> QuietHours:
    begins, ends = read_time(form.from_, f"{path}.from"), read_time(form.to, f"{path}.to")
    if begins == ends:
        raise Unreadable({path: "Quiet hours that end when they begin are none, or all: write two times."})
    days = tuple(dict.fromkeys(form.days))
    return QuietHours(begins=begins, ends=ends, days=days, zone=form.zone, then=form.then)


def _or_none(amount: int | UnsetType) -> int | None:
    return None if amount is UNSET else amount


def _or_unset(amount: int | None) -> int | UnsetType:
    return UNSET if amount is None else amount
