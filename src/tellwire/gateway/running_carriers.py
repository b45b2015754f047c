"""All carriers of this gateway: made of the options, each with its lane, the built-in one among them."""

from typing import Final

from tellwire.gateway.callbacks.callbacks import CallbackLanes
from tellwire.gateway.callbacks.receipts import ReceiptIntake
from tellwire.gateway.carriers.carriers import Carrier, SmppCarrier
from tellwire.gateway.carriers.choosing import Traffic
from tellwire.gateway.carriers.dispatch import Lane
from tellwire.gateway.carriers.http_carrier import HttpCarrier
from tellwire.gateway.carriers.settling import Persistence
from tellwire.gateway.options import GatewayOptions
from tellwire.gateway.simulator.carrier import Simulator
from tellwire.gateway.simulator.handsets import Handsets
from tellwire.gateway.smpp.bind import LinkState
from tellwire.gateway.smpp.references import References
from tellwire.gateway.store.messages import Messages
from tellwire.kernel.clock import Clock
from tellwire.kernel.http.client import HttpClient
from tellwire.kernel.lifecycle import Supervisor
from tellwire.kernel.telemetry import log

SIMULATOR: Final = "simulator"
CARRIER_DRAIN_S: Final = 3.0


class RunningCarriers:
    """Makes carriers and lanes, hands them to `traffic` and their loops to `loops`, and knows which binds are up."""

    def __init__(
        self,
        options: GatewayOptions,
        messages: Messages,
        receipts: ReceiptIntake,
        callbacks: CallbackLanes,
        *,
        traffic: Traffic,
        loops: Supervisor,
        http: HttpClient,
        clock: Clock,
    ) -> None:
        self.simulator: Simulator | None = None
        self.binds: dict[str, LinkState] = {}
        self._options = options
        self._messages = messages
        self._receipts = receipts
        self._callbacks = callbacks
        self._traffic = traffic
        self._loops = loops
        self._http = http
        self._clock = clock
        self._references = References()
        self._smpp: list[SmppCarrier] = []

    async def start(self, handsets: Handsets) -> None:
        """Start the built-in carrier if it is wanted, and make all carriers; `loops` connects them."""
        carriers = dict(self._options.carriers)
        if self._options.has_simulator:
            self.simulator = Simulator(self._options.behaviour, handsets=handsets, clock=self._clock)
            await self.simulator.start()
            carriers[SIMULATOR] = (self.simulator.link_config(),)
        for name, configs in carriers.items():
            carrier = SmppCarrier(
                name,
                configs,
                on_deliver=self._receipts.deliver,
                on_state=self._note_bind,
                clock=self._clock,
                references=self._references,
            )
            self._smpp.append(carrier)
            self._add_lane(carrier)
        for name, config in self._options.http_carriers.items():
            self._add_lane(HttpCarrier(name, config, self._http))

    async def stop(self) -> None:
        """Stop the built-in carrier."""
        if self.simulator is not None:
            await self.simulator.stop()

    def count_binds(self) -> dict[str, int]:
        """Return how many binds of each SMPP carrier are up; nothing while carriers are paused."""
        if self._options.pauses_carriers:
            return {}
        return {
            carrier.name: sum(link.state.phase == "bound" for link in carrier.links) for carrier in self._smpp
        }

    def _add_lane(self, carrier: Carrier) -> None:
        lane = Lane(
            carrier,
            self._messages,
            persistence=self._options.persistence.get(carrier.name, Persistence()),
            clock=self._clock,
            on_callbacks=self._callbacks.notify,
            health=self._traffic.health(carrier.name),
        )
        self._traffic.add(lane)

        async def drain(_deadline_s: float) -> None:
            lane.drain()
            await carrier.drain(CARRIER_DRAIN_S)
            await lane.finish()

        if not self._options.pauses_carriers:
            self._loops.add(f"lane {carrier.name}", lane.run, drain=drain)
            self._loops.add(f"carrier {carrier.name}", carrier.run)

    def _note_bind(self, state: LinkState) -> None:
        was_up = state.name in self.binds and self.binds[state.name].phase == "bound"
        is_up = state.phase == "bound"
        if is_up != was_up:
            log("bind.up" if is_up else "bind.down", bind=state.name, reason=state.reason)
        self.binds[state.name] = state
        self._traffic.look()
