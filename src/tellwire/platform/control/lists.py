"""Lists of people: making them, filling them, and what uses them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from tellwire.kernel.telemetry import log
from tellwire.platform.control.desk import Desk, DeskDependency, save
from tellwire.platform.control.list_body import By, Names, RefusedName, read_names
from tellwire.platform.control.list_use import TooMany, is_joined, users_of_lists, with_lists
from tellwire.platform.control.problem import Problem, invalid, not_found
from tellwire.platform.control.shapes import SubjectView
from tellwire.platform.language.names import no_name
from tellwire.platform.model.account import Account
from tellwire.platform.model.bounds import Name
from tellwire.platform.model.campaign import CampaignSet
from tellwire.platform.model.list_member import MEMBERS_LIMIT, ListKey, number_of_key, subject_of_key
from tellwire.platform.model.people_list import LISTS_LIMIT, ListId, PeopleList, by_folded_name
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.value import fold
from tellwire.platform.ports.catalog import CatalogChange, PutAccount
from tellwire.platform.ports.lists import PIECE, ListChanged, ListDeed, ListMember

Limit = Annotated[int, QueryParameter(ge=1, le=1_000)]
Cursor = Annotated[str, QueryParameter(max_length=600)]


class ListWrite(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list as somebody names it."""

    name: Annotated[Name, msgspec.Meta(min_length=1)]


class ListView(msgspec.Struct, frozen=True, kw_only=True):
    """A list: how many names are on it, and the audiences and campaigns in use that look at it."""

    id: ListId
    name: str
    members: int
    used_by: Sequence[str]


class ListsView(msgspec.Struct, frozen=True, kw_only=True):
    """All lists, by name."""

    lists: Sequence[ListView]


class NamesAdded(msgspec.Struct, frozen=True, kw_only=True):
    """What became of names that were to come to a list: `added`, or `already` on it, or `refused`.

    `unknown` of those added or already there are nobody's so far: they count as soon as somebody has the name. Of what
    was refused the first 100 are in `mistakes`.
    """

    added: int
    already: int
    unknown: int
    refused: int
    mistakes: Sequence[RefusedName]


class NamesRemoved(msgspec.Struct, frozen=True, kw_only=True):
    """What became of names that were to leave a list: `removed`, or `absent` from it before, or `refused`."""

    removed: int
    absent: int
    refused: int
    mistakes: Sequence[RefusedName]


class MemberView(msgspec.Struct, frozen=True, kw_only=True):
    """A name on a list: a `subject`, or a `phone` with its middle hidden; `profile_id` is null if nobody has it."""

    subject: SubjectView | None
    phone: str | None
    profile_id: ProfileId | None


class MembersView(msgspec.Struct, frozen=True, kw_only=True):
    """A page of names on a list; the next one is `after` this `cursor`, which is null at the end."""

    members: Sequence[MemberView]
    cursor: str | None


@get("/api/lists", tags=["lists"])
async def list_lists(desk: DeskDependency) -> ListsView:
    """Return all lists with how many names are on each, and what uses them."""
    newest = await desk.catalog.snapshot()
    sizes, users = await desk.lists.sizes(), await asyncio.to_thread(users_of_lists, newest)
    return ListsView(
        lists=[
            ListView(
                id=one.id,
                name=one.name,
                members=sizes.get(one.id, 0),
                used_by=users.get(fold(one.name), ()),
            )
            for one in sorted(newest.account.lists, key=lambda one: one.name.casefold())
        ]
    )


@post("/api/lists", status_code=201, tags=["lists"])
async def create(data: JSONBody[ListWrite], desk: DeskDependency) -> ListView:
    """Make a list, with nobody on it. Names compare without case and spaces."""
    _demand_name(data.name)

    def change(newest: CampaignSet) -> list[CatalogChange]:
        _demand_free(newest.account, data.name)
        try:
            return [PutAccount(with_lists(newest.account, [data.name]))]
        except TooMany as problem:
            raise Problem(409, "full", f"There are {LISTS_LIMIT} lists, and more cannot be.") from problem

    saved = await save(desk, change)
    made = by_folded_name(saved.account.lists)[fold(data.name)]
    log("list.saved", count=len(saved.account.lists))
    return ListView(id=made.id, name=made.name, members=0, used_by=())


