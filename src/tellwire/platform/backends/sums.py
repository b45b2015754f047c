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
from tellwire.platform.ports.reports import Trouble

HOUR_MS: Final = 3_600_000
KEPT_HOURS: Final = 8 * 24  # of a campaign: a page shows the last week, and this is a day more
SKIP: Final = "skip "  # and a code: the kind of an hour's decisions that made no message

# status: messages that stand there now. sent: messages a provider or network is known, or assumed, to have had.
# skip, error: by code. parts: of all messages.
CounterKind: TypeAlias = Literal["status", "sent", "skip", "error", "parts"]
# A status: messages that stand there now. taken: those that a provider is known, or assumed, to have had.
TrafficKind: TypeAlias = MessageStatus | Literal["taken"]
# As of traffic; and dropped: those of the rejected that were taken back before they went; and `SKIP` with a code.
HourKind: TypeAlias = str


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
    """Where a message is counted: with its campaign and its provider, in the hour in which it was made."""

    campaign_id: CampaignId
    provider_id: ProviderId
    hour: int


def sums_of(decisions: Iterable[Decision]) -> Sums:
    """Return what new decisions add: their messages wait, and the others are skips by code."""
    sums = Sums()
    for decision in decisions:
        match decision.verdict:
            case Send(message=message):
                _add_message(sums, message)
            case Skip(code=code):
                sums.counters[decision.campaign_id, "skip", code] += 1
                sums.hours[decision.campaign_id, _hour(decision.decided_at), SKIP + code] += 1
    return sums


def move(sums: Sums, place: Place, before: Standing, after: Standing, code: str) -> None:
    """Count that a message went from one standing to another; `code` says why, if it failed."""
    for status, amount in ((before.status, -1), (after.status, 1)):
        sums.counters[place.campaign_id, "status", status] += amount
        sums.traffic[place.hour, place.provider_id, status] += amount
        sums.hours[place.campaign_id, place.hour, status] += amount
    if after.status in FAILURES:
        sums.counters[place.campaign_id, "error", code or after.status] += 1


def take(sums: Sums, place: Place) -> None:
    """Count that a provider has had a message, for all we know."""
    sums.counters[place.campaign_id, "sent", ""] += 1
    sums.traffic[place.hour, place.provider_id, "taken"] += 1
    sums.hours[place.campaign_id, place.hour, "taken"] += 1


def drop(sums: Sums, place: Place) -> None:
    """Count that a message was taken back before it went."""
    sums.hours[place.campaign_id, place.hour, "dropped"] += 1


def _add_message(sums: Sums, message: Message) -> None:
    hour = _hour(message.created_at)
    sums.counters[message.campaign_id, "status", MessageStatus.QUEUED] += 1
    sums.counters[message.campaign_id, "parts", ""] += message.parts
    sums.traffic[hour, message.provider_id, MessageStatus.QUEUED] += 1
    sums.hours[message.campaign_id, hour, MessageStatus.QUEUED] += 1


def _hour(at: datetime) -> int:
    return to_ms(at) // HOUR_MS
