"""The same change to many campaigns, each in a transaction of its own: one that cannot be made stops no other."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final, Literal, TypeAlias, assert_never

import msgspec
from litestar import post
from litestar.params import JSONBody

from tellwire.platform.control.campaign_moves import (
    copy_campaign,
    drop_draft,
    pause_campaign,
    resume_campaign,
    rewrite,
)
from tellwire.platform.control.campaign_state import Queued
from tellwire.platform.control.desk import Desk, DeskDependency
from tellwire.platform.control.problem import Problem, invalid
from tellwire.platform.language.campaign import LABELS_LIMIT, Labels
from tellwire.platform.language.names import unfit
from tellwire.platform.model.campaign import IN_USE, Campaign, CampaignId

BULK_LIMIT: Final = 200  # campaigns of one request: a second or two of saving


class _Change(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", forbid_unknown_fields=True):
    pass


class Pause(_Change, frozen=True, kw_only=True, tag="pause"):
    """Let nobody move; messages that wait are let go, or dropped."""

    queued: Queued = "let_go"


class Resume(_Change, frozen=True, kw_only=True, tag="resume"):
    """Let those that are paused go on."""


class Label(_Change, frozen=True, kw_only=True, tag="label"):
    """Add labels, and take others away."""

    add: Labels = ()
    remove: Labels = ()


class Archive(_Change, frozen=True, kw_only=True, tag="archive"):
    """Take drafts, and what is stopped, out of the lists; their names stay taken."""


class Restore(_Change, frozen=True, kw_only=True, tag="restore"):
    """Put what is archived back into the lists."""


class Clone(_Change, frozen=True, kw_only=True, tag="clone"):
    """Make a draft of each, under another name."""


class Delete(_Change, frozen=True, kw_only=True, tag="delete"):
    """Delete drafts that were never published."""


Change: TypeAlias = Pause | Resume | Label | Archive | Restore | Clone | Delete


class Bulk(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to do with which campaigns."""

    ids: Annotated[tuple[CampaignId, ...], msgspec.Meta(min_length=1, max_length=BULK_LIMIT)]
    change: Change


class BulkResult(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to one campaign: the change was made, nothing was to do, or why it was not made.

    `code` and `message` say why not. `copy_id` is the draft that was made of it.
    """

    id: CampaignId
    outcome: Literal["done", "unchanged", "refused"]
    code: str = ""
    message: str = ""
    copy_id: CampaignId | None = None


class BulkResults(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to each campaign, in the order in which they were named, each once."""

    results: Sequence[BulkResult]


@post("/api/campaigns/bulk", status_code=200, tags=["campaigns"])
async def change_campaigns(data: JSONBody[Bulk], desk: DeskDependency) -> BulkResults:
    """Make the same change to many campaigns, each in a transaction of its own, and say what happened to each."""
    if isinstance(data.change, Label):
        _demand_labels(data.change)
    return BulkResults(results=[await _result(desk, one, data.change) for one in dict.fromkeys(data.ids)])


HANDLERS: Final = [change_campaigns]


async def _result(desk: Desk, campaign_id: CampaignId, change: Change) -> BulkResult:
    try:
        return await _changed(desk, campaign_id, change)
    except Problem as problem:
        why = " ".join([problem.message, *problem.fields.values()])
        return BulkResult(id=campaign_id, outcome="refused", code=problem.code, message=why)


async def _changed(desk: Desk, campaign_id: CampaignId, change: Change) -> BulkResult:
    """Make the change to one campaign. Raises a `Problem` if it cannot be made."""
    is_done, copy_id = True, None
    match change:
        case Pause(queued=queued):
            is_done = queued == "drop" or await _state(desk, campaign_id) != "paused"
            if is_done:
                await pause_campaign(desk, campaign_id, queued)
        case Resume():
            is_done = await _state(desk, campaign_id) != "running"
            if is_done:
                await resume_campaign(desk, campaign_id)
        case Label() as labels:
            is_done = await rewrite(desk, campaign_id, lambda known, _now: _labelled(known, labels))
        case Archive():
            is_done = await rewrite(desk, campaign_id, _archived)
        case Restore():
            is_done = await rewrite(desk, campaign_id, _restored)
        case Clone():
            _, copy_id = await copy_campaign(desk, campaign_id)
        case Delete():
            await drop_draft(desk, campaign_id)
        case _ as never:
            assert_never(never)
    return BulkResult(id=campaign_id, outcome="done" if is_done else "unchanged", copy_id=copy_id)


async def _state(desk: Desk, campaign_id: CampaignId) -> str:
    known = (await desk.catalog.snapshot()).campaigns.get(campaign_id)
    return "" if known is None else known.state


def _labelled(campaign: Campaign, change: Label) -> Campaign:
    gone = {label.strip() for label in change.remove}
    wanted = (*campaign.labels, *(label.strip() for label in change.add))
    labels = tuple(label for label in dict.fromkeys(wanted) if label not in gone)
    if len(labels) > LABELS_LIMIT:
        raise Problem(422, "too_many_labels", f"A campaign has at most {LABELS_LIMIT} labels.")
    return msgspec.structs.replace(campaign, labels=labels)


def _archived(campaign: Campaign, now: datetime) -> Campaign:
    if campaign.state in IN_USE:
        raise Problem(409, "in_use", "It runs or is paused: stop it, then archive it.")
    return msgspec.structs.replace(campaign, archived_at=campaign.archived_at or now)


def _restored(campaign: Campaign, _now: datetime) -> Campaign:
    return msgspec.structs.replace(campaign, archived_at=None)


def _demand_labels(change: Label) -> None:
    if not (change.add or change.remove):
        raise invalid({"change.add": "Name a label to add or to remove."})
    for name, labels in (("add", change.add), ("remove", change.remove)):
        for number, label in enumerate(labels):
            if not label.strip():
                raise invalid({f"change.{name}[{number}]": "A label has at least one character."})
            if name == "add" and (why := unfit(label)):
                raise invalid({f"change.{name}[{number}]": why})
