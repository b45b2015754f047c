"""The callback endpoint as providers meet it: real store, raw ASGI."""

import io
import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import structlog
from tests.builders import NOON, a_campaign, a_decision, a_message, a_number, a_provider
from tests.clock import Clock

from tellwire.kernel.address import Msisdn
from tellwire.kernel.status import MessageStatus
from tellwire.kernel.telemetry import configure
from tellwire.kernel.web.dispatch import Dispatch
from tellwire.platform.model.campaign import CampaignSet
from tellwire.platform.model.event import Event, ProfileChange, SetValue, Subject
from tellwire.platform.model.message import Message
from tellwire.platform.model.profile import SuppressionChange
from tellwire.platform.ports.backend import Backend
from tellwire.platform.ports.catalog import PutCampaign, PutProvider
from tellwire.platform.ports.errors import Full as StoreFull
from tellwire.platform.ports.errors import Unavailable
from tellwire.platform.ports.ledger import Advance, Recorded, Recording
from tellwire.platform.ports.stream import START, Position
from tellwire.platform.receipts.api import CallbackApi
from tellwire.wiring.backend import open_backend

KEY = "k" * 43
LATER = NOON + timedelta(minutes=1)
TS = int(NOON.timestamp())
MESSAGE = a_message()
DELIVERED = [{"event": "delivered", "data": [{"ts": TS, "meta": MESSAGE.id}]}]


@pytest.fixture
async def backend(tmp_path: Path) -> AsyncIterator[Backend]:
    opened = await open_backend(tmp_path / "data")
    saved = await opened.catalog.save((PutProvider(a_provider()), PutCampaign(a_campaign())), 0)
    assert isinstance(saved, CampaignSet)
    await record(opened, MESSAGE)
    await opened.messages.claim({MESSAGE.provider_id: 1}, NOON, timedelta(minutes=2))
    yield opened
    await opened.close()


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configure(level="debug", stream=stream, pretty=False)
    yield stream
    structlog.reset_defaults()


async def record(backend: Backend, message: Message) -> None:
    advance = Advance(partition=0, after=START, to=Position(1))
    assert await backend.ledger.record(Recording(decisions=(a_decision(message),)), advance) == Recorded()


def api(backend: Backend, **settings: Any) -> CallbackApi:
    return CallbackApi(
        backend.stream, backend.messages, backend.inbox, backend.catalog, Clock(LATER), **settings
    )


async def call_back(one: CallbackApi, body: Any, *, key: str = KEY, method: str = "POST") -> tuple[int, Any]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    told: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": raw, "more_body": False}

    async def send(message: Any) -> None:
        told.append(message)

    scope = {"type": "http", "method": method, "path": f"/callbacks/sms/{key}", "headers": []}
    await Dispatch(one.routes())(scope, receive, send)
    return told[0]["status"], json.loads(told[1]["body"])


async def events(backend: Backend) -> list[str]:
    found = [one.entry for one in await backend.stream.read(0, START, 100)]
    assert all(isinstance(entry, Event) for entry in found)
    return [entry.name for entry in found if isinstance(entry, Event)]


async def status(backend: Backend) -> MessageStatus:
    return (await backend.messages.contexts([MESSAGE.id]))[MESSAGE.id].standing.status


async def test_a_delivery_moves_the_message_and_is_an_event(backend: Backend) -> None:
    answered, told = await call_back(api(backend), DELIVERED)

    assert answered == 200
    assert told == {
        "status": "success",
        "message": "Callback processed successfully",
        "data": {"processed_events": 1, "timestamp": TS + 60},
    }
    assert await status(backend) is MessageStatus.DELIVERED
    assert await events(backend) == ["Notification Delivered"]


async def test_a_receipt_of_8x8_does_the_same(backend: Backend) -> None:
    state = {"state": "delivered", "detail": "delivered_to_recipient", "timestamp": "2026-03-04T12:00:01.00Z"}
    envelope = {
        "namespace": "SMS",
        "eventType": "outbound_message_status_changed",
        "payload": {"umid": "u", "clientMessageId": MESSAGE.id, "status": state},
    }

    answered, _ = await call_back(api(backend), envelope)

    assert answered == 200
    assert await status(backend) is MessageStatus.DELIVERED
    assert await events(backend) == ["Notification Delivered"]


