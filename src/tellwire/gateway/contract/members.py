"""Reads each member of a message: a value off the wire becomes a typed one, or a `FlawedError` (8x8 contract 2.2).

Reading is lenient wherever real clients need it (0.1, item 9): letter case of enumerations, numbers given as strings
and strings given as numbers; null and the empty text are as good as absent. A member that is anything else is refused
and not passed over: without its source, its expiry or its callback a message is not the one that was meant. Which
member has which name on the wire, and which comes from a template, is `sending`'s part.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from typing import Any, Final

from phonenumbers import SUPPORTED_REGIONS

from tellwire.gateway.contract.errors import ApiError, invalid
from tellwire.gateway.contract.moments import read_moment
from tellwire.kernel.address import parse_msisdn, parse_sender_id
from tellwire.kernel.dialling import may_be_rewritten
from tellwire.kernel.links.web_url import is_web_url
from tellwire.kernel.sms import Encoding

CLIENT_ID_LIMIT: Final = 350
# The schema says 20, live samples have 36, Chat Apps has 100 (8x8 contract, decision 8).
CLIENT_BATCH_ID_LIMIT: Final = 100
SOURCE_LIMIT: Final = 16
SCHEDULE_HORIZON: Final = timedelta(days=7)
# Longer than any way to write a number or a moment, so that neither library is given a novel to read.
_WRITTEN_NUMBER_LIMIT: Final = 64
_WRITTEN_MOMENT_LIMIT: Final = 40
# ISO 3166-1 keeps it for the United Kingdom, and people write it.
_RESERVED_COUNTRIES: Final = {"UK": "GB"}


class FlawedError(Exception):
    """Leaves the reading of one message at its first flaw; never leaves the reading."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.error: ApiError = invalid(code, message)


def first_given(*values: Any) -> Any:
    """Return the first that is given; null counts as not given, an empty text does not."""
    for value in values:
        if value is not None:
            return value
    return None


def text_of(value: Any) -> str | None:
    """Return a text as it is and a number as text; anything else is as good as absent."""
    if isinstance(value, str):
        return value.replace("\0", "")  # in no alphabet of a handset, and an end of text to the store
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def word_of(value: Any) -> str | None:
    """Return a trimmed non-empty text, or None."""
    text = text_of(value)
    return text.strip() or None if text is not None else None


def optional_word(value: Any, code: int, sentence: str) -> str | None:
    """Return what `word_of` does; refuse what is neither text nor number nor null."""
    if value is not None and text_of(value) is None:
        raise FlawedError(code, sentence)
    return word_of(value)


def is_wanted(value: Any, name: str) -> bool:
    """Say whether a boolean, its name in any case, or its number is true; 1000 for anything else."""
    if value is None or isinstance(value, bool):
        return bool(value)
    meanings = {"true": True, "1": True, "false": False, "0": False, "": False}
    text = text_of(value)
    meaning = None if text is None else meanings.get(text.strip().lower())
    if meaning is None:
        raise FlawedError(1000, f"Invalid {name} value. It is neither true nor false")
    return meaning


def digits_of(named: str | None, country: str | None) -> str:
    """Return the E.164 digits; the published pattern decides, the phone library reads what does not fit it.

    1002 for what can be no number, 1009 for what is no country: read without it, a national number would be
    somebody else's international one.
    """
    if country is None and named is not None:
        bare = named.removeprefix("+")
        if 7 <= len(bare) <= 15 and bare.isascii() and bare.isdecimal() and bare[0] != "0":
            return settled_digits(bare)
    region = None if country is None else _RESERVED_COUNTRIES.get(country.upper(), country.upper())
    if region is not None and region not in SUPPORTED_REGIONS:
        raise FlawedError(1009, "Invalid Country value")
    is_short_enough = named is not None and len(named) <= _WRITTEN_NUMBER_LIMIT
    msisdn = parse_msisdn(named, region) if named is not None and is_short_enough else None
    if msisdn is None:
        raise FlawedError(1002, "Invalid MSISDN format (not E.164 international number)")
    return msisdn.digits


def settled_digits(digits: str) -> str:
    """Return the digits as they came, but an old form or a trunk prefix as the platform reads it too."""
    msisdn = parse_msisdn(f"+{digits}") if may_be_rewritten(digits) else None
    return digits if msisdn is None else msisdn.digits


def body_of(value: Any) -> str:
    """Return the words of a message; 1004 when there are none. How long they may be, their parts decide."""
    text = text_of(value)
    if not text:
        raise FlawedError(1004, "Text value is missing")
    return text


_SOURCE_TOO_LONG: Final = "Invalid Source value. Reached max allowed limit"


