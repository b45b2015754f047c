"""Saved audiences: rules with a name, which campaigns and other audiences ask for."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromQuery, JSONBody, QueryParameter

from tellwire.kernel.telemetry import log
from tellwire.platform.control.account import AUDIENCES_LIMIT
from tellwire.platform.control.account_effects import audiences_used
from tellwire.platform.control.audience_rules import rule_of
from tellwire.platform.control.desk import Desk, DeskDependency, save
from tellwire.platform.control.problem import Problem, invalid, not_found
from tellwire.platform.decide.rules import text_of
from tellwire.platform.language.account import read_audiences, write_audiences
from tellwire.platform.language.names import no_name
from tellwire.platform.language.rule import RuleForm, every_rule, write_rule
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.account import Account
from tellwire.platform.model.bounds import Name
from tellwire.platform.model.campaign import CampaignSet
from tellwire.platform.model.rule import Member, Rule
from tellwire.platform.ports.audiences import HistoryProblem
from tellwire.platform.ports.catalog import CatalogChange, PutAccount

Named = Annotated[str, QueryParameter(max_length=120)]


class AudienceWrite(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An audience as somebody writes it."""

    name: Annotated[Name, msgspec.Meta(min_length=1)]
    rule: RuleForm


class AudienceSize(msgspec.Struct, frozen=True, kw_only=True):
    """How many people belong, and whom of them each channel reaches."""

    count: int
    reachable: Mapping[str, int]


class AudienceView(msgspec.Struct, frozen=True, kw_only=True):
    """An audience: its rule, also in words, what asks for it, and its size where that was asked for and is known."""

    name: str
    rule: RuleForm
    text: str
    used_by: Sequence[str]
    size: AudienceSize | None = None


class AudiencesView(msgspec.Struct, frozen=True, kw_only=True):
    """All saved audiences, by name."""

    audiences: Sequence[AudienceView]


@get("/api/audiences", tags=["audiences"])
async def list_audiences(desk: DeskDependency, *, sizes: FromQuery[bool] = False) -> AudiencesView:
    """Return all saved audiences, with `sizes` how many people belong to each."""
    newest = await desk.catalog.snapshot()
    names = sorted(newest.account.audiences, key=str.casefold)
    counted = await _sizes(desk, names, newest.account) if sizes else {}
    return AudiencesView(audiences=[_view(name, newest, counted.get(name)) for name in names])


async def _sizes(desk: Desk, names: Sequence[str], account: Account) -> Mapping[str, AudienceSize]:
    """Return how many belong to each; nothing if that cannot be said now."""
    rules = [Member(name) for name in names]
    try:
        counted = await desk.audiences.count(rules, account, desk.clock.now())
    except HistoryProblem:
        return {}
    return {
        name: AudienceSize(count=one.count, reachable=one.reachable)
        for name, one in zip(names, counted, strict=True)
    }


@get("/api/audiences/saved", tags=["audiences"])
async def read(name: Named, desk: DeskDependency) -> AudienceView:
    """Return one saved audience."""
    newest = await desk.catalog.snapshot()
    _known(newest.account, name)
    return _view(name, newest)


@post("/api/audiences", status_code=201, tags=["audiences"])
async def create(data: JSONBody[AudienceWrite], desk: DeskDependency) -> AudienceView:
    """Save an audience under a new name."""
    name = _name_of(data)

    def change(newest: CampaignSet) -> list[CatalogChange]:
        account = newest.account
        if name in account.audiences:
            raise invalid({"name": f"“{name}” is the name of another audience."})
        if len(account.audiences) >= AUDIENCES_LIMIT:
            raise Problem(409, "full", f"There are {AUDIENCES_LIMIT} audiences, and more cannot be.")
        return [_put(account, {**account.audiences, name: rule_of(data.rule, account)})]

    saved = await save(desk, change)
    log("account.saved")
    return _view(name, saved)


@put("/api/audiences/saved", tags=["audiences"])
async def update(name: Named, data: JSONBody[AudienceWrite], desk: DeskDependency) -> AudienceView:
    """Replace an audience: campaigns ask the new rule from the next person on.

    Only one that nothing uses gets another name.
    """
    new_name = _name_of(data)

    def change(newest: CampaignSet) -> list[CatalogChange]:
        account = newest.account
        _known(account, name)
        if new_name != name:
            _demand_unused(name, newest, "It is asked for by its name")
            if new_name in account.audiences:
                raise invalid({"name": f"“{new_name}” is the name of another audience."})
        rule = rule_of(data.rule, account)
        audiences = {
            new_name if known == name else known: rule if known == name else one
            for known, one in account.audiences.items()
        }
        return [_put(account, audiences)]

    saved = await save(desk, change)
    log("account.saved")
    return _view(new_name, saved)


@delete("/api/audiences/saved", status_code=204, tags=["audiences"])
async def remove(name: Named, desk: DeskDependency) -> None:
    """Delete an audience that nothing uses."""

    def change(newest: CampaignSet) -> list[CatalogChange]:
        account = newest.account
        _known(account, name)
        _demand_unused(name, newest, "Stop or change it first")
        return [_put(account, {known: rule for known, rule in account.audiences.items() if known != name})]

    await save(desk, change)
    log("account.saved")


HANDLERS: Final = [list_audiences, read, create, update, remove]

_USERS_SHOWN: Final = 10


def _put(account: Account, audiences: Mapping[str, Rule]) -> PutAccount:
    """Return the change that saves these audiences. Raises a `Problem` if one is made of itself."""
    try:
        read_audiences(write_audiences(audiences))
    except Unreadable as problem:
        raise invalid({"rule": next(iter(problem.fields.values()))}) from problem
    return PutAccount(msgspec.structs.replace(account, audiences=audiences, version=account.version + 1))


def _known(account: Account, name: str) -> Rule:
    rule = account.audiences.get(name)
    if rule is None:
        raise not_found("such audience")
    return rule


def _name_of(data: AudienceWrite) -> str:
    if why := no_name(data.name, "audience"):
        raise invalid({"name": why})
    return data.name.strip()


def _users_of(name: str, newest: CampaignSet) -> list[str]:
    campaigns = audiences_used(list(newest.campaigns.values())).get(name, ())
    others = [
        other
        for other, rule in newest.account.audiences.items()
        if any(isinstance(one, Member) and one.audience == name for _, one in every_rule(rule))
    ]
    return [
        *(f"the campaign “{campaign}”" for campaign in campaigns),
        *(f"the audience “{other}”" for other in others),
    ]


def _demand_unused(name: str, newest: CampaignSet, why: str) -> None:
    users = _users_of(name, newest)
    if users:
        shown = f"{', '.join(users[:_USERS_SHOWN])}{' and others' if len(users) > _USERS_SHOWN else ''}"
        raise Problem(409, "in_use", f"The audience “{name}” is used by {shown}. {why}.")


def _view(name: str, newest: CampaignSet, size: AudienceSize | None = None) -> AudienceView:
    rule = newest.account.audiences[name]
    return AudienceView(
        name=name, rule=write_rule(rule), text=text_of(rule), used_by=_users_of(name, newest), size=size
    )
