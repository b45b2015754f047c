"""Providers that behave badly: a real event, a real campaign, a real request, and what the message then says."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import timedelta

import pytest
from tests.builders import a_campaign, a_provider
from tests.clock import Clock
from tests.http_sink import http_sink
from tests.waiting import HANG_S

from tellwire.kernel.http.client import HttpClient
from tellwire.kernel.secrets import Vault
from tellwire.kernel.status import MessageStatus
from tellwire.platform.decide.worker import DecideWorker
from tellwire.platform.deliver.worker import DeliverWorker
from tellwire.platform.model.campaign import CampaignId, Policy
from tellwire.platform.model.event import Event, EventId, ProfileChange, SetValue, Subject
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.ports.catalog import PutCampaign, PutProvider
from tellwire.platform.senders import generic
from tellwire.platform.senders.generic import GenericSender
from tellwire.wiring.backend import open_backend

PATIENCE_S = 1.0  # with providers that answer too late, instead of fifteen seconds
Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class World:
    """Everything between an event and a provider, in steps."""

    def __init__(self, backend, http):
        self.backend = backend
        self.clock = Clock()
        ports = {"stream": backend.stream, "catalog": backend.catalog, "clock": self.clock}
        self.decide = DecideWorker(ledger=backend.ledger, history=backend.history, **ports)
        sender = GenericSender(http, Vault(b"k" * 32), self.clock)
        self.deliver = DeliverWorker(messages=backend.messages, sender=sender, random=lambda: 0.5, **ports)
        self.ids = itertools.count(1)

    async def campaign(self, url, number=1, policy=None, **provider):
        """Let a campaign answer the event named after its number, through a provider of its own at `url`."""
        name = f"provider {number}"
        made = a_provider(id=ProviderId(name), nickname=name, endpoint=url, is_default=False, **provider)
        answering = a_campaign(
            id=CampaignId(number), event=f"Event {number}", provider_id=made.id, policy=policy or Policy()
        )
        await self.save(PutProvider(made), PutCampaign(answering))

    async def save(self, *changes):
        current = await self.backend.catalog.snapshot()
        await self.backend.catalog.save(changes, current.version)

    async def happen(self, number=1, count=1):
        """Let the event happen to `count` people, decide, and return the ids of the messages."""
        events = []
        for _ in range(count):
            one = next(self.ids)
            subject, id_ = Subject("identity", f"u{one}"), EventId(f"{one:024x}")
            moment = {"subject": subject, "occurred_at": self.clock.now(), "received_at": self.clock.now()}
            phone = SetValue("Phone", f"+659{one:07d}")
            events.append(ProfileChange(id=EventId(f"{id_}-p"), changes=(phone,), **moment))
            events.append(Event(id=id_, name=f"Event {number}", **moment))
        await self.backend.stream.append(events)
        while await self.decide.step():
            pass
        return [f"{event.id}-{number}" for event in events if isinstance(event, Event)]

    async def row(self, message_id):
        return (await self.backend.reports.message(message_id)).row

    async def what(self, message_id):
        """Return what happened to a message, its last step with the reason."""
        step = (await self.backend.reports.message(message_id)).timeline[-1]
        return step.what, step.description

    async def news(self):
        entries = await self.backend.stream.read(0, 0, 1000)
        return [
            p.entry.name for p in entries if isinstance(p.entry, Event) and "Notification" in p.entry.name
        ]


@pytest.fixture
async def world(tmp_path) -> AsyncIterator[World]:
    async with AsyncExitStack() as undo:
        backend = await open_backend(tmp_path / "data")
        undo.push_async_callback(backend.close)
        http = HttpClient(allow_private=True, connections=100)
        await http.start()
        undo.push_async_callback(http.close)
        yield World(backend, http)


@asynccontextmanager
async def endpoint(behave: Behaviour) -> AsyncIterator[str]:
    """Serve requests with `behave`, which is called when a whole request has come."""
    conversations = set()

    async def serve(reader, writer):
        conversations.add(asyncio.current_task())
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (int(h[15:]) for h in head.lower().split(b"\r\n") if h.startswith(b"content-length:")), 0
            )
            await reader.readexactly(length)
            await behave(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/send"
    finally:
        server.close()
        for conversation in conversations:
            conversation.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)


async def hangs(reader, _writer):
    await reader.read()


async def drips(reader, writer):
    """Send an answer a byte at a time, slower than anybody waits."""
    for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok":
        writer.write(bytes([byte]))
        with suppress(TimeoutError):
            await asyncio.wait_for(reader.read(), 0.05)
            return


async def drips_its_body(reader, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    await drips(reader, writer)


async def never_ends(_reader, writer):
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")
        await writer.drain()


def says(answer: bytes) -> Behaviour:
    async def behave(_reader, writer):
        writer.write(answer)

    return behave


def answers(status: int, *headers: str) -> Behaviour:
    lines = "".join(f"{header}\r\n" for header in headers)
    return says(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n{lines}\r\n".encode())


PERHAPS, REJECTED = "perhaps handed over", "given up after try 1"
BEHAVIOURS = {
    "hangs": (hangs, "sent", PERHAPS, "", "no whole answer within 1 s"),
    "drips": (drips, "sent", PERHAPS, "", "no whole answer within 1 s"),
    "drips its body": (drips_its_body, "sent", PERHAPS, "", "no whole answer within 1 s"),
    "never ends": (never_ends, "sent", "handed over", "", ""),
    "closes": (says(b""), "sent", PERHAPS, "", "the connection was lost before an answer"),
    "answers garbage": (says(b"\x00\xff" * 500 + b"\r\n\r\n"), "sent", PERHAPS, "", "not HTTP"),
    "answers a long head": (
        says(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n"),
        "sent",
        PERHAPS,
        "",
        "too long",
    ),
    "answers half": (
        says(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
        "sent",
        PERHAPS,
        "",
        "ended too early",
    ),
    "says 202": (answers(202), "sent", "handed over", "", ""),
    "says 302": (answers(302, "Location: /elsewhere"), "rejected", REJECTED, "302", "not followed"),
    "says 400": (answers(400), "rejected", REJECTED, "400", "answered 400"),
    "says 404": (answers(404), "rejected", REJECTED, "404", "answered 404"),
    "says 500": (answers(500), "rejected", REJECTED, "500", "answered 500"),
    "says 504": (answers(504), "rejected", REJECTED, "504", "answered 504"),
    "says 401": (answers(401), "queued", "due again after try 1", "", "answered 401"),
    "says 429": (answers(429), "queued", "due again after try 1", "", "answered 429"),
    "says 503": (answers(503), "rejected", REJECTED, "503", "answered 503"),
    "says 503 and when": (
        answers(503, "Retry-After: 7"),
        "queued",
        "due again after try 1",
        "",
        "answered 503",
    ),
    "says 408": (answers(408), "rejected", REJECTED, "408", "answered 408"),
}


@pytest.mark.parametrize("case", BEHAVIOURS)
async def test_a_message_says_what_its_provider_did(world, monkeypatch, case):
    behave, status, what, code, reason = BEHAVIOURS[case]
    if behave in {hangs, drips, drips_its_body}:
        monkeypatch.setattr(generic, "TIMEOUT_S", PATIENCE_S)
    async with endpoint(behave) as url:
        await world.campaign(url)
        await world.save(PutCampaign(a_campaign(id=CampaignId(2), event="Notification Sent")))
        [message] = await world.happen()

        assert await world.deliver.step() == 1

    row = await world.row(message)
    happened, why = await world.what(message)
    assert (row.standing.status, row.error_code) == (status, code)
    assert happened == what
    assert reason in why
    told = {"sent": ["Notification Sent"], "rejected": ["Notification Failed"], "queued": []}
    assert await world.news() == told[status]


@pytest.mark.parametrize("behave", [hangs, answers(500)], ids=["hangs", "says 500"])
async def test_what_perhaps_went_is_repeated_when_the_campaign_says_so_and_only_then(
    world, monkeypatch, behave
):
    monkeypatch.setattr(generic, "TIMEOUT_S", PATIENCE_S)
    async with endpoint(behave) as url:
        await world.campaign(url, 1, Policy(when_unresolved="repeat", attempts=3))
        await world.campaign(url, 2, Policy(when_unresolved="never_repeat", attempts=3))
        repeated, once = [*await world.happen(1), *await world.happen(2)]

        tries = [await world.deliver.step()]
        for _ in range(5):
            world.clock.advance(timedelta(minutes=6))
            tries.append(await world.deliver.step())

    assert tries == [2, 1, 1, 0, 0, 0]
    assert (await world.row(repeated)).standing.status is MessageStatus.REJECTED
    assert "3 tries" in (await world.what(repeated))[1]
    assert (await world.row(once)).standing.status is not MessageStatus.QUEUED


async def test_a_provider_that_is_away_is_asked_eight_times_and_then_given_up(world):
    async with endpoint(hangs) as url:
        pass  # nobody listens there any more
    await world.campaign(url)
    [message] = await world.happen()

    tries = 0
    for _ in range(20):
        tries += await world.deliver.step()
        world.clock.advance(timedelta(minutes=6))

    row = await world.row(message)
    assert tries == 8
    assert (row.standing.status, row.error_code) == (MessageStatus.REJECTED, "not_sent")
    assert "cannot connect" in row.description


async def test_a_provider_that_asks_for_time_gets_it_and_then_the_message(world):
    asked = []

    async def busy_once(_reader, writer):
        asked.append(world.clock.now())
        head = b"429 Busy\r\nRetry-After: 60" if len(asked) == 1 else b"200 OK"
        writer.write(b"HTTP/1.1 " + head + b"\r\nContent-Length: 0\r\n\r\n")

    async with endpoint(busy_once) as url:
        await world.campaign(url)
        [message] = await world.happen()
        await world.deliver.step()

        world.clock.advance(timedelta(seconds=59))
        assert await world.deliver.step() == 0
        world.clock.advance(timedelta(seconds=60))
        assert await world.deliver.step() == 1

    assert (await world.row(message)).standing.status is MessageStatus.SENT
    assert len(asked) == 2


async def test_a_redirect_takes_the_message_nowhere(world):
    async with http_sink() as elsewhere, endpoint(answers(307, f"Location: {elsewhere.url}/")) as url:
        await world.campaign(url)
        await world.happen()
        await world.deliver.step()

    assert elsewhere.seen == []


async def test_an_endpoint_on_a_private_address_is_not_asked_where_that_is_not_allowed(world, tmp_path):
    http = HttpClient(allow_private=False, connections=1)
    await http.start()
    world.deliver._sender = GenericSender(http, Vault(b"k" * 32), world.clock)
    async with http_sink() as sink:
        await world.campaign(sink.url)
        [message] = await world.happen()
        await world.deliver.step()
    await http.close()

    assert sink.seen == []
    assert "address not allowed" in (await world.what(message))[1]


async def test_a_provider_that_hangs_delays_no_message_of_another(world):
    hung = asyncio.Queue()

    async def held(reader, _writer):
        hung.put_nowait(reader)
        await reader.read()

    async with endpoint(held) as url, http_sink() as sink:
        await world.campaign(url, 1, concurrency=4)
        await world.campaign(sink.url, 2, concurrency=4)
        waiting = await world.happen(1, 200)
        running = asyncio.create_task(world.deliver.run())
        async with asyncio.timeout(HANG_S):
            for _ in range(4):
                await hung.get()

        await world.happen(2, 100)
        seen = await sink.wait_for(100)

        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert len(seen) == 100
        assert hung.empty(), "a provider that hangs has more than its share of connections"
        assert {(await world.row(m)).standing.status for m in waiting} == {MessageStatus.QUEUED}
