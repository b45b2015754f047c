"""One gateway, running: opens what it is made of, starts its loops, listens, and stops in good order.

Its parts are `assembly`, its carriers `running_carriers`, its endpoints `app`.
Other code asks for `Gateway` and `GatewayOptions`, and for nothing else of this package.
"""

import asyncio
from functools import partial
from pathlib import Path
from typing import Final

from tellwire.gateway.accounts.accounts import sealed_texts
from tellwire.gateway.app import GatewayApp
from tellwire.gateway.assembly import Assembly
from tellwire.gateway.housekeeping import forgotten, sweep
from tellwire.gateway.model.account import Account, ApiKey, Subaccount
from tellwire.gateway.options import GatewayOptions
from tellwire.gateway.simulator.handsets import Handsets
from tellwire.gateway.simulator.kept import KeptHandsets
from tellwire.gateway.store.accounts import Accounts
from tellwire.gateway.store.schema import MIGRATIONS
from tellwire.gateway.stores import Stores
from tellwire.kernel.clock import Clock, SystemClock
from tellwire.kernel.forgetting import Forgetting
from tellwire.kernel.http.client import HttpClient
from tellwire.kernel.lifecycle import Supervisor
from tellwire.kernel.secrets import KeyLost, Vault, load_or_create_key
from tellwire.kernel.sqlite import Database
from tellwire.kernel.web.server import HttpServer, address_of

__all__ = ["DATABASE_FILE", "KEY_FILE", "Gateway", "GatewayOptions"]

DATABASE_FILE: Final = "gateway.db"
KEY_FILE: Final = "gateway.key"
HANDSETS_FILE: Final = "handsets.jsonl"
# All callbacks together; a lane alone takes `callbacks.WIDTH` of them. Below the usual limit of 1024 open files.
CALLBACK_CONNECTIONS: Final = 512
# A whole stop is to be over in ten seconds: requests first, then what carriers still answer.
REQUESTS_DRAIN_S: Final = 2.0
LOOPS_DRAIN_S: Final = 5.0


