"""Writes what the copy holds to Parquet files, for other tools: people, and what they did."""

from pathlib import Path
from typing import Final

from tellwire.platform.history.projections import run
from tellwire.platform.history.schema import event_table
from tellwire.platform.history.store import Opened
from tellwire.platform.ports.audiences import Exported

_PEOPLE: Final = "SELECT place, id AS profile_id, name, props AS properties FROM person ORDER BY place"
_EVENTS: Final = """
SELECT e.seq AS place, e.person AS profile_place, p.id AS profile_id, p.name AS name, e.event, epoch_ms(e.ts) AS ts,
  e.props AS properties
FROM ({events}) AS e LEFT JOIN person AS p ON p.place = e.person
"""
_NO_EVENTS: Final = "SELECT 0 AS seq, 0 AS person, '' AS event, 0 AS ts, '' AS props WHERE false"


def write_parquet(opened: Opened, what: Exported, to: Path) -> None:
    """Write a file; it is there only when it is whole."""
    partial = to.with_name(to.name + ".partial")
    run(opened.connection, f"COPY ({_selecting(opened, what)}) TO {_quoted(str(partial))} (FORMAT parquet)")
    partial.replace(to)


def _selecting(opened: Opened, what: Exported) -> str:
    if what == "people":
        return _PEOPLE
    parts = [
        f"SELECT seq, person, {_quoted(name)} AS event, ts, props FROM {event_table(n)}"
        for name, n in opened.loading.numbers.items()
    ]
    return _EVENTS.format(events=" UNION ALL ".join(parts or [_NO_EVENTS]))


def _quoted(text: str) -> str:
    """Return a text as SQL writes it: COPY takes no parameters."""
    return "'" + text.replace("'", "''") + "'"
