"""The tables of `history.duckdb`. There are no migrations: a file of another `FORMAT` is made anew.

    person         people who are somebody, by their places in the store that feeds; `props` is their properties' JSON
    person_name    what they are known by, as lists know names
    person_reach   addresses that they have and consent to, by channel
    suppressed     addresses that must not be written to
    listing        names on lists
    event_name     the folded names of events; events of name n are in the table `event_<n>`
    projection     which properties were asked for; their values are in the table `column_<id>` (`projections`)

Places of events and people are those of the store that feeds. Moments are milliseconds since the epoch.
"""

from typing import Final

FORMAT: Final = 1

_TABLES: Final = (
    """CREATE TABLE about (
      format INTEGER, source VARCHAR, stage VARCHAR, after_place BIGINT, after_key VARCHAR, event_place BIGINT)""",
    "CREATE TABLE person (place UINTEGER, id VARCHAR, name VARCHAR, props VARCHAR)",
    "CREATE TABLE person_name (place UINTEGER, key VARCHAR)",
    "CREATE TABLE person_reach (place UINTEGER, channel VARCHAR, address BIGINT)",
    "CREATE TABLE suppressed (address BIGINT)",
    "CREATE TABLE listing (list UINTEGER, key VARCHAR)",
    "CREATE TABLE event_name (n UINTEGER, name VARCHAR)",
    "CREATE TABLE projection (id UINTEGER, of_events UINTEGER, properties VARCHAR)",
)
_BEGIN: Final = "INSERT INTO about VALUES (?, ?, 'people', 0, '', 0)"
# What a slice is unpacked into; a temporary table is in no file.
_EVENT_COLUMNS: Final = "(seq BIGINT, person UINTEGER, ts BIGINT, props VARCHAR)"


def creating(source: str) -> list[tuple[str, tuple[object, ...]]]:
    """Return the statements, with their parameters, that make an empty file for a copy of this source."""
    return [*((statement, ()) for statement in _TABLES), (_BEGIN, (FORMAT, source))]


def event_table(n: int) -> str:
    """Return the name of the table of events with the name number n."""
    return f"event_{int(n)}"


def creating_events(n: int) -> str:
    """Return the statement that makes it."""
    return f"CREATE TABLE {event_table(n)} {_EVENT_COLUMNS}"


def projection_table(number: int) -> str:
    """Return the name of the table of a projection's values."""
    return f"column_{int(number)}"
