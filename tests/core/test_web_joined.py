"""Laws of answers' writes: a whole answer is one, a stream's head does not wait, and nothing else is ever held."""

import asyncio
from typing import Any, cast

import pytest

from tellwire.kernel.web.asgi import Receive, Scope, Send, answer
from tellwire.kernel.web.joined import JoinedWrites
from tellwire.kernel.web.server import HttpServer

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"
EMPTY = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
STREAM = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
LOOKALIKE = b"5\r\nHTTP/1.1 200\r\ncontent-length: 5\r\n\r\n"


class Recorder:
    """A transport that keeps what is written to it."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []

    def write(self, data: bytes) -> None:
        self.writes.append(data)

    def close(self) -> None:
        self.writes.append(b"closed")

    def is_closing(self) -> bool:
        return False


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ([HEAD, b"hello"], [HEAD + b"hello"]),
        ([HEAD, b"hel", b"lo"], [HEAD + b"hel", b"lo"]),
        ([EMPTY, b""], [EMPTY]),
        ([CONTINUE, HEAD, b"hello"], [CONTINUE, HEAD + b"hello"]),
        ([STREAM, b"1\r\na\r\n"], [STREAM, b"1\r\na\r\n"]),
        ([STREAM, LOOKALIKE], [STREAM, LOOKALIKE]),
        ([HEAD, b"hel", LOOKALIKE], [HEAD + b"hel", LOOKALIKE]),
    ],
)
def test_a_head_with_a_length_waits_for_its_body_and_nothing_else_waits(
    written: list[bytes], expected: list[bytes]
) -> None:
    recorder = Recorder()
    joined = JoinedWrites(cast("asyncio.Transport", recorder))

    for data in written:
        joined.write(data)

    assert recorder.writes == expected


def test_an_answer_that_is_broken_off_is_closed_without_its_head() -> None:
    recorder = Recorder()
    joined = JoinedWrites(cast("asyncio.Transport", recorder))

    joined.write(HEAD)
    joined.close()

    assert recorder.writes == [b"closed"]


async def test_an_answer_to_head_is_its_head() -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await answer(send, 200, b"hello")

    head, _, body = (await asked(app, b"HEAD")).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"content-length: 5" in head
    assert body == b""


async def test_a_streams_head_comes_before_its_first_words() -> None:
    is_read = asyncio.Event()

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await is_read.wait()
        await send({"type": "http.response.body", "body": b"words"})

    server = HttpServer(app, "127.0.0.1", 0)
    await server.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    async with asyncio.timeout(10):
        head = await reader.readuntil(b"\r\n\r\n")
        is_read.set()
        rest = await reader.read()
    writer.close()
    await server.stop()

    assert b"transfer-encoding: chunked" in head
    assert rest == b"5\r\nwords\r\n0\r\n\r\n"


async def asked(app: Any, method: bytes) -> bytes:
    server = HttpServer(app, "127.0.0.1", 0)
    await server.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(method + b" / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    async with asyncio.timeout(10):
        got = await reader.read()
    writer.close()
    await server.stop()
    return got
