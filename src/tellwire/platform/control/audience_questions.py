"""Questions about audiences, saved or not: how many, who, some of them, why somebody is in, and who is in two."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from litestar import post
from litestar.params import FromQuery, JSONBody
from litestar.response import Stream

from tellwire.platform.control.audience_rules import answered, lines_of, rule_of
from tellwire.platform.control.desk import Desk, DeskDependency
from tellwire.platform.control.problem import invalid, not_found
from tellwire.platform.decide.rules import text_of
from tellwire.platform.language.rule import RuleForm
from tellwire.platform.model.account import Account
from tellwire.platform.model.event import Subject
from tellwire.platform.model.list_member import key_of_subject
from tellwire.platform.model.rule import Member, Rule
from tellwire.platform.ports.audiences import MEMBERS_LIMIT, Belonging, Counted

SAMPLE: Final = 20
OVERLAPS_LIMIT: Final = 20  # audiences that are compared at once
PAGE: Final = 5_000  # of members that are streamed

Place = Annotated[str, msgspec.Meta(max_length=20)]


class CountQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule; with `lines`, each rule in it is counted alone too."""

    rule: RuleForm
    lines: bool = False


class LineCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many people meet a rule within the rule, alone."""

    count: int
    reachable: Mapping[str, int]


class CountAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How many people meet the rule, and whom of them each channel reaches.

    Everything that was acknowledged before `as_of` is in it, but for the moment that deciding takes. `lines` are by
    where they stand: `rule.all[0]`.
    """

    count: int
    reachable: Mapping[str, int]
    as_of: datetime
    lines: Mapping[str, LineCount] | None = None


class MembersQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule, how many people to name, and `next` of the page before."""

    rule: RuleForm
    limit: Annotated[int, msgspec.Meta(ge=1, le=MEMBERS_LIMIT)] = 1_000
    after: Place | None = None


class MembersAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Names of people who meet the rule: identities, of who has none another name. `next` is null at the end."""

    identities: Sequence[str]
    next: str | None
    as_of: datetime


class RuleQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule."""

    rule: RuleForm


class SamplePerson(msgspec.Struct, frozen=True, kw_only=True):
    """One of those who meet the rule."""

    profile_id: str
    identity: str
    name: str


class SampleAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Some of those who meet the rule, from all over."""

    people: Sequence[SamplePerson]


class WhyQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule, and the person: by identity, or by object id."""

    rule: RuleForm
    identity: Annotated[str, msgspec.Meta(max_length=512)] = ""
    object_id: Annotated[str, msgspec.Meta(max_length=512)] = ""


class WhyLine(msgspec.Struct, frozen=True, kw_only=True):
    """One rule within the rule: where it stands, in words, and whether the person meets it."""

    path: str
    text: str
    is_met: bool


class WhyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a person meets the rule, and each rule within it."""

    is_member: bool
    lines: Sequence[WhyLine]


class OverlapQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Names of saved audiences."""

    audiences: Annotated[
        tuple[Annotated[str, msgspec.Meta(max_length=120)], ...],
        msgspec.Meta(min_length=1, max_length=OVERLAPS_LIMIT),
    ]


class OverlapAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How many people are in both of each two: a row for each audience, in it a number for each, its own size too."""

    audiences: Sequence[str]
    both: Sequence[Sequence[int]]


@post("/api/audiences/count", status_code=200, tags=["audiences"])
async def count(data: JSONBody[CountQuestion], desk: DeskDependency) -> CountAnswer:
    """Count the people who meet a rule, and those of them whom a channel reaches."""
    account = await _account(desk)
    rule = rule_of(data.rule, account)
    lines = lines_of(rule) if data.lines else ()
    rules = [line.rule for line in lines] or [rule]
    counted = await answered(desk.audiences.count(rules, account, desk.clock.now()))
    whole = counted[0]
    return CountAnswer(
        count=whole.count,
        reachable=whole.reachable,
        as_of=whole.as_of,
        lines={line.path: _alone(one) for line, one in zip(lines, counted, strict=False)} or None,
    )


def _alone(one: Counted) -> LineCount:
    return LineCount(count=one.count, reachable=one.reachable)


@post("/api/audiences/members", status_code=200, tags=["audiences"])
async def members(data: JSONBody[MembersQuestion], desk: DeskDependency) -> MembersAnswer:
    """Return the identities of people who meet a rule, a page at a time; go on with `after` as the `next` before."""
    account = await _account(desk)
    rule, after = rule_of(data.rule, account), _place(data.after)
    page = await answered(
        desk.audiences.members(rule, account, desk.clock.now(), after=after, limit=data.limit)
    )
    return MembersAnswer(
        identities=[one.name for one in page.people],
        next=None if page.after is None else str(page.after),
        as_of=page.as_of,
    )


