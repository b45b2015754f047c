"""The audit log as the API shows it: who changed what and when, with each field before and after."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar import get
from litestar.params import QueryParameter

from tellwire.platform.control.desk import DeskDependency
from tellwire.platform.control.moments import optional_moment
from tellwire.platform.model.audit import AuditKind, AuditLine, AuditWay, AuditWhat, FieldDiff
from tellwire.platform.ports.audit import AuditQuery

LARGEST: Final = 2**62  # beyond it no number was ever given

Kind = Annotated[AuditKind | None, QueryParameter()]
Limit = Annotated[int, QueryParameter(ge=1, le=200)]
Before = Annotated[int | None, QueryParameter(ge=1, le=LARGEST)]
Text = Annotated[str, QueryParameter(max_length=256)]


class AuditView(msgspec.Struct, frozen=True, kw_only=True):
    """One line: what somebody changed. `fields` are what became otherwise, by path, before and after.

    Of a long value the beginning is kept, and `before_length` or `after_length` is how long the whole was.
    `left_out` counts further fields that changed. Secrets are `***`, and `is_secret` says that one changed.
    `catalog_version` is as in a campaign's log.
    """

    id: int
    at: datetime
    by: str
    kind: AuditKind
    object_id: str
    name: str
    what: AuditWhat
    way: AuditWay
    fields: Sequence[FieldDiff]
    left_out: int
    catalog_version: int


class AuditPage(msgspec.Struct, frozen=True, kw_only=True):
    """Lines, newest first; `next` is the `before` of the next page, null on the last."""

    lines: Sequence[AuditView]
    next: int | None


@get("/api/audit", tags=["account"])
async def read_audit(
    desk: DeskDependency,
    kind: Kind = None,
    object_id: Text = "",
    author: Text = "",
    since: Annotated[str, QueryParameter(name="from", max_length=40)] = "",
    until: Annotated[str, QueryParameter(name="to", max_length=40)] = "",
    limit: Limit = 50,
    before: Before = None,
) -> AuditPage:
    """Say who changed campaigns, providers, the account, audiences and lists, when, and what was before and after.

    `from` is included, `to` is not. `object_id` is the id of a campaign, provider or list, or the name of an
    audience. Kept as long as events are.
    """
    query = AuditQuery(
        kind=kind,
        object_id=object_id or None,
        by=author or None,
        since=optional_moment("from", since),
        until=optional_moment("to", until),
    )
    read = await desk.audit.lines(query, limit + 1, before)
    lines = read[:limit]
    return AuditPage(lines=[_view(one) for one in lines], next=lines[-1].seq if len(read) > limit else None)


HANDLERS: Final = [read_audit]


def _view(line: AuditLine) -> AuditView:
    deed = line.deed
    return AuditView(
        id=line.seq,
        at=deed.at,
        by=line.by,
        kind=deed.kind,
        object_id=deed.object_id,
        name=deed.name,
        what=deed.what,
        way=deed.way,
        fields=deed.fields,
        left_out=deed.left_out,
        catalog_version=line.catalog_version,
    )
