"""Counts and log lines about messages that were settled, once a batch; what happened to one is in its timeline."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from tellwire.kernel.ids import ID_LENGTH, made_at
from tellwire.kernel.metrics import metrics
from tellwire.kernel.telemetry import LogEvent, log
from tellwire.platform.model.campaign import CampaignSet
from tellwire.platform.model.message import (
    Claimed,
    Dropped,
    GivenUp,
    HandedOver,
    Message,
    Settlement,
    TryAgain,
)

_WORDS: Final = {HandedOver: "handed_over", TryAgain: "try_again", GivenUp: "given_up", Dropped: "dropped"}
_LOGGED: Final[Mapping[str, LogEvent]] = {
    "handed_over": "message.sent",
    "try_again": "message.deferred",
    "given_up": "message.failed",
    "dropped": "message.failed",
}


def account_for(closed: Sequence[tuple[Claimed, Settlement]], catalog: CampaignSet, now: datetime) -> None:
    """Count how attempts ended by provider, and note how long ago the events came whose messages are out."""
    ends = Counter((one.message.provider_id, _WORDS[type(settlement)]) for one, settlement in closed)
    for (provider_id, outcome), count in ends.items():
        provider = catalog.providers.get(provider_id)
        nickname = provider.nickname if provider is not None else "deleted"
        metrics.count("tellwire_messages_total", count, provider=nickname, outcome=outcome)
        log(_LOGGED[outcome], "debug", provider=nickname, count=count)
    observe = metrics.histogram("tellwire_event_to_sent_seconds")
    for one, settlement in closed:
        if isinstance(settlement, HandedOver) and (age_s := _age_s(one.message, now)) is not None:
            observe(age_s)


def _age_s(message: Message, now: datetime) -> float | None:
    """Return how long ago a message's event came, None if its id, which others made, tells no moment."""
    try:
        came = made_at(message.occasion_id[:ID_LENGTH])
    except ValueError:
        return None
    return max(0.0, (now - came).total_seconds())
