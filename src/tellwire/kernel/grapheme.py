"""Where a text may be cut without tearing what a reader sees as one character (UAX #29, extended clusters).

Python's `unicodedata` lacks the break property, so a character's class follows from its category and range: right for
what people write (accents, Indic and Thai signs, Hangul, flags, emoji), and after a joiner more cautious than the
standard. A dependency for it would be larger than this file and no quicker: `sms` asks only where it cuts, so
only a few characters around the cut are looked at.
"""

import unicodedata
from typing import Final

_ZWNJ: Final = "\u200c"
_ZWJ: Final = "\u200d"

# Indic_Conjunct_Break=Linker as of Unicode 15.1: the viramas of Devanagari, Bengali, Gujarati, Oriya, Telugu
# and Malayalam, which tie the consonant after them to the one before (rule GB9c).
_LINKERS: Final = frozenset("\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d")

# Grapheme_Extend and SpacingMark outside the M categories: halfwidth voicing marks, Thai and Lao AM.
_CLINGING: Final = frozenset("\u0e33\u0eb3\uff9e\uff9f") | {_ZWNJ, _ZWJ}

# Grapheme_Cluster_Break=Prepend in the Basic Multilingual Plane: signs written before what they belong to.
_LEADING: Final = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e")


def boundary_before(text: str, start: int, end: int) -> int:
    """Return the last place in `start < place <= end` where a cluster ends, or `start` if there is none.

    `start` is taken for a boundary, and `end` is at most `len(text)`.
    """
    place = end
    while place > start and not _breaks(text, start, place):
        place -= 1
    return place


def _breaks(text: str, start: int, place: int) -> bool:
    """Say whether a cluster ends between `place - 1` and `place`, not looking before `start`."""
    if place == len(text):
        return True
    before, after = text[place - 1], text[place]
    if after < "\u0300":  # No letter or sign down here clings to the one before it, but for CR LF.
        return (before, after) != ("\r", "\n") and before not in _LEADING and before != _ZWJ
    if _is_control(before) or _is_control(after):  # GB4, GB5
        return True
    if _clings(after) or before in _LEADING or before == _ZWJ:  # GB9, GB9a, GB9b, GB11
        return False
    if _is_flag_half(before) and _is_flag_half(after):  # GB12, GB13
        return _flag_halves_before(text, start, place) % 2 == 0
    return not (_joins_hangul(before, after) or _joins_conjunct(text, start, place))


def _is_control(character: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cf":
        return not _clings(character) and character not in _LEADING
    return category in {"Cc", "Zl", "Zp"}


def _clings(character: str) -> bool:
    """Say whether the character belongs to the one before it, whatever that is."""
    return (
        character in _CLINGING
        or unicodedata.category(character)[0] == "M"
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # tags, in the flags of England, Scotland, Wales
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_halves_before(text: str, start: int, place: int) -> int:
    first = place
    while first > start and _is_flag_half(text[first - 1]):
        first -= 1
    return place - first


def _joins_hangul(before: str, after: str) -> bool:
    return (_hangul(before), _hangul(after)) in _HANGUL_JOINS


# Rules GB6 to GB8: lead consonants, vowels, trailing consonants and whole syllables (LV open, LVT closed).
_HANGUL_JOINS: Final = frozenset(
    {("L", "L"), ("L", "V"), ("L", "LV"), ("L", "LVT"), ("LV", "V"), ("LV", "T")}
    | {("V", "V"), ("V", "T"), ("LVT", "T"), ("T", "T")}
)


def _hangul(character: str) -> str:
    if "\u1100" <= character <= "\u115f" or "\ua960" <= character <= "\ua97c":
        return "L"
    if "\u1160" <= character <= "\u11a7" or "\ud7b0" <= character <= "\ud7c6":
        return "V"
    if "\u11a8" <= character <= "\u11ff" or "\ud7cb" <= character <= "\ud7fb":
        return "T"
    if "\uac00" <= character <= "\ud7a3":
        return "LV" if (ord(character) - 0xAC00) % 28 == 0 else "LVT"
    return ""


def _joins_conjunct(text: str, start: int, place: int) -> bool:
    """Rule GB9c: a consonant, signs with a virama among them, and the consonant after `place`."""
    if not _is_indic_letter(text[place]):
        return False
    linked = False
    for before in reversed(text[start:place]):
        if not _clings(before):
            return linked and _is_indic_letter(before)
        linked = linked or before in _LINKERS
    return False


def _is_indic_letter(character: str) -> bool:
    return "\u0900" <= character <= "\u0d7f" and unicodedata.category(character) == "Lo"
