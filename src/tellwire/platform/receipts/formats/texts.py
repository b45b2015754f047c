"""Texts of people in the forms of other vendors: where the number, the text and its id stand in each. Pure.

A form is known by its fields. Of a vendor only what people wrote is read here, not its receipts.

    Twilio            form   From To Body MessageSid                 https://www.twilio.com/docs/messaging/guides/webhook-request
    Plivo             form   From To Text MessageUUID                https://www.plivo.com/docs/messaging/use-cases/receive-sms
    Vonage, Messages  JSON   from to text message_uuid timestamp     https://developer.vonage.com/en/api/messages
    Vonage, SMS API   both   msisdn to text messageId message-timestamp  https://developer.vonage.com/en/messaging/sms
    Infobip           JSON   results[] of from to text messageId receivedAt   https://www.infobip.com/docs/api/channels/sms
    MessageBird       both   originator recipient body id createdDatetime     https://developers.messagebird.com/api/sms-messaging
    Bird              JSON   payload of sender body id createdAt     https://docs.bird.com/api/notifications-api
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from tellwire.kernel.address import parse_msisdn
from tellwire.kernel.provider.path import Path, at, path_of
from tellwire.kernel.provider.values import id_of, moment_of, moment_of_iso, text_of
from tellwire.platform.receipts.words import INCOMING_LIMIT, NAME_LIMIT, Foreign, InboundText, Word


class TextForm(NamedTuple):
    """Where a vendor puts what a person wrote; `marks` are what only this form has."""

    vendor: str
    marks: tuple[Path, ...]
    sender: Path
    to: Path
    text: Path
    text_id: Path
    at: Path | None = None


def _form(vendor: str, marks: str, sender: str, to: str, text: str, text_id: str, at: str = "") -> TextForm:
    paths = tuple(map(path_of, marks.split()))
    return TextForm(
        vendor=vendor,
        marks=paths,
        sender=path_of(sender),
        to=path_of(to),
        text=path_of(text),
        text_id=path_of(text_id),
        at=path_of(at) if at else None,
    )


FORMS: Final = (
    _form("twilio", "MessageSid From Body", "From", "To", "Body", "MessageSid"),
    _form("plivo", "MessageUUID From Text", "From", "To", "Text", "MessageUUID"),
    _form("vonage", "message_uuid from text", "from", "to", "text", "message_uuid", "timestamp"),
    _form("vonage", "messageId msisdn text", "msisdn", "to", "text", "messageId", "message-timestamp"),
    _form("infobip", "messageId from text receivedAt", "from", "to", "text", "messageId", "receivedAt"),
    _form("messagebird", "id originator body", "originator", "recipient", "body", "id", "createdDatetime"),
    _form(
        "bird",
        "payload.sender.contact payload.body.text",
        "payload.sender.contact.identifierValue",
        "payload.receiver.connectors.0.identifierValue",
        "payload.body.text.text",
        "payload.id",
        "payload.createdAt",
    ),
)


def form_of(item: Mapping[str, Any]) -> TextForm | None:
    """Return the form of one object, None for what is none of them."""
    return next((form for form in FORMS if all(at(item, mark) is not None for mark in form.marks)), None)


def items_of(item: Mapping[str, Any]) -> list[Any]:
    """Return the objects of one: Infobip sends several as `results`."""
    results = item.get("results")
    return results if isinstance(results, list) else [item]


def read_text(form: TextForm, item: Mapping[str, Any], now: datetime) -> Word:
    """Return what a person wrote; `now` stands in for a moment that the form has not, or that cannot be read."""
    sender = parse_msisdn(text_of(at(item, form.sender)))
    text = text_of(at(item, form.text), INCOMING_LIMIT)
    if (
        sender is None or not text
    ):  # a short code, a name, a picture without words: nobody's number, or nothing said
        return Foreign()
    said = None if form.at is None else at(item, form.at)
    return InboundText(
        sender=sender,
        text_id=id_of(at(item, form.text_id)),
        at=moment_of_iso(said) or moment_of(said) or now,
        text=text,
        to=text_of(at(item, form.to), NAME_LIMIT),
    )
