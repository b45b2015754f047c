"""Reading one HTTP/1.1 answer after another from the bytes of a connection, within limits; no I/O.

Not for deciding when to stop waiting (`http_connection`). The parser is llhttp, through httptools.
"""

import zlib
from typing import Final

import httptools

from tellwire.kernel.http.message import Headers, HttpAnswer, Unknown

HEAD_LIMIT: Final = 64 * 1024  # bytes of an answer that are not its body; large proxies allow 8 to 64 KiB
HEAD_LINES_LIMIT: Final = 100
_PAID_BY_BODY: Final = 8  # a body byte in a chunk of its own comes with five others: more is not framing
_FRAMES: Final = frozenset({b"content-length", b"transfer-encoding"})
_PACKED: Final = frozenset({b"gzip", b"deflate"})


class AnswerReader:
    """Reads an answer for each `expect`, its body up to one chunk more than `limit` bytes.

    `has_head` says that its status is known, `is_whole` that nothing more is needed, and then `may_keep` that
    another answer may come on the same connection.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parser = httptools.HttpResponseParser(self)
        # Sloppy servers are understood, as by curl and browsers: the status they tell counts more than their form.
        self._parser.set_dangerous_leniencies(
            lenient_headers=True, lenient_optional_cr_before_lf=True, lenient_spaces_after_chunk_size=True
        )
        self._is_head = False
        self._status = 0
        self._lines = 0
        self._headers: dict[bytes, bytes] = {}
        self._body: list[bytes] = []
        self._size = 0
        self._allowance = 0
        self.has_head = False
        self.is_whole = False
        self.may_keep = False

    def expect(self, *, is_head: bool) -> None:
        """Begin with the answer to the next request, which is or is not a HEAD."""
        self._is_head = is_head
        self._lines = 0
        self._headers = {}
        self._body = []
        self._size = 0
        self._allowance = HEAD_LIMIT  # how many more bytes may come that are not body
        self.has_head = self.is_whole = self.may_keep = False

    def feed(self, data: bytes) -> None:
        """Read on; raises `Unknown` for what is not HTTP or has too long a head."""
        self._allowance -= len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.may_keep = False
            if not self.is_whole:  # else the answer is good, and what follows it is not ours
                raise _not_http() from None
        if self._allowance < 0 or self._lines > HEAD_LINES_LIMIT:
            raise _not_http()

    def end(self) -> None:
        """Take the end of the connection for the end of the body, if nothing else says where that is (HTTP/1.0)."""
        if self.has_head and not _FRAMES & self._headers.keys():
            self.is_whole, self.may_keep = True, False

    def answer(self) -> HttpAnswer:
        """Return the whole answer; raises `Unknown` if its compression is broken."""
        body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        truncated = len(body) > self._limit
        if truncated:
            body = body[: self._limit]
        if body and self._headers.get(b"content-encoding", b"").lower() in _PACKED:
            body, truncated = _inflated(body, self._limit, truncated=truncated)
        self._body = []
        return HttpAnswer(status=self._status, headers=Headers(self._headers), body=body, truncated=truncated)

    # What the parser calls

    def on_message_begin(self) -> None:
        """Begin an answer; a second one to the same request spoils the connection."""
        if self.is_whole:
            self.may_keep = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; trailers are counted and passed over."""
        self._lines += 1
        if not self.has_head and self._lines <= HEAD_LINES_LIMIT:
            self._headers.setdefault(name.lower(), value)

    def on_headers_complete(self) -> None:
        """Decide what follows the head: another head after an interim answer, a body, or nothing."""
        if self.is_whole:
            return
        status = self._status = self._parser.get_status_code()
        if status < 200 and status != 101:
            return
        self.has_head = True
        self.may_keep = self._parser.should_keep_alive()
        if self._is_head:  # the parser cannot know, and waits for a body
            self.is_whole, self.may_keep = True, False

    def on_body(self, data: bytes) -> None:
        """Keep the body up to its limit; then the answer is whole, and cut."""
        self._allowance += _PAID_BY_BODY * len(data)
        if self.is_whole:
            return
        self._body.append(data)
        self._size += len(data)
        if self._size > self._limit:
            self.is_whole, self.may_keep = True, False

    def on_message_complete(self) -> None:
        """End the answer, or an interim one (1xx), after which the real one comes."""
        if self.has_head:
            self.is_whole = True
        else:
            self._headers = {}


def _not_http() -> Unknown:
    return Unknown("the answer is not HTTP, or its head is too long")


def _inflated(body: bytes, limit: int, *, truncated: bool) -> tuple[bytes, bool]:
    """Decompress what a server compressed without being asked, to `limit` bytes and no further."""
    inflater = zlib.decompressobj(wbits=47)  # gzip or zlib, by its header
    try:
        plain = inflater.decompress(body, limit)
    except zlib.error:
        raise Unknown("the answer's compression is broken") from None
    return plain, truncated or bool(inflater.unconsumed_tail)
