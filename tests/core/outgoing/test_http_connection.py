"""What a connection of our own must prove: kept when all is well, closed in doubt, read and written in bounds."""

import asyncio
import socket

import pytest
from tests.raw_server import OK, Peer, answering, books, client, exchange, serving, until

from tellwire.kernel.http.client import HttpRequest, NotSent, Unknown
from tellwire.kernel.http.connection import Connection

CLOSE = OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


# Keeping and closing


async def test_a_connection_that_the_server_closes_while_idle_is_not_used_again():
    async def answer_once(peer: Peer) -> None:
        await peer.request()
        await peer.say(OK)

    async with serving(answer_once) as server, client() as http_client:
        for _ in range(3):
            await http_client.send(server.post())
            await until(lambda: books(http_client) == (0, 0, 0, 0, 0))

    assert (server.connections, len(server.requests)) == (3, 3)


@pytest.mark.parametrize(
    "answer",
    [
        CLOSE,
        CLOSE + b"more",
        OK.replace(b"HTTP/1.1", b"HTTP/1.0"),
        OK + OK,
        OK + b"HTTP/1.1 2",
        OK + b"garbage",
    ],
    ids=["close", "close and more", "1.0", "two answers", "one and a bit", "one and garbage"],
)
async def test_a_connection_is_not_used_again_when_its_answer_leaves_doubt(answer):
    async with serving(answering(answer)) as server, client() as http_client:
        for _ in range(2):
            assert (await http_client.send(server.post())).body == b"ok"

    assert (server.connections, len(server.requests)) == (2, 2)


async def test_bytes_that_come_while_idle_are_nobodys_answer():
    late = asyncio.Event()

    async def answer_twice(peer: Peer) -> None:
        await peer.request()
        await peer.say(OK)
        await late.wait()
        await peer.say(b"HTTP/1.1 500 Stale\r\nContent-Length: 0\r\n\r\n")
        await peer.reader.read()

    async with serving(answer_twice) as server, client() as http_client:
        await http_client.send(server.post())
        late.set()
        await until(lambda: books(http_client)[0] == 0)

        assert (await http_client.send(server.post())).status == 200


async def test_a_greeting_before_the_request_is_nobodys_answer():
    async def greet(peer: Peer) -> None:
        await peer.say(b"220 mail.example.com ESMTP\r\n")
        await peer.request()

    with pytest.raises((NotSent, Unknown)):
        await exchange(greet)


async def test_a_connection_idle_for_too_long_is_closed(monkeypatch):
    monkeypatch.setattr("tellwire.kernel.http.connection.IDLE_S", 0.02)
    async with serving(answering(OK)) as server, client() as http_client:
        await http_client.send(server.post())
        await until(lambda: books(http_client) == (0, 0, 0, 0, 0))
        await http_client.send(server.post())

    assert server.connections == 2


async def test_a_quick_answer_does_not_shorten_the_time_of_the_next(monkeypatch):
    """One timer serves all requests of a connection: it must not ring for one that has its answer."""
    monkeypatch.setattr("tellwire.kernel.http.connection.IDLE_S", 0.5)

    async def second_is_slow(peer: Peer) -> None:
        await peer.request()
        await peer.say(OK)
        await peer.request()
        await asyncio.sleep(1.2)
        await peer.say(OK)

    async with serving(second_is_slow) as server, client() as http_client:
        await http_client.send(server.post(), timeout_s=1)
        answer = await http_client.send(server.post())

    assert (answer.body, server.connections) == (b"ok", 1)


# Reading


@pytest.mark.parametrize("step", [1, 7, 1000])
async def test_an_answer_in_pieces_is_the_same_answer(step):
    whole = (
        b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
        b"HTTP/1.1 200 OK\r\nX-A: 1\r\nEmpty:\r\nx-a: 2\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"3;a=b\r\nabc\r\n1\r\nd\r\n0\r\nTrailer: t\r\n\r\n"
    )

    async def piecemeal(peer: Peer) -> None:
        while True:
            await peer.request()
            for at in range(0, len(whole), step):
                await peer.say(whole[at : at + step])
                await asyncio.sleep(0)

    async with serving(piecemeal) as server, client() as http_client:
        answers = [await http_client.send(server.post()) for _ in range(2)]

    assert [(a.status, a.body, a.headers["X-A"], a.headers["empty"]) for a in answers] == [
        (200, b"abcd", "1", "")
    ] * 2
    assert "trailer" not in answers[0].headers
    assert "link" not in answers[0].headers
    assert server.connections == 1


async def test_a_body_without_a_length_ends_with_the_connection():
    async def old_style(peer: Peer) -> None:
        await peer.request()
        await peer.say(b"HTTP/1.0 200 OK\r\n\r\nall there")
        await peer.say(b" is")

    assert (await exchange(old_style)).body == b"all there is"


