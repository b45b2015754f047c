"""What a pool of our own must prove: connections are shared in order and within bounds, and made with care."""

import asyncio
import socket
from contextlib import suppress
from datetime import timedelta

import pytest
from tests.raw_server import OK, Peer, answering, books, client, resolve_to, self_signed, serving, until
from tests.waiting import HANG_S

from tellwire.kernel.http.client import HttpRequest, NotSent, Unknown

# Sharing


async def test_ten_thousand_requests_over_64_connections_are_each_answered_once_and_never_pipelined():
    pipelined = []

    async def echo(peer: Peer) -> None:
        while True:
            request = await peer.request()
            if peer.reader._buffer:  # type: ignore[attr-defined]  # bytes of another request, unasked
                pipelined.append(request)
            number = request.partition(b"?n=")[2].partition(b" ")[0]
            await peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(number), number))

    async with serving(echo) as server, client(connections=64, timeout_s=60) as http_client:
        numbers = iter(range(10_000))
        right = 0

        async def some() -> None:
            nonlocal right
            for number in numbers:
                answer = await http_client.send(server.post(f"/?n={number}"))
                right += answer.body == b"%d" % number

        await asyncio.gather(*(some() for _ in range(100)))
        held = books(http_client)

    assert (right, len(server.requests), pipelined) == (10_000, 10_000, [])
    assert server.connections <= 64
    assert held == (server.connections, server.connections, server.connections, 1, 0)


async def test_who_waits_longest_is_served_first_whatever_the_host():
    arrived = []

    async def answer(peer: Peer) -> None:
        while True:
            request = await peer.request()
            arrived.append(request.split(b" ")[1])
            await asyncio.sleep(0)
            await peer.say(OK)

    async with serving(answer) as one, serving(answer) as two, client(connections=1) as http_client:
        hosts = [one, two, two, one, two, one, one, two]
        await asyncio.gather(
            *(http_client.send(host.post(f"/{number}")) for number, host in enumerate(hosts))
        )

    assert arrived == [b"/%d" % number for number in range(8)]


async def test_there_are_never_more_connections_than_allowed_and_an_idle_one_gives_way():
    async with (
        serving(answering(OK)) as one,
        serving(answering(OK)) as two,
        serving(answering(OK)) as three,
        client(connections=2) as http_client,
    ):
        for host in (one, two, one, three, one):
            await http_client.send(host.post())
            assert books(http_client)[0] <= 2

    assert (one.connections, two.connections, three.connections) == (1, 1, 1)


async def test_a_host_has_no_more_connections_than_its_share():
    async with (
        serving(answering(OK)) as server,
        client(connections=10, connections_per_host=2) as http_client,
    ):
        await asyncio.gather(*(http_client.send(server.post()) for _ in range(50)))

    assert (server.connections, len(server.requests)) == (2, 50)


async def hang(peer: Peer) -> None:
    await peer.request()
    await peer.reader.read()


async def test_a_caller_cancelled_while_it_waits_leaves_its_turn_to_the_next():
    go = asyncio.Event()

    async def when_told(peer: Peer) -> None:
        while True:
            await peer.request()
            await go.wait()
            await peer.say(OK)

    async with serving(when_told) as server, client(connections=1) as http_client:
        first, second, third = (asyncio.create_task(http_client.send(server.post(f"/{n}"))) for n in range(3))
        await server.wait_for_requests(1)
        second.cancel()
        go.set()
        await asyncio.wait([first, second, third])
        held = books(http_client)

    assert [task.cancelled() for task in (first, second, third)] == [False, True, False]
    assert [request.split(b" ")[1] for request in server.requests] == [b"/0", b"/2"]
    assert held == (1, 1, 1, 1, 0)


@pytest.mark.parametrize("turns", range(12))
async def test_a_cancellation_at_any_moment_loses_no_place_and_mixes_no_answers(turns):
    """Cancel after so many turns of the loop: waiting, connecting, asking, or just when the answer has come."""

    async def echo(peer: Peer) -> None:
        while True:
            path = (await peer.request()).split(b" ")[1]
            await peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(path), path))

    async with serving(echo) as server, client(connections=2) as http_client:
        tasks = [asyncio.create_task(http_client.send(server.post(f"/{n}"))) for n in range(40)]
        for task in tasks[::3]:
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        async with asyncio.timeout(HANG_S):
            again = [(await http_client.send(server.post("/again"))).body for _ in range(3)]
        held = books(http_client)

    for n, answer in enumerate(answers):
        cancelled = isinstance(answer, asyncio.CancelledError)
        assert (cancelled and n % 3 == 0) or getattr(answer, "body", answer) == b"/%d" % n
    assert again == [b"/again"] * 3
    assert held[0] == held[1] == held[2] <= 2
    assert held[4] == 0


async def test_closing_ends_what_is_under_way_as_unknown_and_what_waits_as_not_sent():
    async with serving(hang) as server, client(connections=1) as http_client:
        under_way = asyncio.create_task(http_client.send(server.post()))
        await server.wait_for_requests(1)
        waiting = asyncio.create_task(http_client.send(server.post()))
        pool = http_client._pool
        await until(lambda: pool._waiting)

        await http_client.close()
        ends = await asyncio.gather(under_way, waiting, return_exceptions=True)

    assert [type(end) for end in ends] == [Unknown, NotSent]
    assert (pool._places, pool._scopes) == (0, set())
    assert len(server.requests) == 1


