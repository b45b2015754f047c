"""Reads the bodies of the sending endpoints into drafts (8x8 contract 2.2, 2.3, 2.4, 8.1, 8.2).

Here is which members there are, under which names, and where a batch's item takes them from its template; what each
of them means is `members`' part, and what a draft becomes (umid, parts, price) is `submission`'s.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, TypeAlias

import msgspec

from tellwire.gateway.contract.drafts import BatchRequest, Draft, Flaw, SurveyLink
from tellwire.gateway.contract.errors import MALFORMED, NO_MESSAGES, TOO_MANY_MESSAGES, ApiError
from tellwire.gateway.contract.members import (
    CLIENT_ID_LIMIT,
    FlawedError,
    body_of,
    callback_url_of,
    client_batch_id_of,
    client_id_of,
    client_ip_of,
    digits_of,
    encoding_of,
    first_given,
    is_tracked,
    is_wanted,
    optional_word,
    source_of,
    times_of,
    word_of,
)

MESSAGES_LIMIT: Final = 10_000
# More opening braces or commas than any batch of 10,000 has a use for, those in its texts too: refused before memory
# is spent on them. An empty message takes 200 bytes, so that this many take 40 MB.
_BRACES_LIMIT: Final = 20 * MESSAGES_LIMIT
_COMMAS_LIMIT: Final = 100 * MESSAGES_LIMIT
_ECHOED_LIMIT: Final = 64  # characters of a refused destination


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
    # CleverTap's (8x8 contract 8.1).
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
    return body_of(first_given(wire.text, wire.message, wire.body, template.text)), None


class _Reading(msgspec.Struct, frozen=True):
    """The common settings for reading all messages of one body."""

    now: datetime
    content: Content
    is_partner: bool = False


def read_single(body: bytes, now: datetime, content: Content = plain_content) -> Draft | ApiError:
    """Return the message that a body of `POST .../messages` holds, or the refusal of it."""
    try:
        wire = _read_message.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return MALFORMED
    read = _read(wire, _NO_TEMPLATE, _Reading(now, content))
    return read.error if isinstance(read, Flaw) else read


def read_batch(
    body: bytes, now: datetime, content: Content = plain_content, *, is_partner: bool = False
) -> BatchRequest | ApiError:
    """Return the batch that a body of `POST .../messages/batch` holds, or the refusal of the whole of it.

    Takes the documented object, an object with `msgs` for `messages`, a bare message object and a top-level array.
    A message that cannot be accepted is a `Flaw` among the items, in its place.
    `is_partner` for CleverTap's own endpoint, whose receipts have CleverTap's form wherever they go (8.1 b).
    """
    if body.count(b"{") > _BRACES_LIMIT or body.count(b",") > _COMMAS_LIMIT:
        return TOO_MANY_MESSAGES
    try:
        is_list = body.lstrip()[:1] == b"["
        wire = WireBatch(messages=_read_list.decode(body)) if is_list else _read_batch.decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return MALFORMED
    try:
        return _batch(wire, _Reading(now, content, is_partner))
    except FlawedError as flawed:
        return flawed.error


def _batch(wire: WireBatch, reading: _Reading) -> BatchRequest | ApiError:
    client_batch_id, client_ip = client_batch_id_of(wire.client_batch_id), client_ip_of(wire.client_ip)
    listed = wire.messages or wire.msgs or _of_destinations(wire)
    is_bare = not listed and _destination(wire) is not None
    if is_bare:
        listed = [wire]
    if not listed:
        return NO_MESSAGES
    if len(listed) > MESSAGES_LIMIT:
        return TOO_MANY_MESSAGES
    template = wire.template or _NO_TEMPLATE
    return BatchRequest(
        items=[_read(one, template, reading) for one in listed],
        client_batch_id=client_batch_id,
        client_ip=client_ip,
        wants_messages=is_wanted(wire.include_messages_in_response, "includeMessagesInResponse"),
        is_bare=is_bare,
    )


def _of_destinations(wire: WireBatch) -> list[Wire]:
    """Return a message without words for each destination; the template has the words."""
    destinations = wire.destinations or []
    return [Wire(destination=destination) for destination in destinations[: MESSAGES_LIMIT + 1]]


def _read(wire: Wire, template: Wire, reading: _Reading) -> Draft | Flaw:
    try:
        return _draft(wire, template, reading)
    except FlawedError as flawed:
        client_id = word_of(wire.client_message_id) or word_of(wire.mid)
        return Flaw(
            error=flawed.error,
            destination=(_destination(wire) or "")[:_ECHOED_LIMIT],
            client_id=client_id and client_id[:CLIENT_ID_LIMIT],
        )


def _draft(wire: Wire, template: Wire, reading: _Reading) -> Draft:
    """Return one message, with the template's members where it has none of its own."""
    partner_url = callback_url_of(wire.partner_callback_url)
    own_url = callback_url_of(first_given(wire.dlr_callback_url, template.dlr_callback_url))
    is_partners = reading.is_partner or partner_url is not None
    scheduled, expiry = times_of(
        first_given(wire.scheduled, template.scheduled),
        first_given(wire.expiry, template.expiry),
        reading.now,
    )
    written = _destination(wire)
    country = optional_word(wire.country, 1009, "Invalid Country value")
    source = first_given(wire.source, wire.sender, wire.from_, template.source)
    text, survey = reading.content(wire, template)
    # CleverTap's `mid` must come back verbatim in its callback, so there it wins.
    own_ids = (wire.client_message_id, wire.mid)
    return Draft(
        destination=digits_of(written, country),
        written=written or "",
        text=text,
        source=source_of(optional_word(source, 1005, "Invalid Source value")),
        encoding=encoding_of(first_given(wire.encoding, template.encoding)),
        client_id=client_id_of(*(reversed(own_ids) if is_partners else own_ids)),
        scheduled=scheduled,
        expiry=expiry,
        callback_url=partner_url or own_url,
        style="clevertap" if is_partners else "8x8",
        tracked=is_tracked(wire.track),
        client_ip=client_ip_of(wire.client_ip),
        survey=survey,
    )


def _destination(wire: Wire) -> str | None:
    return word_of(first_given(wire.destination, wire.recipient, wire.to))
