"""Servers that close a connection after an answer without saying so: nothing is lost to them, or little and once."""

import pytest
from tests.raw_server import OK, Peer, answering, client, serving, until

from tellwire.kernel.http.client import Unknown
from tellwire.kernel.http.request import Origin
from tellwire.kernel.http.reuse import FORGIVEN_S, ORIGINS_LIMIT, Reuse

HERE = Origin(tls=True, host="sms.example", port=443)
NEVER_S = (1e9,)  # no connection of a test stands idle for that long


async def closes_when_asked_again(peer: Peer) -> None:
    """Answer once; what was written meanwhile is read and lost, as in the 10 ms before such a server closes."""
    await peer.request()
    await peer.say(OK)
    await peer.request()
    peer.reset()


async def test_a_server_that_closes_after_each_answer_loses_no_request() -> None:
    async with serving(closes_when_asked_again) as server, client(proofs_s=NEVER_S) as http:
        answers = [await http.send(server.post()) for _ in range(20)]

    assert [answer.status for answer in answers] == [200] * 20
    assert server.connections == 20


async def test_one_loss_is_enough_to_learn_from() -> None:
    async with serving(closes_when_asked_again) as server, client(proofs_s=(0.0, *NEVER_S)) as http:
        await http.send(server.post())
        with pytest.raises(Unknown):
            await http.send(server.post())
        answers = [await http.send(server.post()) for _ in range(20)]

    assert [answer.status for answer in answers] == [200] * 20


async def test_a_server_that_keeps_its_connections_is_reused_again_after_it_has_shown_so() -> None:
    async with serving(answering(OK)) as server, client(proofs_s=(0.001,)) as http:
        await http.send(server.post())
        kept = http._pool._hosts[next(iter(http._pool._hosts))].idle
        await until(lambda: next(iter(kept)).idle_s > 0.001)
        for _ in range(5):
            await http.send(server.post())

    assert server.connections == 1


@pytest.mark.parametrize("places", [{"connections": 1}, {"connections": 9, "connections_per_host": 1}])
async def test_a_watched_connection_keeps_nobody_waiting(places: dict[str, int]) -> None:
    async with serving(answering(OK)) as server, client(proofs_s=NEVER_S, **places) as http:
        answers = [await http.send(server.post()) for _ in range(5)]

    assert [answer.status for answer in answers] == [200] * 5
    assert server.connections == 5


def test_nothing_is_used_again_before_it_stood_idle_for_long_enough_and_then_everything_is() -> None:
    reuse = Reuse((0.25, 1.0))

    assert not reuse.may_use(HERE, 0.24, now=1)
    assert not reuse.is_proven(HERE)
    assert reuse.may_use(HERE, 0.25, now=2)
    assert reuse.may_use(HERE, 0.0, now=3)
    assert not reuse.may_use(Origin(tls=True, host="other.example", port=443), 0.0, now=3)


def test_an_idle_connection_that_is_closed_asks_for_a_new_proof() -> None:
    reuse = Reuse((0.25, 1.0))
    reuse.may_use(HERE, 0.25, now=1)

    reuse.note_closed(HERE, now=2, was_asked=False)

    assert not reuse.may_use(HERE, 0.2, now=3)
    assert reuse.may_use(HERE, 0.3, now=4)


def test_each_loss_asks_for_a_longer_proof_and_an_hour_without_one_forgives_it() -> None:
    reuse = Reuse((0.25, 1.0, 4.0))
    needed = []
    for now in range(3):
        reuse.may_use(HERE, 9.0, now=now)
        for _ in range(64):  # all that were under way
            reuse.note_closed(HERE, now=now, was_asked=True)
        needed.append(next(s for s in (0.25, 1.0, 4.0) if reuse.may_use(HERE, s, now=now)))

    assert needed == [1.0, 4.0, 4.0]
    reuse.note_closed(HERE, now=3, was_asked=False)
    assert reuse.may_use(HERE, 0.25, now=3 + FORGIVEN_S)


def test_only_so_many_origins_are_remembered() -> None:
    reuse = Reuse((0.25,))
    reuse.may_use(HERE, 1.0, now=0)

    for port in range(ORIGINS_LIMIT):
        reuse.may_use(Origin(tls=False, host="other.example", port=port), 1.0, now=0)

    assert not reuse.is_proven(HERE)
