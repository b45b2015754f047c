"""Signing in and out, and the owners' page of people."""

import re
import time
from collections.abc import Callable
from typing import Annotated, Final

import msgspec

from tellwire.gateway.admin.attempts import ADDRESS_TRIES, Attempts
from tellwire.gateway.admin.cookie import set_cookie, token_of
from tellwire.gateway.admin.endpoint import (
    NOBODY,
    UNKNOWN,
    Ask,
    Gate,
    Problem,
    flaws,
    read_json,
    write,
    wrong,
)
from tellwire.gateway.admin.origin import is_own
from tellwire.gateway.admin.people import PASSWORD_LEAST, People, normal
from tellwire.gateway.model.role import ADMINISTRATOR, Person, Role
from tellwire.kernel.secrets import PASSWORD_LIMIT
from tellwire.kernel.sessions import SessionBook
from tellwire.kernel.telemetry import log
from tellwire.kernel.web.asgi import Receive, Scope, Send, peer

_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")
_WRONG: Final = Problem(
    status=401,
    code="wrong_credentials",
    message="That did not match. Check the address and the password; capitals count in the password.",
)
_WRONG_TOKEN: Final = Problem(
    status=401,
    code="wrong_credentials",
    message="That is not the admin token. The start prints it, or it is gateway_admin_token in the settings.",
)
_LAST_OWNER: Final = Problem(
    status=409,
    code="last_owner",
    message="This is the only owner. Make somebody else an owner first.",
)

Text = Annotated[str, msgspec.Meta(max_length=256)]
Password = Annotated[str, msgspec.Meta(max_length=PASSWORD_LIMIT)]


class SignIn(msgspec.Struct, kw_only=True, frozen=True):
    """Either `token` (the admin token) or `email` and `password`."""

    email: Text = ""
    password: Password = ""
    token: Password = ""


class NewPerson(msgspec.Struct, kw_only=True, frozen=True):
    """Somebody who is to sign in."""

    email: Text
    name: Text
    role: Role
    password: Password


class ChangedPerson(msgspec.Struct, kw_only=True, frozen=True):
    """An owner's change of a person; an empty password stays as it is."""

    name: Text
    role: Role
    password: Password = ""


class ChangedPassword(msgspec.Struct, kw_only=True, frozen=True):
    """A person's change of their own account."""

    old: Password
    new: Password


