"""Appends to the consent ledger, in the transaction of what the lines tell of."""

from collections.abc import Sequence

import apsw

from tellwire.platform.backends.embedded import bulk
from tellwire.platform.backends.embedded.codec import encode
from tellwire.platform.model.address import key_of
from tellwire.platform.model.consent import ConsentChange

_APPEND = "INSERT OR IGNORE INTO consent (body, key, address, profile)"


def write(connection: apsw.Connection, changes: Sequence[ConsentChange]) -> None:
    """Append a line for each change; a request that has its line already gets no second one."""
    if changes:
        bulk.insert(connection, _APPEND, map(_row, changes))


def _row(change: ConsentChange) -> tuple[bulk.Cell, ...]:
    key = f"{change.what}:{change.request.key}" if change.request.key else None
    address = None if change.address is None else key_of(change.address)
    return (encode(change), key, address, change.profile_id or None)
