"""The gateway's composition root: options -> store, carriers, lanes, callbacks and the HTTP face.

Other code asks for `Gateway` and nothing else of this package.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

import msgspec

from tellwire.gateway.acceptance import ONCE_WITHIN, Acceptance
from tellwire.gateway.accounts import AccountBook
from tellwire.gateway.admin.routes import Administration
from tellwire.gateway.api.account import AccountApi
from tellwire.gateway.api.carrier_receipts import CarrierReceiptsApi
from tellwire.gateway.api.description import description_routes
from tellwire.gateway.api.door import Door, Limits
from tellwire.gateway.api.exports import ExportsApi
from tellwire.gateway.api.links import LinksApi
from tellwire.gateway.api.messages import MessagesApi
from tellwire.gateway.api.routes import (
    account_routes,
    carrier_routes,
    export_routes,
    gateway_app,
    link_routes,
    message_routes,
    sending_routes,
    survey_routes,
)
from tellwire.gateway.api.sending import SendingApi
from tellwire.gateway.api.surveys import SurveysApi
from tellwire.gateway.callbacks import CallbackDesk
from tellwire.gateway.carriers import Carrier, SmppCarrier
from tellwire.gateway.credentials import Credentials
from tellwire.gateway.directory import Account, ApiKey, Subaccount
from tellwire.gateway.dispatch import Lane
from tellwire.gateway.exports import ExportDesk
from tellwire.gateway.gauges import Gauges
from tellwire.gateway.http_carrier import HttpCarrier, HttpCarrierConfig
from tellwire.gateway.leftovers import Leftovers
from tellwire.gateway.numbers import NumberBook
from tellwire.gateway.portal.pages import portal_routes
from tellwire.gateway.receipts import ReceiptDesk
from tellwire.gateway.routing import UNKNOWN_NETWORK
from tellwire.gateway.settling import Persistence
from tellwire.gateway.simulator.behaviour import Behaviour
from tellwire.gateway.simulator.carrier import Simulator
from tellwire.gateway.simulator.handsets import Handsets
from tellwire.gateway.simulator.web import HandsetWeb
from tellwire.gateway.smpp.bind import LinkConfig, LinkState
from tellwire.gateway.smpp.tls import TlsConfig
from tellwire.gateway.smpp_door import SmppDoor
from tellwire.gateway.store.accounts import Accounts
from tellwire.gateway.store.callback_log import CallbackLog
from tellwire.gateway.store.callbacks import Callbacks
from tellwire.gateway.store.exports import Exports
from tellwire.gateway.store.happenings import Happenings
from tellwire.gateway.store.history import History
from tellwire.gateway.store.inbound import Inbound
from tellwire.gateway.store.inbound_records import InboundRecords
from tellwire.gateway.store.links import Links
from tellwire.gateway.store.messages import Messages
from tellwire.gateway.store.receipts import RECEIPT_WAIT, Receipts
from tellwire.gateway.store.records import Records
from tellwire.gateway.store.routes import Routes
from tellwire.gateway.store.schema import MIGRATIONS
from tellwire.gateway.store.smpp_parts import SmppParts
from tellwire.gateway.surveys.book import SurveyBook
from tellwire.gateway.surveys.store import SurveyStore
from tellwire.gateway.traffic import Traffic
from tellwire.gateway.waker import Waker
from tellwire.kernel.clock import Clock, SystemClock
from tellwire.kernel.forgetting import Forget, Forgetting
from tellwire.kernel.http import HttpClient
from tellwire.kernel.lifecycle import Supervisor
from tellwire.kernel.retention import RECEIPTS_WITHIN, horizon
from tellwire.kernel.secrets import Vault, load_or_create_key, same
from tellwire.kernel.session_table import SessionTable
from tellwire.kernel.sessions import SessionBook
from tellwire.kernel.sqlite import Database
from tellwire.kernel.telemetry import log
from tellwire.kernel.web.asgi import App
from tellwire.kernel.web.dispatch import route
from tellwire.kernel.web.ops import OpsApi
from tellwire.kernel.web.server import HttpServer, address_of

SIMULATOR: Final = "simulator"
DATABASE_FILE: Final = "gateway.db"
KEY_FILE: Final = "gateway.key"
EXPORTS_FOLDER: Final = "exports"
# All callbacks together; a lane alone takes `callbacks.WIDTH` of them. Below the usual limit of 1024 open files.
CALLBACK_CONNECTIONS: Final = 512
# A whole stop is to be over in ten seconds: requests first, then what carriers still answer.
REQUESTS_DRAIN_S: Final = 2.0
LOOPS_DRAIN_S: Final = 5.0
CARRIER_DRAIN_S: Final = 3.0
SWEEP_S: Final = 60.0


class GatewayOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How one gateway runs; `port` 0 takes any free one, `data` keeps everything that must survive.

    `public_url` is where others reach it (empty: host and port), `link_url` where short links start (empty: there).
    `allow_private_targets` lets callbacks go to loopback and private addresses: for demos and tests only.
    `carriers` are SMPP binds and `http_carriers` HTTP providers by carrier name; `carrier_costs` is what one charges
    for a part, in millionths, and `persistence` how hard to try with one.
    `keep` is how long messages and texts are kept, None for ever.
    `smpp_port` (0: any free one) opens the door for SMPP customers, None keeps it closed.
    `pauses_carriers` takes messages and hands none over: for maintenance, and to measure acceptance alone.
    """

    data: Path
    admin_token: str
    host: str = "127.0.0.1"
    port: int = 0
    public_url: str = ""
    link_url: str = ""
    allow_private_targets: bool = False
    has_simulator: bool = True
    behaviour: Behaviour = Behaviour()
    carriers: dict[str, tuple[LinkConfig, ...]] = {}
    http_carriers: dict[str, HttpCarrierConfig] = {}
    carrier_costs: dict[str, int] = {}
    persistence: dict[str, Persistence] = {}
    receipt_wait: timedelta = RECEIPT_WAIT
    keep: timedelta | None = None
    account: str = "demo"
    limits: Limits = Limits()
    smpp_host: str = "127.0.0.1"
    smpp_port: int | None = None
    smpp_tls: TlsConfig | None = None
    pauses_carriers: bool = False

    def __repr__(self) -> str:
        """Leave the token out of logs and traces."""
        return f"GatewayOptions({self.host}:{self.port})"


