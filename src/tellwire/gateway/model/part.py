"""One part of a longer text as an SMPP customer submits it, and the text when it goes."""

from datetime import datetime

import msgspec

from tellwire.gateway.smpp.alphabets import Alphabet


class SubmittedPart(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a customer's text, with the id that the customer was given for it.

    `bind` is the session that it came over. `receipt_to` is where its receipt goes, None when it asked for none.
    """

    subaccount: str
    system_id: str
    bind: str
    source: str
    destination: str
    reference: int
    total: int
    number: int
    umid: str
    alphabet: Alphabet
    octets: bytes
    receipt_to: str | None
    deliver_at: datetime | None
    expires_at: datetime | None
    received: datetime


class JoinedText(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of one text that are there, in order; `joint` names it in the store."""

    joint: int
    parts: tuple[SubmittedPart, ...]


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """The id under which a part is kept (its first one, when it came again), and its text once that is whole."""

    umid: str
    whole: JoinedText | None
