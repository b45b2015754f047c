"""Puts the platform together: back end, workers, API, pages."""

import asyncio
import random
import secrets
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from tellwire.kernel.clock import SystemClock
from tellwire.kernel.forgetting import Forget, Forgetting
from tellwire.kernel.http.client import HttpClient
from tellwire.kernel.lifecycle import Supervisor
from tellwire.kernel.retention import horizon
from tellwire.kernel.secrets import KeyLost, Vault, load_or_create_key
from tellwire.kernel.sessions import SessionBook
from tellwire.kernel.web.asgi import App, Receive, Scope, Send, answer
from tellwire.kernel.web.dispatch import Dispatch, route
from tellwire.kernel.web.ops import OpsApi
from tellwire.kernel.web.packed import Packed
from tellwire.kernel.web.server import HttpServer, address_of, place_of
from tellwire.platform.backends.sealing import SealingCatalog, sealed_texts
from tellwire.platform.control.account import WEBHOOKS
from tellwire.platform.control.app import Control, ControlOptions, control_app
from tellwire.platform.control.clevertap.api import CleverTapApi
from tellwire.platform.control.clevertap.serving import Served
from tellwire.platform.dashboard.app import dashboard_app
from tellwire.platform.decide.worker import DecideWorker
from tellwire.platform.deliver.calls import CallWorker
from tellwire.platform.deliver.worker import DeliverWorker
from tellwire.platform.history.audiences import ColumnAudiences, column_audiences
from tellwire.platform.intake.calling import Caller
from tellwire.platform.intake.clevertap.api import UploadApi
from tellwire.platform.intake.clevertap.door import Access
from tellwire.platform.intake.clevertap.record import Rules
from tellwire.platform.model.provider import Provider
from tellwire.platform.ports.audiences import Audiences
from tellwire.platform.ports.backend import Backend
from tellwire.platform.ports.catalog import Catalog
from tellwire.platform.ports.retention import Retention
from tellwire.platform.receipts.api import CallbackApi
from tellwire.platform.receipts.expiry import Expiry
from tellwire.platform.senders.generic import GenericSender
from tellwire.settings import Settings
from tellwire.wiring.backend import open_backend
from tellwire.wiring.gauges import PlatformGauges
from tellwire.wiring.given import KEY_NAME, PASSWORD_LEAST, WiringProblem, demand_secret, given, kept_for
from tellwire.wiring.links import link_api, shortening_of

CONNECTIONS = 1024  # outgoing, over all providers; each provider's own concurrency is far below


class RunningPlatform:
    """A platform that answers at `url`."""

    def __init__(
        self,
        *,
        url: str,
        public_url: str,
        backend: Backend,
        catalog: Catalog,
        vault: Vault,
        http: HttpClient,
        server: HttpServer,
        workers: Supervisor,
        control: Control,
        drain_s: float,
        audiences: ColumnAudiences,
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
        self._audiences = audiences

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
        await self._audiences.close()
        await self._backend.close()


def callback_url(public_url: str, callback_key: str) -> str:
    """Return the address that providers post receipts to."""
    return f"{public_url}/callbacks/sms/{callback_key}"


async def start_platform(
    settings: Settings, *, gateway_url: str = "", simulator_url: str = ""
) -> RunningPlatform:
    """Start the platform; it answers when this returns. Raises `WiringProblem`.

    `gateway_url` is where the gateway in this process answers: messages may go there, and to no other private address.
    """
    _demand(settings)
    backend = await open_backend(Path(settings.data))
    vault = await _vault(settings, backend)
    clock = SystemClock()
    http = HttpClient(
        allow_private=settings.allow_private_targets,
        connections=CONNECTIONS,
        own=frozenset({place_of(gateway_url)}) if gateway_url else frozenset(),
    )
    await http.start()
    sender = GenericSender(http, vault, clock)
    catalog = SealingCatalog(backend.catalog, vault, shortening_of(settings, vault))
    await catalog.snapshot()
    workers = _workers(settings, backend, catalog, sender, clock, http, vault)
    audiences = column_audiences(
        Path(settings.data),
        backend.feed,
        clock,
        memory_mb=settings.history_memory_mb,
        threads=settings.history_threads,
    )
    workers.add("history", audiences.copying.run)
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
    options = _control_options(settings, public_url, gateway_url, simulator_url)
    control = _control(backend, audiences, catalog, vault, clock, sender, sessions, options)
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
        audiences=audiences,
    )


def _control(
    backend: Backend,
    audiences: Audiences,
    catalog: Catalog,
    vault: Vault,
    clock: SystemClock,
    sender: GenericSender,
    sessions: SessionBook,
    options: ControlOptions,
) -> Control:
    """Return the JSON API over what the back end keeps."""
    return control_app(
        catalog=catalog,
        history=backend.history,
        audit_log=backend.audit,
        event_types=backend.event_types,
        reports=backend.reports,
        people_lists=backend.lists,
        audiences=audiences,
        consents=backend.consents,
        inbox=backend.inbox,
        runs=backend.runs,
        profiles=backend.people,
        links=backend.links,
        stream=backend.stream,
        views=backend.views,
        vault=vault,
        clock=clock,
        sender=sender,
        caller=Caller(
            stream=backend.stream,
            callees=backend.callees,
            refusals=backend.refusals,
            clock=clock,
            entropy=lambda: secrets.randbits(64),
        ),
        session_book=sessions,
        options=options,
    )


