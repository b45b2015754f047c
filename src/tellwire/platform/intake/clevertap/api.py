"""`POST /1/upload`: asks who it is, reads the body within bounds, appends, and only then answers.

A shell in raw ASGI, for this is the hottest route there is. What a body means is `admission`'s to say.
Answers are JSON whatever happens: clients parse them without looking at the status (CleverTap contract 5.4).
"""

import hmac
import random
import secrets
from collections import Counter
from collections.abc import Sequence
from typing import Final, TypeAlias

import msgspec

from tellwire.kernel.clock import Clock
from tellwire.kernel.metrics import metrics
from tellwire.kernel.telemetry import log
from tellwire.kernel.tries import Tries
from tellwire.kernel.web.asgi import Receive, Scope, Send, Unread, answer, peer, query, read_to_end
from tellwire.kernel.web.dispatch import Route, route
from tellwire.platform.intake.clevertap.admission import Admitted, admit
from tellwire.platform.intake.clevertap.record import Rules
from tellwire.platform.intake.clevertap.records import Malformed, records_of
from tellwire.platform.intake.clevertap.refused import traces_of
from tellwire.platform.intake.clevertap.room import BODIES_LIMIT, Arriving, Place, Room
from tellwire.platform.intake.clevertap.unpack import unpack
from tellwire.platform.ports.errors import StoreError
from tellwire.platform.ports.event_types import EventTypes
from tellwire.platform.ports.refusals import Refusals
from tellwire.platform.ports.stream import Stream

# A thousand records of 5 KB.
BODY_LIMIT: Final = 5 * 1024 * 1024
# CleverTap allows 15 at a time (contract 4.1); we have room for more, and some clients send one event a request.
CONCURRENCY: Final = 2048
RETRY_AFTER_S: Final = 1

_JSON: Final = b"application/json;charset=utf-8"  # as recorded
_PATHS: Final = ("/1/upload", "/1/upload/", "/1/upload.json")
_EVERY_METHOD: Final = "GET POST PUT PATCH DELETE"
_CLOSE: Final = ((b"connection", b"close"),)
_HEADERS: Final = {408: _CLOSE, 405: ((b"allow", b"POST"),)}
# They may come again, and are not logged: a line for each would add to the load; 503 has one of its own.
_COME_AGAIN: Final = frozenset({429, 503})
_LENGTH_DIGITS: Final = 18  # more than any limit, less than any surprise


Headers: TypeAlias = dict[bytes, bytes]


class Refused(msgspec.Struct, frozen=True):
    """An upload that is not taken as a whole: the status to answer, a sentence saying why, when to come again."""

    status: int
    why: str
    retry_after_s: int = RETRY_AFTER_S


_FULL: Final = Refused(429, "Too many uploads at once: wait for some to be answered.")


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


