"""`tellwire suppressions` and `tellwire consent`: who must not be written to, and the ledger of who asked for what."""

import asyncio
import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tellwire.options import HERE, Where
from tellwire.platform.control.suppression_lines import is_header, text_of_file
from tellwire.remote import Remote

PART_CHARACTERS: Final = 400_000  # of a file that is sent in one request, which takes 1 MiB
MISTAKES_SHOWN: Final = 20
_SUMS: Final = ("suppressed", "already", "repeated", "refused")

SUPPRESSIONS: Final = App(
    name="suppressions", help="Numbers that must not be written to: list, add, release, import."
)
CONSENT: Final = App(name="consent", help="The ledger of who asked to be, or not to be, written to.")


@SUPPRESSIONS.default
def suppressions(
    *,
    phone: str = "",
    limit: Annotated[int, Parameter(help="How many to print at most.")] = 100,
    where: Where = HERE,
) -> None:
    """Print suppressed numbers, the newest first, or say whether one is among them."""
    page = asyncio.run(where.remote().get("/api/suppressions", phone=phone, limit=str(min(limit, 1_000))))
    table = Table("number", "asked by", "since", "until", "reason", "who", box=None, pad_edge=False)
    for one in page["suppressions"]:
        table.add_row(one["address"], one["source"], one["at"], one["until"] or "", one["reason"], one["by"])
    Console(markup=False).print(table)


@SUPPRESSIONS.command
def add(*phones: str, reason: str = "", until: str = "", where: Where = HERE) -> None:
    """Suppress numbers.

    Parameters
    ----------
    phones
        Numbers with their country codes.
    reason
        Why: the ledger keeps it.
    until
        Moment at which they are released by themselves: 2027-01-31T00:00:00Z. Without it never.
    """
    body = {"phones": phones, "reason": reason, "until": until or None}
    _say(asyncio.run(where.remote().post("/api/suppressions", body)))


@SUPPRESSIONS.command
def release(*phones: str, reason: str = "", where: Where = HERE) -> None:
    """Release numbers; those who texted STOP only if they ask for it."""
    body = {"phones": phones, "reason": reason}
    _say(asyncio.run(where.remote().post("/api/suppressions/release", body)))


@SUPPRESSIONS.command(name="import")
def import_file(
    file: Path, *, dry_run: bool = False, report: Path | None = None, where: Where = HERE
) -> None:
    """Suppress the numbers of a file of any length.

    Parameters
    ----------
    file
        A CSV with the columns phone, reason and until, or a number a line.
    dry_run
        Only say what it would do.
    report
        File to write the refused rows to, as a CSV of line and why; the first hundred of each part.
    """
    answer = asyncio.run(_import(where.remote(), text_of_file(file.read_bytes()), is_dry=dry_run))
    if report is not None:
        with report.open("w", newline="") as out:
            csv.writer(out).writerows([("line", "why"), *((m["line"], m["why"]) for m in answer["mistakes"])])
    _say({**answer, "mistakes": answer["mistakes"][:MISTAKES_SHOWN]})


@SUPPRESSIONS.command
def export(to: Path | None = None, *, where: Where = HERE) -> None:
    """Write all suppressed numbers as a CSV, which can be imported again."""
    _write(where.remote().get_lines("/api/suppressions/export"), to)


@CONSENT.command(name="export")
def export_ledger(
    to: Path | None = None,
    *,
    form: Annotated[Literal["ndjson", "csv"], Parameter(name="--format")] = "ndjson",
    after: int = 0,
    where: Where = HERE,
) -> None:
    """Write the consent ledger: who asked for what, when and how, and what it changed.

    Parameters
    ----------
    to
        File to write; else the terminal.
    after
        `seq` of a line: only what came later.
    """
    lines = where.remote().get_lines("/api/consent/export", format=form, after=str(after) if after else "")
    _write(lines, to)


async def _import(remote: Remote, text: str, *, is_dry: bool) -> dict[str, Any]:
    """Send a file part after part, and return the sum of the reports, mistakes by their line in the file."""
    parts = list(parts_of(text))
    total: dict[str, Any] = {"dry_run": is_dry, **dict.fromkeys(_SUMS, 0), "mistakes": []}
    with Progress(console=Console(stderr=True), transient=True) as progress:
        for skipped, part in progress.track(parts, description="Sending"):
            path, query = "/api/suppressions/import", {"dry_run": "true" if is_dry else ""}
            one = await remote.post_text(path, part, "text/csv", **query)
            total.update({name: total[name] + one[name] for name in _SUMS})
            total["mistakes"] += [{**m, "line": m["line"] + skipped} for m in one["mistakes"]]
    return total


def parts_of(text: str, most: int = PART_CHARACTERS) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text in parts, each with how many lines before its own it leaves out.

    A header stands before each part.
    """
    lines = text.splitlines(keepends=True)
    head = lines.pop(0) if lines and is_header(lines[0]) else ""
    part, skipped = head, 0
    for number, line in enumerate(lines):
        if len(part) + len(line) > most and len(part) > len(head):
            yield skipped, part
            part, skipped = head, number
        part += line
    yield skipped, part


def _write(lines: Iterable[bytes], to: Path | None) -> None:
    if to is None:
        for line in lines:
            sys.stdout.buffer.write(line)
        return
    with to.open("wb") as out:
        to.chmod(0o600)  # numbers, and what people wrote
        out.writelines(lines)


def _say(answer: dict[str, Any]) -> None:
    Console().print_json(data=answer)
