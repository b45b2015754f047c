"""Laws of `ports.audit`: a line is there exactly if its change is, and is found by what, who and when."""

from datetime import timedelta
from itertools import pairwise

import pytest
from conformance_harness import Backend, Harness
from conformance_nouns import NOW, campaign

from tellwire.kernel.retention import horizon
from tellwire.platform.model.audit import AuditKind, Deed, FieldDiff
from tellwire.platform.model.campaign import CampaignSet
from tellwire.platform.ports.audit import AuditQuery
from tellwire.platform.ports.catalog import PutCampaign, Stale


def deed(day: float = 0, kind: AuditKind = "campaign", object_id: str = "1") -> Deed:
    fields = (FieldDiff(field="content.text", before="Hi", after=None),)
    return Deed(
        kind=kind, object_id=object_id, name="x", what="changed", at=NOW + timedelta(days=day), fields=fields
    )


async def save(backend: Backend, *deeds: Deed, by: str = "ann@example.com") -> None:
    newest = await backend.catalog.snapshot()
    answer = await backend.catalog.save((PutCampaign(campaign()),), newest.version, by, deeds)
    assert isinstance(answer, CampaignSet)


async def found(backend: Backend, query: AuditQuery | None = None, limit: int = 100) -> list[Deed]:
    return [line.deed for line in await backend.audit.lines(query or AuditQuery(), limit)]


async def test_lines_are_read_back_newest_first(harness: Harness) -> None:
    backend = await harness.open()
    await save(backend, deed(0), deed(0, "provider", "acme"))
    await save(backend, deed(1), by="bob@example.com")

    for _ in range(2):
        lines = await backend.audit.lines(AuditQuery(), 100)
        assert [(one.by, one.catalog_version, one.deed) for one in lines] == [
            ("bob@example.com", 2, deed(1)),
            ("ann@example.com", 1, deed(0, "provider", "acme")),
            ("ann@example.com", 1, deed(0)),
        ]
        assert all(later.seq > earlier.seq for later, earlier in pairwise(lines))
        backend = await harness.reopen()


async def test_a_change_that_is_not_saved_has_no_line(backend: Backend) -> None:
    answer = await backend.catalog.save((PutCampaign(campaign()),), 5, "ann@example.com", (deed(),))

    assert isinstance(answer, Stale)
    assert await found(backend) == []


async def test_lines_are_found_by_object_author_and_time(backend: Backend) -> None:
    lines = [deed(0), deed(1, object_id="2"), deed(2, "provider", "1"), deed(3)]
    for n, one in enumerate(lines):
        await save(backend, one, by=f"{'ann' if n % 2 else 'bob'}@example.com")

    async def numbers(query: AuditQuery) -> list[int]:
        return [lines.index(one) for one in await found(backend, query)]

    assert await numbers(AuditQuery(kind="campaign")) == [3, 1, 0]
    assert await numbers(AuditQuery(kind="campaign", object_id="1")) == [3, 0]
    assert await numbers(AuditQuery(object_id="1")) == [3, 2, 0]
    assert await numbers(AuditQuery(by="ann@example.com")) == [3, 1]
    assert await numbers(AuditQuery(kind="campaign", object_id="1", by="bob@example.com")) == [0]
    day = NOW + timedelta(days=1)
    assert await numbers(AuditQuery(since=day)) == [3, 2, 1]
    assert await numbers(AuditQuery(until=day)) == [0]
    assert await numbers(AuditQuery(kind="campaign", object_id="1", since=day)) == [3]


@pytest.mark.parametrize("query", [AuditQuery(), AuditQuery(kind="campaign", object_id="1")])
async def test_pages_go_on_where_the_last_one_ended(backend: Backend, query: AuditQuery) -> None:
    for day in range(5):
        await save(backend, deed(day))

    first = await backend.audit.lines(query, 2)
    second = await backend.audit.lines(query, 9, before=first[-1].seq)

    assert [one.deed for one in (*first, *second)] == [deed(day) for day in (4, 3, 2, 1, 0)]


async def test_old_lines_are_forgotten_and_the_newest_stays(backend: Backend) -> None:
    await save(backend, *(deed(0, object_id=str(n)) for n in range(450)))
    await save(backend, deed(100))

    resume: int | None = 0
    while resume is not None:
        step = await backend.retention.forget_audit(
            horizon(NOW + timedelta(days=400), timedelta(days=90)), resume
        )
        assert step.rows["audit"] <= 200
        resume = step.resume

    assert await found(backend, limit=1_000) == [deed(100)]
