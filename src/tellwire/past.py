"""`tellwire audiences` and `tellwire history`: who belongs, and the copy of the past that is counted over."""

import asyncio
import sys
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from cyclopts import App
from rich.console import Console
from rich.table import Table

from tellwire.options import HERE, Where
from tellwire.platform.language.yaml_core import CoreLoader
from tellwire.remote import Remote, RemoteProblem

AUDIENCES: Final = App(name="audiences", help="Audiences: list them, and count and name who belongs.")
HISTORY: Final = App(name="history", help="The copy of people and events that audiences are counted over.")

PAGE: Final = 5_000  # of names that are asked for at once


@AUDIENCES.default
def audiences(*, where: Where = HERE) -> None:
    """Print all saved audiences: the rule in words, and what uses it."""
    table = Table("audience", "who", "used by", box=None, pad_edge=False)
    for one in asyncio.run(where.remote().get("/api/audiences"))["audiences"]:
        table.add_row(one["name"], one["text"], ", ".join(one["used_by"]))
    Console(markup=False).print(table)


@AUDIENCES.command
def count(file: Path, *, lines: bool = False, where: Where = HERE) -> None:
    """Count who meets the rule in a file, and whom of them each channel reaches, as JSON.

    Parameters
    ----------
    file
        A rule as YAML or JSON: {all: [{profile: Plan, equals: gold}, {did: Charged, within: 30 days}]}.
    lines
        Also count each rule within it alone.
    """
    body = {"rule": _rule_in(file), "lines": lines}
    Console().print_json(data=asyncio.run(where.remote().post("/api/audiences/count", body)))


@AUDIENCES.command
def members(file: Path, *, where: Where = HERE) -> None:
    """Print the identities of all who meet the rule in a file, one a line."""
    asyncio.run(_print_members(where.remote(), _rule_in(file)))


@HISTORY.default
def history(*, where: Where = HERE) -> None:
    """Say how the copy stands: whether it answers, how far it is behind, and why it was last made anew."""
    Console().print_json(data=asyncio.run(where.remote().get("/api/history")))


@HISTORY.command
def rebuild(*, where: Where = HERE) -> None:
    """Throw the copy away and read everything in anew; audiences are not counted until that is done."""
    Console().print_json(data=asyncio.run(where.remote().post("/api/history/rebuild")))


@HISTORY.command
def export(to: Path, *, what: Literal["events", "people"] = "events", where: Where = HERE) -> None:
    """Write events or people to a Parquet file.

    Parameters
    ----------
    to
        The file; readable by its owner only, and there when it is whole.
    what
        events: what people did. people: who there is, with properties.
    """
    size = where.remote().get_file(f"/api/history/export/{what}", to)
    Console().print(f"Wrote {size:,} bytes to {to}.", highlight=False, markup=False, soft_wrap=True)


def _rule_in(file: Path) -> Any:
    try:
        return yaml.load(file.read_text(), CoreLoader)  # noqa: S506 - it is a safe loader
    except yaml.YAMLError as problem:
        raise RemoteProblem(f"{file} is no YAML: {problem}") from problem


async def _print_members(remote: Remote, rule: Any) -> None:
    after: str | None = None
    while True:
        page = await remote.post("/api/audiences/members", {"rule": rule, "limit": PAGE, "after": after})
        sys.stdout.writelines(f"{name}\n" for name in page["identities"])
        after = page["next"]
        if after is None:
            return
