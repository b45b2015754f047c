"""One message for one recipient -> the submit_sm PDUs that a carrier's dialect wants.

Not here: cutting a text into parts (`kernel.sms` did), choosing a carrier, sending.
"""

from datetime import datetime
from typing import TypeVar

from msgspec.structs import replace

from tellwire.gateway.smpp import dialect as dialects
from tellwire.gateway.smpp.commands import Tag
from tellwire.gateway.smpp.dialect import Dialect, TonNpi
from tellwire.gateway.smpp.pdu import Sm, SubmitSm, Tlv
from tellwire.gateway.smpp.times import write_time
from tellwire.kernel.address import Msisdn, SenderId
from tellwire.kernel.sms import Composition, Encoding, encode, recut

AnySm = TypeVar("AnySm", bound=Sm)

_UDHI = 0x40
_LONG_HEADER = 7  # octets, with a 16-bit reference


def submit_pdus(
    source: SenderId,
    destination: Msisdn,
    composition: Composition,
    *,
    reference: int,
    dialect: Dialect,
    now: datetime,
    expires_at: datetime | None = None,
    deliver_at: datetime | None = None,
    umid: str = "",
) -> list[SubmitSm]:
    """Return one submit_sm a part, in order; one in all when the dialect carries long texts in message_payload.

    `reference` joins the parts on the handset: any number that differs between a recipient's recent messages.
    `expires_at` and `deliver_at` are aware UTC and become validity_period and schedule_delivery_time.
    """
    umid_tlv: tuple[Tlv, ...] = (
        ((dialect.umid_tag, umid.encode("ascii")),) if dialect.umid_tag and umid else ()
    )
    source_ton, source_npi = _source_ton_npi(source, dialect)
    common = SubmitSm(
        service_type=dialect.service_type,
        source_ton=source_ton,
        source_npi=source_npi,
        source_addr=source.text.removeprefix("+"),
        dest_ton=dialect.destination[0],
        dest_npi=dialect.destination[1],
        destination_addr=destination.e164 if dialect.destination_plus else destination.digits,
        protocol_id=dialect.protocol_id,
        priority_flag=dialect.priority_flag,
        schedule_delivery_time=write_time(deliver_at, now, dialect.times),
        validity_period=write_time(expires_at, now, dialect.times),
        registered_delivery=dialect.registered_delivery,
        tlvs=dialect.vendor_tlvs + umid_tlv,
    )
    return in_parts(common, composition, reference, dialect)


def in_parts(common: AnySm, composition: Composition, reference: int, dialect: Dialect) -> list[AnySm]:
    """Return `common` once for each part of the text, with the part's octets, coding and header.

    A 16-bit reference makes the header an octet longer, so the text is cut anew and may take one part more.
    """
    if len(composition.parts) == 1:
        coding, (octets,) = _octets(composition, dialect)
        return [replace(common, data_coding=coding, short_message=octets)]
    if dialect.concatenation == "udh16":
        composition = recut(composition, _LONG_HEADER)
    coding, parts = _octets(composition, dialect)
    common = replace(common, data_coding=coding)
    if dialect.concatenation == "payload":
        return [replace(common, tlvs=((Tag.MESSAGE_PAYLOAD.value, b"".join(parts)), *common.tlvs))]
    return [
        _part(common, octets, reference, number, len(parts), dialect)
        for number, octets in enumerate(parts, 1)
    ]


def _octets(composition: Composition, dialect: Dialect) -> tuple[int, list[bytes]]:
    texts = [part.text for part in composition.parts]
    if composition.encoding is Encoding.UCS2:
        return dialects.UCS2_CODING, [encode(text, Encoding.UCS2) for text in texts]
    if dialect.plain_charset == "latin1":
        try:
            return dialect.plain_coding, [text.encode("latin-1") for text in texts]
        except UnicodeEncodeError:
            return dialects.GSM7_CODING, [encode(text, Encoding.GSM7) for text in texts]
    return dialect.plain_coding, [encode(text, Encoding.GSM7) for text in texts]


def _source_ton_npi(source: SenderId, dialect: Dialect) -> TonNpi:
    match source.kind:
        case "alphanumeric":
            return dialect.alphanumeric
        case "short_code":
            return dialect.short_code
        case "number":
            return dialect.number


def _part(common: AnySm, octets: bytes, reference: int, number: int, count: int, dialect: Dialect) -> AnySm:
    if dialect.concatenation == "sar":
        sar: tuple[Tlv, ...] = (
            (Tag.SAR_MSG_REF_NUM.value, (reference & 0xFFFF).to_bytes(2)),
            (Tag.SAR_TOTAL_SEGMENTS.value, bytes([count])),
            (Tag.SAR_SEGMENT_SEQNUM.value, bytes([number])),
        )
        return replace(common, short_message=octets, tlvs=sar + common.tlvs)
    header = _udh(reference, number, count, wide=dialect.concatenation == "udh16")
    return replace(common, esm_class=_UDHI, short_message=header + octets)


def _udh(reference: int, number: int, count: int, *, wide: bool) -> bytes:
    """The user data header of one part (GSM 03.40 9.2.3.24.1, wide: 9.2.3.24.8)."""
    if wide:
        return bytes([6, 0x08, 4, *(reference & 0xFFFF).to_bytes(2), count, number])
    return bytes([5, 0x00, 3, reference & 0xFF, count, number])
