"""The trigger index: which running campaigns an event can start, without a look at all that listen to its name.

By the event's name first, then by one equality of each campaign's event conditions. What it returns is never too few
and may be too many: `predicate.first_unmet` has the last word.

    Order Placed ─┬─ city ──┬─ "singapore" ── campaigns 3, 17
                  │         └─ "berlin" ───── campaign 5
                  ├─ plan ──── "gold" ─────── campaign 8
                  └─ the rest, which have no equality: campaigns 1, 4

A campaign stands under the equality that it shares with the fewest others of its name.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

import msgspec

from tellwire.platform.decide.asked import NOTHING_ASKED, LinesInUse, lines_in_use, together
from tellwire.platform.decide.listing import NO_LISTS, ListsInUse, lists_in_use
from tellwire.platform.decide.plan import Plan, plan_of
from tellwire.platform.decide.predicate import equality_keys
from tellwire.platform.decide.recall import Past, past_of
from tellwire.platform.decide.timetable import Timetable
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet
from tellwire.platform.model.enrollment import Enrollment
from tellwire.platform.model.provider import Provider
from tellwire.platform.model.start import OnCall, OnEvent, OnSchedule, where_of
from tellwire.platform.model.step import SendStep, names_heard
from tellwire.platform.model.value import Properties, fold

FEW: Final = 4  # campaigns of one name that are asked sooner than looked up

Key: TypeAlias = str | float
Places: TypeAlias = tuple[int, ...]  # in `Listeners.campaigns`, which is in the order of ids


class Listeners(NamedTuple):
    """The running campaigns that listen to one event name.

    `tables` has, by folded name of a property and by key of its value, the places of the campaigns that want it;
    `rest` are the places of those in no table. Without tables everybody is asked.
    """

    campaigns: tuple[Campaign, ...]
    tables: Mapping[str, Mapping[Key, Places]]
    rest: Places

    def candidates(self, properties: Properties) -> Sequence[Campaign]:
        """Return, by id, at least all campaigns whose event conditions these properties meet."""
        if not self.tables:
            return self.campaigns
        places = set(self.rest)
        for name, value in properties.items():
            table = self.tables.get(fold(name))
            if table is not None:
                for key in equality_keys(value):
                    places.update(table.get(key, ()))
        return [self.campaigns[place] for place in sorted(places)]


class TriggerIndex(NamedTuple):
    """The index of one version of the catalog, and what else of it is worked out once.

    `heard` has the folded names of the events that may move somebody inside a campaign. `others` are the campaigns
    that something else than an event starts, by id; those that are paused are among them, for their dates go by.
    """

    catalog: CampaignSet
    by_event: Mapping[str, Listeners]
    default_provider: Provider | None
    stand_in: Provider | None  # through which everything goes in a rehearsal
    heard: frozenset[str]
    others: tuple[Campaign, ...]
    plans: dict[tuple[CampaignId, int], Plan]  # made when somebody asks for one; the newest have the number 0
    timetables: dict[CampaignId, Timetable]  # likewise
    past: Past
    older: Mapping[tuple[CampaignId, int], Campaign]  # versions that somebody is still inside by
    lists: ListsInUse = NO_LISTS  # the lists that campaigns look at
    lines: LinesInUse = NOTHING_ASKED  # what campaigns ask of behaviour

    def listeners(self, event_name: str) -> Listeners | None:
        """Return the campaigns that listen to this event, None if there are none."""
        return self.by_event.get(fold(event_name))

    def plan(self, campaign_id: CampaignId) -> Plan | None:
        """Return the plan of a campaign, None if there is no such campaign."""
        plan = self.plans.get((campaign_id, _NEWEST))
        if plan is None:
            campaign = self.catalog.campaigns.get(campaign_id)
            if campaign is None:
                return None
            plan = self.plans[campaign_id, _NEWEST] = plan_of(campaign)
        return plan

    def plan_for(self, enrollment: Enrollment) -> Plan | None:
        """Return the plan that somebody inside goes by: that of the version by which they entered, if it is known."""
        key = enrollment.campaign_id, enrollment.version
        older = self.older.get(key)
        if older is None:
            return self.plan(enrollment.campaign_id)
        plan = self.plans.get(key)
        if plan is None:
            newest = self.catalog.campaigns[enrollment.campaign_id]
            plan = self.plans[key] = plan_of(as_of(older, newest, enrollment.version))
        return plan

    def unknown(self, enrollments: Iterable[Enrollment]) -> Sequence[tuple[CampaignId, int]]:
        """Return the versions that these go by, and that are not known here."""
        campaigns = self.catalog.campaigns
        named = {
            (one.campaign_id, one.version): None
            for one in enrollments
            if one.version
            and (campaign := campaigns.get(one.campaign_id)) is not None
            and one.version != campaign.version
            and (one.is_pending or one.version > campaign.ended_version)
        }
        return [key for key in named if key not in self.older]

    def knowing(self, older: Mapping[tuple[CampaignId, int], Campaign]) -> "TriggerIndex":
        """Return the index with these versions beside those that it knows."""
        names = [names_heard(one.stop, one.steps) for one in older.values()]
        of_older = lists_in_use((*self.older.values(), *older.values()), self.catalog.account)
        account = self.catalog.account
        before = lines_in_use(
            [as_of(one, self.catalog.campaigns[key[0]], key[1]) for key, one in older.items()], account
        )
        return self._replace(
            lines=self.lines if before is NOTHING_ASKED else together(self.lines, before),
            lists=self.lists._replace(ids={**self.lists.ids, **of_older.ids}),
            older={**self.older, **older},
            heard=self.heard.union(*names),
        )

    def timetable(self, campaign_id: CampaignId, account: Account) -> Timetable | None:
        """Return the moments of a campaign's schedule since it began to run, None if it has none."""
        timetable = self.timetables.get(campaign_id)
        if timetable is None:
            campaign = self.catalog.campaigns[campaign_id]
            if not isinstance(campaign.start, OnSchedule) or campaign.began_at is None:
                return None
            timetable = self.timetables[campaign_id] = Timetable(campaign.start, campaign.began_at, account)
        return timetable

    def provider_of(self, send: SendStep) -> Provider | None:
        """Return the provider that a step sends through now, or None if there is none in use."""
        if self.stand_in is not None:
            return self.stand_in
        return self.default_provider if send.through is None else self.catalog.provider_of(send)


