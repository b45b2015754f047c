"""Who may use the API: the bearer token of scripts, or the session of the signed-in admin.

Stands in front of everything below `/api`. Sessions are kept by `kernel.sessions`. Writes by cookie must come from
our own pages.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import urlsplit

import msgspec

from tellwire.kernel.clock import Clock
from tellwire.kernel.secrets import hash_key, same
from tellwire.kernel.sessions import LONGEST, SessionBook
from tellwire.kernel.telemetry import log
from tellwire.kernel.tries import Judged, Tries
from tellwire.kernel.web.asgi import App, Receive, Scope, Send, bearer, header, json_answer
from tellwire.platform.control.problem import body_of

COOKIE: Final = "tellwire_session"
TRIES_A_MINUTE: Final = 5
ADDRESSES_LIMIT: Final = 10_000  # whose tries are counted; far more than a login page has visitors
_OPEN_PATHS: Final = frozenset({"/api/session", "/api/openapi.json", "/api/docs", "/api/docs.css"})
A_SCRIPT: Final = "API token"
_LET_IN: Final = "tellwire.let_in"  # set in the scope of a request that was let through by its token
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Admin(msgspec.Struct, frozen=True, kw_only=True):
    """The one who may sign in, and the token that scripts use instead."""

    email: str
    password: str
    api_token: str

    def __repr__(self) -> str:
        return f"Admin({self.email})"


class Doorkeeper:
    """Asks the sessions and counts the tries; one for each process."""

    def __init__(self, admin: Admin, sessions: SessionBook, clock: Clock) -> None:
        self._admin = admin
        self._clock = clock
        self._sessions = sessions
        self._tries: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._tokens = Tries(lambda: clock.now().timestamp())

    async def sign_in(self, email: str, password: str, address: str) -> str | None:
        """Return the cookie of a new session, or None for wrong credentials; `wait_s` says who may try."""
        is_right = same(email.strip().casefold(), self._admin.email.casefold()) & same(
            hash_key(password), hash_key(self._admin.password)
        )
        if not (is_right and self._admin.password):
            self._count(address)
            log("login.failed", "warning", host=address)
            return None
        self._tries.pop(address, None)
        return await self._sessions.open(self._admin.email)

    def wait_s(self, address: str) -> int:
        """Return how many seconds this address must wait before it may try to sign in; 0 for not at all."""
        tries, now = self._tries.get(address, deque()), self._clock.now()
        while tries and tries[0] <= now - timedelta(minutes=1):
            tries.popleft()
        if len(tries) < TRIES_A_MINUTE:
            return 0
        return int((tries[0] + timedelta(minutes=1) - now).total_seconds()) + 1

    async def sign_out(self, scope: Scope) -> None:
        """End the session of this request."""
        await self._sessions.close(_cookie(scope))

    def has_session(self, scope: Scope) -> bool:
        """Say whether the request comes with a session that lives, and keep it alive."""
        return self._sessions.owner(_cookie(scope)) is not None

    def may_stay(self, scope: Scope) -> bool:
        """Say whether a stream that was let in may go on: its session lives, which this does not prolong."""
        return bool(scope.get(_LET_IN)) or self._sessions.is_open(_cookie(scope))

    def token(self, scope: Scope) -> Judged | None:
        """Return what becomes of the request's bearer token; None if it has none. Ask once a request: it counts."""
        token = bearer(scope)
        if token is None:
            return None
        is_right = bool(self._admin.api_token) and same(token, self._admin.api_token)
        return self._tokens.judge(address_of(scope), is_right=is_right)

    def is_signed_in(self, scope: Scope) -> bool:
        """Say whether a request that was let through came with the API token or a session."""
        return bool(scope.get(_LET_IN)) or self.has_session(scope)

    def author(self, scope: Scope) -> str:
        """Return who is behind a request that was let through: a person by e-mail, or a script with the token."""
        return A_SCRIPT if scope.get(_LET_IN) else self._sessions.owner(_cookie(scope)) or ""

    def _count(self, address: str) -> None:
        self._tries.setdefault(address, deque(maxlen=TRIES_A_MINUTE)).append(self._clock.now())
        self._tries.move_to_end(address)
        while len(self._tries) > ADDRESSES_LIMIT:
            self._tries.popitem(last=False)


class Guarded:
    """An ASGI app that lets requests through to `app` if they may."""

    def __init__(self, app: App, doorkeeper: Doorkeeper, public_url: Callable[[], str]) -> None:
        self._app = app
        self._doorkeeper = doorkeeper
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        judged = self._doorkeeper.token(scope) if scope["type"] == "http" else None
        if scope["type"] != "http" or (judged and judged.opens):
            scope[_LET_IN] = True
            await self._app(scope, receive, send)
        elif judged and judged.wait_s:
            await _refuse_tries(send, judged.wait_s)
        elif scope["method"] not in _READING and not is_from_our_pages(scope, self._public_url()):
            await _refuse(send, 403, "foreign_page", "This came from another site's page. Use our own page.")
        elif scope["path"] in _OPEN_PATHS or self._doorkeeper.has_session(scope):
            await self._app(scope, receive, send)
        else:
            await _refuse(send, 401, "not_signed_in", "Sign in, or send the API token as a bearer.")


def is_from_our_pages(scope: Scope, public_url: str) -> bool:
    """Say whether a browser vouches that the request came from our own page; others send no such headers.

    Without a cookie there is nothing to misuse, so a script without either header may try to sign in.
    """
    site, origin = header(scope, b"sec-fetch-site"), header(scope, b"origin")
    if site is not None:
        return site == b"same-origin"
    if origin is None:
        return not _cookie(scope)
    host = urlsplit(origin.decode("latin-1")).netloc
    return bool(host) and host in {
        (header(scope, b"host") or b"").decode("latin-1"),
        urlsplit(public_url).netloc,
    }


def cookie_header(value: str, *, is_secure: bool) -> str:
    """Return the Set-Cookie that keeps a session, or ends it when `value` is empty.

    The browser keeps it for as long as any session may last: when it ends is for the sessions to say.
    """
    ends = f"; Max-Age={int(LONGEST.total_seconds())}" if value else "; Max-Age=0"
    return f"{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict{ends}" + ("; Secure" if is_secure else "")


def address_of(scope: Scope) -> str:
    """Return the network address of the other side."""
    client = scope.get("client")
    return client[0] if client else "unknown"


def _cookie(scope: Scope) -> str:
    try:
        cookies = SimpleCookie((header(scope, b"cookie") or b"").decode("latin-1"))
    except CookieError:
        return ""
    return cookies[COOKIE].value if COOKIE in cookies else ""


async def _refuse_tries(send: Send, wait_s: int) -> None:
    message = f"Too many wrong API tokens from this address. Try again in {wait_s} seconds."
    headers = [(b"cache-control", b"no-store"), (b"retry-after", b"%d" % wait_s)]
    await json_answer(send, 429, body_of("too_many_tries", message), headers=headers)


async def _refuse(send: Send, status: int, code: str, message: str) -> None:
    await json_answer(send, status, body_of(code, message), headers=[(b"cache-control", b"no-store")])
