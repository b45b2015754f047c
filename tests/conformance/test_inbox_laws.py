"""What every back end must keep of what people wrote: once, with what it asked for, by person, until it is old."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from tests.builders import a_message
from tests.conformance.conformance_harness import Harness
from tests.conformance.conformance_nouns import MAIN, NOW, event, number, subject

from tellwire.kernel.retention import horizon
from tellwire.platform.model.event import Subject
from tellwire.platform.model.inbound import ANSWERS_A_DAY, TEXTS_AN_HOUR, Arrival, Inbound, Taken
from tellwire.platform.model.message import NO_CAMPAIGN, Message, MessageId
from tellwire.platform.model.profile import SuppressionChange
from tellwire.platform.model.replies import Keyword
from tellwire.platform.ports.backend import Backend

ANN, BOB = subject("ann"), subject("bob")
LEASE = timedelta(minutes=2)


def text(
    n: int, words: str = "hi", *, person: Subject = ANN, keyword: Keyword | None = None, to: int = 1
) -> Inbound:
    return Inbound(
        key=f"k{n}",
        event=msgspec.structs.replace(event(n), subject=person, name="Notification Replied"),
        address=number(to),
        text=words,
        provider_id=MAIN,
        keyword=keyword,
    )


def arrival(n: int, words: str = "hi", keyword: Keyword | None = None, **changed: Any) -> Arrival:
    inbound = text(n, words, keyword=keyword, **changed)
    change = None
    if keyword in {"stop", "start"}:
        at = NOW + timedelta(seconds=n)
        change = SuppressionChange(
            address=inbound.address, is_suppressed=keyword == "stop", source="reply", at=at
        )
    return Arrival(inbound=inbound, change=change, answer=answer(n, inbound) if keyword else None)


def answer(n: int, to: Inbound) -> Message:
    return a_message(
        id=MessageId(f"answer-{n}"),
        campaign_id=NO_CAMPAIGN,
        subject=to.person,
        provider_id=MAIN,
        to=to.address,
        created_at=NOW,
        give_up_at=NOW + timedelta(hours=4),
    )


async def take(backend: Backend, *arrivals: Arrival, now: datetime = NOW) -> Sequence[Taken]:
    return await backend.inbox.take(arrivals, now)


async def waiting(backend: Backend) -> list[str]:
    claims = await backend.messages.claim({MAIN: 100}, NOW, LEASE)
    return [one.message.id for one in claims.taken]


async def test_a_text_is_taken_once_and_comes_back_as_it_was_first_told(harness: Harness) -> None:
    backend = await harness.open()
    first = arrival(1, "hello")
    other = Arrival(inbound=msgspec.structs.replace(text(2, "other words"), key="k1"))

    taken = [*await take(backend, first, first), *await take(backend, other)]

    assert [one.is_new for one in taken] == [True, False, False]
    assert [one.inbound for one in taken] == [first.inbound] * 3
    assert [one.inbound.text for one in await backend.inbox.said([ANN], 10)] == ["hello"]


async def test_a_stop_holds_and_its_answer_waits_when_it_is_taken_or_neither(harness: Harness) -> None:
    backend = await harness.open()

    taken = await take(backend, arrival(1, "STOP", "stop"), arrival(2, "STOP", "stop"))
    backend = await harness.reopen()

    assert [one.is_answered for one in taken] == [True, False]  # confirmed once
    assert await backend.reports.is_suppressed(number(1))
    assert await waiting(backend) == ["answer-1"]
    lines = await backend.consents.lines(0, 10)
    assert [line.change.after for line in lines] == [True, True]  # and both requests are on record


async def test_a_start_lifts_and_is_confirmed_and_a_stop_after_it_again(harness: Harness) -> None:
    backend = await harness.open()

    taken = await take(
        backend,
        arrival(1, "yes", "start"),
        arrival(2, "STOP", "stop"),
        arrival(3, "START", "start"),
        arrival(4, "STOP", "stop"),
    )

    assert [one.is_answered for one in taken] == [False, True, True, True]
    assert await backend.reports.is_suppressed(number(1))


async def test_answers_to_one_number_are_bounded_and_a_flood_is_kept_unheard(harness: Harness) -> None:
    backend = await harness.open()
    flood = [arrival(n, "STOP" if n % 2 else "START", "stop" if n % 2 else "start") for n in range(1, 41)]

    taken = [one for some in flood for one in await take(backend, some)]

    assert sum(one.is_answered for one in taken) == ANSWERS_A_DAY
    assert [one.is_heard for one in taken] == [True] * TEXTS_AN_HOUR + [False] * 10
    assert len(await backend.inbox.said([ANN], 100)) == 40
    later = await take(backend, arrival(50, "hi"), now=NOW + timedelta(hours=2))
    assert later[0].is_heard


async def test_conversations_are_by_person_with_what_is_unread(harness: Harness) -> None:
    backend = await harness.open()
    await take(backend, arrival(1, "a"), arrival(2, "b", person=BOB, to=2), arrival(3, "c"))
    await take(backend, arrival(4, "STOP", "stop", person=BOB, to=2))

    page = await backend.inbox.conversations(10)

    assert [(one.person, one.last.inbound.text, one.unread) for one in page.conversations] == [
        (BOB, "STOP", 1),
        (ANN, "c", 2),
    ]
    assert await backend.inbox.unread() == 2
    seqs = [one.seq for one in await backend.inbox.said([ANN], 10)]
    await backend.inbox.mark_read([ANN], seqs[-1])
    await backend.inbox.mark_read([BOB], 2**40)
    (left,) = (await backend.inbox.conversations(10, is_unread=True)).conversations
    assert (left.person, left.unread) == (ANN, 1)
    assert await backend.inbox.unread() == 1


async def test_conversations_and_texts_come_a_page_at_a_time(harness: Harness) -> None:
    backend = await harness.open()
    await take(backend, *(arrival(n, person=subject(f"p{n}"), to=n) for n in range(1, 6)))
    await take(backend, *(arrival(n) for n in range(6, 9)))

    first = await backend.inbox.conversations(4)
    second = await backend.inbox.conversations(4, first.following)
    newest, *_ = await backend.inbox.said([ANN], 1)
    rest = await backend.inbox.said([ANN], 10, newest.seq)

    assert len(first.conversations) == 4
    assert len({one.person for one in (*first.conversations, *second.conversations)}) == 6
    assert second.following is None
    assert len(rest) == 2


async def test_an_answer_of_people_waits_once_and_counts_for_no_cap(harness: Harness) -> None:
    backend = await harness.open()
    message = answer(9, text(1))

    assert [await backend.inbox.answer(message), await backend.inbox.answer(message)] == [True, False]

    assert [one.message for one in await backend.inbox.sent([number(1)], 10)] == [message]
    assert await waiting(backend) == [message.id]


async def test_a_person_who_is_forgotten_has_no_conversation(harness: Harness) -> None:
    backend = await harness.open()
    await take(backend, arrival(1), arrival(2), arrival(3, person=BOB))

    assert await backend.inbox.forget([ANN]) == 2

    page = await backend.inbox.conversations(10)
    assert [one.person for one in page.conversations] == [BOB]
    assert await backend.inbox.said([ANN], 10) == []


async def test_old_texts_go_and_the_ledger_stays(harness: Harness) -> None:
    backend = await harness.open()
    await take(backend, arrival(1, "STOP", "stop"), arrival(2, person=BOB))
    later = NOW + timedelta(days=100)
    await take(backend, arrival(3, person=BOB), now=later)

    step = await backend.retention.forget_inbound(horizon(later, timedelta(days=30)), 0)

    assert step.rows == {"inbound": 2, "conversation": 1}
    assert [one.inbound.key for one in await backend.inbox.said([BOB], 10)] == ["k3"]
    assert len(await backend.consents.lines(0, 10)) == 1


async def test_texts_with_any_signs_are_kept_as_they_are(harness: Harness) -> None:
    backend = await harness.open()
    words = "'); DROP TABLE inbound; -- <b>\" \\ \t\n🛑 \ufeff"

    await take(backend, arrival(1, words))

    assert [one.inbound.text for one in await backend.inbox.said([ANN], 10)] == [words]
