"""Settings > Engage > Channels > SMS: the providers (CleverTap contract 1.1)."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from litestar import delete, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from tellwire.kernel.ids import new_id
from tellwire.platform.control.campaign_state import Queued, moved, replacing
from tellwire.platform.control.desk import Desk, DeskDependency, save
from tellwire.platform.control.problem import Problem, invalid, not_found
from tellwire.platform.control.provider_check import (
    NICKNAME_TAKEN,
    Targets,
    problems_of_form,
    problems_of_template,
    warnings_of,
)
from tellwire.platform.control.provider_form import (
    ProviderForm,
    opened_form,
    opened_headers,
    provider_of,
)
from tellwire.platform.control.provider_page import ProviderPage, page_of
from tellwire.platform.control.provider_presets import Preset, presets
from tellwire.platform.control.provider_restore import restored, stopped_with
from tellwire.platform.control.provider_secrets import restored_form
from tellwire.platform.model.campaign import IN_USE, CampaignId, CampaignSet
from tellwire.platform.model.provider import Provider, ProviderId
from tellwire.platform.model.step import names_provider
from tellwire.platform.ports.catalog import CatalogChange, DeleteProvider, PutProvider


class ProviderList(msgspec.Struct, frozen=True, kw_only=True):
    """All providers, archived ones last."""

    providers: Sequence[ProviderPage]


class PresetList(msgspec.Struct, frozen=True, kw_only=True):
    """What a new provider can start from."""

    presets: Sequence[Preset]


class Reservation(msgspec.Struct, frozen=True, kw_only=True):
    """The id of a provider to be, and where its receipts will go."""

    id: str
    callback_url: str


class Archived(msgspec.Struct, frozen=True, kw_only=True):
    """The provider, and the campaigns that stopped with it."""

    provider: ProviderPage
    stopped: Sequence[CampaignId]


class Restoring(msgspec.Struct, frozen=True, kw_only=True):
    """How to bring a provider back: as the default, if it was that and no other one is meanwhile."""

    is_default: bool = False


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """The provider in use again, and the campaigns that run again with it."""

    provider: ProviderPage
    running: Sequence[CampaignId]


@get("/api/providers", tags=["providers"])
async def list_providers(desk: DeskDependency) -> ProviderList:
    """List the providers."""
    known = (await desk.catalog.snapshot()).providers.values()
    ordered = sorted(known, key=lambda p: (p.archived_at is not None, p.nickname.casefold()))
    return ProviderList(providers=[_page(desk, provider) for provider in ordered])


@post("/api/providers/new", tags=["providers"])
async def reserve(desk: DeskDependency) -> Reservation:
    """Return the id and callback URL of a provider to be, so that the form can show them before it is saved."""
    identifier = new_id(desk.clock.now(), secrets.randbits(32))
    return Reservation(id=identifier, callback_url=_callback_url(desk, callback_key(desk, identifier)))


@get("/api/providers/presets", tags=["providers"])
async def list_presets(
    desk: DeskDependency, provider_id: Annotated[str, QueryParameter(max_length=24)] = ""
) -> PresetList:
    """List vendors' request forms to start from; `provider_id` is the one to be, whose callback URL some carry."""
    known = (await desk.catalog.snapshot()).providers.get(ProviderId(provider_id))
    key = known.callback_key if known else callback_key(desk, provider_id)
    found = presets(callback_url=_callback_url(desk, key), gateway_url=desk.options.gateway_url)
    return PresetList(presets=found)


@post("/api/providers", tags=["providers"])
async def create_provider(data: JSONBody[ProviderForm], desk: DeskDependency) -> ProviderPage:
    """Save a new provider, under the id of `/api/providers/new` if it has one."""
    now = desk.clock.now()
    identifier = ProviderId(data.id or new_id(now, secrets.randbits(32)))

    def change(newest: CampaignSet) -> Sequence[CatalogChange]:
        if identifier in newest.providers:
            raise Problem(409, "exists", "This provider was saved already. Reload the list.")
        return [PutProvider(checked(desk, data, None, newest, identifier, now))]

    return _page(desk, (await save(desk, change)).providers[identifier])


@get("/api/providers/{provider_id:str}", tags=["providers"])
async def read_provider(provider_id: FromPath[str], desk: DeskDependency) -> ProviderPage:
    """Return one provider."""
    return _page(desk, _known(await desk.catalog.snapshot(), provider_id))


@put("/api/providers/{provider_id:str}", tags=["providers"])
async def update_provider(
    provider_id: FromPath[str], data: JSONBody[ProviderForm], desk: DeskDependency
) -> ProviderPage:
    """Replace a provider; `***` keeps a stored secret, while scheme, host and port stay what they were.

    Messages rendered before go out through the new one.
    """
    now = desk.clock.now()

    def change(newest: CampaignSet) -> Sequence[CatalogChange]:
        known = _in_use(newest, provider_id)
        return [PutProvider(checked(desk, data, known, newest, known.id, now))]

    return _page(desk, _known(await save(desk, change), provider_id))


@delete("/api/providers/{provider_id:str}", status_code=204, tags=["providers"])
async def delete_provider(provider_id: FromPath[str], desk: DeskDependency) -> None:
    """Delete a provider that no campaign names."""

    def change(newest: CampaignSet) -> Sequence[CatalogChange]:
        known = _known(newest, provider_id)
        users = [c.name for c in newest.campaigns.values() if names_provider(c.steps, known.id)]
        if users:
            message = f"The campaign “{users[0]}” names this provider. Archive it instead."
            raise Problem(409, "in_use", message)
        return [DeleteProvider(known.id)]

    await save(desk, change)


