"""The slug of a short link: its holder may use it, so it is made from the caller's entropy. Pure.

Nobody can guess one, and nothing in it says where it leads: that is stored.
"""

from datetime import datetime
from hashlib import blake2b
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Final

from tellwire.kernel.clock import to_ms

_DIGITS: Final = digits + ascii_uppercase + ascii_lowercase
_PAIRS: Final = tuple(first + second for first in _DIGITS for second in _DIGITS)
# Two characters tell when, in steps of ten minutes, which keeps links made together together in the store; they
# come again after 26 days. Ten are dice, 59 bits: at the 3,000 tries a second that one address may make, finding
# one of a million links of the same ten minutes takes nine years.
_STEP_MS: Final = 600_000
_STEP_PAIRS: Final = 1
_DICE_PAIRS: Final = 5
_DICE_BYTES: Final = 8
ENTROPY_BYTES: Final = 32
SLUG_LENGTH: Final = 2 * (_STEP_PAIRS + _DICE_PAIRS)


class Slugs:
    """Makes the slugs of one request from its entropy: `ENTROPY_BYTES` that nobody can guess."""

    def __init__(self, entropy: bytes, now: datetime) -> None:
        self._key = entropy
        self._when = _written(to_ms(now) // _STEP_MS, _STEP_PAIRS)
        self._count = 0

    def make(self) -> str:
        """Return the next one."""
        self._count += 1
        dice = blake2b(self._count.to_bytes(8), key=self._key, digest_size=_DICE_BYTES).digest()
        return self._when + _written(int.from_bytes(dice), _DICE_PAIRS)


def is_slug(text: str) -> bool:
    """Say whether a part of a path can be a slug at all."""
    return len(text) == SLUG_LENGTH and text.isascii() and text.isalnum()


def _written(number: int, pairs: int) -> str:
    """Return the last `pairs` digits of a number to the base 3844, each two characters to the base 62."""
    written = ""
    for _ in range(pairs):
        number, last = divmod(number, len(_PAIRS))
        written += _PAIRS[last]
    return written
