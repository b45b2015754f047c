"""A provider as people fill it in (CleverTap contract 1.1), and back, with its secrets in the clear.

Where those stand and how they show is `provider_secrets`', what is wrong with a form `provider_check`'s, the form as
it is shown `provider_page`'s, saving it `providers`'.
"""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

import msgspec

from tellwire.kernel.secrets import SealBroken, Vault
from tellwire.platform.model.provider import (
    BATCH_LIMIT,
    NICKNAME_LIMIT,
    Authentication,
    BasicAuthentication,
    Batch,
    FormParameters,
    JsonParameters,
    NoAuthentication,
    OAuth2,
    Pair,
    Parameters,
    Provider,
    ProviderId,
    QueryParameters,
    Sealed,
    SealedPair,
)
from tellwire.platform.senders.masking import MASK

Name: TypeAlias = Annotated[str, msgspec.Meta(max_length=256)]
Value: TypeAlias = Annotated[str, msgspec.Meta(max_length=4096)]
Pairs: TypeAlias = Annotated[tuple[tuple[Name, Value], ...], msgspec.Meta(max_length=100)]


class NoneForm(msgspec.Struct, frozen=True, tag_field="type", tag="none"):
    """No Authentication: keys usually travel in a header."""


class BasicForm(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="basic"):
    """HTTP Basic."""

    username: Name = ""
    password: Value = ""


class OAuth2Form(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="oauth2"):
    """OAuth 2.0 client credentials."""

    token_url: Value = ""
    client_id: Value = ""
    client_secret: Value = ""
    extra: Pairs = ()


class QueryForm(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="query"):
    """GET: pairs become the query string."""

    pairs: Pairs = ()


class FormForm(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="form"):
    """POST: pairs become an x-www-form-urlencoded body."""

    pairs: Pairs = ()


class JsonForm(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="json"):
    """POST: the whole payload as one JSON document with tokens inside its strings."""

    template: Annotated[str, msgspec.Meta(max_length=65_536)] = ""


class BatchForm(msgspec.Struct, frozen=True, kw_only=True):
    """Many messages a request."""

    key: Name = ""
    size: Annotated[int, msgspec.Meta(ge=1, le=BATCH_LIMIT)] = 100


class ProviderForm(msgspec.Struct, frozen=True, kw_only=True):
    """What people fill in. A secret sent as `***` stays what it was."""

    id: Annotated[str, msgspec.Meta(pattern="^([0-9a-f]{24})?$")] = ""
    nickname: Annotated[str, msgspec.Meta(max_length=NICKNAME_LIMIT)] = ""
    request_type: Literal["GET", "POST"] = "POST"
    endpoint: Annotated[str, msgspec.Meta(max_length=2048)] = ""
    authentication: NoneForm | BasicForm | OAuth2Form = NoneForm()
    headers: Annotated[tuple[tuple[Name, Value], ...], msgspec.Meta(max_length=50)] = ()
    parameters: QueryForm | FormForm | JsonForm = JsonForm()
    batch: BatchForm | None = None
    phone_form: Literal["e164", "digits"] = "e164"
    per_s: Annotated[float, msgspec.Meta(ge=0, le=100_000)] = 0.0
    concurrency: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 64
    is_default: bool = False


def provider_of(
    form: ProviderForm,
    known: Provider | None,
    vault: Vault,
    *,
    provider_id: ProviderId,
    callback_key: str,
    now: datetime,
) -> Provider:
    """Return the provider that a form means, its secrets being in it; `known` is what is stored under the id."""
    return Provider(
        id=provider_id,
        nickname=form.nickname.strip(),
        endpoint=form.endpoint.strip(),
        parameters=_parameters(form.parameters),
        headers=tuple(SealedPair(name.strip(), Sealed(vault.seal(value))) for name, value in form.headers),
        authentication=_authentication(form.authentication, vault),
        batch=None if form.batch is None else Batch(key=form.batch.key.strip(), size=form.batch.size),
        phone_form=form.phone_form,
        per_s=form.per_s,
        concurrency=form.concurrency,
        is_default=form.is_default,
        callback_key=known.callback_key if known else callback_key,
        created_at=known.created_at if known else now,
        updated_at=now,
        archived_at=known.archived_at if known else None,
    )


def opened_headers(provider: Provider, vault: Vault) -> tuple[tuple[str, str], ...]:
    """Return the headers with their values opened; one that cannot be opened is empty."""
    return tuple((pair.name, _opened(pair.value, vault)) for pair in provider.headers)


def opened_form(provider: Provider, vault: Vault) -> ProviderForm:
    """Return the form of a stored provider, secrets opened: to compare and to restore, never to show."""
    return ProviderForm(
        id=provider.id,
        nickname=provider.nickname,
        request_type="GET" if isinstance(provider.parameters, QueryParameters) else "POST",
        endpoint=provider.endpoint,
        authentication=_opened_authentication(provider.authentication, vault),
        headers=tuple((pair.name, _opened(pair.value, vault, MASK)) for pair in provider.headers),
        parameters=_parameters_form(provider.parameters),
        batch=None if provider.batch is None else BatchForm(key=provider.batch.key, size=provider.batch.size),
        phone_form=provider.phone_form,
        per_s=provider.per_s,
        concurrency=provider.concurrency,
        is_default=provider.is_default,
    )


def _opened(sealed: Sealed, vault: Vault, otherwise: str = "") -> str:
    try:
        return vault.open(sealed)
    except SealBroken:
        return otherwise


def _authentication(form: NoneForm | BasicForm | OAuth2Form, vault: Vault) -> Authentication:
    match form:
        case NoneForm():
            return NoAuthentication()
        case BasicForm():
            return BasicAuthentication(username=form.username, password=Sealed(vault.seal(form.password)))
        case OAuth2Form():
            return OAuth2(
                token_url=form.token_url.strip(),
                client_id=form.client_id,
                client_secret=Sealed(vault.seal(form.client_secret)),
                extra=_pairs(form.extra),
            )


def _parameters(form: QueryForm | FormForm | JsonForm) -> Parameters:
    match form:
        case QueryForm(pairs=pairs):
            return QueryParameters(_pairs(pairs))
        case FormForm(pairs=pairs):
            return FormParameters(_pairs(pairs))
        case JsonForm(template=template):
            return JsonParameters(template)


def _pairs(pairs: Pairs) -> tuple[Pair, ...]:
    return tuple(Pair(name.strip(), value) for name, value in pairs)


def _opened_authentication(authentication: Authentication, vault: Vault) -> NoneForm | BasicForm | OAuth2Form:
    match authentication:
        case NoAuthentication():
            return NoneForm()
        case BasicAuthentication(username=username, password=password):
            return BasicForm(username=username, password=_opened(password, vault, MASK))
        case OAuth2(token_url=token_url, client_id=client_id, client_secret=secret, extra=extra):
            return OAuth2Form(
                token_url=token_url,
                client_id=client_id,
                client_secret=_opened(secret, vault, MASK),
                extra=tuple((pair.name, pair.value) for pair in extra),
            )


def _parameters_form(parameters: Parameters) -> QueryForm | FormForm | JsonForm:
    match parameters:
        case QueryParameters(pairs=pairs):
            return QueryForm(pairs=tuple((pair.name, pair.value) for pair in pairs))
        case FormParameters(pairs=pairs):
            return FormForm(pairs=tuple((pair.name, pair.value) for pair in pairs))
        case JsonParameters(template=template):
            return JsonForm(template=template)
