"""The composition root: settings become a back end, workers, routes and servers. The only importer of adapters."""

import asyncio
import os
import random
from collections.abc import Callable
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from tellwire.backends.embedded.backend import EmbeddedBackend, InUse, open_embedded
from tellwire.backends.sealing import SealingCatalog
from tellwire.control.app import Control, ControlOptions, control_app
from tellwire.dashboard.app import dashboard_app
from tellwire.decide.worker import DecideWorker
from tellwire.deliver.worker import DeliverWorker
from tellwire.gateway.api.door import Limits
from tellwire.gateway.carrier_file import BadCarrierFile, CarrierSet, read_carriers
from tellwire.gateway.directory import Webhook
from tellwire.gateway.main import Gateway, GatewayOptions
from tellwire.gateway.simulator.behaviour import Behaviour, read_behaviour
from tellwire.gateway.simulator.handsets import Handset, ShownMessage
from tellwire.gateway.smpp.tls import TlsConfig
from tellwire.intake.api import Access, UploadApi
from tellwire.intake.clevertap import Rules
from tellwire.kernel.clock import SystemClock
from tellwire.kernel.forgetting import Forget, Forgetting
from tellwire.kernel.http import HttpClient
from tellwire.kernel.lifecycle import Supervisor
from tellwire.kernel.metrics import metrics
from tellwire.kernel.retention import LEAST_DAYS, horizon
from tellwire.kernel.secrets import Vault, load_or_create_key
from tellwire.kernel.sessions import SessionBook
from tellwire.kernel.web.asgi import App, Receive, Scope, Send, answer
from tellwire.kernel.web.dispatch import Dispatch, route
from tellwire.kernel.web.ops import OpsApi
from tellwire.kernel.web.server import HttpServer, address_of
from tellwire.model.provider import Provider
from tellwire.ports.catalog import Catalog
from tellwire.ports.retention import Retention
from tellwire.receipts.api import CallbackApi
from tellwire.senders.generic import GenericSender
from tellwire.settings import Settings

KEY_NAME = "sealing.key"
GATEWAY_FOLDER = "gateway"
DEMO_NAME = "demo.json"
CONFIG_NAME = "tellwire.toml"
GIVEN_PREFIX = "TELLWIRE_SECRET_"  # what an import may name as ${...}: not whatever stands in the environment
PASSWORD_LEAST = 10
CONNECTIONS = 1024  # outgoing, over all providers; each provider's own concurrency is far below


class WiringProblem(Exception):
    """The settings do not make a program that may run; the message says what to set."""


class RunningGateway:
    """A gateway that answers at `url`."""

    def __init__(self, gateway: Gateway, url: str) -> None:
        self._gateway = gateway
        self.url = url

    async def ensure_access(self, subaccount: str, key: str) -> None:
        """Make sure that `key` may send through `subaccount`."""
        await self._gateway.ensure_subaccount(subaccount)
        await self._gateway.ensure_api_key("demo", key)

    async def ensure_webhook(self, subaccount: str, url: str) -> None:
        """Make sure that the subaccount's receipts go to `url`."""
        account = self._gateway.options.account
        await self._gateway.accounts.save_webhook(
            Webhook(id=0, account=account, subaccount=subaccount, url=url)
        )

    def on_text(self, number: str, show: Callable[[ShownMessage], None]) -> None:
        """Call `show` with each text that arrives on the simulated handset with this number."""
        digits = number.removeprefix("+")
        last: ShownMessage | None = None

        def watch(handset: Handset) -> None:
            nonlocal last
            if handset.number.digits != digits or not handset.messages or handset.messages[-1] is last:
                return
            last = handset.messages[-1]
            if last.direction == "in":
                show(last)

        self._gateway.handsets.watchers.append(watch)

    async def stop(self) -> None:
        """Take nothing more, finish what is under way, close."""
        await self._gateway.stop()


class RunningPlatform:
    """A platform that answers at `url`."""

    def __init__(
        self,
        *,
        url: str,
        public_url: str,
        backend: EmbeddedBackend,
        catalog: Catalog,
        vault: Vault,
        http: HttpClient,
        server: HttpServer,
        workers: Supervisor,
        control: Control,
        drain_s: float,
    ) -> None:
        self.url = url
        self.catalog = catalog
        self._backend = backend
        self.vault = vault
        self._public_url = public_url
        self._http = http
        self._server = server
        self._workers = workers
        self._control = control
        self._drain_s = drain_s

    def callback_url(self, provider: Provider) -> str:
        """Return where this provider's receipts go."""
        return callback_url(self._public_url, provider.callback_key)

    async def stop(self) -> None:
        """Answer what was asked, settle what is under way, close; at most `drain_s` and a little."""
        await self._control.drain()
        await self._server.drain(self._drain_s / 4)
        await self._workers.stop(self._drain_s * 3 / 4)
        await self._server.stop()
        await self._http.close()
        await self._backend.close()


