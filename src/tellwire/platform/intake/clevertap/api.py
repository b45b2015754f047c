"""`POST /1/upload`: asks who it is, reads the body within bounds, appends, and only then answers.

A shell in raw ASGI, for this is the hottest route there is. What a body means is `admission`'s to say.
Answers are JSON whatever happens: clients parse them without looking at the status (CleverTap contract 5.4).
"""

import random
import secrets
from collections import Counter
from collections.abc import Sequence
from typing import Final

import msgspec

from tellwire.kernel.clock import Clock
from tellwire.kernel.metrics import metrics
from tellwire.kernel.telemetry import log
from tellwire.kernel.web.asgi import Receive, Scope, Send, answer, query
from tellwire.kernel.web.dispatch import Route, route
from tellwire.platform.intake.clevertap.admission import Admitted, admit
from tellwire.platform.intake.clevertap.door import (
    COME_AGAIN,
    JSON,
    Access,
    Door,
    Headers,
    Refused,
    declared,
    read_body,
    refuse,
)
from tellwire.platform.intake.clevertap.record import Rules
from tellwire.platform.intake.clevertap.records import Malformed, records_of
from tellwire.platform.intake.clevertap.refused import traces_of
from tellwire.platform.intake.clevertap.room import BODIES_LIMIT, Room
from tellwire.platform.ports.errors import StoreError
from tellwire.platform.ports.event_types import EventTypes
from tellwire.platform.ports.refusals import Refusals
from tellwire.platform.ports.stream import Stream

# A thousand records of 5 KB.
BODY_LIMIT: Final = 5 * 1024 * 1024
# CleverTap allows 15 at a time (contract 4.1); we have room for more, and some clients send one event a request.
CONCURRENCY: Final = 2048

_PATHS: Final = ("/1/upload", "/1/upload/", "/1/upload.json")
_EVERY_METHOD: Final = "GET POST PUT PATCH DELETE"
_FULL: Final = Refused(429, "Too many uploads at once: wait for some to be answered.")


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
        self.door = Door(access, clock)
        self._refusals = refusals
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
        refused = self.door.stranger(scope, dict(scope["headers"]))
        await refuse(send, refused or Refused(404, "There is nothing at this address."))

    async def upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        headers: Headers = dict(scope["headers"])
        outcome = self._stranger(scope, headers) or await self._take(scope, headers, receive)
        if isinstance(outcome, Refused):
            metrics.count("tellwire_events_refused_total", wire="clevertap", reason=str(outcome.status))
            if outcome.status not in COME_AGAIN:
                log("event.refused", "warning", wire="clevertap", status=outcome.status, reason=outcome.why)
            await refuse(send, outcome)
        else:
            await answer(send, 200, outcome.answer, kind=JSON)

    def _stranger(self, scope: Scope, headers: Headers) -> Refused | None:
        if scope["method"] != "POST":
            return Refused(405, "Uploads are sent with POST.")
        return self.door.stranger(scope, headers)

    async def _take(self, scope: Scope, headers: Headers, receive: Receive) -> Admitted | Refused:
        octets = declared(headers)
        if octets > self._body_limit:
            return Refused(
                413, f"The body is longer than {self._body_limit} bytes: send fewer records at once."
            )
        place = self._room.enter(octets)
        if place is None:
            return _FULL
        try:
            body = await read_body(scope, headers, receive, place, self._body_limit, _FULL)
            return body if isinstance(body, Refused) else await self._take_whole(scope, headers, body)
        finally:
            place.leave()

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
