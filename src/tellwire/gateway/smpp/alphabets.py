"""The alphabet of a text's octets, by data_coding (5.2.19), and their text.

    0x00 - 0x0F   the standard's list: GSM, IA5, Latin-1, JIS, Cyrillic, Hebrew, UCS-2, KS C 5601, octets
    0x10 - 0x7F   GSM 03.38 general group: bits 3-2 are the alphabet, bit 5 says that it is packed by its own rules
    0x80 - 0xBF   reserved
    0xC0 - 0xDF   message waiting, GSM 7-bit
    0xE0 - 0xEF   message waiting, UCS-2
    0xF0 - 0xFF   message class: bit 2 is the alphabet, GSM 7-bit or octets

What is no text, or not the text it says, becomes `[octets 0a1b...]`: nothing is lost, and nobody takes it for words.
"""

import codecs
from typing import Final, Literal, TypeAlias

from tellwire.gateway.smpp.dialect import IA5_CODING, Dialect
from tellwire.kernel.sms import Encoding, decode

# What octets are read as. UTF8 is on no wire: it is for what is kept as text where octets are kept.
Alphabet: TypeAlias = Literal[
    "GSM7", "LATIN1", "UCS2", "JIS", "EUC_JP", "CYRILLIC", "HEBREW", "KOREAN", "OCTETS", "UTF8"
]

_PLAIN: Final = frozenset({0x00, IA5_CODING})
_LISTED: Final[dict[int, Alphabet]] = {
    0x01: "LATIN1",  # IA5; its upper half is unassigned, so that Latin-1 loses nothing
    0x03: "LATIN1",
    0x05: "JIS",
    0x06: "CYRILLIC",
    0x07: "HEBREW",
    0x08: "UCS2",
    0x0A: "JIS",
    0x0D: "EUC_JP",
    0x0E: "KOREAN",
}
_GENERAL: Final[tuple[Alphabet, ...]] = ("GSM7", "OCTETS", "UCS2", "OCTETS")
_COMPRESSED: Final = 0x20
_CODECS: Final[dict[Alphabet, str]] = {
    "UCS2": "utf-16-be",
    "UTF8": "utf-8",
    "LATIN1": "latin-1",
    "JIS": "shift_jis",
    "EUC_JP": "euc_jp",
    "CYRILLIC": "iso8859-5",
    "HEBREW": "iso8859-8",
    "KOREAN": "cp949",
}
_BYTE_ORDER_MARKS: Final = (codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)
_MENDED: Final = frozenset({"UCS2", "UTF8"})


def alphabet_of(coding: int, dialect: Dialect, *, ia5_is_plain: bool = True) -> Alphabet:
    """Return what user data under a data_coding is written in.

    `ia5_is_plain` reads IA5 as the plain alphabet, as 8x8 documents for what customers submit (contract 6); so does
    a dialect that sends plain texts under it.
    """
    if coding == IA5_CODING and not ia5_is_plain and dialect.plain_coding != IA5_CODING:
        return "LATIN1"
    alphabet = "GSM7" if coding in _PLAIN else _grouped(coding)
    return "LATIN1" if alphabet == "GSM7" and dialect.plain_charset == "latin1" else alphabet


def read_octets(octets: bytes, alphabet: Alphabet) -> str:
    """Return the text of user data; in Unicode and GSM 7-bit, an octet without a meaning shows as U+FFFD."""
    if alphabet == "GSM7":
        return decode(octets, Encoding.GSM7)
    codec = _CODECS.get(alphabet)
    if codec is None:
        return marked(octets)
    if alphabet == "UCS2" and octets.startswith(_BYTE_ORDER_MARKS):
        codec = "utf-16"  # the mark says the order and is no part of the text: "STOP" behind one is a STOP
    if (
        alphabet == "JIS" and b"\x1b" in octets
    ):  # with the escapes of ISO 2022, or shifted: centres write both
        codec = "iso2022_jp_2"
    try:
        return octets.decode(codec, "replace" if alphabet in _MENDED else "strict")
    except UnicodeDecodeError:
        return marked(octets)


def marked(octets: bytes) -> str:
    """Return octets that are no text, marked as such."""
    return f"[octets {octets.hex()}]"


def _grouped(coding: int) -> Alphabet:
    group = coding >> 4
    if group == 0x0:
        return _LISTED.get(coding, "OCTETS")
    if group <= 0x7:
        return "OCTETS" if coding & _COMPRESSED else _GENERAL[coding >> 2 & 0x03]
    if group <= 0xB:
        return "OCTETS"
    if group <= 0xE:
        return "UCS2" if group == 0xE else "GSM7"
    return "OCTETS" if coding & 0x04 else "GSM7"
