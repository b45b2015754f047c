"""`POST /callbacks/sms/{callback_key}`: where providers tell what became of messages.

The unguessable key is the secret: it names the provider, and nobody else can know it (CleverTap contract 2).
What a provider says counts for the messages that it had; of others' it is refused, in the log and as unknown,
with the same answer, which tells nobody which ids there are.
Answers are CleverTap's (contract 2.3) whatever wire the body speaks; 8x8 only looks at the status.
"""

import hmac
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from tellwire.kernel.clock import Clock
from tellwire.kernel.metrics import metrics
from tellwire.kernel.provider.receipt import Unreadable
from tellwire.kernel.telemetry import log
from tellwire.kernel.web.asgi import Receive, Scope, Send, Unread, answer, header, read_body
from tellwire.kernel.web.dispatch import Route, route
from tellwire.platform.model.event import Event, ProfileChange
from tellwire.platform.model.inbound import Taken
from tellwire.platform.model.message import MessageContext, MessageId
from tellwire.platform.model.provider import Provider
from tellwire.platform.ports.catalog import Catalog
from tellwire.platform.ports.errors import StoreError
from tellwire.platform.ports.inbox import Inbox
from tellwire.platform.ports.messages import Messages
from tellwire.platform.ports.refusals import Refusals
from tellwire.platform.ports.stream import Stream
from tellwire.platform.receipts.callback import Callback, read_callback
from tellwire.platform.receipts.reconcile import Reconciled, own, reconcile
from tellwire.platform.receipts.refused import RefusedCallbacks
from tellwire.platform.receipts.replies import Hearing, arrivals_of, numbers_in
from tellwire.platform.receipts.words import Reply

BODY_LIMIT: Final = 2 * 1024 * 1024  # ten thousand items of 200 bytes
CONCURRENCY: Final = 256  # a provider that floods is put off; it sends again (contract 2.3)
KEY_LIMIT: Final = 256

_JSON: Final = b"application/json"
_HEADERS: Final = {503: ((b"retry-after", b"600"),), 405: ((b"allow", b"POST"),)}
_EVERY_METHOD: Final = "GET POST PUT PATCH DELETE"


class Answered(msgspec.Struct, frozen=True):
    """A status and what goes with it."""

    status: int
    body: bytes
    kind: bytes = _JSON


