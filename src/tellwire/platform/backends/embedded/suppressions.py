"""Addresses that must not be written to: what stands about each, and the changes that take effect over it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, get_args

import apsw

from tellwire.kernel.clock import from_ms, to_ms
from tellwire.platform.backends.embedded.codec import decoder, encode
from tellwire.platform.model.address import Address, key_of
from tellwire.platform.model.profile import SuppressionChange, SuppressionSource, takes_effect

_STANDING = """
SELECT json_group_array(json_array(s.phone, s.is_suppressed, s.source, s.at_ms)) FROM json_each(?) AS given
CROSS JOIN suppression AS s ON s.phone = given.value
"""
_WRITE = """
INSERT OR REPLACE INTO suppression (phone, is_suppressed, source, at_ms)
SELECT value->>0, value->>1, value->>2, value->>3 FROM json_each(?)
"""
_ROWS = decoder(list[tuple[int, int, SuppressionSource, int]])


def standing(connection: apsw.Connection, numbers: Iterable[Address]) -> dict[Address, SuppressionChange]:
    """Return the last change of each of these numbers that ever had one."""
    by_phone = {key_of(number): number for number in numbers}
    if not by_phone:
        return {}
    rows = _ROWS.decode(connection.execute(_STANDING, (encode(list(by_phone)),)).get)
    return {
        by_phone[phone]: SuppressionChange(
            address=by_phone[phone], is_suppressed=bool(is_suppressed), source=source, at=from_ms(at_ms)
        )
        for phone, is_suppressed, source, at_ms in rows
    }


def versions(numbers: Iterable[Address], standing: Mapping[Address, SuppressionChange]) -> dict[Address, int]:
    """Return the version of what stands about each number: it is what stands, as one integer."""
    known = dict.fromkeys(numbers, 0)
    known.update((number, _version(change)) for number, change in standing.items())
    return known


def _version(change: SuppressionChange) -> int:
    return (to_ms(change.at) * len(_SOURCES) + _SOURCES.index(change.source)) * 2 + 1 + change.is_suppressed


_SOURCES: Final = get_args(SuppressionSource)


def changed(connection: apsw.Connection, known: Mapping[Address, int]) -> list[Address]:
    """Return the numbers about which something else stands than in these versions."""
    now = versions(known, standing(connection, known))
    return [number for number, version in known.items() if now[number] != version]


def write(connection: apsw.Connection, changes: Sequence[SuppressionChange]) -> None:
    """Write the changes that take effect, in order; what was decided may have been overtaken by a reply."""
    last = standing(connection, [change.address for change in changes])
    new: dict[Address, SuppressionChange] = {}
    for change in changes:
        if takes_effect(change, new.get(change.address) or last.get(change.address)):
            new[change.address] = change
    if new:
        rows = [(key_of(c.address), c.is_suppressed, c.source, to_ms(c.at)) for c in new.values()]
        connection.execute(_WRITE, (encode(rows),))
