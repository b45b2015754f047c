"""Alerts for an operator: carriers that are down or silent, refused requests, missing receipts. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias

import msgspec

from tellwire.gateway.accept.refused import RefusedFor
from tellwire.kernel.choice.health import ERROR_LIMIT

_RECEIPTS_WITHIN: Final = timedelta(hours=1)
_OF_KEYS: Final = frozenset({1200, 1201})  # who calls, and from where
_LEAST: Final = 3  # messages without any receipt that make an alert

Place: TypeAlias = Literal[
    "carriers", "messages", "keys", ""
]  # a page of the portal; "" is the overview itself


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is wrong: how bad, in which words, and where to look."""

    tone: Literal["bad", "warn"]
    text: str
    place: Place


def alerts_of(
    carriers: Sequence[Mapping[str, Any]],
    refused: Sequence[RefusedFor],
    hours: Sequence[Mapping[str, Any]],
    now: datetime,
) -> list[Alert]:
    """Return what is wrong, the worst first; `carriers` as their page shows them, `hours` as the overview counts."""
    alerts = [
        *(one for carrier in carriers for one in _of_carrier(carrier)),
        *_missing_receipts(hours, now),
        *_refused(refused),
    ]
    return sorted(alerts, key=lambda one: one.tone != "bad")


def _of_carrier(carrier: Mapping[str, Any]) -> Iterator[Alert]:
    name, waiting = carrier["name"], carrier["waiting"]
    wait = (
        f" {waiting} messages wait for it."
        if waiting > 1
        else " One message waits for it."
        if waiting
        else ""
    )
    match carrier["health"]:
        case "down":
            why = next((bind["reason"] for bind in carrier["binds"] if bind.get("reason")), "")
            text = f"The carrier {name} is down{f': {why}' if why else ''}.{wait}"
            yield Alert(tone="bad", text=text, place="carriers")
        case "off" if waiting:
            text = f"The carrier {name} was disconnected by hand.{wait}"
            yield Alert(tone="warn", text=text, place="carriers")
        case "partly":
            text = f"The carrier {name} has {carrier['binds_up']} of {len(carrier['binds'])} binds up."
            yield Alert(tone="warn", text=text, place="carriers")
    if carrier["is_silent"]:
        yield Alert(tone="warn", text=f"The receipts of the carrier {name} stay away.", place="carriers")
    if carrier["has_ended"] and carrier["error_rate"] > ERROR_LIMIT:
        text = f"{carrier['error_rate']:.0%} of what the carrier {name} took lately failed."
        yield Alert(tone="warn", text=text, place="carriers")


def _missing_receipts(hours: Sequence[Mapping[str, Any]], now: datetime) -> Iterator[Alert]:
    due = [hour for hour in hours if hour["at"] + timedelta(hours=1) <= now - _RECEIPTS_WITHIN]
    sent = sum(hour["sent"] for hour in due)
    heard = sum(hour["delivered"] + hour["failed"] for hour in due)
    if sent >= _LEAST and heard == 0:
        text = f"None of {sent} messages that were sent more than an hour ago has had a receipt."
        yield Alert(tone="bad", text=text, place="messages")


def _refused(refused: Sequence[RefusedFor]) -> Iterator[Alert]:
    total = sum(one.count for one in refused)
    if total:
        most = refused[0]
        times = "One request was refused" if total == 1 else f"{total} requests were refused"
        text = f"{times} in the last 24 hours, most often with {most.code}: {most.reason}."
        place: Place = "keys" if most.code in _OF_KEYS else ""
        yield Alert(tone="warn", text=text.replace("..", "."), place=place)
