"""Numbers with a point, written as people write them: never with an exponent, and rounded as at school.

Python writes 0.00001 as 1e-05 and rounds 2.5 to 2; Liquid's other implementations do neither.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from liquid.exceptions import FilterArgumentError
from liquid.filter import math_filter, num_arg

_PLACES_LIMIT: Final = 17  # more than a double can tell apart


class PlainFloat(float):
    """A number that prints as a plain decimal."""

    __slots__ = ()

    def __str__(self) -> str:
        """Return as few digits as tell it apart; `25.0` keeps its point, as numbers of that kind do in Liquid."""
        short = float.__repr__(self)
        return short if "e" not in short else _written(Decimal(short))


def plain(value: Any) -> Any:
    """Return the value so that it prints plainly: a float, or a list with floats."""
    match value:
        case float() if not isinstance(value, PlainFloat):
            return PlainFloat(value)
        case list() if any(type(item) is float for item in value):
            return [plain(item) for item in value]
        case _:
            return value


@math_filter
def round_(number: float, places: Any = None) -> float:
    """Round half away from zero, over the digits that are seen: 1.005 to two places is 1.01."""
    try:
        exponent = int(num_arg(places, default=0))
    except (ValueError, OverflowError) as problem:
        raise FilterArgumentError("round: that many places there are not", token=None) from problem
    if exponent < 0:
        return 0
    if isinstance(number, int) or exponent > _PLACES_LIMIT:
        return number
    unit = Decimal(1).scaleb(-exponent)
    if abs(number) >= 10.0**15 and exponent:  # such a double has no such places
        return number
    rounded = Decimal(float.__repr__(float(number))).quantize(unit, rounding=ROUND_HALF_UP)
    return float(rounded) if exponent else int(rounded)


@math_filter
def divided_by(number: float, other: Any) -> float:
    """Divide: whole numbers as such, others over the digits that are seen, so that 0.3 by 0.1 is 3.0."""
    other = num_arg(other, default=0)
    if not other:
        raise FilterArgumentError(f"divided_by: can't divide by {other}", token=None)
    if isinstance(number, int) and isinstance(other, int):
        return number // other
    return float(Decimal(str(number)) / Decimal(str(other)))


def _written(number: Decimal) -> str:
    text = f"{number:f}"
    return text if "." in text else f"{text}.0"
