"""The headers that a webhook's posts carry: its fixed Authorization or an OAuth 2 token, and our signature.

8x8 contract 3.1 and 3.6. The signature is ours, as 8x8 publishes none: `X-Tellwire-Signature: t=<seconds>,v1=<hex>`,
where the hex is HMAC-SHA-256 of `<seconds>.<body>` under the webhook's signing key.
"""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote, urlencode

import msgspec

from tellwire.gateway.model.account import Directory, OAuth, Webhook
from tellwire.kernel.clock import Clock
from tellwire.kernel.http.client import HttpClient, HttpRequest, NotSent, Unknown
from tellwire.kernel.secrets import SealBroken, Vault

_JSON: Final = ("Content-Type", "application/json")
# A token is used until this long before its end, so that it is still good when it arrives.
_MARGIN: Final = timedelta(seconds=30)
# For a token server that does not say how long its tokens live.
_USUAL_LIFE: Final = timedelta(minutes=5)
_LONGEST_LIFE: Final = timedelta(hours=24)


class _Token(msgspec.Struct, frozen=True, kw_only=True):
    access_token: str
    expires_in: float | None = None


class Credentials:
    """Knows what each webhook wants to see; fetches and remembers OAuth tokens."""

    def __init__(
        self, directory: Callable[[], Directory], vault: Vault, http: HttpClient, *, clock: Clock
    ) -> None:
        self._directory = directory
        self._vault = vault
        self._http = http
        self._clock = clock
        self._tokens: dict[OAuth, tuple[str, datetime]] = {}
        self._fetching: dict[OAuth, asyncio.Lock] = {}

    async def headers(self, webhook_id: int | None, body: bytes) -> tuple[tuple[str, str], ...]:
        """Return the headers for a body; without a webhook, or when it is gone, only the content type.

        Raises `NotSent` when there can be no valid credentials now.
        """
        webhook = None if webhook_id is None else self._directory().webhooks.get(webhook_id)
        if webhook is None:
            return (_JSON,)
        authorization = await self._authorization(webhook)
        return (_JSON, *authorization, *self._signature(webhook, body))

    def refused(self, webhook_id: int | None) -> None:
        """Forget the token of a webhook that answered 401: the next try fetches a new one."""
        webhook = None if webhook_id is None else self._directory().webhooks.get(webhook_id)
        if webhook is not None and webhook.oauth is not None:
            self._tokens.pop(webhook.oauth, None)

    async def _authorization(self, webhook: Webhook) -> tuple[tuple[str, str], ...]:
        if webhook.oauth is not None:
            return (("Authorization", f"Bearer {await self._token(webhook.oauth)}"),)
        if webhook.authorization is not None:
            return (("Authorization", self._open(webhook.authorization)),)
        return ()

    def _signature(self, webhook: Webhook, body: bytes) -> tuple[tuple[str, str], ...]:
        if webhook.signing_key is None:
            return ()
        seconds = int(self._clock.now().timestamp())
        return (("X-Tellwire-Signature", sign(self._open(webhook.signing_key), seconds, body)),)

    async def _token(self, oauth: OAuth) -> str:
        async with self._fetching.setdefault(oauth, asyncio.Lock()):
            token, good_until = self._tokens.get(oauth, ("", self._clock.now()))
            if good_until > self._clock.now():
                return token
            fetched = await self._fetch(oauth)
            good_until = self._clock.now() + _life(fetched.expires_in) - _MARGIN
            self._tokens[oauth] = (fetched.access_token, good_until)
            return fetched.access_token

    async def _fetch(self, oauth: OAuth) -> _Token:
        try:
            answer = await self._http.send(token_request(oauth, self._open(oauth.client_secret)))
        except Unknown as lost:
            raise NotSent(f"no OAuth token: {lost.reason}") from None
        if answer.status != 200:
            raise NotSent(f"no OAuth token: HTTP {answer.status}")
        try:
            # Not strict: some servers write the seconds as a text.
            return msgspec.json.decode(answer.body, type=_Token, strict=False)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            raise NotSent("no OAuth token in the token server's answer") from None

    def _open(self, sealed: str) -> str:
        try:
            return self._vault.open(sealed)
        except SealBroken as broken:
            raise NotSent(f"the webhook's credentials cannot be opened: {broken}") from None


def _life(expires_in_s: float | None) -> timedelta:
    """Bound what a token server says, which may be any number, before there is arithmetic on it."""
    if expires_in_s is None:
        return _USUAL_LIFE
    return timedelta(seconds=min(max(expires_in_s, 0.0), _LONGEST_LIFE.total_seconds()))


def sign(key: str, seconds: int, body: bytes) -> str:
    """Return the value of `X-Tellwire-Signature` for a body posted at `seconds` since the epoch."""
    digest = hmac.new(key.encode(), b"%d." % seconds + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


def token_request(oauth: OAuth, secret: str) -> HttpRequest:
    """Return the client-credentials request, with id and secret in the header (RFC 6749, 2.3.1) or in the form."""
    form = {"grant_type": "client_credentials"}
    if oauth.scope:
        form["scope"] = oauth.scope
    headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/json")]
    if oauth.credentials_location == "header":
        pair = f"{quote(oauth.client_id, safe='')}:{quote(secret, safe='')}"
        headers.append(("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}"))
    else:
        form |= {"client_id": oauth.client_id, "client_secret": secret}
    return HttpRequest(method="POST", url=oauth.url, headers=tuple(headers), body=urlencode(form).encode())
