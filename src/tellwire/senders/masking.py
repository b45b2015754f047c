"""A request as people may see it: every credential in it replaced by `***`. Pure."""

import base64
import re
from collections.abc import Iterator
from urllib.parse import unquote_plus

import msgspec

from tellwire.kernel.http import HttpRequest

MASK = "***"
# A header whose value is the same for everybody gives nothing away; all others are taken for credentials.
_PUBLIC_HEADERS = frozenset({"content-type", "accept", "user-agent", "accept-language"})
_NAMED = (  # what the name of a credential contains or is, in members and parameters
    r"(?:[\w.-]*(?:password|passwd|passcode|pwd|secret|token|credential|signature"
    r"|api[_-]?key|auth[_-]?key|access[_-]?key)[\w.-]*|key|pass|auth|pin|sig)"
)
_IN_JSON = re.compile(rf'("{_NAMED}"\s*:\s*)(?:"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*)', re.IGNORECASE)
_IN_QUERY = re.compile(rf"((?:^|[?&]){_NAMED}=)[^&#]*", re.IGNORECASE)
_VALUE_IN_JSON = re.compile(rf'"{_NAMED}"\s*:\s*"((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_VALUE_IN_QUERY = re.compile(rf"(?:^|[?&]){_NAMED}=([^&#\s]*)", re.IGNORECASE)
_IN_AUTHORITY = re.compile(r"(//)[^/@]*@")
_SHOWN_LIMIT = 16_384  # characters of a body that a page shows
_HINTS = (
    "pass",
    "pwd",
    "secret",
    "token",
    "credential",
    "signature",
    "key",
    "auth",
    "pin",
    "sig",
)  # of `_NAMED`
_BODY_END = 4096  # bytes at either end: credentials stand beside the records of a long batch, or in each
_SECRET_LEAST = 6  # characters; what is shorter stands in an answer by chance


class MaskedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What was sent, fit for a page; `body` is cut at 16 KiB."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str


def masked(request: HttpRequest) -> MaskedRequest:
    """Return the request without credentials: header values, and members or parameters named like secrets."""
    body = request.body.decode(errors="replace")
    is_json = body.lstrip().startswith(
        ("{", "[")
    )  # in a text of ours, "?token=" is a link and not a parameter
    return MaskedRequest(
        method=request.method,
        url=_IN_AUTHORITY.sub(rf"\1{MASK}@", _IN_QUERY.sub(rf"\1{MASK}", request.url)),
        headers=tuple((name, _header(name, value)) for name, value in request.headers),
        body=(_IN_JSON.sub(rf'\1"{MASK}"', body) if is_json else _IN_QUERY.sub(rf"\1{MASK}", body))[
            :_SHOWN_LIMIT
        ],
    )


def masked_answer(text: str, request: HttpRequest) -> str:
    """Return a provider's answer without the credentials of the request, which some echo, and without its own."""
    secrets = {secret for secret in _secrets(request) if len(secret) >= _SECRET_LEAST}
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return _IN_JSON.sub(rf'\1"{MASK}"', text) if _may_name_a_secret(text) else text


def _secrets(request: HttpRequest) -> Iterator[str]:
    """Give what in a request is a credential: header values, and members and parameters named like one."""
    for name, value in request.headers:
        if not is_public_header(name):
            scheme, _, credentials = value.rpartition(" ")
            yield value
            yield credentials
            if scheme.casefold() == "basic":
                yield _password(credentials)
    ends = (request.body[:_BODY_END], request.body[_BODY_END:][-_BODY_END:])
    body = b"\n".join(ends).decode(errors="replace")
    for pattern, text in ((_VALUE_IN_JSON, body), (_VALUE_IN_QUERY, body), (_VALUE_IN_QUERY, request.url)):
        for found in pattern.findall(text) if _may_name_a_secret(text) else ():
            yield found
            yield unquote_plus(found)


def _may_name_a_secret(text: str) -> bool:
    """Say whether a pattern for names of credentials can match: this is a fiftieth of its cost, once a message."""
    lowered = text.casefold()
    return any(hint in lowered for hint in _HINTS)


def _password(credentials: str) -> str:
    try:
        return base64.b64decode(credentials).decode(errors="replace").partition(":")[2]
    except ValueError:
        return ""


def is_public_header(name: str) -> bool:
    """Say whether a header's value may be shown: it holds no credential."""
    return name.strip().casefold() in _PUBLIC_HEADERS


def _header(name: str, value: str) -> str:
    if is_public_header(name):
        return value
    scheme, space, _ = value.partition(" ")
    return f"{scheme} {MASK}" if space and scheme.casefold() in {"bearer", "basic"} else MASK
