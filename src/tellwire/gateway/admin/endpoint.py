"""One endpoint of the administration: lets the caller in, reads the body, runs the handler, writes its answer.

A handler is a function from `Ask` to a value, a `Problem` or a `Raw` answer; it knows no HTTP.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any, Final, TypeAlias

import msgspec

from tellwire.gateway.admin.cookie import token_of
from tellwire.gateway.admin.origin import is_own
from tellwire.gateway.admin.people import People
from tellwire.gateway.model.role import ADMINISTRATOR, Person, Role, may
from tellwire.kernel.json_place import json_mistake
from tellwire.kernel.sessions import SessionBook
from tellwire.kernel.sqlite import Full
from tellwire.kernel.telemetry import log
from tellwire.kernel.tries import Judged
from tellwire.kernel.web.asgi import (
    App,
    Receive,
    Scope,
    Send,
    Unread,
    answer,
    bearer,
    header,
    json_answer,
    peer,
    query,
    read_body,
)

BODY_LIMIT: Final = 64 * 1024  # forms that people fill in
FRESH: Final = (b"cache-control", b"no-store")
_SAFE: Final = frozenset({"GET", "HEAD"})


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """A request to a handler: its caller, the names in its path, its query and its body.

    `session` is the token of the caller's session, empty for the bearer of the admin token.
    """

    who: Person
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any = None
    session: str = ""

    def __repr__(self) -> str:
        """Leave out the token, and what was filled in."""
        return f"Ask({self.who.email!r})"

    @property
    def sees_private(self) -> bool:
        """Whether the caller may see numbers in full and texts."""
        return may(self.who.role, "developer")


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why it was not done, in a sentence that says what to do; `fields` names what is wrong in the body."""

    status: int
    code: str
    message: str
    fields: dict[str, str] = {}
    retry_after_s: int | None = None


class Raw(msgspec.Struct, frozen=True, kw_only=True):
    """An answer that is not JSON: chunks of a file to save under `name`."""

    kind: bytes
    name: str
    chunks: AsyncIterator[bytes]


Handler: TypeAlias = Callable[[Ask], Awaitable[object]]

NOBODY: Final = Problem(status=401, code="signed_out", message="You are not signed in. Sign in again.")
FOREIGN: Final = Problem(
    status=403, code="foreign_page", message="This request did not come from the portal's own page."
)
UNKNOWN: Final = Problem(
    status=404, code="unknown", message="There is nothing of that name. It may have been deleted meanwhile."
)
NO_ROOM: Final = Problem(
    status=503, code="disk_full", message="The disk is full: nothing was changed. Make room and try again."
)


def wrong(**fields: str) -> Problem:
    """Return the refusal of a body whose named fields are wrong."""
    return Problem(status=422, code="invalid", message=" ".join(fields.values()), fields=fields)


def flaws(**fields: str | bool | None) -> Problem | None:
    """Return the refusal that names every field with words, all at once; None when no field has any."""
    words = {field: str(why) for field, why in fields.items() if why}
    return wrong(**words) if words else None


def is_number(text: str) -> bool:
    """Say whether a text from an address is a whole number that the store can hold."""
    return text.isascii() and text.isdecimal() and len(text) < 19


