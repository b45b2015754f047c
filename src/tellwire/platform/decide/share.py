"""Stable shares: which branch of a split a person takes, and who is in a holdout. Pure.

The share hangs on the person's first identity, the campaign's name when it was first published, and the step. It is
the same live, in a replay and in a simulation, at each visit and in every version of the campaign.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final

HOLDOUT: Final = "holdout"  # stands in the place of a step
_PARTS: Final = 10_000  # a hundredth of a percent is the finest share
_SEPARATOR: Final = "\x1f"


def place_of(identity: str, campaign: str, step: str) -> float:
    """Return a person's place in [0, 100), spread evenly over people, the same whenever it is asked."""
    key = _SEPARATOR.join((campaign, step, identity)).encode()
    return int.from_bytes(blake2b(key, digest_size=8).digest()) % (100 * _PARTS) / _PARTS


def branch_of(identity: str, campaign: str, step: str, shares: Sequence[float]) -> int:
    """Return which of these shares, in percent, a person falls into; they sum to 100."""
    place, upto = place_of(identity, campaign, step), 0.0
    for branch, share in enumerate(shares):
        upto += share
        if place < upto:
            return branch
    return len(shares) - 1


def is_held_out(identity: str, campaign: str, percent: float) -> bool:
    """Say whether a person is among the percent that are followed but not written to.

    The account's holdout has no campaign: its name is the empty text.
    """
    return place_of(identity, campaign, HOLDOUT) < percent
