"""The HTTP application: the endpoints of the API, of operators and of the portal. Wiring only."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from msgspec.structs import replace

from tellwire.gateway.accept.refused import RefusedRequests
from tellwire.gateway.accounts.accounts import AccountBook
from tellwire.gateway.admin.routes import Administration
from tellwire.gateway.api.access import ApiAccess
from tellwire.gateway.api.account import AccountApi
from tellwire.gateway.api.carrier_receipts import CarrierReceiptsApi
from tellwire.gateway.api.description import description_routes
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
from tellwire.gateway.assembly import Assembly
from tellwire.gateway.gauges import Gauges
from tellwire.gateway.options import GatewayOptions
from tellwire.gateway.portal.pages import portal_routes
from tellwire.gateway.simulator.handsets import Handsets
from tellwire.gateway.simulator.web import HandsetWeb
from tellwire.gateway.stores import Stores
from tellwire.kernel.clock import Clock
from tellwire.kernel.secrets import same
from tellwire.kernel.tries import Judged, Tries
from tellwire.kernel.web.asgi import App, Scope, peer
from tellwire.kernel.web.dispatch import Route, route
from tellwire.kernel.web.ops import OpsApi
from tellwire.kernel.web.packed import Packed


class GatewayApp:
    """The HTTP application of one gateway; `load` it, then serve `app`, and `close` it before its server drains."""

    def __init__(
        self,
        options: GatewayOptions,
        stores: Stores,
        assembly: Assembly,
        *,
        handsets: Handsets,
        redeliver: Callable[[int], Awaitable[bool]],
        is_ready: Callable[[], bool],
        clock: Clock,
    ) -> None:
        self._options = options
        self._stores = stores
        self._assembly = assembly
        self._is_ready = is_ready
        self._clock = clock
        self._refused = RefusedRequests(clock)
        self._tries = Tries(time.monotonic)
        self._administration = Administration(
            database=stores.database,
            book=assembly.accounts,
            callback_log=stores.callback_log,
            redeliver=redeliver,
            numbers=assembly.numbers,
            surveys=assembly.surveys,
            customers=lambda: assembly.smpp.server.binds,
            traffic=assembly.traffic,
            waiting=stores.messages.waiting,
            handsets=handsets,
            behaviour=options.behaviour if options.has_simulator else None,
            is_admin_token=self._is_admin_token,
            refused=self._refused,
            judge_token=self._judge_token,
            sessions=assembly.sessions,
            clock=clock,
        )
        self._handset_web = self._made_handset_web()

    async def load(self) -> None:
        """Read what the portal needs before its first request."""
        await self._administration.load()

    async def run(self) -> None:
        """Tell the portal's pages what changed, until cancelled."""
        await self._administration.changes.run()

    def close(self) -> None:
        """End the streams that would hold a draining server open."""
        self._administration.changes.feed.close()
        if self._handset_web is not None:
            self._handset_web.close()

    def app(self) -> App:
        """Return the application that answers every request."""
        now_s = asyncio.get_running_loop().time
        access = ApiAccess(
            self._assembly.accounts.directory, clock=self._clock, now_s=now_s, limits=self._options.limits
        )
        routes = [
            *self._api_routes(access),
            *self._ops().routes(),
            *description_routes(),
            *(replace(one, app=Packed(one.app)) for one in self._administration.routes()),
            *portal_routes(),
        ]
        if self._handset_web is not None:
            routes.append(route("GET POST", "/simulator/*", self._handset_web))
        return gateway_app(access, routes)

    def _api_routes(self, access: ApiAccess) -> list[Route]:
        stores, assembly = self._stores, self._assembly
        sending = SendingApi(access, assembly.acceptance, self._refused)
        links = LinksApi(access, stores.links, assembly.surveys, stores.surveys, assembly.callbacks.notify)
        return [
            *sending_routes(sending),
            *message_routes(MessagesApi(access, stores.records, stores.inbound_records)),
            *export_routes(
                ExportsApi(access, assembly.exports, stores.exports, public_url=self._options.public_url)
            ),
            *account_routes(AccountApi(access, assembly.accounts)),
            *survey_routes(SurveysApi(access, sending, assembly.surveys)),
            *link_routes(links),
            *carrier_routes(CarrierReceiptsApi(access, assembly.receipts, self._options.http_carriers)),
        ]

    def _ops(self) -> OpsApi:
        gauges = Gauges(
            self._stores.messages,
            self._stores.callbacks,
            carriers=lambda: self._assembly.traffic.lanes,
            binds=self._assembly.carriers.count_binds,
            clock=self._clock,
        )
        return OpsApi(
            is_ready=self._is_ready,
            state=lambda: {
                "binds": self._assembly.carriers.count_binds(),
                **_unopened(self._assembly.accounts),
            },
            gauge=gauges.read,
        )

    def _made_handset_web(self) -> HandsetWeb | None:
        simulator = self._assembly.carriers.simulator
        if simulator is None:
            return None
        return HandsetWeb(simulator, is_key=self._is_key, has_session=self._administration.sees_handsets)

    def _judge_token(self, address: str, token: str) -> Judged:
        return self._tries.judge(address, is_right=self._is_admin_token(token))

    def _is_key(self, scope: Scope, key: str) -> bool:
        return self._judge_token(peer(scope), key).opens

    def _is_admin_token(self, token: str) -> bool:
        return same(token, self._options.admin_token)


def _unopened(book: AccountBook) -> dict[str, str]:
    if not book.unopened():
        return {}
    what = f"The secrets of {book.unopened()} webhooks were sealed with another key"
    return {"sealing": f"{what}: put the sealing key of that time back, or enter them again."}
