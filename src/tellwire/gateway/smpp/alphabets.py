"""What the octets of a text are, by data_coding (5.2.19), and their text.

    0x00 - 0x0F   the standard's list: GSM, IA5, Latin-1, JIS, Cyrillic, Hebrew, UCS-2, KS C 5601, octets
    0x10 - 0x7F   GSM 03.38 general group: bits 3-2 are the alphabet, bit 5 says that it is packed by its own rules
    0x80 - 0xBF   reserved
    0xC0 - 0xDF   message waiting, GSM 7-bit
    0xE0 - 0xEF   message waiting, UCS-2
    0xF0 - 0xFF   message class: bit 2 is the alphabet, GSM 7-bit or octets

What is no text, or not the text it says, becomes `[octets 0a1b...]`: nothing is lost, and nobody takes it for words.
"""

from typing import Final, Literal, TypeAlias

from tellwire.gateway.smpp.dialect import IA5_CODING, Dialect
from tellwire.kernel import gsm
from tellwire.kernel.sms import Encoding, decode

Alphabet: TypeAlias = Literal[
    "plain", "ia5", "latin-1", "jis", "iso8859-5", "iso8859-8", "utf-16-be", "euc-jp", "cp949", "octets"
]

_LISTED: Final[dict[int, Alphabet]] = {
    0x00: "plain",
    0x01: "ia5",
    0x03: "latin-1",
    0x05: "jis",
    0x06: "iso8859-5",
    0x07: "iso8859-8",
    0x08: "utf-16-be",
    0x0A: "jis",
    0x0D: "euc-jp",
    0x0E: "cp949",
}
_GENERAL: Final[tuple[Alphabet, ...]] = ("plain", "octets", "utf-16-be", "octets")
_COMPRESSED: Final = 0x20


def alphabet_of(coding: int) -> Alphabet:
    """Return the alphabet that a data_coding names."""
    group = coding >> 4
    if group == 0x0:
        return _LISTED.get(coding, "octets")
    if group <= 0x7:
        return "octets" if coding & _COMPRESSED else _GENERAL[coding >> 2 & 0x03]
    if group <= 0xB:
        return "octets"
    if group <= 0xE:
        return "utf-16-be" if group == 0xE else "plain"
    return "octets" if coding & 0x04 else "plain"


def text_of(octets: bytes, coding: int, dialect: Dialect, *, ia5_is_plain: bool) -> tuple[str, Encoding, int]:
    """Return the text, the encoding that it would go on in, and how many units of that were on the wire.

    `ia5_is_plain` reads IA5 as the plain alphabet, as 8x8 documents for what customers submit (contract 6); so does
    a dialect that sends plain texts under it.
    """
    alphabet = alphabet_of(coding)
    if alphabet == "ia5":
        is_plain = ia5_is_plain or dialect.plain_coding == IA5_CODING
        alphabet = "plain" if is_plain else "latin-1"  # IA5's upper half is unassigned: Latin-1 loses nothing
    if alphabet == "plain":
        if dialect.plain_charset == "latin1":
            alphabet = "latin-1"
        else:
            return decode(octets, Encoding.GSM7), Encoding.GSM7, len(octets)
    if alphabet == "utf-16-be":
        return octets.decode("utf-16-be", "replace"), Encoding.UCS2, (len(octets) + 1) // 2
    text = marked(octets) if alphabet == "octets" else _decoded(octets, alphabet)
    return text, Encoding.GSM7 if gsm.first_outside(text) is None else Encoding.UCS2, len(octets)


def marked(octets: bytes) -> str:
    """Return octets that are no text, marked as such."""
    return f"[octets {octets.hex()}]"


def _decoded(octets: bytes, alphabet: Alphabet) -> str:
    try:
        return octets.decode(_jis(octets) if alphabet == "jis" else alphabet)
    except UnicodeDecodeError:
        return marked(octets)


def _jis(octets: bytes) -> str:
    """Return the codec of JIS: with the escapes of ISO 2022, or shifted, since centres write both under its codings."""
    return "iso2022_jp_2" if b"\x1b" in octets else "shift_jis"
