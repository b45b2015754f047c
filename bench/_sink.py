"""A provider that answers at once: a raw asyncio HTTP server that counts messages and how old each was.

Its own process: `python bench/_sink.py` prints its port. `GET /stats` answers and clears what it saw. A message's age
comes from its text, when that is a moment of this machine's monotonic clock in seconds.
"""

import asyncio
import re
import sys
import time

import msgspec
import uvloop

_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_TEXT = re.compile(rb'"text":"(\d+\.\d+)"')
_OK = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{"status":"ok"}'


class Seen:
    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self.count = 0
        self.first_s = 0.0
        self.last_s = 0.0
        self.ages_ms: list[float] = []


class Sink(asyncio.Protocol):
    def __init__(self, seen: Seen) -> None:
        self._seen = seen
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            found = _LENGTH.search(head)
            size = int(found[1]) if found else 0
            if len(self._buffer) < end + 4 + size:
                return
            body = self._buffer[end + 4 : end + 4 + size]
            self._buffer = self._buffer[end + 4 + size :]
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytes) -> None:
        if head.startswith(b"GET /stats"):
            told = msgspec.json.encode(
                {
                    "count": self._seen.count,
                    "seconds": self._seen.last_s - self._seen.first_s,
                    "last_s": self._seen.last_s,
                    "ages_ms": self._seen.ages_ms,
                }
            )
            if b"clear" in head:
                self._seen.clear()
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(told), told))
            return
        now = time.monotonic()
        seen = self._seen
        seen.count += 1
        seen.first_s = seen.first_s or now
        seen.last_s = now
        if (text := _TEXT.search(body)) is not None:
            seen.ages_ms.append((now - float(text[1])) * 1000)
        self._transport.write(_OK)


async def main() -> None:
    seen = Seen()
    server = await asyncio.get_running_loop().create_server(lambda: Sink(seen), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)  # the parent closes it to end us
    server.close()


if __name__ == "__main__":
    uvloop.run(main())
