"""What SMPP tests need around them: a carrier that does what a test says, a link that remembers, deadlines."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from tests.waiting import HANG_S, until

from tellwire.gateway.smpp import pdu
from tellwire.gateway.smpp.bind import LinkConfig
from tellwire.gateway.smpp.codec import Framer, decode, encode
from tellwire.gateway.smpp.link import Link, Results
from tellwire.gateway.smpp.pdu import Pdu, SubmitSm
from tellwire.gateway.smpp.receipts import Deliver
from tellwire.gateway.smpp.states import Timers
from tellwire.kernel.failure import Backoff, Outcome

QUICK = Backoff(first_s=0.02, longest_s=0.05, attempts=1 << 30)
SUBMIT = SubmitSm(source_addr="ACME", dest_ton=1, dest_npi=1, destination_addr="6591230000", short_message=b"hi",
                  registered_delivery=1)  # fmt: skip
_ANSWERS = {
    pdu.BindTransceiver: pdu.BindTransceiverResp,
    pdu.BindReceiver: pdu.BindReceiverResp,
    pdu.BindTransmitter: pdu.BindTransmitterResp,
}


class Peer:
    """The other end of one connection, in a test's hands."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self._framer = Framer()
        self._read: list[Pdu] = []

    async def next(self, deadline_s: float = HANG_S) -> Pdu:
        """The next PDU, or fail."""
        async with asyncio.timeout(deadline_s):
            while not self._read:
                data = await self.reader.read(65536)
                if not data:
                    raise EOFError("the link hung up")
                self._read += [
                    found for frame in self._framer.feed(data) if isinstance(found := decode(frame), Pdu)
                ]
        return self._read.pop(0)

    async def next_submit(self) -> Pdu:
        """The next submit_sm; enquiries in between are answered."""
        while True:
            found = await self.next()
            if isinstance(found.body, SubmitSm):
                return found
            if isinstance(found.body, pdu.EnquireLink):
                self.say(pdu.EnquireLinkResp(), found.sequence)

    def say(self, body: pdu.Body, sequence: int, status: int = 0) -> None:
        self.writer.write(encode(body, sequence, status))

    async def grant(self) -> None:
        """Answer the bind that comes first."""
        asked = await self.next()
        self.say(_ANSWERS[type(asked.body)]("smsc"), asked.sequence)  # type: ignore[index]  # a bind comes first


Script = Callable[[Peer], Awaitable[None]]


class ScriptedCarrier:
    """An SMSC whose every connection runs the next script; the last one runs for ever after."""

    def __init__(self, *scripts: Script) -> None:
        self._scripts = list(scripts)
        self.connections = 0
        self.errors: list[BaseException] = []
        self.port = 0
        self._serving: set[asyncio.Task[Any]] = set()

    @contextlib.asynccontextmanager
    async def listening(self, port: int = 0, **options: Any) -> AsyncIterator["ScriptedCarrier"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", port, **options)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            # A script may wait for ever: none is left to a loop that closes under it.
            for task in self._serving:
                task.cancel()
            await asyncio.gather(*self._serving, return_exceptions=True)
            await server.wait_closed()
        assert not self.errors

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        script = self._scripts[min(self.connections, len(self._scripts) - 1)]
        self.connections += 1
        try:
            await script(Peer(reader, writer))
        except (ConnectionError, EOFError):
            pass
        except Exception as error:  # noqa: BLE001  # the test looks at them in the end
            self.errors.append(error)
        finally:
            writer.close()
            with contextlib.suppress(ConnectionError, OSError):
                await writer.wait_closed()


class World:
    """A running link and everything it said."""

    def __init__(self) -> None:
        self.results: dict[object, Outcome] = {}
        self.delivered: list[Deliver] = []
        self.phases: list[str] = []
        self.reasons: list[str] = []
        self.store: Callable[[Deliver], Awaitable[None]] = self._keep
        self.link: Link

    async def bound(self) -> None:
        await until(lambda: self.link.state.phase == "bound")

    async def offer(self, count: int, message: SubmitSm = SUBMIT) -> None:
        """Submit tokens 0..count-1 as fast as the link takes them."""
        async with asyncio.timeout(HANG_S):
            for token in range(count):
                while not self.link.free:
                    await self.link.when_free()
                self.link.submit(token, message)

    def take(self, results: Results) -> None:
        for token, result in results:
            assert token not in self.results, "a submit has one outcome"
            self.results[token] = result

    async def _keep(self, deliver: Deliver) -> None:
        self.delivered.append(deliver)


@contextlib.asynccontextmanager
async def linked(port: int, **options: Any) -> AsyncIterator[World]:
    """A link to a local port, quick to come back."""
    world = World()
    options = {"system_id": "acme", "password": "secret", "reconnect": QUICK, "timers": Timers(), **options}
    config = LinkConfig(host="127.0.0.1", port=port, **options)

    def noted(state: Any) -> None:
        world.phases.append(state.phase)
        world.reasons.append(state.reason)

    async def store(deliver: Deliver) -> None:
        await world.store(deliver)

    world.link = Link(name="test", config=config, on_results=world.take, on_deliver=store, on_state=noted)
    running = asyncio.create_task(world.link.run())
    try:
        yield world
    finally:
        await world.link.close()
        await running