async def test_closing_ends_a_connect_that_hangs():
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:  # a full backlog swallows what comes after
            filler.setblocking(False)
            with suppress(BlockingIOError):
                filler.connect(deaf.getsockname())
        async with client() as http_client:
            url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
            with pytest.raises(NotSent, match=r"no connection within 0\.1 s"):
                await http_client.send(HttpRequest(method="GET", url=url), timeout_s=0.2)
            connecting = asyncio.create_task(http_client.send(HttpRequest(method="GET", url=url)))
            await until(lambda: http_client._pool._places)
            await http_client.close()
            async with asyncio.timeout(HANG_S):
                [end] = await asyncio.gather(connecting, return_exceptions=True)
        for filler in fillers:
            filler.close()

    assert isinstance(end, NotSent)


# Connecting


async def test_the_next_address_is_tried_when_one_cannot_be_connected_to(monkeypatch):
    async with serving(answering(OK)) as server, client() as http_client:
        # Nobody listens on the first two.
        asked = resolve_to(http_client, monkeypatch, ["127.0.0.3", "127.0.0.2", "127.0.0.1"])
        url = server.url.replace("127.0.0.1", "three.example")
        answers = [await http_client.send(HttpRequest(method="GET", url=url)) for _ in range(3)]

    assert [answer.body for answer in answers] == [b"ok"] * 3
    assert asked == ["three.example"]
    assert url.replace("http://", "Host: ").encode() in server.requests[0]


async def test_a_name_is_asked_for_once_by_all_who_need_it_and_again_after_a_failure(monkeypatch):
    async with serving(answering(OK)) as server, client(connections=20) as http_client:
        addresses: list[str] = []
        asked = resolve_to(http_client, monkeypatch, addresses)
        request = HttpRequest(method="GET", url=server.url.replace("127.0.0.1", "one.example"))
        with pytest.raises(NotSent, match="cannot be resolved"):
            await http_client.send(request)
        addresses.append("127.0.0.1")
        first = asyncio.create_task(http_client.send(request))
        others = [asyncio.create_task(http_client.send(request)) for _ in range(10)]
        await asyncio.sleep(0)
        first.cancel()
        answers = await asyncio.gather(*others)

    assert {answer.status for answer in answers} == {200}
    assert asked == ["one.example", "one.example"]


async def test_a_name_with_a_private_address_among_others_does_not_open_it(monkeypatch):
    async with serving(answering(OK)) as server, client(allow_private=False) as http_client:
        resolve_to(http_client, monkeypatch, ["10.0.0.1", "127.0.0.1"])
        with pytest.raises(NotSent, match="address not allowed"):
            await http_client.send(
                HttpRequest(method="GET", url=server.url.replace("127.0.0.1", "rebind.example"))
            )

    assert server.connections == 0


async def test_a_certificate_of_a_trusted_authority_for_the_right_name_is_taken(tmp_path, monkeypatch):
    context = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "both.pem"))
    async with serving(answering(OK), context) as server, client() as http_client:
        url = server.url.replace("127.0.0.1", "localhost")
        answers = [await http_client.send(HttpRequest(method="POST", url=url)) for _ in range(3)]

    assert [answer.body for answer in answers] == [b"ok"] * 3
    assert server.connections == 1


async def test_a_certificate_for_another_name_is_not_sent(tmp_path, monkeypatch):
    context = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "both.pem"))
    async with serving(answering(OK), context) as server, client() as http_client:
        with pytest.raises(NotSent, match="certificate is not trusted: it is for another host") as caught:
            await http_client.send(HttpRequest(method="POST", url=server.url))

    assert caught.value.is_final
    assert server.requests == []


async def test_an_expired_certificate_says_so_and_may_be_renewed(tmp_path, monkeypatch):
    context = self_signed(tmp_path, ends=timedelta(days=-1))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "both.pem"))
    async with serving(answering(OK), context) as server, client() as http_client:
        url = server.url.replace("127.0.0.1", "localhost")
        with pytest.raises(NotSent, match="certificate is not trusted: it has expired") as caught:
            await http_client.send(HttpRequest(method="POST", url=url))

    assert not caught.value.is_final


async def test_a_certificate_of_an_unknown_authority_says_so_and_waiting_does_not_mend_it(tmp_path):
    async with serving(answering(OK), self_signed(tmp_path)) as server, client() as http_client:
        url = server.url.replace("127.0.0.1", "localhost")
        with pytest.raises(NotSent, match="no authority that this machine knows") as caught:
            await http_client.send(HttpRequest(method="POST", url=url))

    assert caught.value.is_final


async def test_nothing_is_held_after_every_kind_of_end(tmp_path):
    async def drop(peer: Peer) -> None:
        await peer.request()

    async with (
        serving(drop) as dropping,
        serving(hang) as hanging,
        serving(answering(b"\0\r\n\r\n")) as lying,
        serving(answering(OK), self_signed(tmp_path)) as untrusted,
        client() as http_client,
    ):
        for server in (dropping, hanging, lying, untrusted):
            for _ in range(3):
                with pytest.raises((NotSent, Unknown)):
                    await http_client.send(server.post(), timeout_s=0.2)

        assert books(http_client) == (0, 0, 0, 0, 0)
        assert http_client._pool._scopes == set()
