"""Laws of `ports.refusals`: the last refused records and callbacks are there, newest first, and only so many."""

from datetime import timedelta

from conformance_harness import Backend, Harness
from conformance_nouns import MAIN, NOW, subject

from tellwire.kernel.retention import horizon
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.model.refused import RefusedCallback, RefusedRecord
from tellwire.platform.ports.refusals import CALLBACKS_LIMIT, RECORDS_LIMIT


def refused(n: int, who: str = "ann") -> RefusedRecord:
    at = NOW + timedelta(seconds=n)
    return RefusedRecord(at=at, subject=subject(who), kind="profile", code=516, error=f"no {n}")


def callback(n: int, provider_id: ProviderId = MAIN) -> RefusedCallback:
    at = NOW + timedelta(seconds=n)
    return RefusedCallback(provider_id=provider_id, at=at, status=400, reason=f"no {n}", items=n)


async def test_refused_records_are_found_by_whom_they_are_about_also_after_a_restart(
    harness: Harness,
) -> None:
    backend = await harness.open()
    nameless = RefusedRecord(at=NOW, subject=None, kind="", code=523, error="nobody")
    await backend.refusals.note_records([refused(1), refused(2, "ben"), nameless])
    await backend.refusals.note_records([refused(3)])
    await backend.refusals.note_records([])

    backend = await harness.reopen()

    reports = backend.reports
    assert await reports.refused_records(10) == [refused(3), nameless, refused(2, "ben"), refused(1)]
    assert await reports.refused_records(10, [subject("ann"), subject("eve")]) == [refused(3), refused(1)]
    assert await reports.refused_records(1, [subject("ann")]) == [refused(3)]
    assert await reports.refused_records(10, [subject("eve")]) == []


async def test_only_the_last_refused_records_are_kept(backend: Backend) -> None:
    for start in range(0, 3 * RECORDS_LIMIT, RECORDS_LIMIT):
        await backend.refusals.note_records([refused(start + n) for n in range(RECORDS_LIMIT)])

    assert (await backend.reports.refused_records(1))[0] == refused(3 * RECORDS_LIMIT - 1)
    step = await backend.retention.forget_refused(horizon(NOW + timedelta(days=99), timedelta(days=1)), 0)
    assert sum(step.rows.values()) == RECORDS_LIMIT


async def test_only_the_last_refused_callbacks_of_each_provider_are_kept(backend: Backend) -> None:
    other = ProviderId("other")
    await backend.refusals.note_callback(callback(0, other))
    for n in range(CALLBACKS_LIMIT + 20):
        await backend.refusals.note_callback(callback(n))

    kept = await backend.reports.refused_callbacks(MAIN)

    assert kept == [callback(n) for n in reversed(range(20, CALLBACKS_LIMIT + 20))]
    assert await backend.reports.refused_callbacks(other) == [callback(0, other)]
    assert await backend.reports.refused_callbacks(ProviderId("none")) == []


async def test_traces_of_what_was_refused_are_forgotten_with_age(backend: Backend) -> None:
    await backend.refusals.note_records([refused(0), refused(100)])
    await backend.refusals.note_callback(callback(0))
    await backend.refusals.note_callback(callback(100))

    old = horizon(NOW + timedelta(days=1, seconds=50), timedelta(days=1))
    step = await backend.retention.forget_refused(old, 0)

    assert (step.rows, step.resume) == ({"refused_record": 1, "refused_callback": 1}, None)
    assert await backend.reports.refused_records(9) == [refused(100)]
    assert await backend.reports.refused_callbacks(MAIN) == [callback(100)]
