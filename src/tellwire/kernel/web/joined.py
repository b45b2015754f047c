"""Joins the head of a whole answer with its body, so that both go out in one write. Not for heads without a length.

uvicorn writes them one after the other: two calls of the system and two segments an answer, a third of the kernel's
time for a small one.
"""

import asyncio

_CONTINUE = b"HTTP/1.1 100 "


class JoinedWrites:
    """A buffer that takes one answer in place of its transport.

    A head that names a length waits for the body's first bytes, which an application sends next; a stream's head, which
    names none, goes at once. Not for answers to HEAD, whose head names the length of a body that never comes.
    A head that is held when the answer is broken off never goes.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""
        self._is_past_head = False
        self.close = transport.close
        self.is_closing = transport.is_closing

    def write(self, data: bytes) -> None:
        """Write `data`, or keep it for the next write when it is a head whose body follows."""
        if self._is_past_head or data.startswith(_CONTINUE):
            self._transport.write(data)
        elif not self._head and b"\r\ncontent-length: " in data:
            self._head = data
        else:
            self._transport.write(self._head + data)
            self._is_past_head = True
