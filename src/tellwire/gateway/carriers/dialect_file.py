"""The parts of a dialect that TOML has no form for: keys that are numbers, and values that are octets. Pure.

[acme.dialect.verdicts]          # command_status = what it means
ESME_RSYSERR = "refused"         # by the standard's name, or as a number: 0x08, 8
[acme.dialect.vendor_tlvs]       # tag = value
0x1400 = "text"                  # in Latin-1; or { hex = "00ff" }, or { base64 = "AP8=" }
"""

import base64
import binascii
from typing import Any, Final

from tellwire.gateway.smpp.commands import Status

_LARGEST_STATUS: Final = 0xFFFFFFFF
_LARGEST_TAG: Final = 0xFFFF


def converted_dialect(table: Any) -> Any:
    """Return a dialect's table in the form of `Dialect`; raises `ValueError` for what no number or octets are."""
    if not isinstance(table, dict):
        return table
    converted = dict(table)
    if isinstance(table.get("verdicts"), dict):
        converted["verdicts"] = {_status(key): word for key, word in table["verdicts"].items()}
    if "vendor_tlvs" in table:
        converted["vendor_tlvs"] = [
            (_tag(tag), _octets(value)) for tag, value in _pairs(table["vendor_tlvs"])
        ]
    return converted


def _pairs(tlvs: Any) -> list[tuple[Any, Any]]:
    """Return the tags and values of a table, or of a list of pairs, which keeps a tag that comes twice."""
    if isinstance(tlvs, dict):
        return list(tlvs.items())
    if isinstance(tlvs, list) and all(isinstance(pair, list) and len(pair) == 2 for pair in tlvs):
        return [(tag, value) for tag, value in tlvs]
    raise ValueError('vendor_tlvs is a table of tag = value, such as 0x1400 = "text"')


def _status(key: str) -> int:
    name = key.strip().upper().removeprefix("ESME_")
    if name in Status.__members__:
        return Status[name]
    number = _number(key)
    if number is None or not 0 < number <= _LARGEST_STATUS:
        raise ValueError(f"verdicts: {key!r} is no command_status, such as ESME_RSYSERR or 0x08")
    return number


def _tag(key: Any) -> int:
    number = key if isinstance(key, int) else _number(str(key))
    if number is None or not 0 <= number <= _LARGEST_TAG:
        raise ValueError(f"vendor_tlvs: {key!r} is no tag, such as 0x1400")
    return number


def _number(text: str) -> int | None:
    try:
        return int(text, 0)
    except ValueError:
        return None


def _octets(value: Any) -> bytes:
    try:
        match value:
            case str():
                return value.encode("latin-1")
            case {"hex": str(digits), **rest} if not rest:
                return bytes.fromhex(digits)
            case {"base64": str(packed), **rest} if not rest:
                return base64.b64decode(packed, validate=True)
            case _:
                pass
    except (ValueError, binascii.Error) as problem:
        raise ValueError(f"vendor_tlvs: a value cannot be read: {problem}") from problem
    raise ValueError('vendor_tlvs: a value is "text", { hex = "00ff" } or { base64 = "AP8=" }')
