"""The endpoint of carriers: which are up, how fast they go, how well they do, what waits for them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from tellwire.gateway.admin.endpoint import UNKNOWN, Ask
from tellwire.gateway.carriers.carriers import Carrier, SmppCarrier
from tellwire.gateway.carriers.choosing import Traffic
from tellwire.gateway.carriers.http_carrier import HttpCarrier
from tellwire.gateway.smpp.link import Link
from tellwire.kernel.clock import Clock

Waiting = Callable[[], Awaitable[Mapping[str, int]]]


class CarriersPage:
    """Carriers as an operator watches them."""

    def __init__(self, traffic: Traffic, waiting: Waiting, *, clock: Clock) -> None:
        self._traffic = traffic
        self._waiting = waiting
        self._clock = clock

    async def show_all(self, _ask: Ask) -> object:
        """`GET /admin/api/carriers`: asked every second by the page that shows them."""
        waiting = await self._waiting()
        return {"now": self._clock.now(), "carriers": self.shown(waiting)}

    async def connect(self, ask: Ask) -> object:
        """`POST /admin/api/carriers/{name}/connect`."""
        return await self._switch(ask, is_wanted=True)

    async def disconnect(self, ask: Ask) -> object:
        """`POST /admin/api/carriers/{name}/disconnect`: stays so over restarts; what waits goes to other carriers."""
        return await self._switch(ask, is_wanted=False)

    async def _switch(self, ask: Ask, *, is_wanted: bool) -> object:
        name = ask.path["name"]
        if name not in self._traffic.lanes:
            return UNKNOWN
        await self._traffic.switch(name, is_wanted=is_wanted)
        return await self.show_all(ask)

    def shown(self, waiting: Mapping[str, int]) -> list[dict[str, Any]]:
        """Return every carrier with its binds, how it does and what waits for it."""
        return [
            {
                **_carrier(lane.carrier),
                **self._standing(name),
                "is_wanted": lane.carrier.is_wanted,
                "waiting": waiting.get(name, 0),
            }
            for name, lane in self._traffic.lanes.items()
        ]

    def _standing(self, name: str) -> dict[str, float | bool]:
        health = self._traffic.health(name)
        return {
            "share": round(health.share, 3),
            "error_rate": round(health.error_rate, 4),
            "delay_s": round(health.delay_s, 2),
            "is_silent": health.is_silent,
            "has_ended": health.has_ended,
            "has_heard": health.has_heard,
        }


def _carrier(carrier: Carrier) -> dict[str, Any]:
    match carrier:
        case SmppCarrier():
            binds = [_bind(link) for link in carrier.links]
            up = sum(bind["phase"] == "bound" for bind in binds)
            health = "up" if up == len(binds) else "partly" if up else _down(carrier)
            return {"name": carrier.name, "wire": "smpp", "health": health, "binds_up": up, "binds": binds}
        case HttpCarrier():
            return {
                **_plain(carrier),
                "wire": "http",
                "peer": urlsplit(carrier.config.url).netloc.rpartition("@")[2],
                "most": carrier.config.most,
                "under_way": carrier.under_way,
                "reason": "" if carrier.is_up else carrier.reason,
            }
        case _:
            return {**_plain(carrier), "wire": "other"}


def _plain(carrier: Carrier) -> dict[str, Any]:
    health = "up" if carrier.is_up else _down(carrier)
    return {"name": carrier.name, "health": health, "binds_up": 0, "binds": []}


def _down(carrier: Carrier) -> str:
    return "down" if carrier.is_wanted else "off"


def _bind(link: Link) -> dict[str, Any]:
    return {
        **msgspec.structs.asdict(link.state),
        "peer": f"{link.config.host}:{link.config.port}",
        "system_id": link.config.system_id,
        "kind": link.config.bind,
        "is_encrypted": link.config.tls is not None,
    }