class Gate:
    """Tells who is asking: by the bearer admin token, or by a session's cookie from our own page."""

    def __init__(
        self,
        people: People,
        sessions: SessionBook,
        *,
        judge_token: Callable[[str, str], Judged],
        on_change: Callable[[str], None] = lambda _topic: None,
    ) -> None:
        self._people = people
        self._sessions = sessions
        self._judge_token = judge_token
        self._on_change = on_change

    def who(self, scope: Scope) -> Person | Problem:
        """Return the person, or why the request is not answered."""
        token = bearer(scope)
        if token is not None:
            judged = self._judge_token(peer(scope), token)
            if judged.opens:
                return ADMINISTRATOR
            return _too_many(judged.wait_s) if judged.wait_s else NOBODY
        person = self.signed_in(scope)
        if person is None:
            return NOBODY
        return person if scope["method"] in _SAFE or is_own(scope) else FOREIGN

    def signed_in(self, scope: Scope) -> Person | None:
        """Return whose session the request's cookie names."""
        email = self._sessions.owner(token_of(scope))
        if email is None:
            return None
        return ADMINISTRATOR if not email else self._people.find(email)

    def may_stay(self, scope: Scope) -> bool:
        """Say whether a stream that was let in may go on: its session lives, which this does not prolong."""
        return bearer(scope) is not None or self._sessions.is_open(token_of(scope))

    def stream(self, need: Role, feed: App) -> App:
        """Return the ASGI app of a stream that callers of at least the role `need` may listen to."""

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            who = self.who(scope)
            if isinstance(who, Person) and may(who.role, need):
                await feed(scope, receive, send)
            else:
                await write(send, who if isinstance(who, Problem) else _not_allowed(who.role, need))

        return app

    def endpoint(
        self, need: Role, handler: Handler, body: type[Any] | None = None, *, limit: int = BODY_LIMIT
    ) -> App:
        """Return the ASGI app of a handler that callers of at least the role `need` may use."""

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            who = self.who(scope)
            if isinstance(who, Person) and not may(who.role, need):
                who = _not_allowed(who.role, need)
            if isinstance(who, Problem):
                await write(send, who)
                return
            read = None if body is None else await read_json(scope, receive, body, limit)
            if isinstance(read, Problem):
                await write(send, read)
                return
            ask = Ask(
                who=who,
                path=scope.get("path_params", {}),
                query=query(scope),
                body=read,
                session=token_of(scope),
            )
            result = await _ask(handler, ask)
            if scope["method"] not in _SAFE and not isinstance(result, Problem):
                self._on_change(_topic(scope["path"]))
            await write(send, result)

        return app


def _topic(path: str) -> str:
    """Return what a write below `/admin/api/<topic>` may have changed."""
    return path.split("/")[3]


async def read_json(scope: Scope, receive: Receive, kind: type[Any], limit: int = BODY_LIMIT) -> Any:
    """Return the body of at most `limit` bytes as `kind`, or the `Problem` with it."""
    if (header(scope, b"content-type") or b"").split(b";")[0].strip() != b"application/json":
        return Problem(status=415, code="not_json", message="Send JSON, with Content-Type application/json.")
    raw = await read_body(scope, receive, limit)
    if isinstance(raw, Unread):
        return Problem(status=raw.status, code="unread", message=raw.reason)
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as flaw:
        sentence, _, place = str(flaw).partition(" - at `$")
        field = place.strip("`").lstrip(".") or "body"
        return wrong(**{field: f"{sentence}."})
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Problem(
            status=400, code="not_json", message=f"The body is not JSON: {json_mistake(raw, error)}."
        )


async def write(send: Send, result: object, *, headers: tuple[tuple[bytes, bytes], ...] = ()) -> None:
    """Answer what a handler returned; None is 204."""
    match result:
        case Problem():
            waits = () if result.retry_after_s is None else ((b"retry-after", b"%d" % result.retry_after_s),)
            body = {"error": {"code": result.code, "message": result.message, "fields": result.fields}}
            await json_answer(
                send, result.status, msgspec.json.encode(body), headers=(FRESH, *waits, *headers)
            )
        case Raw():
            await _stream(send, result)
        case None:
            await answer(send, 204, headers=(FRESH, *headers))
        case _:
            await json_answer(send, 200, msgspec.json.encode(result), headers=(FRESH, *headers))


async def _ask(handler: Handler, ask: Ask) -> object:
    try:
        return await handler(ask)
    except Full as full:
        log("store.full", "error", where="administration", error=full)
        return NO_ROOM


async def _stream(send: Send, raw: Raw) -> None:
    name = f'attachment; filename="{raw.name}"'.encode()
    headers = [(b"content-type", raw.kind), (b"content-disposition", name), FRESH]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    async for chunk in raw.chunks:
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _too_many(wait_s: int) -> Problem:
    message = f"Too many wrong tokens from this address. Try again in {wait_s} seconds."
    return Problem(status=429, code="too_many_attempts", message=message, retry_after_s=wait_s)


def _not_allowed(role: Role, need: Role) -> Problem:
    return Problem(
        status=403,
        code="not_allowed",
        message=f"This needs the role {need}, and yours is {role}. Ask an owner to change it.",
    )
