"""The parts of a gateway, each made with the parts that it needs, in the order in which they need each other.

Wiring only. Nothing here runs yet: `main` loads, starts and stops; `running_carriers` has the carriers, `app` the
endpoints.
"""

import asyncio
from collections.abc import Callable
from functools import partial

from tellwire.gateway.accept.acceptance import Acceptance
from tellwire.gateway.accept.smpp_listener import SmppListener
from tellwire.gateway.accounts.accounts import AccountBook
from tellwire.gateway.accounts.numbers import NumberBook
from tellwire.gateway.callbacks.callbacks import CallbackLanes
from tellwire.gateway.callbacks.credentials import Credentials
from tellwire.gateway.callbacks.exports import ExportJobs
from tellwire.gateway.callbacks.receipts import ReceiptIntake
from tellwire.gateway.carriers.choosing import Traffic
from tellwire.gateway.carriers.leftovers import Leftovers
from tellwire.gateway.carriers.waker import Waker
from tellwire.gateway.options import GatewayOptions
from tellwire.gateway.running_carriers import SIMULATOR, RunningCarriers
from tellwire.gateway.smpp.bind import siblings_of
from tellwire.gateway.stores import Stores
from tellwire.gateway.surveys.book import SurveyBook
from tellwire.kernel.choice.routing import Network
from tellwire.kernel.clock import Clock
from tellwire.kernel.http.client import HttpClient
from tellwire.kernel.lifecycle import Supervisor
from tellwire.kernel.secrets import Vault
from tellwire.kernel.sessions import SessionBook

EXPORTS_FOLDER = "exports"


class Assembly:
    """The parts of one gateway; made on its event loop. `link_base` says where short links start."""

    def __init__(
        self,
        options: GatewayOptions,
        stores: Stores,
        vault: Vault,
        http: HttpClient,
        loops: Supervisor,
        *,
        link_base: Callable[[], str],
        clock: Clock,
    ) -> None:
        self.accounts = AccountBook(stores.accounts, vault, clock=clock)
        self.sessions = SessionBook(stores.sessions, clock=clock, secret=options.admin_token)
        self.numbers = NumberBook(stores.routes, self.accounts.directory)
        self.surveys = SurveyBook(stores.surveys)
        self.traffic = Traffic(
            stores.routes,
            defaults=(*options.carriers, *options.http_carriers) or (SIMULATOR,),
            costs=options.carrier_costs,
            network_of=self._network_of,
            now_s=asyncio.get_running_loop().time,
        )
        self.acceptance = Acceptance(
            stores.messages,
            self.accounts.directory,
            clock=clock,
            route_of=self._route_of,
            may_send_of=self.numbers.may_send_of,
            link_base=link_base,
            on_queued=self.traffic.notify,
            kept_links=options.kept_links,
        )
        self.smpp = SmppListener(
            self.acceptance,
            self.numbers,
            stores.smpp_parts,
            host=options.smpp_host,
            port=options.smpp_port or 0,
            tls=options.smpp_tls,
            clock=clock,
        )
        credentials = Credentials(self.accounts.directory, vault, http, clock=clock)
        self.callbacks = CallbackLanes(stores.callbacks, http, credentials, smpp=self.smpp.bring, clock=clock)
        self.receipts = ReceiptIntake(
            stores.receipts,
            stores.inbound,
            clock=clock,
            owner_of=self.numbers.owner_of,
            health_of=self.traffic.health,
            on_callbacks=self.callbacks.notify,
            siblings_of=partial(siblings_of, options.carriers),
        )
        self.exports = ExportJobs(
            stores.exports,
            stores.records,
            stores.inbound_records,
            options.data / EXPORTS_FOLDER,
            clock=clock,
        )
        self.carriers = RunningCarriers(
            options,
            stores.messages,
            self.receipts,
            self.callbacks,
            traffic=self.traffic,
            loops=loops,
            http=http,
            clock=clock,
        )
        self.waker = Waker(stores.messages, clock=clock, on_ready=self.traffic.notify)
        self.leftovers = Leftovers(
            stores.messages,
            lanes=lambda: self.traffic.lanes,
            elsewhere=self.traffic.choose_again,
            notify=self.traffic.notify,
            on_callbacks=self.callbacks.notify,
            clock=clock,
        )

    def _route_of(self, account: str) -> Callable[[str, str], tuple[str | None, int]]:
        tariff, choose = self.accounts.tariff(account), self.traffic.choose

        def route_and_price(destination: str, source: str) -> tuple[str | None, int]:
            choice = choose(destination, source, tariff.network(destination))
            return choice.carrier, tariff.part_micro(destination)

        return route_and_price

    def _network_of(self, account: str, destination: str) -> Network:
        return self.accounts.tariff(account).network(destination)
