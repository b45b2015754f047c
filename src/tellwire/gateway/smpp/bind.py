"""A bind to a carrier as values: how it is configured, and what an operator sees of it. `link` brings it to life."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from tellwire.gateway.smpp.dialect import Dialect
from tellwire.gateway.smpp.states import Timers
from tellwire.gateway.smpp.tls import TlsConfig
from tellwire.kernel.failure import Backoff

Phase: TypeAlias = Literal["connecting", "bound", "down"]


class LinkConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How to reach and greet one carrier; times in seconds, rates in messages a second."""

    host: str
    port: int
    system_id: str
    password: str = ""
    bind: Literal["transceiver", "transmitter", "receiver"] = "transceiver"
    system_type: str = ""
    addr_ton: int = 0
    addr_npi: int = 0
    address_range: str = ""
    window: int = 50
    start_per_s: float = 1000.0
    most_per_s: float = 20_000.0
    deliveries_in_flight: int = 500
    timers: Timers = Timers()
    reconnect: Backoff = Backoff(first_s=0.5, longest_s=30.0, attempts=1 << 62)
    tls: TlsConfig | None = None
    dialect: Dialect = Dialect()

    def __repr__(self) -> str:
        """Name the peer; the password stays out of logs and traces."""
        return f"LinkConfig({self.system_id!r} at {self.host}:{self.port})"


class LinkState(msgspec.Struct, frozen=True, kw_only=True):
    """An operator's view of a bind.

    `since` is when the phase began. `reason` says why it is not bound, or was not before. Counters are since start;
    `strays` are answers to nothing we asked, `flaws` requests that are not as the standard wants them: what can be
    read of them is taken, and `last_flaw` says what was wrong with the last.
    """

    name: str
    phase: Phase
    since: datetime
    reason: str
    window: int
    window_used: int
    rate_per_s: float
    rtt_ms: float
    submitted: int
    accepted: int
    refused: int
    deferred: int
    throttled: int
    unresolved: int
    delivered: int
    not_stored: int
    strays: int
    flaws: int
    last_flaw: str
    connects: int


def siblings_of(carriers: Mapping[str, Sequence[LinkConfig]], carrier: str) -> tuple[str, ...]:
    """Return the other carriers of the same login: a centre sends receipts over any bind of it that receives."""
    logins = {_login(config) for config in carriers.get(carrier, ())}
    return tuple(
        name
        for name, configs in carriers.items()
        if name != carrier and any(_login(config) in logins for config in configs)
    )


def _login(config: LinkConfig) -> tuple[str, ...]:
    """A login's binds may go to several hosts; without a password the host belongs to it."""
    return (config.system_id, config.password, "" if config.password else config.host)
