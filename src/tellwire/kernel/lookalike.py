"""Spelling a text with the GSM alphabet's characters where they look like its own.

For the typographic quote, dash or space that a word processor slipped in, which makes a part of 160
characters one of 70. It is not romanisation: a character without a look-alike stays as it is.
"""
# ruff: noqa: RUF001 - characters that look like others are what this file is about

import re
import unicodedata
from functools import lru_cache
from typing import Final

from tellwire.kernel import gsm

# Only what a decomposition does not already say. GSM has "Ç" but no "ç": by decomposition that becomes "c",
# as a capital within a word would look worse than a missing cedilla.
_LOOKS: Final = {
    "": (
        "\xad\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff"  # nothing to see
        "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # writing direction
    ),
    " ": "\t",
    "\n": "\v\x85\u2028\u2029",
    "'": "`´‘’‚‛′‵ʹʻʼˈ‹›",
    '"': "“”„‟″‶«»¨",
    "-": "‐‑‒–—―−⁃",
    "*": "•‣◦∙",
    "/": "⁄∕",
    ".": "·․",
    ",": "¸",
    "|": "¦∣",
    "x": "×",
    # GSM has only those Greek capitals that no Latin one looks like.
    **dict(zip("ABEZHIKMNOPTYX", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", strict=True)),
    "OE": "Œ",
    "oe": "œ",
    "Th": "Þ",
    "th": "þ",
    "ß": "ẞ",
    "L": "Ł",
    "l": "ł",
    "D": "ĐÐ",
    "d": "đð",
    "h": "ħ",
    "i": "ı",
    "(c)": "©",
    "(R)": "®",
    "TM": "™",
}
_SPELLINGS: Final = {character: look for look, characters in _LOOKS.items() for character in characters}

# Compatibility forms that keep their meaning when spelled out; "10²" must not become "102", nor "1½" "11/2".
_HARMLESS_FORMS: Final = frozenset({"<compat>", "<wide>", "<narrow>", "<noBreak>", "<font>"})
_PERHAPS_OUTSIDE: Final = re.compile(r"[^\n\r -_a-~]")
_ACCENTED: Final = re.compile("[A-Za-z][\u0300-\u036f]")


def respell(text: str) -> str:
    """Return `text` with every character that GSM 7-bit lacks spelled by its look-alike, where it has one."""
    # Letter by letter, as `normalize` on a hostile text of ten thousand accents sorts them in quadratic time.
    composed = _ACCENTED.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)
    return _PERHAPS_OUTSIDE.sub(lambda match: _spelling(match[0]), composed)


@lru_cache(maxsize=2048)  # More kinds of character than any campaign's texts have.
def _spelling(character: str) -> str:
    """Return what to write for one character: itself when it is GSM's own or has no look-alike."""
    if gsm.first_outside(character) is None:
        return character
    if character in _SPELLINGS:
        return _SPELLINGS[character]
    if unicodedata.category(character) == "Zs":
        return " "
    if "\u0300" <= character <= "\u036f":  # An accent that composed with nothing: its letter is enough.
        return ""
    spelled = "".join(map(_spelling, _decomposed(character)))
    return spelled if spelled and gsm.first_outside(spelled) is None else character


def _decomposed(character: str) -> str:
    """Return one step of the decomposition, or nothing if there is none that keeps the meaning."""
    codes = unicodedata.decomposition(character).split()
    if codes and codes[0].startswith("<") and codes.pop(0) not in _HARMLESS_FORMS:
        return ""
    return "".join(chr(int(code, 16)) for code in codes)
