"""The cookie in which the portal's browsers carry their session's token; sessions are kept by `kernel.sessions`."""

from http.cookies import CookieError, SimpleCookie
from typing import Final

from tellwire.kernel.sessions import LONGEST
from tellwire.kernel.web.asgi import Scope, header

# Cookies know no ports, and the dashboard may be on another port of the same host: the names must differ.
COOKIE: Final = "tellwire_portal"


def token_of(scope: Scope) -> str:
    """Return the token that a request's cookie holds, or an empty text."""
    try:
        cookie = SimpleCookie((header(scope, b"cookie") or b"").decode("latin-1")).get(COOKIE)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


def set_cookie(scope: Scope, token: str) -> tuple[bytes, bytes]:
    """Return the header that gives a browser its token, or with an empty one takes it back.

    The browser keeps it for as long as any session may last: when it ends is for the sessions to say.
    """
    life = f"; Max-Age={int(LONGEST.total_seconds()) if token else 0}"
    secure = "; Secure" if _is_secure(scope) else ""
    return b"set-cookie", f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Strict{life}{secure}".encode()


def _is_secure(scope: Scope) -> bool:
    return scope.get("scheme") == "https" or header(scope, b"x-forwarded-proto") == b"https"