@get("/api/lists/{list_id:int}", tags=["lists"])
async def read(list_id: FromPath[int], desk: DeskDependency) -> ListView:
    """Return one list."""
    newest = await desk.catalog.snapshot()
    return await _view(desk, _known(newest, list_id), newest)


@put("/api/lists/{list_id:int}", tags=["lists"])
async def rename(list_id: FromPath[int], data: JSONBody[ListWrite], desk: DeskDependency) -> ListView:
    """Give a list another name, if nothing uses it: rules ask for lists by name."""
    _demand_name(data.name)

    def change(newest: CampaignSet) -> list[CatalogChange]:
        known = _known(newest, list_id)
        if fold(data.name) != fold(known.name):
            _demand_free(newest.account, data.name)
            _demand_unused(known, newest, "Rules ask for it by its name")
        renamed = msgspec.structs.replace(known, name=data.name.strip())
        lists = tuple(renamed if one.id == known.id else one for one in newest.account.lists)
        return [PutAccount(msgspec.structs.replace(newest.account, lists=lists))]

    saved = await save(desk, change)
    return await _view(desk, _known(saved, list_id), saved)


@delete("/api/lists/{list_id:int}", status_code=204, tags=["lists"])
async def remove(list_id: FromPath[int], desk: DeskDependency) -> None:
    """Delete a list that nothing uses. Who was on it is forgotten within minutes."""

    def change(newest: CampaignSet) -> list[CatalogChange]:
        known = _known(newest, list_id)
        _demand_unused(known, newest, "Stop or change it first")
        lists = tuple(one for one in newest.account.lists if one.id != known.id)
        return [PutAccount(msgspec.structs.replace(newest.account, lists=lists))]

    saved = await save(desk, change)
    log("list.saved", count=len(saved.account.lists))


@get("/api/lists/{list_id:int}/members", tags=["lists"])
async def list_members(
    list_id: FromPath[int], desk: DeskDependency, after: Cursor = "", limit: Limit = 100
) -> MembersView:
    """Return names on a list, a page at a time, in the order of names."""
    known = _known(await desk.catalog.snapshot(), list_id)
    members = await desk.lists.members(known.id, after, limit)
    return MembersView(
        members=list(map(_member, members)), cursor=members[-1].key if len(members) == limit else None
    )


@post("/api/lists/{list_id:int}/members", status_code=200, tags=["lists"])
async def add_members(
    request: Request[Any, Any, Any],
    list_id: FromPath[int],
    desk: DeskDependency,
    by: FromQuery[By] = "identity",
) -> NamesAdded:
    """Put names of people on a list: a JSON array, or a text or CSV of one name a line, up to 1 MiB.

    Names are identities if `by` does not say otherwise; in an array `{"phone": "+6591230000"}` is a name too, and so
    are `identity` and `object_id`; a CSV may have a header with one of these words. Who is not known yet counts as
    soon as they appear. All names that can be read are on the list when this answers; after an error send it again:
    nobody is on it twice.
    """
    names, changed = await _changed(request, desk, list_id, by, desk.lists.add, _demand_room)
    return NamesAdded(
        added=changed.changed,
        already=len(names.keys) - changed.changed + names.repeated,
        unknown=changed.unknown,
        refused=names.refused,
        mistakes=names.mistakes,
    )