@post("/api/providers/{provider_id:str}/default", status_code=200, tags=["providers"])
async def make_default(provider_id: FromPath[str], desk: DeskDependency) -> ProviderPage:
    """Make it the provider of every campaign that names none."""

    def change(newest: CampaignSet) -> Sequence[CatalogChange]:
        return [PutProvider(msgspec.structs.replace(_in_use(newest, provider_id), is_default=True))]

    return _page(desk, _known(await save(desk, change), provider_id))


@post("/api/providers/{provider_id:str}/archive", status_code=200, tags=["providers"])
async def archive(
    provider_id: FromPath[str], desk: DeskDependency, *, queued: FromQuery[Queued] = "drop"
) -> Archived:
    """Take a provider out of use for good; stops the campaigns that name it, and keeps all figures.

    Messages that wait for it are dropped, or with `let_go` still go out through it.
    """
    now = desk.clock.now()
    stopped: list[CampaignId] = []

    def change(newest: CampaignSet) -> Sequence[CatalogChange]:
        known = _in_use(newest, provider_id)
        users = [
            c for c in newest.campaigns.values() if names_provider(c.steps, known.id) and c.state in IN_USE
        ]
        stopped[:] = [campaign.id for campaign in users]
        gone = msgspec.structs.replace(
            known,
            is_default=False,
            archived_at=now,
            lets_queued_go=queued == "let_go",
            updated_at=now,
        )
        return [
            PutProvider(gone),
            *(
                replacing(
                    c,
                    msgspec.structs.replace(moved(c, "stopped", now, queued, newest.account), updated_at=now),
                    newest.account,
                    now,
                )
                for c in users
            ),
        ]

    saved = await save(desk, change)
    return Archived(provider=_page(desk, _known(saved, provider_id)), stopped=stopped)


@post("/api/providers/{provider_id:str}/restore", status_code=200, tags=["providers"])
async def restore(provider_id: FromPath[str], data: JSONBody[Restoring], desk: DeskDependency) -> Restored:
    """Undo an archiving of the last day; campaigns that stopped with it and were not touched since run again.

    What the archiving dropped stays dropped.
    """
    now = desk.clock.now()
    running: list[CampaignId] = []

    def change(newest: CampaignSet) -> Sequence[CatalogChange]:
        known = _known(newest, provider_id)
        back = restored(known, newest, now, is_default=data.is_default)
        users = stopped_with(known, newest)
        running[:] = [campaign.id for campaign in users]
        return [
            PutProvider(back),
            *(
                replacing(
                    c, msgspec.structs.replace(moved(c, "running", now), updated_at=now), newest.account, now
                )
                for c in users
            ),
        ]

    saved = await save(desk, change)
    return Restored(provider=_page(desk, _known(saved, provider_id)), running=running)


HANDLERS = [
    list_providers,
    reserve,
    list_presets,
    create_provider,
    read_provider,
    update_provider,
    delete_provider,
    make_default,
    archive,
    restore,
]


def checked(
    desk: Desk,
    form: ProviderForm,
    known: Provider | None,
    others: CampaignSet | None,
    identifier: ProviderId,
    now: datetime,
) -> Provider:
    """Return the provider that a form means, or raise what is wrong with it; without `others` a name is optional."""
    if others is None and not form.nickname.strip():
        form = msgspec.structs.replace(form, nickname="test")
    taken = [
        p.nickname
        for p in (others.providers.values() if others else ())
        if p.id != identifier and p.archived_at is None
    ]
    form, missing = restored_form(form, opened_form(known, desk.vault) if known else None)
    targets = Targets(desk.options.gateway_url, is_any_allowed=desk.options.allow_private_targets)
    problems = problems_of_form(form, targets=targets, taken=taken) | missing
    if not problems:
        provider = provider_of(
            form,
            known,
            desk.vault,
            provider_id=identifier,
            callback_key=callback_key(desk, identifier),
            now=now,
        )
        problems = problems_of_template(provider, opened_headers(provider, desk.vault))
        if not problems:
            return provider
    if problems == {"nickname": NICKNAME_TAKEN}:
        raise Problem(409, "nickname_taken", NICKNAME_TAKEN, problems)
    raise invalid(problems)


def _known(newest: CampaignSet, provider_id: str) -> Provider:
    known = newest.providers.get(ProviderId(provider_id))
    if known is None:
        raise not_found("such provider")
    return known


def _in_use(newest: CampaignSet, provider_id: str) -> Provider:
    known = _known(newest, provider_id)
    if known.archived_at is not None:
        raise Problem(
            409, "archived", "This provider is archived. Restore it within a day of that, or add a new one."
        )
    return known


def _page(desk: Desk, provider: Provider) -> ProviderPage:
    warnings = warnings_of(provider, opened_headers(provider, desk.vault))
    return page_of(provider, desk.vault, _callback_url(desk, provider.callback_key), warnings)


def _callback_url(desk: Desk, callback_key: str) -> str:
    return f"{desk.options.public_url}/callbacks/sms/{callback_key}"


def callback_key(desk: Desk, identifier: str) -> str:
    """Return the unguessable step of a callback URL: the same for an id before and after it is saved."""
    secret = f"{desk.options.api_token}\0{desk.options.account_id}".encode()
    return hmac.new(secret, f"callback\0{identifier}".encode(), hashlib.sha256).hexdigest()[:40]
