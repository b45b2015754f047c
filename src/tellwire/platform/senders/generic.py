"""Sends through any provider that takes HTTP (CleverTap contract 1: "Other (Generic)")."""

import base64
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import assert_never

import msgspec

from tellwire.kernel.clock import Clock
from tellwire.kernel.failure import Deferred, Outcome, Refused
from tellwire.kernel.http.client import REQUEST_LIMIT, HttpAnswer, HttpClient, HttpRequest, NotSent, Unknown
from tellwire.kernel.provider.answer import BY_STATUS, read_answer
from tellwire.kernel.secrets import SealBroken, Vault, is_sealed
from tellwire.kernel.verdict import not_sent, unknown
from tellwire.platform.model.message import Message, MessageId
from tellwire.platform.model.provider import (
    BasicAuthentication,
    NoAuthentication,
    OAuth2,
    Provider,
    ProviderId,
)
from tellwire.platform.ports.sender import TAKEN_BACK, StillWanted, all_wanted
from tellwire.platform.senders.masking import MaskedRequest, masked, masked_answer
from tellwire.platform.senders.oauth import TokenSource
from tellwire.platform.senders.provider_words import kept_answer, worded
from tellwire.platform.senders.template import (
    BadTemplate,
    Headers,
    ProviderTemplate,
    alike,
    compile_template,
    fill,
)

TIMEOUT_S = 15.0  # contract 1.6
_COMPILED_LIMIT = 256
_ANSWER_SHOWN = 4096  # characters of an answer that a page shows


class ShownAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A provider's answer, fit for a page; `body` is cut at 4 KiB."""

    status: int
    body: str


class Rehearsal(msgspec.Struct, frozen=True, kw_only=True):
    """What a test send did. `request` is None when none could be made; `answer` is None when none came."""

    outcome: Outcome
    request: MaskedRequest | None = None
    answer: ShownAnswer | None = None
    elapsed_ms: int = 0


class Compiled(msgspec.Struct, frozen=True):
    """One state of a provider, ready to make requests of; `authorization` is empty where it is none or a token."""

    provider: Provider
    template: ProviderTemplate
    authorization: str

    def __repr__(self) -> str:
        """Leave out the credentials."""
        return f"Compiled({self.provider.id})"