async def test_twice_is_once(backend: Backend) -> None:
    later = [{"event": "delivered", "data": [{"ts": TS + 30, "meta": MESSAGE.id}]}]
    clicked = [{"event": "clicked", "data": [{"ts": TS, "meta": MESSAGE.id, "url": "https://a.example"}]}]

    for body in (DELIVERED, DELIVERED, later, clicked, clicked):
        assert (await call_back(api(backend), body))[0] == 200

    assert await events(backend) == ["Notification Delivered", "Notification Clicked"]


def replied(text: str, ts: int = TS, meta: str = MESSAGE.id) -> Any:
    return [
        {
            "event": "replied",
            "data": [{"ts": ts, "meta": meta, "toPhone": "+6580001111", "incomingText": text}],
        }
    ]


def inbound(text: str, source: str = MESSAGE.to.e164, second: int = 0, umid: str = "u") -> Any:
    payload = {"umid": umid, "source": source, "destination": "+6580001111", "body": text}
    payload["timestamp"] = f"2026-03-04T12:00:{second:02}.00Z"
    return {"namespace": "SMS", "eventType": "inbound_message_received", "payload": payload}


async def standing(backend: Backend, number: Msisdn = MESSAGE.to) -> SuppressionChange | None:
    return await backend.reports.suppression(number)


@pytest.mark.parametrize("said", [replied("Stop."), inbound("Stop.")], ids=["clevertap", "8x8"])
async def test_a_stop_is_an_event_of_the_person_and_suppresses_the_number(
    backend: Backend, said: Any
) -> None:
    answered, told = await call_back(api(backend), said)

    assert (answered, told["data"]["processed_events"]) == (200, 1)
    last = await standing(backend)
    assert last == SuppressionChange(address=MESSAGE.to, is_suppressed=True, source="reply", at=NOON)
    [event] = [one.entry for one in await backend.stream.read(0, START, 100)]
    assert isinstance(event, Event)
    assert (event.name, event.subject) == ("Notification Replied", MESSAGE.subject)
    properties = msgspec.json.decode(event.properties)
    assert (properties["Incoming text"], properties["Campaign ID"]) == ("Stop.", MESSAGE.campaign_id)


@pytest.mark.parametrize("wire", [replied, inbound])
async def test_another_text_is_an_event_and_suppresses_nobody(backend: Backend, wire: Any) -> None:
    assert (await call_back(api(backend), wire("don't stop")))[0] == 200

    assert await events(backend) == ["Notification Replied"]
    assert await standing(backend) is None


async def test_a_start_releases_what_a_stop_suppressed(backend: Backend) -> None:
    for said in (replied("STOP"), inbound("Unstop", second=1)):
        assert (await call_back(api(backend), said))[0] == 200

    last = await standing(backend)
    assert last is not None
    assert not last.is_suppressed


async def test_a_start_of_before_the_stop_that_comes_late_releases_nothing(backend: Backend) -> None:
    for said in (inbound("STOP", second=2, umid="a"), inbound("START", second=1, umid="b")):
        assert (await call_back(api(backend), said))[0] == 200

    last = await standing(backend)
    assert last is not None
    assert last.is_suppressed


async def test_a_stop_of_a_number_that_nobody_holds_stands(backend: Backend) -> None:
    stranger = a_number("+6591230009")

    answered, _ = await call_back(api(backend), inbound("STOP", source=stranger.e164))

    assert answered == 200
    change, event = [one.entry for one in await backend.stream.read(0, START, 100)]
    assert isinstance(change, ProfileChange)
    assert isinstance(event, Event)
    assert change.changes == (SetValue("Phone", stranger.e164),)
    assert (event.name, event.subject) == ("Notification Replied", Subject("identity", stranger.e164))
    assert event.subject == change.subject
    last = await standing(backend, stranger)
    assert last is not None
    assert last.is_suppressed


async def test_a_form_is_answered_by_what_its_vendor_takes_for_nothing(backend: Backend) -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        body = b"MessageSid=SM1&From=%2B6591230000&To=Acme&Body=STOP"
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"content-type", b"application/x-www-form-urlencoded")]
    scope = {"type": "http", "method": "POST", "path": f"/callbacks/sms/{KEY}", "headers": headers}
    await Dispatch(api(backend).routes())(scope, receive, send)

    assert (sent[0]["status"], sent[1]["body"]) == (200, b"<Response/>")
    assert (b"content-type", b"text/xml") in sent[0]["headers"]
    last = await standing(backend)
    assert last is not None
    assert last.is_suppressed


