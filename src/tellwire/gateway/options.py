"""How one gateway runs, as a value: what settings, the demo and tests decide about it."""

from datetime import timedelta
from pathlib import Path

import msgspec

from tellwire.gateway.api.access import Limits
from tellwire.gateway.carriers.http_provider import HttpCarrierConfig
from tellwire.gateway.carriers.settling import Persistence
from tellwire.gateway.model.receipt import RECEIPT_WAIT
from tellwire.gateway.simulator.behaviour import Behaviour
from tellwire.gateway.smpp.bind import LinkConfig
from tellwire.gateway.smpp.tls import TlsConfig


class GatewayOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How one gateway runs; `port` 0 takes any free one, `data` keeps everything that must survive.

    `public_url` is where others reach it (empty: host and port), `link_url` where short links start (empty: there).
        Links that begin with one of `kept_links` are short already, and stay.
    `trusted_proxies` (addresses or networks, with commas) may say in whose name they ask.
    `allow_private_targets` lets callbacks go to loopback and private addresses: for demos and tests only;
    `own_targets` are addresses with their ports where callbacks may go all the same, as that of the platform beside it.
    `carriers` are SMPP binds and `http_carriers` HTTP providers by carrier name; `carrier_costs` is what one charges
    for a part, in millionths, and `persistence` how hard to try with one.
    `keep` is how long messages and texts are kept, None for ever.
    `smpp_port` (0: any free one) is where SMPP customers bind, None where none may.
    `pauses_carriers` takes messages and hands none over: for maintenance, and to measure acceptance alone.
    """

    data: Path
    admin_token: str
    host: str = "127.0.0.1"
    port: int = 0
    public_url: str = ""
    link_url: str = ""
    trusted_proxies: str = ""
    allow_private_targets: bool = False
    own_targets: frozenset[tuple[str, int]] = frozenset()
    kept_links: tuple[str, ...] = ()
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
