"""Why a campaign gave no answer to an event: from the version that was live when the event came. Pure."""

from datetime import datetime
from typing import Final

import msgspec

from tellwire.platform.control.event_start import start_of
from tellwire.platform.control.gate_words import words_of
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.campaign_version import Around, LogEntry, PublishedVersion
from tellwire.platform.model.decision import GateResult
from tellwire.platform.model.event import Event
from tellwire.platform.model.start import event_of
from tellwire.platform.model.value import fold

NOT_RUNNING_THEN: Final = "not_running_then"
UNKNOWN_THEN: Final = "unknown_then"


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """A campaign at a moment: its name now, the version that was live then, and its log around that moment."""

    campaign_id: CampaignId
    name: str
    live: PublishedVersion | None
    around: Around


class NoAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A stable code and a sentence; `start` is the check that the event did not pass, if the campaign ran."""

    code: str
    reason: str
    start: GateResult | None = None


def listens(campaign: Campaign, event_name: str) -> bool:
    """Say whether the campaign is for events of this name."""
    return fold(event_of(campaign.start)) == fold(event_name)


def no_answer(past: Past, event: Event) -> NoAnswer:
    """Return why there is no answer of this campaign to this event."""
    if past.live is None:
        return _not_running(past.around)
    if not listens(past.live.campaign, event.name):
        return NoAnswer(
            code=NOT_RUNNING_THEN,
            reason=f"Version {past.live.number}, which ran then, was for “{event_of(past.live.campaign.start)}”."
            + _and_then(past.around.after),
        )
    start = start_of(past.live.campaign, event)
    if start.has_passed:
        return NoAnswer(code=NOT_RUNNING_THEN, reason=_moved_meanwhile(past.around))
    return NoAnswer(code=start.code, reason=words_of(start).sentence, start=start)


def moment(at: datetime) -> str:
    """Return a moment as sentences have it."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


def _not_running(around: Around) -> NoAnswer:
    if not around.is_known or (around.before is not None and around.before.what == "published"):
        since = around.after.at if around.after is not None else None
        reason = "It is not known whether it was running then, or how: " + (
            f"its history begins at {moment(since)}." if since else "that version is not kept."
        )
        return NoAnswer(code=UNKNOWN_THEN, reason=reason)
    if around.before is not None:
        stopped = f"It was not running then: it was stopped at {moment(around.before.at)}."
        return NoAnswer(code=NOT_RUNNING_THEN, reason=stopped + _and_then(around.after))
    if around.after is not None:
        first = f"It was not running yet: it was first published at {moment(around.after.at)}."
        return NoAnswer(code=NOT_RUNNING_THEN, reason=first)
    return NoAnswer(code=NOT_RUNNING_THEN, reason="It was never published.")


def _moved_meanwhile(around: Around) -> str:
    """Say why a campaign that ran when the event came, and whose start it met, has not answered."""
    if around.after is not None:
        what = "changed" if around.after.what == "published" else "stopped"
        return f"It was {what} at {moment(around.after.at)}, before the event was decided."
    assert around.before is not None  # noqa: S101 - a version was live
    return (
        f"It was not running yet when the event was decided: it was published at {moment(around.before.at)}."
    )


def _and_then(after: LogEntry | None) -> str:
    if after is None or after.what != "published":
        return ""
    return f" Version {after.number} was published at {moment(after.at)}."
