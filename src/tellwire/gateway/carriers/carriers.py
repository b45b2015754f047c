"""A carrier as the dispatcher sees it, and the SMPP one: several binds of one login as one carrier."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeAlias

from tellwire.gateway.model.message import Claimed
from tellwire.gateway.smpp.bind import LinkConfig, LinkState
from tellwire.gateway.smpp.link import Link
from tellwire.gateway.smpp.pdu import SubmitSm
from tellwire.gateway.smpp.receipts import Deliver
from tellwire.gateway.smpp.references import References
from tellwire.gateway.smpp.submission import submit_pdus
from tellwire.kernel.address import SenderId, msisdn_of_digits, parse_sender_id
from tellwire.kernel.clock import Clock, from_ms
from tellwire.kernel.failure import Outcome
from tellwire.kernel.sms import compose

Results: TypeAlias = list[tuple[Any, Outcome]]


class Carrier(Protocol):
    """Takes the parts of messages.

    At most `window` parts are ever under way. `free` parts may be submitted now; `on_free` is called when that may
    have become more. Every submitted part's outcome comes through `on_results` with the token it was submitted with,
    from the loop, never from within `submit`.
    """

    name: str
    window: int
    on_results: Callable[[Results], None]
    on_free: Callable[[], None]

    @property
    def is_up(self) -> bool:
        """Whether it can be reached at all."""
        ...

    @property
    def free(self) -> int:
        """How many parts may be submitted now; 0 while nothing is connected."""
        ...

    def prepare(self, claimed: Claimed) -> Sequence[Any]:
        """Return what to submit for each part of a message, in order; `ValueError` if it cannot be carried."""
        ...

    def submit(self, token: object, prepared: Any) -> None:
        """Submit one part."""
        ...

    @property
    def is_wanted(self) -> bool:
        """Whether it is to be connected at all: not from `drain` to the next `connect`."""
        ...

    async def run(self) -> None:
        """Keep the carrier connected while it is wanted, until cancelled."""
        ...

    async def drain(self, deadline_s: float) -> None:
        """Take nothing more, wait for what is under way, at most `deadline_s`, and stay away until `connect`."""
        ...

    def connect(self) -> None:
        """Come back after a `drain`."""
        ...


class SmppCarrier:
    """One carrier over one bind or several; a part goes to the bind with the most room.

    `references` are those of all carriers: a handset does not know by which a text came.
    """

    def __init__(
        self,
        name: str,
        configs: Sequence[LinkConfig],
        *,
        on_deliver: Callable[[str, Deliver], Awaitable[None]],
        on_state: Callable[[LinkState], None],
        clock: Clock,
        references: References | None = None,
    ) -> None:
        self.name = name
        self.window = sum(config.window for config in configs if config.bind != "receiver")
        self.on_results: Callable[[Results], None] = lambda _: None
        self.on_free: Callable[[], None] = lambda: None
        self._clock = clock
        self._references = references or References()
        self._on_deliver = on_deliver
        self._on_state = on_state
        self._configs = configs
        self._dialect = configs[0].dialect
        self._wanted = asyncio.Event()
        self._wanted.set()
        self.links = self._made_links()

    @property
    def is_up(self) -> bool:
        """Whether any bind is up that takes messages."""
        return any(link.state.phase == "bound" and link.config.bind != "receiver" for link in self.links)

    @property
    def is_wanted(self) -> bool:
        """Whether its binds are to be up."""
        return self._wanted.is_set()

    @property
    def free(self) -> int:
        """How many parts all binds together take now."""
        return sum(link.free for link in self.links)

    def prepare(self, claimed: Claimed) -> Sequence[SubmitSm]:
        """Return the message's PDUs in the carrier's dialect."""
        source = parse_sender_id(claimed.source) or SenderId(claimed.source, "alphanumeric")
        composition = compose(claimed.body, claimed.encoding)
        is_long = len(composition.parts) > 1
        return submit_pdus(
            source,
            msisdn_of_digits(claimed.destination),
            composition,
            reference=self._references.of(claimed.destination, claimed.seq) if is_long else 0,
            dialect=self._dialect,
            now=self._clock.now(),
            expires_at=from_ms(claimed.expiry_ms),
            umid=claimed.umid,
        )

    def submit(self, token: object, prepared: SubmitSm) -> None:
        """Submit one PDU on the bind with the most room."""
        max(self.links, key=_room).submit(token, prepared)

    async def run(self) -> None:
        """Keep all binds up while they are wanted, until cancelled."""
        while True:
            await self._wanted.wait()
            async with asyncio.TaskGroup() as group:
                for link in self.links:
                    group.create_task(link.run(), name=f"link {link.name}")
            self.links = self._made_links()  # a link that was drained does not come back

    async def drain(self, deadline_s: float) -> None:
        """Let every bind finish what it has sent, at most `deadline_s`, and unbind."""
        self._wanted.clear()
        async with asyncio.TaskGroup() as group:
            for link in self.links:
                group.create_task(link.drain(deadline_s))

    def connect(self) -> None:
        """Bind again."""
        self._wanted.set()

    def _made_links(self) -> list[Link]:
        links = [
            Link(
                name=f"{self.name}-{number}",
                config=config,
                on_results=self._pass_results,
                on_deliver=self._deliver,
                on_state=self._on_state,
                clock=self._clock,
            )
            for number, config in enumerate(self._configs, start=1)
        ]
        for link in links:
            link.on_free = self._pass_free
        return links

    # The lane sets its hooks after the links exist, so these look them up late.
    def _pass_results(self, results: Results) -> None:
        self.on_results(results)

    def _pass_free(self) -> None:
        self.on_free()

    async def _deliver(self, deliver: Deliver) -> None:
        await self._on_deliver(self.name, deliver)


def _room(link: Link) -> int:
    return link.free
