"""Export and import of campaigns and providers as one YAML document."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from typing import Any, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromQuery

from tellwire.kernel.telemetry import log
from tellwire.platform.control.affected import AffectedCampaign, affected_by
from tellwire.platform.control.campaign_state import Inside
from tellwire.platform.control.catalog_yaml import (
    BadDocument,
    read_document,
    write_campaign,
    write_campaigns,
    write_document,
)
from tellwire.platform.control.desk import Desk, DeskDependency, save
from tellwire.platform.control.import_plan import Imported, ImportPlan, Manner
from tellwire.platform.control.problem import Problem, not_found
from tellwire.platform.control.provider_page import page_of
from tellwire.platform.control.yaml_lines import with_lines
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet
from tellwire.platform.ports.catalog import CatalogChange, PutAccount, PutCampaign

NAMED_LIMIT: Final = 200  # campaigns of one export by their ids, which stand in the address


@get("/api/export", tags=["transfer"])
async def export(
    desk: DeskDependency,
    *,
    campaign_id: FromQuery[list[int] | None] = None,
    archived: FromQuery[bool] = False,
) -> Response[str]:
    """Return every campaign and provider in use as YAML; secrets are written as `***`.

    With `campaign_id` that campaign alone, and nothing else; named several times those campaigns, at most 200.
    What is archived is left out, unless it is named or asked for with `archived`: a file says no word of that.
    """
    newest = await desk.catalog.snapshot()
    if campaign_id:
        chosen = _named(newest, campaign_id)
        nicknames: dict[str, str] = {one.id: one.nickname for one in newest.providers.values()}
        if len(chosen) == 1:
            return Response(write_campaign(chosen[0], nicknames), media_type="application/yaml")
        text = await asyncio.to_thread(write_campaigns, chosen, nicknames)
        return Response(text, media_type="application/yaml")
    pages = [page_of(provider, desk.vault, "") for provider in newest.providers.values()]
    campaigns = sorted(
        (one for one in newest.campaigns.values() if archived or one.archived_at is None),
        key=lambda campaign: campaign.id,
    )
    text = await asyncio.to_thread(write_document, campaigns, pages, newest.account)
    return Response(text, media_type="application/yaml")


@post("/api/import", status_code=200, tags=["transfer"])
async def import_(
    request: Request[Any, Any, Any],
    desk: DeskDependency,
    *,
    dry_run: FromQuery[bool] = False,
    account: FromQuery[bool] = False,
    inside: FromQuery[Inside] = "finish",
    keep_state: FromQuery[bool] = False,
) -> Imported:
    """Create and change what the YAML document names, all or nothing; what it does not name stays.

    With `dry_run` only say what would change. A secret of `***` keeps what is stored. What the document says of the
    account, which holds over all campaigns, is taken with `account` only; audiences are taken in any case.
    `inside` says what becomes of those who are inside the campaigns that change, as of saving one. With `keep_state`
    nothing is published or stopped, whatever the document says: new campaigns are drafts.
    """
    manner = Manner(takes_account=account, inside=inside, keeps_state=keep_state)
    text, plan = await _planned(desk, await request.body(), manner)
    return await _checked(text, _looked_at(desk, plan) if dry_run else _carried_out(desk, plan))


HANDLERS = [export, import_]


def _named(newest: CampaignSet, ids: Sequence[int]) -> list[Campaign]:
    if len(ids) > NAMED_LIMIT:
        raise Problem(422, "too_many", f"Name at most {NAMED_LIMIT} campaigns, or export everything.")
    campaigns = [newest.campaigns.get(CampaignId(one)) for one in dict.fromkeys(ids)]
    if None in campaigns:
        raise not_found("such campaign")
    return [one for one in campaigns if one is not None]


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """What publishing a document would do: the campaigns that would run, as they would, and the account."""

    text: str
    imported: Imported
    running: Sequence[Campaign]
    account: Account


async def outlook_of(desk: Desk, body: bytes) -> tuple[Outlook, CampaignSet]:
    """Return what publishing a document would do, and to which catalog.

    Raises a `Problem` with everything that is wrong.
    """
    text, plan = await _planned(desk, body, _PUBLISHING)
    imported = await _checked(text, _looked_at(desk, plan))
    newest = await desk.catalog.snapshot()
    return _outlook(text, plan, imported, newest), newest


async def apply_document(desk: Desk, body: bytes, check: Callable[[Outlook, CampaignSet], None]) -> Imported:
    """Publish a document: every campaign of it that is not stopped runs.

    `check` may raise a `Problem`; it is asked about the very catalog that is saved over.
    """
    text, plan = await _planned(desk, body, _PUBLISHING)

    def agreed(newest: CampaignSet) -> None:
        check(_outlook(text, plan, plan.imported(dry_run=True), newest), newest)

    return await _checked(text, _carried_out(desk, plan, agreed))


_PUBLISHING: Final = Manner(publishes=True)


def _outlook(text: str, plan: ImportPlan, imported: Imported, newest: CampaignSet) -> Outlook:
    put = [change.campaign for change in plan.changes if isinstance(change, PutCampaign)]
    account = next(
        (change.account for change in plan.changes if isinstance(change, PutAccount)), newest.account
    )
    return Outlook(
        text=text,
        imported=imported,
        running=[campaign for campaign in put if campaign.state == "running"],
        account=account,
    )


async def _planned(desk: Desk, body: bytes, manner: Manner) -> tuple[str, ImportPlan]:
    try:
        text = body.decode()
        reading = await asyncio.to_thread(read_document, text)
    except UnicodeDecodeError as problem:
        raise Problem(400, "malformed", "The document is not UTF-8.") from problem
    except BadDocument as problem:
        raise Problem(422, "bad_document", str(problem)) from problem
    return text, ImportPlan(desk, reading, desk.clock.now(), manner)


async def _checked(text: str, carried_out: Awaitable[Imported]) -> Imported:
    try:
        return await carried_out
    except Problem as problem:
        problem.fields = await asyncio.to_thread(with_lines, text, problem.fields)
        raise


async def _looked_at(desk: Desk, plan: ImportPlan) -> Imported:
    newest = await desk.catalog.snapshot()
    plan.change(newest, map(CampaignId, count(-1, -1)))
    tables = [
        await _affected(desk, newest.campaigns[change.campaign.id], change.campaign)
        for change in plan.changes
        if isinstance(change, PutCampaign) and change.campaign.id in newest.campaigns
    ]
    affected = [one for one in tables if one.steps]
    return msgspec.structs.replace(plan.imported(dry_run=True), affected=affected)


async def _affected(desk: Desk, now: Campaign, after: Campaign) -> AffectedCampaign:
    steps = affected_by(await desk.reports.waiting(now.id), now, after)
    return AffectedCampaign(campaign_id=now.id, name=now.name, steps=steps)


async def _carried_out(
    desk: Desk, plan: ImportPlan, check: Callable[[CampaignSet], None] = lambda _: None
) -> Imported:
    ids = [
        CampaignId(await desk.catalog.next_campaign_id())
        for _ in plan.new_campaigns(await desk.catalog.snapshot())
    ]

    def changes(newest: CampaignSet) -> list[CatalogChange]:
        changes = plan.change(newest, iter(ids))
        check(newest)
        return changes

    await save(desk, changes, plan.way)
    log("import.done", rows=len(plan.differences))
    return plan.imported(dry_run=False)
