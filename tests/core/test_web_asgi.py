"""Laws of `kernel/web`: bounded bodies, one way to a route, files from memory, streams that nobody can clog."""

import asyncio
import base64
import gzip
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.waiting import HANG_S

from tellwire.kernel.web import server as server_module
from tellwire.kernel.web.asgi import (
    GONE,
    LATE,
    App,
    Message,
    Receive,
    Scope,
    Send,
    Unread,
    answer,
    basic,
    bearer,
    json_answer,
    query,
    read_body,
    refuse,
)
from tellwire.kernel.web.changes import Changes
from tellwire.kernel.web.dispatch import Dispatch, route
from tellwire.kernel.web.live import Feed
from tellwire.kernel.web.pages import Guarded
from tellwire.kernel.web.server import AppFailedError, CannotListenError, HttpServer
from tellwire.kernel.web.statics import Statics, load_files

LIMIT_S = (
    0.5  # for heads and bodies: far more than a busy machine takes between a connection and its first bytes
)


def scope_of(method: str = "GET", path: str = "/", **headers: str) -> dict[str, Any]:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": method, "path": path, "query_string": b"", "headers": pairs}


def chunks(*parts: bytes, ends: bool = True) -> Receive:
    messages: list[Message] = [
        {"type": "http.request", "body": part, "more_body": not (ends and n == len(parts) - 1)}
        for n, part in enumerate(parts)
    ]
    messages.append({"type": "http.disconnect"})
    waiting = iter(messages)

    async def receive() -> Message:
        return next(waiting)

    return receive


