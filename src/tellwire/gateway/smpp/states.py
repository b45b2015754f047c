"""A session's states, who may say what in them, its timers and its events: tables and values that `session` reads."""

from enum import StrEnum
from typing import TypeAlias

import msgspec

from tellwire.gateway.smpp import pdu
from tellwire.gateway.smpp.codec import command_of
from tellwire.gateway.smpp.pdu import Body, Request, Response


class Role(StrEnum):
    """Which end we are."""

    ESME = "esme"
    SMSC = "smsc"


class State(StrEnum):
    """Where the session stands (2.2); texts, because Python hashes other enumerations slowly."""

    OPEN = "open"
    BOUND_TX = "bound_tx"
    BOUND_RX = "bound_rx"
    BOUND_TRX = "bound_trx"
    UNBOUND = "unbound"
    CLOSED = "closed"


class Timers(msgspec.Struct, frozen=True, kw_only=True):
    """How long a session waits, in seconds (7.2)."""

    bind_s: float = 10.0  # a peer that has not bound by then holds a socket for nothing
    response_s: float = 30.0  # carriers answer in milliseconds; after this one will not answer at all
    enquire_s: float = 30.0  # 8x8 contract 6 suggests 30 s of silence before asking
    idle_s: float = 120.0  # four unanswered questions' worth: the peer is gone


class Answered(msgspec.Struct, frozen=True):
    """The peer answered what we asked; `body` is None when only its header could be read, or it was a nack."""

    token: object
    status: int
    body: Response | None


class Unanswered(msgspec.Struct, frozen=True):
    """Sent, and never answered: the peer perhaps has it."""

    token: object
    reason: str


class Unsent(msgspec.Struct, frozen=True):
    """Never left: the peer surely does not have it."""

    token: object
    reason: str


class Asked(msgspec.Struct, frozen=True):
    """The peer asks; `Session.respond` with this sequence number answers."""

    sequence: int
    body: Request


class Ended(msgspec.Struct, frozen=True):
    """The session is over: flush `output`, close the connection, then call `lost`.

    Other events may follow it: the answers that came in one segment with an unbind are answers all the same.
    """

    reason: str


Event: TypeAlias = Answered | Unanswered | Unsent | Asked | Ended

BOUND = frozenset({State.BOUND_TX, State.BOUND_RX, State.BOUND_TRX})
SENDS = frozenset({State.BOUND_TX, State.BOUND_TRX})  # named from the ESME's side, as the standard does
RECEIVES = frozenset({State.BOUND_RX, State.BOUND_TRX})
_OPEN = frozenset({State.OPEN})
_ESME = frozenset({Role.ESME})
_SMSC = frozenset({Role.SMSC})
_EITHER = frozenset({Role.ESME, Role.SMSC})

# Table 2-1 of the standard: who may say what, and when. enquire_link is answered before a bind, too.
_TABLE: dict[type[Body], tuple[frozenset[Role], frozenset[State]]] = {
    pdu.BindTransmitter: (_ESME, _OPEN),
    pdu.BindReceiver: (_ESME, _OPEN),
    pdu.BindTransceiver: (_ESME, _OPEN),
    pdu.Outbind: (_SMSC, _OPEN),
    pdu.Unbind: (_EITHER, BOUND),
    pdu.EnquireLink: (_EITHER, BOUND | _OPEN),
    pdu.SubmitSm: (_ESME, SENDS),
    pdu.QuerySm: (_ESME, SENDS),
    pdu.CancelSm: (_ESME, SENDS),
    pdu.ReplaceSm: (_ESME, SENDS),
    pdu.DeliverSm: (_SMSC, RECEIVES),
    pdu.DataSm: (_EITHER, BOUND),
    pdu.AlertNotification: (_SMSC, RECEIVES),
}
# The same, by role: in which states it may say what.
MAY_SAY: dict[Role, dict[type[Body], frozenset[State]]] = {
    role: {kind: states if role in roles else frozenset() for kind, (roles, states) in _TABLE.items()}
    for role in Role
}
ANSWERS: dict[type[Body], type[Body]] = {
    pdu.BindTransmitter: pdu.BindTransmitterResp,
    pdu.BindReceiver: pdu.BindReceiverResp,
    pdu.BindTransceiver: pdu.BindTransceiverResp,
    pdu.Unbind: pdu.UnbindResp,
    pdu.EnquireLink: pdu.EnquireLinkResp,
    pdu.SubmitSm: pdu.SubmitSmResp,
    pdu.DeliverSm: pdu.DeliverSmResp,
    pdu.DataSm: pdu.DataSmResp,
}
BINDS: dict[type[Body], State] = {
    pdu.BindTransmitterResp: State.BOUND_TX,
    pdu.BindReceiverResp: State.BOUND_RX,
    pdu.BindTransceiverResp: State.BOUND_TRX,
}
BIND_REQUESTS = frozenset({pdu.BindTransmitter, pdu.BindReceiver, pdu.BindTransceiver})
UNANSWERABLE = frozenset({pdu.Outbind, pdu.AlertNotification})
ANSWERED_COMMANDS = frozenset(command_of(kind) for kind in ANSWERS)
RESPONSES = frozenset(ANSWERS.values()) | {pdu.GenericNack}
