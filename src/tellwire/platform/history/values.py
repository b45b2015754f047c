"""Conditions on properties over columns: of every value it says what `decide.predicate.holds` says. Pure.

A property's values lie in four columns, of which at most one is not NULL:

    n  a number of less than 2 ** 53, where floats and integers are the same
    s  a date `$D_<seconds>`, as these seconds
    f  a text that is no number and no date, or a boolean: without case and outer spaces, as it compares
    o  everything else, as JSON: long numbers, texts that may be read as numbers or dates or have letters beyond ASCII,
       lists, objects

The first three are compared by the database. Values in `o`, which are few different ones, are judged one by one by
`holds` itself, and the database looks for those that passed. So is what a column cannot answer (a text in a number).
"""

import contextlib
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final, Literal, NamedTuple, TypeAlias

import msgspec

from tellwire.platform.decide.predicate import holds, items_of, seconds_of, text_of
from tellwire.platform.model.rule import Condition, Operator
from tellwire.platform.model.value import DATE_PREFIX, Value, date_of, number_of

Column: TypeAlias = Literal["n", "s", "f", "o"]
# Returns the different values that stand in a column.
Distinct: TypeAlias = Callable[[Column], Sequence[object]]
Parameter: TypeAlias = str | float | list[str] | list[float]

COLUMNS: Final[tuple[Column, ...]] = ("n", "s", "f", "o")
NUMBERS_BELOW: Final = 2**53
_DAY_S: Final = 86_400

# How a JSON value `j` of the kind `k`, with the text `t`, comes into the columns. Texts in `f` begin, without spaces,
# with no digit, sign or dollar: nothing that can be read as a number, a date in ISO 8601 or `$D_` begins otherwise.
_TRIMMED: Final = r"lower(trim(t{i}, E' \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f'))"
_IS_NUMBER: Final = (
    f"(k{{i}} IN ('UBIGINT', 'BIGINT', 'DOUBLE') AND abs(try_cast(t{{i}} AS DOUBLE)) < {NUMBERS_BELOW})"
)
_IS_DATE: Final = (
    r"(k{i} = 'VARCHAR' AND regexp_full_match(t{i}, '\$D_(0|-?[1-9][0-9]{{0,10}})')"
    " AND try_cast(substr(t{i}, 4) AS DOUBLE) BETWEEN -60000000000 AND 250000000000)"
)
_IS_PLAIN: Final = (
    "(k{i} = 'VARCHAR' AND strlen(t{i}) = length(t{i})"
    f" AND NOT regexp_matches({_TRIMMED}, '^[-+$0-9]') AND NOT starts_with(t{{i}}, '$'))"
)
_IS_KNOWN: Final = f"{_IS_NUMBER} OR {_IS_DATE} OR {_IS_PLAIN}"
_UNPACKED: Final = (
    f"CASE WHEN {_IS_NUMBER} THEN CAST(t{{i}} AS DOUBLE) END",
    f"CASE WHEN {_IS_DATE} THEN CAST(substr(t{{i}}, 4) AS DOUBLE) END",
    f"CASE WHEN {_IS_PLAIN} THEN {_TRIMMED} WHEN k{{i}} = 'BOOLEAN' THEN t{{i}} END",
    f"CASE WHEN NOT ({_IS_KNOWN} OR k{{i}} IN ('NULL', 'BOOLEAN')) THEN CAST(j{{i}} AS VARCHAR) END",
)


def unpacked(i: int) -> str:
    """Return the four columns of the i-th value, made of its JSON `j`, kind `k` and text `t`."""
    return ", ".join(one.format(i=int(i)) for one in _UNPACKED)


class Sql(NamedTuple):
    """A boolean expression, never NULL, and its parameters in order."""

    text: str
    parameters: tuple[Parameter, ...] = ()


NEVER: Final = Sql("false")


def columns_of(i: int) -> dict[Column, str]:
    """Return the names of the columns of the i-th property of a projection."""
    return {column: f"{column}{int(i)}" for column in COLUMNS}


def condition_sql(condition: Condition, i: int, distinct: Distinct) -> Sql:
    """Return the condition as an expression over the columns of the i-th property."""
    names = columns_of(i)
    if condition.operator in _OPPOSITES:
        positive = msgspec.structs.replace(condition, operator=_OPPOSITES[condition.operator])
        inner = condition_sql(positive, i, distinct)
        return Sql(f"NOT {inner.text}", inner.parameters)
    if condition.operator == "exists":
        return Sql(f"({' OR '.join(f'{name} IS NOT NULL' for name in names.values())})")
    parts = [
        _numbers(condition, names["n"], distinct),
        _dates(condition, names["s"], distinct),
        _texts(condition, names["f"]),
        _judged(condition, "o", names["o"], distinct),
    ]
    return any_of([part for part in parts if part is not NEVER])


def any_of(parts: Sequence[Sql]) -> Sql:
    """Return the expression that is true where one of these is."""
    if not parts:
        return NEVER
    text = " OR ".join(part.text for part in parts)
    return Sql(f"coalesce({text}, false)", tuple(one for part in parts for one in part.parameters))


