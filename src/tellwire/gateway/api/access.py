"""The common beginning and end of every endpoint: the caller, the subaccount, the body; and the form of refusals."""

import asyncio
import os
from collections.abc import Callable, Iterable
from math import ceil
from typing import Final
from uuid import UUID

import msgspec

from tellwire.gateway.contract.errors import (
    BODY_TOO_LARGE,
    MALFORMED,
    UNAUTHENTICATED,
    ApiError,
    error_body,
    quota_exceeded,
)
from tellwire.gateway.limits import Buckets
from tellwire.gateway.model.account import ApiKey, Directory, Subaccount
from tellwire.kernel.clock import Clock
from tellwire.kernel.secrets import hash_key
from tellwire.kernel.tries import Tries
from tellwire.kernel.web.asgi import (
    Headers,
    Receive,
    Scope,
    Send,
    Unread,
    answer,
    basic,
    bearer,
    json_answer,
    peer,
    read_body,
)

_TOO_LARGE: Final = 413
# Keys are made here and never chosen, so nobody guesses one; customers' tests may show wrong ones at every endpoint.
WRONG_KEYS_A_MINUTE: Final = 100
# Enough for an honest client to look up from its sending, and cheap to throw away.
LINGER_S: Final = 2.0
LINGER_BYTES: Final = 8 * 1024 * 1024


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Requests that are answered, with 8x8's figures (8x8 contract 2.9); above them it is 429.

    `requests_per_client_ip_per_min` is for the customers' own customers, whom they name by `clientIp`; 0 for no limit.
    """

    requests_per_s: float = 1800
    requests_per_address_per_s: float = 3000
    details_per_s: float = 1
    requests_per_client_ip_per_min: float = 0


class Caller(msgspec.Struct, frozen=True):
    """An authenticated caller and the subaccount that the path names."""

    key: ApiKey
    subaccount: Subaccount


class ApiAccess:
    """Lets callers in by the directory of this moment, and writes errors in 8x8's form."""

    def __init__(
        self, directory: Callable[[], Directory], *, clock: Clock, now_s: Callable[[], float], limits: Limits
    ) -> None:
        self._directory = directory
        self.clock = clock
        self._now_s = now_s
        self._tries = Tries(now_s, WRONG_KEYS_A_MINUTE)
        self._of_subaccount = Buckets(limits.requests_per_s)
        self._of_address = Buckets(limits.requests_per_address_per_s)
        self._details = Buckets(limits.details_per_s, burst=1)
        per_min = limits.requests_per_client_ip_per_min
        self._of_client = Buckets(per_min / 60, burst=per_min) if per_min else None

    @property
    def directory(self) -> Directory:
        """The directory of this moment."""
        return self._directory()

    def key(self, scope: Scope, *, takes_basic: bool = False) -> ApiKey | ApiError:
        """Return whose key a request bears, if its address may use it and is not too fast.

        `takes_basic` lets the key come as the password of Basic authentication too.
        """
        too_fast = self.quota_of_address(scope)
        if too_fast is not None:
            return too_fast
        token = bearer(scope)
        if token is None and takes_basic:
            _, token = basic(scope) or ("", None)
        if token is None:
            return UNAUTHENTICATED
        key = self.directory.key_of(hash_key(token), peer(scope))
        judged = self._tries.judge(peer(scope), is_right=key is not UNAUTHENTICATED)
        return quota_exceeded(judged.wait_s) if judged.wait_s else key

    def caller(self, scope: Scope, *, takes_basic: bool = False) -> Caller | ApiError:
        """Return the caller and the subaccount of the path's `{sub}`."""
        key = self.key(scope, takes_basic=takes_basic)
        if isinstance(key, ApiError):
            return key
        subaccount = self.directory.subaccount_of(key, scope["path_params"]["sub"])
        if isinstance(subaccount, ApiError):
            return subaccount
        wait_s = self._of_subaccount.wait_s(subaccount.id, self._now_s())
        return quota_exceeded(ceil(wait_s)) if wait_s else Caller(key, subaccount)

    def quota_of_address(self, scope: Scope) -> ApiError | None:
        """Take one request of the caller's address; return the refusal if it makes too many a second."""
        wait_s = self._of_address.wait_s(peer(scope), self._now_s())
        return quota_exceeded(ceil(wait_s)) if wait_s else None

    def quota_of_details(self, subaccount: str) -> ApiError | None:
        """Take one look at a message's details; return the refusal if the last one was less than a second ago."""
        wait_s = self._details.wait_s(subaccount, self._now_s())
        return quota_exceeded(ceil(wait_s)) if wait_s else None

    def quota_of_clients(self, subaccount: str, client_ips: Iterable[str]) -> ApiError | None:
        """Take one send of each of a subaccount's customers; return the refusal if one of them had too many."""
        if self._of_client is None:
            return None
        now_s = self._now_s()
        wait_s = max((self._of_client.wait_s(f"{subaccount} {ip}", now_s) for ip in client_ips), default=0.0)
        return quota_exceeded(ceil(wait_s)) if wait_s else None

    async def body(self, scope: Scope, receive: Receive, limit: int) -> bytes | ApiError:
        """Return the request's body, refused before it is read when it says that it is larger than `limit`."""
        read = await read_body(scope, receive, limit)
        if not isinstance(read, Unread):
            return read
        if read.status == _TOO_LARGE:
            return BODY_TOO_LARGE
        return ApiError(status=read.status, code=MALFORMED.code, message=read.reason)

    async def refuse(self, send: Send, error: ApiError, headers: Headers = ()) -> None:
        """Answer an error object."""
        retry = [] if error.retry_after_s is None else [(b"retry-after", b"%d" % error.retry_after_s)]
        await json_answer(send, error.status, self._error_body(error), headers=[*headers, *retry])

    async def refuse_unread(self, receive: Receive, send: Send, error: ApiError) -> None:
        """Answer an error while the body is still coming, then close.

        Closing at once would reset the connection and take the answer with it, so what comes is thrown away for a
        moment first.
        """
        body = self._error_body(error)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": error.status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": True})
        await _throw_away(receive)
        await send({"type": "http.response.body", "body": b""})

    def _error_body(self, error: ApiError) -> bytes:
        return error_body(error, str(UUID(bytes=os.urandom(16), version=4)), self.clock.now())

    async def reply(self, send: Send, value: object, *, status: int = 200, headers: Headers = ()) -> None:
        """Answer a value as JSON."""
        await json_answer(send, status, msgspec.json.encode(value), headers=headers)

    async def reply_empty(self, send: Send, status: int = 200) -> None:
        """Answer nothing but a status."""
        await answer(send, status)


async def _throw_away(receive: Receive) -> None:
    """Receive and forget at most `LINGER_BYTES`, for at most `LINGER_S`."""
    size = 0
    try:
        async with asyncio.timeout(LINGER_S):
            while size < LINGER_BYTES:
                message = await receive()
                size += len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body"):
                    return
    except TimeoutError:
        return
