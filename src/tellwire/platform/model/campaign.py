"""A campaign: who enters and when (`start`), who of them (`who`), and what happens then (`steps`)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Annotated, Final, Literal, NewType

import msgspec

from tellwire.platform.model.account import Account
from tellwire.platform.model.bounds import Name
from tellwire.platform.model.duration import Duration
from tellwire.platform.model.guard import Limits, QuietHours
from tellwire.platform.model.link import Shortening
from tellwire.platform.model.provider import Provider, ProviderId
from tellwire.platform.model.rule import Rule, dids_in
from tellwire.platform.model.start import OnEvent, Start, event_of
from tellwire.platform.model.step import (
    ChooseStep,
    SendStep,
    Signal,
    Step,
    StepId,
    every_step,
    names_heard,
    sends_of,
)
from tellwire.platform.model.value import fold

CampaignId = NewType("CampaignId", int)
CampaignState = Literal["draft", "running", "paused", "stopped"]
Again = Literal["ignore", "restart", "beside"]
Priority = Literal["high", "normal", "low"]


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What to do when handing over goes wrong.

    `when_unresolved`: a request left and no answer came; `never_repeat` is at most once, `repeat` at least once.
    `attempts`: tries in all for what was surely not sent.
    `give_up_after_s`: a message older than this is not tried again, for an offer is stale by then.
    """

    when_unresolved: Annotated[
        Literal["never_repeat", "repeat"],
        msgspec.Meta(description="When no answer came: leave it (at most once), or repeat (at least once)."),
    ] = "never_repeat"
    attempts: Annotated[
        int,
        msgspec.Meta(ge=1, le=100, title="Tries", description="In all, for what was surely not sent."),
    ] = 8
    give_up_after_s: Annotated[
        int,
        msgspec.Meta(
            ge=60, le=7 * 86_400, description="The age in seconds from which a message is not tried again."
        ),
    ] = 4 * 3600


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """The plain fields of a campaign: forms, files, answers and what is stored inherit them, and say them no more."""

    name: Annotated[Name, msgspec.Meta(title="Name", description="What the campaign is called.")] = ""
    starts_at: Annotated[
        datetime | None,
        msgspec.Meta(title="Starts", description="Nobody enters before; empty is from publishing on."),
    ] = None
    ends_at: Annotated[
        datetime | None,
        msgspec.Meta(title="Ends", description="Nothing is sent from then on; empty is until it is stopped."),
    ] = None
    policy: Policy = Policy()


class Goal(msgspec.Struct, frozen=True, kw_only=True):
    """The event that counts as success if it comes within this time of entering; `revenue` is a number in it."""

    signal: Signal
    within: Duration
    revenue: Name = ""


class Guards(Terms, frozen=True, kw_only=True):
    """What a campaign says beside who enters and what happens then.

    `key` is a property of the entering event: one person may be inside once for each of its values. `again` says what
    happens to somebody who is inside with the same key. `stop` ends an enrollment whenever it comes. `holdout` is a
    share of the people, in percent, who are followed and not written to. `hashed_as` is the name at first publishing,
    by which people are shared out (`decide.share`).
    """

    key: Name = ""
    again: Again = "ignore"
    stop: Signal | None = None
    goal: Goal | None = None
    holdout: Annotated[float, msgspec.Meta(ge=0, le=100)] = 0
    limits: Limits = Limits()
    quiet: tuple[QuietHours, ...] = ()
    priority: Priority = "normal"
    labels: tuple[Name, ...] = ()
    hashed_as: Name = ""


class Course(Guards, frozen=True, kw_only=True):
    """What publishing, pausing and stopping made of a campaign, beside its state: nobody writes it.

    `dropped_until`: messages made before that moment are not sent, for the campaign was stopped and they dropped.
    `version` is the number of the version that was published last, 0 if none was. Whoever is inside by a version up
    to `ended_version` has left, and by one up to `moved_version` goes on in the newest. `began_at` is when it last
    began to run: schedules count from then; `paused_at` when it last paused. `has_kept`: somebody may be inside by one
    of its versions. `last_number` is the highest number that a send ever had. `archived_at` is when it was taken out of
    the lists, None if it was not: only a draft, and what is stopped, is archived. `before_links` are the sends that
    were published when no link was shortened: their links stay until their content says otherwise.
    """

    dropped_until: datetime | None = None
    version: int = 0
    ended_version: int = 0
    moved_version: int = 0
    began_at: datetime | None = None
    paused_at: datetime | None = None
    has_kept: bool = False
    last_number: int = 0
    archived_at: datetime | None = None
    before_links: tuple[StepId, ...] = ()


COURSE: Final = Course.__struct_fields__[len(Guards.__struct_fields__) :]


class Campaign(Course, frozen=True, kw_only=True):
    """One campaign. `who` None is everybody."""

    id: CampaignId
    state: CampaignState = "draft"
    start: Start
    who: Rule | None = None
    steps: Annotated[tuple[Step, ...], msgspec.Meta(min_length=1)]
    created_at: datetime
    updated_at: datetime

    @property
    def only_send(self) -> SendStep | None:
        """The one thing that it does, None if it does anything else: a campaign that can be written flat."""
        match self.steps:
            case (SendStep() as send,):
                return send
            case _:
                return None


