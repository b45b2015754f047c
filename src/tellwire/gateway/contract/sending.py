"""Reads the bodies of the sending endpoints into drafts (8x8 contract 2.2, 2.3, 2.4, 8.1, 8.2).

Reading is lenient wherever real clients need it: letter case of enumerations, numbers given as strings and strings
given as numbers, null for absent, unknown members, other platforms' names for our fields. What a draft becomes
(umid, parts, price) is `submission`'s part.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from ipaddress import ip_address
from typing import Any, Final, Literal, TypeAlias
from urllib.parse import urlsplit

import msgspec

from tellwire.gateway.contract.errors import MALFORMED, NO_MESSAGES, TOO_MANY_MESSAGES, ApiError
from tellwire.gateway.contract.moments import read_moment
from tellwire.kernel.address import parse_msisdn, parse_sender_id
from tellwire.kernel.sms import Encoding

MESSAGES_LIMIT: Final = 10_000
CLIENT_ID_LIMIT: Final = 350
# The schema says 20, live samples have 36, Chat Apps has 100 (8x8 contract, decision 8).
CLIENT_BATCH_ID_LIMIT: Final = 100
SOURCE_LIMIT: Final = 16
SCHEDULE_HORIZON: Final = timedelta(days=7)
URL_LIMIT: Final = 2048
# More opening braces or commas than any batch of 10,000 has a use for: refused before memory is spent on them.
_BRACES_LIMIT: Final = 4 * MESSAGES_LIMIT
_COMMAS_LIMIT: Final = 100 * MESSAGES_LIMIT

CallbackStyle: TypeAlias = Literal["8x8", "clevertap", "webengage", "smpp"]


# Where in a text the link to a survey will stand: reading takes this character out of everything that comes.
LINK_PLACE: Final = "\0"


class Variable(msgspec.Struct, frozen=True, array_like=True):
    """A value that a survey was sent with; `is_shown` when its form may show it to whoever has the link."""

    name: str
    value: str
    is_shown: bool


class SurveyLink(msgspec.Struct, frozen=True, kw_only=True):
    """The survey that a text's `LINK_PLACE` will lead to; until `closes_at`, None for the usual time."""

    survey: str
    closes_at: datetime | None = None
    variables: tuple[Variable, ...] = ()


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """One message as its sender wants it; `destination` is E.164 digits, `encoding` None means automatic.

    `written` is the destination as the sender wrote it, for a refusal.
    `source` is empty when the sender left it to the subaccount. `callback_url` overrides the subaccount's webhook
    and `style` says whose receipt form it expects.
    """

    destination: str
    text: str
    source: str = ""
    encoding: Encoding | None = None
    client_id: str | None = None
    scheduled: datetime | None = None
    expiry: datetime | None = None
    callback_url: str | None = None
    style: CallbackStyle = "8x8"
    tracked: bool = False
    written: str = ""
    survey: SurveyLink | None = None


class Flaw(msgspec.Struct, frozen=True, kw_only=True):
    """One message that cannot be accepted, and why; `destination` is what the sender wrote."""

    error: ApiError
    destination: str = ""
    client_id: str | None = None


class BatchRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A batch as understood; `is_bare` when it came as one object without a list (8x8 contract 2.4)."""

    items: list[Draft | Flaw]
    client_batch_id: str | None = None
    wants_messages: bool = False
    is_bare: bool = False


class Wire(msgspec.Struct):
    """The members of a message that mean something; anything else is skipped while parsing."""

    destination: Any = None
    text: Any = None
    source: Any = None
    country: Any = None
    client_message_id: Any = msgspec.field(default=None, name="clientMessageId")
    encoding: Any = None
    scheduled: Any = None
    expiry: Any = None
    dlr_callback_url: Any = msgspec.field(default=None, name="dlrCallbackUrl")
    client_ip: Any = msgspec.field(default=None, name="clientIp")
    track: Any = None
    mid: Any = None
    partner_callback_url: Any = msgspec.field(default=None, name="partnerCallbackUrl")
    # MoEngage's guide names these instead (8x8 contract 8.2).
    message: Any = None
    body: Any = None
    sender: Any = None
    from_: Any = msgspec.field(default=None, name="from")
    recipient: Any = None
    to: Any = None
    # A survey's instead of the text.
    template_body: Any = msgspec.field(default=None, name="templateBody")
    template_variables: Any = msgspec.field(default=None, name="templateVariables")


class WireBatch(Wire):
    """A batch's members; it may be one bare message too."""

    messages: list[Wire] | None = None
    msgs: list[Wire] | None = None
    destinations: list[Any] | None = None
    template: Wire | None = None
    client_batch_id: Any = msgspec.field(default=None, name="clientBatchId")
    include_messages_in_response: Any = msgspec.field(default=None, name="includeMessagesInResponse")


