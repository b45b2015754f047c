"""A provider as people fill it in (CleverTap contract 1.1), and back: secrets show as `***`, and `***` keeps them.

What is wrong with a form is `provider_check`'s, saving it is `providers`'.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal, TypeAlias

import msgspec

from tellwire.kernel.secrets import SealBroken, Vault
from tellwire.model.provider import (
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
from tellwire.senders.masking import MASK, is_public_header
from tellwire.senders.tokens import TokenBlocks, blocks_of

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


class Tokens(msgspec.Struct, frozen=True, kw_only=True, rename={"global_": "global"}):
    """The custom tokens by the block of a campaign's inputs they become (CleverTap contract 1.5)."""

    message: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    global_: tuple[str, ...] = ()


class ProviderPage(msgspec.Struct, frozen=True, kw_only=True):
    """A provider as it is shown; `warnings` are what is probably not meant, by the path of the field."""

    id: ProviderId
    nickname: str
    request_type: Literal["GET", "POST"]
    endpoint: str
    authentication: NoneForm | BasicForm | OAuth2Form
    headers: tuple[tuple[str, str], ...]
    parameters: QueryForm | FormForm | JsonForm
    batch: BatchForm | None
    phone_form: Literal["e164", "digits"]
    per_s: float
    concurrency: int
    is_default: bool
    callback_url: str
    archived_at: datetime | None
    created_at: datetime
    updated_at: datetime
    tokens: Tokens
    uses_template_id: bool
    uses_template_variables: bool
    warnings: Mapping[str, str] = {}


def page_of(
    provider: Provider, vault: Vault, callback_url: str, warnings: Mapping[str, str] | None = None
) -> ProviderPage:
    """Return a provider as it is shown: without secrets, with what follows from its tokens."""
    blocks = blocks_in(provider, vault)
    return ProviderPage(
        id=provider.id,
        nickname=provider.nickname,
        request_type="GET" if isinstance(provider.parameters, QueryParameters) else "POST",
        endpoint=provider.endpoint,
        authentication=_shown_authentication(provider.authentication),
        headers=tuple(_shown_header(pair, vault) for pair in provider.headers),
        parameters=_shown_parameters(provider.parameters),
        batch=None if provider.batch is None else BatchForm(key=provider.batch.key, size=provider.batch.size),
        phone_form=provider.phone_form,
        per_s=provider.per_s,
        concurrency=provider.concurrency,
        is_default=provider.is_default,
        callback_url=callback_url,
        archived_at=provider.archived_at,
        created_at=provider.created_at,
        updated_at=provider.updated_at,
        tokens=Tokens(message=blocks.message, header=blocks.header, global_=blocks.global_),
        uses_template_id=blocks.uses_template_id,
        uses_template_variables=blocks.uses_template_variables,
        warnings=warnings or {},
    )


def blocks_in(provider: Provider, vault: Vault) -> TokenBlocks:
    """Return the custom tokens of a provider by block; headers that cannot be opened count as having none."""
    return blocks_of(provider, [value for _, value in opened_headers(provider, vault)])


def provider_of(
    form: ProviderForm,
    known: Provider | None,
    vault: Vault,
    *,
    provider_id: ProviderId,
    callback_key: str,
    now: datetime,
) -> Provider:
    """Return the provider that a form means; `known` is what is stored, whose secrets `***` keeps."""
    return Provider(
        id=provider_id,
        nickname=form.nickname.strip(),
        endpoint=form.endpoint.strip(),
        parameters=_parameters(form.parameters),
        headers=_headers(form, known, vault),
        authentication=_authentication(form.authentication, known, vault),
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


def stored_header(name: str, position: int, known: Provider | None) -> Sealed | None:
    """Return the sealed value that `***` keeps: the header at the same place, else the first of that name."""
    if known is None:
        return None
    named = [pair for pair in known.headers if pair.name.casefold() == name.strip().casefold()]
    if position < len(known.headers) and known.headers[position] in named:
        return known.headers[position].value
    return named[0].value if named else None


def stored_secret(known: Provider | None, kind: type[BasicAuthentication | OAuth2]) -> Sealed | None:
    """Return the sealed password or client secret that `***` keeps."""
    match known.authentication if known else None:
        case BasicAuthentication(password=password) if kind is BasicAuthentication:
            return password
        case OAuth2(client_secret=secret) if kind is OAuth2:
            return secret
        case _:
            return None


def opened_headers(provider: Provider, vault: Vault) -> tuple[tuple[str, str], ...]:
    """Return the headers with their values opened; one that cannot be opened is empty."""
    return tuple((pair.name, _opened(pair.value, vault)) for pair in provider.headers)


def opened_secret(provider: Provider, vault: Vault) -> NoneForm | BasicForm | OAuth2Form:
    """Return the authentication with its secret opened: to compare, never to show."""
    match provider.authentication:
        case NoAuthentication():
            return NoneForm()
        case BasicAuthentication(username=username, password=password):
            return BasicForm(username=username, password=_opened(password, vault))
        case OAuth2(token_url=token_url, client_id=client_id, client_secret=secret, extra=extra):
            pairs = tuple((pair.name, pair.value) for pair in extra)
            opened = _opened(secret, vault)
            return OAuth2Form(token_url=token_url, client_id=client_id, client_secret=opened, extra=pairs)


def _opened(sealed: Sealed, vault: Vault) -> str:
    try:
        return vault.open(sealed)
    except SealBroken:
        return ""


def _headers(form: ProviderForm, known: Provider | None, vault: Vault) -> tuple[SealedPair, ...]:
    return tuple(
        SealedPair(name.strip(), _kept(value, stored_header(name, position, known), vault))
        for position, (name, value) in enumerate(form.headers)
    )


def _kept(value: str, stored: Sealed | None, vault: Vault) -> Sealed:
    return stored if value == MASK and stored is not None else Sealed(vault.seal(value))


def _authentication(
    form: NoneForm | BasicForm | OAuth2Form, known: Provider | None, vault: Vault
) -> Authentication:
    match form:
        case NoneForm():
            return NoAuthentication()
        case BasicForm():
            password = _kept(form.password, stored_secret(known, BasicAuthentication), vault)
            return BasicAuthentication(username=form.username, password=password)
        case OAuth2Form():
            return OAuth2(
                token_url=form.token_url.strip(),
                client_id=form.client_id,
                client_secret=_kept(form.client_secret, stored_secret(known, OAuth2), vault),
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


def _shown_header(pair: SealedPair, vault: Vault) -> tuple[str, str]:
    return pair.name, _opened(pair.value, vault) if is_public_header(pair.name) else MASK


def _shown_authentication(authentication: Authentication) -> NoneForm | BasicForm | OAuth2Form:
    match authentication:
        case NoAuthentication():
            return NoneForm()
        case BasicAuthentication(username=username):
            return BasicForm(username=username, password=MASK)
        case OAuth2(token_url=token_url, client_id=client_id, extra=extra):
            shown = tuple((pair.name, pair.value) for pair in extra)
            return OAuth2Form(token_url=token_url, client_id=client_id, client_secret=MASK, extra=shown)


def _shown_parameters(parameters: Parameters) -> QueryForm | FormForm | JsonForm:
    match parameters:
        case QueryParameters(pairs=pairs):
            return QueryForm(pairs=tuple((pair.name, pair.value) for pair in pairs))
        case FormParameters(pairs=pairs):
            return FormForm(pairs=tuple((pair.name, pair.value) for pair in pairs))
        case JsonParameters(template=template):
            return JsonForm(template=template)
