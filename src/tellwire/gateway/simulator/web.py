"""The simulated handsets over HTTP: pages that look like phones, JSON for scripts, a live stream. A raw ASGI app.

    GET  /simulator/handsets                      page: all phones, and the magic numbers
    GET  /simulator/handsets/{msisdn}             page: one phone
    GET  /simulator/handsets/{msisdn}/messages    JSON: what it received, newest first
    GET  /simulator/handsets/{msisdn}/stream      server-sent events: the whole phone after each change
    POST /simulator/handsets/{msisdn}/reply       {"to", "text"}: becomes a text from the handset (MO)
    POST /simulator/handsets/{msisdn}/switch      {"on", "full"}: switch it on or off, fill or empty its memory
    GET  /simulator/api/handsets                  JSON: all phones
    GET  /simulator/assets/*                      the pages' scripts and sheets

Who may see it: a bearer key, the application's own session, or `?key=`, which becomes a cookie of ours and leaves
the address. Not here: what a handset does (`handsets`, `carrier`).
"""

import secrets
import uuid
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from http.cookies import CookieError, SimpleCookie
from typing import Final, TypeAlias, TypeVar
from urllib.parse import quote

import msgspec

from tellwire.gateway.simulator.carrier import Simulator
from tellwire.gateway.simulator.fates import MAGIC
from tellwire.gateway.simulator.stream import HandsetStream
from tellwire.gateway.simulator.views import Reply, Switch, phone_message, received_by, summary
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
    query,
    read_body,
    refuse,
)
from tellwire.kernel.web.dispatch import Dispatch, route
from tellwire.kernel.web.pages import Guarded
from tellwire.kernel.web.site import Site

COOKIE: Final = "tellwire_handsets"
SESSIONS: Final = 1000  # browsers that came with a key; the oldest has to come with it again
STREAMS: Final = 100  # each is a connection and a task
BODY_LIMIT: Final = 16_384

# As in static/main.js.
PAGES: Final = {"/simulator/handsets": "handsets", "/simulator/handsets/:msisdn": "handset"}
_FRESH: Final = ((b"cache-control", b"no-store"),)

PhoneApp: TypeAlias = Callable[[str, Scope, Receive, Send], Awaitable[None]]
Asked = TypeVar("Asked")