_read_message = msgspec.json.Decoder(Wire)
_read_batch = msgspec.json.Decoder(WireBatch)
_read_list = msgspec.json.Decoder(list[Wire])
_NO_TEMPLATE = Wire()


# What a message (the second wire is its template) says: its text, and the survey that the text leads to.
Content: TypeAlias = Callable[[Wire, Wire], tuple[str, SurveyLink | None]]


def plain_content(wire: Wire, template: Wire) -> tuple[str, SurveyLink | None]:
    """Return what a message says in its own words."""
    return _text(_first(wire.text, wire.message, wire.body, template.text)), None


def read_single(body: bytes, now: datetime, content: Content = plain_content) -> Draft | ApiError:
    """Return the message that a body of `POST .../messages` holds, or the refusal of it."""
    try:
        wire = _read_message.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return MALFORMED
    read = _read(wire, _NO_TEMPLATE, now, content)
    return read.error if isinstance(read, Flaw) else read


def read_batch(body: bytes, now: datetime, content: Content = plain_content) -> BatchRequest | ApiError:
    """Return the batch that a body of `POST .../messages/batch` holds, or the refusal of the whole of it.

    Takes the documented object, an object with `msgs` for `messages`, a bare message object and a top-level array.
    A message that cannot be accepted is a `Flaw` among the items, in its place.
    """
    if body.count(b"{") > _BRACES_LIMIT or body.count(b",") > _COMMAS_LIMIT:
        return TOO_MANY_MESSAGES
    try:
        if body.lstrip()[:1] == b"[":
            return _of_list(_read_list.decode(body), _NO_TEMPLATE, now, content)
        wire = _read_batch.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return MALFORMED
    return _of_object(wire, now, content)


def _of_object(wire: WireBatch, now: datetime, content: Content) -> BatchRequest | ApiError:
    client_batch_id = _word(wire.client_batch_id)
    if client_batch_id is not None and len(client_batch_id) > CLIENT_BATCH_ID_LIMIT:
        return _refusal(
            3014, f"Invalid clientBatchId value. It has more than {CLIENT_BATCH_ID_LIMIT} characters"
        )
    template = wire.template or _NO_TEMPLATE
    listed = wire.messages if wire.messages is not None else wire.msgs
    if listed is None and wire.destinations is not None:
        listed = [Wire(destination=destination) for destination in wire.destinations[: MESSAGES_LIMIT + 1]]
    is_bare = listed is None and _destination(wire) is not None
    if listed is None:
        listed = [wire] if is_bare else []
    batch = _of_list(listed, template, now, content)
    if isinstance(batch, ApiError):
        return batch
    return BatchRequest(
        items=batch.items,
        client_batch_id=client_batch_id,
        wants_messages=_is_true(wire.include_messages_in_response),
        is_bare=is_bare,
    )


def _of_list(listed: list[Wire], template: Wire, now: datetime, content: Content) -> BatchRequest | ApiError:
    if not listed:
        return NO_MESSAGES
    if len(listed) > MESSAGES_LIMIT:
        return TOO_MANY_MESSAGES
    return BatchRequest(items=[_read(wire, template, now, content) for wire in listed])


class FlawedError(Exception):
    """Leaves the reading of one message at its first flaw; never leaves the reading."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.error = _refusal(code, message)


def _read(wire: Wire, template: Wire, now: datetime, content: Content) -> Draft | Flaw:
    try:
        return _draft(wire, template, now, content)
    except FlawedError as flawed:
        client_id = _word(wire.client_message_id) or _word(wire.mid)
        return Flaw(
            error=flawed.error,
            destination=(_destination(wire) or "")[:64],
            client_id=client_id and client_id[:CLIENT_ID_LIMIT],
        )


def _draft(wire: Wire, template: Wire, now: datetime, content: Content) -> Draft:
    """Return one message, with the template's members where it has none of its own."""
    partner_url = _callback_url(wire.partner_callback_url)
    own_url = _callback_url(_first(wire.dlr_callback_url, template.dlr_callback_url))
    scheduled, expiry = _times(wire, template, now)
    _check_client_ip(wire.client_ip)
    written = _destination(wire)
    text, survey = content(wire, template)
    return Draft(
        destination=_digits(written, _word(wire.country)),
        written=written or "",
        text=text,
        source=_source(_word(_first(wire.source, wire.sender, wire.from_, template.source))),
        encoding=_encoding(_first(wire.encoding, template.encoding)),
        client_id=_client_id(wire, prefers_mid=partner_url is not None),
        scheduled=scheduled,
        expiry=expiry,
        callback_url=partner_url or own_url,
        style="8x8" if partner_url is None else "clevertap",
        tracked=_tracked(wire.track),
        survey=survey,
    )


def _destination(wire: Wire) -> str | None:
    return _word(_first(wire.destination, wire.recipient, wire.to))


