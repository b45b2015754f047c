"""`tellwire replay`: asks a running platform what a campaign would have done, and writes it down."""

import sys
from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal, TypeAlias

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from tellwire.kernel.csv_lines import csv_line
from tellwire.platform.control.replaying import Summary
from tellwire.platform.rehearse.replay import ReplaySum
from tellwire.platform.rehearse.simulation import OutputLine
from tellwire.remote import Remote, RemoteProblem
from tellwire.simulating import line_in_text

Form: TypeAlias = Literal["ndjson", "json", "csv", "text"]

_FIELDS: Final = OutputLine.__struct_fields__


async def campaign_named(remote: Remote, name: str) -> int:
    """Return the number of the campaign with this name, or with this number. Raises `RemoteProblem`."""
    number: int = (await remote.get("/api/campaigns/named", name=name))["id"]
    return number


def write_replay(lines: Iterator[Any], form: Form) -> None:
    """Write what a replay says to standard output, and how far it has come to a terminal's standard error.

    Raises `RemoteProblem` if it does not come to its summary.
    """
    console = Console(stderr=True)
    columns = (TextColumn("Replaying"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    writer, is_whole = _Writer(form), False
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("replay", total=1.0)
        for line in lines:
            if "progress" in line:
                bar.update(task, completed=line["progress"])
            elif "summary" in line:
                writer.end(msgspec.convert(line, Summary))
                is_whole = True
            else:
                writer.write(msgspec.convert(line, OutputLine))
    sys.stdout.flush()
    if not is_whole:
        raise RemoteProblem("The replay broke off before its end: see the platform's log, and ask again.")


class _Writer:
    """Writes lines in one form."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._kept: list[OutputLine] = []
        if form == "csv":
            self._write_cells(_FIELDS)

    def write(self, line: OutputLine) -> None:
        match self._form:
            case "ndjson":
                sys.stdout.write(msgspec.json.encode(line).decode() + "\n")
            case "json":
                self._kept.append(line)
            case "csv":
                self._write_cells(_cell(getattr(line, name)) for name in _FIELDS)
            case "text":
                sys.stdout.write(line_in_text(line) + "\n")

    def _write_cells(self, cells: Iterable[str]) -> None:
        sys.stdout.write(csv_line(tuple(cells)).decode())

    def end(self, summary: Summary) -> None:
        match self._form:
            case "json":
                whole = {**msgspec.to_builtins(summary), "lines": self._kept}
                sys.stdout.write(msgspec.json.format(msgspec.json.encode(whole)).decode() + "\n")
            case "text":
                sys.stdout.write(_in_text(summary) + "\n")
            case _:
                pass


def _cell(value: object) -> str:
    return "" if value is None else str(value)


_CUT: Final = "It broke off: people go on more often than there is room for. Ask for a shorter period."


def _in_text(summary: Summary) -> str:
    total = summary.summary
    lines = [
        "",
        _in_one_line(total),
        *([_CUT] if total.is_cut else []),
        *(f"  {count:>8}  skipped: {code}" for code, count in sorted(total.skips.items())),
        *(f"  {count:>8}  held: {code}" for code, count in sorted(total.holds.items())),
        *(f"  {count:>8}  left: {code}" for code, count in sorted(total.exits.items())),
        f"Profiles as they were at {summary.profiles_as_of:%Y-%m-%d %H:%M:%S} UTC; caps count this replay alone.",
    ]
    return "\n".join(lines)


def _in_one_line(total: ReplaySum) -> str:
    people = "1 person" if total.people == 1 else f"{total.people} people"
    messages, parts = _many(total.messages, "message"), _many(total.parts, "part")
    return f"{_many(total.events, 'event')}, {messages} to {people}, {parts}"


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