def _place(after: str | None) -> int:
    if not after:
        return 0
    if not after.isascii() or not after.isdigit():
        raise invalid({"after": "Send the `next` of the page before, as it was."})
    return int(after)


@post("/api/audiences/members/stream", status_code=200, tags=["audiences"])
async def stream_members(
    data: JSONBody[RuleQuestion],
    desk: DeskDependency,
    form: Annotated[Literal["ndjson", "csv"], FromQuery] = "ndjson",
) -> Stream:
    """Stream all people who meet a rule: a JSON object a line, or CSV with a header; identities and profile ids."""
    account = await _account(desk)
    rule, now = rule_of(data.rule, account), desk.clock.now()
    first = await answered(desk.audiences.members(rule, account, now, after=0, limit=PAGE))
    write = _csv_line if form == "csv" else _json_line

    async def pages() -> AsyncIterator[bytes]:
        page = first
        if form == "csv":
            yield b"identity,profile_id\r\n"
        while True:
            yield b"".join(map(write, page.people))
            if page.after is None:
                return
            page = await desk.audiences.members(rule, account, now, after=page.after, limit=PAGE)

    return Stream(pages(), media_type="text/csv" if form == "csv" else "application/x-ndjson")


def _json_line(one: Belonging) -> bytes:
    return msgspec.json.encode({"identity": one.name, "profile_id": one.id}) + b"\n"


def _csv_line(one: Belonging) -> bytes:
    """Return a line of CSV; what a spreadsheet would take for a formula has an apostrophe before it."""
    name = one.name.replace('"', '""')
    guard = "'" if name[:1] in _FORMULA else ""
    return f'"{guard}{name}",{one.id}\r\n'.encode()


_FORMULA: Final = frozenset("=+-@\t\r")


@post("/api/audiences/sample", status_code=200, tags=["audiences"])
async def sample(data: JSONBody[RuleQuestion], desk: DeskDependency) -> SampleAnswer:
    """Return twenty of those who meet a rule, or all if there are fewer."""
    account = await _account(desk)
    rule = rule_of(data.rule, account)
    people = await answered(desk.audiences.sample(rule, account, desk.clock.now(), SAMPLE))
    return SampleAnswer(
        people=[
            SamplePerson(profile_id=one.id, identity=one.name, name=str(one.properties.get("Name") or ""))
            for one in people
        ]
    )


@post("/api/audiences/why", status_code=200, tags=["audiences"])
async def why(data: JSONBody[WhyQuestion], desk: DeskDependency) -> WhyAnswer:
    """Say of one person which rules within a rule they meet, and so why they are in or out."""
    account = await _account(desk)
    lines = lines_of(rule_of(data.rule, account))
    if not data.identity and not data.object_id:
        raise invalid({"identity": "Name the person: by identity, or object_id."})
    kind: Literal["identity", "device"] = "identity" if data.identity else "device"
    key = key_of_subject(Subject(kind, data.identity or data.object_id))
    rules = [line.rule for line in lines]
    holds = await answered(desk.audiences.holding(rules, account, desk.clock.now(), key))
    if holds is None:
        raise not_found("such person")
    return WhyAnswer(
        is_member=holds[0],
        lines=[
            WhyLine(path=line.path, text=text_of(line.rule), is_met=is_met)
            for line, is_met in zip(lines, holds, strict=True)
        ],
    )


@post("/api/audiences/overlap", status_code=200, tags=["audiences"])
async def overlap(data: JSONBody[OverlapQuestion], desk: DeskDependency) -> OverlapAnswer:
    """Count the people who are in both of each two of some saved audiences."""
    account = await _account(desk)
    missing = {
        f"audiences[{n}]": f"There is no audience “{name}”."
        for n, name in enumerate(data.audiences)
        if name not in account.audiences
    }
    if missing:
        raise invalid(missing)
    rules: list[Rule] = [Member(name) for name in data.audiences]
    both = await answered(desk.audiences.overlaps(rules, account, desk.clock.now()))
    return OverlapAnswer(audiences=data.audiences, both=both)


HANDLERS: Final = [count, members, stream_members, sample, why, overlap]


async def _account(desk: Desk) -> Account:
    return (await desk.catalog.snapshot()).account
