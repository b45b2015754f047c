"""SMPP 3.4 octets <-> PDUs, and a TCP stream -> frames, with every limit of the standard.

Reading answers a `BadPdu` for what cannot be read; writing raises `ValueError` for a value the wire cannot carry,
because such a value is our own mistake. Responses are read leniently where centres are known to be sloppy: a body
may be missing, an id may be long, and the NUL of one that ends the PDU may be missing, too. So is what carriers
deliver (`lenience`).
Not here: whether a PDU is welcome now (`session`).
"""

import struct
from collections.abc import Callable
from operator import attrgetter
from typing import TypeAlias, cast

from tellwire.gateway.smpp import lenience, pdu
from tellwire.gateway.smpp.commands import RESPONSE, Command, Status
from tellwire.gateway.smpp.layout import Field, Layout, Misfit, Value, moment, octet, text
from tellwire.gateway.smpp.pdu import BadPdu, Body, Pdu, Tlv

HEADER = 16
LONGEST = 70_000  # message_payload is at most 64 KiB (5.3.2.32); the rest is header, fields and other TLVs
MOST_TLVS = 64
LONGEST_SHORT_MESSAGE = 254  # 5.2.21

_header = struct.Struct(">IIII")
_tlv_header = struct.Struct(">HH")
_read_header = _header.unpack_from
_write_header = _header.pack

_BIND = Layout(
    text("system_id", 16, Status.RINVSYSID),
    text("password", 9, Status.RINVPASWD),
    text("system_type", 13, Status.RINVSYSTYP),
    octet("interface_version"),
    octet("addr_ton"),
    octet("addr_npi"),
    text("address_range", 41),
)
_SYSTEM_ID = Layout(text("system_id", 16, Status.RINVSYSID))
_OUTBIND = Layout(text("system_id", 16, Status.RINVSYSID), text("password", 9, Status.RINVPASWD))
_EMPTY = Layout()
_SOURCE = (
    octet("source_ton", Status.RINVSRCTON),
    octet("source_npi", Status.RINVSRCNPI),
    text("source_addr", 21, Status.RINVSRCADR),
)
_DESTINATION = (
    octet("dest_ton", Status.RINVDSTTON),
    octet("dest_npi", Status.RINVDSTNPI),
    text("destination_addr", 21, Status.RINVDSTADR),
)
_SM = Layout(
    text("service_type", 6, Status.RINVSERTYP),
    *_SOURCE,
    *_DESTINATION,
    octet("esm_class"),
    octet("protocol_id"),
    octet("priority_flag"),
    moment("schedule_delivery_time", Status.RINVSCHED),
    moment("validity_period", Status.RINVEXPIRY),
    octet("registered_delivery"),
    octet("replace_if_present"),
    octet("data_coding"),
    octet("sm_default_msg_id"),
)
_WIDE_SOURCE = (*_SOURCE[:2], text("source_addr", 65, Status.RINVSRCADR))
_DATA = Layout(
    text("service_type", 6, Status.RINVSERTYP),
    *_WIDE_SOURCE,
    *_DESTINATION[:2],
    text("destination_addr", 65, Status.RINVDSTADR),
    octet("esm_class"),
    octet("registered_delivery"),
    octet("data_coding"),
)
_MESSAGE_ID = text("message_id", 65, Status.RINVMSGID)
_QUERY = Layout(_MESSAGE_ID, *_SOURCE)
_CANCEL = Layout(text("service_type", 6, Status.RINVSERTYP), _MESSAGE_ID, *_SOURCE, *_DESTINATION)
_REPLACE = Layout(
    _MESSAGE_ID,
    *_SOURCE,
    moment("schedule_delivery_time", Status.RINVSCHED),
    moment("validity_period", Status.RINVEXPIRY),
    octet("registered_delivery"),
    octet("sm_default_msg_id"),
)
_ALERT = Layout(*_WIDE_SOURCE, octet("esme_ton"), octet("esme_npi"), text("esme_addr", 65))
# Sloppy centres leave out the NUL that ends a response, and write their name or an id longer than its field.
_RESPONSE_ID = Layout(Field("message_id", rb"([^\0]{0,255})(?:\0|\Z)", "%s\0", Status.RINVMSGID))
_RESPONSE_SYSTEM_ID = Layout(Field("system_id", rb"([^\0]*)(?:\0|\Z)", "%s\0", Status.RINVSYSID))


