"""Bearer tokens by OAuth 2.0 client credentials (CleverTap contract 1.6; RFC 6749 clause 4.4).

A token is fetched once and shared by all messages of a provider. When fetching fails it is tried again every
120 s, as the contract says; until then every message is deferred, not lost.
"""

import asyncio
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec

from tellwire.kernel.clock import Clock
from tellwire.kernel.failure import Deferred
from tellwire.kernel.http.client import HttpClient, HttpRequest, NotSent, Unknown
from tellwire.platform.model.provider import OAuth2
from tellwire.platform.senders.provider_words import kept_answer, sentence_of, words_of

RETRY_AFTER = timedelta(seconds=120)
_DEFAULT_LIFE_S = 3600.0  # RFC 6749 5.1 leaves a missing expires_in to the documentation, and there is none
_LONGEST_LIFE_S = 30 * 86400.0
_EARLY = timedelta(seconds=30)  # a token is renewed this long before it ends, so that none ends on the way
_PROVIDERS_LIMIT = 1000  # tokens kept; a catalog has far fewer providers


class _Held(msgspec.Struct):
    token: str
    good_until: datetime


class TokenSource:
    """Gives the bearer token of a provider, fetching it when there is none in date."""

    def __init__(self, http: HttpClient, clock: Clock) -> None:
        self._http = http
        self._clock = clock
        self._held: dict[str, _Held] = {}
        self._failed: dict[str, tuple[datetime, Deferred]] = {}
        self._refused_at: dict[str, datetime] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def token(self, key: str, credentials: OAuth2, open_secret: Callable[[], str]) -> str | Deferred:
        """Return the token for `key` (provider and version), or how long to wait when it cannot be had."""
        if (known := self._known(key)) is not None:
            return known
        if len(self._locks) >= _PROVIDERS_LIMIT:
            self.forget_all()
        async with self._locks.setdefault(key, asyncio.Lock()):
            if (known := self._known(key)) is not None:
                return known
            return await self._fetch(key, credentials, open_secret())

    def forget(self, key: str, authorization: str) -> None:
        """Drop the token of a request that the provider refused, unless there is a newer one already.

        A provider that refuses one token after the other is not asked for the next before `RETRY_AFTER`.
        """
        held, now = self._held.get(key), self._clock.now()
        if held is None or authorization != f"Bearer {held.token}":
            return
        del self._held[key]
        if (refused_at := self._refused_at.get(key)) is not None and now - refused_at < RETRY_AFTER:
            self._fail(key, "the provider refuses the tokens of its token endpoint")
        self._refused_at[key] = now

    def forget_all(self) -> None:
        """Drop every token; each is fetched anew when it is next needed."""
        self._held.clear()
        self._failed.clear()
        self._refused_at.clear()
        self._locks = {key: lock for key, lock in self._locks.items() if lock.locked()}

    def _known(self, key: str) -> str | Deferred | None:
        now = self._clock.now()
        if (held := self._held.get(key)) is not None and now < held.good_until:
            return held.token
        if (failed := self._failed.get(key)) is not None and now < failed[0]:
            return msgspec.structs.replace(failed[1], retry_after_s=(failed[0] - now).total_seconds())
        return None

    async def _fetch(self, key: str, credentials: OAuth2, secret: str) -> str | Deferred:
        request = HttpRequest(
            method="POST",
            url=credentials.token_url,
            headers=(("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")),
            body=urlencode(
                {
                    "grant_type": "client_credentials",
                    "client_id": credentials.client_id,
                    "client_secret": secret,
                    **{pair.name: pair.value for pair in credentials.extra},
                }
            ).encode(),
        )
        try:
            answer = await self._http.send(request)
        except (NotSent, Unknown) as trouble:
            return self._fail(key, f"the token endpoint could not be asked: {trouble.reason}")
        if not 200 <= answer.status < 300:
            kept = kept_answer(answer.body, request, ())
            own = sentence_of(words_of(kept))
            return self._fail(
                key, f"the token endpoint answered {answer.status}{f': {own}' if own else ''}", kept
            )
        held = _read(answer.body, self._clock.now())
        if held is None:
            return self._fail(key, "the token endpoint's answer has no access_token")
        self._held[key] = held
        self._failed.pop(key, None)
        return held.token

    def _fail(self, key: str, reason: str, answer: str = "") -> Deferred:
        deferred = Deferred(reason, "oauth", RETRY_AFTER.total_seconds(), answer=answer)
        self._failed[key] = (self._clock.now() + RETRY_AFTER, deferred)
        return deferred


def _read(body: bytes, now: datetime) -> _Held | None:
    """Read a token answer (RFC 6749 5.1); `expires_in` comes as a number or as its text."""
    try:
        members: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    token = members.get("access_token") if isinstance(members, dict) else None
    if not isinstance(token, str) or not token or not token.isprintable():
        return None
    life_s = _life_s(members.get("expires_in"))
    return _Held(token, now + timedelta(seconds=life_s) - min(_EARLY, timedelta(seconds=life_s / 2)))


def _life_s(expires_in: Any) -> float:
    try:
        life_s = float(expires_in or _DEFAULT_LIFE_S)
    except (TypeError, ValueError, OverflowError):
        return _DEFAULT_LIFE_S
    return min(max(life_s, 0.0), _LONGEST_LIFE_S) if math.isfinite(life_s) else _DEFAULT_LIFE_S
