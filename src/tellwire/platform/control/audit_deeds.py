"""What the audit log says of changes to the catalog: who reads it sees each field before and after. Pure.

Made from the very catalog that is saved over. A change that changes nothing is no deed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, assert_never

import msgspec

from tellwire.kernel.secrets import Vault
from tellwire.platform.backends.catalog_changes import changed_set
from tellwire.platform.control.campaign_form import page_of
from tellwire.platform.control.field_paths import NOTHING, Form, differences, fields_of
from tellwire.platform.control.provider_form import ProviderForm, opened_form
from tellwire.platform.control.provider_secrets import masked_form
from tellwire.platform.language.account import write_account
from tellwire.platform.language.rule import write_rule
from tellwire.platform.model.account import Account
from tellwire.platform.model.audit import AuditKind, AuditWay, AuditWhat, Deed
from tellwire.platform.model.campaign import IN_USE, Campaign, CampaignId, CampaignSet
from tellwire.platform.model.flat import Flat, flat_of
from tellwire.platform.model.provider import Provider
from tellwire.platform.model.rule import Rule
from tellwire.platform.model.start import OnEvent
from tellwire.platform.model.step import SendStep
from tellwire.platform.ports.catalog import (
    CatalogChange,
    DeleteCampaign,
    DeleteProvider,
    PutAccount,
    PutCampaign,
    PutProvider,
)
from tellwire.platform.senders.masking import (
    MASK,
    each_in_json,
    each_in_query,
    is_public_header,
    server_alone,
)


def deeds_of(
    before: CampaignSet, changes: Sequence[CatalogChange], vault: Vault, now: datetime, way: AuditWay = ""
) -> tuple[Deed, ...]:
    """Return what saving these changes over `before` does, one for each thing that it makes otherwise."""
    after = changed_set(before, changes)
    deeds = _Deeds(before, after, vault, now, way)
    return tuple(deed for change in changes for deed in deeds.of(change))


class _Deeds:
    """The deeds of one save."""

    def __init__(
        self, before: CampaignSet, after: CampaignSet, vault: Vault, now: datetime, way: AuditWay
    ) -> None:
        self._before = before
        self._after = after
        self._vault = vault
        self._now = now
        self._way = way

    def of(self, change: CatalogChange) -> Iterator[Deed]:
        match change:
            case PutCampaign(campaign=campaign):
                yield from self._campaign(campaign.id)
            case DeleteCampaign(campaign_id=campaign_id):
                yield from self._campaign(campaign_id)
            case PutProvider(provider=provider):
                yield from self._provider(self._before.providers.get(provider.id), provider)
                yield from self._no_longer_default(provider)
            case DeleteProvider(provider_id=provider_id):
                yield from self._provider(self._before.providers.get(provider_id), None)
            case PutAccount():
                yield from self._account(self._before.account, self._after.account)
            case _:
                assert_never(change)

    def _campaign(self, campaign_id: CampaignId) -> Iterator[Deed]:
        was, now = self._before.campaigns.get(campaign_id), self._after.campaigns.get(campaign_id)
        named = now or was
        if named is None:
            return
        is_flat = all(flat_of(one) is not None for one in (was, now) if one is not None)
        forms = [NOTHING if one is None else _campaign_form(one, is_flat=is_flat) for one in (was, now)]
        if was is None:
            forms[1] = _without_defaults(forms[1], _campaign_form(_BLANK, is_flat=is_flat))
        yield from self._deed("campaign", str(campaign_id), named.name, _campaign_turn(was, now), *forms)

    def _provider(self, was: Provider | None, now: Provider | None) -> Iterator[Deed]:
        named = now or was
        if named is None:
            return
        forms = [NOTHING if one is None else _provider_form(one, self._vault) for one in (was, now)]
        yield from self._deed("provider", named.id, named.nickname, _provider_turn(was, now), *forms)

    def _no_longer_default(self, provider: Provider) -> Iterator[Deed]:
        """Yield what a new default means for the one that was it before."""
        if provider.is_default:
            for one in self._before.providers.values():
                if one.is_default and one.id != provider.id:
                    yield from self._provider(one, self._after.providers.get(one.id))

    def _account(self, was: Account, now: Account) -> Iterator[Deed]:
        what: AuditWhat = "changed"
        if was.is_paused != now.is_paused:
            what = "paused" if now.is_paused else "resumed"
        yield from self._deed("account", "", "", what, _account_form(was), _account_form(now))
        for name in {**was.audiences, **now.audiences}:
            forms = [_rule_form(one.audiences, name) for one in (was, now)]
            yield from self._deed("audience", name, name, _existence(*forms), *forms)
        names = [{one.id: one.name for one in account.lists} for account in (was, now)]
        for list_id in {**names[0], **names[1]}:
            forms = [_list_form(known.get(list_id)) for known in names]
            name = names[1].get(list_id) or names[0][list_id]
            yield from self._deed("list", str(list_id), name, _existence(*forms), *forms)

    def _deed(
        self, kind: AuditKind, object_id: str, name: str, what: AuditWhat, was: Form, now: Form
    ) -> Iterator[Deed]:
        fields, left_out = differences(was, now)
        if fields or what in {"created", "deleted"}:
            yield Deed(
                kind=kind,
                object_id=object_id,
                name=name,
                what=what,
                at=self._now,
                way=self._way,
                fields=fields,
                left_out=left_out,
            )


def _existence(was: Form, now: Form) -> AuditWhat:
    return "created" if was == NOTHING else "deleted" if now == NOTHING else "changed"


def _campaign_turn(was: Campaign | None, now: Campaign | None) -> AuditWhat:
    if was is None or now is None:
        return "deleted" if now is None else "created"
    match was.state, now.state:
        case before, after if before == after:
            return "changed"
        case _, "paused":
            return "paused"
        case before, "running":
            return "resumed" if before in IN_USE else "published"
        case _:
            return "stopped"


def _provider_turn(was: Provider | None, now: Provider | None) -> AuditWhat:
    if was is None or now is None:
        return "deleted" if now is None else "created"
    if (was.archived_at is None) == (now.archived_at is None):
        return "changed"
    return "archived" if was.archived_at is None else "restored"


_NO_FIELD: Final = (  # of a campaign's page: what follows from others, or stands beside them in the log
    *("id", "version", "published_version", "created_at", "updated_at", "dropped_until"),
    *("problems", "funnel", "facts", "delivery"),
)
_STRUCTURED: Final = ("start", "who", "steps")


def _campaign_form(campaign: Campaign, *, is_flat: bool) -> Form:
    """Return the fields as people know them: those of the flat form where a campaign has one."""
    hidden = {*_NO_FIELD, *(_STRUCTURED if is_flat else Flat.__struct_fields__)}
    page = _plain(page_of(campaign))
    real = fields_of({name: value for name, value in page.items() if name not in hidden})
    inside = {"moved_up_to_version": campaign.moved_version, "left_up_to_version": campaign.ended_version}
    real |= {f"people_inside.{name}": number for name, number in inside.items() if number}
    return Form(real, {path: _without_secrets(path, value) for path, value in real.items()})


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_BLANK: Final = Campaign(
    id=CampaignId(0), start=OnEvent(event=""), steps=(SendStep(),), created_at=_EPOCH, updated_at=_EPOCH
)


def _without_defaults(form: Form, blank: Form) -> Form:
    """Return what somebody wrote of a new thing: the rest says nothing."""
    written = {path: value for path, value in form.real.items() if blank.real.get(path) != value}
    return Form(written, {path: form.shown[path] for path in written})


def _without_secrets(path: str, value: Any) -> Any:
    """Return a field of a campaign without what a call to another system is signed in with."""
    _, has_headers, header = path.partition(".call.headers.")
    if has_headers:
        return value if is_public_header(header) else MASK
    if not isinstance(value, str):
        return value
    if path.endswith(".call.url"):
        return server_alone(value)
    if path.endswith(".call.body"):
        hidden = each_in_json(value, lambda _name, _value: f'"{MASK}"')
        return each_in_query(hidden, lambda _name, _value: MASK) if hidden == value else hidden
    return value


def _provider_form(provider: Provider, vault: Vault) -> Form:
    opened = opened_form(provider, vault)
    state = {"is_archived": provider.archived_at is not None or None}
    return Form(
        _provider_fields(opened) | fields_of(state), _provider_fields(masked_form(opened)) | fields_of(state)
    )


def _provider_fields(form: ProviderForm) -> dict[str, Any]:
    fields = _plain(form)
    fields["headers"] = _by_name(form.headers)
    for place, name in (("parameters", "pairs"), ("authentication", "extra")):
        if name in fields[place]:
            fields[place][name] = _by_name(fields[place][name])
    return fields_of({name: value for name, value in fields.items() if name != "id"})


def _by_name(pairs: Iterable[Sequence[str]]) -> dict[str, list[str] | str]:
    """Return the values of pairs by their names; a name that stands several times has all of its values."""
    by_name: dict[str, list[str]] = {}
    for name, value in pairs:
        by_name.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in by_name.items()}


def _account_form(account: Account) -> Form:
    fields = fields_of(_plain(write_account(account)) | {"is_paused": account.is_paused or None})
    return Form(fields, fields)


def _rule_form(audiences: Mapping[str, Rule], name: str) -> Form:
    if name not in audiences:
        return NOTHING
    fields = fields_of({"rule": _plain(write_rule(audiences[name]))})
    return Form(fields, fields)


def _list_form(name: str | None) -> Form:
    fields = {} if name is None else {"name": name}
    return Form(fields, fields)


def _plain(form: Any) -> dict[str, Any]:
    """Return a form as its JSON has it."""
    return msgspec.json.decode(msgspec.json.encode(form), type=dict[str, Any])