def callback_url(public_url: str, callback_key: str) -> str:
    """Return the address that providers post receipts to."""
    return f"{public_url}/callbacks/sms/{callback_key}"


def read_behaviour_file(file: Path | None) -> Behaviour:
    """Return how the simulated carrier behaves; without a file it delivers everything. Raises `WiringProblem`."""
    if file is None:
        return Behaviour()
    try:
        return read_behaviour(file.read_text())
    except (OSError, ValueError) as problem:
        raise WiringProblem(f"{file}: {problem}") from problem


async def start_gateway(settings: Settings) -> RunningGateway:
    """Start the gateway; it answers when this returns. Raises `WiringProblem`."""
    if not settings.gateway_admin_token:
        raise WiringProblem(
            "gateway_admin_token is not set. `tellwire init` writes settings with fresh ones."
        )
    gateway = Gateway(_gateway_options(settings))
    await gateway.start()
    return RunningGateway(gateway, gateway.public_url)


def _gateway_options(settings: Settings) -> GatewayOptions:
    carriers = _read_carriers_file(Path(settings.carriers)) if settings.carriers else CarrierSet()
    if not settings.simulator and not carriers.smpp and not carriers.http:
        raise WiringProblem(
            "There is no carrier: set `carriers` to a file that describes one, or `simulator`."
        )
    tls = TlsConfig(cert_file=settings.smpp_certificate, key_file=settings.smpp_certificate_key)
    return GatewayOptions(
        data=Path(settings.data) / GATEWAY_FOLDER,
        admin_token=settings.gateway_admin_token,
        host=settings.gateway_host,
        port=settings.gateway_port,
        public_url=settings.gateway_public_url,
        link_url=settings.gateway_link_url,
        trusted_proxies=settings.trusted_proxies,
        account=settings.gateway_account,
        allow_private_targets=settings.allow_private_targets,
        has_simulator=settings.simulator,
        behaviour=read_behaviour_file(Path(settings.behaviour) if settings.behaviour else None),
        carriers=carriers.smpp,
        http_carriers=carriers.http,
        carrier_costs=carriers.costs,
        persistence=carriers.persistence,
        limits=Limits(
            requests_per_s=settings.gateway_requests_per_s,
            requests_per_address_per_s=settings.gateway_requests_per_address_per_s,
            requests_per_client_ip_per_min=settings.gateway_requests_per_client_ip_per_min,
        ),
        receipt_wait=timedelta(hours=settings.gateway_receipt_wait_h),
        keep=_keep("gateway_keep_days", settings.gateway_keep_days),
        smpp_host=settings.smpp_host,
        smpp_port=settings.smpp_port or None,
        smpp_tls=tls if settings.smpp_certificate else None,
    )


def _read_carriers_file(file: Path) -> CarrierSet:
    try:
        return read_carriers(file.read_text(), _given())
    except (OSError, UnicodeDecodeError, BadCarrierFile) as problem:
        raise WiringProblem(f"{file}: {problem}") from problem


def _given() -> dict[str, str]:
    """Return what files may name as `${...}`."""
    return {name: value for name, value in os.environ.items() if name.startswith(GIVEN_PREFIX)}


async def start_platform(settings: Settings, *, simulator_url: str = "") -> RunningPlatform:
    """Start the platform; it answers when this returns. Raises `WiringProblem`."""
    _demand(settings)
    try:
        backend = await open_embedded(Path(settings.data))
    except InUse as problem:
        raise WiringProblem(f"{problem}.") from problem
    vault = Vault(await asyncio.to_thread(load_or_create_key, Path(settings.data) / KEY_NAME))
    clock = SystemClock()
    http = HttpClient(allow_private=settings.allow_private_targets, connections=CONNECTIONS)
    await http.start()
    sender = GenericSender(http, vault, clock)
    catalog = SealingCatalog(backend.catalog, vault)
    workers = _workers(settings, backend, catalog, sender, clock)
    # With another address or password all who are signed in with the old one are out.
    credentials = f"{settings.admin_email}\n{settings.admin_password}"
    sessions = SessionBook(backend.sessions, clock=clock, secret=credentials)
    await sessions.load()
    workers.add("sessions", sessions.run, drain=sessions.drain)
    # With port 0 it is only known where the server stands once it stands there, and pages show that address.
    late = LateApp()
    server = HttpServer(late, settings.host, settings.port, trusted_proxies=settings.trusted_proxies)
    await server.start()
    url = address_of(settings.host, server.port)
    public_url = (settings.public_url or url).rstrip("/")
    control = control_app(
        catalog=catalog,
        reports=backend.reports,
        vault=vault,
        clock=clock,
        sender=sender,
        session_book=sessions,
        options=_control_options(settings, public_url, simulator_url),
    )
    workers.add("live pages", control.run)
    late.app = _routes(settings, backend, catalog, workers, clock, control)
    await workers.start()
    return RunningPlatform(
        url=url,
        public_url=public_url,
        backend=backend,
        catalog=catalog,
        vault=vault,
        http=http,
        server=server,
        workers=workers,
        control=control,
        drain_s=settings.drain_s,
    )


