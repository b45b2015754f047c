"""SMPP 3.4 PDUs as values: what is said, without the header's sequence number and command_status.

Texts are Latin-1 (so that whatever arrives survives), `short_message` is octets, TLVs that are not ours to know
pass through as (tag, octets). Fields have the order of the wire, because `codec` fills them by position.
Not here: octets (`codec`), meaning (`dialect`, `receipts`, `verdicts`).
"""

from typing import TypeAlias

import msgspec

Tlv: TypeAlias = tuple[int, bytes]


class _Bind(msgspec.Struct, frozen=True):
    """The operands of every bind request (4.1)."""

    system_id: str = ""
    password: str = ""
    system_type: str = ""
    interface_version: int = 0x34
    addr_ton: int = 0
    addr_npi: int = 0
    address_range: str = ""

    def __repr__(self) -> str:
        """Name the customer; the password stays out of logs and traces."""
        return f"{type(self).__name__}(system_id={self.system_id!r})"


class BindReceiver(_Bind, frozen=True):
    """A request for a session that only receives (4.1.3)."""


class BindTransmitter(_Bind, frozen=True):
    """A request for a session that only sends (4.1.1)."""


class BindTransceiver(_Bind, frozen=True):
    """A request for a session that does both (4.1.5)."""


class _BindResp(msgspec.Struct, frozen=True):
    """The operands of every bind response (4.1)."""

    system_id: str = ""
    tlvs: tuple[Tlv, ...] = ()


class BindReceiverResp(_BindResp, frozen=True):
    """The answer to `BindReceiver`."""


class BindTransmitterResp(_BindResp, frozen=True):
    """The answer to `BindTransmitter`."""


class BindTransceiverResp(_BindResp, frozen=True):
    """The answer to `BindTransceiver`."""


class Outbind(msgspec.Struct, frozen=True):
    """An SMSC's request that we bind (4.1.7)."""

    system_id: str = ""
    password: str = ""

    def __repr__(self) -> str:
        """Name the centre; the password stays out of logs and traces."""
        return f"Outbind(system_id={self.system_id!r})"


class _Empty(msgspec.Struct, frozen=True):
    """A PDU that is its header."""


class Unbind(_Empty, frozen=True):
    """A polite end (4.2)."""


class UnbindResp(_Empty, frozen=True):
    """The answer to `Unbind`."""


class EnquireLink(_Empty, frozen=True):
    """Are you there? (4.11)."""


class EnquireLinkResp(_Empty, frozen=True):
    """I am (4.11)."""


class GenericNack(_Empty, frozen=True):
    """The answer to octets that are not a PDU (4.3)."""


class Sm(msgspec.Struct, frozen=True):
    """The operands that submit_sm and deliver_sm share (4.4.1, 4.6.1)."""

    service_type: str = ""
    source_ton: int = 0
    source_npi: int = 0
    source_addr: str = ""
    dest_ton: int = 0
    dest_npi: int = 0
    destination_addr: str = ""
    esm_class: int = 0
    protocol_id: int = 0
    priority_flag: int = 0
    schedule_delivery_time: str = ""
    validity_period: str = ""
    registered_delivery: int = 0
    replace_if_present: int = 0
    data_coding: int = 0
    sm_default_msg_id: int = 0
    short_message: bytes = b""
    tlvs: tuple[Tlv, ...] = ()

    def __repr__(self) -> str:
        """Say how much is said; numbers and texts stay out of logs and traces."""
        return f"{type(self).__name__}(data_coding={self.data_coding}, octets={len(self.short_message)})"


class SubmitSm(Sm, frozen=True):
    """A message for the centre to deliver (4.4.1)."""


class DeliverSm(Sm, frozen=True):
    """A message or a receipt for us (4.6.1)."""


class DataSm(msgspec.Struct, frozen=True):
    """A message or a receipt in the short form; its text is the TLV message_payload (4.7.1)."""

    service_type: str = ""
    source_ton: int = 0
    source_npi: int = 0
    source_addr: str = ""
    dest_ton: int = 0
    dest_npi: int = 0
    destination_addr: str = ""
    esm_class: int = 0
    registered_delivery: int = 0
    data_coding: int = 0
    tlvs: tuple[Tlv, ...] = ()

    def __repr__(self) -> str:
        """Say how it is coded; numbers and texts stay out of logs and traces."""
        return f"DataSm(data_coding={self.data_coding})"


class _SmResp(msgspec.Struct, frozen=True):
    """The operand of a response that carries a message id (4.4.2)."""

    message_id: str = ""
    tlvs: tuple[Tlv, ...] = ()


class SubmitSmResp(_SmResp, frozen=True):
    """The answer to `SubmitSm`; `message_id` is the centre's own."""


class DeliverSmResp(_SmResp, frozen=True):
    """The answer to `DeliverSm`; `message_id` is unused (4.6.2)."""


class DataSmResp(_SmResp, frozen=True):
    """The answer to `DataSm`."""


class QuerySm(msgspec.Struct, frozen=True):
    """The question for the state of a message (4.8.1)."""

    message_id: str = ""
    source_ton: int = 0
    source_npi: int = 0
    source_addr: str = ""


class CancelSm(msgspec.Struct, frozen=True):
    """Take a message back (4.9.1)."""

    service_type: str = ""
    message_id: str = ""
    source_ton: int = 0
    source_npi: int = 0
    source_addr: str = ""
    dest_ton: int = 0
    dest_npi: int = 0
    destination_addr: str = ""


class ReplaceSm(msgspec.Struct, frozen=True):
    """Say something else instead (4.10.1)."""

    message_id: str = ""
    source_ton: int = 0
    source_npi: int = 0
    source_addr: str = ""
    schedule_delivery_time: str = ""
    validity_period: str = ""
    registered_delivery: int = 0
    sm_default_msg_id: int = 0
    short_message: bytes = b""


class AlertNotification(msgspec.Struct, frozen=True):
    """A handset that was away is back (4.12.1); it wants no answer."""

    source_ton: int = 0
    source_npi: int = 0
    source_addr: str = ""
    esme_ton: int = 0
    esme_npi: int = 0
    esme_addr: str = ""
    tlvs: tuple[Tlv, ...] = ()


Bind: TypeAlias = BindReceiver | BindTransmitter | BindTransceiver
BindResp: TypeAlias = BindReceiverResp | BindTransmitterResp | BindTransceiverResp
Request: TypeAlias = (
    Bind | Outbind | Unbind | EnquireLink | SubmitSm | DeliverSm | DataSm | QuerySm | CancelSm | ReplaceSm
    | AlertNotification
)  # fmt: skip
Response: TypeAlias = (
    BindResp | UnbindResp | EnquireLinkResp | GenericNack | SubmitSmResp | DeliverSmResp | DataSmResp
)
Body: TypeAlias = Request | Response


class Pdu(msgspec.Struct, frozen=True):
    """One PDU: its body and the header's command_status (0 in requests) and sequence_number.

    `flaw` says what the standard would have refused it for, and is empty when it is as it should be.
    """

    body: Body
    sequence: int
    status: int = 0
    flaw: str = ""


class BadPdu(msgspec.Struct, frozen=True):
    """A frame that holds no PDU we can read, and the command_status to refuse it with.

    `command` and `status_given` are its header's, so that a mangled response still settles its request.
    """

    command_status: int
    sequence: int
    reason: str
    command: int = 0
    status_given: int = 0


def tlv(tlvs: tuple[Tlv, ...], tag: int) -> bytes | None:
    """Return the octets of the first TLV with this tag, or None."""
    for each, octets in tlvs:
        if each == tag:
            return octets
    return None
