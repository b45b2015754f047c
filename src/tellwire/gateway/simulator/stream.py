"""Server-sent events of one handset: after each change the whole phone, so that a browser can miss nothing."""

import asyncio
import contextlib
from typing import Final

import msgspec

from tellwire.gateway.simulator.handsets import Handset, Handsets
from tellwire.gateway.simulator.views import phone
from tellwire.kernel.web.asgi import Message, Receive, Send

HEARTBEAT_S: Final = 15.0  # proxies cut streams that say nothing for a minute
GATHER_S: Final = 0.05  # changes within this go out together


class HandsetStream:
    """One browser watching one phone."""

    def __init__(self, handsets: Handsets, digits: str) -> None:
        self._handsets = handsets
        self._digits = digits
        self._changed = asyncio.Event()
        self._is_closed = False

    def close(self) -> None:
        """End it."""
        self._is_closed = True
        self._changed.set()

    async def run(self, receive: Receive, send: Send) -> None:
        """Write until the browser leaves or `close`."""
        headers = [
            (b"content-type", b"text/event-stream"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        self._handsets.watchers.append(self._notice)
        leaving = asyncio.create_task(self._until_left(receive))
        try:
            await self._write(send)
        finally:
            self._handsets.watchers.remove(self._notice)
            leaving.cancel()

    async def _write(self, send: Send) -> None:
        body = self._state()
        while not self._is_closed:
            self._changed.clear()
            await send({"type": "http.response.body", "body": body, "more_body": True})
            body = await self._next()
        await send({"type": "http.response.body", "body": b""})

    async def _next(self) -> bytes:
        try:
            async with asyncio.timeout(HEARTBEAT_S):
                await self._changed.wait()
        except TimeoutError:
            return b": still here\n\n"
        await asyncio.sleep(GATHER_S)
        return self._state()

    async def _until_left(self, receive: Receive) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            message: Message = {"type": ""}
            while message["type"] != "http.disconnect":
                message = await receive()
            self.close()

    def _notice(self, handset: Handset) -> None:
        if handset.number.digits == self._digits:
            self._changed.set()

    def _state(self) -> bytes:
        shown = phone(self._digits, self._handsets.find(self._digits), self._handsets.reply_to)
        return b"event: phone\ndata: " + msgspec.json.encode(shown) + b"\n\n"