class Signing:
    """Signing in to the portal, and out."""

    def __init__(
        self, gate: Gate, people: People, sessions: SessionBook, *, is_admin_token: Callable[[str], bool]
    ) -> None:
        self._gate = gate
        self._people = people
        self._sessions = sessions
        self._is_admin_token = is_admin_token
        self._by_person = Attempts()
        self._by_address = Attempts(ADDRESS_TRIES)

    async def sign_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        """`POST /admin/api/session`: from our own page, at most so often, for a cookie."""
        body = await read_json(scope, receive, SignIn) if is_own(scope) else NOBODY
        if isinstance(body, Problem):
            await write(send, body)
            return
        person = await self._try(peer(scope), body)
        if isinstance(person, Problem):
            await write(send, person)
            return
        token = await self._sessions.open(person.email)
        await write(send, self._view(person), headers=(set_cookie(scope, token),))

    async def show(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """`GET /admin/api/session`: who is signed in; 204 is nobody, which is no mistake of the page that asks."""
        who = self._gate.who(scope)
        await write(send, None if isinstance(who, Problem) else self._view(who))

    async def sign_out(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """`DELETE /admin/api/session`."""
        if is_own(scope):
            await self._sessions.close(token_of(scope))
        await write(send, None, headers=(set_cookie(scope, ""),))

    async def show_all(self, _ask: Ask) -> object:
        """`GET /admin/api/people`."""
        return {"people": self._people.all()}

    async def add(self, ask: Ask) -> object:
        """`POST /admin/api/people`."""
        new: NewPerson = ask.body
        is_known = self._people.find(normal(new.email)) is not None
        problem = flaws(
            email=(
                not _EMAIL.fullmatch(new.email.strip()) and "An e-mail address has a name, an @ and a domain."
            )
            or (is_known and "Somebody with this address is here already."),
            name=_nameless(new.name),
            password=_weak(new.password),
        )
        return problem or await self._people.add(new.email, new.name, new.role, new.password)

    async def change(self, ask: Ask) -> object:
        """`PUT /admin/api/people/{email}`."""
        change: ChangedPerson = ask.body
        person = self._people.find(ask.path["email"])
        if person is None:
            return UNKNOWN
        if problem := flaws(name=_nameless(change.name), password=change.password and _weak(change.password)):
            return problem
        if change.role != "owner" and self._people.is_last_owner(person.email):
            return _LAST_OWNER
        if not change.password:
            return await self._people.change(person, name=change.name, role=change.role)
        changed = await self._people.add(person.email, change.name, change.role, change.password)
        await self._sessions.close_all_of(person.email)
        return changed

    async def delete(self, ask: Ask) -> object:
        """`DELETE /admin/api/people/{email}`: they are signed out at once."""
        email = ask.path["email"]
        if self._people.find(email) is None:
            return UNKNOWN
        if self._people.is_last_owner(email):
            return _LAST_OWNER
        await self._people.delete(email)
        await self._sessions.close_all_of(email)
        return None

    async def change_password(self, ask: Ask) -> object:
        """`POST /admin/api/password`: one's own; every other session of that person ends."""
        change: ChangedPassword = ask.body
        who = ask.who
        if who == ADMINISTRATOR:
            return wrong(old="The admin token is no password: it is changed in the settings.")
        wait_s = self._by_person.wait_s(who.email, time.monotonic())
        if wait_s:
            return _too_often(wait_s)
        self._by_person.fail(who.email, time.monotonic())
        is_theirs = await self._people.verify(who.email, change.old) is not None
        if is_theirs:
            self._by_person.forget(who.email)
        if problem := flaws(old=not is_theirs and "This is not your password of now.", new=_weak(change.new)):
            return problem
        await self._people.add(who.email, who.name, who.role, change.new)
        await self._sessions.close_all_of(who.email, but=ask.session)
        return None

    async def _try(self, address: str, body: SignIn) -> Person | Problem:
        counts = [
            (self._by_address, address),
            *([(self._by_person, normal(body.email))] if body.email else []),
        ]
        wait_s = max(attempts.wait_s(name, time.monotonic()) for attempts, name in counts)
        if wait_s:
            return _too_often(wait_s)
        for attempts, name in counts:
            attempts.fail(name, time.monotonic())
        person = await self._person(body)
        if person is not None:
            self._by_person.forget(person.email)
            self._by_address.take_back(address)
            return person
        log("login.failed", "warning", system="gateway")
        return _WRONG_TOKEN if body.token else _WRONG

    async def _person(self, body: SignIn) -> Person | None:
        if body.token:
            return ADMINISTRATOR if self._is_admin_token(body.token) else None
        return await self._people.verify(body.email, body.password)

    def _view(self, who: Person) -> object:
        is_token = who == ADMINISTRATOR
        return {
            "email": who.email,
            "name": who.name,
            "role": who.role,
            "is_token": is_token,
            "has_people": any(self._people.all()),
        }


def _nameless(name: str) -> str:
    return "" if name.strip() else "Say who it is."


def _weak(password: str) -> str:
    if len(password) >= PASSWORD_LEAST:
        return ""
    return f"A password has at least {PASSWORD_LEAST} characters; a few words are best."


def _too_often(wait_s: int) -> Problem:
    minutes = max(1, round(wait_s / 60))
    return Problem(
        status=429,
        code="too_many_attempts",
        message=f"Too many tries. Wait {minutes} minute{'s' if minutes > 1 else ''} and try again.",
        retry_after_s=wait_s,
    )
