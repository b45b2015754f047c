"""The fields of a profile that mean something to us: their one spelling, and what they may hold.

CleverTap contract 4.4 for the fields, 4.2 for the refusals. A check takes the value as it came and the default
region, and returns the value as profiles keep it, or the refusal.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, Final, TypeAlias

from tellwire.kernel.address import parse_msisdn
from tellwire.platform.intake.clevertap import limits, refusal
from tellwire.platform.intake.clevertap.identifiers import IDENTIFIERS
from tellwire.platform.intake.clevertap.refusal import Refusal, of_profile
from tellwire.platform.model.profile import CONSENT_SMS, PHONE, STANDARD_PROPERTIES, SUPPRESS_PHONE
from tellwire.platform.model.value import DATE_PREFIX, date_of, fold

TEXTS: Final = frozenset({"Name", "Photo", "Customer Type", "Tz"})
_FLAGS: Final = (
    *(CONSENT_SMS, "MSG-email", "MSG-push", "MSG-whatsapp"),
    *(SUPPRESS_PHONE, "MSG-dndEmail", "MSG-dndWhatsApp"),
)
_SPELLINGS: Final = {fold(name): name for name in (*IDENTIFIERS, *STANDARD_PROPERTIES)}

_Checked: TypeAlias = str | int | float | bool | Refusal
_Check: TypeAlias = Callable[[Any, str | None], _Checked]

# Deliberately loose: whether mail arrives is not for a pattern to say.
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_EMAIL_LIMIT: Final = 320  # RFC 3696: 64 + 1 + 255
_PHONE_LIMIT: Final = 40  # E.164 has 15 digits; the rest is for spaces and dashes
_DAY: Final = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_OLDEST: Final = 150


def spelling_of(key: str) -> str:
    """Return the one spelling of a name that means something to us, and any other as it is."""
    return _SPELLINGS.get(fold(key), key)


def _phone(value: Any, default_region: str | None) -> _Checked:
    # The web SDK sends a bare JSON number (contract 4.4): it is international, the plus was lost.
    text = f"+{value}" if isinstance(value, int) and not isinstance(value, bool) and value > 0 else value
    if not isinstance(text, str) or len(text) > _PHONE_LIMIT:
        return of_profile(refusal.PHONE, "Phone number is not valid.")
    msisdn = parse_msisdn(text, default_region)
    return of_profile(refusal.PHONE, "Phone number is not valid.") if msisdn is None else msisdn.e164


def _email(value: Any, _: str | None) -> _Checked:
    text = value.strip() if isinstance(value, str) else ""
    if len(text) > _EMAIL_LIMIT or not _EMAIL.fullmatch(text):
        return of_profile(refusal.EMAIL, "Email is not valid.")
    return text


def _age(value: Any, _: str | None) -> _Checked:
    text = value.strip() if isinstance(value, str) else value
    if isinstance(text, str) and len(text) <= len("150") and text.isascii() and text.isdecimal():
        text = int(text)
    if isinstance(text, bool) or not isinstance(text, (int, float)) or not 0 < text <= _OLDEST:
        return of_profile(refusal.AGE, "Age is invalid.")
    return text


def _date_of_birth(value: Any, _: str | None) -> _Checked:
    """Accept `$D_<epoch seconds>`, and `$D_yyyymmdd` as older clients send it."""
    if isinstance(value, str) and len(value) <= limits.TEXT_LIMIT:
        day = _day(value.removeprefix(DATE_PREFIX)) if value.startswith(DATE_PREFIX) else None
        if day is not None:
            midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
            return f"{DATE_PREFIX}{int(midnight.timestamp())}"
        if date_of(value) is not None:
            return value
    return of_profile(refusal.MISCELLANEOUS, "DOB is not valid.")


def _day(digits: str) -> date | None:
    match = _DAY.fullmatch(digits)
    if match is None:
        return None
    year, month, day = map(int, match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _one_of(name: str, code: int, choices: tuple[str, ...], ending: str = ".") -> _Check:
    spellings = {choice.casefold(): choice for choice in choices}
    refused = of_profile(code, f"{name} needs to be {'/'.join(choices)}{ending}")

    def check(value: Any, _: str | None) -> _Checked:
        return spellings.get(value.strip().casefold(), refused) if isinstance(value, str) else refused

    return check


def _flag(name: str) -> _Check:
    refused = of_profile(refusal.MISCELLANEOUS, f"{name} needs to be true/false.")
    meanings = {"true": True, "false": False, "1": True, "0": False}

    def check(value: Any, _: str | None) -> _Checked:
        return value if isinstance(value, bool) else meanings.get(str(value)[:8].strip().casefold(), refused)

    return check


CHECKED: Final[dict[str, _Check]] = {
    PHONE: _phone,
    "Email": _email,
    "Age": _age,
    "DOB": _date_of_birth,
    "Gender": _one_of("Gender", refusal.GENDER, ("M", "F", "O", "U")),
    "Employed": _one_of("Employed", refusal.EMPLOYED, ("Y", "N")),
    "Married": _one_of("Married", refusal.MARRIED, ("Y", "N")),
    # Two full stops, as recorded.
    "Education": _one_of("Education", refusal.EDUCATION, ("School", "College", "Graduate"), ".."),
    **{name: _flag(name) for name in _FLAGS},
}
