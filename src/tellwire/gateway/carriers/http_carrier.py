"""A carrier that is an HTTP provider, described as data: how to ask it, how to read its answer and its receipts.

`HttpCarrier` is the shell and does what `carriers.Carrier` promises; what a request and an answer are is pure and
below it. One message is one request, whatever its parts.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, quote, urlencode

import msgspec

from tellwire.gateway.carriers.carriers import Results
from tellwire.gateway.carriers.http_outcome import at, outcome_of, read_json, refusals_to_hold
from tellwire.gateway.model.message import Claimed
from tellwire.kernel.failure import Deferred, Outcome, Unresolved
from tellwire.kernel.http.client import HttpAnswer, HttpClient, HttpRequest, NotSent, Unknown
from tellwire.kernel.status import MessageStatus, Standing, StatusDetail
from tellwire.kernel.telemetry import log

# A provider that cannot be reached is asked again after this; its messages wait in their lane meanwhile.
DOWN_S: Final = 2.0
# One that refuses our key takes nothing until a person has mended it: asked more often, it might lock us out.
REFUSED_S: Final = 30.0
TIMEOUT_S: Final = 15.0

Word = Literal["sent", "delivered_to_operator", "delivered", "undelivered", "rejected", "expired"]


class ReceiptForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the provider's receipts are read: dotted paths to the message id and the status, and what its words mean.

    They are posted to `/carriers/<name>/receipts/<token>`; `token` is the secret that proves them.
    """

    token: str
    id: str
    status: str
    words: dict[str, Word]
    error: str | None = None


class HttpCarrierConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One HTTP provider.

    `{to}`, `{digits}`, `{from}`, `{text}`, `{id}` and `{encoding}` are filled in wherever they stand in `url`
    (escaped for a URL), in the values of `headers` and in every text of `body`, which is any JSON value; as `form` or
    `query` it is an object of texts. An answer of 2xx accepts if `accepted_if` (dotted path -> value) holds too and it
    has the provider's id at `answer_id`; "" says that the provider gives none. `most` requests are under way together.
    """

    url: str
    method: Literal["POST", "GET"] = "POST"
    headers: dict[str, str] = {}
    form: Literal["json", "form", "query"] = "json"
    body: Any = None
    accepted_if: dict[str, str] = {}
    answer_id: str = "id"
    receipts: ReceiptForm | None = None
    most: int = 32

    def __repr__(self) -> str:
        """Name the place; headers hold credentials."""
        return f"HttpCarrierConfig({self.url.partition('?')[0]})"


class HttpCarrier:
    """One HTTP provider as a carrier.

        up --not reached, or our key is refused--> held --after a while--> one message asks --any other answer--> up

    `reason` says why it was held last.
    """

    def __init__(self, name: str, config: HttpCarrierConfig, http: HttpClient) -> None:
        self.name = name
        self.window = config.most
        self.config = config
        self.on_results: Callable[[Results], None] = lambda _: None
        self.on_free: Callable[[], None] = lambda: None
        self._http = http
        self._sending: set[asyncio.Task[None]] = set()
        self.reason = ""
        self._is_up = True
        self._most = config.most
        self._refusals = 0
        self._held: asyncio.TimerHandle | None = None
        self._is_draining = False

    @property
    def is_up(self) -> bool:
        """Whether requests are to be made, the provider was reached at the last, and it takes our key."""
        return self._is_up and not self._is_draining

    @property
    def is_wanted(self) -> bool:
        """Whether requests are to be made."""
        return not self._is_draining

    @property
    def free(self) -> int:
        """How many more messages may be under way now."""
        return 0 if self._is_draining else max(0, self._most - len(self._sending))

    @property
    def under_way(self) -> int:
        """How many requests wait for their answer."""
        return len(self._sending)

    def prepare(self, claimed: Claimed) -> Sequence[HttpRequest]:
        """Return the one request of a message."""
        return [request_of(self.config, claimed)]

    def submit(self, token: object, prepared: HttpRequest) -> None:
        """Send one request."""
        task = asyncio.get_running_loop().create_task(self._send(token, prepared))
        self._sending.add(task)
        task.add_done_callback(self._sent)

    async def run(self) -> None:
        """Nothing to keep up: connections belong to the HTTP client."""
        await asyncio.Event().wait()

    async def drain(self, deadline_s: float) -> None:
        """Wait for what is under way, at most `deadline_s`."""
        self._is_draining = True
        self._stop_timer()
        if self._sending:
            await asyncio.wait(self._sending, timeout=deadline_s)

    def connect(self) -> None:
        """Make requests again, and ask at once whether the provider takes them."""
        self._is_draining = False
        if self._is_up:
            self.on_free()
        else:
            self._try_again()

    async def _send(self, token: object, request: HttpRequest) -> None:
        try:
            answer = await self._http.send(request, timeout_s=TIMEOUT_S)
        except NotSent as failed:
            self._hold(failed.reason, DOWN_S)
            outcome: Outcome = Deferred(failed.reason)
        except Unknown as lost:
            self._come_up()
            outcome = Unresolved(lost.reason)
        else:
            outcome = self._take(answer)
        self.on_results([(token, outcome)])

    def _take(self, answer: HttpAnswer) -> Outcome:
        """Return what an answer means for its message, and see what it means for the carrier."""
        outcome = outcome_of(answer, self.config.accepted_if, self.config.answer_id)
        patience = refusals_to_hold(answer.status)
        if patience is None or not isinstance(outcome, Deferred):
            self._refusals = 0
            self._come_up()
            return outcome
        self._refusals += 1
        if self._refusals < patience:
            return outcome
        self._hold(outcome.reason, REFUSED_S)
        # No word on this message, so nothing is counted against it; another one asks the next time.
        return Deferred(outcome.reason, retry_after_s=REFUSED_S)

    def _sent(self, task: asyncio.Task[None]) -> None:
        self._sending.discard(task)
        self.on_free()

    def _hold(self, reason: str, seconds: float) -> None:
        if self._is_up:
            log("bind.down", "warning", carrier=self.name, reason=reason)
        self.reason = reason
        self._is_up = False
        self._most = 0
        if self._held is None:
            self._held = asyncio.get_running_loop().call_later(seconds, self._try_again)

    def _try_again(self) -> None:
        """Let one message ask; without one that waits, the next to come will."""
        self._stop_timer()
        self._most = 1
        self.on_free()
        if not self._sending:
            self._is_up = True

    def _come_up(self) -> None:
        if not self._is_up:
            log("bind.up", carrier=self.name)
        self._stop_timer()
        self._is_up = True
        self._most = self.config.most

    def _stop_timer(self) -> None:
        if self._held is not None:
            self._held.cancel()
            self._held = None


def request_of(config: HttpCarrierConfig, claimed: Claimed) -> HttpRequest:
    """Return the request that hands one message over."""
    values = {
        "to": f"+{claimed.destination}",
        "digits": claimed.destination,
        "from": claimed.source,
        "text": claimed.body,
        "id": claimed.umid,
        "encoding": claimed.encoding.value,
    }
    filled = _filled(config.body, values)
    url = _fill(config.url, {name: quote(value, safe="") for name, value in values.items()})
    headers = tuple((name, _fill(value, values)) for name, value in config.headers.items())
    if config.form == "query":
        joint = "&" if "?" in url else "?"
        return HttpRequest(
            method=config.method, url=f"{url}{joint}{urlencode(filled or {})}", headers=headers
        )
    kind, body = "application/json", msgspec.json.encode(filled)
    if config.form == "form":
        kind, body = "application/x-www-form-urlencoded", urlencode(filled or {}).encode()
    return HttpRequest(method=config.method, url=url, headers=(("Content-Type", kind), *headers), body=body)


class ReadReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """A provider's receipt: its id of the message, and where that stands."""

    reference: str
    standing: Standing
    error: str = ""


