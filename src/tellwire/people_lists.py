"""`tellwire lists`: lists of people of a running platform, made and filled from files of any length."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from tellwire.options import HERE, Where
from tellwire.platform.control.list_body import is_header
from tellwire.platform.model.value import fold
from tellwire.remote import Remote, RemoteProblem

PART_BYTES: Final = 512 * 1024  # of a file that is sent in one request; a request may have twice as much
MISTAKES_SHOWN: Final = 20

By = Literal["identity", "object_id", "phone"]

LISTS: Final = App(name="lists", help="Lists of people: make, fill, look at and delete them.")


@LISTS.default
def lists(*, where: Where = HERE) -> None:
    """Print all lists: how many names are on each, and what uses it."""
    table = Table("list", "names", "used by", box=None, pad_edge=False)
    for one in asyncio.run(where.remote().get("/api/lists"))["lists"]:
        table.add_row(one["name"], str(one["members"]), ", ".join(one["used_by"]))
    Console(markup=False).print(table)


@LISTS.command
def create(name: str, *, where: Where = HERE) -> None:
    """Make a list, with nobody on it."""
    remote = where.remote()
    body = msgspec.json.encode({"name": name}).decode()
    _say(asyncio.run(remote.post_text("/api/lists", body, "application/json")))


@LISTS.command
def add(
    name: str,
    file: Path,
    *,
    by: By = "identity",
    where: Where = HERE,
) -> None:
    """Put the names of people in a file on a list.

    Parameters
    ----------
    name
        The list's name.
    file
        One name a line; a file whose name ends in .csv may have a header with identity, object_id or phone.
    by
        What the names are, where no header says it.
    """
    _change(where.remote(), name, file, "members", by)


@LISTS.command
def remove(
    name: str,
    file: Path,
    *,
    by: By = "identity",
    where: Where = HERE,
) -> None:
    """Take the names of people in a file from a list; the file is as for `add`."""
    _change(where.remote(), name, file, "members/remove", by)


@LISTS.command
def members(
    name: str,
    *,
    limit: Annotated[int, Parameter(help="How many to print at most.")] = 1_000,
    where: Where = HERE,
) -> None:
    """Print the names on a list as NDJSON, one a line; numbers have their middle hidden."""
    asyncio.run(_print_members(where.remote(), name, limit))


@LISTS.command
def delete(name: str, *, where: Where = HERE) -> None:
    """Delete a list that no audience and no campaign in use looks at."""
    remote = where.remote()

    async def whole() -> None:
        await remote.delete(f"/api/lists/{await _number(remote, name)}")

    asyncio.run(whole())


async def _number(remote: Remote, name: str) -> int:
    for one in (await remote.get("/api/lists"))["lists"]:
        if fold(one["name"]) == fold(name):
            number: int = one["id"]
            return number
    raise RemoteProblem(f"There is no list “{name}”.")


async def _print_members(remote: Remote, name: str, limit: int) -> None:
    path, after, left = f"/api/lists/{await _number(remote, name)}/members", "", limit
    while left > 0:
        page = await remote.get(path, after=after, limit=str(min(left, 1_000)))
        for one in page["members"]:
            print(msgspec.json.encode(one).decode())  # noqa: T201 - what the command is for
        left, after = left - len(page["members"]), page["cursor"]
        if after is None:
            return


def _change(remote: Remote, name: str, file: Path, what: str, by: By) -> None:
    _say(asyncio.run(_changed(remote, name, file, what, by)))


async def _changed(remote: Remote, name: str, file: Path, what: str, by: By) -> dict[str, Any]:
    """Send a file part after part, and return the sum of the answers, mistakes by their line in the file."""
    path = f"/api/lists/{await _number(remote, name)}/{what}"
    kind = "text/csv" if file.suffix.lower() == ".csv" else "text/plain"
    total: dict[str, Any] = {}
    mistakes: list[dict[str, Any]] = []
    for skipped, part in _parts(file, is_csv=kind == "text/csv"):
        answer = await remote.post_text(path, part, kind, by=by)
        mistakes += [{**one, "line": one["line"] + skipped} for one in answer.pop("mistakes")]
        total = {key: total.get(key, 0) + count for key, count in answer.items()}
    return {**total, "mistakes": mistakes[:MISTAKES_SHOWN]}


def _parts(file: Path, *, is_csv: bool) -> Iterator[tuple[int, str]]:
    """Yield the lines of a file in parts, each with how many lines of the file before its own it leaves out.

    A header stands before each part.
    """
    with file.open(encoding="utf-8-sig") as lines:
        first = next(lines, "")
        head = [first] if is_csv and is_header(first) else []
        part, size, count, skipped = [*head] or [first], 0, 0 if head else 1, 0
        for line in lines:
            size += len(line.encode())
            if size > PART_BYTES:
                yield skipped, "".join(part)
                part, size, skipped = [*head], len(line.encode()), count
            part.append(line)
            count += 1
        yield skipped, "".join(part)


def _say(answer: dict[str, Any]) -> None:
    Console().print_json(data=answer)
