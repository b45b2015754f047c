"""Making a connection: resolve the name, check every address, connect, and agree on TLS.

Not for keeping connections. Whatever fails here is `NotSent`: no byte of a request has left.
"""

import asyncio
import ipaddress
import os
import socket
import ssl
from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

from tellwire.kernel.http.connection import Connection
from tellwire.kernel.http.message import NotSent
from tellwire.kernel.http.request import Origin

RESOLVED_S: Final = 30  # how long an address is believed; every connect checks it again
NAMES_LIMIT: Final = 1024  # names remembered at a time


class Connector:
    """Connects to origins; remembers addresses for `RESOLVED_S`, and asks for a name once at a time."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        *,
        allow_private: bool,
        own: frozenset[tuple[str, int]] = frozenset(),
    ) -> None:
        self._loop = loop
        self._allow_private = allow_private
        self._own = own
        self._tls: ssl.SSLContext | None = None
        self._names: OrderedDict[Origin, tuple[float, asyncio.Task[list[str]]]] = OrderedDict()

    async def connect(self, origin: Origin, connection: Connection, until: float) -> None:
        """Connect `connection` to `origin`, one address after another; raises `NotSent`, `TimeoutError` at `until`.

        Every address but the last gets its share of the time, so that a dead one leaves some to the next.
        """
        addresses = await self._resolved(origin)
        failure: OSError = OSError()
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            share_s = (until - self._loop.time()) / left
            try:
                async with asyncio.timeout(share_s):
                    return await self._try(origin, connection, address)
            except TimeoutError as error:
                if left == 1:
                    raise
                failure = error
            except OSError as error:
                failure = error
        raise _not_sent(failure) from None  # the cause would carry the address

    def close(self) -> None:
        """Ask for no more names."""
        for _, task in self._names.values():
            task.cancel()
        self._names.clear()

    async def _try(self, origin: Origin, connection: Connection, address: str) -> None:
        # An address and not a socket of ours: who owns a socket is muddled when uvloop is cancelled just then, and
        # an address is not resolved again.
        if not (self._allow_private or is_public(address) or (address, origin.port) in self._own):
            raise _NotAllowedError
        await self._loop.create_connection(
            lambda: connection,
            host=address,
            port=origin.port,
            ssl=self._context() if origin.tls else None,
            server_hostname=origin.host.rstrip(".") if origin.tls else None,
        )

    def _context(self) -> ssl.SSLContext:
        """Return the trust of this machine (or of `SSL_CERT_FILE`), read when it is first needed."""
        if self._tls is None:
            self._tls = ssl.create_default_context()
            self._tls.set_alpn_protocols(["http/1.1"])
        return self._tls

    async def _resolved(self, origin: Origin) -> list[str]:
        known = self._names.get(origin)
        if known is None or known[0] < self._loop.time() or _has_failed(known[1]):
            known = (self._loop.time() + RESOLVED_S, self._loop.create_task(self._ask(origin)))
            self._names[origin] = known
            self._names.move_to_end(origin)
            while len(self._names) > NAMES_LIMIT:
                self._names.popitem(last=False)
        try:
            # Shielded: who gives up waiting does not take the answer from the others.
            return await asyncio.shield(known[1])
        except (OSError, UnicodeError):
            raise NotSent("the host name cannot be resolved") from None

    async def _ask(self, origin: Origin) -> list[str]:
        addresses = await self._loop.getaddrinfo(
            origin.host, origin.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
        )
        if not addresses:
            raise OSError("a name without addresses")
        return [_address(place) for _, _, _, _, place in addresses]


def is_public(address: str) -> bool:
    """Say whether an IP address is of the open Internet: not private, local, shared, reserved or multicast.

    An IPv6 address that carries an IPv4 one (mapped, 6to4, Teredo) is as public as what it carries.
    """
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is not None:
            return is_public(str(inner))
        if ip.teredo is not None or ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class _NotAllowedError(OSError):
    """An address that is not of the open Internet; an `OSError` so that the next address is tried."""


def _address(place: Sequence[object]) -> str:
    """Return an address as text, with its scope where it has one: a link-local one is not complete without."""
    scope = place[3] if len(place) > 3 else 0
    return str(place[0]) + (f"%{scope!s}" if scope else "")


def _has_failed(task: asyncio.Task[list[str]]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)


def _not_sent(error: OSError) -> NotSent:
    match error:
        case _NotAllowedError():
            return NotSent("address not allowed")
        case ssl.SSLCertVerificationError():
            return _distrusted(error.verify_code)
        case ssl.SSLError(reason="WRONG_VERSION_NUMBER"):
            return NotSent("no TLS connection could be made: the server does not speak TLS on that port")
        case ssl.SSLError():
            return NotSent("no TLS connection could be made")
        case _:
            return NotSent(f"cannot connect: {os.strerror(error.errno)}" if error.errno else "cannot connect")


# OpenSSL's X509_V_ERR_*. Renewing a certificate mends these within the hour;
_BY_TIME: Final = {
    9: "the server's TLS certificate is not trusted: it is not valid yet, or the clock here is wrong",
    10: "the server's TLS certificate is not trusted: it has expired",
}
# and these are a wrong address, or a trust that this machine was not given: they stay until somebody changes that.
_BY_NAME: Final = dict.fromkeys(
    (62, 64), "the server's TLS certificate is not trusted: it is for another host"
)
_UNKNOWN_AUTHORITY: Final = (
    "the server's TLS certificate is not trusted: no authority that this machine knows has signed it"
)


def _distrusted(code: int) -> NotSent:
    if code in _BY_TIME:
        return NotSent(_BY_TIME[code])
    return NotSent(_BY_NAME.get(code, _UNKNOWN_AUTHORITY), is_final=True)
