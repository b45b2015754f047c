"""Campaigns: list, edit, preview, publish, stop."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from litestar import Request, delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody

from tellwire.platform.control.campaign_demands import demand_sound, known_campaign, problems_in, read_form
from tellwire.platform.control.campaign_events import unheard
from tellwire.platform.control.campaign_form import (
    CampaignForm,
    CampaignPage,
    version_of,
)
from tellwire.platform.control.campaign_moves import (
    copy_campaign,
    drop_draft,
    later,
    move_campaign,
    pause_campaign,
    resume_campaign,
)
from tellwire.platform.control.campaign_overdue import ResumeForm
from tellwire.platform.control.campaign_pages import pages_of, shown
from tellwire.platform.control.campaign_state import Inside, Queued, changed, replacing
from tellwire.platform.control.desk import DeskDependency, save
from tellwire.platform.control.problem import Problem, invalid
from tellwire.platform.language.campaign import campaign_of, is_flat, is_structured
from tellwire.platform.language.names import no_name
from tellwire.platform.language.near import near
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.campaign import IN_USE, Campaign, CampaignId, CampaignSet
from tellwire.platform.ports.catalog import CatalogChange, PutCampaign


class CampaignList(msgspec.Struct, frozen=True, kw_only=True):
    """All campaigns with their figures, newest first."""

    campaigns: Sequence[CampaignPage]


class CampaignCheck(msgspec.Struct, frozen=True, kw_only=True):
    """Why a campaign cannot be published, by path; empty if it can. `warnings` keep nobody from publishing it."""

    problems: Mapping[str, str]
    warnings: Mapping[str, str] = {}


@get("/api/campaigns", tags=["campaigns"])
async def list_campaigns(desk: DeskDependency, *, archived: FromQuery[bool] = False) -> CampaignList:
    """List the campaigns with their figures; those that are archived with `archived` only."""
    newest = await desk.catalog.snapshot()
    shown = (one for one in newest.campaigns.values() if archived or one.archived_at is None)
    ordered = sorted(shown, key=lambda campaign: -campaign.id)
    return CampaignList(campaigns=await pages_of(desk, newest, ordered))


@post("/api/campaigns", tags=["campaigns"])
async def create_campaign(
    request: Request[Any, Any, Any], data: JSONBody[CampaignForm], desk: DeskDependency
) -> CampaignPage:
    """Save a new campaign as a draft; it may be unfinished."""
    await _demand_words(request, data)
    _demand_name(data)
    identifier, now = CampaignId(await desk.catalog.next_campaign_id()), desk.clock.now()

    def change(newest: CampaignSet) -> Sequence[CatalogChange]:
        return [PutCampaign(read_form(data, None, newest, identifier, now))]

    return await shown(desk, await save(desk, change), identifier)


@post("/api/campaigns/check", status_code=200, tags=["campaigns"])
async def check_campaign(
    request: Request[Any, Any, Any], data: JSONBody[CampaignForm], desk: DeskDependency
) -> CampaignCheck:
    """Say what must be mended before a campaign like this can be published; nothing is saved."""
    await _demand_words(request, data)
    newest, now = await desk.catalog.snapshot(), desk.clock.now()
    try:
        campaign = campaign_of(data, None, campaign_id=CampaignId(0), now=now, providers=newest.providers)
    except Unreadable as problem:
        return CampaignCheck(problems=problem.fields)
    return CampaignCheck(
        problems=problems_in(desk, campaign, newest, is_flat=is_flat(data)),
        warnings=unheard(campaign, desk.event_types.known),
    )


@get("/api/campaigns/{campaign_id:int}", tags=["campaigns"])
async def read_campaign(campaign_id: FromPath[int], desk: DeskDependency) -> CampaignPage:
    """Return one campaign with its figures, and what must be mended before it can be published."""
    return await shown(desk, await desk.catalog.snapshot(), CampaignId(campaign_id))


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
        known = known_campaign(newest, campaign_id)
        _demand_version(known, data.version)
        after = read_form(data, known, newest, known.id, later(now, known))
        if known.state in IN_USE:
            demand_sound(desk, after, newest, is_flat=is_flat(data))
            after = changed(known, after, inside)
        return [replacing(known, after, newest.account, now)]

    return await shown(desk, await save(desk, change), CampaignId(campaign_id))


@delete("/api/campaigns/{campaign_id:int}", status_code=204, tags=["campaigns"])
async def delete_campaign(campaign_id: FromPath[int], desk: DeskDependency) -> None:
    """Delete a draft that was never published; others are stopped, for what they did stays readable."""
    await drop_draft(desk, campaign_id)


@post("/api/campaigns/{campaign_id:int}/clone", tags=["campaigns"])
async def clone_campaign(campaign_id: FromPath[int], desk: DeskDependency) -> CampaignPage:
    """Make a draft that is as a campaign is now, under another name."""
    saved, identifier = await copy_campaign(desk, campaign_id)
    return await shown(desk, saved, identifier)


@post("/api/campaigns/{campaign_id:int}/publish", status_code=200, tags=["campaigns"])
async def publish(campaign_id: FromPath[int], desk: DeskDependency) -> CampaignPage:
    """Let a campaign answer events from now on; 422 with every field that must be mended first."""

    def check(campaign: Campaign, newest: CampaignSet) -> None:
        demand_sound(desk, campaign, newest)

    return await shown(
        desk, await move_campaign(desk, campaign_id, "running", check), CampaignId(campaign_id)
    )


@post("/api/campaigns/{campaign_id:int}/pause", status_code=200, tags=["campaigns"])
async def pause(
    campaign_id: FromPath[int], desk: DeskDependency, *, queued: FromQuery[Queued] = "let_go"
) -> CampaignPage:
    """Let nobody move in a campaign: events are still seen, whoever would enter is refused, who is due waits.

    Its messages that wait for their provider still go out, or with `drop` are dropped.
    """
    return await shown(desk, await pause_campaign(desk, campaign_id, queued), CampaignId(campaign_id))


@post("/api/campaigns/{campaign_id:int}/resume", status_code=200, tags=["campaigns"])
async def resume(
    campaign_id: FromPath[int], desk: DeskDependency, data: JSONBody[ResumeForm | None] = None
) -> CampaignPage:
    """Let a campaign that is paused go on; without a body whoever has become due meanwhile goes on at once."""
    return await shown(desk, await resume_campaign(desk, campaign_id, data), CampaignId(campaign_id))


@post("/api/campaigns/{campaign_id:int}/stop", status_code=200, tags=["campaigns"])
async def stop(
    campaign_id: FromPath[int], desk: DeskDependency, *, queued: FromQuery[Queued] = "drop"
) -> CampaignPage:
    """Let a campaign answer no more events; its messages that wait are dropped, or with `let_go` still go out.

    Whoever is inside leaves.
    """
    saved = await move_campaign(desk, campaign_id, "stopped", lambda _campaign, _newest: None, queued)
    return await shown(desk, saved, CampaignId(campaign_id))


HANDLERS = [
    *(list_campaigns, create_campaign, check_campaign, read_campaign, update_campaign),
    *(delete_campaign, clone_campaign, publish, pause, resume, stop),
]


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
    if why := no_name(form.name, "campaign"):
        raise invalid({"name": why})


def _demand_version(known: Campaign, version: int) -> None:
    if version != version_of(known):
        message = "Somebody else saved this campaign meanwhile. Reload it, and make your changes again."
        raise Problem(409, "stale", message)
