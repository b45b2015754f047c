"""The people of the portal in the store."""

from datetime import datetime
from typing import Any, Final

import apsw
import msgspec

from tellwire.gateway.model.role import Role
from tellwire.gateway.store.rows import read_rows
from tellwire.kernel.clock import to_ms
from tellwire.kernel.sqlite import Database


class PersonRow(msgspec.Struct, frozen=True, array_like=True):
    """One person with the hash of their password."""

    email: str
    name: str
    role: Role
    password: str

    def __repr__(self) -> str:
        """Name the person and leave the hash out."""
        return f"PersonRow({self.email!r})"


class _Statement(msgspec.Struct, frozen=True):
    sql: str
    parameters: tuple[Any, ...]


class PeopleStore:
    """Everybody who may sign in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> list[PersonRow]:
        """Return everybody."""
        return await self._database.read(_load)

    async def save(self, email: str, name: str, role: Role, password: str, now: datetime) -> None:
        """Keep a person, new or changed, with the hash of a password."""
        await self._database.write(_run, _Statement(_SAVE, (email, name, role, password, to_ms(now))))

    async def change(self, email: str, name: str, role: Role) -> None:
        """Change a person and leave the password."""
        await self._database.write(_run, _Statement(_CHANGE, (name, role, email)))

    async def delete(self, email: str) -> None:
        """Forget a person."""
        await self._database.write(_run, _Statement(_DELETE, (email,)))


_LOAD: Final = "SELECT json_group_array(json_array(email, name, role, password)) FROM person"
_SAVE: Final = """
INSERT INTO person (email, name, role, password, created_ms) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (email) DO UPDATE SET name = excluded.name, role = excluded.role, password = excluded.password
"""
_CHANGE: Final = "UPDATE person SET name = ?, role = ? WHERE email = ?"
_DELETE: Final = "DELETE FROM person WHERE email = ?"


def _load(connection: apsw.Connection) -> list[PersonRow]:
    return read_rows(connection, _LOAD, (), PersonRow)


def _run(connection: apsw.Connection, statements: list[_Statement]) -> list[None]:
    for statement in statements:
        connection.execute(statement.sql, statement.parameters)
    return [None] * len(statements)
