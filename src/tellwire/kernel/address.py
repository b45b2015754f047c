"""The two ends of a message: the recipient's number and the sender ID that the handset shows.

Outside text is parsed once, here, into a normal form; inside, these types are trusted.
A full number leaves only by name (`.e164`, `.digits`): every way of printing an `Msisdn` masks it.
Who may send to whom is not decided here.
"""

import re
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import msgspec
import phonenumbers

from tellwire.kernel.dialling import country_code_of, number_of

_TEXT_LIMIT: Final = 32  # fifteen digits with a separator after each, and a prefix
_REMEMBERED: Final = 8192  # numbers; about 3 MB, and a number seen is soon seen again


class Msisdn(msgspec.Struct, frozen=True, order=True):
    """A number in E.164, ordered and equal by its digits; `str`, `repr` and `format` show it masked."""

    digits: str

    @property
    def e164(self) -> str:
        """The whole number with its plus, as `+6591230000`."""
        return f"+{self.digits}"

    @property
    def masked(self) -> str:
        """The number as people may see it: its country code and the last two digits, as `+65******00`."""
        shown = len(country_code_of(self.digits))
        return f"+{self.digits[:shown]}{'*' * (len(self.digits) - shown - 2)}{self.digits[-2:]}"

    @property
    def country(self) -> str | None:
        """The ISO 3166-1 alpha-2 code, or None for numbers of no country (satellites) or of no known plan."""
        return _country_of(self.digits)

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"Msisdn({self.masked})"

    def __format__(self, spec: str) -> str:
        return format(self.masked, spec)

    def __rich_repr__(self) -> list[tuple[str, str]]:
        """Show `rich`, which asks structs for their fields, the masked number too."""
        return [("masked", self.masked)]


def parse_msisdn(text: str, default_region: str | None = None) -> Msisdn | None:
    """Return the number that `text` means, or None if it can be none.

    Spaces, dashes, dots, slashes, brackets, a missing plus, a leading 00 and digits of any script are forgiven.
    With `default_region` (ISO 3166-1 alpha-2, any case; an unknown one counts as none) a national number and the
    region's own international prefix (0011, 011, 810) are understood. Where the digits can be read both ways, a valid
    number goes before a merely possible one, and the national reading before the international; what follows an
    international prefix has to be valid, and readable in one way only.
    A number of the right length is taken even if its block is not known to be assigned, as numbering plans
    change faster than tables; an old form (Mexico's 1, Argentina's 15) becomes today's. Refused are extensions,
    letters, and texts of more than 32 characters. Whether a line is a mobile is not judged.
    """
    if len(text) > _TEXT_LIMIT:
        return None
    region = default_region or ""
    return _parsed(text, region.upper() if len(region) == 2 else None)


def is_region(text: str) -> bool:
    """Say whether numbers can be read in this region: ISO 3166-1 alpha-2, in any case."""
    return text.upper() in phonenumbers.SUPPORTED_REGIONS


def msisdn_of_digits(digits: str) -> Msisdn:
    """Return the number of digits that `parse_msisdn` once made; `ValueError` unless they are 7 to 15 digits."""
    if not (7 <= len(digits) <= 15 and digits.isascii() and digits.isdigit()):
        raise ValueError("an MSISDN has 7 to 15 digits and nothing else")
    return Msisdn(digits)


SenderKind: TypeAlias = Literal["alphanumeric", "short_code", "number"]


class SenderId(msgspec.Struct, frozen=True):
    """The sender that a handset shows; it is the sender's public name, so it is not masked."""

    text: str
    kind: SenderKind

    def __str__(self) -> str:
        return self.text


def parse_sender_id(text: str) -> SenderId | None:
    """Return the sender ID that `text` means, without blanks around it, or None (8x8 contract 2.2 and 7.1).

    Alphanumeric: at most 11 ASCII letters, digits and spaces, with a letter. Short code: 3 to 7 digits.
    Number: 8 to 16 digits, or a plus and 3 to 16. Whether this sender may send there is not decided here.
    """
    if len(text) > _TEXT_LIMIT:
        return None
    bare = text.strip(" ")
    return next((SenderId(bare, kind) for kind, form in _SENDER_FORMS if form.fullmatch(bare)), None)


_SENDER_FORMS: Final[tuple[tuple[SenderKind, re.Pattern[str]], ...]] = (
    ("short_code", re.compile("[0-9]{3,7}")),
    ("number", re.compile("[0-9]{8,16}|[+][0-9]{3,16}")),
    ("alphanumeric", re.compile("(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")),
)


@lru_cache(maxsize=_REMEMBERED)
def _parsed(text: str, default_region: str | None) -> Msisdn | None:
    number = number_of(text, default_region)
    if number is None:
        return None
    digits = f"{number.country_code}{phonenumbers.national_significant_number(number)}"
    return Msisdn(digits) if 7 <= len(digits) <= 15 else None


@lru_cache(maxsize=_REMEMBERED)
def _country_of(digits: str) -> str | None:
    number = number_of(f"+{digits}", None)
    region: str | None = None if number is None else phonenumbers.region_code_for_number(number)
    return None if region == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY else region