@lru_cache(maxsize=4096)
def source_of(named: str | None) -> str:
    """Return the sender ID, empty for none, 1005 for a text that is not a sender ID; cached because senders repeat."""
    if named is None:
        return ""
    if len(named) > SOURCE_LIMIT + named.startswith("+"):
        raise FlawedError(1005, _SOURCE_TOO_LONG)
    sender_id = parse_sender_id(named)
    if sender_id is None and named.replace(" ", "").isalnum() and named.isascii():
        raise FlawedError(1005, _SOURCE_TOO_LONG)  # letters and digits, but more than eleven
    if sender_id is None:
        raise FlawedError(1005, "Invalid Source value")
    return sender_id.text


# Today's names, and those of Wavecell's time (8x8 contract 2.2).
_ENCODINGS: Final[dict[str, Encoding | None]] = {
    "AUTO": None,
    "GSM7": Encoding.GSM7,
    "GSM7BIT": Encoding.GSM7,
    "UCS2": Encoding.UCS2,
    "UNICODE": Encoding.UCS2,
}
_NO_ENCODING: Final = "Invalid Encoding value. It is none of AUTO, GSM7, UCS2"


def encoding_of(value: Any) -> Encoding | None:
    """Return the encoding that a sender insists on, None for automatic; 1003 for an unknown one."""
    named = optional_word(value, 1003, _NO_ENCODING)
    if named is None:
        return None
    try:
        return _ENCODINGS[named.upper()]
    except KeyError:
        raise FlawedError(1003, _NO_ENCODING) from None


def client_id_of(*values: Any) -> str | None:
    """Return the first of a sender's own ids that says anything; 3009 when it is too long, 1000 when it is no id."""
    words = [optional_word(value, 1000, "Invalid clientMessageId value") for value in values]
    client_id = next(filter(None, words), None)
    if client_id is not None and len(client_id) > CLIENT_ID_LIMIT:
        raise FlawedError(
            3009, f"Invalid clientMessageId value. It has more than {CLIENT_ID_LIMIT} characters"
        )
    return client_id


def client_batch_id_of(value: Any) -> str | None:
    """Return a sender's own id of a batch; 3014 when it is too long, 1000 when it is no id."""
    client_batch_id = optional_word(value, 1000, "Invalid clientBatchId value")
    if client_batch_id is not None and len(client_batch_id) > CLIENT_BATCH_ID_LIMIT:
        raise FlawedError(
            3014, f"Invalid clientBatchId value. It has more than {CLIENT_BATCH_ID_LIMIT} characters"
        )
    return client_batch_id


def times_of(scheduled: Any, expiry: Any, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return when to send (None for at once, as for a moment that has passed) and until when.

    1011 for a schedule that cannot be read or is too far ahead, 1006 for an expiry that comes before the sending.
    """
    due = _moment(scheduled, 1011, "Invalid Scheduled value")
    until = _moment(expiry, 1006, "Invalid Expiry value")
    return checked_times(due, until, now)


def checked_times(
    due: datetime | None, until: datetime | None, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """Return what `times_of` does, for moments that are read already."""
    if due is not None and due > now + SCHEDULE_HORIZON:
        raise FlawedError(
            1011, f"Invalid Scheduled value. It is more than {SCHEDULE_HORIZON.days} days ahead"
        )
    if due is not None and due <= now:
        due = None
    if until is not None and until <= (due or now):
        raise FlawedError(1006, "Expiry time already reached")
    return due, until


def _moment(value: Any, code: int, sentence: str) -> datetime | None:
    named = optional_word(value, code, sentence)
    if named is None:
        return None
    moment = read_moment(named) if len(named) <= _WRITTEN_MOMENT_LIMIT else None
    if moment is None:
        raise FlawedError(code, sentence)
    return moment


def callback_url_of(value: Any) -> str | None:
    """Return where a message's receipts go, None for the subaccount's webhook; 3020 for no web address."""
    url = optional_word(value, 3020, "Invalid DLR callback URL")
    if url is None:
        return None
    if not is_web_url(url):
        raise FlawedError(3020, "Invalid DLR callback URL")
    return url


def client_ip_of(value: Any) -> str | None:
    """Return the IP address of the sender's own customer in its shortest form; 1012 for another text."""
    named = optional_word(value, 1012, "Invalid clientIp value")
    if named is None:
        return None
    try:
        address = ip_address(named)
    except ValueError:
        raise FlawedError(1012, "Invalid clientIp value") from None
    return str((isinstance(address, IPv6Address) and address.ipv4_mapped) or address)


def is_tracked(value: Any) -> bool:
    """Say whether feedback will report a message's outcome (8x8 contract 2.8); 1000 for an unknown word."""
    sentence = "Invalid Track value. It is none of None, Outcome"
    named = (optional_word(value, 1000, sentence) or "none").lower()
    if named not in {"none", "outcome"}:
        raise FlawedError(1000, sentence)
    return named == "outcome"
