"""The trigger index: never too few campaigns, mostly no more than needed, and cheap when the catalog changes."""

from itertools import product
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import a_campaign, rewritten

from tellwire.platform.decide.index import FEW, Listeners, index_of, listeners_of
from tellwire.platform.decide.predicate import equality_keys, first_unmet, holds
from tellwire.platform.model.campaign import Campaign, CampaignId, campaign_set
from tellwire.platform.model.rule import Condition, Operator
from tellwire.platform.model.start import where_of

# What compares oddly: spellings of one number, days, moments and dates of one second, cases, types.
ODD = [
    *("5", "5.0", " 5 ", "+5", "05", 5, 5.0, 5.5, "5.50", "-0", 0, True, False, "TRUE", "true", 10**18, 1e18, 2**70),
    *("$D_1700000000", 1700000000, "1700000000", "2023-11-14", "2023-11-14T22:13:20Z", "2023-11-14T22:13:20"),
    *("$D_1699920000", " 2023-11-14 ", "$d_1700000000", "$D_99999999999999999999", "2023-11-14T23:13:20+01:00"),
    *("Straße", "STRASSE", "strasse ", "Berlin", "berlin", "", " ", None, {"a": 1}, "İ", "i̇"),
]  # fmt: skip
SINGLE = st.one_of(
    st.sampled_from(ODD),
    st.integers(-3, 3),
    st.floats(allow_nan=False),
    st.text(max_size=3),
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.integers(-(2**40), 2**40).map(lambda seconds: f"$D_{seconds}"),
)
VALUE = st.one_of(SINGLE, st.lists(SINGLE, max_size=4), st.lists(st.lists(SINGLE, max_size=1), max_size=2))
NAME = st.sampled_from(["City", "city", "C i t y", "Plan", "Amount", "plan "])
CONDITION = st.builds(
    lambda name, operator, value: Condition(property=name, operator=operator, value=value),
    NAME,
    st.one_of(st.just("equals"), st.sampled_from(Operator.__args__)),  # type: ignore[attr-defined]  # of a Literal
    VALUE,
)
CONDITIONS = st.lists(CONDITION, max_size=3).map(tuple)
PROPERTIES = st.dictionaries(NAME, VALUE, max_size=4)


def campaigns(*conditions: tuple[Condition, ...]) -> tuple[Campaign, ...]:
    return tuple(
        a_campaign(id=CampaignId(n), state="running", event="Looked", event_conditions=each)
        for n, each in enumerate(conditions, 1)
    )


def city(*names: Any) -> tuple[Condition, ...]:
    return (Condition(property="City", value=names[0] if len(names) == 1 else list(names)),)


@given(SINGLE, VALUE)
def test_values_that_are_equal_share_a_key(value: Any, wanted: Any) -> None:
    if holds(Condition(property="a", value=wanted), value):
        assert equality_keys(value) & equality_keys(wanted)


def test_odd_values_that_are_equal_share_a_key() -> None:
    equal = [pair for pair in product(ODD, ODD) if holds(Condition(property="a", value=pair[1]), pair[0])]

    assert [pair for pair in equal if not equality_keys(pair[0]) & equality_keys(pair[1])] == []
    assert len(equal) > 2 * len(ODD)


@given(st.lists(CONDITIONS, min_size=FEW + 1, max_size=12), PROPERTIES)
def test_index_and_predicate_are_the_predicate_over_all(
    conditions: list[tuple[Condition, ...]], properties: dict[str, Any]
) -> None:
    every = campaigns(*conditions)

    candidates = listeners_of(every).candidates(properties)

    assert started(candidates, properties) == started(every, properties)
    assert list(candidates) == sorted(candidates, key=lambda campaign: campaign.id)


def started(asked: Any, properties: dict[str, Any]) -> list[Campaign]:
    return [campaign for campaign in asked if first_unmet(where_of(campaign.start), properties) is None]


def test_of_a_thousand_cities_an_event_meets_one() -> None:
    listeners = listeners_of(campaigns(*(city(f"City {n}") for n in range(1000))))

    assert ids(listeners, {"city": "CITY 7"}) == [8]
    assert ids(listeners, {"City": ["city 1", "city 2", "elsewhere"]}) == [2, 3]
    assert ids(listeners, {"Plan": "gold"}) == ids(listeners, {}) == []


def test_campaigns_without_an_equality_are_always_asked() -> None:
    more = (Condition(property="Amount", operator="greater_than", value=10),)
    listeners = listeners_of(campaigns(city("a"), more, city("b"), (), city("c")))

    assert ids(listeners, {"City": "c"}) == [2, 4, 5]


def test_a_campaign_stands_under_the_equality_that_it_shares_with_the_fewest() -> None:
    plan = Condition(property="Plan", value="gold")
    listeners = listeners_of(campaigns(*((plan, *city(f"{n}")) for n in range(9)), (plan,)))

    assert ids(listeners, {"Plan": "Gold", "City": 3}) == [4, 10]


def test_every_alternative_finds_a_campaign_once() -> None:
    listeners = listeners_of(campaigns(city("a", "5", 5), *(city(f"{n}") for n in range(10, 20))))

    assert ids(listeners, {"City": ["a", 5]}) == [1]
    assert ids(listeners, {"City": 5.0}) == [1]


def test_an_equality_that_nothing_can_meet_is_never_asked() -> None:
    listeners = listeners_of(campaigns(city(None), *(city(f"{n}") for n in range(FEW))))

    assert ids(listeners, {"City": None}) == []


def ids(listeners: Listeners, properties: dict[str, Any]) -> list[int]:
    return [campaign.id for campaign in listeners.candidates(properties)]


def test_only_running_campaigns_are_listened_for_and_names_compare_loosely() -> None:
    index = index_of(campaign_set(1, [a_campaign(event="Order Placed", state="draft")], []))

    assert index.listeners("Order Placed") is None
    index = index_of(campaign_set(2, [a_campaign(event="Order Placed", state="running")], []))
    assert index.listeners("orderplaced") is not None


def test_a_change_of_one_campaign_leaves_what_was_made_for_other_names() -> None:
    one, other = (a_campaign(id=CampaignId(n), event=f"E{n}", state="running") for n in (1, 2))
    before = index_of(campaign_set(1, [one, other], []))
    changed = rewritten(one, event_conditions=city("a"))
    read_again = msgspec.json.decode(msgspec.json.encode(other), type=Campaign)

    after = index_of(campaign_set(2, [changed, read_again], []), before)

    assert after.listeners("E2") is before.listeners("E2")
    assert ids(after.by_event["e1"], {}) == [1]
    assert after.by_event["e1"].campaigns == (changed,)
    assert after.catalog.version == 2


@given(st.lists(CONDITIONS, max_size=8), st.lists(CONDITIONS, max_size=8))
def test_an_index_made_of_an_older_one_is_the_index_made_anew(
    first: list[tuple[Condition, ...]], second: list[tuple[Condition, ...]]
) -> None:
    before = index_of(campaign_set(1, list(campaigns(*first)), []))
    newest = campaign_set(2, list(campaigns(*second)), [])

    assert index_of(newest, before) == index_of(newest)
