"""The consent ledger: a page of it, that of one person, and all of it as a file."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Annotated, Final, Literal

import msgspec
from litestar import get
from litestar.params import QueryParameter
from litestar.response import Stream

from tellwire.kernel.address import Msisdn, parse_msisdn
from tellwire.platform.control.consent_views import (
    CONSENT_HEAD,
    ConsentView,
    consent_csv,
    consent_ndjson,
    consent_view,
    head_line,
)
from tellwire.platform.control.desk import Desk, DeskDependency
from tellwire.platform.control.problem import invalid
from tellwire.platform.model.address import Address
from tellwire.platform.model.consent import ConsentLine
from tellwire.platform.model.event import Subject
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.ports.consent import Consents, addresses_of

PIECE: Final = 1_000  # lines of one look
LINES_SHOWN: Final = 20  # of one person, beside something else
LARGEST: Final = 2**62

Form = Literal["csv", "ndjson"]
Limit = Annotated[int, QueryParameter(ge=1, le=1_000)]
After = Annotated[int, QueryParameter(ge=0, le=LARGEST)]
Name = Annotated[str, QueryParameter(max_length=1024)]
Phone = Annotated[str, QueryParameter(max_length=32)]


class ConsentLines(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of the ledger, in its order; `next` is the `after` of the next page, null on the last.

    Of one person the newest come first, and there is no next page.
    """

    lines: Sequence[ConsentView]
    next: int | None = None


@get("/api/consent", tags=["consent"])
async def read_consent(
    desk: DeskDependency,
    identity: Name = "",
    object_id: Name = "",
    phone: Phone = "",
    after: After = 0,
    limit: Limit = 100,
) -> ConsentLines:
    """Return the consent ledger: who asked for what, when and how, and what it changed; of one person if asked."""
    if identity or object_id:
        subject = Subject("identity", identity) if identity else Subject("device", object_id)
        profile = await desk.reports.profile(subject)
        if profile is None:
            return ConsentLines(lines=())
        return ConsentLines(lines=await lines_about(desk.consents, profile, limit))
    if phone:
        number = parse_msisdn(phone, desk.options.default_region)
        if number is None:
            why = "This is no phone number. Write it with its country code, as +65 9123 4567."
            raise invalid({"phone": why})
        return ConsentLines(lines=await lines_of_number(desk.consents, number, limit))
    lines = await desk.consents.lines(after, limit)
    return ConsentLines(
        lines=[consent_view(line) for line in lines], next=lines[-1].seq if len(lines) == limit else None
    )


@get("/api/consent/export", tags=["consent"])
async def export_consent(
    desk: DeskDependency,
    form: Annotated[Form, QueryParameter(name="format")] = "ndjson",
    after: After = 0,
) -> Stream:
    """Return the whole ledger as NDJSON or CSV, in its order; `after` a line's `seq` only what came later."""
    kind = "text/csv; charset=utf-8" if form == "csv" else "application/x-ndjson"
    headers = {"content-disposition": f'attachment; filename="consent.{form}"'}
    return Stream(_exported(desk, form, after), media_type=kind, headers=headers)


HANDLERS: Final = [read_consent, export_consent]

_WRITTEN: Final[Mapping[Form, Callable[[Sequence[ConsentLine]], bytes]]] = {
    "csv": consent_csv,
    "ndjson": consent_ndjson,
}


async def _exported(desk: Desk, form: Form, after: int) -> AsyncIterator[bytes]:
    if form == "csv":
        yield head_line(CONSENT_HEAD)
    while lines := await desk.consents.lines(after, PIECE):
        yield _WRITTEN[form](lines)
        after = lines[-1].seq


async def lines_about(consents: Consents, profile: Profile, limit: int = LINES_SHOWN) -> list[ConsentView]:
    """Return the last lines of the ledger about a person's flags and addresses, newest first."""
    return await _lines(consents, profile.id, addresses_of(profile), limit)


async def lines_of_number(consents: Consents, number: Msisdn, limit: int = LINES_SHOWN) -> list[ConsentView]:
    """Return the last lines of the ledger about a number, whoever has it."""
    return await _lines(consents, ProfileId(""), [number], limit)


async def _lines(
    consents: Consents, profile_id: ProfileId, addresses: Sequence[Address], limit: int
) -> list[ConsentView]:
    return [consent_view(line) for line in await consents.lines_of(profile_id, addresses, limit)]
