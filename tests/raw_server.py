"""Raw HTTP servers whose every byte a test decides, and a client to ask them with."""

import asyncio
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.waiting import HANG_S, until  # noqa: F401 - what every test of this world begins with

from tellwire.kernel.http.client import HttpAnswer, HttpClient, HttpRequest

Behaviour = Callable[["Peer"], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Peer:
    """The server's end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def request(self) -> bytes:
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")),
            0,
        )
        return head + await self.reader.readexactly(length)

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    def reset(self) -> None:
        linger = struct.pack("ii", 1, 0)
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.writer.close()


class Server:
    """Runs one behaviour for each connection and keeps the requests that it read."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[bytes] = []
        self.connections = 0
        self._read: asyncio.Queue[None] = asyncio.Queue()

    def keep(self, request: bytes) -> None:
        self.requests.append(request)
        self._read.put_nowait(None)

    async def wait_for_requests(self, count: int) -> None:
        async with asyncio.timeout(HANG_S):
            for _ in range(count):
                await self._read.get()

    def post(self, path: str = "/", **keys: object) -> HttpRequest:
        return HttpRequest(method="POST", url=self.url + path, body=b"hello", **keys)  # type: ignore[arg-type]


@asynccontextmanager
async def serving(
    behaviour: Behaviour, tls: ssl.SSLContext | None = None, receive_buffer: int = 0
) -> AsyncIterator[Server]:
    server = Server("")
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        peer = Peer(reader, writer)
        read = peer.request

        async def kept() -> bytes:
            request = await read()
            server.keep(request)
            return request

        peer.request = kept  # type: ignore[method-assign]
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await behaviour(peer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    sock = socket.create_server(("127.0.0.1", 0), backlog=100)
    if receive_buffer:  # its connections inherit it
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    listener = await asyncio.start_server(connected, sock=sock, ssl=tls)
    port = listener.sockets[0].getsockname()[1]
    server.url = f"http{'s' if tls else ''}://127.0.0.1:{port}"
    try:
        yield server
    finally:
        listener.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def client(**keys: object) -> AsyncIterator[HttpClient]:
    settings: dict[str, object] = {
        "allow_private": True,
        "connections": 10,
        "timeout_s": HANG_S,
        "proofs_s": (0.0,),
        **keys,
    }
    one = HttpClient(**settings)  # type: ignore[arg-type]
    await one.start()
    try:
        yield one
    finally:
        await one.close()


def answering(data: bytes) -> Behaviour:
    async def behaviour(peer: Peer) -> None:
        while True:
            await peer.request()
            await peer.say(data)

    return behaviour


async def exchange(behaviour: Behaviour, **keys: object) -> HttpAnswer:
    async with serving(behaviour) as server, client(**keys) as http_client:
        return await http_client.send(server.post())


def books(http_client: HttpClient) -> tuple[int, ...]:
    """Return what the pool believes to hold: places, owned connections, idle ones, hosts, who waits."""
    pool = http_client._pool
    assert pool is not None
    return pool._places, len(pool._owners), len(pool._idle), len(pool._hosts), len(pool._waiting)


def resolve_to(
    http_client: HttpClient,
    monkeypatch: pytest.MonkeyPatch,
    addresses: list[str],
) -> list[str]:
    """Let every name resolve to `addresses` (IPv4), and return the names that will have been asked for."""
    asked: list[str] = []

    class Resolving:
        """The running loop, but for names: a loop written in C cannot be patched."""

        def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
            self._loop = loop

        def __getattr__(self, name: str) -> object:
            return getattr(self._loop, name)

        async def getaddrinfo(self, host: str, *_: object, **__: object) -> list[object]:
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in addresses]

    connector = http_client._pool._connector  # type: ignore[union-attr]
    monkeypatch.setattr(connector, "_loop", Resolving(asyncio.get_running_loop()))
    return asked


def self_signed(folder: Path, ends: timedelta = timedelta(days=1)) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + ends)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "both.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(pem)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context
