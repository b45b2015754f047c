"""Routing rules, carriers, virtual numbers, allowed senders and SMPP logins in the store; each is one JSON document."""

from typing import Any, Final, TypeVar

import apsw
import msgspec

from tellwire.gateway.model.carrier import ClosedCarrier
from tellwire.gateway.model.number import AllowedSender, SmppLogin, VirtualNumber
from tellwire.gateway.store.rows import as_json, read_rows
from tellwire.kernel.choice.routing import Rule
from tellwire.kernel.sqlite import Database

D = TypeVar("D", bound=msgspec.Struct)


class Routes:
    """The small tables that people edit; each is read whole and replaced whole."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rules(self) -> list[Rule]:
        """Return all routing rules."""
        return await self._database.read(_read, "rule", Rule)

    async def save_rules(self, rules: list[Rule]) -> None:
        """Replace all routing rules."""
        await self._database.write(_replace, ("rule", [(rule.id, rule) for rule in rules]))

    async def closed(self) -> list[ClosedCarrier]:
        """Return the carriers that are disconnected by hand."""
        return await self._database.read(_read, "closed", ClosedCarrier)

    async def save_closed(self, closed: list[ClosedCarrier]) -> None:
        """Replace the list of carriers that are disconnected by hand."""
        await self._database.write(_replace, ("closed", [(one.carrier, one) for one in closed]))

    async def numbers(self) -> list[VirtualNumber]:
        """Return all virtual numbers."""
        return await self._database.read(_read, "number", VirtualNumber)

    async def save_numbers(self, numbers: list[VirtualNumber]) -> None:
        """Replace all virtual numbers."""
        await self._database.write(_replace, ("number", [(one.number, one) for one in numbers]))

    async def senders(self) -> list[AllowedSender]:
        """Return all allowed senders."""
        return await self._database.read(_read, "sender", AllowedSender)

    async def save_senders(self, senders: list[AllowedSender]) -> None:
        """Replace all allowed senders."""
        keyed = [(f"{one.subaccount} {one.source}", one) for one in senders]
        await self._database.write(_replace, ("sender", keyed))

    async def logins(self) -> list[SmppLogin]:
        """Return all SMPP logins."""
        return await self._database.read(_read, "login", SmppLogin)

    async def save_logins(self, logins: list[SmppLogin]) -> None:
        """Replace all SMPP logins."""
        await self._database.write(_replace, ("login", [(one.system_id, one) for one in logins]))


_READ: Final = "SELECT json_group_array(json(value) ORDER BY key) FROM document WHERE kind = ?"
_CLEAR: Final = "DELETE FROM document WHERE kind = ?"
_INSERT: Final = """
INSERT OR REPLACE INTO document (kind, key, value) SELECT ?1, value->>0, value->>1 FROM json_each(?2)
"""


def _read(connection: apsw.Connection, kind: str, form: type[D]) -> list[D]:
    return read_rows(connection, _READ, (kind,), form)


def _replace(connection: apsw.Connection, calls: list[tuple[str, list[tuple[str, Any]]]]) -> list[None]:
    for kind, documents in calls:
        connection.execute(_CLEAR, (kind,))
        rows = [(key, msgspec.json.encode(value).decode()) for key, value in documents]
        connection.execute(_INSERT, (kind, as_json(rows)))
    return [None] * len(calls)