class LateApp:
    """Answers 503 until the app behind it is there."""

    def __init__(self) -> None:
        self.app: App | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        if self.app is not None:
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await answer(send, 503, b"Starting.\n")


def _workers(
    settings: Settings, backend: EmbeddedBackend, catalog: Catalog, sender: GenericSender, clock: SystemClock
) -> Supervisor:
    workers = Supervisor()
    for partition in backend.stream.partitions():
        decide = DecideWorker(
            stream=backend.stream,
            ledger=backend.ledger,
            catalog=catalog,
            clock=clock,
            default_region=settings.default_region or None,
            partition=partition,
        )
        workers.add(f"decide {partition}", decide.run)
    deliver = DeliverWorker(
        outbox=backend.outbox,
        catalog=catalog,
        stream=backend.stream,
        sender=sender,
        clock=clock,
        random=random.random,
    )
    workers.add("deliver", deliver.run, drain=deliver.drain)
    keep = _keep("keep_days", settings.keep_days)
    if keep is not None:
        workers.add("forgetting", Forgetting(_forgotten(backend.retention, keep), clock=clock).run)
    return workers


def _forgotten(retention: Retention, keep: timedelta) -> dict[str, Forget]:
    """Return what is forgotten after `keep`."""
    return {
        "stream": lambda now, after: retention.forget_stream(horizon(now, keep), after),
        "activity": lambda now, after: retention.forget_activity(horizon(now, keep), after),
        "messages": lambda now, after: retention.forget_messages(horizon(now, keep), after),
    }


def _keep(name: str, days: int) -> timedelta | None:
    """Return how long a setting keeps things, None for ever. Raises `WiringProblem`."""
    if 0 < days < LEAST_DAYS:
        raise WiringProblem(
            f"{name} is {days}: receipts come for days, so keep things {LEAST_DAYS} days or more, or 0 for ever."
        )
    return timedelta(days=days) if days else None


def _routes(
    settings: Settings,
    backend: EmbeddedBackend,
    catalog: Catalog,
    workers: Supervisor,
    clock: SystemClock,
    control: Control,
) -> App:
    """Return everything the platform answers: hot routes first, then the JSON API, then the pages."""
    access = Access(settings.account_id, settings.passcodes)
    rules = Rules(
        default_region=settings.default_region or None,
        event_properties=settings.event_properties,
        event_types=settings.event_types,
    )
    upload = UploadApi(
        backend.stream,
        backend.event_types,
        clock,
        access,
        rules=rules,
        concurrency=settings.uploads_at_once,
    )
    callbacks = CallbackApi(backend.stream, backend.ledger, catalog, clock)
    ops = OpsApi(
        is_ready=lambda: workers.is_ready,
        state=lambda: {"troubled": workers.troubled()},
        gauge=lambda: _gauge(backend, clock),
    )
    every = "GET POST PUT PATCH DELETE OPTIONS"
    routes = [*upload.routes(), *callbacks.routes(), *ops.routes(), route(every, "/api/*", control)]
    return Dispatch(routes, dashboard_app())


async def _gauge(backend: EmbeddedBackend, clock: SystemClock) -> None:
    """Say how long the oldest message has been due: the first thing to watch when a provider is in trouble."""
    waiting = await backend.outbox.waiting()
    oldest = min(waiting.values(), default=clock.now())
    metrics.gauge("tellwire_lag_seconds", max(0.0, (clock.now() - oldest).total_seconds()), queue="outbox")


def _control_options(settings: Settings, public_url: str, simulator_url: str) -> ControlOptions:
    return ControlOptions(
        account_id=settings.account_id,
        passcode=settings.passcodes[0],
        admin_email=settings.admin_email,
        admin_password=settings.admin_password,
        api_token=settings.api_token,
        public_url=public_url,
        version=version("tellwire"),
        simulator_url=simulator_url or None,
        default_region=settings.default_region or None,
        allow_private_targets=settings.allow_private_targets,
        secrets_given=_given(),
    )


def _demand(settings: Settings) -> None:
    """Refuse settings that would leave a door open or a page without its key."""
    for name in ("account_id", "passcodes", "api_token", "admin_email", "admin_password"):
        if not getattr(settings, name):
            raise WiringProblem(f"{name} is not set. `tellwire init` writes settings with fresh credentials.")
    if len(settings.admin_password) < PASSWORD_LEAST:
        raise WiringProblem(f"admin_password needs at least {PASSWORD_LEAST} characters.")
    _keep("keep_days", settings.keep_days)
