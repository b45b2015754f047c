"""A provider as it is shown: its form with secrets as `***`, and what follows from its tokens."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from tellwire.kernel.secrets import Vault
from tellwire.platform.control.provider_form import (
    BasicForm,
    BatchForm,
    FormForm,
    JsonForm,
    NoneForm,
    OAuth2Form,
    ProviderForm,
    QueryForm,
    opened_form,
    opened_headers,
)
from tellwire.platform.control.provider_secrets import masked_form
from tellwire.platform.model.provider import Provider, ProviderId
from tellwire.platform.senders.tokens import TokenBlocks, blocks_of


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
    shown = masked_form(opened_form(provider, vault))
    fields = {name: getattr(shown, name) for name in ProviderForm.__struct_fields__}
    return ProviderPage(
        **fields,
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
