"""Talks ASGI to the platform's API on a real back end in a temporary directory."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from tests.builders import a_change, a_subject, an_event
from tests.clock import Clock

from tellwire.kernel.failure import Accepted, Outcome
from tellwire.kernel.http.client import HttpClient
from tellwire.kernel.ids import new_ids
from tellwire.kernel.secrets import Vault
from tellwire.kernel.sessions import SessionBook
from tellwire.platform.control.app import Control, ControlOptions, control_app
from tellwire.platform.decide.worker import DecideWorker
from tellwire.platform.deliver.worker import DeliverWorker
from tellwire.platform.history.audiences import ColumnAudiences, column_audiences
from tellwire.platform.intake.calling import Caller
from tellwire.platform.model.event import Entry, Event, EventId, ProfileChange, SetValue
from tellwire.platform.ports.backend import Backend
from tellwire.platform.senders.generic import GenericSender
from tellwire.wiring.backend import open_backend

START = datetime(2026, 1, 31, 8, tzinfo=UTC)
TOKEN = "an-api-token"
EMAIL, PASSWORD = "ann@example.com", "correct horse battery"
OPTIONS = ControlOptions(
    account_id="ACME",
    passcode="a-passcode",
    admin_email=EMAIL,
    admin_password=PASSWORD,
    api_token=TOKEN,
    public_url="https://tellwire.example",
    version="0.0",
    default_region="SG",
    allow_private_targets=True,
    secrets_given={"TELLWIRE_SECRET_KEY": "s3cr3t-key", "HOME": "/root"},
)
PROVIDER = {
    "nickname": "8x8",
    "request_type": "POST",
    "endpoint": "https://sms.example/api/v1/subaccounts/acme/messages/batch",
    "authentication": {"type": "none"},
    "headers": [["Authorization", "Bearer s3cr3t"], ["Content-Type", "application/json"]],
    "parameters": {
        "type": "json",
        "template": '{"source":"Acme","destination":"$$To","text":"$$Body","mid":"$$MessageID"}',
    },
    "is_default": True,
}
CAMPAIGN = {
    "name": "Order thanks",
    "event": "Order Placed",
    "event_conditions": [{"property": "Amount", "operator": "greater_than", "value": 10}],
    "content": {"text": "Hi {{ Profile.Name | default: 'you' }}, thanks for {{ Event.Item }}"},
}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def fields(self) -> dict[str, str]:
        return self.json()["error"]["fields"]


class Client:
    """One browser or script."""

    def __init__(self, app: Control, headers: dict[str, str] | None = None) -> None:
        self.app = app
        self.headers = headers or {}

    async def ask(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None
    ) -> Answer:
        plain, _, query = path.partition("?")
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        sent: list[dict[str, Any]] = []
        is_whole = asyncio.Event()
        waiting = [{"type": "http.request", "body": raw, "more_body": False}]

        async def receive() -> dict[str, Any]:
            if waiting:
                return waiting.pop(0)
            await is_whole.wait()  # as a server does: the connection stays until the answer is whole
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                is_whole.set()

        given = {
            "host": "tellwire.example",
            "content-type": "application/json",
            **self.headers,
            **(headers or {}),
        }
        await self.app(scope_of(method, plain, query, given), receive, send)
        return Answer(
            status=sent[0]["status"],
            headers={k.decode(): v.decode() for k, v in sent[0]["headers"]},
            body=b"".join(message.get("body", b"") for message in sent[1:]),
        )

    async def get(self, path: str) -> Any:
        answer = await self.ask("GET", path)
        assert answer.status == 200, answer.body
        return answer.json()

    async def post(self, path: str, body: Any = None) -> Any:
        answer = await self.ask("POST", path, body)
        assert answer.status in {200, 201}, answer.body
        return answer.json()

    async def put(self, path: str, body: Any) -> Any:
        answer = await self.ask("PUT", path, body)
        assert answer.status == 200, answer.body
        return answer.json()


def scope_of(method: str, path: str, query: str, headers: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
        "scheme": "https",
        "client": ("192.0.2.1", 5000),
        "server": ("tellwire.example", 443),
    }


class Platform:
    """API, back end and decider, without servers."""

    def __init__(
        self, backend: Backend, vault: Vault, clock: Clock, app: Control, audiences: ColumnAudiences
    ) -> None:
        self.backend = backend
        self.vault = vault
        self.clock = clock
        self.app = app
        self.audiences = audiences
        self.api = Client(app, {"authorization": f"Bearer {TOKEN}"})
        self.stranger = Client(app)
        self._count = 0

    async def track(self, *entries: Entry) -> None:
        """Append and decide."""
        await self.backend.stream.append(entries)
        worker = self._worker()
        while await worker.step():
            pass

    @asynccontextmanager
    async def deciding(self) -> AsyncIterator[None]:
        """Decide what comes meanwhile, as a running platform does."""
        work = asyncio.create_task(self._worker().run())
        try:
            yield
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    def _worker(self) -> DecideWorker:
        return DecideWorker(
            stream=self.backend.stream,
            ledger=self.backend.ledger,
            catalog=self.backend.catalog,
            history=self.backend.history,
            clock=self.clock,
            default_region="SG",
        )

    def event(self, name: str, who: str = "ann", **properties: Any) -> Event:
        return an_event(
            id=self._id(),
            subject=a_subject(who),
            name=name,
            occurred_at=self.clock.now(),
            received_at=self.clock.now(),
            properties=properties,
        )

    def record(self, who: str = "ann", **properties: Any) -> ProfileChange:
        changes = (SetValue(key, value) for key, value in properties.items())
        now = self.clock.now()
        return a_change(*changes, id=self._id(), subject=a_subject(who), occurred_at=now, received_at=now)

    def _id(self) -> EventId:
        self._count += 1
        return EventId(new_ids(self.clock.now(), self._count, 1)[0])


class Taker:
    """A sender that takes everything."""

    def __init__(self) -> None:
        self.taken: list[str] = []

    async def send(self, _provider: Any, messages: Any, _still_wanted: Any = None) -> list[Outcome]:
        self.taken += [message.id for message in messages]
        return [Accepted()] * len(messages)


async def deliver(platform: Platform) -> list[str]:
    """Deliver what is due, and return what went."""
    taker, backend = Taker(), platform.backend
    worker = DeliverWorker(
        messages=backend.messages,
        catalog=backend.catalog,
        stream=backend.stream,
        sender=taker,
        clock=platform.clock,
        random=lambda: 0.5,
    )
    await worker.step()
    return taker.taken


@asynccontextmanager
async def running(directory: Path) -> AsyncIterator[Platform]:
    """Give a platform that is closed at the end."""
    backend, vault, clock = await open_backend(directory), Vault(b"k" * 32), Clock(START)
    http = HttpClient(allow_private=True, connections=4)
    await http.start()
    audiences = column_audiences(directory, backend.feed, clock, memory_mb=128, threads=1)
    app = control_app(
        catalog=backend.catalog,
        history=backend.history,
        audit_log=backend.audit,
        event_types=backend.event_types,
        reports=backend.reports,
        people_lists=backend.lists,
        audiences=audiences,
        consents=backend.consents,
        inbox=backend.inbox,
        runs=backend.runs,
        profiles=backend.people,
        links=backend.links,
        stream=backend.stream,
        views=backend.views,
        vault=vault,
        clock=clock,
        sender=GenericSender(http, vault, clock),
        caller=Caller(
            stream=backend.stream,
            callees=backend.callees,
            refusals=backend.refusals,
            clock=clock,
            entropy=itertools.count(1_000_000).__next__,  # other ids than those of `Platform`
        ),
        session_book=SessionBook(backend.sessions, clock=clock, secret=OPTIONS.admin_password),
        options=OPTIONS,
    )
    try:
        yield Platform(backend, vault, clock, app, audiences)
    finally:
        await http.close()
        await audiences.close()
        await backend.close()


@asynccontextmanager
async def listening(answer: bytes) -> AsyncIterator[tuple[int, list[bytes]]]:
    """Give the port of a provider that answers every request so, and the requests it got."""
    got: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(x[15:]) for x in head.lower().split(b"\r\n") if x.startswith(b"content-length:")), 0
        )
        got.append(head + await reader.readexactly(length))
        writer.write(answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], got
