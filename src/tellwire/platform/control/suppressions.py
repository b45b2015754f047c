"""Numbers that must not be written to: the list, adding, releasing, importing and exporting."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, get, post
from litestar.params import JSONBody, QueryParameter
from litestar.response import Stream

from tellwire.kernel.address import Msisdn, parse_msisdn
from tellwire.kernel.telemetry import log
from tellwire.platform.control.access import A_SCRIPT
from tellwire.platform.control.consent_views import (
    SUPPRESSED_HEAD,
    SuppressedView,
    head_line,
    suppressed_csv,
    suppressed_view,
)
from tellwire.platform.control.desk import Desk, DeskDependency
from tellwire.platform.control.problem import invalid
from tellwire.platform.control.suppression_lines import RefusedRow, Row, read_rows
from tellwire.platform.model.consent import REASON_LIMIT, ConsentRequest
from tellwire.platform.model.profile import SuppressionChange, SuppressionSource
from tellwire.platform.ports.consent import Place

PIECE: Final = 1_000  # numbers of one transaction, so that none holds the writer for long
LARGEST: Final = 2**62

Limit = Annotated[int, QueryParameter(ge=1, le=1_000)]
Cursor = Annotated[str, QueryParameter(max_length=48)]
SourceName = Annotated[SuppressionSource | None, QueryParameter()]
Phone = Annotated[str, QueryParameter(max_length=32)]
Phones = Annotated[
    tuple[Annotated[str, msgspec.Meta(max_length=32)], ...], msgspec.Meta(min_length=1, max_length=PIECE)
]
Reason = Annotated[str, msgspec.Meta(max_length=REASON_LIMIT)]


class SuppressionsView(msgspec.Struct, frozen=True, kw_only=True):
    """Suppressed addresses, the newest first; `counts` are of all, by source; `next` is the next page's `before`."""

    suppressions: Sequence[SuppressedView]
    counts: Mapping[SuppressionSource, int]
    next: str | None


