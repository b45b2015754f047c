"""Masks addresses and ids that customers made, and that may hold numbers, for viewers. Pure."""

import re
from typing import Final

from tellwire.kernel.address import msisdn_of_digits

NUMBER_LEAST: Final = 7  # digits of the shortest number; a short code or a word is nobody's
_IN_URL: Final = re.compile(r"[?#].*", re.DOTALL)
_DIGITS: Final = re.compile(rf"(?:%2B|\+)?(?<!\d)\d{{{NUMBER_LEAST},15}}(?!\d)", re.IGNORECASE)
_MASK: Final = "***"


def shown_number(digits: str, *, is_full: bool) -> str:
    """Return a number as the caller may see it; one that was erased is empty."""
    if not digits:
        return "erased"
    number = msisdn_of_digits(digits)
    return number.e164 if is_full else number.masked


def shown_url(url: str, *, is_full: bool) -> str:
    """Return where a callback goes: viewers see no query, which customers put what they like into."""
    return url if is_full else _DIGITS.sub(_MASK, _IN_URL.sub(f"?{_MASK}", url))


def shown_id(text: str | None, *, is_full: bool) -> str | None:
    """Return an id that a customer made, which may be or hold a number."""
    return text if is_full or text is None else _DIGITS.sub(_MASK, text)