def may_keep_people(campaign: Campaign, account: Account) -> bool:
    """Say whether somebody may be inside for longer than a moment: a step waits, or a guard may hold a message."""
    limits = (campaign.limits, account.limits)
    return (
        campaign.only_send is None
        or not isinstance(campaign.start, OnEvent)
        or bool(campaign.quiet or account.quiet)
        or any(one.gap for one in limits)
        or campaign.limits.per_day is not None
        or campaign.limits.cut_off is not None
    )


def shortens(campaign: Campaign, send: SendStep) -> bool:
    """Say whether a campaign wants each link of this text of its to become a short one."""
    return send.content.shorten is not False and send.id not in campaign.before_links


def hashed_name(campaign: Campaign) -> str:
    """Return the name under which a campaign was first published."""
    return campaign.hashed_as or campaign.name


def step_of(campaign: Campaign, step: str) -> SendStep | None:
    """Return the send of this id, the first one for the empty id of earlier releases; None if there is none."""
    sends = sends_of(campaign.steps)
    return next((send for send in sends if not step or send.id == step), None)


class CampaignSet(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the catalog held at one version: immutable, so a decision can name what it was made with.

    `names_heard` are the folded names of the events that may move somebody inside a campaign, and `names_asked` those
    of the events that rules of campaigns and audiences ask about.
    `shortening` is how short links are made, None where nobody could reach them: it is the installation's, and in no
    store.
    """

    version: int
    campaigns: Mapping[CampaignId, Campaign] = {}
    providers: Mapping[ProviderId, Provider] = {}
    _by_event: Mapping[str, tuple[Campaign, ...]] = {}
    _heard_by: Mapping[CampaignId, frozenset[str]] = {}
    names_heard: frozenset[str] = frozenset()
    names_asked: frozenset[str] = frozenset()
    account: Account = Account()
    shortening: Shortening | None = None

    def answering(self, event_name: str) -> tuple[Campaign, ...]:
        """Return the campaigns in use that listen to this event, by id: no scan of campaigns an event.

        One that is paused is among them, for it refuses whoever would enter.
        """
        return self._by_event.get(fold(event_name), ())

    def by_event(self) -> Mapping[str, tuple[Campaign, ...]]:
        """Return the campaigns in use, by id, under the folded name of the event that they listen to."""
        return self._by_event

    def heard_by(self) -> Mapping[CampaignId, frozenset[str]]:
        """Return the names of the events that may move somebody inside each campaign in which there are any."""
        return self._heard_by

    def hears(self, event_name: str) -> bool:
        """Say whether an event of this name may start a campaign, move somebody inside one, or matter to a rule."""
        name = fold(event_name)
        return name in self._by_event or name in self.names_heard or name in self.names_asked

    def provider_of(self, send: SendStep) -> Provider | None:
        """Return the provider that a step sends through now, or None if there is none in use."""
        if send.through is not None:
            provider = self.providers.get(send.through)
            return provider if provider is not None and provider.archived_at is None else None
        return self.default_provider()

    def default_provider(self) -> Provider | None:
        """Return the provider of steps that name none, or None if there is none in use."""
        return next((p for p in self.providers.values() if p.is_default and p.archived_at is None), None)


IN_USE: Final[frozenset[CampaignState]] = frozenset({"running", "paused"})


def campaign_set(
    version: int,
    campaigns: list[Campaign],
    providers: list[Provider],
    account: Account | None = None,
    shortening: Shortening | None = None,
) -> CampaignSet:
    """Return the set of all of these, with its index by event name."""
    by_event: dict[str, list[Campaign]] = {}
    for campaign in sorted(campaigns, key=lambda c: c.id):
        if campaign.state in IN_USE and (name := fold(event_of(campaign.start))):
            by_event.setdefault(name, []).append(campaign)
    heard_by = {c.id: names for c in campaigns if (names := heard_in(c))}
    return CampaignSet(
        version=version,
        campaigns={c.id: c for c in campaigns},
        providers={p.id: p for p in providers},
        _by_event={name: tuple(listening) for name, listening in by_event.items()},
        _heard_by=heard_by,
        names_heard=frozenset().union(*heard_by.values()),
        names_asked=names_asked(campaigns, account or Account()),
        account=account or Account(),
        shortening=shortening,
    )


def names_asked(campaigns: Iterable[Campaign], account: Account) -> frozenset[str]:
    """Return the folded names of the events that rules of campaigns in use, and of audiences, ask about."""
    rules = (rule for one in campaigns if one.state in IN_USE for rule in _rules_of(one))
    dids = (did for rule in (*rules, *account.audiences.values()) for did in dids_in(rule))
    return frozenset(fold(did.event) for did in dids)


def _rules_of(campaign: Campaign) -> Iterator[Rule]:
    if campaign.who is not None:
        yield campaign.who
    if campaign.only_send is None:
        steps = every_step(campaign.steps)
        yield from (
            branch.rule
            for step in steps
            if isinstance(step, ChooseStep)
            for branch in step.branches
            if branch.rule
        )


def heard_in(campaign: Campaign) -> frozenset[str]:
    """Return the folded names of the events that may move somebody inside a campaign, or are its goal."""
    if campaign.state == "draft":
        return frozenset()
    goal = frozenset() if campaign.goal is None else frozenset({fold(campaign.goal.signal.event)})
    if campaign.only_send is not None and campaign.stop is None:
        return goal
    return goal | names_heard(campaign.stop, campaign.steps)