class HandsetWeb:
    """The ASGI app; `close` ends its streams.

    `is_key` says whether a key (bearer or `?key=`) opens it, `has_session` whether a request comes from somebody
    who is signed in elsewhere. It answers every path below /simulator/.
    """

    def __init__(
        self,
        simulator: Simulator,
        *,
        is_key: Callable[[Scope, str], bool],
        has_session: Callable[[Scope], bool] = lambda _: False,
    ) -> None:
        self._simulator = simulator
        self._is_key = is_key
        self._has_session = has_session
        self._sessions: OrderedDict[str, None] = OrderedDict()
        self._streams: set[HandsetStream] = set()
        site = Site(
            package=__package__ or "",
            own="handset",
            title="Handsets",
            sheet="handset.css",
            without_script="This page needs JavaScript. What a phone has got can also be had as JSON: /messages.",
            pages=PAGES,
            base="/simulator/assets",
        )
        self._assets = Dispatch(site.file_routes())
        self._guarded = Guarded(self._serve)
        self._dispatch = Dispatch(
            [
                route("GET", "/simulator/handsets", site.page),
                route("GET", "/simulator/handsets/{msisdn}", _of_phone(_any(site.page))),
                route("GET", "/simulator/handsets/{msisdn}/messages", _of_phone(self._messages)),
                route("GET", "/simulator/handsets/{msisdn}/stream", _of_phone(self._stream)),
                route("POST", "/simulator/handsets/{msisdn}/reply", _of_phone(self._reply)),
                route("POST", "/simulator/handsets/{msisdn}/switch", _of_phone(self._switch)),
                route("GET", "/simulator/api/handsets", self._list),
            ]
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; other scopes (lifespan) are not for it."""
        if scope["type"] == "http":
            await self._guarded(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith("/simulator/assets/"):
            await self._assets(scope, receive, send)
        elif (key := query(scope).get("key", "")) and self._is_key(scope, key):
            await self._let_in(scope, send)
        elif self._may_see(scope):
            await self._dispatch(scope, receive, send)
        else:
            await _turn_away(scope, send)

    def close(self) -> None:
        """End every stream, so that the server can stop."""
        for stream in self._streams:
            stream.close()

    # Who may see it

    def _may_see(self, scope: Scope) -> bool:
        key = bearer(scope)
        if key is not None:
            return self._is_key(scope, key)
        return _cookie(scope) in self._sessions or self._has_session(scope)

    async def _let_in(self, scope: Scope, send: Send) -> None:
        """Turn `?key=` into a cookie, so that the key stays in no history and no Referer."""
        session = secrets.token_urlsafe(32)
        self._sessions[session] = None
        if len(self._sessions) > SESSIONS:
            self._sessions.popitem(last=False)
        cookie = f"{COOKIE}={session}; Path=/simulator; HttpOnly; SameSite=Lax"
        path = scope["path"]
        location = quote(path).encode() if path.startswith("/simulator/") else b"/simulator/handsets"
        headers = [(b"location", location), (b"set-cookie", cookie.encode()), *_FRESH]
        await answer(send, 303, headers=headers)

    # JSON

    async def _messages(self, digits: str, _scope: Scope, _receive: Receive, send: Send) -> None:
        await _json(send, 200, received_by(self._simulator.handsets.find(digits)))

    async def _list(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        phones = [summary(handset) for handset in self._simulator.handsets]
        magic = [{"number": f"+{digits}", "fate": magic.sentence} for digits, magic in MAGIC.items()]
        await _json(send, 200, {"handsets": phones, "magic": magic})

    # What people do

    async def _reply(self, digits: str, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _read(scope, receive, send, Reply)
        handset = self._simulator.handsets.find(digits)
        if body is not None and handset is not None and not handset.is_on:
            await _json(send, 409, {"error": "the handset is switched off"})
        elif body is not None:
            shown = self._simulator.reply(digits, body.to.removeprefix("+"), body.text, str(uuid.uuid4()))
            await _json(send, 202, phone_message(shown))

    async def _switch(self, digits: str, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _read(scope, receive, send, Switch)
        if body is not None:
            handset = self._simulator.handsets.switch(digits, is_on=body.on, is_full=body.full)
            await _json(send, 200, summary(handset))

    async def _stream(self, digits: str, _scope: Scope, receive: Receive, send: Send) -> None:
        if len(self._streams) >= STREAMS:
            await answer(
                send, 503, b"Too many people are watching phones.\n", headers=[(b"retry-after", b"10")]
            )
            return
        stream = HandsetStream(self._simulator.handsets, digits)
        self._streams.add(stream)
        try:
            await stream.run(receive, send)
        finally:
            self._streams.discard(stream)


def _any(page: App) -> PhoneApp:
    """Return what answers for a phone, whichever it is, with a page that reads its number itself."""

    async def answered(_digits: str, scope: Scope, receive: Receive, send: Send) -> None:
        await page(scope, receive, send)

    return answered


def _of_phone(serve: PhoneApp) -> App:
    """Return what serves a path with a number in it: a number that no handset can have is 404."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        digits: str = scope["path_params"]["msisdn"].removeprefix("+")
        if 7 <= len(digits) <= 15 and digits.isascii() and digits.isdecimal():
            await serve(digits, scope, receive, send)
        else:
            await _json(send, 404, {"error": "a handset's number has 7 to 15 digits"})

    return app


def _cookie(scope: Scope) -> str:
    try:
        cookie = SimpleCookie((header(scope, b"cookie") or b"").decode("latin-1")).get(COOKIE)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


async def _read(scope: Scope, receive: Receive, send: Send, kind: type[Asked]) -> Asked | None:
    """Return the body, or None once it has been refused. Only JSON is read: no foreign form can send it."""
    if (header(scope, b"content-type") or b"").split(b";")[0].strip() != b"application/json":
        await answer(send, 415, b"Send application/json.\n")
        return None
    body = await read_body(scope, receive, BODY_LIMIT)
    if isinstance(body, Unread):
        await refuse(send, body)
        return None
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        await _json(send, 400, {"error": str(error)})
        return None


async def _json(
    send: Send, status: int, value: object, headers: Iterable[tuple[bytes, bytes]] = _FRESH
) -> None:
    await json_answer(send, status, msgspec.json.encode(value), headers=headers)


async def _turn_away(scope: Scope, send: Send) -> None:
    headers = [(b"www-authenticate", b"Bearer"), *_FRESH]
    if b"text/html" in (header(scope, b"accept") or b""):
        text = b"This page opens with the link that the start printed (it carries a key), or for who may see numbers.\n"
        await answer(send, 401, text, headers=headers)
    else:
        await _json(send, 401, {"error": "a bearer token or a key is needed"}, headers)
