"""A load generator that costs little: prebuilt bytes over keep-alive connections, one request each at a time."""

import asyncio
import re
import time
from collections.abc import Callable

_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)


def post(path: str, headers: dict[str, str], body: bytes) -> bytes:
    """Return the bytes of one request."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return (
        f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Length: {len(body)}\r\n{lines}\r\n".encode() + body
    )


class Connection(asyncio.Protocol):
    """Sends what `next_request` gives, again after each answer, until it gives None."""

    def __init__(
        self, next_request: Callable[[], bytes | None], refused: list[bytes], well: bytes = b"HTTP/1.1 2"
    ) -> None:
        self._next = next_request
        self._well = well
        self._refused = refused
        self._buffer = b""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            found = _LENGTH.search(self._buffer, 0, end)
            whole = end + 4 + (int(found[1]) if found else 0)
            if len(self._buffer) < whole:
                return
            if not self._buffer.startswith(self._well):
                self._refused.append(self._buffer[:whole])
            self._buffer = self._buffer[whole:]
            self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server closed the connection"))

    def _send(self) -> None:
        request = self._next()
        if request is None:
            if not self.done.done():
                self.done.set_result(None)
            self._transport.close()
        else:
            self._transport.write(request)


async def flood(port: int, requests: list[bytes], connections: int, well: bytes = b"HTTP/1.1 2") -> float:
    """Send every request as fast as answers come, and return the seconds it took. Raises if one is refused.

    An answer that begins with `well` is no refusal.
    """
    waiting = iter(requests)
    refused: list[bytes] = []
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    opened = [
        (
            await loop.create_connection(
                lambda: Connection(lambda: next(waiting, None), refused, well), "127.0.0.1", port
            )
        )[1]
        for _ in range(min(connections, len(requests)))
    ]
    await asyncio.gather(*(one.done for one in opened))
    took = time.perf_counter() - started
    if refused:
        raise RuntimeError(f"{len(refused)} refused, the first: {refused[0][:500]!r}")
    return took


async def steady(
    port: int, make: Callable[[], bytes], per_s: float, seconds: float, connections: int = 8
) -> None:
    """Send `per_s` requests a second for a time, evenly, whether or not answers are quick (no coordinated omission)."""
    loop = asyncio.get_running_loop()
    queue: list[Idle] = []
    refused: list[bytes] = []
    for _ in range(connections):
        _, one = await loop.create_connection(lambda: Idle(queue, refused), "127.0.0.1", port)
        queue.append(one)
    begun = loop.time()
    for n in range(int(per_s * seconds)):
        await asyncio.sleep(max(0.0, begun + n / per_s - loop.time()))
        if not queue:
            _, one = await loop.create_connection(lambda: Idle(queue, refused), "127.0.0.1", port)
        else:
            one = queue.pop()
        one.send(make())
    if refused:
        raise RuntimeError(f"{len(refused)} refused, the first: {refused[0][:500]!r}")


class Idle(asyncio.Protocol):
    """A connection that puts itself back into `queue` when its answer has come."""

    def __init__(self, queue: "list[Idle]", refused: list[bytes]) -> None:
        self._queue = queue
        self._refused = refused
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def send(self, request: bytes) -> None:
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        found = _LENGTH.search(self._buffer, 0, end)
        if len(self._buffer) >= end + 4 + (int(found[1]) if found else 0):
            if not self._buffer.startswith(b"HTTP/1.1 2"):
                self._refused.append(self._buffer)
            self._buffer = b""
            self._queue.append(self)
