"""The people who may sign in to the portal, and the endpoints with which owners look after them.

Passwords are kept as Argon2id hashes; hashing blocks, so it runs in a thread, one at a time: a flood of tries may
queue, but takes no more than one core and 19 MiB.
"""

import asyncio
from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from tellwire.gateway.model.role import Person, Role
from tellwire.gateway.store.people import PeopleStore
from tellwire.kernel.clock import Clock
from tellwire.kernel.secrets import hash_password, verify_password

PASSWORD_LEAST: Final = 10


class People:
    """Everybody who may sign in, in memory; `load` first."""

    def __init__(self, store: PeopleStore, *, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._people: dict[str, Person] = {}
        self._hashes: dict[str, str] = {}
        self._hashing = asyncio.Semaphore(1)

    async def load(self) -> None:
        """Read everybody from the store."""
        rows = await self._store.load()
        self._people = {row.email: Person(email=row.email, name=row.name, role=row.role) for row in rows}
        self._hashes = {row.email: row.password for row in rows}

    def all(self) -> Iterable[Person]:
        """Return everybody, by e-mail address."""
        return [self._people[email] for email in sorted(self._people)]

    def find(self, email: str) -> Person | None:
        """Return one person."""
        return self._people.get(email)

    async def verify(self, email: str, password: str) -> Person | None:
        """Return the person if the password is theirs; takes as long for people there are not."""
        key = normal(email)
        async with self._hashing:
            is_theirs = await asyncio.to_thread(verify_password, password, self._hashes.get(key))
        return self._people.get(key) if is_theirs else None

    async def add(self, email: str, name: str, role: Role, password: str) -> Person:
        """Keep a new person, or give one with this address another password, name and role."""
        person = Person(email=normal(email), name=name.strip(), role=role)
        async with self._hashing:
            hashed = await asyncio.to_thread(hash_password, password)
        await self._store.save(person.email, person.name, person.role, hashed, self._clock.now())
        await self.load()
        return person

    async def change(self, person: Person, *, name: str, role: Role) -> Person:
        """Give somebody another name and role; the password stays."""
        changed = replace(person, name=name.strip(), role=role)
        await self._store.change(changed.email, changed.name, changed.role)
        await self.load()
        return changed

    async def delete(self, email: str) -> None:
        """Let somebody in no more."""
        await self._store.delete(email)
        await self.load()

    def is_last_owner(self, email: str) -> bool:
        """Say whether nobody but this person is an owner."""
        return [person.email for person in self._people.values() if person.role == "owner"] == [email]


def normal(email: str) -> str:
    """Return an address as we compare it."""
    return email.strip().lower()
