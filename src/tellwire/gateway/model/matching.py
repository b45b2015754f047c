"""Which of the parts that share a carrier's id a receipt means. Pure.

Carriers use ids again, and some count anew every day: an id alone would move another person's message.
"""

from collections.abc import Iterable
from typing import Final, Protocol, TypeVar

# Centres write numbers with and without country code, plus and trunk prefix; so many last digits they all share.
_SHARED: Final = 7


class Candidate(Protocol):
    """A part that has the id of a receipt: its message's number, sender ID and recipient."""

    seq: int
    source: str
    destination: str


T = TypeVar("T", bound=Candidate)


def numbers_of(addresses: Iterable[str]) -> str:
    """Return what of a receipt's addresses can tell people apart, as words of digits; the rest are sender IDs."""
    digits = (address.strip().removeprefix("+") for address in addresses)
    return " ".join(one for one in digits if len(one) >= _SHARED and one.isascii() and one.isdecimal())


def is_meant(candidate: Candidate, numbers: str) -> bool:
    """Say whether a receipt that names `numbers` can mean a message; one that names nobody's but the sender's can."""
    persons = [number[-_SHARED:] for number in numbers.split()]
    persons = [number for number in persons if number != candidate.source[-_SHARED:]]
    return not persons or candidate.destination[-_SHARED:] in persons


def newest_meant(candidates: Iterable[T], numbers: str) -> list[T]:
    """Return the parts that a receipt means: those of the newest message that it can mean.

    They are several when a carrier gives all parts of a message one id.
    """
    meant = [candidate for candidate in candidates if is_meant(candidate, numbers)]
    newest = max((candidate.seq for candidate in meant), default=None)
    return [candidate for candidate in meant if candidate.seq == newest]
