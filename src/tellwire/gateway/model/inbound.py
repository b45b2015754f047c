"""A text from a handset, part by part."""

from datetime import datetime

import msgspec

from tellwire.gateway.smpp.alphabets import Alphabet


class InboundPart(msgspec.Struct, frozen=True, kw_only=True):
    """One deliver_sm from a handset: a whole text (`total` 1) or the part `number` of `total`.

    `umid` becomes the text's id when this part completes it. `destination` is digits or a short code;
    `owner` is the account and subaccount of that number, None when nobody registered it. A whole text is its `body`;
    a part is its `octets`, None where it came as text.
    """

    umid: str
    carrier: str
    source: str
    destination: str
    body: str
    encoding: str
    received: datetime
    owner: tuple[str, str] | None
    reference: int = 0
    number: int = 1
    total: int = 1
    octets: bytes | None = None
    alphabet: Alphabet = "GSM7"