def _digits(named: str | None, country: str | None) -> str:
    """Return the E.164 digits; the published pattern decides, the phone library reads what does not fit it."""
    if country is None and named is not None:
        bare = named.removeprefix("+")
        if 7 <= len(bare) <= 15 and bare.isascii() and bare.isdecimal() and bare[0] != "0":
            return bare
    region = None if country is None else country.upper()
    if region is not None and not (len(region) == 2 and region.isascii() and region.isalpha()):
        raise FlawedError(1009, "Invalid Country value")
    msisdn = None if named is None or len(named) > 64 else parse_msisdn(named, region)
    if msisdn is None:
        raise FlawedError(1002, "Invalid MSISDN format (not E.164 international number)")
    return msisdn.digits


def _text(value: Any) -> str:
    text = text_of(value)
    if not text:
        raise FlawedError(1004, "Text value is missing")
    return text


_SOURCE_TOO_LONG: Final = "Invalid Source value. Reached max allowed limit"


@lru_cache(maxsize=4096)
def _source(named: str | None) -> str:
    """Return the sender ID, empty for none; cached because senders repeat."""
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


_ENCODINGS: Final[dict[str, Encoding | None]] = {
    "AUTO": None,
    "GSM7": Encoding.GSM7,
    "GSM7BIT": Encoding.GSM7,
    "UCS2": Encoding.UCS2,
    "UNICODE": Encoding.UCS2,
}


def _encoding(value: Any) -> Encoding | None:
    named = _word(value)
    if named is None:
        return None
    try:
        return _ENCODINGS[named.upper()]
    except KeyError:
        raise FlawedError(1003, "Invalid Encoding value. It is none of AUTO, GSM7, UCS2") from None


def _client_id(wire: Wire, *, prefers_mid: bool) -> str | None:
    """Return the sender's own id; CleverTap's `mid` must come back verbatim in its callback, so there it wins."""
    own, mid = _word(wire.client_message_id), _word(wire.mid)
    client_id = (mid or own) if prefers_mid else (own or mid)
    if client_id is not None and len(client_id) > CLIENT_ID_LIMIT:
        raise FlawedError(
            3009, f"Invalid clientMessageId value. It has more than {CLIENT_ID_LIMIT} characters"
        )
    return client_id


def _times(wire: Wire, template: Wire, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return when to send (None for at once) and until when."""
    scheduled = _moment(_first(wire.scheduled, template.scheduled), 1011, "Invalid Scheduled value")
    expiry = _moment(_first(wire.expiry, template.expiry), 1006, "Invalid Expiry value")
    if scheduled is not None and scheduled > now + SCHEDULE_HORIZON:
        raise FlawedError(
            1011, f"Invalid Scheduled value. It is more than {SCHEDULE_HORIZON.days} days ahead"
        )
    if scheduled is not None and scheduled <= now:
        scheduled = None
    if expiry is not None and expiry <= (scheduled or now):
        raise FlawedError(1006, "Expiry time already reached")
    return scheduled, expiry


def _moment(value: Any, code: int, sentence: str) -> datetime | None:
    named = _word(value)
    if named is None:
        return None
    moment = read_moment(named) if len(named) <= 40 else None
    if moment is None:
        raise FlawedError(code, sentence)
    return moment


def _callback_url(value: Any) -> str | None:
    url = _word(value)
    if url is None:
        return None
    if not is_web_url(url):
        raise FlawedError(3020, "Invalid DLR callback URL")
    return url


@lru_cache(maxsize=1024)
def is_web_url(url: str) -> bool:
    """Say whether `url` is an absolute http or https address of at most `URL_LIMIT` characters."""
    if len(url) > URL_LIMIT or not url.isprintable() or " " in url:
        return False
    try:
        parts = urlsplit(url)
        has_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and has_port


def _check_client_ip(value: Any) -> None:
    named = _word(value)
    if named is None:
        return
    try:
        ip_address(named)
    except ValueError:
        raise FlawedError(1012, "Invalid clientIp value") from None


def _tracked(value: Any) -> bool:
    named = (_word(value) or "none").lower()
    if named not in {"none", "outcome"}:
        raise FlawedError(1000, "Invalid Track value. It is none of None, Outcome")
    return named == "outcome"


def _is_true(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() == "true")


def _first(*values: Any) -> Any:
    """Return the first that is given; null counts as not given."""
    for value in values:
        if value is not None:
            return value
    return None


def _word(value: Any) -> str | None:
    """Return a trimmed non-empty text, or None."""
    text = text_of(value)
    return text.strip() or None if text is not None else None


def text_of(value: Any) -> str | None:
    """Return a text as it is and a number as text; anything else is as good as absent."""
    if isinstance(value, str):
        return value.replace("\0", "")  # in no alphabet of a handset, and an end of text to the store
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def _refusal(code: int, message: str) -> ApiError:
    return ApiError(status=400, code=code, message=message)