async def _vault(settings: Settings, backend: Backend) -> Vault:
    """Return what opens the stored credentials. Raises `WiringProblem` when its key is gone."""
    providers = (await backend.catalog.snapshot()).providers.values()
    has_sealed = any(map(sealed_texts, providers))
    try:
        path = Path(settings.data) / KEY_NAME
        return Vault(await asyncio.to_thread(load_or_create_key, path, has_sealed=has_sealed))
    except (KeyLost, ValueError) as problem:
        await backend.close()
        raise WiringProblem(str(problem)) from problem


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
    settings: Settings,
    backend: Backend,
    catalog: Catalog,
    sender: GenericSender,
    clock: SystemClock,
    http: HttpClient,
    vault: Vault,
) -> Supervisor:
    workers = Supervisor()
    deciders: list[DecideWorker] = []
    for partition in backend.stream.partitions():
        decide = DecideWorker(
            stream=backend.stream,
            ledger=backend.ledger,
            catalog=catalog,
            history=backend.history,
            clock=clock,
            default_region=settings.default_region or None,
            partition=partition,
        )
        workers.add(f"decide {partition}", decide.run)
        deciders.append(decide)

    async def caught_up() -> None:
        for decide in deciders:
            await decide.caught_up()

    deliver = DeliverWorker(
        messages=backend.messages,
        catalog=catalog,
        stream=backend.stream,
        sender=sender,
        clock=clock,
        random=random.random,
        begins=caught_up,  # an opt-out that was answered before a crash is in the stream, and decided by nobody yet
    )
    workers.add("deliver", deliver.run, drain=deliver.drain)
    calls = CallWorker(calls=backend.calls, http=http, secret=vault.derived(WEBHOOKS), clock=clock)
    workers.add("calls", calls.run)
    workers.add("suppressions", Expiry(backend.consents, clock).run)
    keep = kept_for("keep_days", settings.keep_days)
    forgotten = _gone(backend.retention) | ({} if keep is None else _forgotten(backend.retention, keep))
    erase = {"people": backend.people.erase_some}
    workers.add("erasing", Forgetting(erase, clock=clock, pause_s=0.02, pass_s=1.0).run)
    workers.add("forgetting", Forgetting(forgotten, clock=clock).run)
    return workers


def _gone(retention: Retention) -> dict[str, Forget]:
    """Return what is forgotten however young, for what it belonged to is gone."""
    return {"lists": lambda _now, after: retention.forget_lists(after), "links": retention.forget_links}


def _forgotten(retention: Retention, keep: timedelta) -> dict[str, Forget]:
    """Return what is forgotten after `keep`."""
    return {
        "stream": lambda now, after: retention.forget_stream(horizon(now, keep), after),
        "activity": lambda now, after: retention.forget_activity(horizon(now, keep), after),
        "messages": lambda now, after: retention.forget_messages(horizon(now, keep), after),
        "journeys": lambda now, after: retention.forget_journeys(horizon(now, keep), after),
        "inbound": lambda now, after: retention.forget_inbound(horizon(now, keep), after),
        "refused": lambda now, after: retention.forget_refused(horizon(now, keep), after),
        "history": lambda now, after: retention.forget_history(horizon(now, keep), after),
        "audit": lambda now, after: retention.forget_audit(horizon(now, keep), after),
    }


def _routes(
    settings: Settings,
    backend: Backend,
    catalog: SealingCatalog,
    workers: Supervisor,
    clock: SystemClock,
    control: Control,
) -> App:
    """Return everything the platform answers: hot routes first, then the JSON API, then the pages."""
    access = Access(settings.account_id, settings.passcodes, settings.lenient_passcodes)
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
        refusals=backend.refusals,
    )
    callbacks = CallbackApi(
        backend.stream, backend.messages, backend.inbox, catalog, clock, refusals=backend.refusals
    )
    ops = OpsApi(
        is_ready=lambda: workers.is_ready and not catalog.unopened(),
        state=lambda: {"troubled": workers.troubled(), **_unopened(catalog)},
        gauge=PlatformGauges(backend.stream, backend.ledger, backend.messages, clock).read,
    )
    every = "GET POST PUT PATCH DELETE OPTIONS"
    campaigns = Served(upload.door, CleverTapApi(control.desk).addresses())
    routes = [
        *upload.routes(),
        *campaigns.routes(),
        *callbacks.routes(),
        *link_api(settings, backend, workers, clock).routes(),
        *ops.routes(),
        route(every, "/api/*", Packed(control)),
    ]
    return Dispatch(routes, dashboard_app())


def _unopened(catalog: SealingCatalog) -> dict[str, str]:
    names = catalog.unopened()
    if not names:
        return {}
    what = f"The credentials of {len(names)} provider{'s' if len(names) > 1 else ''} were sealed with another key"
    return {"sealing": f"{what}: put the {KEY_NAME} of that time back, or enter them again."}


def _control_options(
    settings: Settings, public_url: str, gateway_url: str, simulator_url: str
) -> ControlOptions:
    return ControlOptions(
        account_id=settings.account_id,
        passcode=settings.passcodes[0],
        admin_email=settings.admin_email,
        admin_password=settings.admin_password,
        api_token=settings.api_token,
        public_url=public_url,
        version=version("tellwire"),
        simulator_url=simulator_url or None,
        gateway_url=gateway_url or None,
        default_region=settings.default_region or None,
        allow_private_targets=settings.allow_private_targets,
        secrets_given=given(),
    )


def _demand(settings: Settings) -> None:
    """Refuse settings that would leave a door open or a page without its key."""
    for name in ("account_id", "admin_email"):
        if not getattr(settings, name):
            raise WiringProblem(f"{name} is not set. `tellwire init` writes settings with fresh credentials.")
    demand_secret("passcodes", *settings.passcodes)
    demand_secret("api_token", settings.api_token)
    demand_secret("admin_password", settings.admin_password, least=PASSWORD_LEAST)
    kept_for("keep_days", settings.keep_days)
