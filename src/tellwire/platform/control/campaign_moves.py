"""What is done with campaigns, whoever asks for it: one by one, in bulk, or over another wire.

Each is one save, or a `Problem` and then nothing.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec

from tellwire.kernel.telemetry import log
from tellwire.platform.control.campaign_demands import demand_sound, known_campaign, read_form
from tellwire.platform.control.campaign_form import CampaignForm
from tellwire.platform.control.campaign_overdue import ResumeForm, resumption_of
from tellwire.platform.control.campaign_state import Queued, cloned, moved, replacing
from tellwire.platform.control.desk import Desk, save
from tellwire.platform.control.problem import Problem
from tellwire.platform.model.campaign import IN_USE, Campaign, CampaignId, CampaignSet, CampaignState
from tellwire.platform.model.resumption import Resumption
from tellwire.platform.ports.catalog import CatalogChange, DeleteCampaign, PutCampaign


async def make_campaign(
    desk: Desk,
    form: CampaignForm,
    check: Callable[[Campaign, CampaignSet], None],
    *,
    is_draft: bool = False,
) -> Campaign:
    """Save a new campaign, and publish it unless it is a draft. Raises a `Problem`, and then there is none.

    `check` looks at it before, and may raise one too; it may be asked more than once.
    """
    identifier, now = CampaignId(await desk.catalog.next_campaign_id()), desk.clock.now()

    def change(newest: CampaignSet) -> Sequence[CatalogChange]:
        campaign = read_form(form, None, newest, identifier, now)
        check(campaign, newest)
        if is_draft:
            return [PutCampaign(campaign)]
        demand_sound(desk, campaign, newest, is_flat=False)
        return [replacing(None, moved(campaign, "running", now, account=newest.account), newest.account, now)]

    campaign = (await save(desk, change)).campaigns[identifier]
    log("campaign.saved", campaign_id=identifier, status=campaign.state)
    return campaign


def unsaved(desk: Desk, form: CampaignForm, newest: CampaignSet) -> Campaign:
    """Return the campaign that a form means, which is saved nowhere. Raises a `Problem`."""
    return read_form(form, None, newest, CampaignId(0), desk.clock.now())


async def stop_campaign(desk: Desk, campaign_id: CampaignId) -> None:
    """Stop a campaign, and drop its messages that wait."""
    await move_campaign(desk, campaign_id, "stopped", lambda _campaign, _newest: None)


async def drop_draft(desk: Desk, campaign_id: int) -> None:
    """Delete a draft that was never published."""

    def change(newest: CampaignSet) -> Sequence[CatalogChange]:
        known = known_campaign(newest, campaign_id)
        if known.state != "draft" or known.version:
            raise Problem(409, "was_published", "It was published, and what it did stays readable: stop it.")
        return [DeleteCampaign(known.id)]

    await save(desk, change)
    log("campaign.saved", campaign_id=campaign_id, status="deleted")


async def copy_campaign(desk: Desk, campaign_id: int) -> tuple[CampaignSet, CampaignId]:
    """Make a draft that is as a campaign is now; return its id with what is saved."""
    identifier, now = CampaignId(await desk.catalog.next_campaign_id()), desk.clock.now()

    def change(newest: CampaignSet) -> Sequence[CatalogChange]:
        known = known_campaign(newest, campaign_id)
        return [PutCampaign(cloned(known, identifier, newest, now))]

    return await save(desk, change, "clone"), identifier


async def pause_campaign(desk: Desk, campaign_id: int, queued: Queued) -> CampaignSet:
    """Let nobody move in a campaign that is in use."""

    def check(campaign: Campaign, _newest: CampaignSet) -> None:
        if campaign.state not in IN_USE:
            raise Problem(409, "not_running", "This campaign does not run, so it cannot be paused.")

    return await move_campaign(desk, campaign_id, "paused", check, queued)


async def resume_campaign(desk: Desk, campaign_id: int, form: ResumeForm | None = None) -> CampaignSet:
    """Let a campaign that is paused go on, if it is sound; `form` says what becomes of those who are overdue."""
    resumption = await resumption_of(desk, campaign_id, form)

    def check(campaign: Campaign, newest: CampaignSet) -> None:
        if campaign.state not in IN_USE:
            raise Problem(409, "not_paused", "This campaign is not paused: publish it.")
        demand_sound(desk, campaign, newest)

    return await move_campaign(desk, campaign_id, "running", check, resumption=resumption)


async def rewrite(desk: Desk, campaign_id: int, rewritten: Callable[[Campaign, datetime], Campaign]) -> bool:
    """Save what `rewritten` makes of a campaign beside what it does; say whether that is another."""
    now, is_other = desk.clock.now(), False

    def change(newest: CampaignSet) -> Sequence[CatalogChange]:
        nonlocal is_other
        known = known_campaign(newest, campaign_id)
        after = rewritten(known, now)
        is_other = after != known
        if not is_other:
            return []
        after = msgspec.structs.replace(after, updated_at=later(now, known))
        return [replacing(known, after, newest.account, now)]

    await save(desk, change)
    if is_other:
        log("campaign.saved", campaign_id=campaign_id, status="rewritten")
    return is_other


async def move_campaign(
    desk: Desk,
    campaign_id: int,
    state: CampaignState,
    check: Callable[[Campaign, CampaignSet], None],
    queued: Queued = "drop",
    resumption: Resumption | None = None,
) -> CampaignSet:
    """Save a campaign in another state, if `check` raises no `Problem`; nothing is saved if it is in that already.

    `queued` says what becomes of its messages that wait, `resumption` of those who became due during a pause.
    """
    now = desk.clock.now()

    def change(newest: CampaignSet) -> Sequence[CatalogChange]:
        known = known_campaign(newest, campaign_id)
        check(known, newest)
        after = moved(known, state, now, queued, newest.account)
        if after == known:
            return []
        after = msgspec.structs.replace(after, updated_at=later(now, known))
        return [replacing(known, after, newest.account, now, resumption)]

    saved = await save(desk, change)
    log("campaign.stopped" if state == "stopped" else "campaign.saved", campaign_id=campaign_id, status=state)
    return saved


def later(now: datetime, known: Campaign) -> datetime:
    """Return now, or a moment after the last save: two saves never share a version."""
    return max(now, known.updated_at + timedelta(milliseconds=1))
