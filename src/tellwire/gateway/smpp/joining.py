"""Which parts make one text, and what they say together. Pure; both directions join by this file.

A reference alone names no text: 8-bit references come again, and a part of an older text may still wait. So a part
joins the parts that its sender sent lately, best over the same bind; one whose number is taken begins another text.
Octets are joined before they are read: a cut may fall inside an escape or a surrogate pair.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby

import msgspec

from tellwire.gateway.smpp.alphabets import Alphabet, read_octets
from tellwire.kernel import gsm
from tellwire.kernel.sms import Encoding


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """For how long after its last part a text takes one more, over the same bind and over another one."""

    same_bind_ms: int
    other_bind_ms: int


class WaitingPart(msgspec.Struct, frozen=True, array_like=True):
    """A part that waits under the key of one that comes; `is_same` says that their octets are equal."""

    joint: int
    number: int
    bind: str
    received_ms: int
    is_same: int


class Place(msgspec.Struct, frozen=True):
    """Where a part belongs: to the text `joint`, None for a new one; `is_repeated` when that text has it already."""

    joint: int | None
    is_repeated: bool = False


def place_of(
    waiting: Sequence[WaitingPart], number: int, bind: str, now_ms: int, patience: Patience
) -> Place:
    """Return where the part `number` belongs among what waits under its key."""
    best: tuple[tuple[bool, int], int] | None = None
    for joint, group in groupby(sorted(waiting, key=lambda part: part.joint), lambda part: part.joint):
        parts = list(group)
        last_ms = max(part.received_ms for part in parts)
        is_own = any(part.bind == bind for part in parts)
        age_ms = now_ms - last_ms
        holder = next((part for part in parts if part.number == number), None)
        if holder is not None:
            if holder.is_same and age_ms <= patience.same_bind_ms:
                return Place(joint, is_repeated=True)
        elif age_ms <= (patience.same_bind_ms if is_own else patience.other_bind_ms):
            best = max(best or ((False, last_ms), joint), ((is_own, last_ms), joint))
    return Place(None if best is None else best[1])


def joined(parts: Iterable[tuple[Alphabet, bytes] | None], gap: str = "") -> str:
    """Return the text of parts in order, with `gap` for each that is missing (None)."""
    return "".join(_read(list(run), gap) for _, run in groupby(parts, _alphabet_of))


def encoding_of(text: str, alphabets: AbstractSet[Alphabet]) -> Encoding:
    """Return in which encoding a joined text would go on."""
    if "UCS2" in alphabets or (alphabets != {"GSM7"} and gsm.first_outside(text) is not None):
        return Encoding.UCS2
    return Encoding.GSM7


def _alphabet_of(part: tuple[Alphabet, bytes] | None) -> Alphabet | None:
    return None if part is None else part[0]


def _read(run: list[tuple[Alphabet, bytes] | None], gap: str) -> str:
    """Return the text of neighbours in one alphabet, or of neighbours that are missing."""
    there = [part for part in run if part is not None]
    return read_octets(b"".join(octets for _, octets in there), there[0][0]) if there else gap * len(run)