class Gateway:
    """The gateway in this process: `start`, use, `stop`. All but `options` and `handsets` is there once it started."""

    def __init__(self, options: GatewayOptions, *, clock: Clock | None = None) -> None:
        self.options = options
        self.port = options.port
        self.handsets = Handsets()
        self._clock = clock or SystemClock()
        self._loops = Supervisor()

    @property
    def public_url(self) -> str:
        """Where others reach the gateway; with port 0 it is known once the gateway stands."""
        return self.options.public_url.rstrip("/") or address_of(self.options.host, self.port)

    @property
    def own_url(self) -> str:
        """Where this process reaches it, whatever stands between it and others."""
        return address_of(self.options.host, self.port)

    async def start(self) -> None:
        """Open the store, connect the carriers and listen; returns when requests are answered."""
        await self._assemble()
        await self._load()
        self._add_loops()
        await self._loops.start()
        await self._listen()

    async def stop(self) -> None:
        """Take nothing more, let carriers answer what they have, settle it, close; at most some seven seconds."""
        self._app.close()
        await asyncio.gather(self._server.drain(REQUESTS_DRAIN_S), self.smpp.server.drain(REQUESTS_DRAIN_S))
        await self._loops.stop(LOOPS_DRAIN_S)
        await self.smpp.server.stop()
        await self.carriers.stop()
        if self.options.has_simulator:
            await self._kept.save()
        await self._http.close()
        await self._database.close()

    async def ensure_subaccount(self, subaccount: str, *, default_source: str = "Tellwire") -> Subaccount:
        """Make sure that the options' account exists and has this subaccount."""
        account = Account(
            id=self.options.account, name=self.options.account, is_prepaid=False, currency="EUR"
        )
        if account.id not in self.accounts.directory().accounts:
            await self.accounts.ensure_account(account)
        await self.accounts.ensure_subaccount(
            Subaccount(id=subaccount, account=account.id, default_source=default_source)
        )
        return self.accounts.directory().subaccounts[subaccount]

    async def ensure_api_key(self, name: str, secret: str) -> ApiKey:
        """Make sure that `secret` is an enabled key of the options' account."""
        return await self.accounts.ensure_key(self.options.account, name, secret)

    async def redeliver(self, log_id: int) -> bool:
        """Post the callback of a logged try once more; False when the log has no such try."""
        lane = await self.callback_log.redeliver(log_id)
        if lane is not None:
            self._assembly.callbacks.notify([lane])
        return lane is not None

    async def standings(self) -> dict[str, int]:
        """Return how many messages stand where, by status."""
        return await self.stores.messages.standings()

    async def callbacks_waiting(self) -> bool:
        """Say whether any callback is still to be taken."""
        return bool(await self.stores.callbacks.lanes())

    async def backup(self, to: Path) -> None:
        """Write a consistent copy of the store; the key file beside it is needed to open its sealed secrets."""
        await self._database.backup(to)

    async def _assemble(self) -> None:
        options = self.options
        await asyncio.to_thread(options.data.mkdir, parents=True, exist_ok=True)
        self._database = await Database.open(options.data / DATABASE_FILE, MIGRATIONS)
        vault = await self._vault()
        self._http = HttpClient(
            allow_private=options.allow_private_targets,
            connections=CALLBACK_CONNECTIONS,
            own=options.own_targets,
        )
        await self._http.start()
        self.stores = Stores(self._database, receipt_wait=options.receipt_wait)
        self.callback_log = self.stores.callback_log
        self._assembly = assembly = Assembly(
            options,
            self.stores,
            vault,
            self._http,
            self._loops,
            link_base=lambda: options.link_url.rstrip("/") or self.public_url,
            clock=self._clock,
        )
        self.accounts, self.numbers, self.surveys = assembly.accounts, assembly.numbers, assembly.surveys
        self.traffic, self.carriers, self.smpp = assembly.traffic, assembly.carriers, assembly.smpp

    async def _vault(self) -> Vault:
        hooks = (await Accounts(self._database).load()).webhooks.values()
        path = self.options.data / KEY_FILE
        try:
            has_sealed = any(map(sealed_texts, hooks))
            return Vault(await asyncio.to_thread(load_or_create_key, path, has_sealed=has_sealed))
        except (KeyLost, ValueError):
            await self._database.close()
            raise

    async def _load(self) -> None:
        """Read what is kept in memory; the carriers come before the routes, which name them."""
        await self.accounts.load()
        await self.numbers.load()
        await self.surveys.load()
        if self.options.has_simulator:
            self._kept = KeptHandsets(self.handsets, self.options.data / HANDSETS_FILE)
            await self._kept.load()
        await self.carriers.start(self.handsets)
        await self.traffic.load()
        await self._assembly.sessions.load()
        await self._load_app()

    async def _load_app(self) -> None:
        self._app = GatewayApp(
            self.options,
            self.stores,
            self._assembly,
            handsets=self.handsets,
            redeliver=self.redeliver,
            is_ready=lambda: self._loops.is_ready and not self.accounts.unopened(),
            clock=self._clock,
        )
        await self._app.load()

    def _add_loops(self) -> None:
        assembly = self._assembly
        self._loops.add("waker", assembly.waker.run)
        self._loops.add("traffic", assembly.traffic.run)
        self._loops.add("leftovers", assembly.leftovers.run)
        self._loops.add("callbacks", assembly.callbacks.run)
        self._loops.add("exports", assembly.exports.run)
        self._loops.add("sweep", partial(sweep, self.stores, assembly, self._clock))
        forgetting = Forgetting(forgotten(self.options, self.stores, assembly), clock=self._clock)
        self._loops.add("forgetting", forgetting.run)
        self._loops.add("changes", self._app.run)
        self._loops.add("sessions", assembly.sessions.run, drain=assembly.sessions.drain)
        if self.options.has_simulator:
            self._loops.add("handsets", self._kept.run)
        if self.options.smpp_port is not None:
            self._loops.add("smpp customers", partial(self.smpp.run, assembly.callbacks.hurry))

    async def _listen(self) -> None:
        self._server = HttpServer(
            self._app.app(),
            self.options.host,
            self.options.port,
            trusted_proxies=self.options.trusted_proxies,
        )
        await self._server.start()
        self.port = self._server.port
        if self.options.smpp_port is not None:
            await self.smpp.server.start()
