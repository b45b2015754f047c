"""Addresses that must not be written to: what stands about each, and the changes that take effect over it.

Each change that takes effect is a line of the consent ledger too, written beside it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, get_args

import apsw

from tellwire.kernel.address import msisdn_of_digits
from tellwire.kernel.clock import from_ms, to_ms
from tellwire.platform.backends.embedded import consent_lines
from tellwire.platform.backends.embedded.codec import decoder, encode
from tellwire.platform.model.address import Address, ChannelUser, key_of
from tellwire.platform.model.consent import ConsentChange
from tellwire.platform.model.profile import SuppressionChange, SuppressionSource, takes_effect

_STANDING = """
SELECT json_group_array(json_array(s.phone, s.is_suppressed, s.source, s.at_ms, s.until_ms)) FROM json_each(?) AS given
CROSS JOIN suppression AS s ON s.phone = given.value
"""
_WRITE = """
INSERT OR REPLACE INTO suppression (phone, is_suppressed, source, at_ms, until_ms, reason, author, address)
SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, value->7 FROM json_each(?)
"""
_ROWS = decoder(list[tuple[int, int, SuppressionSource, int, int | None]])


def standing(connection: apsw.Connection, numbers: Iterable[Address]) -> dict[Address, SuppressionChange]:
    """Return the last change of each of these numbers that ever had one."""
    by_phone = {key_of(number): number for number in numbers}
    if not by_phone:
        return {}
    rows = _ROWS.decode(connection.execute(_STANDING, (encode(list(by_phone)),)).get)
    return {
        by_phone[phone]: SuppressionChange(
            address=by_phone[phone],
            is_suppressed=bool(is_suppressed),
            source=source,
            at=from_ms(at_ms),
            until=None if until_ms is None else from_ms(until_ms),
        )
        for phone, is_suppressed, source, at_ms, until_ms in rows
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


def write(connection: apsw.Connection, changes: Sequence[SuppressionChange]) -> list[bool]:
    """Write the changes that take effect, in order, and say of each whether it did.

    What was decided may have been overtaken by a reply. A request that comes again changes nothing, and has its line.
    """
    last = standing(connection, [change.address for change in changes])
    lines: list[ConsentChange] = []
    taken: list[bool] = []
    new: dict[Address, SuppressionChange] = {}
    for change in changes:
        stands = new.get(change.address) or last.get(change.address)
        taken.append(takes_effect(change, stands))
        if taken[-1]:
            new[change.address] = change
            if change.is_suppressed or (stands is not None and stands.is_suppressed):
                lines.append(_line(change, stands))  # a release of what is free changes nothing
    if new:
        connection.execute(_WRITE, (encode([_row(change) for change in new.values()]),))
        consent_lines.write(connection, lines)
    return taken


def _row(change: SuppressionChange) -> tuple[object, ...]:
    return (
        key_of(change.address),
        change.is_suppressed,
        change.source,
        to_ms(change.at),
        None if change.until is None else to_ms(change.until),
        change.request.reason,
        change.request.by,
        change.address if isinstance(change.address, ChannelUser) else None,
    )


def _line(change: SuppressionChange, stands: SuppressionChange | None) -> ConsentChange:
    return ConsentChange(
        what="suppression",
        source=change.source,
        at=change.at,
        before=None if stands is None else stands.is_suppressed,
        after=change.is_suppressed,
        address=change.address,
        request=change.request,
    )


def address_of(key: int, written: Address | None) -> Address:
    """Return the address of a row: a number is its own key."""
    return msisdn_of_digits(str(key)) if written is None else written
