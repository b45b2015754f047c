"""What a provider can say about a message, whichever wire it came by; `kernel.status.Receipt` is the first.

Outside ids are only text here: whether we ever sent such a message is the ledger's to say.
"""

from datetime import datetime
from typing import Final, TypeAlias

import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.kernel.status import Receipt
from tellwire.platform.model.inbound import TEXT_KEPT

URL_LIMIT: Final = 2048
NAME_LIMIT: Final = 32  # characters of the number or name that a person wrote to
INCOMING_LIMIT: Final = TEXT_KEPT


class Click(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody opened a link of a message."""

    message_id: str
    at: datetime
    url: str
    short_url: str = ""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody answered a message; `to` is what they wrote to, if the wire says so."""

    message_id: str
    at: datetime
    text: str
    to: str = ""


class InboundText(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody wrote to us; known by the number, whether or not it answers a message. `text_id` is the provider's."""

    sender: Msisdn
    text_id: str
    at: datetime
    text: str
    to: str = ""


class Incomplete(msgspec.Struct, frozen=True):
    """An item without what it must have: the names of what is missing or of the wrong kind."""

    missing: tuple[str, ...]


class Foreign(msgspec.Struct, frozen=True):
    """An item that is well-formed and tells nothing about a message of ours."""


Word: TypeAlias = Receipt | Click | Reply | InboundText | Incomplete | Foreign
