"""Campaigns: list, edit, preview, publish, stop."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from litestar import Request, delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from tellwire.kernel.telemetry import log
from tellwire.platform.control.campaign_check import in_flat, problems_of, unrunnable
from tellwire.platform.control.campaign_form import (
    CampaignForm,
    CampaignPage,
    page_of,
    version_of,
)
from tellwire.platform.control.campaign_health import HOURS, TroubleNow, facts_of
from tellwire.platform.control.campaign_overdue import ResumeForm, resumption_of
from tellwire.platform.control.campaign_state import Inside, Queued, changed, cloned, moved, replacing
from tellwire.platform.control.desk import Desk, DeskDependency, save
from tellwire.platform.control.list_use import unknown_lists
from tellwire.platform.control.problem import Problem, invalid, not_found
from tellwire.platform.control.provider_page import blocks_in
from tellwire.platform.control.provider_traffic import trouble_view
from tellwire.platform.language.campaign import campaign_of, is_flat, is_structured
from tellwire.platform.language.near import near
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.campaign import IN_USE, Campaign, CampaignId, CampaignSet, CampaignState
from tellwire.platform.model.provider import Provider, ProviderId
from tellwire.platform.model.resumption import Resumption
from tellwire.platform.model.step import sends_of
from tellwire.platform.ports.catalog import CatalogChange, DeleteCampaign, PutCampaign


class CampaignList(msgspec.Struct, frozen=True, kw_only=True):
    """All campaigns with their figures, newest first."""

    campaigns: Sequence[CampaignPage]


class CampaignCheck(msgspec.Struct, frozen=True, kw_only=True):
    """Why a campaign cannot be published, by path; empty if it can."""

    problems: Mapping[str, str]


@get("/api/campaigns", tags=["campaigns"])
async def list_campaigns(desk: DeskDependency, *, archived: FromQuery[bool] = False) -> CampaignList:
    """List the campaigns with their figures; those that are archived with `archived` only."""
    newest = await desk.catalog.snapshot()
    shown = (one for one in newest.campaigns.values() if archived or one.archived_at is None)
    ordered = sorted(shown, key=lambda campaign: -campaign.id)
    return CampaignList(campaigns=await _pages(desk, newest, ordered))


@post("/api/campaigns", tags=["campaigns"])
async def create_campaign(
    request: Request[Any, Any, Any], data: JSONBody[CampaignForm], desk: DeskDependency
) -> CampaignPage:
    """Save a new campaign as a draft; it may be unfinished."""
    await _demand_words(request, data)
    _demand_name(data)
    identifier, now = CampaignId(await desk.catalog.next_campaign_id()), desk.clock.now()

    def change(newest: CampaignSet) -> Sequence[CatalogChange]:
        return [PutCampaign(_read(data, None, newest, identifier, now))]

    return await _shown(desk, await save(desk, change), identifier)


@post("/api/campaigns/check", status_code=200, tags=["campaigns"])
async def check_campaign(
    request: Request[Any, Any, Any], data: JSONBody[CampaignForm], desk: DeskDependency
) -> CampaignCheck:
    """Say what must be mended before a campaign like this can be published; nothing is saved."""
    await _demand_words(request, data)
    newest = await desk.catalog.snapshot()
    campaign = _read(data, None, newest, CampaignId(0), desk.clock.now())
    return CampaignCheck(problems=_problems(desk, campaign, newest, is_flat=is_flat(data)))


@get("/api/campaigns/{campaign_id:int}", tags=["campaigns"])
async def read_campaign(campaign_id: FromPath[int], desk: DeskDependency) -> CampaignPage:
    """Return one campaign with its figures, and what must be mended before it can be published."""
    return await _shown(desk, await desk.catalog.snapshot(), CampaignId(campaign_id))


@put("/api/campaigns/{campaign_id:int}", tags=["campaigns"])
async def update_campaign(
    request: Request[Any, Any, Any],
    campaign_id: FromPath[int],
    data: JSONBody[CampaignForm],
    desk: DeskDependency,
    *,
    inside: FromQuery[Inside] = "finish",
) -> CampaignPage:
    """Replace a campaign. A running one is published anew: it goes on with the next event, and so must be sound.

    `inside` says what becomes of those who are inside: they finish as they entered, move to where they stand in the
    new version, or leave.
    """
    await _demand_words(request, data)
    _demand_name(data)
    now = desk.clock.now()

    def change(newest: CampaignSet) -> Sequence[CatalogChange]:
        known = _known(newest, campaign_id)
        _demand_version(known, data.version)
        after = _read(data, known, newest, known.id, _later(now, known))
        if known.state in IN_USE:
            _demand_sound(desk, after, newest, is_flat=is_flat(data))
            after = changed(known, after, inside)
        return [replacing(known, after, newest.account, now)]

    return await _shown(desk, await save(desk, change), CampaignId(campaign_id))


@delete("/api/campaigns/{campaign_id:int}", status_code=204, tags=["campaigns"])
async def delete_campaign(campaign_id: FromPath[int], desk: DeskDependency) -> None:
    """Delete a draft that was never published; others are stopped, for what they did stays readable."""
    await drop_draft(desk, campaign_id)


@post("/api/campaigns/{campaign_id:int}/clone", tags=["campaigns"])
async def clone_campaign(campaign_id: FromPath[int], desk: DeskDependency) -> CampaignPage:
    """Make a draft that is as a campaign is now, under another name."""
    saved, identifier = await copy_campaign(desk, campaign_id)
    return await _shown(desk, saved, identifier)


@post("/api/campaigns/{campaign_id:int}/publish", status_code=200, tags=["campaigns"])
async def publish(campaign_id: FromPath[int], desk: DeskDependency) -> CampaignPage:
    """Let a campaign answer events from now on; 422 with every field that must be mended first."""

    def check(campaign: Campaign, newest: CampaignSet) -> None:
        _demand_sound(desk, campaign, newest)

    return await _shown(desk, await _move(desk, campaign_id, "running", check), CampaignId(campaign_id))


@post("/api/campaigns/{campaign_id:int}/pause", status_code=200, tags=["campaigns"])
async def pause(
    campaign_id: FromPath[int], desk: DeskDependency, *, queued: FromQuery[Queued] = "let_go"
) -> CampaignPage:
    """Let nobody move in a campaign: events are still seen, whoever would enter is refused, who is due waits.

    Its messages that wait for their provider still go out, or with `drop` are dropped.
    """
    return await _shown(desk, await pause_campaign(desk, campaign_id, queued), CampaignId(campaign_id))


@post("/api/campaigns/{campaign_id:int}/resume", status_code=200, tags=["campaigns"])
async def resume(
    campaign_id: FromPath[int], desk: DeskDependency, data: JSONBody[ResumeForm | None] = None
) -> CampaignPage:
    """Let a campaign that is paused go on; without a body whoever has become due meanwhile goes on at once."""
    return await _shown(desk, await resume_campaign(desk, campaign_id, data), CampaignId(campaign_id))


@post("/api/campaigns/{campaign_id:int}/stop", status_code=200, tags=["campaigns"])
async def stop(
    campaign_id: FromPath[int], desk: DeskDependency, *, queued: FromQuery[Queued] = "drop"
) -> CampaignPage:
    """Let a campaign answer no more events; its messages that wait are dropped, or with `let_go` still go out.

    Whoever is inside leaves.
    """
    saved = await _move(desk, campaign_id, "stopped", lambda _campaign, _newest: None, queued)
    return await _shown(desk, saved, CampaignId(campaign_id))


HANDLERS = [
    *(list_campaigns, create_campaign, check_campaign, read_campaign, update_campaign),
    *(delete_campaign, clone_campaign, publish, pause, resume, stop),
]


async def drop_draft(desk: Desk, campaign_id: int) -> None:
    """Delete a draft that was never published."""

    def change(newest: CampaignSet) -> Sequence[CatalogChange]:
        known = _known(newest, campaign_id)
        if known.state != "draft" or known.version:
            raise Problem(409, "was_published", "It was published, and what it did stays readable: stop it.")
        return [DeleteCampaign(known.id)]

    await save(desk, change)
    log("campaign.saved", campaign_id=campaign_id, status="deleted")


async def copy_campaign(desk: Desk, campaign_id: int) -> tuple[CampaignSet, CampaignId]:
    """Make a draft that is as a campaign is now; return its id with what is saved."""
    identifier, now = CampaignId(await desk.catalog.next_campaign_id()), desk.clock.now()

    def change(newest: CampaignSet) -> Sequence[CatalogChange]:
        known = _known(newest, campaign_id)
        return [PutCampaign(cloned(known, identifier, newest, now))]

    return await save(desk, change, "clone"), identifier


async def pause_campaign(desk: Desk, campaign_id: int, queued: Queued) -> CampaignSet:
    """Let nobody move in a campaign that is in use."""

    def check(campaign: Campaign, _newest: CampaignSet) -> None:
        if campaign.state not in IN_USE:
            raise Problem(409, "not_running", "This campaign does not run, so it cannot be paused.")

    return await _move(desk, campaign_id, "paused", check, queued)


async def resume_campaign(desk: Desk, campaign_id: int, form: ResumeForm | None = None) -> CampaignSet:
    """Let a campaign that is paused go on, if it is sound; `form` says what becomes of those who are overdue."""
    resumption = await resumption_of(desk, campaign_id, form)

    def check(campaign: Campaign, newest: CampaignSet) -> None:
        if campaign.state not in IN_USE:
            raise Problem(409, "not_paused", "This campaign is not paused: publish it.")
        _demand_sound(desk, campaign, newest)

    return await _move(desk, campaign_id, "running", check, resumption=resumption)


async def rewrite(desk: Desk, campaign_id: int, rewritten: Callable[[Campaign, datetime], Campaign]) -> bool:
    """Save what `rewritten` makes of a campaign beside what it does; say whether that is another."""
    now, is_other = desk.clock.now(), False

    def change(newest: CampaignSet) -> Sequence[CatalogChange]:
        nonlocal is_other
        known = _known(newest, campaign_id)
        after = rewritten(known, now)
        is_other = after != known
        if not is_other:
            return []
        after = msgspec.structs.replace(after, updated_at=_later(now, known))
        return [replacing(known, after, newest.account, now)]

    await save(desk, change)
    if is_other:
        log("campaign.saved", campaign_id=campaign_id, status="rewritten")
    return is_other


async def _move(
    desk: Desk,
    campaign_id: int,
    state: CampaignState,
    check: Callable[[Campaign, CampaignSet], None],
    queued: Queued = "drop",
    resumption: Resumption | None = None,
) -> CampaignSet:
    now = desk.clock.now()

    def change(newest: CampaignSet) -> Sequence[CatalogChange]:
        known = _known(newest, campaign_id)
        check(known, newest)
        after = moved(known, state, now, queued, newest.account)
        if after == known:
            return []
        after = msgspec.structs.replace(after, updated_at=_later(now, known))
        return [replacing(known, after, newest.account, now, resumption)]

    saved = await save(desk, change)
    log("campaign.stopped" if state == "stopped" else "campaign.saved", campaign_id=campaign_id, status=state)
    return saved


async def _shown(desk: Desk, newest: CampaignSet, campaign_id: CampaignId) -> CampaignPage:
    campaign = _known(newest, campaign_id)
    (page,) = await _pages(desk, newest, [campaign])
    return page


async def _pages(desk: Desk, newest: CampaignSet, campaigns: Sequence[Campaign]) -> list[CampaignPage]:
    """Return campaigns as they are shown, with their figures and what is wrong with them."""
    ids, now = [campaign.id for campaign in campaigns], desk.clock.now()
    funnels = await desk.reports.funnel(ids)
    hours = await desk.reports.campaign_hours(ids, now - timedelta(hours=HOURS))
    troubles = await troubles_now(desk, now)
    versions = await desk.history.newest(ids)
    at_work = await desk.reports.at_work(ids)
    pages = []
    for campaign, funnel, lately in zip(campaigns, funnels, hours, strict=True):
        trouble = worst_trouble(campaign, newest, troubles)
        facts = facts_of(campaign, lately, trouble, now, is_at_work=campaign.id in at_work)
        page = page_of(campaign, _problems(desk, campaign, newest), funnel, facts)
        pages.append(msgspec.structs.replace(page, published_version=versions.get(campaign.id)))
    return pages


async def troubles_now(desk: Desk, now: datetime) -> Mapping[ProviderId, TroubleNow]:
    """Return the troubles of providers that are not over."""
    return {
        one.provider_id: TroubleNow(reason=trouble.reason, advice=trouble.advice)
        for one in await desk.reports.traffic(now)
        if (trouble := trouble_view(one)) is not None and not trouble.is_over
    }


def worst_trouble(
    campaign: Campaign, newest: CampaignSet, troubles: Mapping[ProviderId, TroubleNow]
) -> TroubleNow | None:
    """Return the trouble of the first provider of a campaign that has one."""
    return next((troubles[one.id] for one in _providers(campaign, newest) if one.id in troubles), None)


def _providers(campaign: Campaign, newest: CampaignSet) -> Iterator[Provider]:
    """Yield the providers that a campaign would send through now."""
    for send in sends_of(campaign.steps):
        provider = newest.provider_of(send)
        if provider is not None:
            yield provider


def _known(newest: CampaignSet, campaign_id: int) -> Campaign:
    known = newest.campaigns.get(CampaignId(campaign_id))
    if known is None:
        raise not_found("such campaign")
    return known


def _read(
    form: CampaignForm, known: Campaign | None, newest: CampaignSet, identifier: CampaignId, now: datetime
) -> Campaign:
    try:
        return campaign_of(form, known, campaign_id=identifier, now=now, providers=newest.providers)
    except Unreadable as problem:
        raise invalid(problem.fields) from problem


def _problems(
    desk: Desk, campaign: Campaign, newest: CampaignSet, *, is_flat: bool = True
) -> Mapping[str, str]:
    """Return what must be mended, by path in the flat form or in start, who and steps."""
    blocks = {one.id: blocks_in(one, desk.vault) for one in _providers(campaign, newest)}
    problems = problems_of(campaign, newest, blocks, desk.clock.now()) | unrunnable(campaign)
    problems |= unknown_lists(campaign, newest.account)
    return in_flat(campaign, problems) if is_flat else problems


def _demand_sound(desk: Desk, campaign: Campaign, newest: CampaignSet, *, is_flat: bool = True) -> None:
    problems = _problems(desk, campaign, newest, is_flat=is_flat)
    if problems:
        raise invalid(problems, "The campaign cannot run like this: mend the fields named here.")


async def _demand_words(request: Request[Any, Any, Any], form: CampaignForm) -> None:
    """Refuse words of a structured form that the language does not have: a guard that is dropped guards nothing.

    What a page shows may be sent back, and the flat form takes anything, as it always has.
    """
    if is_structured(form):
        written = msgspec.json.decode(await request.body(), type=dict[str, msgspec.Raw])
        problems = {word: _no_word(word) for word in written if word not in _WORDS}
        if problems:
            raise invalid(problems)


_WORDS: Final = frozenset(
    field.encode_name for form in (CampaignForm, CampaignPage) for field in msgspec.structs.fields(form)
)


def _no_word(word: str) -> str:
    """Return what is said of a word that is none, with what was perhaps meant."""
    meant = near(word)
    if meant is None:
        return "There is no such field."
    return (
        "This does not stand here." if meant == word else f"There is no such field: did you mean `{meant}`?"
    )


def _demand_name(form: CampaignForm) -> None:
    if not form.name.strip():
        raise invalid({"name": "Give the campaign a name."})


def _demand_version(known: Campaign, version: int) -> None:
    if version != version_of(known):
        message = "Somebody else saved this campaign meanwhile. Reload it, and make your changes again."
        raise Problem(409, "stale", message)


def _later(now: datetime, known: Campaign) -> datetime:
    """Return now, or a moment after the last save: two saves never share a version."""
    return max(now, known.updated_at + timedelta(milliseconds=1))
