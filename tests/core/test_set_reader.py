"""Everybody who meets a rule, over columns, is everybody whom the reader of one person lets pass."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import duckdb
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.behaviour import EVENTS as DEEDS
from tests.behaviour import MOMENT, RULES, an_event
from tests.builders import a_profile

from tellwire.kernel.address import msisdn_of_digits
from tellwire.platform.decide.behaviour import seen_of
from tellwire.platform.decide.rules import Person, meets
from tellwire.platform.history.projections import run
from tellwire.platform.history.schema import creating
from tellwire.platform.history.store import Opened
from tellwire.platform.model.account import Account
from tellwire.platform.model.behaviour import Bounds, Count, Total
from tellwire.platform.model.channel import SMS
from tellwire.platform.model.event import Event, Subject
from tellwire.platform.model.list_member import ListKey, keys_of
from tellwire.platform.model.people_list import ListId, PeopleList
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.rule import (
    OPERATORS,
    All,
    Condition,
    Did,
    Edge,
    Has,
    Listed,
    Member,
    Not,
    Reachable,
    Rule,
)
from tellwire.platform.model.rule import (
    Any as AnyOf,
)
from tellwire.platform.model.value import fold, look_up
from tellwire.platform.ports.feed import Listing

VIPS = ListId(3)
LISTS = (PeopleList(id=VIPS, name="VIPs"),)


class World:
    """People with what they did, as both readers see them."""

    def __init__(
        self,
        people: Sequence[tuple[dict[str, Any], bool, Sequence[Event]]],
        suppressed: set[int] = frozenset(),
        listed: set[ListKey] = frozenset(),
        audiences: Mapping[str, Rule] | None = None,
    ) -> None:
        self.profiles = {n: _profile(n, *person[:2]) for n, person in enumerate(people, start=1)}
        self.events = {n: person[2] for n, person in enumerate(people, start=1)}
        self.suppressed, self.listed = suppressed, listed
        self.account = Account(audiences=audiences or {}, lists=LISTS)

    def by_one_person(self, rule: Rule) -> set[int]:
        return {n for n, profile in self.profiles.items() if meets(rule, self._person(n, profile))}

    def by_columns(self, opened: Opened, rule: Rule) -> set[int]:
        reading = opened.reading(self.account, MOMENT)
        return set(reading.places(reading.meeting(rule), 0, 1_000))

    def load(self, opened: Opened) -> None:
        opened.loading.people(self.profiles)
        opened.loading.suppressed(dict.fromkeys(self.suppressed, True))
        opened.loading.listings({Listing(VIPS, key): True for key in self.listed})
        rows, seq = [], 0
        for n, events in self.events.items():
            for event in events:
                seq += 1
                rows.append(f"[{seq},{n},{_json(fold(event.name))},{_json(event)}]")
        if rows:
            opened.loading.unpack(rows)
            opened.loading.events({})

    def _person(self, n: int, profile: Profile) -> Person:
        def is_reachable(channel: str) -> bool:
            is_free = profile.phone is not None and int(profile.phone.digits) not in self.suppressed
            return (
                channel == "sms" and is_free and SMS.is_consent(look_up(profile.properties, SMS.consent_flag))
            )

        return Person(
            profile.properties,
            is_reachable,
            lambda name: fold(name) == "vips" and bool(self.listed & set(keys_of(profile))),
            self.account.audiences.get,
            lambda did: seen_of(did, self.events[n], did.window.span(MOMENT, self.account.clock)),
        )


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _profile(n: int, properties: dict[str, Any], has_phone: bool) -> Profile:
    phone = msisdn_of_digits(f"6591{n:06}") if has_phone else None
    subjects = (Subject("device", f"d{n}"), Subject("identity", f"p{n}"))
    return a_profile(id=ProfileId(f"id{n}"), subjects=subjects, properties=properties, phone=phone)


def opened() -> Opened:
    connection = duckdb.connect(":memory:", config={"threads": "1"})
    for statement, parameters in creating("here"):
        run(connection, statement, parameters)
    return Opened(connection)


@pytest.fixture
def columns() -> Iterator[Opened]:
    one = opened()
    yield one
    one.connection.close()


SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.integers(-5, 12),
    st.sampled_from([2**53, 2**53 + 1, -(2**60), 0.1, 1.5, 1e-7, 1e15, 4503599627370497.5, -0.0]),
    st.sampled_from(
        ["", " ", "gold", " Gold ", "GOLD", "Straße", "STRASSE", "12", " 12 ", "1.50", "+3", "-0", "1e5"]
    ),
    st.sampled_from(
        ["$D_1717632000", "$D_1717632001", "$D_0", "$D_-5", "$D_007", "$D_x", "$D_99999999999", "$d_0"]
    ),
    st.sampled_from(
        ["2024-06-06", "2024-06-06T00:00:01Z", "1970-01-01", "٣", "١٢-٣", "true", "No", "20240606", "0"]
    ),
    st.booleans(),
)
VALUES = st.one_of(
    SCALARS, st.lists(SCALARS, max_size=3), st.none(), st.just({"city": "Berlin", "zip": 10115})
)
WANTED = st.one_of(SCALARS, st.lists(SCALARS, min_size=1, max_size=3))
NAMES = ("Plan", "plan", "A ge", "Address", "Address.city", "né")
PROPERTIES = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4)
CONDITIONS = st.builds(
    Condition,
    property=st.sampled_from((*NAMES, "Age", "nobody's")),
    operator=st.sampled_from(list(OPERATORS)),
    value=WANTED,
) | st.builds(
    Condition,
    property=st.just("Plan"),
    operator=st.just("between"),
    value=st.lists(SCALARS, min_size=2, max_size=2),
)


@given(st.lists(PROPERTIES, min_size=1, max_size=6), CONDITIONS)
@settings(max_examples=60, deadline=None)
def test_a_condition_on_a_property_means_the_same_in_columns(
    people: list[dict[str, Any]], condition: Condition
) -> None:
    world, columns = World([(one, True, ()) for one in people]), opened()
    world.load(columns)

    found = world.by_columns(columns, Has(condition))

    columns.connection.close()
    assert found == world.by_one_person(Has(condition))


FLAGS = st.fixed_dictionaries(
    {}, optional={"MSG-sms": st.sampled_from([True, False, "no", "yes", 1, None]), "Plan": SCALARS}
)
LEAVES = st.one_of(
    st.builds(Has, CONDITIONS),
    st.sampled_from(
        [Reachable("sms"), Reachable("fax"), Listed("vips"), Listed("none"), Member("Old"), Member("No")]
    ),
    RULES,
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(inner, min_size=1, max_size=3).map(tuple)),
    ),
    max_leaves=6,
)
PEOPLE = st.lists(st.tuples(FLAGS, st.booleans(), DEEDS), min_size=1, max_size=5)


@given(PEOPLE, TREES, st.sets(st.integers(1, 5), max_size=2), st.sets(st.integers(1, 5), max_size=2))
@settings(max_examples=60, deadline=None)
def test_a_rule_finds_everybody_whom_the_reader_of_one_person_lets_pass(
    people: list[tuple[dict[str, Any], bool, Sequence[Event]]], rule: Rule, silent: set[int], listed: set[int]
) -> None:
    keys = {ListKey(f"identity:p{n}") for n in listed if n % 2} | {
        ListKey(f"phone:6591{n:06}") for n in listed if not n % 2
    }
    audiences = {"Old": Did(event="Charged", measure=Count(at_least=2))}
    world, columns = World(people, {int(f"6591{n:06}") for n in silent}, keys, audiences), opened()
    world.load(columns)

    found = world.by_columns(columns, rule)

    columns.connection.close()
    assert found == world.by_one_person(rule)


ODD_AMOUNTS = [
    0.0000005,
    1.0000005,
    2.5e-07,
    123456.7891235,
    8_000_001.25,
    9e17,
    10**17,
    "3.0000015",
    "7",
    0.1,
    0.2,
]


@pytest.mark.parametrize("amount", ODD_AMOUNTS)
def test_an_amount_that_lies_between_two_millionths_is_rounded_as_everywhere(
    columns: Opened, amount: Any
) -> None:
    events = [an_event(n, "Charged", MOMENT, {"Amount": amount}) for n in range(3)]
    world = World([({}, True, events)])
    world.load(columns)
    total = [
        seen_of(
            Did(event="Charged", measure=Total(kind="sum", property="Amount", bounds=Bounds(at_least=0))),
            events,
            Did(event="x").window.span(MOMENT, world.account.clock),
        ).amount
    ]

    for kind in ("sum", "minimum", "maximum", "average"):
        for bound in (total[0] / 1_000_000, total[0] / 3_000_000):
            for bounds in (
                Bounds(at_least=bound),
                Bounds(at_most=bound),
                Bounds(over=bound),
                Bounds(under=bound),
            ):
                rule = Did(event="Charged", measure=Total(kind=kind, property="Amount", bounds=bounds))
                assert world.by_columns(columns, rule) == world.by_one_person(rule), (kind, bounds)


def test_of_one_moment_the_order_in_which_they_came_says_which_is_last(columns: Opened) -> None:
    events = [an_event(n, "Charged", MOMENT, {"Category": name}) for n, name in enumerate(["hats", "shoes"])]
    world = World([({}, True, events)])
    world.load(columns)

    for which, name in (("first", "hats"), ("last", "shoes")):
        rule = Did(
            event="charged ", measure=Edge(which=which, condition=Condition(property="category", value=name))
        )
        assert world.by_columns(columns, rule) == {1} == world.by_one_person(rule)


def test_columns_are_kept_up_when_people_and_events_come_after_the_first_question(columns: Opened) -> None:
    rule = All(
        (
            Has(Condition(property="Plan", value="gold")),
            Did(event="Charged", where=(Condition(property="Amount", operator="greater_than", value=5),)),
        )
    )
    first = World([({"Plan": "gold"}, True, ())])
    first.load(columns)
    assert first.by_columns(columns, rule) == set()

    later = World(
        [({"plan": "GOLD"}, True, [an_event(1, "Charged", MOMENT, {"amount": "9"})]), ({"Plan": 1}, True, ())]
    )
    later.load(columns)
    columns.remembered.forget()

    assert later.by_columns(columns, rule) == {1} == later.by_one_person(rule)
