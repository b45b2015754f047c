"""One person meets one campaign: what the gates of `gates` and `send_gates` may look at."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol, TypeAlias

from tellwire.platform.decide.behaviour import Seen
from tellwire.platform.decide.kept import cut, seconds
from tellwire.platform.decide.rules import text_of
from tellwire.platform.decide.run_so_far import RunSoFar
from tellwire.platform.model.account import Account
from tellwire.platform.model.address import Address
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.channel import Channel, channel_named
from tellwire.platform.model.codes import PASSED
from tellwire.platform.model.decision import GateResult
from tellwire.platform.model.enrollment import Contact, Entrance
from tellwire.platform.model.link import Shortening
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.provider import Provider
from tellwire.platform.model.rule import Condition, Did, conditions_of
from tellwire.platform.model.step import SendStep, sends_of
from tellwire.platform.model.value import Properties


class Surroundings(Protocol):
    """What the gates ask of the batch: how things stand as of the last occasion that was decided."""

    account: Account
    shortening: Shortening | None

    def is_suppressed(self, number: Address) -> bool:
        """Say whether the number must not be written to."""

    def is_listed(self, profile: Profile, name: str) -> bool:
        """Say whether the person is on the list of this name."""

    def seen(self, profile: Profile, did: Did, entered_at: datetime | None) -> Seen | None:
        """Return what there is of the events that a rule asks about, None while they are not counted.

        `entered_at` is when the person entered the campaign that asks, None before.
        """

    def contacts(self, profile: Profile) -> Sequence[Contact]:
        """Return the messages to this person's number that caps count, in any order."""

    def entries(self, profile: Profile, campaign: CampaignId) -> int:
        """Return how often the person has entered the campaign."""

    def sent_today(self, campaign: CampaignId) -> int:
        """Return how many messages of the campaign were decided on this day of the account's zone."""

    def run(self, campaign: CampaignId, name: str) -> RunSoFar:
        """Return what a run of the campaign's schedule did so far."""


class Sending(NamedTuple):
    """A step that sends, during one batch: its channel, the provider that it goes through, and the gate about that."""

    step: SendStep
    channel: Channel
    provider: Provider | None
    has_provider: GateResult


class Standing(NamedTuple):
    """A campaign during one batch, and the gate that asks nothing of occasion and person: answered once.

    `conditions` are those that a person has to meet, None if `who` says more than conditions can; `who_words` says
    then in few words what.
    """

    campaign: Campaign
    conditions: tuple[Condition, ...] | None
    schedule: GateResult
    sendings: Mapping[str, Sending]
    who_words: str = ""


class Meeting(NamedTuple):
    """One person meeting one campaign.

    `entrance` is the occasion by which the person entered, or is about to enter, and `properties` are its own.
    """

    entrance: Entrance
    properties: Properties
    profile: Profile
    standing: Standing
    around: Surroundings
    now: datetime

    @property
    def campaign(self) -> Campaign:
        """The campaign that the person meets."""
        return self.standing.campaign


ProviderOf: TypeAlias = Callable[[SendStep], Provider | None]


def standing_of(campaign: Campaign, provider_of: ProviderOf, now: datetime) -> Standing:
    """Return how a campaign stands now; `provider_of` has the provider that a step sends through."""
    conditions = conditions_of(campaign.who)
    return Standing(
        campaign,
        conditions,
        schedule_of(campaign, now),
        {send.id: _sending(send, provider_of(send)) for send in sends_of(campaign.steps)},
        "" if conditions is not None or campaign.who is None else cut(text_of(campaign.who)),
    )


def schedule_of(campaign: Campaign, now: datetime) -> GateResult:
    """Return whether the campaign has started and has not ended."""
    starts_at, ends_at = campaign.starts_at, campaign.ends_at
    if starts_at is None and ends_at is None:
        return GateResult("schedule")
    values = (seconds(now), starts_at and seconds(starts_at), ends_at and seconds(ends_at))
    if starts_at is not None and now < starts_at:
        return GateResult("schedule", "not_started", values)
    if ends_at is not None and now >= ends_at:
        return GateResult("schedule", "ended", values)
    return GateResult("schedule", PASSED, values)


def _sending(step: SendStep, provider: Provider | None) -> Sending:
    if provider is not None:
        return Sending(
            step, channel_named(step.channel), provider, GateResult("provider", PASSED, (provider.nickname,))
        )
    values = () if step.through is None else (step.through,)
    return Sending(step, channel_named(step.channel), None, GateResult("provider", "no_provider", values))
