"""Laws of `kernel/http` against raw servers that hang, drip, reset, lie and repeat."""

import asyncio
import gzip
from pathlib import Path

import pytest
from tests.raw_server import (
    OK,
    Behaviour,
    Peer,
    answering,
    client,
    exchange,
    resolve_to,
    self_signed,
    serving,
)

from tellwire.kernel.http import client as http
from tellwire.kernel.http.client import HttpClient, HttpRequest, NotSent, Unknown, is_public


async def test_a_request_arrives_as_it_was_given_and_the_answer_comes_back() -> None:
    answer_bytes = b"HTTP/1.1 202 Accepted\r\nX-Request-ID: 7\r\nContent-Length: 4\r\n\r\ndone"
    async with serving(answering(answer_bytes)) as server, client() as http_client:
        answer = await http_client.send(
            server.post(
                "/a%2Fb?to=%2B6591230000&x=a+b", headers=(("Authorization", "Bearer k"), ("X-A", "1"))
            )
        )

    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /a%2Fb?to=%2B6591230000&x=a+b HTTP/1.1\r\n")
    assert {b"Authorization: Bearer k", b"X-A: 1", b"Content-Length: 5"} <= set(head.split(b"\r\n"))
    assert b"Content-Type" not in head
    assert body == b"hello"
    assert (answer.status, answer.body, answer.truncated) == (202, b"done", False)
    assert answer.headers["x-request-id"] == "7"


async def test_connections_are_kept_and_reused() -> None:
    async with serving(answering(OK)) as server, client() as http_client:
        for _ in range(5):
            await http_client.send(server.post())

    assert (server.connections, len(server.requests)) == (1, 5)


