"""Campaigns and providers as YAML: for version control, for moving them from one installation to another. Pure.

    tellwire: 1
    providers:
      - nickname: 8x8
        endpoint: https://sms.8x8.com/api/v1/subaccounts/acme/messages
        headers: [[Authorization, "***"]]     # keeps what is stored; or ${TELLWIRE_SECRET_X}
        ...
    campaigns:
      - name: Thanks for your order
        provider: 8x8                          # a nickname; absent for the default provider
        ...
      - name: The same with start and steps    # see `language`
        start: {event: Order Placed}
        steps: [{send: {text: "...", through: 8x8}}]

A campaign that can be written flat is written so.
Providers are told apart by nickname, campaigns by name. Secrets are written as `***`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal, TypeAlias
from urllib.parse import quote

import msgspec

from tellwire.platform.control.provider_form import (
    BasicForm,
    BatchForm,
    FormForm,
    JsonForm,
    NoneForm,
    OAuth2Form,
    ProviderForm,
    QueryForm,
)
from tellwire.platform.control.provider_page import ProviderPage
from tellwire.platform.control.provider_secrets import Place, each_secret
from tellwire.platform.control.yaml_mistakes import read_whole
from tellwire.platform.control.yaml_plain import BadYaml, dumped, loaded
from tellwire.platform.language.account import (
    AccountForm,
    AudienceForm,
    ListForm,
    write_account,
    write_audiences,
)
from tellwire.platform.language.campaign import EitherForm, campaign_of, flat_forms, guard_forms, is_twofold
from tellwire.platform.language.rule import write_rule
from tellwire.platform.language.shortening import as_said
from tellwire.platform.language.start import write_start
from tellwire.platform.language.step_forms import every_form
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.language.write_steps import write_steps
from tellwire.platform.model.account import Account
from tellwire.platform.model.bounds import Name
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignState, Terms
from tellwire.platform.model.flat import Flat, flat_of, structure_of
from tellwire.platform.model.provider import Provider, ProviderId

ENTRIES_LIMIT: Final = 1_000
REFERENCE_PREFIX: Final = "TELLWIRE_SECRET_"  # so that an import cannot ask for the rest of the environment
_REFERENCE: Final = re.compile(r"\$\{(\w+)\}")


class BadDocument(Exception):
    """The document is none of ours; the message says why, `fields` where, when it is about some of them."""

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """A document, and what could not be read of it, by path: that is not in the document, or stood in for."""

    document: "Document"
    mistakes: Mapping[str, str]


class ProviderEntry(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """A provider in the document: the form of the API, without its id."""

    nickname: Name
    is_default: bool = False
    request_type: Literal["GET", "POST"] = "POST"
    endpoint: str = ""
    authentication: NoneForm | BasicForm | OAuth2Form = NoneForm()
    headers: tuple[tuple[str, str], ...] = ()
    parameters: QueryForm | FormForm | JsonForm = JsonForm()
    batch: BatchForm | None = None
    phone_form: Literal["e164", "digits"] = "e164"
    per_s: float = 0.0
    concurrency: int = 64


class CampaignEntry(EitherForm, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A campaign in the document: the form of the API, with its state and its provider's nickname.

    Without a state it stays as it is, and a new one is a draft.
    """

    name: Name
    state: CampaignState | None = None
    provider: str | None = None


Providers: TypeAlias = Annotated[tuple[ProviderEntry, ...], msgspec.Meta(max_length=ENTRIES_LIMIT)]
Campaigns: TypeAlias = Annotated[tuple[CampaignEntry, ...], msgspec.Meta(max_length=ENTRIES_LIMIT)]


