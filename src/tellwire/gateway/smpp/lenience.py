"""Reads a deliver_sm or data_sm with faults that carriers are known for: to refuse it would lose a receipt or a text.

Texts that are too long for their field, an sm_length of 255 or beyond the end, an optional parameter that is cut or has
a stray NUL before it, many of them. The PDU's `flaw` names the fault. All that we write is strict.
"""

import struct
from typing import Final

from tellwire.gateway.smpp.commands import Tag
from tellwire.gateway.smpp.layout import Layout, text
from tellwire.gateway.smpp.pdu import Tlv

_LONGEST_TEXT: Final = 255  # of any field, NUL included
_MOST_TLVS: Final = 1024  # a frame could hold 17,000 of them, each empty
_tlv_header: Final = struct.Struct(">HH")


def loosened(layout: Layout) -> Layout:
    """Return the same fields with texts of any length within reason, moments among them."""
    fields = (
        text(field.name, _LONGEST_TEXT, field.status) if field.is_text else field for field in layout.fields
    )
    return Layout(*fields)


def read_short_message(frame: bytes, at: int) -> tuple[bytes, int]:
    """Return the short_message whose sm_length stands at `at`, as far as it is there, and where it ends."""
    length = frame[at] if at < len(frame) else 0
    start = min(at + 1, len(frame))
    end = min(start + length, len(frame))
    return frame[start:end], end


def read_tlvs(frame: bytes, start: int) -> tuple[Tlv, ...]:
    """Return the optional parameters that can be read; what follows a cut one cannot."""
    tlvs, is_whole = _read_tlvs(frame, start)
    if not is_whole and frame[start : start + 1] == b"\0":
        behind, is_whole = _read_tlvs(frame, start + 1)
        return behind if is_whole else tlvs
    return tlvs


def _read_tlvs(frame: bytes, start: int) -> tuple[tuple[Tlv, ...], bool]:
    tlvs: list[Tlv] = []
    while start + 4 <= len(frame) and len(tlvs) < _MOST_TLVS:
        tag, length = _tlv_header.unpack_from(frame, start)
        value = frame[start + 4 : start + 4 + length]
        start += 4 + length
        # A cut text still says something; a cut id would be another message's.
        if start <= len(frame) or tag == Tag.MESSAGE_PAYLOAD:
            tlvs.append((tag, value))
    return tuple(tlvs), start == len(frame)