class SuppressForm(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers to suppress, why, and until when if not for ever; in UTC where no offset is given."""

    phones: Phones
    reason: Reason = ""
    until: datetime | None = None


class ReleaseForm(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers to release, and why: the ledger keeps it."""

    phones: Phones
    reason: Reason = ""


class Suppressed(msgspec.Struct, frozen=True, kw_only=True):
    """How many numbers are suppressed by this, and how many were before."""

    suppressed: int
    already: int


class Released(msgspec.Struct, frozen=True, kw_only=True):
    """How many numbers were released, and how many were not suppressed."""

    released: int
    free: int


class ImportedNumbers(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did, or with `dry_run` would do. `repeated` rows name a number of another row.

    `refused` counts rows that were not taken; `mistakes` are the first of them, by line.
    """

    dry_run: bool
    suppressed: int
    already: int
    repeated: int
    refused: int
    mistakes: Sequence[RefusedRow]


@get("/api/suppressions", tags=["consent"])
async def list_suppressions(
    desk: DeskDependency,
    limit: Limit = 100,
    before: Cursor = "",
    source: SourceName = None,
    phone: Phone = "",
) -> SuppressionsView:
    """List the addresses that must not be written to, the newest first, or say whether one `phone` is among them."""
    counts = await desk.consents.counts()
    if phone:
        known = await desk.consents.suppressed([_number("phone", phone, desk)])
        return SuppressionsView(
            suppressions=[suppressed_view(one) for one in known.values()], counts=counts, next=None
        )
    page = await desk.consents.suppressions(limit, _place(before), source)
    return SuppressionsView(
        suppressions=[suppressed_view(one) for one in page.suppressions],
        counts=counts,
        next=None if page.following is None else f"{page.following[0]}.{page.following[1]}",
    )


@post("/api/suppressions", status_code=200, tags=["consent"])
async def suppress(data: JSONBody[SuppressForm], desk: DeskDependency) -> Suppressed:
    """Suppress numbers: from now on nothing is sent to them, whoever has them, and what waits is dropped.

    A suppression with an end leaves one that lasts longer as it is.
    """
    until = _until(data.until, desk.clock.now())
    rows = [Row(one, data.reason, until) for one in _numbers(data.phones, desk)]
    new, already = await _suppress(desk, rows, _source(desk))
    return Suppressed(suppressed=new, already=already)


@post("/api/suppressions/release", status_code=200, tags=["consent"])
async def release(data: JSONBody[ReleaseForm], desk: DeskDependency) -> Released:
    """Release numbers: they may be written to again. The ledger keeps that they were suppressed, and who released them.

    Somebody who texted STOP asked not to be written to: release such a number only if its owner asks you to.
    """
    numbers = _numbers(data.phones, desk)
    suppressed = await desk.consents.suppressed(numbers)
    request = ConsentRequest(by=desk.author, reason=data.reason)
    changes = [_change(number, _source(desk), desk.clock.now(), request, None) for number in suppressed]
    free = [msgspec.structs.replace(change, is_suppressed=False) for change in changes]
    done = sum(await desk.consents.change(free))
    log("suppressions.changed", count=done, reason="released")
    return Released(released=done, free=len(numbers) - done)


@post("/api/suppressions/import", status_code=200, tags=["consent"])
async def import_numbers(
    request: Request[Any, Any, Any],
    desk: DeskDependency,
    dry_run: Annotated[bool, QueryParameter()] = False,  # noqa: FBT002 - the framework reads it by name
) -> ImportedNumbers:
    """Suppress the numbers of a file: a CSV with the columns phone, reason and until, or a number a line, up to 1 MiB.

    With `dry_run` only say what it would do. Rows that cannot be read are reported, and the others taken; after an
    error send it again: nothing is suppressed twice. Longer files are sent in parts.
    """
    body = await request.body()
    read = await asyncio.to_thread(read_rows, body, desk.clock.now(), desk.options.default_region)
    new, already = await _suppress(desk, read.rows, "import", is_dry=dry_run)
    return ImportedNumbers(
        dry_run=dry_run,
        suppressed=new,
        already=already,
        repeated=read.repeated,
        refused=read.refused,
        mistakes=read.mistakes,
    )


@get("/api/suppressions/export", tags=["consent"])
async def export_numbers(desk: DeskDependency) -> Stream:
    """Return all suppressed addresses as a CSV, which can be imported again."""
    headers = {"content-disposition": 'attachment; filename="suppressions.csv"'}
    return Stream(_exported(desk), media_type="text/csv; charset=utf-8", headers=headers)


HANDLERS: Final = [list_suppressions, suppress, release, import_numbers, export_numbers]


async def _exported(desk: Desk) -> AsyncIterator[bytes]:
    yield head_line(SUPPRESSED_HEAD)
    place: Place | None = None
    while True:
        page = await desk.consents.suppressions(PIECE, place)
        yield suppressed_csv(page.suppressions)
        place = page.following
        if place is None:
            return


async def _suppress(
    desk: Desk, rows: Sequence[Row], source: SuppressionSource, *, is_dry: bool = False
) -> tuple[int, int]:
    """Suppress the numbers of rows, a piece after the other; return how many were free, and how many were not."""
    new = already = 0
    for start in range(0, len(rows), PIECE):
        piece = rows[start : start + PIECE]
        known = await desk.consents.suppressed([row.number for row in piece])
        new, already = new + len(piece) - len(known), already + len(known)
        if not is_dry:
            now = desk.clock.now()
            await desk.consents.change(
                [
                    _change(
                        row.number, source, now, ConsentRequest(by=desk.author, reason=row.reason), row.until
                    )
                    for row in piece
                ]
            )
    if not is_dry:
        log("suppressions.changed", count=new, rows=len(rows), reason="suppressed")
    return new, already


def _change(
    number: Any, source: SuppressionSource, now: datetime, request: ConsentRequest, until: datetime | None
) -> SuppressionChange:
    return SuppressionChange(
        address=number, is_suppressed=True, source=source, at=now, until=until, request=request
    )


def _source(desk: Desk) -> SuppressionSource:
    return "api" if desk.author == A_SCRIPT else "page"


def _numbers(phones: Sequence[str], desk: Desk) -> list[Msisdn]:
    """Return numbers, each once. Raises a `Problem` with all that are none."""
    read = [parse_msisdn(phone, desk.options.default_region) for phone in phones]
    if wrong := {f"phones[{at}]": _NO_NUMBER for at, one in enumerate(read) if one is None}:
        raise invalid(wrong)
    return list(dict.fromkeys(one for one in read if one is not None))


_NO_NUMBER: Final = "This is no phone number. Write it with its country code, as +65 9123 4567."


def _number(name: str, phone: str, desk: Desk) -> Msisdn:
    number = parse_msisdn(phone, desk.options.default_region)
    if number is None:
        raise invalid({name: _NO_NUMBER})
    return number


def _until(until: datetime | None, now: datetime) -> datetime | None:
    if until is None:
        return None
    moment = until if until.tzinfo else until.replace(tzinfo=UTC)
    if moment <= now:
        raise invalid({"until": "This moment is over: choose one that is to come."})
    return moment


def _place(cursor: str) -> Place | None:
    if not cursor:
        return None
    at_ms, _, key = cursor.partition(".")
    try:
        place = int(at_ms), int(key)
    except ValueError:
        raise invalid({"before": "Send the `next` of the page before."}) from None
    if max(map(abs, place)) > LARGEST:
        raise invalid({"before": "Send the `next` of the page before."})
    return place
