"""An `HttpRequest` as the bytes on the wire, and the place they go to; pure.

Not for sending. What cannot be written without harm (line breaks in headers, passwords in URLs) is `NotSent`.
"""

import ipaddress
import re
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import SplitResult, quote, urlsplit

from tellwire.kernel.http.message import HttpRequest, NotSent

REQUEST_LIMIT: Final = 1024 * 1024  # the largest contract body, a bulk push, is far below
_OURS: Final = frozenset({"content-length", "transfer-encoding", "connection", "upgrade"})
_FORBIDDEN: Final = re.compile(r"[\r\n\0]")
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
_HOST: Final = re.compile(r"[a-z0-9._-]{1,253}")
_STRAY_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_URL_SAFE: Final = "/%:@!$&'()*+,;=~?"  # what RFC 3986 lets stand in a path or a query
_USUALLY_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})
_DEFAULTS: Final = (("User-Agent", "Tellwire"), ("Accept-Encoding", "identity"))


class Origin(NamedTuple):
    """The place that a connection leads to; requests to one origin share connections."""

    tls: bool
    host: str
    port: int


class _Place(NamedTuple):
    """The parts of a URL: the origin, ` target HTTP/1.1` with its line break, and the `Host` line."""

    origin: Origin
    target: bytes
    host_line: bytes


def written(request: HttpRequest) -> tuple[Origin, bytes]:
    """Return where `request` goes and its bytes, head and body; raises `NotSent` if it cannot be written."""
    method = request.method
    if not method.isalpha() or not method.isascii():
        raise NotSent("the method is not a word")
    body = request.body
    if len(body) > REQUEST_LIMIT:
        raise NotSent(f"the request is longer than {REQUEST_LIMIT} bytes")
    place = _place(request.url)
    lines, names_host = _lines(request.headers)
    host_line = b"" if names_host else place.host_line
    method = method.upper()
    length = b"Content-Length: %d\r\n" % len(body) if body or method in _USUALLY_WITH_BODY else b""
    head = (method.encode(), place.target, host_line, lines, length)
    return place.origin, b"%b%b%b%b%b\r\n%b" % (*head, body)


@lru_cache(maxsize=1024)
def _place(url: str) -> _Place:
    try:
        parts = urlsplit(url)
        port = parts.port
        host = _host(parts.hostname or "")
    except ValueError:
        raise NotSent("the URL cannot be read") from None
    if parts.scheme not in {"http", "https"} or not host:
        raise NotSent("the URL is not an absolute http or https one")
    if parts.username is not None or parts.password is not None:
        raise NotSent("the URL carries a password; put it into a header")
    usual = 443 if parts.scheme == "https" else 80
    origin = Origin(parts.scheme == "https", host, usual if port is None else port)
    target = f" {_target(parts)} HTTP/1.1\r\n"
    return _Place(origin, target.encode(), _host_line(host, None if port == usual else port))


def _host(name: str) -> str:
    """Return a host as a resolver takes it; raises `ValueError` for what is neither a name nor an address."""
    if ":" in name:
        return str(ipaddress.IPv6Address(name))
    ascii_name = name if name.isascii() else name.encode("idna").decode()
    if ascii_name and not _HOST.fullmatch(ascii_name):
        raise ValueError("not a host")
    return ascii_name


def _host_line(host: str, port: int | None) -> bytes:
    shown = f"[{host.partition('%')[0]}]" if ":" in host else host
    return f"Host: {shown}{'' if port is None else f':{port}'}\r\n".encode()


def _target(parts: SplitResult) -> str:
    path = parts.path or "/"
    return _quoted(f"{path}?{parts.query}" if parts.query else path)


def _quoted(text: str) -> str:
    """Percent-encode what may not stand in a URL, and leave alone what is encoded already."""
    return quote(_STRAY_PERCENT.sub("%25", text), safe=_URL_SAFE, errors="replace")


@lru_cache(maxsize=256)
def _lines(pairs: tuple[tuple[str, str], ...]) -> tuple[bytes, bool]:
    """Return the header lines, our own where the caller has none, and whether the caller names the host."""
    for name, value in pairs:
        if _FORBIDDEN.search(name) or _FORBIDDEN.search(value):
            raise NotSent("a header holds a line break")
        if not _TOKEN.fullmatch(name):
            raise NotSent("a header's name is not a word")
        if name.lower() in _OURS:
            raise NotSent(f"the header {name} is not the caller's to set")
    names = {name.lower() for name, _ in pairs}
    own = (pair for pair in _DEFAULTS if pair[0].lower() not in names)
    lines = "".join(f"{name}: {value}\r\n" for name, value in (*own, *pairs))
    return lines.encode("utf-8", "replace"), "host" in names