@pytest.mark.parametrize("head", [b"204 No Content", b"304 Not Modified\r\nContent-Length: 9"])
async def test_an_answer_that_has_no_body_is_whole_with_its_head(head):
    async with serving(answering(b"HTTP/1.1 " + head + b"\r\n\r\n")) as server, client() as http_client:
        answers = [await http_client.send(server.post()) for _ in range(2)]

    assert [(a.status, a.body) for a in answers] == [(int(head[:3]), b"")] * 2
    assert server.connections == 1


async def test_the_answer_to_head_has_no_body_whatever_its_length_says():
    async with (
        serving(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")) as server,
        client() as http_client,
    ):
        request = HttpRequest(method="HEAD", url=server.url)
        answers = [await http_client.send(request) for _ in range(2)]

    assert [(a.status, a.body, a.headers["content-length"]) for a in answers] == [(200, b"", "500")] * 2


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"])
async def test_an_offer_to_upgrade_is_only_an_offer(line_end):
    answer = OK.replace(b"\r\n\r\n", b"\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n")

    assert (await exchange(answering(answer.replace(b"\r\n", line_end)))).body == b"ok"


async def test_switching_protocols_is_an_answer_and_ends_the_connection():
    switch = b"HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n\0\0\0"
    async with serving(answering(switch)) as server, client() as http_client:
        assert [(await http_client.send(server.post())).status for _ in range(2)] == [101, 101]

    assert server.connections == 2


UNBOUNDED = {
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "one header": (b"HTTP/1.1 200 OK\r\nA: ", b"x" * 1000),
    "a chunk's extension": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"x" * 1000),
    "trailers": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"A: 1\r\n"),
    "one trailer": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: ", b"x" * 1000),
}


@pytest.mark.parametrize("case", UNBOUNDED)
async def test_what_is_not_body_is_bounded_too(case):
    start, more = UNBOUNDED[case]

    async def endless(peer: Peer) -> None:
        await peer.request()
        await peer.say(start)
        while True:
            await peer.say(more)
            await asyncio.sleep(0)

    with pytest.raises(Unknown, match="too long"):
        await exchange(endless)


# Writing


async def test_an_answer_may_come_before_the_request_is_written_and_then_nothing_follows_it(
    monkeypatch,
):
    made = Connection.connection_made

    def made_with_little_room(self, transport):
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        made(self, transport)

    monkeypatch.setattr(Connection, "connection_made", made_with_little_room)

    async def refuse_early(peer: Peer) -> None:
        await peer.reader.readuntil(b"\r\n\r\n")
        await peer.say(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        await asyncio.Event().wait()  # reads no further, so that most of the request cannot leave

    async with serving(refuse_early, receive_buffer=4096) as server, client() as http_client:
        request = HttpRequest(method="POST", url=server.url, body=b"x" * (1024 * 1024))
        answers = [await http_client.send(request) for _ in range(3)]
        held = books(http_client)

    assert [answer.status for answer in answers] == [413] * 3
    assert server.connections == 3
    assert held == (0, 0, 0, 0, 0)


async def test_a_request_goes_out_in_one_write(monkeypatch):
    writes = []
    made = Connection.connection_made

    def watched(self, transport):
        class Watched:
            def __getattr__(self, name):
                return getattr(transport, name)

            def write(self, data):
                writes.append(data)
                transport.write(data)

        made(self, Watched())

    monkeypatch.setattr(Connection, "connection_made", watched)
    async with serving(answering(OK)) as server, client() as http_client:
        await http_client.send(server.post())

    assert writes == server.requests


async def test_a_url_is_written_as_one_line_whatever_stands_in_it():
    async with serving(answering(OK)) as server, client() as http_client:
        for path in ("/a b\r\nX: y?q=ä&p=100%&e=%2f#part", "", "?x=1"):
            await http_client.send(HttpRequest(method="get", url=server.url + path))

    first_lines = [request.split(b"\r\n")[0] for request in server.requests]
    assert first_lines == [
        b"GET /a%20bX:%20y?q=%C3%A4&p=100%25&e=%2f HTTP/1.1",
        b"GET / HTTP/1.1",
        b"GET /?x=1 HTTP/1.1",
    ]
    assert all(b"Content-Length" not in request for request in server.requests)


async def test_a_header_of_the_callers_takes_the_place_of_ours():
    async with serving(answering(OK)) as server, client() as http_client:
        await http_client.send(server.post())
        await http_client.send(server.post(headers=(("host", "b.example"), ("user-agent", "me"))))

    ours, theirs = (sorted(request.split(b"\r\n")[1:-2]) for request in server.requests)
    host = server.url.removeprefix("http://").encode()
    assert ours == sorted(
        [b"Host: " + host, b"User-Agent: Tellwire", b"Accept-Encoding: identity", b"Content-Length: 5"]
    )
    assert theirs == sorted(
        [b"host: b.example", b"user-agent: me", b"Accept-Encoding: identity", b"Content-Length: 5"]
    )
