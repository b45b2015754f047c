"""Lines of the CSV files that people open in a spreadsheet. Pure."""

import csv
import io
from typing import Final

_FORMULA: Final = tuple("=+-@\t\r")


def csv_line(cells: tuple[str, ...]) -> bytes:
    """Return one line; what a spreadsheet would take for a formula is written as a text."""
    out = io.StringIO()
    csv.writer(out).writerow([_inert(cell) for cell in cells])
    return out.getvalue().encode("utf-8", "replace")


def _inert(cell: str) -> str:
    """Keep a spreadsheet from taking a customer's text for a formula; numbers with a plus stay as they are."""
    is_number = cell[:1] == "+" and cell[1:].replace("*", "").isdecimal()
    return f"'{cell}" if cell[:1] in _FORMULA and not is_number else cell