async def test_a_redirect_is_an_answer_and_not_followed() -> None:
    answer = await exchange(
        answering(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")
    )

    assert (answer.status, answer.headers["Location"]) == (302, "http://127.0.0.1:1/")


async def test_cookies_are_not_kept() -> None:
    cookie = OK.replace(b"\r\n\r\n", b"\r\nSet-Cookie: a=b\r\n\r\n")
    async with serving(answering(cookie)) as server, client() as http_client:
        await http_client.send(server.post())
        await http_client.send(server.post())

    assert b"Cookie" not in server.requests[1]


async def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")

    answer = await exchange(answering(OK))

    assert answer.body == b"ok"


async def test_interim_answers_are_passed_over() -> None:
    answer = await exchange(
        answering(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK)
    )

    assert (answer.status, answer.body) == (200, b"ok")


async def test_an_over_long_body_is_cut_and_its_status_kept() -> None:
    async def endless(peer: Peer) -> None:
        await peer.request()
        await peer.say(b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            await peer.say(b"1000\r\n" + b"x" * 4096 + b"\r\n")

    answer = await exchange(endless, answer_limit=10_000)

    assert (answer.status, len(answer.body), answer.truncated) == (201, 10_000, True)


async def test_a_gzip_bomb_unfolds_to_the_limit_and_no_further() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode()

    answer = await exchange(answering(head + bomb))

    assert (answer.status, len(answer.body), answer.truncated) == (200, 65536, True)


async def test_a_compressed_answer_nobody_asked_for_is_read() -> None:
    packed = gzip.compress(b'{"ok":true}')
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n".encode()

    answer = await exchange(answering(head + packed))

    assert (answer.body, answer.truncated) == (b'{"ok":true}', False)


async def hang(peer: Peer) -> None:
    await peer.request()
    await peer.reader.read()


async def drip(peer: Peer) -> None:
    await peer.request()
    await peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        await peer.say(b"x")
        await asyncio.sleep(0.01)


async def drip_head(peer: Peer) -> None:
    await peer.request()
    await peer.say(b"HTTP/1.1 200 OK\r\n")
    for n in range(100_000):
        await peer.say(b"X-%d: 1\r\n" % (n % 50))
        await asyncio.sleep(0.03)


async def close_early(peer: Peer) -> None:
    await peer.request()


async def reset(peer: Peer) -> None:
    await peer.request()
    peer.reset()


async def reset_mid_answer(peer: Peer) -> None:
    await peer.request()
    await peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    peer.reset()


UNKNOWN = {
    "closes early": (close_early, "lost before an answer"),
    "resets": (reset, "lost before an answer"),
    "resets mid-answer": (reset_mid_answer, "ended too early"),
    "talks garbage": (answering(b"\x00\x01\x02 garbage\r\n\r\n"), "not HTTP"),
    "talks SMTP": (answering(b"220 mail.example.com ESMTP\r\n\r\n"), "not HTTP"),
    "sends a huge status line": (answering(b"HTTP/1.1 200 " + b"x" * 100_000 + b"\r\n\r\n"), "not HTTP"),
    "sends a huge header": (answering(b"HTTP/1.1 200 OK\r\nA: " + b"x" * 100_000 + b"\r\n\r\n"), "not HTTP"),
    "sends many headers": (answering(b"HTTP/1.1 200 OK\r\n" + b"A: 1\r\n" * 5000 + b"\r\n"), "not HTTP"),
    "breaks its chunks": (
        answering(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
        "not HTTP",
    ),
    "breaks its compression": (
        answering(OK.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")),
        "compression is broken",
    ),
}


@pytest.mark.parametrize("case", UNKNOWN)
async def test_a_request_that_left_and_got_no_whole_answer_is_unknown(case: str) -> None:
    behaviour, reason = UNKNOWN[case]

    with pytest.raises(Unknown, match=reason) as raised:
        await exchange(behaviour)

    assert "127.0.0.1" not in raised.value.reason


@pytest.mark.parametrize("behaviour", [hang, drip, drip_head])
async def test_an_answer_that_is_not_whole_in_time_is_unknown(behaviour: Behaviour) -> None:
    async def then(peer: Peer) -> None:
        await peer.request()
        await peer.say(OK)
        await behaviour(peer)

    async with serving(then) as server, client() as http_client:
        await http_client.send(server.post())  # the connection stands: only the answer can be late
        with pytest.raises(Unknown, match=r"within 0\.2 s"):
            await http_client.send(server.post(), timeout_s=0.2)


@pytest.mark.parametrize("method", ["POST", "GET", "PUT"])
async def test_no_request_is_sent_twice_when_a_kept_connection_turns_out_closed(method: str) -> None:
    async def answer_once_then_drop(peer: Peer) -> None:
        await peer.request()
        await peer.say(OK)
        await peer.request()

    async with serving(answer_once_then_drop) as server, client() as http_client:
        request = HttpRequest(method=method, url=server.url)
        await http_client.send(request)
        with pytest.raises(Unknown):
            await http_client.send(request)

    assert (server.connections, len(server.requests)) == (1, 2)


async def test_nobody_listening_is_not_sent() -> None:
    async with serving(close_early) as server:
        gone = server.post()

    async with client() as http_client:
        with pytest.raises(NotSent, match="Connection refused"):
            await http_client.send(gone)


async def test_a_name_that_does_not_resolve_is_not_sent() -> None:
    async with client() as http_client:
        with pytest.raises(NotSent, match="cannot be resolved"):
            await http_client.send(HttpRequest(method="GET", url="http://nowhere.invalid/"))


async def test_waiting_for_a_connection_too_long_is_not_sent() -> None:
    async with serving(hang) as server, client(connections=1) as http_client:
        first = asyncio.create_task(http_client.send(server.post()))
        await server.wait_for_requests(1)
        with pytest.raises(NotSent, match=r"no connection within 0\.1 s"):
            await http_client.send(server.post(), timeout_s=0.2)
        first.cancel()

    assert len(server.requests) == 1


async def test_a_slow_host_does_not_take_the_connections_of_others() -> None:
    async with (
        serving(hang) as slow,
        serving(answering(OK)) as quick,
        client(connections=4, connections_per_host=2) as http_client,
    ):
        stuck = [asyncio.create_task(http_client.send(slow.post())) for _ in range(6)]
        await slow.wait_for_requests(2)
        answer = await http_client.send(quick.post())
        for task in stuck:
            task.cancel()

    assert answer.body == b"ok"


async def test_an_untrusted_certificate_is_not_sent(tmp_path: Path) -> None:
    async with serving(answering(OK), self_signed(tmp_path)) as server, client() as http_client:
        with pytest.raises(NotSent, match="certificate is not trusted"):
            await http_client.send(server.post())

    assert server.requests == []


async def test_a_server_without_tls_is_not_sent() -> None:
    heard = []

    async def refuses_in_the_clear(peer: Peer) -> None:
        heard.append(await peer.reader.read(65536))
        await peer.say(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    async with serving(refuses_in_the_clear) as server, client() as http_client:
        with pytest.raises(NotSent):
            await http_client.send(
                HttpRequest(method="POST", url=server.url.replace("http:", "https:"), body=b"x")
            )

    assert [data[:1] for data in heard] == [b"\x16"], "a handshake and nothing else"


LOCAL_HOSTS = [
    "127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]", "2130706433", "0x7f000001",
    "0177.0.0.1", "127.1", "0",
]  # fmt: skip


@pytest.mark.parametrize("host", LOCAL_HOSTS)
async def test_no_spelling_of_a_local_address_is_connected_to(host: str) -> None:
    async with serving(answering(OK)) as server, client(allow_private=False) as http_client:
        port = server.url.rpartition(":")[2]
        with pytest.raises(NotSent, match=r"not allowed|cannot be (read|resolved)"):
            await http_client.send(HttpRequest(method="POST", url=f"http://{host}:{port}/", body=b"x"))

    assert server.connections == 0


async def test_an_address_is_checked_when_it_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that resolved to the open Internet once may resolve to a local address the next time."""
    async with serving(answering(OK)) as server, client(allow_private=False) as http_client:
        resolve_to(http_client, monkeypatch, ["127.0.0.1"])

        with pytest.raises(NotSent, match="address not allowed"):
            await http_client.send(
                HttpRequest(method="POST", url=server.url.replace("127.0.0.1", "rebind.example"))
            )

    assert server.connections == 0


PUBLIC = ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"]
NOT_PUBLIC = [
    "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "127.0.0.53", "0.0.0.0",
    "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "::", "::1", "fe80::1", "fe80::1%eth0",
    "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:169.254.169.254", "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "64:ff9b::a9fe:a9fe",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_of_any_other_kind_is_not_public(address: str) -> None:
    assert not is_public(address)


BAD_REQUESTS = {
    "no scheme": HttpRequest(method="POST", url="example.com/x"),
    "file": HttpRequest(method="GET", url="file:///etc/passwd"),
    "tcp": HttpRequest(method="GET", url="tcp://example.com/"),
    "no host": HttpRequest(method="GET", url="http:///x"),
    "bad port": HttpRequest(method="GET", url="http://example.com:99999/"),
    "bad brackets": HttpRequest(method="GET", url="http://[::1/"),
    "password in URL": HttpRequest(method="GET", url="http://me:secret@example.com/"),
    "header break": HttpRequest(method="GET", url="http://a.example/", headers=(("X", "a\r\nY: secret"),)),
    "header name break": HttpRequest(method="GET", url="http://a.example/", headers=(("X\n", "secret"),)),
    "own length": HttpRequest(method="GET", url="http://a.example/", headers=(("content-length", "1"),)),
    "method break": HttpRequest(method="GET / HTTP/1.1\r\n", url="http://a.example/"),
    "long body": HttpRequest(method="POST", url="http://a.example/", body=b"x" * (http.REQUEST_LIMIT + 1)),
}


@pytest.mark.parametrize("case", BAD_REQUESTS)
async def test_a_request_that_cannot_be_written_is_not_sent(case: str) -> None:
    async with client() as http_client:
        with pytest.raises(NotSent) as raised:
            await http_client.send(BAD_REQUESTS[case])

    assert "secret" not in raised.value.reason


async def test_an_error_carries_no_address_and_no_cause() -> None:
    async with serving(close_early) as server, client() as http_client:
        with pytest.raises(Unknown) as raised:
            await http_client.send(server.post("/send?password=hunter2"))

    assert "hunter2" not in "".join(map(str, [raised.value, raised.value.__cause__]))


async def test_a_cancelled_request_gives_its_connection_up() -> None:
    async with serving(hang) as server, client(connections=1) as http_client:
        first = asyncio.create_task(http_client.send(server.post()))
        await server.wait_for_requests(1)
        first.cancel()
        await asyncio.wait([first])
        second = asyncio.create_task(http_client.send(server.post()))
        await server.wait_for_requests(1)
        second.cancel()

    assert server.connections == 2


async def test_a_client_that_is_not_running_sends_nothing() -> None:
    idle = HttpClient(allow_private=True, connections=1)

    with pytest.raises(NotSent, match="not running"):
        await idle.send(HttpRequest(method="GET", url="http://a.example/"))


async def test_only_our_own_address_and_port_is_connected_to_though_it_is_private() -> None:
    async with serving(answering(OK)) as ours, serving(answering(OK)) as other:
        port = int(ours.url.rpartition(":")[2])
        async with client(allow_private=False, own=frozenset({("127.0.0.1", port)})) as http_client:
            answer = await http_client.send(HttpRequest(method="POST", url=ours.url, body=b"x"))
            with pytest.raises(NotSent, match="address not allowed"):
                await http_client.send(HttpRequest(method="POST", url=other.url, body=b"x"))

    assert answer.status == 200
    assert other.connections == 0