_OPPOSITES: Final[dict[Operator, Operator]] = {
    "not_equals": "equals",
    "does_not_contain": "contains",
    "does_not_exist": "exists",
}
_RELATIONS: Final[dict[Operator, str]] = {
    "greater_than": ">",
    "greater_than_equals": ">=",
    "less_than": "<",
    "less_than_equals": "<=",
}


def _numbers(condition: Condition, name: str, distinct: Distinct) -> Sql:
    if condition.operator == "contains":
        return _judged(condition, "n", name, distinct)
    if condition.operator == "equals":
        wanted = [number for item in items_of(condition.value) for number in _near(item)]
        return _one_of(name, [number for number in wanted if holds(condition, number)])
    return _ordered(condition, name, _beside_number)


def _near(item: Value) -> list[float]:
    """Return the numbers that may equal what is wanted: as a number, and as the text that it compares as."""
    numbers = [seconds_of(item), number_of(item)]
    with contextlib.suppress(ValueError):
        numbers.append(float(text_of(item)))
    return [float(one) for one in numbers if one is not None and abs(one) < NUMBERS_BELOW]


def _dates(condition: Condition, name: str, distinct: Distinct) -> Sql:
    if condition.operator == "contains":
        return _judged(condition, "s", name, distinct)
    if condition.operator == "equals":
        items = items_of(condition.value)
        moments = {float(second) for item in items for second in _seconds_near(item)}
        alike = _one_of(name, [one for one in sorted(moments) if holds(condition, as_json("s", one))])
        days = [day for item in items if (day := _day(item)) is not None]
        parts = [Sql(f"{name} >= ? AND {name} < ?", (day, day + _DAY_S)) for day in days]
        return any_of([part for part in (alike, *parts) if part is not NEVER]) if days or moments else NEVER
    return _ordered(condition, name, seconds_of)


def _seconds_near(item: Value) -> list[int]:
    written = text_of(item).removeprefix(DATE_PREFIX.lower())
    digits = int(written) if _DIGITS.fullmatch(written) else None
    seconds = seconds_of(item)
    whole = int(seconds) if seconds is not None and float(seconds).is_integer() else None
    return [one for one in (digits, whole) if one is not None and abs(one) < NUMBERS_BELOW]


_DIGITS: Final = re.compile("-?[0-9]{1,15}")


def _day(item: Value) -> float | None:
    """Return the first second of the day that is wanted, None if it is no day: a date equals its day."""
    if not isinstance(item, str):
        return None
    try:
        day = datetime.strptime(item.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return None
    return day.timestamp() if day.date().isoformat() == item.strip() else None


def _texts(condition: Condition, name: str) -> Sql:
    texts = [text_of(item) for item in items_of(condition.value)]
    if condition.operator == "equals":
        return _one_of(name, texts)
    if condition.operator == "contains" and texts:
        return Sql(f"({' OR '.join(f'contains({name}, ?)' for _ in texts)})", tuple(texts))
    return NEVER


def _ordered(condition: Condition, name: str, size: Callable[[Value], float | None]) -> Sql:
    if condition.operator == "between":
        ends = condition.value if isinstance(condition.value, list) else []
        sizes = [size(end) for end in ends]
        if len(sizes) != 2 or None in sizes:  # a lower and an upper end
            return NEVER
        return Sql(f"{name} BETWEEN ? AND ?", tuple(float(one) for one in sizes if one is not None))
    relation = _RELATIONS[condition.operator]
    wanted = [one for item in items_of(condition.value) if (one := size(item)) is not None]
    if not wanted:
        return NEVER
    return Sql(
        f"({' OR '.join(f'{name} {relation} ?' for _ in wanted)})", tuple(float(one) for one in wanted)
    )


def _beside_number(item: Value) -> float | None:
    """Return what an item is beside a number: a date counts as its seconds, a text in ISO 8601 as nothing."""
    return seconds_of(item) if date_of(item) is not None else number_of(item)


def _one_of(name: str, wanted: Sequence[str] | Sequence[float]) -> Sql:
    if not wanted:
        return NEVER
    return Sql(f"{name} IN ({', '.join('?' for _ in wanted)})", tuple(wanted))


def _judged(condition: Condition, column: Column, name: str, distinct: Distinct) -> Sql:
    passed = [value for value in distinct(column) if holds(condition, as_json(column, value))]
    if not passed:
        return NEVER
    kind = "VARCHAR" if column == "o" else "DOUBLE"
    return Sql(f"{name} IN (SELECT unnest(CAST(? AS {kind}[])))", (passed,))  # type: ignore[arg-type]


def as_json(column: Column, stored: object) -> Value:
    """Return a value of a column as it came."""
    match column:
        case "s":
            return f"{DATE_PREFIX}{int(stored)}"  # type: ignore[call-overload]
        case "o":
            return msgspec.json.decode(str(stored))
        case _:
            return stored
