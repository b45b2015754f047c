"""Puts the gateway together from settings and the files they name."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec

from tellwire.gateway.api.access import Limits
from tellwire.gateway.carriers.carrier_file import BadCarrierFile, CarrierSet, read_carriers
from tellwire.gateway.main import Gateway, GatewayOptions
from tellwire.gateway.model.account import Webhook
from tellwire.gateway.model.number import VirtualNumber
from tellwire.gateway.simulator.handsets import Handset, ShownMessage
from tellwire.gateway.smpp.tls import TlsConfig
from tellwire.kernel.secrets import KeyLost
from tellwire.kernel.web.server import address_of, place_of
from tellwire.settings import Settings
from tellwire.wiring.given import (
    GATEWAY_FOLDER,
    WiringProblem,
    demand_secret,
    given,
    kept_for,
    read_behaviour_file,
)
from tellwire.wiring.links import link_prefix


class RunningGateway:
    """A gateway that answers at `url`, and to this very process at `own_url`."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self.url = gateway.public_url
        self.own_url = gateway.own_url

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

    async def ensure_number(self, subaccount: str, number: str) -> None:
        """Make sure that texts to `number` are the subaccount's, and that simulated handsets suggest it."""
        book, digits = self._gateway.numbers, number.removeprefix("+")
        if digits not in book.numbers:
            added = VirtualNumber(number=digits, subaccount=subaccount)
            await book.save_numbers([*book.numbers.values(), added])
        self._gateway.handsets.reply_to = number

    def on_text(self, number: str, show: Callable[[ShownMessage], None]) -> None:
        """Call `show` with each text that arrives on the simulated handset with this number."""
        digits = number.removeprefix("+")
        last = self._last_text(digits)

        def watch(handset: Handset) -> None:
            nonlocal last
            if handset.number.digits != digits or not handset.messages or handset.messages[-1] is last:
                return
            last = handset.messages[-1]
            if last.direction == "in":
                show(last)

        self._gateway.handsets.watchers.append(watch)

    def has_text(self, number: str) -> bool:
        """Say whether a text stands on the simulated handset with this number."""
        return self._last_text(number.removeprefix("+")) is not None

    def _last_text(self, digits: str) -> ShownMessage | None:
        handset = self._gateway.handsets.find(digits)
        return handset.messages[-1] if handset is not None and handset.messages else None

    async def stop(self) -> None:
        """Take nothing more, finish what is under way, close."""
        await self._gateway.stop()


async def start_gateway(settings: Settings, *, has_platform: bool = False) -> RunningGateway:
    """Start the gateway; it answers when this returns. Raises `WiringProblem`.

    `has_platform`: the platform runs in this process too, and receipts may go to it though its address is private.
    """
    demand_secret("gateway_admin_token", settings.gateway_admin_token)
    options = _gateway_options(settings)
    if has_platform:
        own = place_of(address_of(settings.host, settings.port))
        options = msgspec.structs.replace(options, own_targets=frozenset({own}))
    gateway = Gateway(options)
    try:
        await gateway.start()
    except KeyLost as problem:
        raise WiringProblem(str(problem)) from problem
    return RunningGateway(gateway)


def _gateway_options(settings: Settings) -> GatewayOptions:
    carriers = _read_carriers_file(Path(settings.carriers)) if settings.carriers else CarrierSet()
    if not settings.simulator and not carriers.smpp and not carriers.http:
        raise WiringProblem(
            "There is no carrier: set `carriers` to a file that describes one, or `simulator = true`."
        )
    tls = TlsConfig(cert_file=settings.smpp_certificate, key_file=settings.smpp_certificate_key)
    return GatewayOptions(
        data=Path(settings.data) / GATEWAY_FOLDER,
        admin_token=settings.gateway_admin_token,
        host=settings.gateway_host,
        port=settings.gateway_port,
        public_url=settings.gateway_public_url,
        link_url=settings.gateway_link_url,
        kept_links=tuple(filter(None, [link_prefix(settings)])),
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
        keep=kept_for("gateway_keep_days", settings.gateway_keep_days),
        smpp_host=settings.smpp_host,
        smpp_port=settings.smpp_port or None,
        smpp_tls=tls if settings.smpp_certificate else None,
    )


def _read_carriers_file(file: Path) -> CarrierSet:
    try:
        return read_carriers(file.read_text(), given())
    except (OSError, UnicodeDecodeError, BadCarrierFile) as problem:
        raise WiringProblem(f"{file}: {problem}") from problem
