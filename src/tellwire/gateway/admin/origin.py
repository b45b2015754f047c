"""Whether a browser's request comes from our own pages: what keeps a foreign page from using somebody's session. Pure.

`SameSite=Strict` alone would let in pages on other ports of the same host.
"""

from urllib.parse import urlsplit

from tellwire.kernel.web.asgi import Scope, header


def is_own(scope: Scope) -> bool:
    """Say whether the request was made by a page of this very origin, as far as the browser tells.

    Every browser of the last years sends `Sec-Fetch-Site` or, with anything that changes something, `Origin`.
    """
    site = header(scope, b"sec-fetch-site")
    if site is not None:
        return site == b"same-origin"
    origin = header(scope, b"origin")
    host = header(scope, b"host")
    if origin is None or host is None:
        return False
    return urlsplit(origin.decode("latin-1")).netloc.lower() == host.decode("latin-1").lower()
