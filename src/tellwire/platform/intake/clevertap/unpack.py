"""A packed request body becomes the plain one, never more of it than is allowed."""

import zlib
from typing import Final

from tellwire.kernel.web.asgi import Unread

_GZIP_WINDOW: Final = 16 + zlib.MAX_WBITS  # RFC 1952's framing


def unpack(body: bytes, encoding: bytes | None, limit: int) -> bytes | Unread:
    """Return the body of a request whose `Content-Encoding` is none, `identity` or `gzip`, or why there is none."""
    kind = (encoding or b"identity").strip().lower()
    if kind == b"identity":
        return body
    if kind not in {b"gzip", b"x-gzip"}:
        return Unread(415, "the body's Content-Encoding has to be gzip or none")
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    try:
        plain = unpacker.decompress(body, limit + 1)
    except zlib.error:
        return Unread(400, "the body is not gzip as it says")
    if len(plain) > limit:
        return Unread(413, f"the unpacked body is longer than {limit} bytes")
    return plain if unpacker.eof else Unread(400, "the gzip body is cut short")
