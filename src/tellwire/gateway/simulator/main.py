"""The simulated carrier as a program of its own: an SMSC on one port, its handsets' pages on another."""

import time

from tellwire.gateway.simulator.behaviour import Behaviour
from tellwire.gateway.simulator.carrier import Simulator
from tellwire.gateway.simulator.web import HandsetWeb
from tellwire.kernel.secrets import same
from tellwire.kernel.tries import Tries
from tellwire.kernel.web.asgi import Scope, peer
from tellwire.kernel.web.dispatch import Dispatch, route
from tellwire.kernel.web.ops import OpsApi
from tellwire.kernel.web.server import HttpServer

DRAIN_S = 3.0


class StandaloneSimulator:
    """A carrier with handsets: `start`, bind to it on `smpp_port`, look at `port`, `stop`."""

    def __init__(self, behaviour: Behaviour, *, host: str, smpp_port: int, port: int, key: str) -> None:
        self._carrier = Simulator(behaviour, host=host, port=smpp_port)
        tries = Tries(time.monotonic)

        def is_key(scope: Scope, shown: str) -> bool:
            return tries.judge(peer(scope), is_right=same(shown, key)).opens

        self._web = HandsetWeb(self._carrier, is_key=is_key)
        ops = OpsApi(is_ready=lambda: True, state=lambda: {"binds": self._carrier.binds})
        routes = [*ops.routes(), route("GET POST", "/simulator/*", self._web)]
        self._server = HttpServer(Dispatch(routes), host, port)

    @property
    def smpp_port(self) -> int:
        """Where ESMEs bind."""
        return self._carrier.port

    @property
    def port(self) -> int:
        """Where the handsets are looked at."""
        return self._server.port

    async def start(self) -> None:
        """Listen on both ports; `OSError` when one is taken."""
        await self._carrier.start()
        await self._server.start()

    async def stop(self) -> None:
        """End streams, pages and binds."""
        self._web.close()
        await self._server.drain(DRAIN_S)
        await self._carrier.stop()