class Gateway:
    """The gateway in this process: `start`, use, `stop`."""

    def __init__(self, options: GatewayOptions, *, clock: Clock | None = None) -> None:
        self.options = options
        self.port = options.port
        self.handsets = Handsets()
        self._clock = clock or SystemClock()
        self._loops = Supervisor()
        self._carriers: list[SmppCarrier] = []
        self._binds: dict[str, LinkState] = {}
        self._simulator: Simulator | None = None
        self._handset_web: HandsetWeb | None = None

    @property
    def public_url(self) -> str:
        """Where others reach the gateway; with port 0 it is known once the gateway stands."""
        return self.options.public_url.rstrip("/") or address_of(self.options.host, self.port)

    async def start(self) -> None:
        """Open the store, connect the carriers and listen; returns when requests are answered."""
        data = self.options.data
        await asyncio.to_thread(data.mkdir, parents=True, exist_ok=True)
        vault = Vault(await asyncio.to_thread(load_or_create_key, data / KEY_FILE))
        self._database = await Database.open(data / DATABASE_FILE, MIGRATIONS)
        allow_private = self.options.allow_private_targets
        self._http = HttpClient(allow_private=allow_private, connections=CALLBACK_CONNECTIONS)
        await self._http.start()
        self._open_stores(vault)
        await self.accounts.load()
        await self.numbers.load()
        await self.surveys.load()
        await self._add_carriers()
        await self.traffic.load()
        waker = Waker(self._messages, clock=self._clock, on_ready=self.traffic.notify)
        self._loops.add("waker", waker.run)
        self._loops.add("traffic", self.traffic.run)
        self._loops.add("leftovers", self._leftovers().run)
        self._loops.add("callbacks", self._desk.run)
        self._loops.add("exports", self._export_desk.run)
        self._loops.add("sweep", self._sweep)
        self._loops.add("forgetting", Forgetting(self._forgotten(), clock=self._clock).run)
        if self.options.smpp_port is not None:
            self._loops.add("smpp customers", partial(self.smpp.run, self._desk.hurry))
        self._sessions = SessionBook(
            SessionTable(self._database), clock=self._clock, secret=self.options.admin_token
        )
        await self._sessions.load()
        self._loops.add("sessions", self._sessions.run, drain=self._sessions.drain)
        await self._loops.start()
        administration = self._administration()
        await administration.load()
        self._server = HttpServer(self._app(administration), self.options.host, self.options.port)
        await self._server.start()
        self.port = self._server.port
        if self.options.smpp_port is not None:
            await self.smpp.server.start()

    async def stop(self) -> None:
        """Take nothing more, let carriers answer what they have, settle it, close; at most some seven seconds."""
        if self._handset_web is not None:
            self._handset_web.close()  # its streams would hold the server open
        await asyncio.gather(self._server.drain(REQUESTS_DRAIN_S), self.smpp.server.drain(REQUESTS_DRAIN_S))
        await self._loops.stop(LOOPS_DRAIN_S)
        await self.smpp.server.stop()
        if self._simulator is not None:
            await self._simulator.stop()
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
            self._desk.notify([lane])
        return lane is not None

    async def standings(self) -> dict[str, int]:
        """Return how many messages stand where, by status."""
        return await self._messages.standings()

    async def callbacks_waiting(self) -> bool:
        """Say whether any callback is still to be taken."""
        return bool(await self._callbacks.lanes())

    async def backup(self, to: Path) -> None:
        """Write a consistent copy of the store; the key file beside it is needed to open its sealed secrets."""
        await self._database.backup(to)

    def _open_stores(self, vault: Vault) -> None:
        self.accounts = AccountBook(Accounts(self._database), vault, clock=self._clock)
        self._messages = Messages(self._database)
        self._receipts = Receipts(self._database, wait=self.options.receipt_wait)
        self._records = Records(self._database)
        self._inbound_records = InboundRecords(self._database)
        routes = Routes(self._database)
        self.numbers = NumberBook(routes, self.accounts.directory)
        self.traffic = Traffic(
            routes,
            defaults=(*self.options.carriers, *self.options.http_carriers) or (SIMULATOR,),
            costs=self.options.carrier_costs,
            now_s=asyncio.get_running_loop().time,
        )
        self._links = Links(self._database)
        self._happenings = Happenings(self._database)
        self._survey_store = SurveyStore(self._database)
        self.surveys = SurveyBook(self._survey_store)
        self._exports = Exports(self._database)
        self.callback_log = CallbackLog(self._database)
        self._export_desk = ExportDesk(
            self._exports,
            self._records,
            self._inbound_records,
            self.options.data / EXPORTS_FOLDER,
            clock=self._clock,
        )
        self._acceptance = Acceptance(
            self._messages,
            self.accounts.directory,
            clock=self._clock,
            route_of=self._route_of,
            may_send_of=self.numbers.may_send_of,
            link_base=lambda: self.options.link_url.rstrip("/") or self.public_url,
            on_queued=self.traffic.notify,
        )
        self.smpp = SmppDoor(
            self._acceptance,
            self.numbers,
            SmppParts(self._database),
            host=self.options.smpp_host,
            port=self.options.smpp_port or 0,
            tls=self.options.smpp_tls,
            clock=self._clock,
        )
        credentials = Credentials(self.accounts.directory, vault, self._http, clock=self._clock)
        self._callbacks = Callbacks(self._database)
        self._desk = CallbackDesk(
            self._callbacks, self._http, credentials, smpp=self.smpp.bring, clock=self._clock
        )

    async def _add_carriers(self) -> None:
        carriers = dict(self.options.carriers)
        if self.options.has_simulator:
            self._simulator = Simulator(self.options.behaviour, handsets=self.handsets, clock=self._clock)
            await self._simulator.start()
            carriers[SIMULATOR] = (self._simulator.link_config(),)
        self._receipt_desk = ReceiptDesk(
            self._receipts,
            Inbound(self._database),
            clock=self._clock,
            owner_of=self.numbers.owner_of,
            health_of=self.traffic.health,
            on_callbacks=self._desk.notify,
        )
        deliver = self._receipt_desk.deliver
        for name, configs in carriers.items():
            carrier = SmppCarrier(
                name, configs, on_deliver=deliver, on_state=self._note_bind, clock=self._clock
            )
            if not self.options.pauses_carriers:
                self._carriers.append(carrier)
            self._add_lane(carrier)
        for name, config in self.options.http_carriers.items():
            self._add_lane(HttpCarrier(name, config, self._http))

    def _add_lane(self, carrier: Carrier) -> None:
        lane = Lane(
            carrier,
            self._messages,
            persistence=self.options.persistence.get(carrier.name, Persistence()),
            clock=self._clock,
            on_callbacks=self._desk.notify,
            health=self.traffic.health(carrier.name),
        )
        self.traffic.add(lane)

        async def drain(_deadline_s: float) -> None:
            lane.drain()
            await carrier.drain(CARRIER_DRAIN_S)
            await lane.finish()

        if not self.options.pauses_carriers:
            self._loops.add(f"lane {carrier.name}", lane.run, drain=drain)
            self._loops.add(f"carrier {carrier.name}", carrier.run)

    def _leftovers(self) -> Leftovers:
        return Leftovers(
            self._messages,
            lanes=lambda: self.traffic.lanes,
            elsewhere=lambda destination, source: (
                self.traffic.choose(destination, source, UNKNOWN_NETWORK).carrier
            ),
            notify=self.traffic.notify,
            on_callbacks=self._desk.notify,
            clock=self._clock,
        )

    def _administration(self) -> Administration:
        return Administration(
            database=self._database,
            book=self.accounts,
            callback_log=self.callback_log,
            redeliver=self.redeliver,
            numbers=self.numbers,
            surveys=self.surveys,
            customers=lambda: self.smpp.server.binds,
            traffic=self.traffic,
            waiting=self._messages.waiting,
            handsets=self.handsets,
            behaviour=self.options.behaviour if self.options.has_simulator else None,
            is_admin_token=self._is_admin_token,
            sessions=self._sessions,
            clock=self._clock,
        )

    def _app(self, administration: Administration) -> App:
        now_s = asyncio.get_running_loop().time
        door = Door(self.accounts.directory, clock=self._clock, now_s=now_s, limits=self.options.limits)
        sending = SendingApi(door, self._acceptance)
        gauges = Gauges(
            self._messages,
            self._callbacks,
            carriers=lambda: self.traffic.lanes,
            binds=self._count_binds,
            clock=self._clock,
        )
        ops = OpsApi(
            is_ready=lambda: self._loops.is_ready,
            state=lambda: {"binds": self._count_binds()},
            gauge=gauges.read,
        )
        routes = [
            *sending_routes(sending),
            *message_routes(MessagesApi(door, self._records, self._inbound_records)),
            *export_routes(ExportsApi(door, self._export_desk, self._exports)),
            *account_routes(AccountApi(door, self.accounts)),
            *survey_routes(SurveysApi(door, sending, self.surveys)),
            *link_routes(LinksApi(door, self._links, self.surveys, self._survey_store, self._desk.notify)),
            *ops.routes(),
            *description_routes(),
            *carrier_routes(CarrierReceiptsApi(door, self._receipt_desk, self.options.http_carriers)),
            *administration.routes(),
            *portal_routes(),
        ]
        if self._simulator is not None:
            self._handset_web = HandsetWeb(
                self._simulator, is_key=self._is_admin_token, has_session=administration.has_session
            )
            routes.append(route("GET POST", "/simulator/*", self._handset_web))
        return gateway_app(door, routes)

    def _route_of(self, account: str) -> Callable[[str, str], tuple[str | None, int]]:
        tariff, choose = self.accounts.tariff(account), self.traffic.choose

        def route_and_price(destination: str, source: str) -> tuple[str | None, int]:
            choice = choose(destination, source, tariff.network(destination))
            return choice.carrier, tariff.part_micro(destination)

        return route_and_price

    def _is_admin_token(self, token: str) -> bool:
        return same(token, self.options.admin_token)

    def _note_bind(self, state: LinkState) -> None:
        was_up = state.name in self._binds and self._binds[state.name].phase == "bound"
        is_up = state.phase == "bound"
        if is_up != was_up:
            log("bind.up" if is_up else "bind.down", bind=state.name, reason=state.reason)
        self._binds[state.name] = state
        self.traffic.look()

    def _count_binds(self) -> dict[str, int]:
        return {
            carrier.name: sum(link.state.phase == "bound" for link in carrier.links)
            for carrier in self._carriers
        }

    def _forgotten(self) -> dict[str, Forget]:
        """Return what is forgotten in time: sent and received messages only when the options say so."""
        forgotten: dict[str, Forget] = {
            "webhook log": self.callback_log.forget,
            "client ids": lambda now, _after: self._messages.forget_taken(now - ONCE_WITHIN),
            "exports": self._export_desk.forget,
            "links": self._links.forget,
            "happenings": self._happenings.forget,
        }
        keep, history = self.options.keep, History(self._database)
        receipts_within = max(RECEIPTS_WITHIN, self.options.receipt_wait)
        if keep is not None:
            since = partial(horizon, keep=keep, receipts_within=receipts_within)
            forgotten["messages"] = lambda now, after: history.forget_messages(since(now), after)
            forgotten["survey answers"] = lambda now, _after: self._survey_store.forget(now - keep)
            forgotten["inbound"] = lambda now, after: history.forget_inbound(since(now), after)
        return forgotten

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            await self._receipts.forget_early(self._clock.now())
            await self._records.erase(self._clock.now())
            await self._receipt_desk.join_late(self._clock.now())
            await self.smpp.join_late()
