"""Sums of what was recorded, which every back end keeps so that a page about a million messages costs no scan. Pure.

A back end adds them in the transaction that records what they sum up, so that figures equal what was recorded.
An hour's sums count what became of the messages that were made in it: delivered is never more than taken.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Final, Literal, TypeAlias

import msgspec

from tellwire.kernel.clock import to_ms
from tellwire.kernel.status import FAILURES, MessageStatus, Standing
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.decision import Decision, Send, Skip
from tellwire.platform.model.message import Message
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.ports.traffic_reports import Trouble

HOUR_MS: Final = 3_600_000
KEPT_HOURS: Final = 15 * 24  # of a campaign: lists show the last 14 days, and this is a day more
SKIP: Final = "skip "  # and a code: the kind of an hour's decisions that made no message

# status: messages that stand there now. sent: messages a provider or network is known, or assumed, to have had.
# skip, error: by code. parts: of all messages. inside: who began to wait in it. left: by reason. goal: as below.
# call: by how it ended. came, skipped at, left at: by step, of campaigns that have several. numbered: as status, of the
# messages of steps that have a number other than 0, by number and status; those of the step that has it are the rest.
# clicks: of people on links of messages. clicked: messages of which a link was clicked.
CounterKind: TypeAlias = Literal[
    "status", "sent", "skip", "error", "parts", "inside", "left", "goal", "call",
    "came", "skipped at", "left at", "numbered", "clicks", "clicked",
]  # fmt: skip
# A status: messages that stand there now. taken: those that a provider is known, or assumed, to have had.
TrafficKind: TypeAlias = MessageStatus | Literal["taken"]
# As of traffic; and dropped: those of the rejected that were taken back before they went; clicks and clicked; and
# `SKIP` with a code.
HourKind: TypeAlias = str


# Of a goal: who entered and who reached it, of those written to and of those held out; its revenue in thousandths.
ENTRY: Final = "entered"
REACHED: Final = "reached"
HELD_OUT_ENTRY: Final = "held out"
HELD_OUT_REACHED: Final = "held out, reached"
REVENUE: Final = "revenue"
THOUSANDTHS: Final = 1_000


class Sums(msgspec.Struct, eq=False):
    """What one transaction adds: amounts may be negative. Hours are numbered from the epoch.

    `troubles` is the last thing that went wrong in handing over to each provider, `taken_ms` when each last answered
    that it has a message.
    """

    counters: Counter[tuple[CampaignId, CounterKind, str]] = msgspec.field(default_factory=Counter)
    traffic: Counter[tuple[int, ProviderId, TrafficKind]] = msgspec.field(default_factory=Counter)
    hours: Counter[tuple[CampaignId, int, HourKind]] = msgspec.field(default_factory=Counter)
    troubles: dict[ProviderId, Trouble] = msgspec.field(default_factory=dict)
    taken_ms: dict[ProviderId, int] = msgspec.field(default_factory=dict)


class Place(msgspec.Struct, frozen=True):
    """Where a message is counted: with its campaign, step and provider, in the hour in which it was made."""

    campaign_id: CampaignId
    provider_id: ProviderId
    hour: int
    number: int = 0  # of the step


def sums_of(decisions: Iterable[Decision]) -> Sums:
    """Return what new decisions add: their messages wait, and the others are skips by code."""
    sums = Sums()
    places: Counter[tuple[CampaignId, ProviderId, datetime, int]] = Counter()
    skips: Counter[tuple[CampaignId, str, datetime]] = Counter()
    for decision in decisions:
        match decision.verdict:
            case Send(message=message):
                made = (message.campaign_id, message.provider_id, message.created_at, decision.number)
                places[made] += 1
                sums.counters[message.campaign_id, "parts", ""] += message.parts
            case Skip(code=code):
                skips[decision.campaign_id, code, decision.decided_at] += 1
    for (campaign_id, provider_id, created_at, number), count in places.items():
        _queue(sums, Place(campaign_id, provider_id, _hour(created_at), number), count)
    for (campaign_id, code, decided_at), count in skips.items():
        sums.counters[campaign_id, "skip", code] += count
        sums.hours[campaign_id, _hour(decided_at), SKIP + code] += count
    return sums


def sums_of_answers(messages: Iterable[Message]) -> Sums:
    """Return what new messages add that no campaign made: they wait."""
    sums = Sums()
    for message in messages:
        sums.counters[message.campaign_id, "parts", ""] += message.parts
        _queue(sums, Place(message.campaign_id, message.provider_id, _hour(message.created_at)), 1)
    return sums


def move(sums: Sums, place: Place, before: Standing, after: Standing, code: str, count: int) -> None:
    """Count that messages went from one standing to another; `code` says why, if they failed."""
    for status, amount in ((before.status, -count), (after.status, count)):
        sums.counters[place.campaign_id, "status", status] += amount
        sums.traffic[place.hour, place.provider_id, status] += amount
        sums.hours[place.campaign_id, place.hour, status] += amount
        _count_numbered(sums, place, status, amount)
    if after.status in FAILURES:
        sums.counters[place.campaign_id, "error", code or after.status] += count


def take(sums: Sums, place: Place, count: int) -> None:
    """Count that a provider has had messages, for all we know."""
    sums.counters[place.campaign_id, "sent", ""] += count
    sums.traffic[place.hour, place.provider_id, "taken"] += count
    sums.hours[place.campaign_id, place.hour, "taken"] += count


def drop(sums: Sums, place: Place) -> None:
    """Count that a message was taken back before it went."""
    sums.hours[place.campaign_id, place.hour, "dropped"] += 1


def _queue(sums: Sums, place: Place, count: int) -> None:
    sums.counters[place.campaign_id, "status", MessageStatus.QUEUED] += count
    sums.traffic[place.hour, place.provider_id, MessageStatus.QUEUED] += count
    sums.hours[place.campaign_id, place.hour, MessageStatus.QUEUED] += count
    _count_numbered(sums, place, MessageStatus.QUEUED, count)


def _count_numbered(sums: Sums, place: Place, status: MessageStatus, amount: int) -> None:
    if place.number:
        sums.counters[place.campaign_id, "numbered", f"{place.number} {status}"] += amount


def _hour(at: datetime) -> int:
    return to_ms(at) // HOUR_MS