_STANDINGS: Final[Mapping[Word, Standing]] = {
    "sent": Standing(MessageStatus.SENT),
    "delivered_to_operator": Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_OPERATOR),
    "delivered": Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_RECIPIENT),
    "undelivered": Standing(MessageStatus.UNDELIVERED, StatusDetail.UNDELIVERED_TO_RECIPIENT),
    "rejected": Standing(MessageStatus.UNDELIVERED, StatusDetail.REJECTED_BY_OPERATOR),
    "expired": Standing(MessageStatus.EXPIRED),
}


def read_receipts(form: ReceiptForm, body: bytes, query: str) -> list[ReadReceipt] | None:
    """Return the receipts that a provider posted, as JSON (one or an array), a form or a query; None if it is none.

    A word that `form` does not know says nothing and is passed over.
    """
    read = read_json(body) if body.strip() else None
    if read is None:
        fields = dict(parse_qsl(body.decode("utf-8", "replace") or query, max_num_fields=100))
        read = fields or None
    items = read if isinstance(read, list) else [read]
    receipts = [receipt for item in items if (receipt := _receipt(form, item)) is not None]
    return receipts if receipts or any(at(item, form.id) is not None for item in items) else None


def _receipt(form: ReceiptForm, item: Any) -> ReadReceipt | None:
    reference, word = at(item, form.id), form.words.get(str(at(item, form.status)))
    if reference is None or word is None:
        return None
    error = None if form.error is None else at(item, form.error)
    return ReadReceipt(
        reference=str(reference), standing=_STANDINGS[word], error="" if error is None else str(error)
    )


def _filled(value: Any, values: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _fill(value, values)
    if isinstance(value, dict):
        return {name: _filled(item, values) for name, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, values) for item in value]
    return value


def _fill(template: str, values: Mapping[str, str]) -> str:
    """Fill the tokens in one pass, so that a text that holds a token stays what it is."""
    pieces = template.split("{")
    return pieces[0] + "".join(_piece(piece, values) for piece in pieces[1:])


def _piece(piece: str, values: Mapping[str, str]) -> str:
    name, brace, rest = piece.partition("}")
    return values[name] + rest if brace and name in values else "{" + piece