_NEWEST: Final = 0  # the number of the plan of a campaign as it is now


def as_of(older: Campaign, newest: Campaign, version: int) -> Campaign:
    """Return an earlier version of a campaign, which runs, pauses and ends as the newest does, and is as limited."""
    return msgspec.structs.replace(
        older,
        state=newest.state,
        name=newest.name,
        ends_at=newest.ends_at,
        limits=newest.limits,
        quiet=newest.quiet,
        version=version,
    )


def index_of(
    catalog: CampaignSet, before: TriggerIndex | None = None, *, stand_in: Provider | None = None
) -> TriggerIndex:
    """Return the index of this catalog; names whose campaigns are as `before` keep what was made for them.

    10,000 campaigns take 30 to 90 ms: whoever has a loop to keep going does it in a thread.
    """
    known = {} if before is None else before.by_event
    by_event = {
        name: _kept(known.get(name), campaigns) or listeners_of(campaigns)
        for name, campaigns in catalog.by_event().items()
    }
    older = {} if before is None else before.older
    others = tuple(
        campaign
        for campaign in catalog.campaigns.values()
        if campaign.state in {"running", "paused"} and not isinstance(campaign.start, OnEvent | OnCall)
    )
    return TriggerIndex(
        catalog,
        by_event,
        catalog.default_provider(),
        stand_in,
        catalog.names_heard.union(*(names_heard(one.stop, one.steps) for one in older.values())),
        others,
        {},
        {},
        past_of(catalog.campaigns.values()),
        older,
        _lists_of(catalog, older.values()),
        _asked_of(catalog, older),
    )


def _asked_of(catalog: CampaignSet, older: Mapping[tuple[CampaignId, int], Campaign]) -> LinesInUse:
    """Return what campaigns ask of behaviour, also by earlier versions that somebody is inside by."""
    newest, campaigns = lines_in_use(catalog.campaigns.values(), catalog.account), catalog.campaigns
    known = [as_of(one, campaigns[key[0]], key[1]) for key, one in older.items() if key[0] in campaigns]
    before = lines_in_use(known, catalog.account)
    return newest if before is NOTHING_ASKED else together(newest, before)


def _lists_of(catalog: CampaignSet, older: Iterable[Campaign]) -> ListsInUse:
    """Return the lists that campaigns look at; starts are those of the newest versions."""
    newest = lists_in_use(catalog.campaigns.values(), catalog.account)
    return newest._replace(ids={**lists_in_use(older, catalog.account).ids, **newest.ids})


def listeners_of(campaigns: tuple[Campaign, ...]) -> Listeners:
    """Return the index of campaigns that listen to one name, given by id."""
    if len(campaigns) <= FEW:
        return Listeners(campaigns, {}, ())
    tables: dict[str, dict[Key, list[int]]] = {}
    rest: list[int] = []
    for place, equality in enumerate(_most_selective(campaigns)):
        if equality is None:
            rest.append(place)
            continue
        table = tables.setdefault(equality.name, {})
        for key in equality.keys:
            table.setdefault(key, []).append(place)
    frozen = {name: {key: tuple(places) for key, places in table.items()} for name, table in tables.items()}
    return Listeners(campaigns, frozen, tuple(rest))


class _Equality(NamedTuple):
    """An equality of a campaign's event conditions: a folded property, and the keys of what it may be."""

    name: str
    keys: set[Key]


def _most_selective(campaigns: Sequence[Campaign]) -> list[_Equality | None]:
    """Return for each campaign the equality that it shares with the fewest, None where it has none."""
    every = [_equalities(campaign) for campaign in campaigns]
    crowds = Counter((name, key) for equalities in every for name, keys in equalities for key in keys)

    def crowd(equality: _Equality) -> int:
        return max((crowds[equality.name, key] for key in equality.keys), default=0)

    return [min(equalities, key=crowd, default=None) for equalities in every]


def _equalities(campaign: Campaign) -> list[_Equality]:
    return [
        _Equality(fold(condition.property), equality_keys(condition.value))
        for condition in where_of(campaign.start)
        if condition.operator == "equals"
    ]


def _kept(known: Listeners | None, campaigns: tuple[Campaign, ...]) -> Listeners | None:
    """Return what was known of a name, if it is about the same campaigns."""
    if known is None or len(known.campaigns) != len(campaigns):
        return None
    pairs = zip(known.campaigns, campaigns, strict=True)  # one by one: a thread that compares lets others run
    return known if all(old is new or old == new for old, new in pairs) else None
