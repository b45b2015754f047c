"""Reads written digits as a telephone number: with a plus, behind an international prefix, or nationally.

Reading never guesses. Two people may write the same digits for two numbers (00 1 658 ... is Jamaica, and 001 65 8... is
Singapore from Singapore): what can be read both ways is nobody's. Numbering plans are libphonenumber's.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

import phonenumbers
from phonenumbers import CountryCodeSource, PhoneMetadata, PhoneNumber, PhoneNumberType, ValidationResult

_BARE: Final = re.compile(r"(\+?)([0-9]{4,19})")

# What people and address books put between digits; a copied number also brings dashes of all lengths (U+2010 to
# U+2015, U+2212), odd spaces, the wide forms of East Asian keyboards and invisible marks of writing direction.
_BETWEEN_DIGITS: Final = (
    " \t\r\n.-/()\xa0\u2009\u202f\u3000\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff08\uff09\uff0d\uff0e\uff0f"
    "\u200b\u200e\u200f\u202a\u202c\u2066\u2068\u2069\ufeff"
)
_WRITTEN: Final = str.maketrans("\uff0b", "+", _BETWEEN_DIGITS)

_USUAL_PREFIX: Final = (
    "00"  # ITU-T E.164's recommendation, and meant by most also where the local one is another ...
)
_OWN_PREFIX: Final = (
    "001"  # ... but for this: where it is the region's, nobody means 00 and the 1 of North America
)
# Prefixes of single countries, by which a number that was copied from there may begin. They are never a reading of
# their own without the region; they only say that another reading would be a guess.
_PREFIXES_ELSEWHERE: Final = ("001", "0011", "010", "011", "119", "810")

_USUAL_LENGTH: Final = 10  # shorter numbers are so few that a valid national number is not doubted for them
_LONGER_PREFIX: Final = ("0011",)  # Australia's begins as others' 001 and the 1 of North America

_NANP: Final = "1"  # its trunk prefix is its country code: a 1 that stands twice is somebody else's prefix

# Numbers that their country made longer or shorter, by country code: they are read so only if they are no valid
# number as they stand and are one in the new form.
_OLD_FORMS: Final = {
    "52": (re.compile("52(?:1|01|044|045)([0-9]{10})"), r"52\1"),  # Mexico, until 2019
    "54": (re.compile("549(0?[0-9]{2,4}15[0-9]{6,8})"), r"54\1"),  # Argentina: 9 and 15 say the same
    "55": (re.compile("55([0-9]{2})([6-9][0-9]{7})"), r"55\g<1>9\2"),  # Brazil's mobiles, until 2016
    "229": (re.compile("229([0-9]{8})"), r"22901\1"),  # Benin, until 2024
}
_OLD_NATIONAL: Final = {"MX": re.compile("(?:01|044|045)([0-9]{10})")}


def number_of(text: str, region: str | None) -> PhoneNumber | None:
    """Return the one number that the text means, read in `region` (upper case) if that is known, or None."""
    bare = _BARE.fullmatch(_ascii(text.translate(_WRITTEN)))
    if bare is None:
        return None
    plus, digits = bare.groups()
    return _international(digits) if plus else _without_plus(digits, region)


def _ascii(text: str) -> str:
    """Return the text with the digits of every script (Arabic-Indic, Devanagari, full-width) as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def country_code_of(digits: str) -> str:
    """Return the country code that the digits of an international number begin with, empty if they have none.

    No code begins with another, so the frequent ones of two digits are tried first.
    """
    for length in (2, 1, 3):
        if digits[:length] in _COUNTRY_CODES:
            return digits[:length]
    return ""


_COUNTRY_CODES: Final = frozenset(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE))


def may_be_rewritten(digits: str) -> bool:
    """Say cheaply whether the digits of an international number may hold an old form or a trunk prefix."""
    code = country_code_of(digits)
    return code in _OLD_FORMS or digits[len(code) : len(code) + 1] == "0"


def _without_plus(digits: str, region: str | None) -> PhoneNumber | None:
    local = _read(digits, region) if region else None
    is_dialled = local is not None and local.country_code_source == CountryCodeSource.FROM_NUMBER_WITH_IDD
    if is_dialled or digits.startswith(_USUAL_PREFIX):
        return _dialled(digits, local if is_dialled else None, region)
    national = (
        local if local and (local.country_code != int(_NANP) or _is_written_once(local, digits)) else None
    )
    if national and region and _is_rather_international(digits, national, region):
        return None
    return _likelier(digits, [_old_national(digits, region), national, _international(digits)])


