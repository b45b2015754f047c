"""Laws of `ports.people`: who is erased is gone at once, their copies go in slices over any number of restarts."""

from datetime import timedelta

import pytest
from conformance_harness import Backend, Harness
from conformance_nouns import (
    LATER,
    LEASE,
    MAIN,
    NOW,
    activity,
    event,
    message,
    number,
    profile,
    record,
    send,
    subject,
)

from tellwire.platform.model.audit import Deed
from tellwire.platform.model.message import HandedOver
from tellwire.platform.ports.ledger import Recording
from tellwire.platform.ports.people import Erasure, Wanted

EVE = profile("eve", number(1))
BOB = profile("bob", number(2))
MANY = 350  # more than one slice looks at


async def fill(backend: Backend, *, events: int = 3) -> None:
    await backend.stream.append([event(n, "eve") for n in range(1, events + 1)])
    what = tuple(one for n in range(1, events + 1) for one in activity(event(n, "eve"), who="eve"))
    await record(
        backend, Recording(profiles=(EVE, BOB), activity=what, decisions=(send(message(1, who="eve")),))
    )


async def erase(backend: Backend) -> Erasure | None:
    deed = Deed(kind="person", object_id="r1", name="", what="erased", at=NOW)
    return await backend.people.erase(subject("eve"), "r1", deed, "ann@example.com")


async def go_on(backend: Backend) -> int:
    steps = 1
    while (await backend.people.erase_some(NOW, 0)).resume is not None:
        steps += 1
    return steps


async def test_who_is_erased_is_found_by_nobody_and_others_are(backend: Backend) -> None:
    await fill(backend)

    receipt = await erase(backend)

    assert receipt is not None
    assert (receipt.id, receipt.by, receipt.finished_at) == ("r1", "ann@example.com", None)
    assert await backend.reports.profile(subject("eve")) is None
    assert await backend.people.find(Wanted(identity="eve", name="eve", digits="65912"), 10) == [BOB]
    assert await erase(backend) is None


async def test_what_waited_to_be_sent_does_not_go(backend: Backend) -> None:
    await fill(backend)

    await erase(backend)

    assert (await backend.messages.claim({MAIN: 10}, LATER, LEASE)).taken == ()


async def test_a_message_in_hand_is_erased_once_it_is_settled(backend: Backend) -> None:
    await fill(backend)
    (claimed,) = (await backend.messages.claim({MAIN: 10}, LATER, LEASE)).taken
    await erase(backend)

    await go_on(backend)
    waiting = await backend.people.erasure("r1")
    await backend.messages.settle([HandedOver(message_id=claimed.message.id)], LATER)
    await go_on(backend)
    done = await backend.people.erasure("r1")

    assert waiting is not None
    assert done is not None
    assert (waiting.finished_at, done.finished_at) == (None, NOW)
    assert done.rows["message"] == 1


@pytest.mark.parametrize("steps", [1, 3, 6])
async def test_an_erasure_goes_on_where_it_was_when_the_program_ended(harness: Harness, steps: int) -> None:
    backend = await harness.open()
    await fill(backend, events=MANY)
    await erase(backend)
    for _ in range(steps):
        await backend.people.erase_some(NOW + timedelta(seconds=1), 0)

    backend = await harness.reopen()
    await go_on(backend)

    done = await backend.people.erasure("r1")
    assert done is not None
    assert done.finished_at is not None
    assert (done.rows["activity"], done.rows["entry"], done.rows["message"]) == (MANY, MANY, 1)
    assert await backend.people.erasures(9) == [done]