async def test_a_stop_told_twice_is_one_event(backend: Backend) -> None:
    for said in (inbound("STOP"), inbound("STOP"), replied("STOP", ts=TS + 5), replied("STOP", ts=TS + 5)):
        assert (await call_back(api(backend), said))[0] == 200

    assert len(await events(backend)) == 2


async def test_no_campaign_hears_a_stop_that_does_not_hold_yet(backend: Backend) -> None:
    seen: list[bool] = []

    class Watched:
        """A stream that looks what stands when the event comes."""

        async def append(self, entries: Any) -> None:
            last = await standing(backend)
            seen.append(last is not None and last.is_suppressed)
            await backend.stream.append(entries)

    watched: Any = Watched()
    callbacks = CallbackApi(watched, backend.messages, backend.inbox, backend.catalog, Clock(LATER))

    assert (await call_back(callbacks, replied("STOP")))[0] == 200

    assert seen == [True]


async def test_a_stop_that_cannot_be_kept_is_asked_for_again(backend: Backend) -> None:
    class Torn:
        """An inbox that dies before it keeps anything."""

        async def take(self, arrivals: Any, now: Any) -> Any:
            raise Unavailable("the disk is gone")

    torn: Any = Torn()
    broken = CallbackApi(backend.stream, backend.messages, torn, backend.catalog, Clock(LATER))

    assert (await call_back(broken, replied("STOP")))[0] == 503
    assert await events(backend) == []


async def test_a_text_of_a_reply_and_its_number_stay_out_of_the_log(
    backend: Backend, written: io.StringIO
) -> None:
    await call_back(api(backend), [*replied("STOP"), inbound("kiwi")])

    lines = written.getvalue()
    assert "message.received" in lines
    assert "1 to stop" in lines
    assert "kiwi" not in lines
    assert "9123" not in lines


async def test_a_crash_between_event_and_status_is_mended_by_the_next_call(backend: Backend) -> None:
    class Torn:
        """A store of messages that dies before it applies."""

        contexts = backend.messages.contexts

        async def apply(self, receipts: Any) -> Any:
            raise Unavailable("the disk is gone")

    torn: Any = Torn()
    broken = CallbackApi(backend.stream, torn, backend.inbox, backend.catalog, Clock(LATER))
    before = await call_back(broken, DELIVERED)

    after = await call_back(api(backend), DELIVERED)

    assert (before[0], before[1]["error_code"], after[0]) == (503, 503, 200)
    assert await status(backend) is MessageStatus.DELIVERED
    assert await events(backend) == ["Notification Delivered"]


async def test_news_of_nobodys_message_is_answered_with_success_and_changes_nothing(
    backend: Backend,
) -> None:
    stranger = [{"event": "failed", "data": [{"ts": TS, "meta": "stranger", "code": "900"}]}]

    answered, told = await call_back(api(backend), stranger)

    assert (answered, told["data"]["processed_events"]) == (200, 1)
    assert await events(backend) == []
    assert await status(backend) is MessageStatus.QUEUED


async def test_what_lacks_something_is_named_and_the_rest_is_kept(backend: Backend) -> None:
    answered, told = await call_back(
        api(backend), [*DELIVERED, {"event": "delivered", "data": [{"ts": 1}]}, {}]
    )

    assert answered == 400
    assert told == {
        "status": "error",
        "message": "Bad request. Some mandatory parameter was missing.",
        "error_code": 400,
        "details": {"missing_fields": ["meta", "event"], "timestamp": TS + 60},
    }
    assert await status(backend) is MessageStatus.DELIVERED


@pytest.mark.parametrize("key", ["x", "k" * 42, "k" * 44, "k" * 5000, "kéy", "%F0"])
async def test_an_unknown_address_is_always_the_same_answer(backend: Backend, key: str) -> None:
    answered, told = await call_back(api(backend), DELIVERED, key=key)

    assert answered == told["error_code"] == 404
    assert told["message"] == "There is no such callback address."
    assert await status(backend) is MessageStatus.QUEUED


@pytest.mark.parametrize(
    ("body", "method", "status_"),
    [
        (b"no json", "POST", 400),
        (b"[" * 50_000, "POST", 400),
        (b" " * 60_000, "POST", 413),
        (b"", "GET", 405),
    ],
)
async def test_what_is_no_callback_is_refused_in_json(
    backend: Backend, body: bytes, method: str, status_: int
) -> None:
    answered, told = await call_back(api(backend, body_limit=55_000), body, method=method)

    assert answered == told["error_code"] == status_
    assert told["status"] == "error"