def _is_rather_international(digits: str, national: PhoneNumber, region: str) -> bool:
    """Say whether digits without the region's trunk 0 are a fixed line there and a whole mobile number of the world.

    Where numbers are of any length (Germany) nearly every number of the world is also somebody's line.
    """
    if digits.startswith("0") or _plan(region).national_prefix != "0" or len(digits) < _USUAL_LENGTH:
        return False
    abroad = _valid([_international(digits)])
    return (
        bool(abroad and _valid([national]))  # one that nobody has there is no rival
        and _digits(abroad[0]) != _digits(national)
        and _is_mobile(abroad[0]) > _is_mobile(national)
    )


def _is_mobile(number: PhoneNumber) -> bool:
    return phonenumbers.number_type(number) in _MOBILE


_MOBILE: Final = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def _plan(region: str) -> PhoneMetadata:
    return PhoneMetadata.metadata_for_region(region) or PhoneMetadata(id=region, register=False)


def _is_written_once(number: PhoneNumber, digits: str) -> bool:
    """Say whether a North American number is all there is: 11 65 8... was 011 before a spreadsheet took the 0."""
    return _digits(number).removeprefix(_NANP) == digits.removeprefix(_NANP)


def _dialled(digits: str, by_region: PhoneNumber | None, region: str | None) -> PhoneNumber | None:
    """Return the number behind an international prefix: valid, and the only one that it may be.

    Where several prefixes are dialled 00 is no guess; Nigeria's one is 009, and is meant as often as 00 and a 9.
    """
    own = _valid([by_region])
    usual = _valid([_international(digits[2:])] if digits.startswith(_USUAL_PREFIX) else [])
    readings = own or usual if digits.startswith(_OWN_PREFIX) else usual or own
    if (
        own
        and region
        and not digits.startswith(_OWN_PREFIX)
        and (_plan(region).international_prefix or "").isdigit()
    ):
        readings = own + usual
    rivals = _read_elsewhere(digits, _LONGER_PREFIX if own else _PREFIXES_ELSEWHERE)
    return readings[0] if readings and len({_digits(one) for one in readings + rivals}) == 1 else None


def _likelier(digits: str, readings: Iterable[PhoneNumber | None]) -> PhoneNumber | None:
    """Return the first valid reading, else the first possible one, unless a prefix of elsewhere explains the digits."""
    possible = [reading for reading in readings if _is_possible(reading)]
    valid = _valid(possible)
    rivals = [one for one in _read_elsewhere(digits) if not valid or len(_digits(one)) >= _USUAL_LENGTH]
    if rivals:
        return None
    return (valid or possible or [None])[0]


def _read_elsewhere(digits: str, prefixes: Iterable[str] = _PREFIXES_ELSEWHERE) -> list[PhoneNumber]:
    """Return the valid numbers that the digits are where another international prefix is dialled."""
    behind = (digits.removeprefix(prefix) for prefix in prefixes if digits.startswith(prefix))
    return _valid(map(_international, behind))


def _international(digits: str) -> PhoneNumber | None:
    """Return the number that begins with its country code; one that is not written exactly has to be valid."""
    number = _read(f"+{digits}", None)
    is_exact = number is not None and _digits(number) == digits
    if _valid([number]) and (is_exact or not digits.startswith(_NANP)):
        return number
    return _renewed(digits) or (number if is_exact and _is_possible(number) else None)


def _renewed(digits: str) -> PhoneNumber | None:
    """Return the valid number of today that the digits were once the form of."""
    form = _OLD_FORMS.get(country_code_of(digits))
    match = None if form is None else form[0].fullmatch(digits)
    if form is None or match is None:
        return None
    return next(iter(_valid([_read(f"+{match.expand(form[1])}", None)])), None)


def _old_national(digits: str, region: str | None) -> PhoneNumber | None:
    form = _OLD_NATIONAL.get(region or "")
    match = None if form is None else form.fullmatch(digits)
    return None if match is None else next(iter(_valid([_read(match[1], region)])), None)


def _read(text: str, region: str | None) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region, keep_raw_input=True)
    except phonenumbers.NumberParseException:
        return None


def _valid(readings: Iterable[PhoneNumber | None]) -> list[PhoneNumber]:
    return [one for one in readings if one is not None and phonenumbers.is_valid_number(one)]


def _is_possible(number: PhoneNumber | None) -> bool:
    # Not `is_possible_number`, which is content with a number that can only be dialled within its town.
    return (
        number is not None
        and phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    )


def _digits(number: PhoneNumber) -> str:
    return f"{number.country_code}{phonenumbers.national_significant_number(number)}"