class GenericSender:
    """Hands messages to whatever a `Provider` describes. Of each provider the last state that was used is kept."""

    def __init__(self, http: HttpClient, vault: Vault, clock: Clock) -> None:
        self._http = http
        self._vault = vault
        self._clock = clock
        self._tokens = TokenSource(http, clock)
        self._compiled: OrderedDict[ProviderId, Compiled] = OrderedDict()

    async def send(
        self, provider: Provider, messages: Sequence[Message], still_wanted: StillWanted = all_wanted
    ) -> list[Outcome]:
        """Hand these over in one request; what becomes of the request becomes of each of them.

        A batch whose messages differ outside the record goes in several, one that makes too long a request in two.
        """
        if len(messages) > 1 and len(groups := self._alike(provider, messages)) > 1:
            return await self._send_each(provider, messages, groups, still_wanted)
        request = await self._request(provider, messages)
        if not isinstance(request, HttpRequest):
            return [request] * len(messages)
        if len(request.body) > REQUEST_LIMIT and len(messages) > 1:
            middle = len(messages) // 2
            halves = (messages[:middle], messages[middle:])
            return await self._send_each(provider, messages, halves, still_wanted)
        wanted = await still_wanted(messages)
        if len(wanted) < len(messages):
            return await self._send_each(provider, messages, [wanted] if wanted else [], still_wanted)
        outcome, _ = await self._exchange(provider, request, messages)
        return [outcome] * len(messages)

    async def _send_each(
        self,
        provider: Provider,
        messages: Sequence[Message],
        groups: Sequence[Sequence[Message]],
        still_wanted: StillWanted,
    ) -> list[Outcome]:
        """Hand each group over in a request of its own, and return the outcomes in the order of `messages`.

        One after the other: all of them have the one place among the provider's requests that this batch was given.
        What is in no group was taken back.
        """
        outcomes: dict[MessageId, Outcome] = {}
        for group in groups:
            answered = await self.send(provider, group, still_wanted)
            outcomes |= {message.id: outcome for message, outcome in zip(group, answered, strict=True)}
        return [outcomes.get(message.id, TAKEN_BACK) for message in messages]

    def _alike(self, provider: Provider, messages: Sequence[Message]) -> Sequence[Sequence[Message]]:
        """Return the messages by request; a provider that can make none says so when the request is made."""
        try:
            return alike(self._ready(provider).template, messages)
        except (BadTemplate, SealBroken):
            return [messages]

    async def rehearse(self, provider: Provider, message: Message) -> Rehearsal:
        """Send one message and tell all about it, with credentials masked."""
        started = time.perf_counter()
        request = await self._request(provider, [message])
        if not isinstance(request, HttpRequest):
            return Rehearsal(outcome=request)
        outcome, answer = await self._exchange(provider, request, [message])
        return Rehearsal(
            outcome=outcome,
            request=masked(request),
            answer=_shown(answer, request) if answer is not None else None,
            elapsed_ms=round((time.perf_counter() - started) * 1000),
        )

    async def _request(self, provider: Provider, messages: Sequence[Message]) -> HttpRequest | Outcome:
        """Make the request, or say why none can be made."""
        try:
            compiled = self._ready(provider)
            authorization: str | Deferred = compiled.authorization
            if isinstance(provider.authentication, OAuth2):
                authorization = await self._token(provider, provider.authentication)
            if isinstance(authorization, Deferred):
                return authorization
            return fill(compiled.template, messages, authorization)
        except BadTemplate as problem:
            return Refused(str(problem), "template")
        except SealBroken:
            return Deferred("the stored credentials cannot be opened: enter them again", "sealed")

    async def _exchange(
        self, provider: Provider, request: HttpRequest, messages: Sequence[Message]
    ) -> tuple[Outcome, HttpAnswer | None]:
        try:
            answer = await self._http.send(request, timeout_s=TIMEOUT_S)
        except NotSent as trouble:
            return not_sent(trouble.reason, is_final=trouble.is_final), None
        except Unknown as trouble:
            return unknown(trouble.reason), None
        outcome = read_answer(BY_STATUS, answer, self._clock.now())  # contract 1.6: the status alone
        if answer.status == 401 and isinstance(provider.authentication, OAuth2):
            self._tokens.forget(_version(provider), dict(request.headers).get("Authorization", ""))
            outcome = Deferred("the provider answered 401", "401")  # soon again, with a new token
        return worded(outcome, kept_answer(answer.body, request, messages)), answer

    def _ready(self, provider: Provider) -> Compiled:
        """Return the provider compiled, anew if it has changed. Raises `BadTemplate` and `SealBroken`."""
        compiled = self._compiled.get(provider.id)
        if compiled is None or compiled.provider != provider:
            compiled = self._compiled[provider.id] = self._compile(provider)
            if len(self._compiled) > _COMPILED_LIMIT:
                self._compiled.popitem(last=False)
        return compiled

    def _compile(self, provider: Provider) -> Compiled:
        if is_sealed(provider.endpoint):
            raise SealBroken("the provider was sealed with another key")
        template = compile_template(provider, self.headers_of(provider))
        return Compiled(provider, template, self._fixed_authorization(provider))

    def headers_of(self, provider: Provider) -> Headers:
        """Return the provider's headers with their values opened. Raises `SealBroken`."""
        return tuple((pair.name, self._vault.open(pair.value)) for pair in provider.headers)

    def _fixed_authorization(self, provider: Provider) -> str:
        match provider.authentication:
            case BasicAuthentication(username=username, password=password):
                joined = f"{username}:{self._vault.open(password)}".encode()
                return f"Basic {base64.b64encode(joined).decode()}"
            case NoAuthentication() | OAuth2():
                return ""
            case _ as never:
                assert_never(never)

    async def _token(self, provider: Provider, credentials: OAuth2) -> str | Deferred:
        token = await self._tokens.token(
            _version(provider), credentials, lambda: self._vault.open(credentials.client_secret)
        )
        return f"Bearer {token}" if isinstance(token, str) else token


def _version(provider: Provider) -> str:
    """Name this very state of a provider: a changed one fetches a new token."""
    return f"{provider.id}@{provider.updated_at.isoformat()}"


def _shown(answer: HttpAnswer, request: HttpRequest) -> ShownAnswer:
    body = masked_answer(answer.body.decode(errors="replace"), request)
    return ShownAnswer(status=answer.status, body=body[:_ANSWER_SHOWN])
