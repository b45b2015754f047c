"""What holds over all campaigns: the account's time zone, quiet hours, caps and holdout, and its audiences."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from litestar import get, post, put
from litestar.params import FromQuery, JSONBody

from tellwire.kernel.telemetry import log
from tellwire.platform.control.account_effects import audiences_used, effects_of
from tellwire.platform.control.campaign_check import problems_of_audiences
from tellwire.platform.control.campaign_state import DECIDING, replacing
from tellwire.platform.control.desk import Desk, DeskDependency, save
from tellwire.platform.control.list_use import unknown_in_audiences
from tellwire.platform.control.problem import Problem, invalid
from tellwire.platform.decide.sweeping import expects_anew
from tellwire.platform.deliver.webhook import secret_text
from tellwire.platform.language.account import (
    AccountForm,
    AudienceForm,
    read_account,
    read_audiences,
    write_account,
    write_audiences,
)
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import CampaignSet
from tellwire.platform.model.start import OnSchedule
from tellwire.platform.ports.catalog import CatalogChange, PutAccount, PutCampaign

AUDIENCES_LIMIT: Final = 1_000
WEBHOOKS: Final = "webhooks"  # the purpose of the secret that calls are signed with


# What becomes of messages that wait when all sending is paused: they go when it goes on, or never.
QueuedNow = Literal["keep", "drop"]


class AccountEffects(msgspec.Struct, frozen=True, kw_only=True):
    """What a change of the account would do, a sentence each; empty if it would do nothing."""

    effects: Sequence[str]


class AccountPage(msgspec.Struct, frozen=True, kw_only=True):
    """The account, and its audiences by name. `version` is the one that a save starts from.

    While it `is_paused` no message is handed over to a provider: `queued` is how many wait, in all. `used` are the
    audiences that campaigns in use need, with the names of these. `webhook_secret` is what the calls of steps are
    signed with (Standard Webhooks); it stays while the sealing key does. What is not the account's, nor an audience,
    nor `is_paused`, is only shown.
    """

    account: AccountForm
    is_paused: bool = False
    queued: int = 0
    used: Mapping[str, Sequence[str]] = {}
    webhook_secret: str = ""
    audiences: Annotated[tuple[AudienceForm, ...], msgspec.Meta(max_length=AUDIENCES_LIMIT)] = ()
    version: Annotated[int, msgspec.Meta(ge=0)] = 0


@get("/api/account-settings", tags=["account"])
async def read(desk: DeskDependency) -> AccountPage:
    """Return what holds over all campaigns."""
    return await _page(desk, await desk.catalog.snapshot())


@put("/api/account-settings", tags=["account"])
async def update(
    data: JSONBody[AccountPage], desk: DeskDependency, *, queued: FromQuery[QueuedNow] = "keep"
) -> AccountPage:
    """Replace what holds over all campaigns, from the next message on; waits that have begun keep their moment.

    With `is_paused`, messages that wait are kept until sending goes on, or with `queued=drop` never go: each ends as
    rejected when its turn comes.
    """
    now = desk.clock.now()

    def change(newest: CampaignSet) -> Sequence[CatalogChange]:
        if data.version != newest.account.version:
            message = "Somebody else saved the account meanwhile. Reload it, and make your changes again."
            if not data.version:
                message = "Send the `version` that you read it with, so that nobody's changes are lost."
            raise Problem(409, "stale", message)
        account = account_of(data.account, data.audiences, newest)
        account = switched(account, is_paused=data.is_paused, queued=queued, now=now)
        return [PutAccount(account), *planned_anew(newest, account, now)]

    saved = await save(desk, change)
    log("account.saved")
    return await _page(desk, saved)


@post("/api/account-settings/effects", status_code=200, tags=["account"])
async def foresee(data: JSONBody[AccountPage], desk: DeskDependency) -> AccountEffects:
    """Say in sentences what saving this would change for people and campaigns; nothing is saved."""
    newest = await desk.catalog.snapshot()
    after = account_of(data.account, data.audiences, newest)
    return AccountEffects(effects=effects_of(newest.account, after, list(newest.campaigns.values())))


HANDLERS: Final = [read, update, foresee]


def switched(account: Account, *, is_paused: bool, queued: QueuedNow, now: datetime) -> Account:
    """Return the account with sending paused or going on; what was dropped and is not due yet stays dropped."""
    until = account.dropped_until
    if not is_paused:
        until = until and min(until, now)
    elif queued == "drop":
        until = now + DECIDING
    return msgspec.structs.replace(account, is_paused=is_paused, dropped_until=until)


def account_of(form: AccountForm, audiences: Sequence[AudienceForm], newest: CampaignSet) -> Account:
    """Return the account that a form means. Raises a `Problem`, also if a campaign in use needs what would be gone."""
    try:
        account = read_account(form, read_audiences(audiences))
    except Unreadable as problem:
        raise invalid(problem.fields) from problem
    problems = problems_of_audiences(account)
    if problems:
        raise invalid(problems)
    needed = audiences_used(list(newest.campaigns.values()))
    missing = {name: by for name, by in needed.items() if name not in account.audiences}
    if missing:
        whys = [f"“{by[-1]}” needs the audience “{name}”" for name, by in missing.items()]
        raise invalid({"audiences": f"{'; '.join(whys)}: stop it first, or keep the audience."})
    known = newest.account
    account = msgspec.structs.replace(account, lists=known.lists, last_list=known.last_list)
    if unknown := unknown_in_audiences(account):
        raise invalid(unknown)
    return msgspec.structs.replace(
        account, is_paused=known.is_paused, dropped_until=known.dropped_until, version=known.version + 1
    )


def planned_anew(newest: CampaignSet, account: Account, now: datetime) -> list[PutCampaign]:
    """Return the campaigns that people enter at other moments from now on: by another zone, or another audience."""
    return [*_in_another_zone(newest, account, now), *joined_otherwise(newest, account, now)]


def joined_otherwise(newest: CampaignSet, account: Account, now: datetime) -> list[PutCampaign]:
    """Return the campaigns whose audience people join by the passing of time otherwise than before."""
    if account.audiences == newest.account.audiences:
        return []
    swept = ((one, expects_anew(one, newest.account, account, now)) for one in newest.campaigns.values())
    return [PutCampaign(campaign, sweep=sweep) for campaign, sweep in swept if sweep is not None]


def _in_another_zone(newest: CampaignSet, account: Account, now: datetime) -> list[PutCampaign]:
    if account.zone == newest.account.zone:
        return []
    return [
        replacing(campaign, campaign, account, now)
        for campaign in newest.campaigns.values()
        if campaign.state == "running" and isinstance(campaign.start, OnSchedule)
    ]


async def _page(desk: Desk, newest: CampaignSet) -> AccountPage:
    account = newest.account
    return AccountPage(
        account=write_account(account),
        is_paused=account.is_paused,
        queued=await desk.reports.queued(),
        used=audiences_used(list(newest.campaigns.values())),
        webhook_secret=secret_text(desk.vault.derived(WEBHOOKS)),
        audiences=write_audiences(account.audiences),
        version=account.version,
    )
