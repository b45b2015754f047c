"""People: found by name, number or identity, looked at whole, edited, and erased."""

import asyncio
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Annotated, Final

import msgspec
from litestar import delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter

from tellwire.kernel.ids import new_id
from tellwire.kernel.telemetry import log
from tellwire.platform.control.desk import Desk, DeskDependency
from tellwire.platform.control.person_view import Person, PersonRow, person_of, person_row
from tellwire.platform.control.problem import Problem, invalid, not_found
from tellwire.platform.model.audit import Deed
from tellwire.platform.model.event import (
    Change,
    DeleteValue,
    EventId,
    LinkSubject,
    ProfileChange,
    SetValue,
    Subject,
    SubjectKind,
)
from tellwire.platform.model.people_list import ListId
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.value import Value
from tellwire.platform.ports.consent import addresses_of, consents_of, suppressed_of
from tellwire.platform.ports.people import FOUND_LIMIT, Erasure, Wanted

DECIDED_WITHIN_S: Final = 10.0  # of all that came before: an erasure and an edit follow it
LOOK_S: Final = 0.01
LINES_LIMIT: Final = 50  # of consents and departures on a timeline
PROPERTIES_LIMIT: Final = 256
_NUMBER: Final = re.compile(r"\+?[\d\s().-]{3,}")
_DIGITS_MOST: Final = 15
_KINDS: Final[tuple[SubjectKind, ...]] = ("identity", "device", "facebook", "google")

Limit = Annotated[int, QueryParameter(ge=1, le=FOUND_LIMIT)]
Search = Annotated[str, QueryParameter(max_length=256)]
Before = Annotated[str, QueryParameter(max_length=48, pattern=r"^(\d{1,19}(\.\d{1,19})?)?$")]


class PeopleList(msgspec.Struct, frozen=True, kw_only=True):
    """People; `next` is where a list without a search goes on (`before`), null at its end."""

    people: Sequence[PersonRow]
    next: str | None = None


class PersonEdit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Properties as they are to be; null takes one away."""

    properties: Annotated[dict[str, Value], msgspec.Meta(min_length=1, max_length=PROPERTIES_LIMIT)]


class PersonMerge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another name of the same person, of whom nothing but devices and the like is known: by what it is, and itself."""

    kind: SubjectKind = "device"
    value: Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]


class ErasureReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """The receipt of an erasure. Nobody finds the person from `at` on; copies are erased behind it, to `finished_at`.

    `rows` is what was deleted so far, by table.
    """

    id: str
    at: str
    by: str
    is_finished: bool
    finished_at: str | None
    rows: Mapping[str, int]
    stays: str


class ErasureList(msgspec.Struct, frozen=True, kw_only=True):
    """Receipts, the newest first."""

    erasures: Sequence[ErasureReceipt]


@get("/api/people", tags=["people"])
async def list_people(
    desk: DeskDependency, search: Search = "", limit: Limit = 50, before: Before = ""
) -> PeopleList:
    """Find people by the beginning of an identity, a name, or a number; without a search, those who came last."""
    if search.strip():
        people = await desk.people.find(wanted_by(search), limit)
        return PeopleList(people=[person_row(one) for one in people])
    page = await desk.people.newest(limit, int(before.partition(".")[0]) if before else None)
    return PeopleList(
        people=[person_row(one) for one in page.people],
        next=None if page.following is None else str(page.following),
    )


@get("/api/people/{identity:str}", tags=["people"])
async def read_person(
    identity: FromPath[str], desk: DeskDependency, limit: Limit = 50, before: Before = ""
) -> Person:
    """Return one person whole: profile, consent, where they are in campaigns, and what happened, newest first."""
    return await _whole(desk, await known_person(desk, identity), limit, before)


@patch("/api/people/{identity:str}", tags=["people"])
async def edit_person(identity: FromPath[str], data: JSONBody[PersonEdit], desk: DeskDependency) -> Person:
    """Change properties, as an upload would; answers with the person as they are then."""
    profile = await known_person(desk, identity)
    changes: list[Change] = []
    for name, value in data.properties.items():
        if not name.strip():
            raise invalid({"properties": "A property has a name."})
        changes.append(DeleteValue(name) if value is None else SetValue(name, value))
    await change_person(desk, profile.subjects[0], tuple(changes))
    return await _whole(desk, await known_person(desk, identity), 50, "")


@post("/api/people/{identity:str}/merge", status_code=200, tags=["people"])
async def merge_person(identity: FromPath[str], data: JSONBody[PersonMerge], desk: DeskDependency) -> Person:
    """Let a name that nobody identified be this person's too: what is known under it becomes part of theirs.

    Two who both have an identity stay two: 409.
    """
    profile = await known_person(desk, identity)
    subject = Subject(data.kind, data.value)
    other = await desk.reports.profile(subject)
    if other is not None and other.id != profile.id and any(one.kind == "identity" for one in other.subjects):
        message = "Both have an identity, and two identities are two people. Erase one, or edit both."
        raise Problem(409, "two_identities", message)
    await change_person(desk, profile.subjects[0], (LinkSubject(subject),))
    return await _whole(desk, await known_person(desk, identity), 50, "")


