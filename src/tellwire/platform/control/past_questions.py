"""Funnels, RFM and cohorts: three questions over what people did."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Final

import msgspec
from litestar import post
from litestar.params import JSONBody

from tellwire.platform.control.audience_rules import answered, rule_of
from tellwire.platform.control.desk import DeskDependency
from tellwire.platform.control.moments import moment_of
from tellwire.platform.control.problem import invalid
from tellwire.platform.decide.predicate import value_problem
from tellwire.platform.language.comparison import ConditionForm, read_conditions
from tellwire.platform.language.rule import RuleForm
from tellwire.platform.language.scalars import read_duration
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.account import Account
from tellwire.platform.model.bounds import Name
from tellwire.platform.model.rule import CONDITIONS_LIMIT, Rule
from tellwire.platform.ports.questions import (
    PERIODS_LIMIT,
    STEPS_LIMIT,
    Cohort,
    Cohorts,
    Deed,
    Funnel,
    FunnelStep,
    Rfm,
    RfmCell,
)

Written = Annotated[str, msgspec.Meta(max_length=40)]


class DeedForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Events of a name, and what they are like."""

    event: Annotated[Name, msgspec.Meta(min_length=1)]
    where: Annotated[tuple[ConditionForm, ...], msgspec.Meta(max_length=CONDITIONS_LIMIT)] = ()


class FunnelForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Steps, the period in which people did the first, the time until the last, and who is looked at."""

    steps: Annotated[tuple[DeedForm, ...], msgspec.Meta(min_length=1, max_length=STEPS_LIMIT)]
    begins: Written = msgspec.field(name="from")
    ends: Written = msgspec.field(name="to")
    within: Written = "7 days"
    who: RuleForm | None = None


class FunnelAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How many came to each step."""

    steps: Sequence[FunnelStep]


class RfmForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people did, since when, and by which property it is much."""

    event: Annotated[Name, msgspec.Meta(min_length=1)]
    where: Annotated[tuple[ConditionForm, ...], msgspec.Meta(max_length=CONDITIONS_LIMIT)] = ()
    within: Written = "365 days"
    amount: Name = ""
    who: RuleForm | None = None


class RfmAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The cells that anybody is in: fifths by recency and by frequency, 5 the most."""

    cells: Sequence[RfmCell]


class CohortsForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people began with and what they came back for, in periods that follow each other."""

    start: DeedForm
    back: DeedForm
    begins: Written = msgspec.field(name="from")
    period: Written = "7 days"
    periods: Annotated[int, msgspec.Meta(ge=1, le=PERIODS_LIMIT)] = 8
    who: RuleForm | None = None


class CohortsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A cohort for each period."""

    cohorts: Sequence[Cohort]


@post("/api/funnels", status_code=200, tags=["audiences"])
async def funnel(data: JSONBody[FunnelForm], desk: DeskDependency) -> FunnelAnswer:
    """Count who came to each of some steps, one after the other, from the first time that they did the first."""
    account, begins, ends = (
        (await desk.catalog.snapshot()).account,
        moment_of("from", data.begins),
        moment_of("to", data.ends),
    )
    if ends <= begins:
        raise invalid({"to": "It ends before it begins."})
    question = Funnel(
        steps=tuple(_deed(step, f"steps[{n}]") for n, step in enumerate(data.steps)),
        begins_at=begins,
        ends_at=ends,
        within=_span(data.within, "within"),
        who=_who(data.who, account),
    )
    return FunnelAnswer(
        steps=await answered(desk.audiences.questions.funnel(question, account, desk.clock.now()))
    )


@post("/api/rfm", status_code=200, tags=["audiences"])
async def rfm(data: JSONBody[RfmForm], desk: DeskDependency) -> RfmAnswer:
    """Sort people into fifths by how lately and how often they did something, with what it came to."""
    account, now = (await desk.catalog.snapshot()).account, desk.clock.now()
    question = Rfm(
        deed=_deed(DeedForm(event=data.event, where=data.where), ""),
        begins_at=_back(now, _span(data.within, "within")),
        amount=data.amount.strip(),
        who=_who(data.who, account),
    )
    return RfmAnswer(cells=await answered(desk.audiences.questions.rfm(question, account, now)))


@post("/api/cohorts", status_code=200, tags=["audiences"])
async def cohorts(data: JSONBody[CohortsForm], desk: DeskDependency) -> CohortsAnswer:
    """Count who came back, by the period in which they first did something."""
    account = (await desk.catalog.snapshot()).account
    question = Cohorts(
        start=_deed(data.start, "start"),
        back=_deed(data.back, "back"),
        begins_at=moment_of("from", data.begins),
        period=_span(data.period, "period"),
        periods=data.periods,
        who=_who(data.who, account),
    )
    questions = desk.audiences.questions
    return CohortsAnswer(cohorts=await answered(questions.cohorts(question, account, desk.clock.now())))


HANDLERS: Final = [funnel, rfm, cohorts]


def _deed(form: DeedForm, path: str) -> Deed:
    place = f"{path}.where" if path else "where"
    try:
        where = read_conditions(form.where, place)
    except Unreadable as problem:
        raise invalid(problem.fields) from problem
    problems = {
        f"{place}[{n}].value": why for n, one in enumerate(where) if (why := value_problem(one)) is not None
    }
    if problems:
        raise invalid(problems)
    return Deed(event=form.event.strip(), where=where)


def _span(written: str, path: str) -> timedelta:
    try:
        return read_duration(written, path).span
    except Unreadable as problem:
        raise invalid(problem.fields) from problem


def _back(now: datetime, span: timedelta) -> datetime:
    try:
        return now - span
    except OverflowError as problem:
        raise invalid({"within": "That is before all calendars."}) from problem


def _who(form: RuleForm | None, account: Account) -> Rule | None:
    return None if form is None else rule_of(form, account, "who")
