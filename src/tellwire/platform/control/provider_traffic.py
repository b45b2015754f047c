"""What providers carried in the last day, for the list of providers (CleverTap contract 1.1, statistics)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from litestar import get

from tellwire.kernel.delivery import Delivery, delivery_of
from tellwire.platform.control.desk import DeskDependency
from tellwire.platform.control.provider_advice import advice_for
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.ports.traffic_reports import ProviderTraffic, TrafficHour

HOURS: Final = 24  # shown: this one and those before it
_HOUR: Final = timedelta(hours=1)


class TroubleView(msgspec.Struct, frozen=True, kw_only=True):
    """The last thing that went wrong, and what to do; `is_over` if the provider has taken a message since.

    `answer` is the beginning of what the provider said, masked; its own code and message stand in `reason` too.
    """

    at: datetime
    code: str
    reason: str
    answer: str
    advice: str
    is_over: bool


class TrafficView(msgspec.Struct, frozen=True, kw_only=True):
    """A provider's last 24 hours: `hours` has each, oldest first, and the sums are theirs.

    All count messages by when they were made: `sent` is what the provider had, `delivered` and `failed` what became
    of it, where failed ones may never have been sent, and `waiting` what is still to go. `delivery` is how many were
    delivered of those with an end.
    """

    provider_id: ProviderId
    sent: int
    delivered: int
    failed: int
    waiting: int
    delivery: Delivery
    hours: Sequence[TrafficHour]
    trouble: TroubleView | None


class TrafficList(msgspec.Struct, frozen=True, kw_only=True):
    """The traffic of every provider that ever had any."""

    traffic: Sequence[TrafficView]


@get("/api/providers/traffic", tags=["providers"])
async def list_traffic(desk: DeskDependency) -> TrafficList:
    """Tell what each provider carried in the last 24 hours, and its last trouble."""
    this_hour = desk.clock.now().replace(minute=0, second=0, microsecond=0)
    start = this_hour - (HOURS - 1) * _HOUR
    return TrafficList(traffic=[traffic_view(one, start) for one in await desk.reports.traffic(start)])


HANDLERS = [list_traffic]


def traffic_view(traffic: ProviderTraffic, start: datetime) -> TrafficView:
    """Return what is shown of a provider's traffic in the hours from `start` on, those without messages too."""
    known = {hour.at: hour for hour in traffic.hours}
    hours = [known.get(at, TrafficHour(at=at)) for at in (start + n * _HOUR for n in range(HOURS))]
    sent, delivered = sum(hour.taken for hour in hours), sum(hour.delivered for hour in hours)
    failed, on_the_way = sum(hour.failed for hour in hours), sum(hour.on_the_way for hour in hours)
    return TrafficView(
        provider_id=traffic.provider_id,
        sent=sent,
        delivered=delivered,
        failed=failed,
        delivery=delivery_of(
            delivered=delivered, failed=failed, on_the_way=on_the_way, heard_of=sent - on_the_way
        ),
        waiting=sum(hour.waiting for hour in hours),
        hours=hours,
        trouble=trouble_view(traffic),
    )


def trouble_view(traffic: ProviderTraffic) -> TroubleView | None:
    """Return a provider's last trouble with what to do, or None if there was none."""
    trouble, taken_at = traffic.trouble, traffic.taken_at
    if trouble is None:
        return None
    return TroubleView(
        at=trouble.at,
        code=trouble.code,
        reason=trouble.reason,
        answer=trouble.answer,
        advice=advice_for(trouble.code, trouble.answer),
        is_over=taken_at is not None and taken_at > trouble.at,
    )