class _Form:
    """How one kind of PDU lies on the wire: fields, then perhaps short_message, then perhaps TLVs."""

    __slots__ = ("body", "command", "has_short_message", "has_tlvs", "layout", "loose", "values")

    def __init__(
        self, command: Command, body: type[Body], layout: Layout, loose: Layout | None = None
    ) -> None:
        names = body.__struct_fields__
        self.command = int(command)
        self.body = cast("Callable[..., Body]", body)
        self.layout = layout
        self.loose = loose
        self.has_short_message = "short_message" in names
        self.has_tlvs = "tlvs" in names
        self.values = _getter([field.name for field in layout.fields])


_Values: TypeAlias = Callable[[Body], tuple[Value, ...]]


def _getter(names: list[str]) -> _Values:
    """Return what takes these attributes of a body as a tuple, in one C call where there are several."""
    if len(names) == 1:
        only = attrgetter(names[0])
        return lambda body: (only(body),)
    return cast("_Values", attrgetter(*names)) if names else lambda _: ()


_FORMS = [
    _Form(Command.BIND_RECEIVER, pdu.BindReceiver, _BIND),
    _Form(Command.BIND_RECEIVER_RESP, pdu.BindReceiverResp, _RESPONSE_SYSTEM_ID),
    _Form(Command.BIND_TRANSMITTER, pdu.BindTransmitter, _BIND),
    _Form(Command.BIND_TRANSMITTER_RESP, pdu.BindTransmitterResp, _RESPONSE_SYSTEM_ID),
    _Form(Command.BIND_TRANSCEIVER, pdu.BindTransceiver, _BIND),
    _Form(Command.BIND_TRANSCEIVER_RESP, pdu.BindTransceiverResp, _RESPONSE_SYSTEM_ID),
    _Form(Command.OUTBIND, pdu.Outbind, _OUTBIND),
    _Form(Command.UNBIND, pdu.Unbind, _EMPTY),
    _Form(Command.UNBIND_RESP, pdu.UnbindResp, _EMPTY),
    _Form(Command.ENQUIRE_LINK, pdu.EnquireLink, _EMPTY),
    _Form(Command.ENQUIRE_LINK_RESP, pdu.EnquireLinkResp, _EMPTY),
    _Form(Command.GENERIC_NACK, pdu.GenericNack, _EMPTY),
    _Form(Command.SUBMIT_SM, pdu.SubmitSm, _SM),
    _Form(Command.SUBMIT_SM_RESP, pdu.SubmitSmResp, _RESPONSE_ID),
    _Form(Command.DELIVER_SM, pdu.DeliverSm, _SM, lenience.loosened(_SM)),
    _Form(Command.DELIVER_SM_RESP, pdu.DeliverSmResp, _RESPONSE_ID),
    _Form(Command.DATA_SM, pdu.DataSm, _DATA, lenience.loosened(_DATA)),
    _Form(Command.DATA_SM_RESP, pdu.DataSmResp, _RESPONSE_ID),
    _Form(Command.QUERY_SM, pdu.QuerySm, _QUERY),
    _Form(Command.CANCEL_SM, pdu.CancelSm, _CANCEL),
    _Form(Command.REPLACE_SM, pdu.ReplaceSm, _REPLACE),
    _Form(Command.ALERT_NOTIFICATION, pdu.AlertNotification, _ALERT),
]
_BY_COMMAND = {form.command: form for form in _FORMS}
_BY_BODY = {form.body: form for form in _FORMS}


def command_of(body: type[Body]) -> int:
    """Return the command_id of a kind of body."""
    return _BY_BODY[body].command


def encode(body: Body, sequence: int, status: int = 0) -> bytes:
    """Return one whole PDU.

    Raises `ValueError` for a field that is too long, outside Latin-1 or holds a NUL.
    """
    form = _BY_BODY[body.__class__]
    octets = form.layout.write(form.values(body))
    if form.has_short_message:
        short: bytes = body.short_message  # type: ignore[union-attr]  # the form says that it has one
        if len(short) > LONGEST_SHORT_MESSAGE:
            raise ValueError(f"short_message holds at most {LONGEST_SHORT_MESSAGE} octets, not {len(short)}")
        octets += len(short).to_bytes(1) + short
    if form.has_tlvs and body.tlvs:  # type: ignore[union-attr]  # the form says that it has some
        octets += _encode_tlvs(body.tlvs)  # type: ignore[union-attr]  # the same
    return _write_header(HEADER + len(octets), form.command, status, sequence) + octets


def bare(command: int, sequence: int, status: int) -> bytes:
    """Return a PDU that is its header: every refusal is one (4.4.2: no body when the status is not 0)."""
    return _write_header(HEADER, command, status, sequence)


