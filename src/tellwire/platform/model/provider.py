"""A provider: an HTTP service we send through, wholly described by data (CleverTap contract 1)."""

from datetime import datetime
from typing import Literal, NewType, TypeAlias

import msgspec

ProviderId = NewType("ProviderId", str)
Sealed = NewType("Sealed", str)  # a credential as `kernel.secrets.Vault` sealed it

NICKNAME_LIMIT = 64
BATCH_LIMIT = 1000  # contract 1.4: one page says 1,000 and 100; we take the larger


class Pair(msgspec.Struct, frozen=True):
    """A name and a value template with `$$` tokens."""

    name: str
    value: str


class SealedPair(msgspec.Struct, frozen=True):
    """A name and a sealed value template: headers carry API keys, so all of them are sealed."""

    name: str
    value: Sealed


class NoAuthentication(msgspec.Struct, frozen=True, tag="none"):
    """Nothing is added; keys usually travel in a header."""


class BasicAuthentication(msgspec.Struct, frozen=True, kw_only=True, tag="basic"):
    """HTTP Basic."""

    username: str
    password: Sealed


class OAuth2(msgspec.Struct, frozen=True, kw_only=True, tag="oauth2"):
    """Client credentials: a token is fetched from `token_url` and sent as a bearer."""

    token_url: str
    client_id: str
    client_secret: Sealed
    extra: tuple[Pair, ...] = ()


Authentication: TypeAlias = NoAuthentication | BasicAuthentication | OAuth2


class QueryParameters(msgspec.Struct, frozen=True, tag="query"):
    """GET: pairs become the query string."""

    pairs: tuple[Pair, ...] = ()


class FormParameters(msgspec.Struct, frozen=True, tag="form"):
    """POST: pairs become an `x-www-form-urlencoded` body."""

    pairs: tuple[Pair, ...] = ()


class JsonParameters(msgspec.Struct, frozen=True, tag="json"):
    """POST: the whole payload typed as one JSON document, tokens inside its strings."""

    template: str


Parameters: TypeAlias = QueryParameters | FormParameters | JsonParameters


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """Many messages a request: `key` names the array whose one element is the template of a record."""

    key: str
    size: int = 100


class Provider(msgspec.Struct, frozen=True, kw_only=True):
    """One configured provider.

    `callback_key` is the unguessable last step of its callback URL.
    `phone_form` is how `$$To` is written: `e164` with a plus, `digits` without.
    `per_s` is the pace: messages handed over a second at most, 0 for as fast as it takes them.
    `concurrency` is how many requests may be under way at once.
    `lets_queued_go`: it is archived, and what waits for it still goes out through it.
    """

    id: ProviderId
    nickname: str
    endpoint: str
    parameters: Parameters
    headers: tuple[SealedPair, ...] = ()
    authentication: Authentication = msgspec.field(default_factory=NoAuthentication)
    batch: Batch | None = None
    phone_form: Literal["e164", "digits"] = "e164"
    per_s: float = 0.0
    concurrency: int = 64
    is_default: bool = False
    callback_key: str
    created_at: datetime
    updated_at: datetime
    archived_at: datetime | None = None
    lets_queued_go: bool = False

    def __repr__(self) -> str:
        """Leave out the callback key, which is a secret, and what may hold others."""
        return f"Provider({self.id} {self.nickname!r})"
