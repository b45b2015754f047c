"""A message on its way through the gateway: as accepted, as claimed by a lane, as settled."""

from datetime import datetime
from typing import Final, Literal

import msgspec

from tellwire.gateway.contract.drafts import CallbackStyle
from tellwire.gateway.model.link import NewLink
from tellwire.kernel.sms import Encoding
from tellwire.kernel.status import MessageStatus, Standing


class NewMessage(msgspec.Struct, frozen=True, array_like=True):
    """One accepted message as the store inserts it; the order of the fields is that of the store's statement."""

    umid: str
    account: str
    subaccount: str
    batch: str | None
    client_batch: str | None
    created_ms: int
    source: str
    destination: str
    body: str
    encoding: Encoding
    parts: int
    client_id: str | None
    due_ms: int | None
    expiry_ms: int
    callback_url: str | None
    style: CallbackStyle
    is_tracked: bool
    price_micro: int
    currency: str
    lane: str


SENT: Final = Standing(MessageStatus.SENT)


EXPIRED: Final = Standing(MessageStatus.EXPIRED)


class NewBatch(msgspec.Struct, frozen=True, kw_only=True):
    """The accepted messages of one request, and the short links in them; a prepaid account pays at once.

    `joined` names the waiting parts of which the one message was made: they go as it comes, or it came before.
    `once_since` makes messages whose client id was taken since then count as taken already.
    """

    account: str
    messages: list[NewMessage]
    links: list[NewLink] = []
    is_prepaid: bool = False
    joined: int | None = None
    once_since: datetime | None = None


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """The result for a batch: nothing is stored when the balance does not cover it; else all of it is on the disk.

    `repeated` tells, by a message's umid, the umid under which the same client id was taken before.
    """

    is_covered: bool
    repeated: dict[str, str] = {}


class Claimed(msgspec.Struct, frozen=True, array_like=True):
    """One message to be handed to a carrier; `taken` numbers the parts (from 1) that it has already."""

    place: int
    seq: int
    umid: str
    source: str
    destination: str
    body: str
    encoding: Encoding
    expiry_ms: int
    attempts: int
    taken: list[int] | None
    account: str


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """How one claimed message ended for now.

    `standing` is what it reached, None when it is to be tried again at `retry_at`. `references` are the carrier's
    ids of the parts that this attempt handed over, by part number.
    """

    place: int
    seq: int
    references: list[tuple[int, str]]
    at: datetime
    standing: Standing | None = None
    error_code: int = 0
    retry_at: datetime | None = None


class Overdue(msgspec.Struct, frozen=True, kw_only=True):
    """Expired messages of one look at a lane, each as place and seq; `looked_to` is the last place that was seen."""

    expired: list[tuple[int, int]]
    looked_to: int | None


class LaneSettlement(msgspec.Struct, frozen=True):
    """The messages that one carrier's lane settles together."""

    lane: str
    settled: list[Settled]


class Progress(msgspec.Struct, frozen=True):
    """The effect of a transaction: the callback lanes that have something new."""

    callback_lanes: frozenset[str]


class Woken(msgspec.Struct, frozen=True):
    """The lanes whose scheduled or retried messages became ready, and when the next one will (None: none waits)."""

    lanes: frozenset[str]
    next_due_ms: int | None


class Cancel(msgspec.Struct, frozen=True, kw_only=True):
    """A wish to cancel one message by `umid` or all of a batch, of one subaccount."""

    subaccount: str
    now: datetime
    umid: str | None = None
    batch: str | None = None


class Feedback(msgspec.Struct, frozen=True, kw_only=True):
    """A sender's word on what came of a message."""

    subaccount: str
    umid: str
    outcome: Literal["success", "failure"]
    at: datetime
