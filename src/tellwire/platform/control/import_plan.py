"""What importing a YAML document does to a catalog, and all that is wrong with the document."""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

import msgspec

from tellwire.kernel.ids import new_id
from tellwire.platform.control.account import account_of, joined_otherwise
from tellwire.platform.control.affected import AffectedCampaign
from tellwire.platform.control.campaign_check import in_flat, problems_of
from tellwire.platform.control.campaign_state import Inside, changed, moved, replacing
from tellwire.platform.control.catalog_yaml import (
    BadDocument,
    CampaignEntry,
    ProviderEntry,
    Reading,
    campaign_in,
    provider_form,
    providers_named,
)
from tellwire.platform.control.desk import Desk
from tellwire.platform.control.list_use import TooMany, unknown_lists, with_lists
from tellwire.platform.control.problem import Problem, invalid
from tellwire.platform.control.provider_form import opened_form
from tellwire.platform.control.provider_page import blocks_in
from tellwire.platform.control.providers import checked
from tellwire.platform.language.account import read_audiences, write_account, write_audiences
from tellwire.platform.language.campaign import is_flat
from tellwire.platform.language.names import no_name
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.account import Account
from tellwire.platform.model.audit import AuditWay
from tellwire.platform.model.campaign import COURSE, IN_USE, Campaign, CampaignId, CampaignSet, campaign_set
from tellwire.platform.model.flat import flat_of
from tellwire.platform.model.people_list import LISTS_LIMIT, by_folded_name
from tellwire.platform.model.provider import Provider, ProviderId
from tellwire.platform.model.step import sends_of
from tellwire.platform.model.value import fold
from tellwire.platform.ports.catalog import CatalogChange, PutAccount, PutProvider


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What an import does to one thing; `fields` are those that a change is about."""

    kind: Literal["provider", "campaign", "account", "list"]
    name: str
    what: Literal["created", "changed", "unchanged"]  # `unchanged` in `Imported.unchanged` only
    fields: Sequence[str] = ()


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did, or would do; what stays as it is stands apart.

    `left_out` says what the document has and an import does not take, and what to do about it. `affected` are those
    inside of campaigns that would change, in the answer to a dry run.
    """

    dry_run: bool
    changes: Sequence[Difference]
    unchanged: Sequence[Difference] = ()
    left_out: Sequence[str] = ()
    affected: Sequence[AffectedCampaign] = ()


class Manner(msgspec.Struct, frozen=True, kw_only=True):
    """How a document is taken: see `tellwire.platform.control.transfer.import_`.

    With `publishes` every campaign of it runs that is not stopped.
    """

    takes_account: bool = False
    publishes: bool = False
    keeps_state: bool = False
    inside: Inside = "finish"


_ENTRY: Final = re.compile(r"(?:providers|campaigns)\[\d+\]")


