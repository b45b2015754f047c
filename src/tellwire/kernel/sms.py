"""The cost of one text on the air: its encoding, its parts and their sizes (8x8 contract 2.9).

Both halves count with this file, so the preview, the price and the wire agree.
It knows no PDU: the header that ties parts together is six octets here for every writer; only `recut` makes
room for a longer one.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Final

import msgspec

from tellwire.kernel import gsm
from tellwire.kernel.grapheme import boundary_before
from tellwire.kernel.lookalike import respell


class Encoding(StrEnum):
    """The two alphabets of a text message."""

    GSM7 = "GSM7"
    UCS2 = "UCS2"

    @property
    def spelling(self) -> str:
        """The name as people write it: GSM-7, UCS-2."""
        return f"{self.value[:3]}-{self.value[3:]}"


_USER_DATA_OCTETS: Final = 140
# In septets and UTF-16 units, six octets of them a header once there are several parts (TS 23.040, 9.2.3.24.1).
WHOLE_LIMIT: Final = {Encoding.GSM7: 160, Encoding.UCS2: 70}
PART_LIMIT: Final = {Encoding.GSM7: 153, Encoding.UCS2: 67}


class Part(msgspec.Struct, frozen=True):
    """One SMS on the air; `units` are septets or UTF-16 code units, without the header."""

    text: str
    units: int


class Composition(msgspec.Struct, frozen=True, kw_only=True):
    """A text made ready for the air.

    `text` is what the handset will show: the given one, but for transliteration, "?" for what a forced GSM7
    lacks, and U+FFFD for half a surrogate pair. The parts' texts joined are exactly it.
    `forced_by` is the first character that made AUTO choose UCS-2. `units` is the sum over the parts.
    """

    text: str
    encoding: Encoding
    parts: tuple[Part, ...]
    forced_by: str | None
    units: int


def compose(text: str, encoding: Encoding | None = None, *, transliterate: bool = False) -> Composition:
    """Return the encoding and parts of `text`; never fails, and takes time in proportion to the text.

    Without `encoding` (AUTO) it is GSM 7-bit when that has every character, else UCS-2. With `transliterate`
    look-alikes are put in, if the whole text then fits GSM 7-bit: else UCS-2 shows the original anyway.
    GSM7 forced upon a text always transliterates, and writes "?" for what has no look-alike.

    A cut never falls inside an escape or surrogate pair, nor, where it can be helped, inside what a reader
    sees as one character. It can be helped where that fits into one part, and as long as sparing them all
    takes at most one part more than the fewest possible.
    An empty text is one empty part, as a message has at least one; whether it may be sent is not said here.
    """
    if encoding is not Encoding.UCS2 and gsm.is_basic(text):
        return _composed(text, Encoding.GSM7, len(text), len)
    if encoding is Encoding.UCS2:
        return _in_ucs2(text, None)
    forced_by = gsm.first_outside(text)
    if forced_by is None:
        return _in_gsm7(text)
    if encoding is Encoding.GSM7 or transliterate:
        respelled = respell(text)
        if encoding is Encoding.GSM7 or gsm.first_outside(respelled) is None:
            return _in_gsm7(gsm.decode(gsm.encode(respelled)))
    return _in_ucs2(text, forced_by)


def recut(composition: Composition, header_octets: int) -> Composition:
    """Return the same text with its parts cut for a header of `header_octets`; a whole text stays whole.

    A 16-bit reference makes the header seven octets instead of six (TS 23.040, 9.2.3.24.8).
    """
    if len(composition.parts) == 1:
        return composition
    octets = _USER_DATA_OCTETS - header_octets
    if composition.encoding is Encoding.GSM7:
        parts = _split(composition.text, octets * 8 // 7, gsm.septets)
    else:
        parts = _split(composition.text, octets // 2, _utf16_units)
    return msgspec.structs.replace(composition, parts=parts)


def encode(text: str, encoding: Encoding) -> bytes:
    """Return the user data of one part: an octet a septet (unpacked), or UTF-16BE.

    Made for the text of a `Part`; in any other, what the encoding lacks becomes "?" (GSM7) or U+FFFD (UCS2).
    """
    if encoding is Encoding.GSM7:
        return gsm.encode(text)
    try:
        return text.encode("utf-16-be")
    except UnicodeEncodeError:
        return _mended(text).encode("utf-16-be")


def decode(data: bytes, encoding: Encoding) -> str:
    """Return the text of user data, as `encode` makes it; an octet without a meaning shows as U+FFFD."""
    return gsm.decode(data) if encoding is Encoding.GSM7 else data.decode("utf-16-be", "replace")


def _in_gsm7(text: str) -> Composition:
    return _composed(text, Encoding.GSM7, gsm.septets(text), gsm.septets)


def _in_ucs2(text: str, forced_by: str | None) -> Composition:
    text = _mended(text)
    return _composed(text, Encoding.UCS2, _utf16_units(text), _utf16_units, forced_by)


def _composed(
    text: str, encoding: Encoding, units: int, measure: Callable[[str], int], forced_by: str | None = None
) -> Composition:
    if units <= WHOLE_LIMIT[encoding]:
        parts: tuple[Part, ...] = (Part(text, units),)
    else:
        parts = _split(text, PART_LIMIT[encoding], measure)
    return Composition(text=text, encoding=encoding, parts=parts, forced_by=forced_by, units=units)


def _mended(text: str) -> str:
    """Return `text` with surrogates joined to their pairs, and U+FFFD for those that have none."""
    try:
        text.encode("utf-16-be")
    except UnicodeEncodeError:
        return text.encode("utf-16-be", "surrogatepass").decode("utf-16-be", "replace")
    return text


def _utf16_units(text: str) -> int:
    return len(text.encode("utf-16-be")) // 2


def _split(text: str, limit: int, measure: Callable[[str], int]) -> tuple[Part, ...]:
    fewest = _cut(text, limit, measure, _anywhere)
    sparing = _cut(text, limit, measure, boundary_before)
    return sparing if len(sparing) <= len(fewest) + 1 else fewest


def _cut(
    text: str, limit: int, measure: Callable[[str], int], place_before: Callable[[str, int, int], int]
) -> tuple[Part, ...]:
    parts: list[Part] = []
    start = 0
    while start < len(text):
        reach = _reach(text, start, limit, measure)
        end = place_before(text, start, reach)
        if end == start:  # One cluster longer than a part: it must be cut somewhere.
            end = reach
        piece = text[start:end]
        parts.append(Part(piece, measure(piece)))
        start = end
    return tuple(parts)


def _anywhere(_text: str, _start: int, end: int) -> int:
    return end


def _reach(text: str, start: int, limit: int, measure: Callable[[str], int]) -> int:
    """Return the furthest end to which the characters from `start` are within `limit` units.

    A character is one unit or two, so taking away half of the excess in characters, rounded up, never takes
    away one that would still fit.
    """
    end = min(start + limit, len(text))
    while (excess := measure(text[start:end]) - limit) > 0:
        end -= (excess + 1) // 2
    return end
