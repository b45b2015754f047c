"""The GSM 7-bit default alphabet and its extension table (3GPP TS 23.038, 6.2.1), unpacked.

One septet stands in one octet, as SMPP carries it; an extension character is two, the escape before it.
Packing eight septets into seven octets is the radio's business and is not here; neither is the choice between
this alphabet and UCS-2, which is `sms`.
"""

import codecs
import re
from typing import Final

ESCAPE: Final = "\x1b"

# Table 6.2.1, sixteen characters a row; the escape itself stands at 0x1B and is no character.
_DEFAULT: Final = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)

# Table 6.2.1.1: what follows the escape, written as the default alphabet's character of the same code.
_EXTENSION: Final = {
    "\n": "\f",
    "Λ": "^",
    "(": "{",
    ")": "}",
    "/": "\\",
    "<": "[",
    "=": "~",
    ">": "]",
    "¡": "|",
    "e": "€",
}

BASIC: Final = frozenset(_DEFAULT) - {ESCAPE}
EXTENDED: Final = frozenset(_EXTENSION.values())


def _outside(characters: frozenset[str]) -> re.Pattern[str]:
    return re.compile(f"[^{re.escape(''.join(sorted(characters)))}]")


_outside_basic = _outside(BASIC).search
_outside_both = _outside(BASIC | EXTENDED).search


def is_basic(text: str) -> bool:
    """Say whether every character is in the default alphabet, so that septets are characters."""
    return _outside_basic(text) is None


def first_outside(text: str) -> str | None:
    """Return the first character that neither table has, or None when all of `text` can be sent."""
    character = _outside_both(text)
    return None if character is None else character[0]


def septets(text: str) -> int:
    """Return how many septets `text` takes; an extension character takes two, any other one."""
    return len(text) + sum(map(text.count, EXTENDED))


def encode(text: str) -> bytes:
    """Return one octet a septet; a character that neither table has becomes "?"."""
    return text.translate(_OCTETS).encode("latin-1")


def decode(data: bytes) -> str:
    """Return the text of unpacked septets; never fails.

    An escape before a code that the extension table lacks shows the default alphabet's character, an escape
    before an escape or before nothing shows a space (TS 23.038, 6.2.1.1). An octet above 0x7F is no septet
    and shows U+FFFD.
    """
    text = codecs.charmap_decode(data, "replace", _DEFAULT)[0]
    return _ESCAPED.sub(_unescape, text) if ESCAPE in text else text


class _Octets(dict[int, str]):
    """A table for `str.translate` in which what is not listed is a question mark."""

    def __missing__(self, key: int) -> str:
        return "?"


_OCTETS: Final = _Octets(
    {ord(character): chr(code) for code, character in enumerate(_DEFAULT) if character != ESCAPE}
    | {ord(shown): ESCAPE + chr(_DEFAULT.index(code)) for code, shown in _EXTENSION.items()}
)
_ESCAPED: Final = re.compile(f"{ESCAPE}(.?)", re.DOTALL)


def _unescape(pair: re.Match[str]) -> str:
    code = pair[1]
    if code in ("", ESCAPE):
        return " "
    return _EXTENSION.get(code, code)
