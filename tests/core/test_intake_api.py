"""The upload endpoint as its clients meet it: real store, raw ASGI."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.clock import Clock
from tests.waiting import HANG_S

from tellwire.kernel.web.dispatch import Dispatch
from tellwire.platform.intake.clevertap.api import UploadApi
from tellwire.platform.intake.clevertap.door import Access
from tellwire.platform.intake.clevertap.record import Rules
from tellwire.platform.model.event import Entry, Event, Subject
from tellwire.platform.ports.backend import Backend
from tellwire.platform.ports.errors import Full as StoreFull
from tellwire.platform.ports.stream import START
from tellwire.wiring.backend import open_backend

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEYS = {"x-clevertap-account-id": "ACC-1", "x-clevertap-passcode": "pass-2"}
GOOD = {"identity": "u1", "type": "event", "evtName": "Login", "evtData": {"a": 1}}
BAD = {"identity": "u2", "type": "event"}


def api(backend: Backend, stream: Any = None, **settings: Any) -> UploadApi:
    access = Access("ACC-1", ["pass-1", "pass-2"])
    return UploadApi(stream or backend.stream, backend.event_types, Clock(NOW), access, **settings)


async def ask(
    one: UploadApi,
    body: bytes,
    *,
    method: str = "POST",
    path: str = "/1/upload",
    query: str = "",
    headers: dict[str, str] | None = None,
    chunk: int = 0,
) -> tuple[int, Any, dict[str, str]]:
    """Post like a client; `chunk` sends the body in pieces without saying how long it is."""
    given = KEYS if headers is None else headers
    if not chunk:
        given = {"content-length": str(len(body)), **given}
    size = chunk or max(len(body), 1)
    pieces = [body[at : at + size] for at in range(0, max(len(body), 1), size)]
    requests: Any = iter(
        {"type": "http.request", "body": piece, "more_body": n < len(pieces)}
        for n, piece in enumerate(pieces, start=1)
    )
    told: list[Any] = []

    async def receive() -> Any:
        return next(requests)

    async def send(message: Any) -> None:
        told.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }
    await Dispatch(one.routes())(scope, receive, send)
    start, end = told
    return (
        start["status"],
        json.loads(end["body"]),
        {k.decode(): v.decode() for k, v in start["headers"]},
    )


def upload(*records: Any) -> bytes:
    return json.dumps({"d": records}).encode()


@pytest.fixture
async def backend(tmp_path: Path) -> AsyncIterator[Backend]:
    opened = await open_backend(tmp_path / "data")
    yield opened
    await opened.close()


async def stored(backend: Backend) -> list[Entry]:
    return [one.entry for one in await backend.stream.read(0, START, 1000)]


async def test_an_answered_event_is_there_after_a_restart(tmp_path: Path) -> None:
    before = await open_backend(tmp_path / "data")

    status, told, headers = await ask(api(before), upload(GOOD, BAD))
    await before.close()
    after = await open_backend(tmp_path / "data")
    [event] = await stored(after)
    await after.close()

    assert (status, told["status"], told["processed"]) == (200, "partial", 1)
    assert headers["content-type"] == "application/json;charset=utf-8"
    assert isinstance(event, Event)
    assert (event.name, bytes(event.properties), event.received_at) == ("Login", b'{"a": 1}', NOW)


@pytest.mark.parametrize("path", ["/1/upload", "/1/upload/", "/1/upload.json"])
async def test_the_addresses_that_clients_use_are_one(backend: Backend, path: str) -> None:
    assert (await ask(api(backend), upload(GOOD), path=path))[0] == 200


async def test_a_dry_run_answers_the_same_and_stores_nothing(backend: Backend) -> None:
    wet = await ask(api(backend), upload(GOOD, BAD))
    dry = await ask(api(backend), upload(GOOD, BAD), query="dryRun=1")
    spelled = await ask(api(backend), upload(GOOD, BAD), query="dryRun=True")
    undry = await ask(api(backend), upload(GOOD, BAD), query="dryRun=0")

    assert wet == dry == spelled == undry
    assert len(await stored(backend)) == 2


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"x-clevertap-account-id": "ACC-1"},
        {"x-clevertap-passcode": "pass-1"},
        {"x-clevertap-account-id": "ACC-2", "x-clevertap-passcode": "pass-1"},
        {"x-clevertap-account-id": "ACC-1", "x-clevertap-passcode": "pass-3"},
        {"x-clevertap-account-id": "ACC-1", "x-clevertap-passcode": ""},
    ],
)
async def test_a_stranger_is_told_what_was_recorded(backend: Backend, keys: dict[str, str]) -> None:
    status, told, _ = await ask(api(backend), upload(GOOD), headers=keys)

    assert status == 401
    assert told == {"status": "fail", "error": "Account ID is not valid", "code": 401}
    assert await stored(backend) == []


async def test_only_a_lenient_passcode_has_its_records_mended(backend: Backend) -> None:
    access = Access("ACC-1", ["pass-1"], ["rudder"])
    one = UploadApi(backend.stream, backend.event_types, Clock(NOW), access)
    body = upload({**GOOD, "evtName": "Viewed: Home", "ts": "2026-11-22T11:59:30.000Z"})

    strict = await ask(one, body, headers={**KEYS, "x-clevertap-passcode": "pass-1"})
    lenient = await ask(one, body, headers={**KEYS, "x-clevertap-passcode": "rudder"})

    assert (strict[1]["status"], lenient[1]["status"]) == ("fail", "success")


@pytest.mark.parametrize("path", ["/1/profile.json", "/1/", "/1/upload/more"])
async def test_an_unknown_address_of_clevertaps_is_answered_in_json(backend: Backend, path: str) -> None:
    known = await ask(api(backend), b"", path=path, method="GET")
    stranger = await ask(api(backend), b"", path=path, method="GET", headers={})

    assert (known[0], known[1]["status"]) == (404, "fail")
    assert (stranger[0], stranger[1]["error"]) == (401, "Account ID is not valid")


async def test_another_method_is_told_which_is_allowed(backend: Backend) -> None:
    status, told, headers = await ask(api(backend), b"", method="GET")

    assert (status, told["status"], headers["allow"]) == (405, "fail", "POST")


async def test_wrong_passcodes_are_few_a_minute(backend: Backend) -> None:
    open_to = api(backend)
    wrong = {**KEYS, "x-clevertap-passcode": "guess"}
    tries = [(await ask(open_to, upload(GOOD), headers=wrong))[0] for _ in range(20)]

    status, told, headers = await ask(open_to, upload(GOOD), headers=wrong)

    assert tries == [401] * 20
    assert (status, told["status"]) == (429, "fail")
    assert headers["retry-after"] == "60"
    assert (await ask(open_to, upload(GOOD), headers=KEYS))[0] == 429
    assert await stored(backend) == []


async def test_no_account_set_up_admits_nobody(backend: Backend) -> None:
    closed = UploadApi(backend.stream, backend.event_types, Clock(NOW), Access("", [""]))

    assert (await ask(closed, upload(GOOD), headers={}))[0] == 401


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"body": b"no json"}, 400),
        ({"body": b"[" * 100_000}, 400),
        ({"body": upload(*[GOOD] * 1001)}, 400),
        ({"body": b"", "method": "GET"}, 405),
        ({"body": b" " * 20_000}, 413),
        ({"body": b" " * 20_000, "chunk": 100}, 413),
        ({"body": gzip.compress(b" " * 20_000), "headers": {**KEYS, "content-encoding": "gzip"}}, 413),
        ({"body": gzip.compress(upload(GOOD))[:-9], "headers": {**KEYS, "content-encoding": "gzip"}}, 400),
        ({"body": upload(GOOD), "headers": {**KEYS, "content-encoding": "gzip"}}, 400),
        ({"body": upload(GOOD), "headers": {**KEYS, "content-encoding": "br"}}, 415),
    ],
)
async def test_what_is_no_upload_is_refused_in_json(
    backend: Backend, request_: dict[str, Any], status: int
) -> None:
    limit = 5_000_000 if len(request_["body"]) > 50_000 else 10_000

    answered, told, _ = await ask(api(backend, body_limit=limit), **request_)

    assert answered == status
    assert (told["status"], told["code"]) == ("fail", status)
    assert told["error"].endswith(".")
    assert await stored(backend) == []


async def test_a_body_may_come_packed_and_in_pieces(backend: Backend) -> None:
    packed = gzip.compress(upload(GOOD))

    whole = await ask(api(backend), packed, headers={**KEYS, "content-encoding": "gzip"})
    pieces = await ask(api(backend), upload(GOOD), chunk=7)

    assert whole[0] == pieces[0] == 200
    assert len(await stored(backend)) == 2


def of_type(name: str) -> bytes:
    return upload({**GOOD, "evtName": name})


async def test_event_types_are_counted_over_uploads_and_restarts(tmp_path: Path) -> None:
    rules = Rules(event_types=2)
    before = await open_backend(tmp_path / "data")
    taken = [(await ask(api(before, rules=rules), of_type(name)))[1]["status"] for name in ("A", "B")]
    await before.close()
    after = await open_backend(tmp_path / "data")

    one_too_many = await ask(api(after, rules=rules), of_type("C"))
    known = await ask(api(after, rules=rules), of_type("b"))
    names = [entry.name for entry in await stored(after) if isinstance(entry, Event)]
    await after.close()

    assert taken == ["success", "success"]
    assert one_too_many[1]["unprocessed"][0]["code"] == 528
    assert known[1]["status"] == "success"
    assert names == ["A", "B", "b"]


async def test_a_dry_run_takes_no_event_type(backend: Backend) -> None:
    one = api(backend, rules=Rules(event_types=1))

    dry = await ask(one, of_type("A"), query="dryRun=1")
    wet = await ask(one, of_type("B"))
    full = await ask(one, of_type("A"), query="dryRun=True")

    assert dry[1]["status"] == wet[1]["status"] == "success"
    assert full[1]["unprocessed"][0]["code"] == 528
    assert backend.event_types.known == {"b"}


async def test_uploads_at_once_share_the_room_for_event_types(backend: Backend) -> None:
    one = api(backend, rules=Rules(event_types=5))
    bodies = [upload(*({**GOOD, "evtName": f"E{k} {n}"} for n in range(2))) for k in range(20)]

    answers = await asyncio.gather(*(ask(one, body) for body in bodies))

    assert sum(told["processed"] for _, told, _ in answers) == 5
    refused = [record for _, told, _ in answers for record in told["unprocessed"]]
    assert [record["code"] for record in refused] == [528] * 35
    assert len(await stored(backend)) == len(backend.event_types.known) == 5


class Gate:
    """A store that takes its time, as one does whose disk is busy."""

    def __init__(self) -> None:
        self.is_open = asyncio.Event()
        self.arrived = asyncio.Semaphore(0)

    async def append(self, entries: Sequence[Entry]) -> None:
        self.arrived.release()
        await self.is_open.wait()


async def test_one_upload_too_many_is_put_off(backend: Backend) -> None:
    gate = Gate()
    one = api(backend, gate, concurrency=2)

    async with asyncio.timeout(HANG_S), asyncio.TaskGroup() as group:
        taken = [group.create_task(ask(one, upload(GOOD))) for _ in range(2)]
        await gate.arrived.acquire()
        await gate.arrived.acquire()
        refused = await ask(one, upload(GOOD))
        gate.is_open.set()

    assert [task.result()[0] for task in taken] == [200, 200]
    assert refused[0] == refused[1]["code"] == 429
    assert refused[2]["retry-after"] == "1"
    assert (await ask(one, upload(GOOD)))[0] == 200


async def test_bodies_of_more_than_there_is_room_for_are_put_off(backend: Backend) -> None:
    gate = Gate()
    one = api(backend, gate, bodies_limit=2 * len(upload(GOOD)) - 1)

    async with asyncio.timeout(HANG_S), asyncio.TaskGroup() as group:
        taken = group.create_task(ask(one, upload(GOOD)))
        await gate.arrived.acquire()
        refused = await ask(one, upload(GOOD))
        gate.is_open.set()

    assert taken.result()[0] == 200
    assert refused[0] == 429


@pytest.mark.parametrize("chunk", [0, 1000])
async def test_fifteen_packed_uploads_at_once_are_taken(backend: Backend, chunk: int) -> None:
    gate = Gate()
    one = api(backend, gate)
    packed = gzip.compress(upload(*({**GOOD, "evtData": {"a": "x" * 500}} for _ in range(900))))

    async with asyncio.timeout(HANG_S), asyncio.TaskGroup() as group:
        taken = [
            group.create_task(ask(one, packed, headers={**KEYS, "content-encoding": "gzip"}, chunk=chunk))
            for _ in range(15)
        ]
        for _ in taken:
            await gate.arrived.acquire()
        gate.is_open.set()

    assert [task.result()[0] for task in taken] == [200] * 15


@pytest.mark.parametrize(
    ("body", "headers", "chunk"),
    [
        (gzip.compress(upload(GOOD) + b" " * 3000), {**KEYS, "content-encoding": "gzip"}, 0),
        (upload(GOOD) + b" " * 3000, KEYS, 500),
    ],
    ids=["unpacked", "of no said length"],
)
async def test_what_a_body_becomes_has_to_fit_too(
    backend: Backend, body: bytes, headers: dict[str, str], chunk: int
) -> None:
    one = api(backend, bodies_limit=3000)

    refused = await ask(one, body, headers=headers, chunk=chunk)

    assert refused[0] == 429
    assert (await ask(one, upload(GOOD)))[0] == 200  # and all of it was given back


async def test_a_store_that_fails_is_a_clear_answer_and_no_lie(tmp_path: Path) -> None:
    backend = await open_backend(tmp_path / "data")
    await backend.close()

    status, told, headers = await ask(api(backend), upload(GOOD))

    assert (status, told["code"], headers["retry-after"]) == (503, 503, "1")


async def test_a_refused_record_leaves_a_trace_without_what_was_in_it(
    backend: Backend, capsys: pytest.CaptureFixture[str]
) -> None:
    one = api(backend, refusals=backend.refusals)
    wrong = {"identity": "u3", "type": "profile", "profileData": {"Phone": "call me"}}

    await ask(one, upload(GOOD, BAD, wrong))
    await ask(one, upload(BAD), query="dryRun=1")
    await ask(one, upload(GOOD))

    phone, unnamed = await backend.reports.refused_records(10)
    assert (phone.subject, phone.kind, phone.code) == (Subject("identity", "u3"), "profile", 516)
    assert phone.error == "Profile data is incorrect. Phone number is not valid."
    assert (unnamed.subject, unnamed.kind, unnamed.at) == (Subject("identity", "u2"), "event", NOW)
    said = "".join(capsys.readouterr())
    assert "event.refused" in said
    assert "509 516" in said
    for private in ("u3", "call me"):
        assert private not in said


async def test_a_refused_upload_is_a_line_of_the_log(
    backend: Backend, capsys: pytest.CaptureFixture[str]
) -> None:
    await ask(api(backend), b"no json")
    await ask(api(backend), upload(GOOD), headers={})

    said = "".join(capsys.readouterr())
    assert "valid JSON" in said
    assert "401" in said


async def test_a_trace_that_cannot_be_kept_changes_no_answer(backend: Backend) -> None:
    class Full:
        async def note_callback(self, callback: Any) -> None:
            raise StoreFull("no room")

        async def note_records(self, records: Any) -> None:
            raise StoreFull("no room")

    assert (await ask(api(backend, refusals=Full()), upload(GOOD, BAD)))[0] == 200