class ImportPlan:
    """What a document does to a catalog; `change` may be asked again for a newer one."""

    def __init__(
        self,
        desk: Desk,
        reading: Reading,
        now: datetime,
        manner: Manner,
    ) -> None:
        self._desk = desk
        self._manner = manner
        self.changes: list[CatalogChange] = []
        self.way: AuditWay = "apply" if manner.publishes else "import"
        self._document = reading.document
        self._mistakes = reading.mistakes
        # Entries with a mistake in their shape are not looked at further: what is wrong with them is known.
        self._flawed = {entry[0] for path in reading.mistakes if (entry := _ENTRY.match(path))}
        self._now = now
        self._problems: dict[str, str] = {}
        self.differences: list[Difference] = []

    def imported(self, *, dry_run: bool) -> Imported:
        """Return what `change` found."""
        changes = [one for one in self.differences if one.what != "unchanged"]
        unchanged = [one for one in self.differences if one.what == "unchanged"]
        return Imported(
            dry_run=dry_run, changes=changes, unchanged=unchanged, left_out=list(self._left_out())
        )

    def _left_out(self) -> Iterator[str]:
        document = self._document
        if document.account is not None and not self._manner.takes_account:
            yield "account: it holds over all campaigns; import it with `account`, or set it in the settings."

    def new_campaigns(self, newest: CampaignSet) -> list[CampaignEntry]:
        """Return the campaigns that the catalog has not."""
        known = {campaign.name.casefold() for campaign in newest.campaigns.values()}
        return [entry for entry in self._document.campaigns if entry.name.strip().casefold() not in known]

    def change(self, newest: CampaignSet, ids: Iterator[CampaignId]) -> list[CatalogChange]:
        """Return the changes, or raise a `Problem` with everything that is wrong."""
        self._problems, self.differences = dict(self._mistakes), []
        self._refuse_doubles()
        providers = self._providers(newest)
        account = self._account(msgspec.structs.replace(newest, account=self._listed(newest.account)))
        after = _with(newest, providers, account)
        campaigns = self._campaigns(newest, after, ids)
        if self._problems:
            raise invalid(self._problems, "The document was not taken: mend the fields named here.")
        self.changes = [
            *([PutAccount(account)] if account != newest.account else []),
            *map(PutProvider, providers),
            *(
                replacing(newest.campaigns.get(campaign.id), campaign, account, self._now)
                for campaign in campaigns
            ),
        ]
        written = {campaign.id for campaign in campaigns}
        others = joined_otherwise(newest, account, self._now)
        self.changes += [one for one in others if one.campaign.id not in written]
        return self.changes

    def _listed(self, known: Account) -> Account:
        """Return the account with the lists of the document, and note which are new."""
        names = [one.name.strip() for one in self._document.lists]
        there, seen = by_folded_name(known.lists), set[str]()
        for position, name in enumerate(names):
            why = no_name(name, "list")
            if fold(name) in seen:
                why = "This name stands in the document twice."
            if why:
                self._problems[f"lists[{position}].name"] = why
                continue
            seen.add(fold(name))
            what: Literal["created", "unchanged"] = "unchanged" if fold(name) in there else "created"
            self.differences.append(Difference(kind="list", name=name, what=what))
        try:
            return with_lists(known, filter(fold, names))
        except TooMany:
            self._problems["lists"] = f"There would be more than {LISTS_LIMIT} lists, and more cannot be."
            return known

    def _account(self, newest: CampaignSet) -> Account:
        """Return the account as it will be: with the audiences of the document, and what else it says if it may."""
        document, known = self._document, newest.account
        form = document.account if self._manner.takes_account and document.account else write_account(known)
        named = {one.name.strip(): one for one in document.audiences}
        kept = [one for one in write_audiences(known.audiences) if one.name not in named]
        try:
            read_audiences(document.audiences)
            account = account_of(form, [*kept, *named.values()], newest)
        except Unreadable as problem:
            self._note("", problem.fields)
            return known
        except Problem as problem:
            self._note("", problem.fields)
            return known
        before, after = _account_fields(known), _account_fields(account)
        fields = [field for field in after if before.get(field) != after[field]]
        if not fields:
            return known
        self.differences.append(Difference(kind="account", name="account", what="changed", fields=fields))
        return account

    def _refuse_doubles(self) -> None:
        for field, names in (
            ("providers", [entry.nickname for entry in self._document.providers]),
            ("campaigns", [entry.name for entry in self._document.campaigns]),
        ):
            seen: set[str] = set()
            for position, name in enumerate(names):
                if f"{field}[{position}]" in self._flawed:
                    continue
                if name.strip().casefold() in seen:
                    self._problems[f"{field}[{position}]"] = "This name stands in the document twice."
                seen.add(name.strip().casefold())

    def _providers(self, newest: CampaignSet) -> list[Provider]:
        in_use = {p.nickname.casefold(): p for p in newest.providers.values() if p.archived_at is None}
        changed = []
        for position, entry in enumerate(self._document.providers):
            if f"providers[{position}]" in self._flawed:
                continue
            known = in_use.get(entry.nickname.strip().casefold())
            provider = self._provider(f"providers[{position}]", entry, known)
            if provider is None or self._is_same("provider", known, provider):
                continue
            changed.append(provider)
        return changed

    def _provider(self, path: str, entry: ProviderEntry, known: Provider | None) -> Provider | None:
        identifier = known.id if known else ProviderId(new_id(self._now, secrets.randbits(32)))
        try:
            form, unset = provider_form(entry, self._desk.options.secrets_given)
            self._problems |= {f"{path}.{field}": why for field, why in unset.items()}
            return checked(self._desk, form, known, CampaignSet(version=0), identifier, self._now)
        except BadDocument as problem:
            self._note(path, problem.fields or {"": str(problem)})
        except Problem as problem:
            self._problems |= {f"{path}.{field}": why for field, why in problem.fields.items()}
        return None

    def _campaigns(
        self, newest: CampaignSet, after: CampaignSet, ids: Iterator[CampaignId]
    ) -> list[Campaign]:
        known = {campaign.name.casefold(): campaign for campaign in newest.campaigns.values()}
        changed = []
        for position, entry in enumerate(self._document.campaigns):
            if f"campaigns[{position}]" in self._flawed:
                continue
            stored = known.get(entry.name.strip().casefold())
            campaign = self._campaign(f"campaigns[{position}]", entry, stored, after, ids)
            if campaign is None or self._is_same("campaign", stored, campaign):
                continue
            changed.append(campaign)
        return changed

    def _campaign(
        self,
        path: str,
        entry: CampaignEntry,
        known: Campaign | None,
        after: CampaignSet,
        ids: Iterator[CampaignId],
    ) -> Campaign | None:
        if not self._knows_providers(path, entry, after):
            return None
        identifier = known.id if known else next(ids)
        try:
            campaign = campaign_in(entry, known, identifier, self._now, after.providers)
        except Unreadable as problem:
            self._note(path, problem.fields)
            return None
        state = campaign.state if self._manner.keeps_state else entry.state or campaign.state
        if self._manner.publishes and entry.state != "stopped":
            state = "running"
        if known is not None and known.state in IN_USE and state in IN_USE:
            campaign = changed(known, campaign, self._manner.inside)
        if campaign.state != state:
            campaign = moved(campaign, state, self._now, account=after.account)
        if state == "running":
            through = [after.provider_of(send) for send in sends_of(campaign.steps)]
            blocks = {one.id: blocks_in(one, self._desk.vault) for one in through if one is not None}
            problems: Mapping[str, str] = problems_of(campaign, after, blocks, self._now)
            problems = {**problems, **unknown_lists(campaign, after.account)}
            problems = in_flat(campaign, problems) if is_flat(entry) else problems
            self._problems |= {f"{path}.{field}": why for field, why in problems.items()}
        return campaign

    def _knows_providers(self, path: str, entry: CampaignEntry, after: CampaignSet) -> bool:
        """Say whether there are all providers that an entry names, and note which are not."""
        in_use = {p.nickname.casefold() for p in after.providers.values() if p.archived_at is None}
        missing = {
            field: nickname
            for field, nickname in providers_named(entry)
            if nickname.strip().casefold() not in in_use
        }
        flawed = self._flawed_providers()
        for field, nickname in missing.items():
            if nickname.strip().casefold() not in flawed:  # else it is there, and has its own mistakes
                self._problems[f"{path}.{field}"] = f"There is no provider “{nickname}”."
        return not missing

    def _note(self, path: str, fields: Mapping[str, str]) -> None:
        self._problems |= {f"{path}.{field}".rstrip("."): why for field, why in fields.items()}

    def _flawed_providers(self) -> set[str]:
        """Return the nicknames of the document's providers that have mistakes."""
        return {
            entry.nickname.strip().casefold()
            for position, entry in enumerate(self._document.providers)
            if any(path.startswith(f"providers[{position}]") for path in self._problems)
        }

    def _is_same(
        self,
        kind: Literal["provider", "campaign"],
        known: Provider | Campaign | None,
        new: Provider | Campaign,
    ) -> bool:
        """Note what becomes of one thing, and say whether nothing does."""
        name = new.nickname if isinstance(new, Provider) else new.name
        if known is None:
            self.differences.append(Difference(kind=kind, name=name, what="created"))
            return False
        before, after = self._comparable(known), self._comparable(new)
        fields = [field for field in {**before, **after} if before.get(field) != after.get(field)]
        what: Literal["changed", "unchanged"] = "changed" if fields else "unchanged"
        self.differences.append(Difference(kind=kind, name=name, what=what, fields=fields))
        return not fields

    def _comparable(self, thing: Provider | Campaign) -> dict[str, Any]:
        """Return all of it but when it was saved, with secrets opened: the same one seals differently each time."""
        fields = msgspec.structs.asdict(thing)
        del fields["updated_at"]
        if isinstance(thing, Campaign):
            for follows_the_state in (*COURSE, "hashed_as"):
                del fields[follows_the_state]
            fields |= _in_words_of_files(thing)
        if isinstance(thing, Provider):
            form = opened_form(thing, self._desk.vault)
            fields |= {"headers": form.headers, "authentication": form.authentication}
        return fields


def _in_words_of_files(campaign: Campaign) -> dict[str, Any]:
    """Return what a campaign is made of under the names that a file gives it."""
    flat = flat_of(campaign)
    if flat is None:
        return {}
    return {
        **msgspec.structs.asdict(flat),
        "start": None,
        "who": None,
        "steps": [s.id for s in campaign.steps],
    }


def _account_fields(account: Account) -> dict[str, Any]:
    fields = msgspec.structs.asdict(account)
    for apart in ("version", "lists", "last_list"):
        del fields[apart]
    return fields


def _with(newest: CampaignSet, providers: list[Provider], account: Account) -> CampaignSet:
    """Return the catalog as it will be; one provider marked default takes the mark from the others."""
    merged = {**newest.providers, **{p.id: p for p in providers}}
    chosen = next((p.id for p in reversed(providers) if p.is_default), None)
    if chosen is not None:
        merged = {i: msgspec.structs.replace(p, is_default=i == chosen) for i, p in merged.items()}
    return campaign_set(newest.version, list(newest.campaigns.values()), list(merged.values()), account)
