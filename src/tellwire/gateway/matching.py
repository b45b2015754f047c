"""Which of the parts that share a carrier's id a receipt means. Pure.

Carriers use ids again, and some count anew every day: an id alone would move another person's message.
"""

from collections.abc import Iterable
from typing import Final, TypeVar

# Centres write numbers with and without country code, plus and trunk prefix; so many last digits they all share.
_SHARED: Final = 7

T = TypeVar("T")


def numbers_of(addresses: Iterable[str]) -> str:
    """Return what of a receipt's addresses can tell people apart, as words of digits; the rest are sender IDs."""
    digits = (address.strip().removeprefix("+") for address in addresses)
    return " ".join(one for one in digits if len(one) >= _SHARED and one.isascii() and one.isdecimal())


def is_meant(destination: str, numbers: str) -> bool:
    """Say whether a receipt that names `numbers` can mean a message to `destination`; one that names none can."""
    return not numbers or any(number[-_SHARED:] == destination[-_SHARED:] for number in numbers.split())


def newest_meant(candidates: Iterable[tuple[int, str, T]], numbers: str) -> list[T]:
    """Return the parts that a receipt means: those of the newest message (seq, destination, part) that it can mean.

    They are several when a carrier gives all parts of a message one id.
    """
    meant = [(seq, part) for seq, destination, part in candidates if is_meant(destination, numbers)]
    newest = max((seq for seq, _ in meant), default=None)
    return [part for seq, part in meant if seq == newest]