def decode(frame: bytes) -> Pdu | BadPdu:
    """Return the PDU of one whole frame (`Framer` makes them), or why it is not one."""
    _, command, status, sequence = _read_header(frame)
    form = _BY_COMMAND.get(command)
    if form is None:
        return _bad(frame, Status.RINVCMDID, "unknown command_id")
    if command & RESPONSE:
        return _decode_response(form, frame, status, sequence)
    request = _decode_request(form, frame, status, sequence)
    if isinstance(request, BadPdu) and form.loose is not None:
        return _decode_loosely(form, form.loose, frame, request)
    return request


def _decode_request(form: _Form, frame: bytes, status: int, sequence: int) -> Pdu | BadPdu:
    fields = form.layout.read(frame, HEADER)
    if isinstance(fields, Misfit):
        return _bad(frame, fields.status, f"{fields.field} is malformed")
    values, end = fields
    if form.has_short_message:
        start = end + 1
        end = start + frame[end] if end < len(frame) else len(frame) + 1
        if end > len(frame) or end - start > LONGEST_SHORT_MESSAGE:
            return _bad(frame, Status.RINVMSGLEN, "short_message is longer than the PDU, or than 254 octets")
        values.append(frame[start:end])
    if form.has_tlvs and end < len(frame):
        tlvs = _decode_tlvs(frame, end)
        if tlvs is None:
            return _bad(frame, Status.RINVOPTPARSTREAM, "the optional parameters are malformed")
        values.append(tlvs)
    return Pdu(form.body(*values), sequence, status)


def _decode_loosely(form: _Form, loose: Layout, frame: bytes, bad: BadPdu) -> Pdu | BadPdu:
    """Return what can be read of a PDU that is not as the standard wants it, or why nothing can."""
    fields = loose.read(frame, HEADER)
    if isinstance(fields, Misfit):
        return bad
    values, end = fields
    if form.has_short_message:
        short, end = lenience.read_short_message(frame, end)
        values.append(short)
    values.append(lenience.read_tlvs(frame, end))
    return Pdu(form.body(*values), bad.sequence, bad.status_given, flaw=bad.reason)


def _decode_response(form: _Form, frame: bytes, status: int, sequence: int) -> Pdu | BadPdu:
    if len(frame) == HEADER:
        return Pdu(form.body(), sequence, status)
    fields = form.layout.read(frame, HEADER)
    if isinstance(fields, Misfit):
        return _bad(frame, fields.status, f"{fields.field} is malformed")
    values, end = fields
    if form.has_tlvs and end < len(frame):
        # What follows the answer proper is never worth losing the answer for.
        values.append(_decode_tlvs(frame, end) or ())
    return Pdu(form.body(*values), sequence, status)


def _bad(frame: bytes, command_status: int, reason: str) -> BadPdu:
    _, command, status, sequence = _read_header(frame)
    return BadPdu(int(command_status), sequence, reason, command, status)


def _encode_tlvs(tlvs: tuple[Tlv, ...]) -> bytes:
    octets = b"".join([_tlv_header.pack(tag, len(value)) + value for tag, value in tlvs])
    if len(octets) > LONGEST - 1000:
        raise ValueError("the optional parameters are longer than a PDU may be")
    return octets


def _decode_tlvs(frame: bytes, start: int) -> tuple[Tlv, ...] | None:
    tlvs: list[Tlv] = []
    while start < len(frame):
        if start + 4 > len(frame) or len(tlvs) == MOST_TLVS:
            return None
        tag, length = _tlv_header.unpack_from(frame, start)
        start += 4 + length
        if start > len(frame):
            return None
        tlvs.append((tag, frame[start - length : start]))
    return tuple(tlvs)


class Framer:
    """Cuts a stream into frames; after a length that cannot be, it cuts no more.

    Holds at most one incomplete frame (70,000 octets) between calls.
    """

    def __init__(self) -> None:
        self._rest = b""
        self.broken: BadPdu | None = None

    def feed(self, data: bytes) -> list[bytes]:
        """Return the frames that `data` completes; `broken` says why there will be no more."""
        if self.broken is not None:
            return []
        if self._rest:
            data = self._rest + data
        frames = []
        start, available = 0, len(data)
        while available - start >= HEADER:
            length = int.from_bytes(data[start : start + 4])
            if not HEADER <= length <= LONGEST:
                self.broken = _bad(
                    data[start : start + HEADER], Status.RINVCMDLEN, "command_length cannot be"
                )
                break
            if available - start < length:
                break
            frames.append(data[start : start + length])
            start += length
        self._rest = b"" if self.broken else data[start:]
        return frames
