"""Numbers to suppress as somebody uploads them: a CSV, or a text of one number a line. Pure.

phone,reason,until         a CSV may name its columns in the first line, in any order; others are passed over
+6591230000,complained,    without a header the first column is the number and the second the reason
+6591230001,,2027-01-31    until a day of UTC begins, or a moment
"""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

import msgspec

from tellwire.kernel.address import Msisdn, parse_msisdn
from tellwire.platform.control.problem import Problem
from tellwire.platform.language.moments import YEARS
from tellwire.platform.model.consent import REASON_LIMIT
from tellwire.platform.model.value import fold

ROWS_SHOWN: Final = 100  # of the refused ones, with why
_NAMES: Final = {
    "phone": "phone", "number": "phone", "msisdn": "phone", "mobile": "phone", "address": "phone",
    "reason": "reason", "until": "until", "expires": "until",
}  # fmt: skip


class RefusedRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row that was not taken: its line, from 1, and why."""

    line: int
    why: str


class Row(NamedTuple):
    """A number to suppress, why, and until when."""

    number: Msisdn
    reason: str
    until: datetime | None


class Rows(NamedTuple):
    """What was read: each number once, how many rows repeat one, and how many were refused, with the first of these."""

    rows: tuple[Row, ...]
    repeated: int
    refused: int
    mistakes: tuple[RefusedRow, ...]


def read_rows(body: bytes, now: datetime, default_region: str | None) -> Rows:
    """Return the rows of a body. Raises a `Problem` for one that cannot be read at all, or that has none."""
    try:
        return _gathered(_rows(text_of_file(body), now, default_region))
    except csv.Error as problem:
        raise Problem(400, "malformed", f"The body is no CSV that can be read: {problem}.") from problem


def is_header(line: str) -> bool:
    """Say whether a first line names columns."""
    return "phone" in _columns(next(csv.reader([line]), []))


def text_of_file(body: bytes) -> str:
    """Return the text of a file: UTF-8, or UTF-16 as spreadsheets write it, else what old spreadsheets write.

    Numbers, moments and commas are the same in all of these; only a reason may come out with a wrong letter.
    """
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _rows(text: str, now: datetime, default_region: str | None) -> Iterator[tuple[int, Row | None, str]]:
    columns = {"phone": 0, "reason": 1}
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    for number, cells in enumerate(lines):
        if number == 0 and "phone" in (named := _columns(cells)):
            columns = named
        elif any(cell.strip() for cell in cells):
            row = _row({name: _cell(cells, at) for name, at in columns.items()}, now, default_region)
            yield lines.line_num, row if isinstance(row, Row) else None, row if isinstance(row, str) else ""


def _delimiter(text: str) -> str:
    """Return what stands between the cells: spreadsheets of half of the world write semicolons."""
    first = text[:1024].partition("\n")[0]
    return max(",;\t", key=first.count)


def _columns(cells: Sequence[str]) -> dict[str, int]:
    return {name: at for at, cell in enumerate(cells) if (name := _NAMES.get(fold(cell))) is not None}


def _cell(cells: Sequence[str], at: int) -> str:
    """Return a cell; the sign by which a formula was kept a text (`kernel.csv_lines`) is taken off."""
    cell = cells[at].strip() if at < len(cells) else ""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in "=+-@" else cell


def _row(cells: dict[str, str], now: datetime, default_region: str | None) -> Row | str:
    """Return a row, or why it is not taken."""
    number = parse_msisdn(cells.get("phone", ""), default_region)
    if number is None:
        return "This is no phone number. Write it with its country code, as +65 9123 4567."
    written = cells.get("until", "")
    until = _moment(written) if written else None
    if written and until is None:
        return f"“{written[:40]}” is no moment: write 2027-01-31, or 2027-01-31T12:00:00Z."
    if until is not None and until <= now:
        return f"{written} is over."
    return Row(number, cells.get("reason", "")[:REASON_LIMIT], until)


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written[:40])
    except ValueError:
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return moment.astimezone(UTC) if moment.year in YEARS else None


def _gathered(items: Iterator[tuple[int, Row | None, str]]) -> Rows:
    rows: dict[Msisdn, Row] = {}
    count = refused = 0
    mistakes: list[RefusedRow] = []
    for line, row, why in items:
        count += 1
        if row is not None:
            rows[row.number] = row
            continue
        refused += 1
        if len(mistakes) < ROWS_SHOWN:
            mistakes.append(RefusedRow(line=line, why=why))
    if not count:
        raise Problem(422, "invalid", "There is no number in the body: send one a line, or a CSV of them.")
    return Rows(tuple(rows.values()), count - refused - len(rows), refused, tuple(mistakes))