@delete("/api/people/{identity:str}", status_code=200, tags=["people"])
async def erase_person(identity: FromPath[str], desk: DeskDependency) -> ErasureReceipt:
    """Erase a person everywhere, for good, and answer with the receipt; from then on nobody finds them."""
    profile = await known_person(desk, identity)
    return receipt_view(await erased(desk, profile.subjects[0]))


@get("/api/erasures", tags=["people"])
async def list_erasures(desk: DeskDependency, limit: Limit = 50) -> ErasureList:
    """List the last receipts of erasures."""
    return ErasureList(erasures=[receipt_view(one) for one in await desk.people.erasures(limit)])


@get("/api/erasures/{receipt:str}", tags=["people"])
async def read_erasure(receipt: FromPath[str], desk: DeskDependency) -> ErasureReceipt:
    """Return a receipt: how far an erasure has come."""
    erasure = await desk.people.erasure(receipt)
    if erasure is None:
        raise not_found("such receipt")
    return receipt_view(erasure)


HANDLERS: Final = [
    list_people,
    read_person,
    edit_person,
    merge_person,
    erase_person,
    list_erasures,
    read_erasure,
]


def wanted_by(search: str) -> Wanted:
    """Return what a search looks for: whatever it is, an identity may begin so; a number has nothing but digits."""
    text = search.strip()
    digits = re.sub(r"\D", "", text) if _NUMBER.fullmatch(text) else ""
    has_letters = any(letter.isalpha() for letter in text)
    return Wanted(
        identity=text,
        name=text if has_letters else "",
        digits=digits.lstrip("0") if len(digits) <= _DIGITS_MOST else "",
    )


async def known_person(desk: Desk, identity: str) -> Profile:
    """Return the person whom a name names, of whatever kind, identities first. Raises a `Problem`."""
    for kind in _KINDS:
        profile = await desk.reports.profile(Subject(kind, identity))
        if profile is not None:
            return profile
    raise not_found("such person")


async def change_person(desk: Desk, subject: Subject, changes: tuple[Change, ...]) -> None:
    """Change a profile by way of the stream, and return when that is decided. Raises a `Problem`."""
    now = desk.clock.now()
    entry = ProfileChange(
        id=EventId(new_id(now, secrets.randbits(64))),
        subject=subject,
        occurred_at=now,
        received_at=now,
        changes=changes,
    )
    await desk.stream.append([entry])
    await _decided(desk)


async def erased(desk: Desk, subject: Subject) -> Erasure:
    """Erase whom a subject names, after all that came before was decided. Raises a `Problem`."""
    await _decided(desk)
    now = desk.clock.now()
    receipt = new_id(now, secrets.randbits(64))
    deed = Deed(kind="person", object_id=receipt, name="", what="erased", at=now)
    erasure = await desk.people.erase(subject, receipt, deed, desk.author)
    if erasure is None:
        raise not_found("such person")
    log("person.erased")
    return erasure


def receipt_view(erasure: Erasure) -> ErasureReceipt:
    """Return a receipt as it is shown."""
    return ErasureReceipt(
        id=erasure.id,
        at=erasure.at.isoformat(),
        by=erasure.by,
        is_finished=erasure.finished_at is not None,
        finished_at=None if erasure.finished_at is None else erasure.finished_at.isoformat(),
        rows=erasure.rows,
        stays=STAYS,
    )


STAYS: Final = (
    "Sums that name nobody; that a number must not be written to, and when that was asked for; "
    "copies in backups, and what a provider or gateway keeps."
)


async def _decided(desk: Desk) -> None:
    """Return when all that came until now is decided. Raises a `Problem` if that takes too long."""
    last = desk.stream.last(0)
    try:
        async with asyncio.timeout(DECIDED_WITHIN_S):
            while await desk.people.decided() < last:  # noqa: ASYNC110 - the store has no sign of it
                await asyncio.sleep(LOOK_S)
    except TimeoutError as late:
        message = "What came before is still being decided, and this comes after it. Try again in a moment."
        raise Problem(503, "busy", message, headers={"retry-after": "10"}) from late


async def _whole(desk: Desk, profile: Profile, limit: int, before: str) -> Person:
    newest = await desk.catalog.snapshot()
    place = _place(before)
    happenings = await desk.people.happenings(profile.id, profile.phone, limit, place)
    stays = await desk.reports.stays(profile.id, LINES_LIMIT)
    ids = [one.id for one in newest.account.lists]
    facts = await desk.reports.people(profile.subjects[:1], ids) if ids else None
    on = frozenset[ListId]() if facts is None else frozenset().union(*facts.listed.values())
    return person_of(
        profile,
        newest,
        consent=consents_of(profile),
        suppressed=await suppressed_of(desk.consents, profile),
        lines=await desk.consents.lines_of(profile.id, addresses_of(profile), LINES_LIMIT),
        lists=[one.name for one in newest.account.lists if one.id in on],
        stays=stays,
        happenings=happenings,
        is_first=place is None,
    )


def _place(before: str) -> tuple[int, int] | None:
    events, _, messages = before.partition(".")
    return (int(events), int(messages or events)) if events else None
