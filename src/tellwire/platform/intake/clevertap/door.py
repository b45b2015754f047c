"""Who may use CleverTap's addresses, how a body is read within bounds, and how a refusal is written (contract 4.1).

Answers are JSON whatever happens: clients parse them without looking at the status (CleverTap contract 5.4).
"""

import hmac
from collections.abc import Sequence
from typing import Final, TypeAlias

import msgspec

from tellwire.kernel.clock import Clock
from tellwire.kernel.tries import Tries
from tellwire.kernel.web.asgi import Receive, Scope, Send, Unread, answer, peer, read_to_end
from tellwire.platform.intake.clevertap.room import Arriving, Place
from tellwire.platform.intake.clevertap.unpack import unpack

RETRY_AFTER_S: Final = 1
JSON: Final = b"application/json;charset=utf-8"  # as recorded

_CLOSE: Final = ((b"connection", b"close"),)
_HEADERS: Final = {408: _CLOSE, 405: ((b"allow", b"POST"),)}
# They may come again, and are not logged: a line for each would add to the load; 503 has one of its own.
COME_AGAIN: Final = frozenset({429, 503})
_LENGTH_DIGITS: Final = 18  # more than any limit, less than any surprise

Headers: TypeAlias = dict[bytes, bytes]


class Refused(msgspec.Struct, frozen=True):
    """A request that is not taken as a whole: the status to answer, a sentence saying why, when to come again."""

    status: int
    why: str
    retry_after_s: int = RETRY_AFTER_S


class Access:
    """The account and its passcodes; uploads of the `lenient` ones are mended. No `repr` shows them."""

    __slots__ = ("_account_id", "_lenient", "_passcodes")

    def __init__(self, account_id: str, passcodes: Sequence[str], lenient: Sequence[str] = ()) -> None:
        self._account_id = account_id.encode()
        self._lenient = tuple(passcode.encode() for passcode in lenient)
        self._passcodes = (*(passcode.encode() for passcode in passcodes), *self._lenient)

    def admits(self, headers: Headers) -> bool:
        """Say whether the request is the account's, in a time that does not tell what was wrong."""
        account = headers.get(b"x-clevertap-account-id", b"")
        passcode = headers.get(b"x-clevertap-passcode", b"")
        is_known = [hmac.compare_digest(passcode, known) for known in self._passcodes]
        is_account = hmac.compare_digest(account, self._account_id)
        return is_account and any(is_known) and account != b"" and passcode != b""

    def is_lenient(self, headers: Headers) -> bool:
        """Say whether an admitted request's records are mended."""
        passcode = headers.get(b"x-clevertap-passcode", b"")
        is_known = [hmac.compare_digest(passcode, known) for known in self._lenient]
        return any(is_known)


class Door:
    """Lets the account's own requests in, and counts who tries; one for all of CleverTap's addresses."""

    def __init__(self, access: Access, clock: Clock) -> None:
        self._access = access
        self._tries = Tries(lambda: clock.now().timestamp())

    def stranger(self, scope: Scope, headers: Headers) -> Refused | None:
        """Return why a request is not let in, None if it is."""
        judged = self._tries.judge(peer(scope), is_right=self._access.admits(headers))
        if judged.wait_s:
            return Refused(429, "Too many wrong passcodes from this address: wait a minute.", judged.wait_s)
        # As recorded, whichever of the two was wrong.
        return None if judged.opens else Refused(401, "Account ID is not valid")


async def read_body(
    scope: Scope, headers: Headers, receive: Receive, place: Place, limit: int, full: Refused
) -> bytes | Refused:
    """Return the body, unpacked, while there is room for what it has become; `full` is said where there is none."""
    arriving = Arriving(receive, place)
    # A length that was said is reserved already, and the server holds the sender to it.
    body = await read_to_end(scope, receive if place.octets else arriving, limit)
    if not isinstance(body, Unread):
        body = unpack(body, headers.get(b"content-encoding"), limit)
    if arriving.is_refused:
        return full
    if isinstance(body, Unread):
        return Refused(body.status, f"{body.reason[:1].upper()}{body.reason[1:]}.")
    return body if place.grow_to(len(body)) else full


def declared(headers: Headers) -> int:
    """Return the length that a body says it has, 0 when it says none."""
    length = headers.get(b"content-length", b"")
    return int(length[:_LENGTH_DIGITS]) if length.isdigit() else 0


async def refuse(send: Send, refused: Refused) -> None:
    """Answer a request that is not taken."""
    body = msgspec.json.encode({"status": "fail", "error": refused.why, "code": refused.status})
    await answer(send, refused.status, body, kind=JSON, headers=_headers(refused))


def _headers(refused: Refused) -> tuple[tuple[bytes, bytes], ...]:
    if refused.status in COME_AGAIN:
        return ((b"retry-after", b"%d" % refused.retry_after_s),)
    return _HEADERS.get(refused.status, ())