class CallbackApi:
    """Takes callbacks of every provider. An answer of success means that what it said is durable."""

    def __init__(
        self,
        stream: Stream,
        messages: Messages,
        inbox: Inbox,
        catalog: Catalog,
        clock: Clock,
        *,
        body_limit: int = BODY_LIMIT,
        concurrency: int = CONCURRENCY,
        refusals: Refusals | None = None,
    ) -> None:
        self._stream = stream
        self._messages = messages
        self._inbox = inbox
        self._catalog = catalog
        self._clock = clock
        self._body_limit = body_limit
        self._free = concurrency
        self._refused = RefusedCallbacks(refusals, clock)

    def routes(self) -> list[Route]:
        """Return the address, for every method: a wrong one is answered in JSON too."""
        return [
            route(_EVERY_METHOD, "/callbacks/sms/{callback_key}", self.callback),
            route(_EVERY_METHOD, "/callbacks/*", _unknown),
        ]

    async def callback(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        answered = await self._answer(scope, receive)
        headers = _HEADERS.get(answered.status, ())
        await answer(send, answered.status, answered.body, kind=answered.kind, headers=headers)

    async def _answer(self, scope: Scope, receive: Receive) -> Answered:
        if scope["method"] != "POST":
            return _error(405, "Callbacks are sent with POST.")
        provider = await self._provider(scope["path_params"]["callback_key"])
        if provider is None:
            self._refused.note_stranger()
            return _error(404, "There is no such callback address.")
        if self._free < 1:
            self._refused.count(provider, "busy")
            return _error(503, "Too many callbacks at once: send it again later.")
        self._free -= 1
        try:
            return await self._take(provider, scope, receive)
        finally:
            self._free += 1

    async def _provider(self, key: str) -> Provider | None:
        """Return whose address it is. All keys are compared, in a time that does not tell how much was right."""
        presented = key[:KEY_LIMIT].encode("utf-8", "replace")
        snapshot = await self._catalog.snapshot()
        owners = [
            provider
            for provider in snapshot.providers.values()
            if hmac.compare_digest(provider.callback_key.encode(), presented)
        ]
        return owners[0] if owners else None

    async def _take(self, provider: Provider, scope: Scope, receive: Receive) -> Answered:
        body = await read_body(scope, receive, self._body_limit)
        if isinstance(body, Unread):
            why = f"{body.reason[:1].upper()}{body.reason[1:]}."
            await self._refused.note(provider, "unread", why, status=body.status)
            return _error(body.status, body.reason)
        kind = (header(scope, b"content-type") or b"")[:KEY_LIMIT].decode("latin-1")
        callback = read_callback(body, self._clock.now(), kind)
        if isinstance(callback, Unreadable):
            await self._refused.note(provider, "unreadable", callback.why, status=400)
            return _error(400, callback.why)
        try:
            reconciled, taken = await self._keep(provider, callback)
        except StoreError as error:
            self._refused.count(provider, "store")
            log("receipt.refused", "error", provider=provider.nickname, error=error)
            return _error(503, "What was told could not be stored: send it again later.")
        _count(provider, callback, reconciled)
        await self._note(provider, callback, reconciled)
        _tell(provider, taken)
        return self._taken(callback)

    async def _note(self, provider: Provider, callback: Callback, reconciled: Reconciled) -> None:
        """Leave a trace of what the callback said in vain."""
        if callback.missing_fields:
            lacking = ", ".join(callback.missing_fields)
            why = f"{callback.incomplete} of {callback.items} items lack: {lacking}."
            await self._refused.note(provider, "missing_fields", why, status=400, items=callback.incomplete)
        await self._refused.note_unknown(provider, reconciled.unknown, callback.items)

    async def _keep(self, provider: Provider, callback: Callback) -> tuple[Reconciled, list[Taken]]:
        now = self._clock.now()
        ids = dict.fromkeys(MessageId(word.message_id) for word in callback.words)
        known = await self._messages.contexts(list(ids)) if ids else {}
        contexts = own(known, provider.id)
        if refused := len(known) - len(contexts):
            reason = "told of messages that this provider never had"
            log("receipt.refused", "warning", provider=provider.nickname, count=refused, reason=reason)
        reconciled = reconcile(callback.words, contexts, now)
        taken = await self._hear(provider, callback, contexts, now)
        # Events before receipts. If we die in between, the provider calls back again: the receipt still moves its
        # message, so the same events are made, and the stream keeps them once. The other way they would be lost.
        if events := (*reconciled.events, *_events(taken)):
            await self._stream.append(events)
        if reconciled.receipts:
            await self._messages.apply(reconciled.receipts)
        return reconciled, taken

    async def _hear(
        self,
        provider: Provider,
        callback: Callback,
        contexts: Mapping[MessageId, MessageContext],
        now: datetime,
    ) -> list[Taken]:
        """Take in what people wrote. Before the events: no campaign may hear a stop that does not hold yet."""
        numbers = numbers_in(callback.words, callback.texts, contexts)
        if not numbers and not any(isinstance(word, Reply) for word in callback.words):
            return []
        holders = await self._messages.holders(numbers) if numbers else {}
        rules = (await self._catalog.snapshot()).account.replies
        hearing = Hearing(provider, rules, now)
        arrivals = arrivals_of(callback.words, callback.texts, contexts, holders, hearing)
        return await self._inbox.take(arrivals, now) if arrivals else []

    def _taken(self, callback: Callback) -> Answered:
        timestamp = int(self._clock.now().timestamp())
        if callback.missing_fields:
            return _missing(callback.missing_fields, timestamp)
        if callback.is_form:
            return _NOTHING_TO_SAY
        processed = len(callback.words) + len(callback.texts) + callback.foreign
        return _answered(
            200,
            {
                "status": "success",
                "message": "Callback processed successfully",
                "data": {"processed_events": processed, "timestamp": timestamp},
            },
        )


def _count(provider: Provider, callback: Callback, reconciled: Reconciled) -> None:
    counts = Counter[str](receipt.standing.status for receipt in reconciled.receipts)
    counts["unknown"] = reconciled.unknown + callback.foreign
    for status, number in counts.items():
        if number:
            metrics.count("tellwire_receipts_total", number, provider=provider.nickname, status=status)
    # What became of one message stands in its timeline; a line a receipt would cost more than the receipt.
    log("receipt.applied", "debug", provider=provider.nickname, receipts=len(reconciled.receipts))


def _events(taken: Sequence[Taken]) -> Iterator[Event | ProfileChange]:
    """Yield what the stream keeps of these texts; of one that came before it keeps nothing new."""
    for one in taken:
        if one.inbound.newcomer is not None:
            yield one.inbound.newcomer
        event = one.inbound.event
        yield event if one.is_heard else msgspec.structs.replace(event, may_trigger=False)


def _tell(provider: Provider, taken: Sequence[Taken]) -> None:
    """Say how many texts came, and what they asked for: never by whom, nor the words."""
    if not taken:
        return
    new = [one for one in taken if one.is_new]
    keywords = Counter(one.inbound.keyword for one in new)
    for keyword, count in keywords.items():
        metrics.count(
            "tellwire_texts_received_total", count, provider=provider.nickname, keyword=keyword or ""
        )
    strangers = sum(one.inbound.newcomer is not None for one in new)
    reason = f"{keywords['stop']} to stop, {keywords['start']} to start, {strangers} of nobody known"
    log("message.received", provider=provider.nickname, count=len(new), reason=reason)


def _missing(fields: tuple[str, ...], timestamp: int) -> Answered:
    return _answered(
        400,
        {
            "status": "error",
            "message": "Bad request. Some mandatory parameter was missing.",
            "error_code": 400,
            "details": {"missing_fields": fields, "timestamp": timestamp},
        },
    )


# What Twilio and Plivo take for "answer nothing": they tell an error of JSON.
_NOTHING_TO_SAY: Final = Answered(200, b"<Response/>", b"text/xml")


async def _unknown(_scope: Scope, _receive: Receive, send: Send) -> None:
    await answer(send, 404, _error(404, "There is no such callback address.").body, kind=_JSON)


def _error(status: int, message: str) -> Answered:
    return _answered(status, {"status": "error", "message": message, "error_code": status})


def _answered(status: int, content: object) -> Answered:
    return Answered(status, msgspec.json.encode(content))
