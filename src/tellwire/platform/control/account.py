"""What holds over all campaigns: the account's time zone, quiet hours, caps and holdout, and its audiences."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar import get, put
from litestar.params import JSONBody

from tellwire.kernel.secrets import Vault
from tellwire.kernel.telemetry import log
from tellwire.platform.control.campaign_state import replacing
from tellwire.platform.control.desk import DeskDependency, save
from tellwire.platform.control.list_use import unknown_in_audiences
from tellwire.platform.control.problem import Problem, invalid
from tellwire.platform.deliver.webhook import secret_text
from tellwire.platform.language.account import (
    AccountForm,
    AudienceForm,
    read_account,
    read_audiences,
    write_account,
    write_audiences,
)
from tellwire.platform.language.placed_rules import placed_rules
from tellwire.platform.language.rule import every_rule
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import IN_USE, CampaignSet
from tellwire.platform.model.rule import Member
from tellwire.platform.model.start import OnMembership, OnSchedule
from tellwire.platform.ports.catalog import CatalogChange, PutAccount, PutCampaign

AUDIENCES_LIMIT: Final = 1_000
WEBHOOKS: Final = "webhooks"  # the purpose of the secret that calls are signed with


class AccountPage(msgspec.Struct, frozen=True, kw_only=True):
    """The account, and its audiences by name. `version` is the one that a save starts from.

    While it `is_paused` no message is handed over to a provider. `webhook_secret` is what the calls of steps are signed
    with (Standard Webhooks); it is only shown, and stays while the sealing key does.
    """

    account: AccountForm
    is_paused: bool = False
    webhook_secret: str = ""
    audiences: Annotated[tuple[AudienceForm, ...], msgspec.Meta(max_length=AUDIENCES_LIMIT)] = ()
    version: Annotated[int, msgspec.Meta(ge=0)] = 0


@get("/api/account-settings", tags=["account"])
async def read(desk: DeskDependency) -> AccountPage:
    """Return what holds over all campaigns."""
    return _page((await desk.catalog.snapshot()).account, desk.vault)


@put("/api/account-settings", tags=["account"])
async def update(data: JSONBody[AccountPage], desk: DeskDependency) -> AccountPage:
    """Replace what holds over all campaigns, from the next message on; waits that have begun keep their moment."""

    def change(newest: CampaignSet) -> Sequence[CatalogChange]:
        if data.version != newest.account.version:
            message = "Somebody else saved the account meanwhile. Reload it, and make your changes again."
            if not data.version:
                message = "Send the `version` that you read it with, so that nobody's changes are lost."
            raise Problem(409, "stale", message)
        account = account_of(data.account, data.audiences, newest)
        account = msgspec.structs.replace(account, is_paused=data.is_paused)
        return [PutAccount(account), *planned_anew(newest, account, desk.clock.now())]

    saved = await save(desk, change)
    log("account.saved")
    return _page(saved.account, desk.vault)


HANDLERS: Final = [read, update]


def account_of(form: AccountForm, audiences: Sequence[AudienceForm], newest: CampaignSet) -> Account:
    """Return the account that a form means. Raises a `Problem`, also if a campaign in use needs what would be gone."""
    try:
        account = read_account(form, read_audiences(audiences))
    except Unreadable as problem:
        raise invalid(problem.fields) from problem
    missing = {name: by for name, by in _needed(newest).items() if name not in account.audiences}
    if missing:
        whys = [f"“{by}” needs the audience “{name}”" for name, by in missing.items()]
        raise invalid({"audiences": f"{'; '.join(whys)}: stop it first, or keep the audience."})
    known = newest.account
    account = msgspec.structs.replace(account, lists=known.lists, last_list=known.last_list)
    if unknown := unknown_in_audiences(account):
        raise invalid(unknown)
    return msgspec.structs.replace(account, is_paused=known.is_paused, version=known.version + 1)


def planned_anew(newest: CampaignSet, account: Account, now: datetime) -> list[PutCampaign]:
    """Return the schedules whose runs come at other moments in the account's zone from now on."""
    if account.zone == newest.account.zone:
        return []
    return [
        replacing(campaign, campaign, account, now)
        for campaign in newest.campaigns.values()
        if campaign.state == "running" and isinstance(campaign.start, OnSchedule)
    ]


def _needed(newest: CampaignSet) -> dict[str, str]:
    """Return the audiences that campaigns in use name, each with one of those campaigns."""
    needed: dict[str, str] = {}
    for campaign in newest.campaigns.values():
        if campaign.state in IN_USE:
            if isinstance(campaign.start, OnMembership):
                needed[campaign.start.audience] = campaign.name
            for _, rule in placed_rules(campaign):
                needed |= {
                    one.audience: campaign.name for _, one in every_rule(rule) if isinstance(one, Member)
                }
    return needed


def _page(account: Account, vault: Vault) -> AccountPage:
    return AccountPage(
        account=write_account(account),
        is_paused=account.is_paused,
        webhook_secret=secret_text(vault.derived(WEBHOOKS)),
        audiences=write_audiences(account.audiences),
        version=account.version,
    )
