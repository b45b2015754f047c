"""Who is signed in: cookies of the portal, in memory, so that a restart signs everybody out.

A session ends after `IDLE_S` without a request. Not here: who may sign in (`people`), and what for (`roles`).
"""

import secrets
from collections import OrderedDict
from http.cookies import CookieError, SimpleCookie
from typing import Final

import msgspec

from tellwire.kernel.web.asgi import Scope, header

# Cookies know no ports, and the dashboard may be on another port of the same host: the names must differ.
COOKIE: Final = "tellwire_portal"
IDLE_S: Final = 12 * 3600
SESSIONS: Final = 1000  # browsers at once; the one that was quiet longest signs in again


class _Session(msgspec.Struct):
    email: str
    seen_s: float


class Sessions:
    """Open sessions by their token; `now_s` are monotonic seconds."""

    def __init__(self) -> None:
        self._open: OrderedDict[str, _Session] = OrderedDict()

    def open(self, email: str, now_s: float) -> str:
        """Open a session and return its token; an empty `email` is the bearer of the admin token."""
        token = secrets.token_urlsafe(32)
        self._open[token] = _Session(email, now_s)
        if len(self._open) > SESSIONS:
            self._open.popitem(last=False)
        return token

    def email(self, scope: Scope, now_s: float) -> str | None:
        """Return whose session a request comes in, None for nobody's."""
        token = token_of(scope)
        session = self._open.get(token)
        if session is None:
            return None
        if now_s - session.seen_s > IDLE_S:
            del self._open[token]
            return None
        session.seen_s = now_s
        self._open.move_to_end(token)
        return session.email

    def close(self, scope: Scope) -> None:
        """End the request's session."""
        self._open.pop(token_of(scope), None)

    def close_all_of(self, email: str, *, but: str = "") -> None:
        """End every session of a person but the one with the token `but`."""
        for token in [t for t, session in self._open.items() if session.email == email and t != but]:
            del self._open[token]


def token_of(scope: Scope) -> str:
    """Return the token that a request's cookie holds, or an empty text."""
    try:
        found = SimpleCookie((header(scope, b"cookie") or b"").decode("latin-1")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def set_cookie(scope: Scope, token: str) -> tuple[bytes, bytes]:
    """Return the header that gives a browser its token, or with an empty one takes it back."""
    life = "" if token else "; Max-Age=0"
    secure = "; Secure" if _is_secure(scope) else ""
    return b"set-cookie", f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict{life}{secure}".encode()


def _is_secure(scope: Scope) -> bool:
    return scope.get("scheme") == "https" or header(scope, b"x-forwarded-proto") == b"https"
