"""`tellwire simulate`: files in, lines out. Needs no server, settings, data or provider."""

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Literal

import msgspec

from tellwire.kernel.address import is_region
from tellwire.kernel.links.web_url import is_web_url
from tellwire.platform.control.catalog_yaml import BadDocument
from tellwire.platform.control.simulating import Rehearsed, read_files
from tellwire.platform.language.moments import YEARS
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.link import Shortening, shortening_at
from tellwire.platform.rehearse.simulation import Output, OutputLine, simulate
from tellwire.platform.rehearse.story import BadStory, Refused, check_story, read_story


class SimulationProblem(Exception):
    """A file or an option that cannot be read; the message says which, where and why."""


def run_simulation(
    files: Sequence[Path],
    events: Path,
    until: str,
    *,
    zone: str = "",
    region: str | None = None,
    is_delivered: bool = False,
    is_traced: bool = False,
    link_url: str = "",
) -> Iterator[Output]:
    """Yield the lines of a simulation. Raises `SimulationProblem` before the first one, for whatever is wrong."""
    if not files:
        raise SimulationProblem("Name a file of campaigns, or several.")
    if region is not None and not is_region(region):
        raise SimulationProblem(f"--region: “{region[:40]}” is no country: write two letters, as SG.")
    if link_url and not is_web_url(link_url):
        raise SimulationProblem(f"--link-url: “{link_url[:80]}” is no address: write https://exm.pl.")
    rehearsed, end = _read(files, zone), _moment(until)
    lines = _opened(events)
    try:
        check_story(lines)
        lines.seek(0)
    except BadStory as problem:
        lines.close()
        raise SimulationProblem(f"{events}: {problem}") from problem
    return _lines(
        rehearsed, lines, end, region, shortening_at(link_url), is_delivered=is_delivered, is_traced=is_traced
    )


def write_lines(outputs: Iterator[Output], form: Literal["ndjson", "text"]) -> None:
    """Write what was decided to standard output, and what an upload would refuse to standard error."""
    encode = msgspec.json.Encoder().encode
    out = sys.stdout.buffer
    for line in outputs:
        if isinstance(line, Refused):
            sys.stderr.write(f"Line {line.line}: {line.why}\n")
        else:
            out.write((encode(line) if form == "ndjson" else line_in_text(line).encode()) + b"\n")
    out.flush()


def _lines(
    rehearsed: Rehearsed,
    events: BinaryIO,
    until: datetime,
    region: str | None,
    shortening: Shortening | None,
    *,
    is_delivered: bool,
    is_traced: bool,
) -> Iterator[Output]:
    with events as lines:
        yield from simulate(
            rehearsed.campaigns,
            read_story(lines, region),
            until=until,
            account=rehearsed.account,
            default_region=region,
            is_delivered=is_delivered,
            is_traced=is_traced,
            shortening=shortening,
        )


def _read(files: Sequence[Path], zone: str) -> Rehearsed:
    try:
        rehearsed = read_files([(str(file), _text_of(file)) for file in files])
        return rehearsed.with_zone(zone) if zone else rehearsed
    except (BadDocument, Unreadable) as problem:
        raise SimulationProblem(str(problem)) from problem


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as problem:
        raise SimulationProblem(f"{file}: {problem.strerror}.") from problem
    except UnicodeDecodeError as problem:
        raise SimulationProblem(f"{file}: this is not UTF-8.") from problem


def _opened(events: Path) -> BinaryIO:
    """Open a file that is read twice: what can be read only once, as a pipe, is held."""
    try:
        file = events.open("rb")
        if file.seekable():
            return file
        with file:
            return BytesIO(file.read())
    except OSError as problem:
        raise SimulationProblem(f"{events}: {problem.strerror}.") from problem


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise SimulationProblem(
            f"--until: “{text}” is not a moment: write 2026-06-30T12:00:00Z."
        ) from problem
    if moment.year not in YEARS:
        raise SimulationProblem(f"--until: {moment.year} is no year from {YEARS[0]} to {YEARS[-1]}.")
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def line_in_text(line: OutputLine) -> str:
    """Return a line as people read it."""
    what = line.text if line.verdict == "send" else line.code
    place = f"{line.campaign}/{line.step}" if line.step else line.campaign
    return f"{line.at}  {line.identity:<20} {place:<32} {line.verdict:<5} {what or ''}".rstrip()
