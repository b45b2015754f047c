"""What every back end must keep of consent: a line for each change, in its transaction, and none without one."""

from datetime import timedelta

import msgspec
import pytest
from tests.conformance.conformance_harness import Harness
from tests.conformance.conformance_nouns import NOW, event, number

from tellwire.platform.model.consent import ConsentChange, ConsentRequest
from tellwire.platform.model.profile import ProfileId, SuppressionChange, SuppressionSource
from tellwire.platform.ports.backend import Backend
from tellwire.platform.ports.ledger import Advance, Recording
from tellwire.platform.ports.stream import START, Position

NOBODY = ProfileId("")


def stop(
    n: int = 1, second: int = 0, *, key: str = "", source: SuppressionSource = "reply"
) -> SuppressionChange:
    request = ConsentRequest(key=key, text="STOP", reason="asked")
    at = NOW + timedelta(seconds=second)
    return SuppressionChange(address=number(n), is_suppressed=True, source=source, at=at, request=request)


def start(n: int = 1, second: int = 1, *, source: SuppressionSource = "reply") -> SuppressionChange:
    at = NOW + timedelta(seconds=second)
    return SuppressionChange(address=number(n), is_suppressed=False, source=source, at=at)


async def changes(backend: Backend) -> list[ConsentChange]:
    return [line.change for line in await backend.consents.lines(0, 100)]


async def test_each_change_has_its_line_with_what_stood_before(harness: Harness) -> None:
    backend = await harness.open()

    await backend.messages.suppress([stop(), start()])
    assert await backend.consents.change([stop(second=2, source="page")]) == [True]

    lines = await changes(backend)
    assert [(one.source, one.before, one.after) for one in lines] == [
        ("reply", None, True),
        ("reply", True, False),
        ("page", False, True),
    ]
    assert lines[0].address == number()
    assert lines[0].request.text == "STOP"


async def test_a_change_that_takes_no_effect_has_no_line(harness: Harness) -> None:
    backend = await harness.open()
    await backend.messages.suppress([stop(second=5)])

    assert await backend.consents.change([start(second=4)]) == [False]

    assert len(await changes(backend)) == 1


async def test_a_request_that_comes_twice_is_one_line(harness: Harness) -> None:
    backend = await harness.open()

    await backend.messages.suppress([stop(key="a")])
    await backend.messages.suppress([stop(key="a"), stop(key="b")])

    assert [one.request.key for one in await changes(backend)] == ["a", "b"]


async def test_flags_are_kept_with_the_batch_that_changed_them_or_not_at_all(harness: Harness) -> None:
    backend = await harness.open()
    flag = ConsentChange(what="MSG-sms", source="profile", at=NOW, after=False, profile_id="ann")
    to = await _append(backend)
    recording = Recording(consents=(flag,))

    await backend.ledger.record(recording, Advance(partition=0, after=START, to=to))
    await backend.ledger.record(recording, Advance(partition=0, after=START, to=to))

    assert await changes(backend) == [flag]


async def _append(backend: Backend) -> Position:
    await backend.stream.append([event(1)])
    return (await backend.stream.read(0, START, 1))[-1].position


async def test_lines_outlive_a_crash_and_a_reopening(harness: Harness) -> None:
    backend = await harness.open()
    await backend.messages.suppress([stop()])

    backend = await harness.reopen()

    assert len(await changes(backend)) == 1


async def test_lines_about_a_person_are_of_flags_and_of_numbers_newest_first(harness: Harness) -> None:
    backend = await harness.open()
    await backend.messages.suppress([stop(1), stop(2)])
    flag = ConsentChange(what="MSG-sms", source="profile", at=NOW, after=False, profile_id="ann")
    to = await _append(backend)
    await backend.ledger.record(Recording(consents=(flag,)), Advance(partition=0, after=START, to=to))

    lines = await backend.consents.lines_of(ProfileId("ann"), [number(1)], 10)

    assert [one.change.what for one in lines] == ["MSG-sms", "suppression"]
    assert lines[1].change.address == number(1)
    assert await backend.consents.lines_of(ProfileId("ben"), [], 10) == []


async def test_what_a_person_wrote_can_be_blanked_and_the_line_stays(harness: Harness) -> None:
    backend = await harness.open()
    await backend.messages.suppress([stop(1, key="a"), stop(2, key="b")])

    assert await backend.consents.forget_texts(NOBODY, [number(1)]) == 1

    one, other = await changes(backend)
    assert (one.request.text, one.request.key, one.after) == ("", "a", True)
    assert other.request.text == "STOP"


async def test_the_list_has_who_is_suppressed_newest_first_a_page_at_a_time(harness: Harness) -> None:
    backend = await harness.open()
    await backend.consents.change(
        [stop(n, n, source="import") for n in (1, 2, 3)] + [stop(4, 4), start(4, 5)]
    )

    first = await backend.consents.suppressions(2)
    second = await backend.consents.suppressions(2, first.following)

    assert [one.address for one in first.suppressions] == [number(3), number(2)]
    assert [one.address for one in second.suppressions] == [number(1)]
    assert second.following is None
    assert second.suppressions[0].reason == "asked"
    assert await backend.consents.counts() == {"import": 3}
    assert (await backend.consents.suppressions(9, source="reply")).suppressions == []
    assert list(await backend.consents.suppressed([number(1), number(4)])) == [number(1)]


@pytest.mark.parametrize("source", ["page", "reply"])
async def test_a_suppression_with_an_end_is_over_then_and_the_ledger_says_so(
    harness: Harness, source: SuppressionSource
) -> None:
    backend = await harness.open()
    until = NOW + timedelta(days=1)
    short = stop(source=source)
    await backend.consents.change([msgspec.structs.replace(short, until=until), stop(2)])

    assert await backend.consents.expire(until - timedelta(seconds=1)) == 0
    assert await backend.reports.is_suppressed(number(1))
    assert await backend.consents.expire(until) == 1
    assert await backend.consents.expire(until) == 0

    assert not await backend.reports.is_suppressed(number(1))
    assert await backend.reports.is_suppressed(number(2))
    assert [(one.source, one.after) for one in await changes(backend)][-1] == ("expiry", False)


async def test_a_suppression_with_an_end_shortens_no_longer_one(harness: Harness) -> None:
    backend = await harness.open()
    await backend.consents.change([stop()])
    ending = msgspec.structs.replace(stop(second=9, source="page"), until=NOW + timedelta(days=1))

    assert await backend.consents.change([ending]) == [False]
    assert await backend.consents.expire(NOW + timedelta(days=2)) == 0
    assert await backend.reports.is_suppressed(number(1))
