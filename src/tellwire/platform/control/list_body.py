"""Names of people as somebody uploads them to a list: a JSON array, or a text of one name a line. Pure.

["ann", {"object_id": "device0001"}, {"phone": "+65 9123 0000"}]

identity,City        a CSV may name its column in the first line; other columns are passed over
ann,Bonn
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, Literal, NamedTuple, TypeAlias

import msgspec

from tellwire.kernel.address import parse_msisdn
from tellwire.platform.control.problem import Problem
from tellwire.platform.intake.clevertap.identifiers import device_of, subject_of
from tellwire.platform.model.list_member import ListKey, key_of_number, key_of_subject
from tellwire.platform.model.value import fold

By: TypeAlias = Literal["identity", "object_id", "phone"]

MISTAKES_SHOWN: Final = 100
_BY: Final[Mapping[str, By]] = {
    "identity": "identity",
    "object_id": "object_id",
    "objectid": "object_id",
    "phone": "phone",
}


class RefusedName(msgspec.Struct, frozen=True, kw_only=True):
    """A name that was not taken: its line, or its place in the array, from 1, and why."""

    line: int
    why: str


class Names(NamedTuple):
    """What was read: the names, each once, and how many were not taken, with the first of these."""

    keys: tuple[ListKey, ...]
    repeated: int
    refused: int
    mistakes: tuple[RefusedName, ...]


def read_names(body: bytes, content_type: str, by: By, default_region: str | None) -> Names:
    """Return the names of a body. Raises a `Problem` for one that cannot be read at all, or that has none."""
    try:
        return _gathered(_keys(_items_of(body, content_type, by), default_region))
    except UnicodeDecodeError as problem:
        raise Problem(400, "malformed", "The body has to be UTF-8.") from problem
    except csv.Error as problem:
        raise Problem(400, "malformed", f"The body is no CSV that can be read: {problem}.") from problem


_Items: TypeAlias = Iterator[tuple[int, By, Any]]


def _items_of(body: bytes, content_type: str, by: By) -> _Items:
    if "json" in content_type:
        return _in_json(body, by)
    text = body.decode("utf-8-sig")
    return _in_csv(text, by) if "csv" in content_type else _in_lines(text, by)


def _in_json(body: bytes, by: By) -> _Items:
    try:
        items = msgspec.json.decode(body)
    except msgspec.DecodeError as problem:
        raise Problem(400, "malformed", f"The body is not JSON: {problem}.") from problem
    if not isinstance(items, list):
        raise Problem(400, "malformed", 'Send an array of names: ["ann", {"phone": "+6591230000"}].')
    return _of_items(items, by)


def _of_items(items: list[Any], by: By) -> _Items:
    for place, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            yield place, by, item
        elif len(item) == 1 and (kind := _BY.get(fold(next(iter(item))))) is not None:
            yield place, kind, next(iter(item.values()))
        else:
            yield place, by, None


def _in_lines(text: str, by: By) -> _Items:
    return ((number, by, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())


def _in_csv(text: str, by: By) -> _Items:
    """Yield the names of lines; the first line is a header if one of its cells says which kind of name is below."""
    column, rows = 0, csv.reader(io.StringIO(text, newline=""))
    for number, row in enumerate(rows):
        if number == 0 and (header := _header(row)) is not None:
            column, by = header
        elif any(cell.strip() for cell in row):
            yield rows.line_num, by, row[column] if column < len(row) else ""


def is_header(line: str) -> bool:
    """Say whether a CSV's first line says which kind of name is below."""
    return _header(next(csv.reader([line]), [])) is not None


def _header(row: list[str]) -> tuple[int, By] | None:
    return next(((place, _BY[fold(cell)]) for place, cell in enumerate(row) if fold(cell) in _BY), None)


def _keys(items: _Items, default_region: str | None) -> Iterator[tuple[int, ListKey | None, str]]:
    for line, by, value in items:
        key = _key(by, value, default_region)
        yield line, key, "" if key is not None else _WHY[by]


_WHY: Final[Mapping[By, str]] = {
    "identity": "This is no identity: write a text of up to 512 characters, or a number.",
    "object_id": "This is no object id: write up to 64 visible characters.",
    "phone": "This is no phone number. Write it with its country code, as +65 9123 4567.",
}


def _key(by: By, value: Any, default_region: str | None) -> ListKey | None:
    match by:
        case "identity":
            subject = subject_of("Identity", value)
        case "object_id":
            subject = device_of(value.strip() if isinstance(value, str) else value)
        case "phone":
            text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
            number = parse_msisdn(text, default_region)
            return None if number is None else key_of_number(number)
    return None if subject is None else key_of_subject(subject)


def _gathered(items: Iterable[tuple[int, ListKey | None, str]]) -> Names:
    keys: dict[ListKey, None] = {}
    count = refused = 0
    mistakes: list[RefusedName] = []
    for line, key, why in items:
        count += 1
        if key is not None:
            keys[key] = None
            continue
        refused += 1
        if len(mistakes) < MISTAKES_SHOWN:
            mistakes.append(RefusedName(line=line, why=why))
    if not count:
        raise Problem(422, "invalid", "There is no name in the body: send one a line, or an array of them.")
    return Names(tuple(keys), count - refused - len(keys), refused, tuple(mistakes))