class Document(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of it; `tellwire` is the version of the form."""

    tellwire: Literal[1] = 1
    account: AccountForm | None = None
    providers: Providers = ()
    audiences: Annotated[tuple[AudienceForm, ...], msgspec.Meta(max_length=ENTRIES_LIMIT)] = ()
    lists: Annotated[tuple[ListForm, ...], msgspec.Meta(max_length=ENTRIES_LIMIT)] = ()
    campaigns: Campaigns = ()


def write_document(
    campaigns: Iterable[Campaign], providers: Iterable[ProviderPage], account: Account | None = None
) -> str:
    """Return the YAML of these; archived providers are left out, as nothing can go through them again."""
    in_use = [page for page in providers if page.archived_at is None]
    nicknames: dict[str, str] = {page.id: page.nickname for page in in_use}
    of_account = msgspec.to_builtins(write_account(account)) if account else {}
    audiences = msgspec.to_builtins(write_audiences(account.audiences)) if account else []
    lists = [{"name": one.name} for one in account.lists] if account else []
    document = {
        "tellwire": 1,
        **({"account": of_account} if of_account else {}),
        **({"audiences": audiences} if audiences else {}),
        **({"lists": lists} if lists else {}),
        "providers": [msgspec.to_builtins(_provider_entry(page)) for page in in_use],
        "campaigns": [msgspec.to_builtins(_campaign_entry(campaign, nicknames)) for campaign in campaigns],
    }
    return dumped(document)


def write_campaign(campaign: Campaign, nicknames: Mapping[str, str]) -> str:
    """Return the YAML of one campaign, written with start and steps."""
    return dumped({"campaigns": [msgspec.to_builtins(_structured_entry(as_said(campaign), nicknames))]})


def write_campaigns(campaigns: Iterable[Campaign], nicknames: Mapping[str, str]) -> str:
    """Return the YAML of some campaigns, as they stand in the document of everything."""
    entries = [msgspec.to_builtins(_campaign_entry(campaign, nicknames)) for campaign in campaigns]
    return dumped({"tellwire": 1, "campaigns": entries})


def read_document(text: str) -> Reading:
    """Return what the YAML says, and every mistake in its shape. Raises `BadDocument` if it is no YAML of ours."""
    try:
        document, mistakes = read_whole(loaded(text), Document)
    except BadYaml as problem:
        raise BadDocument(f"Line {problem.line}: {problem}" if problem.line else str(problem)) from problem
    except (RecursionError, ValueError) as problem:
        raise BadDocument("This is no YAML that can be read.") from problem
    if document is None and set(mistakes) == {""}:
        raise BadDocument(f"The document: {mistakes['']}.")
    return Reading(document=document or Document(tellwire=1), mistakes=mistakes)


def provider_form(entry: ProviderEntry, given: Mapping[str, str]) -> tuple[ProviderForm, dict[str, str]]:
    """Return the form of a provider, with `${NAME}` in secrets replaced by what is `given`, and why some is not.

    Raises `BadDocument`.
    """
    problems: dict[str, str] = {}

    def turn(place: Place, value: str) -> str:
        try:
            return _resolved(place, value, given)
        except BadDocument as problem:
            problems[place.path] = str(problem)
            return value

    form = each_secret(ProviderForm(**{name: getattr(entry, name) for name in _SHARED}), turn)
    return _checked(form), problems


def campaign_in(
    entry: CampaignEntry,
    known: Campaign | None,
    campaign_id: CampaignId,
    now: datetime,
    providers: Mapping[ProviderId, Provider],
) -> Campaign:
    """Return the campaign of an entry, in the state that it has or as a draft. Raises `Unreadable`."""
    if entry.provider_id is not None:
        raise Unreadable({"provider_id": "A file names a provider by its nickname: write provider."})
    form = msgspec.structs.replace(entry, provider_id=entry.provider)
    if is_twofold(form):
        raise Unreadable(
            {"": "Write a campaign flat (event, content), or with start and steps, and not both."}
        )
    return campaign_of(form, known, campaign_id=campaign_id, now=now, providers=providers)


def providers_named(entry: CampaignEntry) -> Iterator[tuple[str, str]]:
    """Yield where an entry names a provider, and by which nickname."""
    if entry.provider is not None:
        yield "provider", entry.provider
    for path, step in every_form(entry.steps or ()):
        if step.send and step.send.through is not None:
            yield f"{path}.send.through", step.send.through


# How a secret is written where it is a piece of a larger text.
_WRITTEN: Final[Mapping[str, Callable[[str], str]]] = {
    "json": lambda text: msgspec.json.encode(text).decode()[1:-1],
    "endpoint": lambda text: quote(text, safe=""),
}
_SHARED: Final = tuple(n for n in ProviderForm.__struct_fields__ if n in ProviderEntry.__struct_fields__)


def _checked(form: ProviderForm) -> ProviderForm:
    """Return the form if it keeps the limits that the API sets. Raises `BadDocument`."""
    checked, mistakes = read_whole(msgspec.to_builtins(form), ProviderForm)
    if checked is None or mistakes:
        raise BadDocument(next(iter(mistakes.values())), mistakes)
    return checked


def _resolved(place: Place, value: str, given: Mapping[str, str]) -> str:
    def value_of(found: re.Match[str]) -> str:
        name = found[1]
        if not name.startswith(REFERENCE_PREFIX):
            raise BadDocument(f"${{{name}}}: names of secrets begin with {REFERENCE_PREFIX}.")
        if name not in given:
            raise BadDocument(f"${{{name}}} is not set in the environment of the server.")
        return _WRITTEN.get(place.part, str)(given[name])

    return _REFERENCE.sub(value_of, value)


def _provider_entry(page: ProviderPage) -> ProviderEntry:
    return ProviderEntry(**{name: getattr(page, name) for name in _SHARED})


def _campaign_entry(written: Campaign, nicknames: Mapping[str, str]) -> CampaignEntry:
    campaign = as_said(written)
    flat = flat_of(campaign)
    if flat is None or structure_of(flat) != (campaign.start, campaign.who, campaign.steps):
        return _structured_entry(campaign, nicknames)
    return CampaignEntry(**_terms(campaign), **_flat_entry(flat, nicknames))


def _structured_entry(campaign: Campaign, nicknames: Mapping[str, str]) -> CampaignEntry:
    return CampaignEntry(
        **_terms(campaign),
        start=write_start(campaign.start),
        who=None if campaign.who is None else write_rule(campaign.who),
        steps=write_steps(campaign.steps, nicknames.get),
    )


def _terms(campaign: Campaign) -> dict[str, Any]:
    terms = {name: getattr(campaign, name) for name in Terms.__struct_fields__}
    return {**terms, **guard_forms(campaign), "state": campaign.state}


def _flat_entry(flat: Flat, nicknames: Mapping[str, str]) -> dict[str, Any]:
    """Return the flat fields that say more than nothing; the provider by its nickname."""
    defaults = flat_forms(Flat())
    fields = {name: value for name, value in flat_forms(flat).items() if value != defaults[name]}
    return {**fields, "provider_id": None, "provider": nicknames.get(flat.provider_id or "")}
