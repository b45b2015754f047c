"""Keeps the routing table and the carriers' health, and moves what waits for a carrier that is gone to another one."""

import asyncio
import random
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from tellwire.gateway.carriers.dispatch import Lane
from tellwire.gateway.model.carrier import ClosedCarrier
from tellwire.gateway.model.message import Claimed
from tellwire.gateway.store.routes import Routes
from tellwire.kernel.choice.health import JUDGE_S, Health
from tellwire.kernel.choice.routing import Choice, Condition, Network, Rule, Share, Step, Table, explain
from tellwire.kernel.choice.tariff import Tariff
from tellwire.kernel.sqlite import StoreError
from tellwire.kernel.telemetry import log

# A carrier that is gone for less is usually only reconnecting.
FAILOVER_S: Final = 10.0
# What was sent may still be answered when a carrier is disconnected by hand.
CLOSE_S: Final = 3.0
TICK_S: Final = 1.0
DEFAULT_RULE: Final = "default"


class DryRun(msgspec.Struct, frozen=True, kw_only=True):
    """Where a message would go, and why; `carrier` is the likeliest one, None when there is no route."""

    carrier: str | None
    rule: str | None
    steps: list[Step]


class Traffic:
    """Chooses lanes; `add` every lane before `load`.

    Without any rule of its own every message goes to the carriers named by `defaults`, by equal shares.
    `costs` are what carriers charge for a part, in millionths of any one currency. `network_of` an account and a
    destination is what the account's prices tell of it: messages that wait are routed again by the same rules.
    """

    def __init__(
        self,
        routes: Routes,
        *,
        defaults: Iterable[str],
        costs: Mapping[str, int],
        network_of: Callable[[str, str], Network],
        now_s: Callable[[], float],
        dice: Callable[[], float] = random.random,
    ) -> None:
        self._routes = routes
        self._default = Rule(id=DEFAULT_RULE, shares=tuple(Share(name) for name in defaults))
        self._costs = costs
        self._network_of = network_of
        self._now_s = now_s
        self._dice = dice
        self._lanes: dict[str, Lane] = {}
        self._health: dict[str, Health] = {}
        self._down_since_s: dict[str, float] = {}
        self._conditions: dict[str, Condition] = {}
        self._table = Table([self._default])

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in force."""
        return self._table.rules

    @property
    def table(self) -> Table:
        """The rules in force, ready to be asked."""
        return self._table

    @property
    def is_default(self) -> bool:
        """Whether there is no rule of anybody's own."""
        return self._table.rules == (self._default,)

    @property
    def conditions(self) -> Mapping[str, Condition]:
        """How each carrier is."""
        return self._conditions

    @property
    def lanes(self) -> Mapping[str, Lane]:
        """Every carrier's lane."""
        return self._lanes

    def health(self, carrier: str) -> Health:
        """Return a carrier's running figures, to read or to add to."""
        return self._health.setdefault(carrier, Health())

    def add(self, lane: Lane) -> None:
        """Take a carrier's lane."""
        self._lanes[lane.carrier.name] = lane
        self._conditions[lane.carrier.name] = Condition(part_micro=self._costs.get(lane.carrier.name, 0))

    async def load(self) -> None:
        """Read the rules from the store, and keep those carriers away that were disconnected by hand."""
        self._table = Table(await self._routes.rules() or [self._default])
        for closed in await self._routes.closed():
            if closed.carrier in self._lanes and self._lanes[closed.carrier].carrier.is_wanted:
                await self._lanes[closed.carrier].carrier.drain(0)

    async def save_rules(self, rules: list[Rule]) -> None:
        """Replace the rules; `ValueError` when one names a carrier that there is not."""
        unknown = {share.carrier for rule in rules for share in rule.shares} - self._lanes.keys()
        if unknown:
            raise ValueError(f"there is no carrier {', '.join(sorted(unknown))}")
        # The default rule alone is not kept: it follows the carriers that are set up.
        await self._routes.save_rules([] if rules == [self._default] else rules)
        await self.load()

    async def switch(self, carrier: str, *, is_wanted: bool) -> None:
        """Connect a carrier or disconnect it, over restarts too.

        What waits for one that is disconnected goes to others as if it were down.
        """
        chosen = self._lanes[carrier].carrier
        if is_wanted:
            chosen.connect()
        else:
            await chosen.drain(CLOSE_S)
        closed = [
            ClosedCarrier(carrier=name) for name, lane in self._lanes.items() if not lane.carrier.is_wanted
        ]
        await self._routes.save_closed(closed)
        self.look()

    def choose(self, destination: str, source: str, network: Network) -> Choice:
        """Return the carrier for a message."""
        return self._table.choose(destination, source, self._conditions, self._dice, network)

    def choose_again(self, waiting: Claimed) -> str | None:
        """Return the carrier that would take a message if it came now, None when no rule has one."""
        network = self._network_of(waiting.account, waiting.destination)
        return self.choose(waiting.destination, waiting.source, network).carrier

    def dry_run(self, destination: str, source: str, tariff: Tariff) -> DryRun:
        """Say which carrier a message would take, and why, without sending anything."""
        network = tariff.network(destination)
        choice = self._table.choose(destination, source, self._conditions, lambda: 0.0, network)
        steps = explain(self._table, destination, source, self._conditions, network)
        return DryRun(carrier=choice.carrier, rule=choice.rule, steps=steps)

    def notify(self, lanes: Iterable[str]) -> None:
        """Say that lanes got messages."""
        for name in lanes:
            if name in self._lanes:
                self._lanes[name].notify()

    async def run(self) -> None:
        """Watch the carriers until cancelled."""
        judged_s = self._now_s()
        while True:
            now_s = self._now_s()
            is_judging = now_s - judged_s >= JUDGE_S
            if is_judging:
                for name in self._lanes:
                    self.health(name).judge(now_s - judged_s, now_s)
                judged_s = now_s
            self.look()
            for name, since_s in list(self._down_since_s.items()):
                if now_s - since_s >= FAILOVER_S:
                    await self._fail_over(self._lanes[name])
            await asyncio.sleep(TICK_S)

    def look(self) -> None:
        """See which carriers are up, at once: call it when a bind came or went."""
        now_s = self._now_s()
        for name, lane in self._lanes.items():
            is_up = lane.carrier.is_up
            if is_up:
                self._down_since_s.pop(name, None)
            else:
                self._down_since_s.setdefault(name, now_s)
            self._conditions[name] = Condition(
                is_up=is_up, share=self.health(name).share, part_micro=self._costs.get(name, 0)
            )

    async def _fail_over(self, lane: Lane) -> None:
        """Move what waits for a carrier that is gone, as far as the rules have another one for it."""
        here = lane.carrier.name

        def elsewhere(waiting: Claimed) -> str | None:
            chosen = self.choose_again(waiting)
            return None if chosen == here else chosen

        try:
            moved = await lane.move_waiting(elsewhere)
        except StoreError as lost:
            log("store.full", "error", where="failover", carrier=here, error=lost)
            return
        if moved:
            log("message.deferred", carrier=here, count=sum(moved.values()), reason="moved to other carriers")
            self.notify(moved)
