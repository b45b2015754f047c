"""Who is signed in: sessions in memory for every request, and in a store so that a restart signs nobody out.

    open -> lives: IDLE after its last request, LONGEST after its opening -> ended: by time, close, or close_all_of

A session is a random token in a browser's cookie. The store knows only a hash, of the token and of `secret`: whoever
changes what people sign in with thereby ends all sessions, and what is in a backup opens nothing.
A request asks memory alone; that it kept its session alive is written by `run`, once a while for all of them.
"""

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

import msgspec

from tellwire.kernel.clock import Clock
from tellwire.kernel.secrets import hash_key
from tellwire.kernel.sqlite import StoreError
from tellwire.kernel.telemetry import log

IDLE: Final = timedelta(hours=12)  # a working day: who comes back next morning signs in again
LONGEST: Final = timedelta(days=30)
LIMIT: Final = 1_000  # browsers at once; the one that was quiet longest signs in again
WRITE_S: Final = 60.0  # by so much less does a session live on after a kill


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One signed-in browser: `key` is the hash, `owner` who it is in the words of the caller."""

    key: str
    owner: str
    opened_at: datetime
    ends_at: datetime


class SessionStore(Protocol):
    """Where sessions outlive the process. Each call is one transaction, and repeating it changes nothing."""

    async def load(self) -> list[Session]:
        """Return all sessions, the one that ends first first."""
        ...

    async def add(self, session: Session) -> None:
        """Keep a new session."""
        ...

    async def prolong(self, sessions: Sequence[Session]) -> None:
        """Write when these end now; one that is gone stays gone."""
        ...

    async def delete(self, keys: Sequence[str]) -> None:
        """Forget sessions."""
        ...


class SessionBook:
    """The open sessions of one application; `load` first, then let `run` run."""

    def __init__(self, store: SessionStore, *, clock: Clock, secret: str) -> None:
        self._store = store
        self._clock = clock
        self._secret = secret
        self._open: OrderedDict[str, Session] = OrderedDict()
        self._prolonged: set[str] = set()

    async def load(self) -> None:
        """Read who is signed in, and forget whose time was over meanwhile."""
        sessions = await self._store.load()
        now = self._clock.now()
        self._open = OrderedDict((one.key, one) for one in sessions if one.ends_at > now)
        await self._delete([one.key for one in sessions if one.ends_at <= now])

    async def open(self, owner: str) -> str:
        """Open a session and return its token; it is on the disk when this returns."""
        token, now = secrets.token_urlsafe(32), self._clock.now()
        session = Session(key=self._key(token), owner=owner, opened_at=now, ends_at=now + IDLE)
        await self._store.add(session)
        self._open[session.key] = session
        if len(self._open) > LIMIT:
            await self._delete([next(iter(self._open))])
        return token

    def owner(self, token: str) -> str | None:
        """Return whose session a token is, and keep it alive; None for nobody's."""
        key, now = self._key(token), self._clock.now()
        session = self._open.get(key)
        if session is None or session.ends_at <= now:
            return None
        ends_at = min(now + IDLE, session.opened_at + LONGEST)
        self._open[key] = msgspec.structs.replace(session, ends_at=ends_at)
        self._open.move_to_end(key)
        self._prolonged.add(key)
        return session.owner

    def is_open(self, token: str) -> bool:
        """Say whether a session lives, without keeping it alive: for streams, behind which nobody need sit."""
        session = self._open.get(self._key(token))
        return session is not None and session.ends_at > self._clock.now()

    async def close(self, token: str) -> None:
        """End one session; it is gone from the disk when this returns."""
        await self._delete([self._key(token)])

    async def close_all_of(self, owner: str, *, but: str = "") -> None:
        """End every session of somebody but the one with the token `but`."""
        spared = self._key(but) if but else ""
        await self._delete(
            [one.key for one in self._open.values() if one.owner == owner and one.key != spared]
        )

    async def run(self) -> None:
        """Write who was kept alive and forget who was not, once a while, until cancelled."""
        while True:
            await asyncio.sleep(WRITE_S)
            try:
                await self.write()
            except StoreError as lost:
                log("store.full", "error", where="sessions", error=lost)

    async def write(self) -> None:
        """Write what `run` writes now."""
        now = self._clock.now()
        prolonged, self._prolonged = self._prolonged, set()
        await self._store.prolong([self._open[key] for key in prolonged if key in self._open])
        await self._delete([one.key for one in self._open.values() if one.ends_at <= now])

    async def drain(self, _deadline_s: float) -> None:
        """Write what a stop would lose."""
        await self.write()

    async def _delete(self, keys: list[str]) -> None:
        """Forget in memory first: whatever becomes of the store, this process lets nobody in any more."""
        for key in keys:
            self._open.pop(key, None)
        if keys:
            await self._store.delete(keys)

    def _key(self, token: str) -> str:
        return hash_key(f"{token}\n{self._secret}")
