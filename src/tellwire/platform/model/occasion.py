"""Occasions: what may move a person through a campaign. Decisions and messages are known by occasion and campaign.

An event is one, and has its own id. A date that has come, a place in a run of a schedule and a new membership are
occasions too: their ids are made of what they are about, so that deciding them again makes the same ones.
"""

from datetime import datetime
from hashlib import blake2b
from typing import Final, NewType

from tellwire.kernel.clock import from_ms, to_ms
from tellwire.kernel.ids import ID_LENGTH
from tellwire.platform.model.event import Event

# As a message's id begins with it: short, URL-safe, and in order of time where the occasions are.
OccasionId = NewType("OccasionId", str)

_STEM: Final = 11  # characters for milliseconds, as in `kernel.ids`
# RFC 4648's base 32 with the extended alphabet, two letters at once: a broadcast makes an id for each of a million.
_LETTERS: Final = "0123456789abcdefghijklmnopqrstuv"
_PAIRS: Final = [first + second for first in _LETTERS for second in _LETTERS]
_PLACES: Final = tuple(range(70, -1, -10))


def occasion_of(event: Event) -> OccasionId:
    """Return the occasion that an event is: it has the event's own id."""
    return OccasionId(event.id)


def occasion_at(at: datetime, *about: str) -> OccasionId:
    """Return the occasion of this moment that is about these names: as long as the ids of `kernel.ids`.

    65 bits tell those of one moment apart: two of a million people who are chosen at once meet in one run of
    70 million.
    """
    digest = blake2b("\0".join(about).encode(), digest_size=10).digest()
    bits = int.from_bytes(digest)
    letters = "".join([_PAIRS[bits >> place & 1023] for place in _PLACES])
    return OccasionId(f"{max(to_ms(at), 0):0{_STEM}x}{letters[: ID_LENGTH - _STEM]}")


def moment_of_occasion(occasion_id: OccasionId) -> datetime:
    """Return the moment of an occasion that `occasion_at` made, to the millisecond; of any other text, some moment."""
    try:
        return from_ms(int(occasion_id[:_STEM], 16))
    except (ValueError, OverflowError):
        return from_ms(0)