async def test_one_callback_too_many_is_put_off(backend: Backend) -> None:
    answered, told = await call_back(api(backend, concurrency=0), DELIVERED)

    assert answered == told["error_code"] == 503


UNKNOWN = [{"event": "delivered", "data": [{"ts": TS, "meta": "stranger"}, {"ts": TS, "meta": MESSAGE.id}]}]


@pytest.mark.parametrize(
    ("body", "status_", "reason", "items"),
    [
        (b"no json", 400, "The body has to be a JSON array of objects.", 0),
        (b" " * 60_000, 413, "The request's body is longer", 0),
        (
            [*DELIVERED, {"event": "delivered", "data": [{"ts": 1}]}, {}],
            400,
            "2 of 3 items lack: meta, event.",
            2,
        ),
        (UNKNOWN, 200, "1 of 2 items are about messages that were not sent from here", 1),
    ],
    ids=["unreadable", "too long", "missing fields", "unknown messages"],
)
async def test_a_refused_callback_leaves_a_trace_at_its_provider(
    backend: Backend,
    capsys: pytest.CaptureFixture[str],
    body: Any,
    status_: int,
    reason: str,
    items: int,
) -> None:
    one = api(backend, body_limit=55_000, refusals=backend.refusals)

    answered, _ = await call_back(one, body)

    (trace,) = await backend.reports.refused_callbacks(a_provider().id)
    assert (answered, trace.status, trace.items) == (status_, status_, items)
    assert reason in trace.reason
    said = "".join(capsys.readouterr())
    assert "receipt.refused" in said
    assert MESSAGE.id not in said


async def test_a_callback_that_was_taken_leaves_none(backend: Backend) -> None:
    await call_back(api(backend, refusals=backend.refusals), DELIVERED)

    assert await backend.reports.refused_callbacks(a_provider().id) == []


async def test_news_of_others_messages_is_one_trace_a_minute(backend: Backend) -> None:
    one = api(backend, refusals=backend.refusals)

    for _ in range(3):
        await call_back(one, UNKNOWN)

    assert len(await backend.reports.refused_callbacks(a_provider().id)) == 1


async def test_a_trace_that_cannot_be_kept_changes_no_answer(backend: Backend) -> None:
    class Full:
        async def note_callback(self, callback: Any) -> None:
            raise StoreFull("no room")

        async def note_records(self, records: Any) -> None:
            raise StoreFull("no room")

    assert (await call_back(api(backend, refusals=Full()), b"no json"))[0] == 400


# Who may tell


OTHER_KEY = "o" * 43
WORDS = {
    "delivered": {"ts": TS},
    "failed": {"ts": TS, "code": 900},
    "clicked": {"ts": TS, "url": "https://a.example"},
    "replied": {"ts": TS, "incomingText": "yes please"},
}


@pytest.mark.parametrize("word", WORDS)
async def test_another_providers_address_tells_nothing_about_a_message(
    backend: Backend, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    current = await backend.catalog.snapshot()
    other = a_provider(id="other", nickname="other", callback_key=OTHER_KEY, is_default=False)
    await backend.catalog.save((PutProvider(other),), current.version)
    body = [{"event": word, "data": [{**WORDS[word], "meta": MESSAGE.id}]}]

    answered, _ = await call_back(api(backend), body, key=OTHER_KEY)

    assert answered == 200  # as for a message that is nobody's: it must not tell which ids there are
    assert await status(backend) is MessageStatus.QUEUED
    assert await events(backend) == []
    line = capsys.readouterr().out
    assert "receipt.refused" in line
    assert MESSAGE.id not in line
    assert (await call_back(api(backend), body))[0] == 200
    assert len(await events(backend)) == 1


async def test_nobody_tells_about_a_message_that_has_not_left_yet(tmp_path: Path) -> None:
    opened = await open_backend(tmp_path / "data")
    await opened.catalog.save((PutProvider(a_provider()), PutCampaign(a_campaign())), 0)
    await record(opened, MESSAGE)

    answered, _ = await call_back(api(opened), DELIVERED)

    assert answered == 200
    assert await status(opened) is MessageStatus.QUEUED
    assert await events(opened) == []
    await opened.close()