@post("/api/lists/{list_id:int}/members/remove", status_code=200, tags=["lists"])
async def remove_members(
    request: Request[Any, Any, Any],
    list_id: FromPath[int],
    desk: DeskDependency,
    by: FromQuery[By] = "identity",
) -> NamesRemoved:
    """Take names of people from a list; they are sent as those to be added are."""
    names, changed = await _changed(request, desk, list_id, by, desk.lists.remove, _demand_nothing)
    return NamesRemoved(
        removed=changed.changed,
        absent=len(names.keys) - changed.changed + names.repeated,
        refused=names.refused,
        mistakes=names.mistakes,
    )


HANDLERS: Final = [
    *(list_lists, create, read, rename, remove),
    *(list_members, add_members, remove_members),
]


async def _changed(
    request: Request[Any, Any, Any],
    desk: Desk,
    list_id: int,
    by: By,
    change: Callable[..., Awaitable[ListChanged]],
    demand: Callable[[Desk, Names], Awaitable[None]],
) -> tuple[Names, ListChanged]:
    """Change a list by the names of a request, a piece after the other, so that no piece holds the writer for long."""
    _known(await desk.catalog.snapshot(), list_id)
    kind, body = request.headers.get("content-type", ""), await request.body()
    names = await asyncio.to_thread(read_names, body, kind, by, desk.options.default_region)
    await demand(desk, names)
    keys = sorted(names.keys)  # as the store's index has them, so that a piece touches few pages of it
    changed = unknown = line = 0
    for start in range(0, len(keys), PIECE):
        newest = await desk.catalog.snapshot()
        known = _known(newest, list_id)
        follows, deed = is_joined(known, newest), ListDeed(name=known.name, by=desk.author, line=line)
        piece: Sequence[ListKey] = keys[start : start + PIECE]
        done = await change(ListId(list_id), piece, desk.clock.now(), follows=follows, deed=deed)
        changed, unknown, line = changed + done.changed, unknown + done.unknown, done.line
    log("list.changed", count=changed, rows=len(keys))
    return names, ListChanged(changed=changed, unknown=unknown)


async def _demand_room(desk: Desk, names: Names) -> None:
    if sum((await desk.lists.sizes()).values()) + len(names.keys) > MEMBERS_LIMIT:
        message = (
            f"The lists would have more than {MEMBERS_LIMIT:,} names in all: delete one that is not used."
        )
        raise Problem(409, "full", message)


async def _demand_nothing(_desk: Desk, _names: Names) -> None:
    return


def _known(newest: CampaignSet, list_id: int) -> PeopleList:
    known = next((one for one in newest.account.lists if one.id == list_id), None)
    if known is None:
        raise not_found("such list")
    return known


def _demand_name(name: str) -> None:
    if why := no_name(name, "list"):
        raise invalid({"name": why})


def _demand_free(account: Account, name: str) -> None:
    taken = by_folded_name(account.lists).get(fold(name))
    if taken is not None:
        raise invalid({"name": f"“{taken.name}” is the name of another list."})


def _demand_unused(known: PeopleList, newest: CampaignSet, why: str) -> None:
    users = users_of_lists(newest).get(fold(known.name), ())
    if users:
        shown = f"{', '.join(users[:_USERS_SHOWN])}{' and others' if len(users) > _USERS_SHOWN else ''}"
        raise Problem(409, "in_use", f"The list “{known.name}” is used by {shown}. {why}.")


_USERS_SHOWN: Final = 10


async def _view(desk: Desk, known: PeopleList, newest: CampaignSet) -> ListView:
    sizes, users = await desk.lists.sizes(), await asyncio.to_thread(users_of_lists, newest)
    return ListView(
        id=known.id,
        name=known.name,
        members=sizes.get(known.id, 0),
        used_by=users.get(fold(known.name), ()),
    )


def _member(member: ListMember) -> MemberView:
    number = number_of_key(member.key)
    subject = None if number is not None else subject_of_key(member.key)
    return MemberView(
        subject=None if subject is None else SubjectView(subject.kind, subject.value),
        phone=None if number is None else number.masked,
        profile_id=member.profile_id,
    )