class Answer:
    """What an app sent."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def send(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.messages[0]["headers"])

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages[1:])


async def ask(app: App, scope: dict[str, Any], receive: Receive | None = None) -> Answer:
    got = Answer()
    await app(scope, receive or chunks(b""), got.send)
    return got


# Reading


@pytest.mark.parametrize("parts", [(b"hello",), (b"he", b"llo"), (b"", b"hello"), (b"hello", b"")])
async def test_a_body_is_read_however_it_is_cut(parts: Sequence[bytes]) -> None:
    assert await read_body(scope_of(), chunks(*parts), 5) == b"hello"


@pytest.mark.parametrize("parts", [(b"hello!",), (b"hello", b"!"), (b"", b"h", b"ello", b"!")])
async def test_a_body_over_the_limit_is_413(parts: Sequence[bytes]) -> None:
    unread = await read_body(scope_of(), chunks(*parts), 5)

    assert isinstance(unread, Unread)
    assert unread.status == 413


async def test_a_body_that_says_it_is_too_long_is_not_read() -> None:
    async def unreadable() -> Message:
        raise AssertionError

    unread = await read_body(scope_of(content_length="6"), unreadable, 5)

    assert isinstance(unread, Unread)
    assert unread.status == 413


async def test_a_body_of_which_the_server_says_that_it_is_late_is_408() -> None:
    unread = await read_body({**scope_of(), LATE: True}, chunks(b"he", ends=False), 5)

    assert isinstance(unread, Unread)
    assert unread.status == 408


async def test_a_client_that_leaves_mid_body_is_gone() -> None:
    assert await read_body(scope_of(), chunks(b"he", ends=False), 5) is GONE


@pytest.mark.parametrize(
    ("value", "token"),
    [
        ("Bearer abc", "abc"),
        ("bearer  abc ", "abc"),
        ("Bearer", None),
        ("Bearer ", None),
        ("Basic abc", None),
        ("Bearer \u00e9", None),
    ],
)
def test_a_bearer_token_is_found(value: str, token: str | None) -> None:
    assert bearer(scope_of(authorization=value)) == token


def test_user_and_password_are_found() -> None:
    packed = base64.b64encode("me:pa:ss\u00e9".encode()).decode()

    assert basic(scope_of(authorization=f"Basic {packed}")) == ("me", "pa:ss\u00e9")
    assert basic(scope_of(authorization="Basic !!!")) is None
    assert basic(scope_of(authorization="Basic bWU=")) is None
    assert basic(scope_of()) is None


@given(value=st.binary(max_size=40))
def test_no_authorization_header_is_a_crash(value: bytes) -> None:
    scope = {**scope_of(), "headers": [(b"authorization", value)]}

    assert isinstance(bearer(scope), str | None)
    assert isinstance(basic(scope), tuple | None)


@given(text=st.binary(max_size=60))
def test_no_query_is_a_crash(text: bytes) -> None:
    assert isinstance(query({"query_string": text}), dict)


def test_a_query_gives_the_first_of_each_name() -> None:
    assert query({"query_string": b"a=1&b=%2B65+9&a=2&c="}) == {"a": "1", "b": "+65 9", "c": ""}
    assert query({"query_string": b"&".join(b"a%d=1" % n for n in range(1000))}) == {}


# Dispatch


def telling(name: str) -> App:
    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        params = scope.get("path_params", {})
        await answer(send, 200, f"{name} {params}".strip().encode())

    return app


DISPATCH = Dispatch(
    [
        route("POST", "/1/upload", telling("upload")),
        route("GET", "/1/upload", telling("look")),
        route("POST", "/hooks/{provider}/in", telling("hook")),
        route("POST", "/hooks/{provider}/{what}", telling("other hook")),
        route("GET", "/static/*", telling("static")),
        route("GET", "/static/deep/*", telling("deep")),
    ],
    telling("fallback"),
)


@pytest.mark.parametrize(
    ("method", "path", "status", "body"),
    [
        ("POST", "/1/upload", 200, "upload {}"),
        ("GET", "/1/upload", 200, "look {}"),
        ("HEAD", "/1/upload", 200, "look {}"),
        ("POST", "/1/upload/", 200, "fallback {}"),
        ("POST", "/hooks/8x8/in", 200, "hook {'provider': '8x8'}"),
        ("POST", "/hooks/8x8/out", 200, "other hook {'provider': '8x8', 'what': 'out'}"),
        ("POST", "/hooks//in", 200, "fallback {}"),
        ("POST", "/hooks/a/b/in", 200, "fallback {}"),
        ("GET", "/static/a/b.js", 200, "static {'rest': 'a/b.js'}"),
        ("GET", "/static/deep/b.js", 200, "deep {'rest': 'b.js'}"),
        ("GET", "/static", 200, "fallback {}"),
        ("DELETE", "/1/upload", 405, "This address does not take that method.\n"),
        ("OPTIONS", "/1/upload", 204, ""),
    ],
)
async def test_a_request_finds_its_route(method: str, path: str, status: int, body: str) -> None:
    got = await ask(DISPATCH, scope_of(method, path))

    assert (got.status, got.body.decode()) == (status, body)


async def test_a_wrong_method_is_told_the_right_ones() -> None:
    got = await ask(DISPATCH, scope_of("DELETE", "/1/upload"))

    assert got.headers[b"allow"] == b"GET, HEAD, OPTIONS, POST"


async def test_without_a_fallback_the_rest_is_404() -> None:
    assert (await ask(Dispatch([]), scope_of())).status == 404


def test_two_routes_for_one_method_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="/a"):
        Dispatch([route("GET", "/a", telling("x")), route("GET POST", "/a", telling("y"))])


async def test_lifespan_goes_to_the_fallback() -> None:
    seen: list[str] = []

    async def fallback(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    await Dispatch([], fallback)({"type": "lifespan"}, chunks(), Answer().send)

    assert seen == ["lifespan"]


# Files and pages


def site_name(folder: Path) -> str:
    return "site_" + sha256(str(folder).encode()).hexdigest()  # an imported package keeps its first place


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dispatch:
    name = site_name(tmp_path)
    package = tmp_path / name
    (package / "static" / "sub").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "static" / "index.html").write_text("<p>home")
    (package / "static" / "sub" / "index.html").write_text("<p>sub")
    (package / "static" / "big.js").write_text("x = 1;\n" * 1000)
    (package / "static" / ".hidden").write_text("no")
    (tmp_path / "secret.txt").write_text("secret")
    monkeypatch.syspath_prepend(tmp_path)
    return Dispatch([route("GET", "/s/*", Statics(load_files(name, "static")))])


@pytest.mark.parametrize(
    ("path", "body"), [("/s/", b"<p>home"), ("/s/index.html", b"<p>home"), ("/s/sub/", b"<p>sub")]
)
async def test_a_folder_answers_with_its_index(site: Dispatch, path: str, body: bytes) -> None:
    got = await ask(site, scope_of(path=path))

    assert (got.status, got.body) == (200, body)
    assert got.headers[b"content-type"] == b"text/html; charset=utf-8"
    assert got.headers[b"cache-control"] == b"no-cache"


@pytest.mark.parametrize(
    "path", ["/s/../secret.txt", "/s/..%2fsecret.txt", "/s//etc/passwd", "/s/.hidden", "/s/nothing", "/s/sub"]
)
async def test_there_is_no_way_out_of_the_folder(site: Dispatch, path: str) -> None:
    assert (await ask(site, scope_of(path=path))).status == 404


async def test_an_unchanged_file_is_304(site: Dispatch) -> None:
    first = await ask(site, scope_of(path="/s/big.js"))
    again = await ask(site, scope_of(path="/s/big.js", if_none_match=first.headers[b"etag"].decode()))

    assert (again.status, again.body) == (304, b"")
    assert b"content-length" not in again.headers


async def test_a_file_is_packed_for_who_can_unpack(site: Dispatch) -> None:
    plain = await ask(site, scope_of(path="/s/big.js"))
    packed = await ask(site, scope_of(path="/s/big.js", accept_encoding="br, gzip"))

    assert packed.headers[b"content-encoding"] == b"gzip"
    assert len(packed.body) < len(plain.body) / 10
    assert gzip.decompress(packed.body) == plain.body


def test_a_file_of_an_unknown_kind_is_a_mistake(site: Dispatch, tmp_path: Path) -> None:
    name = site_name(tmp_path)
    (tmp_path / name / "static" / "left.over.exe").write_text("")

    with pytest.raises(ValueError, match=r"left\.over\.exe"):
        load_files(name, "static")


def test_the_vendored_modules_load_each_other_only() -> None:
    vendored = {
        name: file for name, file in load_files("tellwire.kernel.web", "static").items() if "vendor/" in name
    }

    assert {"vendor/preact.js", "vendor/hooks.js", "vendor/signals.js", "vendor/htm-preact.js"} <= set(
        vendored
    )
    for name, file in vendored.items():
        if name.endswith(".js"):
            assert b'from"preact' not in file.body, name
            assert b"sourceMappingURL" not in file.body, name


async def test_pages_carry_their_guards_once() -> None:
    async def page(_scope: Scope, _receive: Receive, send: Send) -> None:
        await answer(send, 200, b"x", headers=[(b"X-Frame-Options", b"SAMEORIGIN")])

    got = await ask(Guarded(page), scope_of())

    assert b"default-src 'self'" in got.headers[b"content-security-policy"]
    assert b"unsafe" not in got.headers[b"content-security-policy"]
    assert got.headers[b"x-content-type-options"] == b"nosniff"
    assert b"x-frame-options" not in got.headers


# Streams


class Listener:
    """A browser that listens to a feed; it reads only when told to, if `is_slow`."""

    def __init__(self, feed: Feed, *, is_slow: bool = False) -> None:
        self.got = b""
        self.changed = asyncio.Event()
        self.may_read = asyncio.Event()
        self.left = asyncio.Event()
        if not is_slow:
            self.may_read.set()
        self.task = asyncio.create_task(feed(scope_of(), self._receive, self._send))

    async def _receive(self) -> Message:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        self.got += message.get("body", b"")
        self.changed.set()
        if b"event" in message.get("body", b""):
            await self.may_read.wait()

    async def wait_for(self, text: bytes) -> None:
        async with asyncio.timeout(HANG_S):
            while text not in self.got:
                self.changed.clear()
                await self.changed.wait()


async def test_what_is_published_reaches_everyone_who_listens() -> None:
    feed = Feed()
    one, two = Listener(feed), Listener(feed)
    await one.wait_for(b"retry")
    await two.wait_for(b"retry")

    feed.publish("changes", b'{"n":1}')
    feed.publish("changes", b'{"n":2}')

    for listener in (one, two):
        await listener.wait_for(b'event: changes\ndata: {"n":1}\n\nevent: changes\ndata: {"n":2}\n\n')
    feed.close()
    await asyncio.gather(one.task, two.task)


async def test_a_slow_browser_loses_the_oldest_and_is_told() -> None:
    feed = Feed(queue=3)
    slow, quick = Listener(feed, is_slow=True), Listener(feed)
    await slow.wait_for(b"retry")
    feed.publish("first", b"0")
    await slow.wait_for(b"first")

    for n in range(1, 11):
        feed.publish("n", b"%d" % n)
        await quick.wait_for(b"data: %d\n" % n)
    slow.may_read.set()

    await slow.wait_for(b'event: lagged\ndata: {"lost":7}\n\nevent: n\ndata: 8\n\n')
    assert b"lagged" not in quick.got
    feed.close()
    await asyncio.gather(slow.task, quick.task)


async def test_a_silent_feed_says_that_it_is_there() -> None:
    feed = Feed(heartbeat_s=0.01)
    listener = Listener(feed)

    await listener.wait_for(b": still here\n\n: still here\n\n")

    feed.close()
    await listener.task


async def test_a_browser_that_leaves_is_forgotten() -> None:
    feed = Feed()
    listener = Listener(feed)
    await listener.wait_for(b"retry")
    assert feed.clients == 1

    listener.left.set()
    await asyncio.wait_for(listener.task, HANG_S)

    assert feed.clients == 0


async def test_a_feed_has_room_for_so_many() -> None:
    feed = Feed(clients=1)
    listener = Listener(feed)
    await listener.wait_for(b"retry")

    assert (await ask(feed, scope_of())).status == 503
    feed.close()
    await listener.task
    assert (await ask(feed, scope_of())).status == 503


async def test_a_stream_ends_when_its_request_is_allowed_no_more() -> None:
    allowed = True
    feed = Feed(heartbeat_s=0.01, may_stay=lambda _scope: allowed)
    listener = Listener(feed)
    await listener.wait_for(b"still here")

    allowed = False
    await asyncio.wait_for(listener.task, HANG_S)

    assert feed.clients == 0


# Topics


async def test_topics_that_change_between_two_looks_are_told_once() -> None:
    changed: list[str] = []

    async def look() -> list[str]:
        return changed

    changes = Changes(look)
    listener = Listener(changes.feed)
    await listener.wait_for(b"retry")
    await changes.step()

    changes.notice("keys")
    changes.notice("keys", "routes")
    changed = ["messages"]
    await changes.step()

    await listener.wait_for(b'event: topics\ndata: ["keys","messages","routes"]\n\n')
    changed = []
    assert await changes.step() == frozenset()
    changes.feed.close()
    await listener.task


async def test_who_begins_to_listen_hears_of_what_changed_while_the_page_was_loaded() -> None:
    now = 100.0
    changed = ["messages"]

    async def look() -> list[str]:
        return changed

    changes = Changes(look, seconds=lambda: now)
    assert await changes.step() == frozenset(), "the first look finds all there ever was"
    changes.notice("keys")
    changed = []
    assert await changes.step() == {"keys"}
    changed = ["messages"]
    now += 2
    assert await changes.step() == {"messages"}

    soon = Listener(changes.feed)
    await soon.wait_for(b'event: topics\ndata: ["keys","messages"]\n\n')
    now += 4
    later = Listener(changes.feed)
    await later.wait_for(b'event: topics\ndata: ["messages"]\n\n')
    now += 4
    much_later = Listener(changes.feed)
    await much_later.wait_for(b"retry")

    assert b"topics" not in much_later.got
    changes.feed.close()
    await asyncio.gather(soon.task, later.task, much_later.task)


# The server


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        return
    body = await read_body(scope, receive, 1_000_000)
    if isinstance(body, Unread):
        await refuse(send, body)
    else:
        await json_answer(send, 200, body, headers=[(b"x-path", scope["path"].encode())])


@asynccontextmanager
async def serving(app: App) -> AsyncIterator[HttpServer]:
    server = HttpServer(app, "127.0.0.1", 0)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def exchange(server: HttpServer, *data: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    for part in data:
        writer.write(part)
        await writer.drain()
    async with asyncio.timeout(10):
        answered = await reader.read()
    writer.close()
    return answered


async def test_a_request_is_answered() -> None:
    async with serving(echo) as server:
        got = await exchange(
            server, b"POST /a%20b HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi"
        )

    head, _, body = got.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"x-path: /a b" in head
    assert b"server:" not in head.lower()
    assert body == b"hi"


async def test_a_taken_port_is_said_clearly() -> None:
    async with serving(echo) as server:
        with pytest.raises(CannotListenError, match=rf"127\.0\.0\.1:{server.port} .*choose another port"):
            await HttpServer(echo, "127.0.0.1", server.port).start()


async def test_a_host_that_is_not_ours_is_said_clearly() -> None:
    with pytest.raises(CannotListenError, match=r"nowhere\.invalid"):
        await HttpServer(echo, "nowhere.invalid", 0).start()


async def test_an_app_that_cannot_start_leaves_no_port_open() -> None:
    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no"})

    server = HttpServer(failing, "127.0.0.1", 0)
    with pytest.raises(AppFailedError):
        await server.start()
    await server.stop()


async def test_a_bug_is_a_500_without_its_words() -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            raise ValueError("secret")

    async with serving(broken) as server:
        got = await exchange(server, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    assert got.startswith(b"HTTP/1.1 500 ")
    assert b"secret" not in got


async def test_a_bug_is_logged_by_its_route_for_a_path_may_hold_a_secret(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise ValueError("a bug")

    async with serving(Dispatch([route("GET", "/hooks/{key}", broken)])) as server:
        await exchange(server, b"GET /hooks/s3cret HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    said = "".join(capsys.readouterr())
    assert "/hooks/{key}" in said
    assert "s3cret" not in said


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: 1\r\n" * 5000 + b"\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
    ],
    ids=["many headers", "TLS"],
)
async def test_a_bad_head_is_400_and_the_end(head: bytes) -> None:
    async with serving(echo) as server:
        assert (await exchange(server, head)).startswith(b"HTTP/1.1 400 ")


async def test_a_head_without_end_is_cut_off() -> None:
    async with serving(echo) as server:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.1\r\nX: ")
        with pytest.raises(ConnectionError):
            await asyncio.wait_for(pour(writer), HANG_S)
        writer.close()


async def pour(writer: asyncio.StreamWriter) -> None:
    while True:
        writer.write(b"x" * 10_000)
        await writer.drain()
        await asyncio.sleep(0)


async def test_a_head_that_never_comes_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "HEAD_S", LIMIT_S)
    monkeypatch.setattr(server_module, "TICK_S", 0.02)
    async with serving(echo) as server:
        assert await exchange(server, b"") == b""
        assert await exchange(server, b"GET / HT") == b""
        assert (await exchange(server, b"GET / HTTP/1.1\r\n\r\nGET /")).startswith(b"HTTP/1.1 200 OK")


async def test_a_body_that_does_not_arrive_is_408_and_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "BODY_S", 0.05)
    monkeypatch.setattr(server_module, "TICK_S", 0.02)
    async with serving(echo) as server:
        got = await exchange(server, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhe")

    assert got.startswith(b"HTTP/1.1 408 ")
    assert b"connection: close" in got


async def test_an_app_that_waits_for_a_late_body_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    async def patient(scope: Scope, receive: Receive, send: Send) -> None:
        while scope["type"] == "http" and (await receive())["type"] != "http.disconnect":
            pass

    monkeypatch.setattr(server_module, "BODY_S", 0.05)
    monkeypatch.setattr(server_module, "LATE_S", 0.05)
    monkeypatch.setattr(server_module, "TICK_S", 0.02)
    async with serving(patient) as server:
        got = await exchange(server, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhe")

    assert got == b""


async def test_a_slow_answer_is_no_late_body(monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await asyncio.sleep(2 * LIMIT_S)
            await echo(scope, receive, send)

    monkeypatch.setattr(server_module, "HEAD_S", LIMIT_S)
    monkeypatch.setattr(server_module, "BODY_S", LIMIT_S)
    monkeypatch.setattr(server_module, "TICK_S", 0.02)
    async with serving(slow) as server:
        asked = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: %s\r\nContent-Length: 2\r\n\r\nhe"
        got = await exchange(server, asked % b"keep-alive" + asked % b"close")

    assert got.count(b"HTTP/1.1 200 OK") == 2


async def test_empty_lines_do_not_keep_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "HEAD_S", LIMIT_S)
    monkeypatch.setattr(server_module, "TICK_S", 0.02)
    async with serving(echo) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"\r\n")
        with suppress(ConnectionError):
            async with asyncio.timeout(HANG_S):
                assert await reader.read() == b""
        writer.close()


async def test_an_idle_connection_outlives_the_time_for_a_head(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "HEAD_S", LIMIT_S)
    monkeypatch.setattr(server_module, "TICK_S", 0.02)
    async with serving(echo) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        for _ in range(2):
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            answered = await reader.readuntil(b"\r\n\r\n")
            assert answered.startswith(b"HTTP/1.1 200 OK")
            await asyncio.sleep(1.5 * LIMIT_S)
        writer.close()


async def test_drain_finishes_what_runs_and_takes_no_more() -> None:
    began, may_end = asyncio.Event(), asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            began.set()
            await may_end.wait()
            await answer(send, 200, b"finished")

    server = HttpServer(slow, "127.0.0.1", 0)
    await server.start()
    asking = asyncio.create_task(exchange(server, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"))
    await asyncio.wait_for(began.wait(), HANG_S)
    draining = asyncio.create_task(server.drain(5))
    await asyncio.sleep(0.02)
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", server.port)
    may_end.set()

    assert (await asking).endswith(b"finished")
    await draining


async def test_drain_ends_what_does_not_finish() -> None:
    began = asyncio.Event()

    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            began.set()
            await asyncio.Event().wait()

    server = HttpServer(endless, "127.0.0.1", 0)
    await server.start()
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    await asyncio.wait_for(began.wait(), HANG_S)

    async with asyncio.timeout(HANG_S):
        await server.drain(0.05)

    writer.close()
