"""A handset as JSON: what scripts and pages read of it, and what they may ask. Pure; HTTP is `web`."""

from typing import Annotated, Final, Literal

import msgspec

from tellwire.gateway.simulator.handsets import Handset, ShownMessage, ShownPart
from tellwire.kernel.sms import Encoding

TEXT_LIMIT: Final = 1_530  # ten parts


class ReceivedMessage(msgspec.Struct, frozen=True):
    """A text as scripts read it (the interface they rely on: names and units stay)."""

    umid: str
    source: str
    text: str
    encoding: Encoding
    parts: tuple[ShownPart, ...]
    received_at: str


class PhoneMessage(ReceivedMessage, frozen=True):
    """A text as the page reads it: also those that were written on the phone."""

    direction: Literal["in", "out"]


class Phone(msgspec.Struct, frozen=True):
    """A whole handset as its page reads it, texts in the order they came; `reply_to` is a number to suggest."""

    number: str
    on: bool
    full: bool
    messages: list[PhoneMessage]
    reply_to: str = ""


class Reply(msgspec.Struct, frozen=True):
    """A text to send from the handset; names cannot be answered, so `to` is a number or short code."""

    to: Annotated[str, msgspec.Meta(pattern=r"^\+?[0-9]{3,16}$")]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_LIMIT)]


class Switch(msgspec.Struct, frozen=True):
    """A change; a field that is None stays."""

    on: bool | None = None
    full: bool | None = None


def received_by(handset: Handset | None) -> dict[str, list[ReceivedMessage]]:
    """Return the messages of a handset, newest first; a number that nobody wrote to has none."""
    messages = reversed(handset.messages) if handset is not None else ()
    return {"messages": [_received(message) for message in messages if message.direction == "in"]}


def _received(message: ShownMessage) -> ReceivedMessage:
    return ReceivedMessage(
        message.umid, message.source, message.text, message.encoding, message.parts, _moment(message)
    )


def phone_message(message: ShownMessage) -> PhoneMessage:
    """A text as the page reads it."""
    return PhoneMessage(
        message.umid, message.source, message.text, message.encoding, message.parts, _moment(message),
        message.direction,
    )  # fmt: skip


def _moment(message: ShownMessage) -> str:
    return message.received_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def phone(digits: str, handset: Handset | None, reply_to: str = "") -> Phone:
    """A number's phone; one that nobody wrote to is new, on and empty."""
    if handset is None:
        return Phone(number=f"+{digits}", on=True, full=False, messages=[], reply_to=reply_to)
    messages = [phone_message(message) for message in handset.messages]
    return Phone(
        number=f"+{digits}", on=handset.is_on, full=handset.is_full, messages=messages, reply_to=reply_to
    )


def summary(handset: Handset) -> dict[str, object]:
    """A phone in a list."""
    last = handset.messages[-1] if handset.messages else None
    return {
        "number": handset.number.e164,
        "on": handset.is_on,
        "full": handset.is_full,
        "count": len(handset.messages),
        "last": phone_message(last) if last else None,
    }
