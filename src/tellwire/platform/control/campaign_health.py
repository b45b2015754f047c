"""What is wrong with a running campaign, by its last day: facts out of counters, the gravest first. Pure.

failing      most of what lately had an end failed, or deciding itself fails
held_up      messages wait because the provider is in trouble
no_receipts  what was handed over an hour ago and before has had no receipt at all
idle         no event has started the campaign for seven days
over         the last run of its schedule is over, and nobody is inside: it sends nothing more
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

import msgspec

from tellwire.kernel.status import FAILURES, MessageStatus
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.start import OnSchedule, event_of
from tellwire.platform.ports.campaign_reports import CampaignHour, CampaignHours

HOURS: Final = 24  # looked at
ENOUGH: Final = 20  # messages with an end that say how it goes; older ones are history
_LEAST: Final = 3  # that make a fact: a single wrong number says nothing
_RECEIPTS_WITHIN: Final = timedelta(hours=1)
_IDLE: Final = timedelta(days=7)
_ENDED_SKIPS: Final = frozenset(
    {"provider", "content", "failed"}
)  # that are nobody's choice: no text, no provider

FactCode: TypeAlias = Literal["failing", "held_up", "no_receipts", "idle", "over"]


class CampaignFact(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is wrong, or over: a sentence, and what to do."""

    code: FactCode
    text: str
    advice: str


class TroubleNow(msgspec.Struct, frozen=True, kw_only=True):
    """A trouble of the campaign's provider that is not over."""

    reason: str
    advice: str


def facts_of(
    campaign: Campaign,
    lately: CampaignHours,
    trouble: TroubleNow | None,
    now: datetime,
    *,
    is_at_work: bool = True,
) -> tuple[CampaignFact, ...]:
    """Return what is wrong with the campaign now; nothing is with one that does not run.

    `is_at_work` says whether a run is planned or under way, or somebody is inside.
    """
    starts_at = campaign.starts_at or campaign.created_at
    is_over = campaign.ends_at is not None and campaign.ends_at <= now
    if campaign.state != "running" or starts_at > now or is_over:
        return ()
    return (
        *_failing(lately.hours, trouble),
        *_held_up(lately.hours, trouble),
        *_no_receipts(lately.hours, now),
        *_idle(campaign, lately, max(starts_at, campaign.updated_at), now),
        *([_OVER] if isinstance(campaign.start, OnSchedule) and not is_at_work else []),
    )


_OVER: Final = CampaignFact(
    code="over",
    text="Its last run is over.",
    advice="It sends nothing more. Give it another moment to send again, or stop it.",
)


def _failing(hours: Sequence[CampaignHour], trouble: TroubleNow | None) -> Iterator[CampaignFact]:
    failed, ended = _ends(hours)
    if failed < _LEAST or 2 * failed < ended:
        return
    which = f"All of the last {ended}" if failed == ended else f"{failed} of the last {ended}"
    skips = _sum(hours, "skips", _ENDED_SKIPS)
    advice = "Look at the reasons of skips and errors, and at a recent message."
    if trouble is not None and not skips:
        advice = f"{trouble.reason[:1].upper()}{trouble.reason[1:]}. {trouble.advice}"
    yield CampaignFact(code="failing", text=f"{which} messages with an end failed.", advice=advice)


def _ends(hours: Sequence[CampaignHour]) -> tuple[int, int]:
    """Return failed and ended of the newest hours, until enough have ended."""
    failed = ended = 0
    for hour in reversed(hours):
        failures = (
            _sum([hour], "by_status", FAILURES) - hour.dropped
        )  # who said no, or stopped it, broke nothing
        wrong = failures + _sum([hour], "skips", _ENDED_SKIPS)
        failed += wrong
        ended += wrong + _sum([hour], "by_status", (MessageStatus.DELIVERED, MessageStatus.READ))
        if ended >= ENOUGH:
            break
    return failed, ended


def _held_up(hours: Sequence[CampaignHour], trouble: TroubleNow | None) -> Iterator[CampaignFact]:
    waiting = _sum(hours, "by_status", (MessageStatus.QUEUED,))
    if waiting and trouble is not None:
        count = f"{waiting} messages wait" if waiting > 1 else "One message waits"
        yield CampaignFact(code="held_up", text=f"{count}: {trouble.reason}.", advice=trouble.advice)


def _no_receipts(hours: Sequence[CampaignHour], now: datetime) -> Iterator[CampaignFact]:
    due = [hour for hour in hours if hour.at + timedelta(hours=1) <= now - _RECEIPTS_WITHIN]
    taken = sum(hour.taken for hour in due)
    if taken >= _LEAST and _sum(due, "by_status", (MessageStatus.SENT,)) >= taken:
        yield CampaignFact(
            code="no_receipts",
            text=f"None of {taken} messages that were handed over more than an hour ago has had a receipt.",
            advice="Give the provider its callback URL, see that $$MessageID is in the request, and look at the "
            "refused callbacks on the provider's page.",
        )


def _idle(
    campaign: Campaign, lately: CampaignHours, runs_since: datetime, now: datetime
) -> Iterator[CampaignFact]:
    last = max(lately.last_at or runs_since, runs_since)
    if now - last >= _IDLE and event_of(campaign.start):
        yield CampaignFact(
            code="idle",
            text=f"No event “{event_of(campaign.start)}” has met this campaign for {(now - last).days} days.",
            advice="See under Live whether your app still sends it, under which name and with which properties.",
        )


def _sum(
    hours: Sequence[CampaignHour],
    member: Literal["by_status", "skips"],
    names: frozenset[str] | Sequence[str],
) -> int:
    tables: Iterator[Mapping[str, int]] = (getattr(hour, member) for hour in hours)
    return sum(table.get(name, 0) for table in tables for name in names)