class UploadApi:
    """Takes uploads for one account. An answer of success means that the events survive a loss of power."""

    def __init__(
        self,
        stream: Stream,
        event_types: EventTypes,
        clock: Clock,
        access: Access,
        *,
        rules: Rules | None = None,
        concurrency: int = CONCURRENCY,
        body_limit: int = BODY_LIMIT,
        bodies_limit: int = BODIES_LIMIT,
        refusals: Refusals | None = None,
    ) -> None:
        self._stream = stream
        self._event_types = event_types
        self._clock = clock
        self._access = access
        self._refusals = refusals
        self._tries = Tries(lambda: clock.now().timestamp())
        self._rules = rules or Rules()
        self._lenient_rules = msgspec.structs.replace(self._rules, is_lenient=True)
        self._body_limit = body_limit
        self._room = Room(concurrency, bodies_limit)
        self._count_received = metrics.counter("tellwire_events_received_total", wire="clevertap")
        self._count_rejected = metrics.counter(
            "tellwire_events_refused_total", wire="clevertap", reason="record"
        )
        # Asking the system each time would hand the interpreter lock to the store's thread.
        self._entropy = random.Random(secrets.randbits(128)).getrandbits  # noqa: S311 - ids are no secrets

    def routes(self) -> list[Route]:
        """Return the addresses clients use; every method, so that a wrong one is answered in JSON too."""
        uploads = [route(_EVERY_METHOD, path, self.upload) for path in _PATHS]
        return [*uploads, route(_EVERY_METHOD, "/1/*", self.unknown)]

    async def unknown(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer an address of CleverTap's that is not ours; to strangers not even that."""
        refused = self._unknown_caller(scope, dict(scope["headers"]))
        await _refuse(send, refused or Refused(404, "There is nothing at this address."))

    async def upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        headers: Headers = dict(scope["headers"])
        outcome = self._stranger(scope, headers) or await self._take(scope, headers, receive)
        if isinstance(outcome, Refused):
            metrics.count("tellwire_events_refused_total", wire="clevertap", reason=str(outcome.status))
            if outcome.status not in _COME_AGAIN:
                log("event.refused", "warning", wire="clevertap", status=outcome.status, reason=outcome.why)
            await _refuse(send, outcome)
        else:
            await answer(send, 200, outcome.answer, kind=_JSON)

    def _stranger(self, scope: Scope, headers: Headers) -> Refused | None:
        if scope["method"] != "POST":
            return Refused(405, "Uploads are sent with POST.")
        return self._unknown_caller(scope, headers)

    def _unknown_caller(self, scope: Scope, headers: Headers) -> Refused | None:
        judged = self._tries.judge(peer(scope), is_right=self._access.admits(headers))
        if judged.wait_s:
            return Refused(429, "Too many wrong passcodes from this address: wait a minute.", judged.wait_s)
        # As recorded, whichever of the two was wrong.
        return None if judged.opens else Refused(401, "Account ID is not valid")

    async def _take(self, scope: Scope, headers: Headers, receive: Receive) -> Admitted | Refused:
        octets = _declared(headers)
        if octets > self._body_limit:
            return Refused(
                413, f"The body is longer than {self._body_limit} bytes: send fewer records at once."
            )
        place = self._room.enter(octets)
        if place is None:
            return _FULL
        try:
            body = await self._read(scope, headers, receive, place)
            return body if isinstance(body, Refused) else await self._take_whole(scope, headers, body)
        finally:
            place.leave()

    async def _read(self, scope: Scope, headers: Headers, receive: Receive, place: Place) -> bytes | Refused:
        """Return the body, unpacked, while there is room for what it has become."""
        arriving = Arriving(receive, place)
        # A length that was said is reserved already, and the server holds the sender to it.
        body = await read_to_end(scope, receive if place.octets else arriving, self._body_limit)
        if not isinstance(body, Unread):
            body = unpack(body, headers.get(b"content-encoding"), self._body_limit)
        if arriving.is_refused:
            return _FULL
        if isinstance(body, Unread):
            return Refused(body.status, f"{body.reason[:1].upper()}{body.reason[1:]}.")
        return body if place.grow_to(len(body)) else _FULL

    async def _take_whole(self, scope: Scope, headers: Headers, body: bytes) -> Admitted | Refused:
        records = records_of(body)
        if isinstance(records, Malformed):
            return Refused(400, records.why)
        rules = self._lenient_rules if self._access.is_lenient(headers) else self._rules
        admitted = self._admit(records, rules)
        is_dry = bool(scope["query_string"]) and query(scope).get("dryRun", "").lower() in {"1", "true"}
        return admitted if is_dry else await self._store(records, admitted, rules)

    def _admit(self, records: list[msgspec.Raw], rules: Rules) -> Admitted:
        known = self._event_types.known
        return admit(records, now=self._clock.now(), entropy=self._entropy(64), rules=rules, known=known)

    async def _store(
        self, records: list[msgspec.Raw], admitted: Admitted, rules: Rules
    ) -> Admitted | Refused:
        try:
            # No time-out of our own: a timer a request costs more than the rest of this file, the store bounds
            # its waits itself, and how many uploads wait for it is bounded above.
            while admitted.new_types and not await self._claim(admitted.new_types):
                admitted = self._admit(records, rules)  # others took the room meanwhile
            await self._stream.append(admitted.entries)
        except StoreError as error:
            log("event.refused", "error", error=error, wire="clevertap", count=len(admitted.entries))
            return Refused(503, "The events could not be stored: send them again.")
        self._count_received(admitted.records - admitted.rejected)
        if admitted.rejected:
            self._count_rejected(admitted.rejected)
            await self._trace(admitted)
        return admitted

    async def _trace(self, admitted: Admitted) -> None:
        """Leave a trace of the records that were refused: who sent them may not have looked at the answer."""
        codes = Counter(one.code for one in admitted.refused)
        for code, count in codes.items():
            metrics.count("tellwire_records_refused_total", count, code=str(code))
        words = " ".join(str(code) for code in sorted(codes))
        log("event.refused", "warning", wire="clevertap", count=admitted.rejected, code=words)
        if self._refusals is None:
            return
        try:
            await self._refusals.note_records(traces_of(admitted.refused, self._clock.now()))
        except StoreError as error:  # what was taken is durable, and is answered so
            log("event.refused", "error", error=error, wire="clevertap", count=admitted.rejected)

    async def _claim(self, names: Sequence[str]) -> bool:
        return await self._event_types.claim(names, self._rules.event_types)


def _declared(headers: Headers) -> int:
    """Return the length that a body says it has, 0 when it says none."""
    length = headers.get(b"content-length", b"")
    return int(length[:_LENGTH_DIGITS]) if length.isdigit() else 0


async def _refuse(send: Send, refused: Refused) -> None:
    body = msgspec.json.encode({"status": "fail", "error": refused.why, "code": refused.status})
    await answer(send, refused.status, body, kind=_JSON, headers=_headers(refused))


def _headers(refused: Refused) -> tuple[tuple[bytes, bytes], ...]:
    if refused.status in _COME_AGAIN:
        return ((b"retry-after", b"%d" % refused.retry_after_s),)
    return _HEADERS.get(refused.status, ())
