"""A campaign of kind "live, single action": an event, who, what, when, through which provider."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NewType

import msgspec

from tellwire.platform.model.provider import Provider, ProviderId
from tellwire.platform.model.rule import Condition
from tellwire.platform.model.value import fold

CampaignId = NewType("CampaignId", int)
CampaignState = Literal["draft", "running", "stopped"]

NAME_LIMIT = 120
TEXT_LIMIT = 4096  # characters of template; ten parts of rendered text are 1530


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What is written: Liquid over `Profile.*` and `Event.*`.

    `tokens` gives each custom `$$name` of the provider its value, `global_tokens` those outside a batch's key;
    `extra` are ad-hoc pairs of this campaign only; all are Liquid, the global ones without `Profile` and `Event`.
    """

    text: str
    transliterate: bool = False
    template_id: str = ""
    template_variables: tuple[str, ...] = ()
    tokens: Mapping[str, str] = {}
    extra: Mapping[str, str] = {}


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What to do when handing over goes wrong.

    `when_unresolved`: a request left and no answer came; `never_repeat` is at most once, `repeat` at least once.
    `attempts`: tries in all for what was surely not sent.
    `give_up_after_s`: a message older than this is not tried again, for an offer is stale by then.
    """

    when_unresolved: Literal["never_repeat", "repeat"] = "never_repeat"
    attempts: int = 8
    give_up_after_s: int = 4 * 3600


class Campaign(msgspec.Struct, frozen=True, kw_only=True):
    """One campaign. `provider_id` None means the default provider at the time of sending.

    `respects_consent` False is for what a person must get (a code, a receipt): it passes the profile's own
    `MSG-sms` opt-out, never the number-wide suppression.
    `dropped_until`: messages made before that moment are not sent, for the campaign was stopped and they dropped.
    """

    id: CampaignId
    name: str
    state: CampaignState = "draft"
    event: str
    event_conditions: tuple[Condition, ...] = ()
    profile_conditions: tuple[Condition, ...] = ()
    respects_consent: bool = True
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    provider_id: ProviderId | None = None
    content: Content
    policy: Policy = Policy()
    dropped_until: datetime | None = None
    created_at: datetime
    updated_at: datetime


class CampaignSet(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the catalog held at one version: immutable, so a decision can name what it was made with."""

    version: int
    campaigns: Mapping[CampaignId, Campaign] = {}
    providers: Mapping[ProviderId, Provider] = {}
    _by_event: Mapping[str, tuple[Campaign, ...]] = {}

    def answering(self, event_name: str) -> tuple[Campaign, ...]:
        """Return the running campaigns that listen to this event, by id: no scan of campaigns an event."""
        return self._by_event.get(fold(event_name), ())

    def by_event(self) -> Mapping[str, tuple[Campaign, ...]]:
        """Return the running campaigns, by id, under the folded name of the event that they listen to."""
        return self._by_event

    def provider_of(self, campaign: Campaign) -> Provider | None:
        """Return the provider a campaign sends through now, or None if there is none in use."""
        if campaign.provider_id is not None:
            provider = self.providers.get(campaign.provider_id)
            return provider if provider is not None and provider.archived_at is None else None
        return self.default_provider()

    def default_provider(self) -> Provider | None:
        """Return the provider of campaigns that name none, or None if there is none in use."""
        return next((p for p in self.providers.values() if p.is_default and p.archived_at is None), None)


def campaign_set(version: int, campaigns: list[Campaign], providers: list[Provider]) -> CampaignSet:
    """Return the set of all of these, with its index by event name."""
    by_event: dict[str, list[Campaign]] = {}
    for campaign in sorted(campaigns, key=lambda c: c.id):
        if campaign.state == "running":
            by_event.setdefault(fold(campaign.event), []).append(campaign)
    return CampaignSet(
        version=version,
        campaigns={c.id: c for c in campaigns},
        providers={p.id: p for p in providers},
        _by_event={name: tuple(listening) for name, listening in by_event.items()},
    )
