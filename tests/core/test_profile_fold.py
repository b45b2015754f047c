"""Profiles as the records of a batch leave them: properties, names, numbers."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import a_change, a_profile

from tellwire.kernel.address import Msisdn, msisdn_of_digits
from tellwire.platform.decide.device_tokens import TOKENS_LIMIT
from tellwire.platform.decide.fold import SUBJECTS_LIMIT, People
from tellwire.platform.decide.property_change import GONE_LIMIT, VALUES_LIMIT, Written, changed
from tellwire.platform.model.device_token import DeviceToken
from tellwire.platform.model.event import (
    AddValues,
    Change,
    DeleteValue,
    Increment,
    KeepToken,
    LinkSubject,
    ProfileChange,
    RemoveValues,
    SetValue,
    Subject,
)
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.profile import (
    Profile,
    ProfileId,
    PropertyTimes,
    SuppressionChange,
    SuppressionSource,
)
from tellwire.platform.model.value import Properties

NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)
NOW_S = int(NOW.timestamp())
DAY = timedelta(days=1)
ANN, BOB = Subject("identity", "ann"), Subject("identity", "bob")
PHONE_1, PHONE_2 = Subject("device", "phone1"), Subject("device", "phone2")
NUMBER, OTHER = msisdn_of_digits("6591230000"), msisdn_of_digits("6591230001")


def people(
    *profiles: Profile, suppressed: frozenset[Msisdn] = frozenset(), region: str | None = None
) -> People:
    known = {subject: profile for profile in profiles for subject in profile.subjects}
    standing = {number: suppressed_by("profile", number) for number in suppressed}
    return People(Facts(profiles=known, suppressions=standing), ids(), NOW, region)


def suppressed_by(source: SuppressionSource, msisdn: Msisdn, at: datetime = NOW) -> SuppressionChange:
    return SuppressionChange(address=msisdn, is_suppressed=True, source=source, at=at)


def ids() -> Iterator[ProfileId]:
    return (ProfileId(f"new{n}") for n in count())


def profile(name: str, *subjects: Subject, phone: Msisdn | None = None, **properties: object) -> Profile:
    made = {"created_at": NOW, "updated_at": NOW}
    return a_profile(id=ProfileId(name), subjects=subjects, properties=properties, phone=phone, **made)


def record(subject: Subject, *changes: Change, at: datetime = NOW) -> ProfileChange:
    return a_change(*changes, subject=subject, occurred_at=at, received_at=NOW)


def after(properties: Properties, *changes: Change) -> Properties:
    """Return the properties after changes of this very moment."""
    return changed(Written(properties), changes, NOW_S).properties


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        ({}, SetValue("Name", "Ann"), {"Name": "Ann"}),
        ({"Name": "A"}, SetValue("name", "B"), {"Name": "B"}),
        ({"First Name": "A"}, SetValue("firstname", "B"), {"First Name": "B"}),
        ({"Name": "A"}, SetValue("Name", None), {}),
        ({}, AddValues("tags", ("a", "b", "a")), {"tags": ["a", "b"]}),
        ({"tags": ["a"]}, AddValues("tags", ("b", "a")), {"tags": ["a", "b"]}),
        ({"tags": "a"}, AddValues("Tags", ("b",)), {"tags": ["a", "b"]}),
        ({"tags": 5}, AddValues("tags", ("b",)), {"tags": ["5", "b"]}),
        ({"tags": True}, AddValues("tags", ("b",)), {"tags": ["true", "b"]}),
        ({"tags": ["a", "b"]}, RemoveValues("tags", ("a",)), {"tags": ["b"]}),
        ({"tags": ["a"]}, RemoveValues("tags", ("a",)), {}),
        ({"tags": "a"}, RemoveValues("tags", ("a",)), {}),
        ({"tags": "a"}, RemoveValues("tags", ("b",)), {"tags": "a"}),
        ({}, RemoveValues("tags", ("b",)), {}),
        ({}, Increment("n", 3), {"n": 3}),
        ({"n": 2}, Increment("N", -3), {"n": -1}),
        ({"n": 2}, Increment("n", 0.5), {"n": 2.5}),
        ({"n": "two"}, Increment("n", 1), {"n": "two"}),
        ({"n": True}, Increment("n", 1), {"n": True}),
        ({"n": 2**62}, Increment("n", 2**62), {"n": 2**62}),
        ({"n": 1e308}, Increment("n", 1e308), {"n": 1e308}),
        ({"a": 1, "b": 2}, DeleteValue("A"), {"b": 2}),
        ({}, DeleteValue("a"), {}),
        ({}, AddValues("tags", ()), {}),
        ({"tags": ["a"]}, SetValue("tags", []), {}),
    ],
)
def test_operator_table(before: Properties, change: Change, after: Properties) -> None:
    kept = dict(before)

    assert changed(Written(before), [change], NOW_S).properties == after
    assert before == kept


@given(st.lists(st.lists(st.integers(0, 300).map(str), max_size=40), max_size=8))
def test_multi_values_are_unique_and_the_newest_hundred(batches: list[list[str]]) -> None:
    properties: Properties = {}
    for batch in batches:
        properties = after(properties, *([AddValues("t", tuple(batch))] if batch else []))

    values = properties.get("t", [])
    assert len(values) == len(set(values)) <= VALUES_LIMIT


def test_a_new_name_beyond_the_limit_is_dropped_and_a_known_one_still_changes() -> None:
    full = {str(n): n for n in range(256)}

    assert after(full, SetValue("new", 1), SetValue("3", "x")) == {**full, "3": "x"}


@pytest.mark.parametrize(
    ("before", "change", "hindrance"),
    [
        ({str(n): n for n in range(256)}, SetValue("new", 1), "too_many"),
        ({str(n): n for n in range(256)}, AddValues("new", ("a",)), "too_many"),
        ({str(n): n for n in range(256)}, Increment("new", 1), "too_many"),
        ({"a": "seven"}, Increment("a", 1), "not_a_number"),
        ({"a": True}, Increment("a", 1), "not_a_number"),
        ({"a": 2**63 - 1}, Increment("a", 1), "out_of_range"),
        ({"a": 1e308}, Increment("a", 1e308), "out_of_range"),
        ({"a": 1}, Increment("a", 1), None),
        ({}, DeleteValue("a"), None),
    ],
)
def test_a_change_that_cannot_be_made_is_told(
    before: Properties, change: Change, hindrance: str | None
) -> None:
    dropped: list[tuple[str, str]] = []

    after = changed(Written(before), [change], NOW_S, lambda key, why: dropped.append((key, why)))

    assert [why for _, why in dropped] == ([] if hindrance is None else [hindrance])
    assert hindrance is None or after.properties == before


def test_properties_that_mean_something_always_have_room() -> None:
    full: Properties = {f"k{n}": n for n in range(256)}

    filled = after(full, SetValue("Phone", "+6591230000"), SetValue("msg-SMS", False), SetValue("k256", 1))

    assert filled == {**full, "Phone": "+6591230000", "msg-SMS": False}
    assert after({"Phone": "1", **full}, SetValue("new", 1)) == {"Phone": "1", **full}
    assert after({"Phone": "1", **full}, DeleteValue("k0"), SetValue("new", 1))["new"] == 1


def test_unknown_subject_becomes_a_profile_once() -> None:
    known = people()

    first, second = known.profile_of(ANN), known.profile_of(ANN)

    assert first == second
    assert known.changed() == (first,)


def test_a_record_that_says_the_same_again_leaves_the_profile_alone() -> None:
    said = record(ANN, SetValue("Name", "Ann"), LinkSubject(ANN))
    before = people()
    before.apply(said)
    known = people(*before.changed())

    known.apply(said)

    assert known.changed() == ()


def test_what_was_said_again_later_is_only_later() -> None:
    ann = msgspec.structs.replace(profile("p1", ANN, Name="Ann"), updated_at=NOW - DAY)
    known = people(ann)

    known.apply(record(ANN, SetValue("Name", "Ann")))

    (kept,) = known.changed()
    assert kept == msgspec.structs.replace(ann, times=PropertyTimes(NOW_S))


def test_phone_is_parsed_once_it_changes() -> None:
    known = people(profile("p1", ANN), region="SG")

    known.apply(record(ANN, SetValue("Phone", "9123 0000")))
    national = known.profile_of(ANN).phone
    known.apply(record(ANN, SetValue("Phone", 6591230001)))
    as_number = known.profile_of(ANN).phone
    known.apply(record(ANN, SetValue("Phone", "call me")))
    none = known.profile_of(ANN).phone

    assert (national, as_number, none) == (NUMBER, OTHER, None)


def test_device_without_identity_joins_the_identity_it_is_linked_with() -> None:
    known = people(profile("anon", PHONE_1, Cart=2, Name="?"), profile("p1", ANN, Name="Ann"))

    known.apply(record(ANN, LinkSubject(PHONE_1), SetValue("Plan", "gold")))

    joined = known.profile_of(PHONE_1)
    assert joined == known.profile_of(ANN)
    assert joined.id == "p1"
    assert joined.subjects == (ANN, PHONE_1)
    assert joined.properties == {"Name": "Ann", "Cart": 2, "Plan": "gold"}
    left = next(p for p in known.changed() if p.id == "anon")
    assert (left.subjects, left.properties, left.phone) == ((), {}, None)


def test_joining_brings_the_number_along() -> None:
    known = people(profile("anon", PHONE_1, phone=NUMBER, Phone="+6591230000"), profile("p1", ANN))

    known.apply(record(ANN, LinkSubject(PHONE_1)))

    assert known.profile_of(ANN).phone == NUMBER


def test_an_anonymous_profile_learns_its_first_identity() -> None:
    known = people(profile("anon", PHONE_1, Cart=2))

    known.apply(record(PHONE_1, LinkSubject(ANN)))

    assert known.profile_of(ANN).id == "anon"
    assert known.profile_of(ANN).subjects == (PHONE_1, ANN)


def test_an_anonymous_speaker_joins_a_known_identity() -> None:
    known = people(profile("anon", PHONE_1, Cart=2), profile("p1", ANN, Name="Ann"))

    known.apply(record(PHONE_1, LinkSubject(ANN), SetValue("Plan", "gold")))

    assert known.profile_of(PHONE_1).id == "p1"
    assert known.profile_of(ANN).properties == {"Cart": 2, "Name": "Ann", "Plan": "gold"}


@pytest.mark.parametrize("is_bob_known", [True, False])
def test_two_identities_never_merge_and_the_device_moves_to_the_last(is_bob_known: bool) -> None:
    ann = profile("p1", ANN, PHONE_1, Name="Ann")
    known = people(ann, *([profile("p2", BOB, Name="Bob")] if is_bob_known else []))

    known.apply(record(PHONE_1, LinkSubject(BOB), SetValue("Plan", "gold")))

    assert known.profile_of(ANN).properties == {"Name": "Ann"}
    assert known.profile_of(ANN).subjects == (ANN,)
    assert known.profile_of(PHONE_1) == known.profile_of(BOB)
    assert known.profile_of(BOB).properties["Plan"] == "gold"
    assert known.profile_of(BOB).id != "p1"


def test_linking_a_device_of_another_identity_moves_only_the_device() -> None:
    known = people(profile("p1", ANN, PHONE_1, PHONE_2, Name="Ann"), profile("p2", BOB, Name="Bob"))

    known.apply(record(BOB, LinkSubject(PHONE_1)))

    assert known.profile_of(PHONE_1).id == "p2"
    assert known.profile_of(PHONE_2).id == "p1"
    assert known.profile_of(ANN).subjects == (ANN, PHONE_2)
    assert known.profile_of(BOB).properties == {"Name": "Bob"}


def test_two_identities_in_one_record_stay_two_people() -> None:
    known = people(profile("p1", ANN), profile("p2", BOB))

    known.apply(record(ANN, LinkSubject(BOB), SetValue("Plan", "gold")))

    assert known.profile_of(ANN).properties == {"Plan": "gold"}
    assert known.profile_of(BOB).properties == {}
    assert known.profile_of(ANN).id != known.profile_of(BOB).id


def test_names_of_a_profile_are_bounded_and_the_identity_stays() -> None:
    known = people(profile("p1", ANN))

    known.apply(record(ANN, *(LinkSubject(Subject("device", str(n))) for n in range(SUBJECTS_LIMIT + 5))))

    subjects = known.profile_of(ANN).subjects
    assert len(subjects) == SUBJECTS_LIMIT
    assert subjects[0] == ANN
    assert subjects[-1] == Subject("device", str(SUBJECTS_LIMIT + 4))


LINKS = st.lists(
    st.tuples(
        st.sampled_from([ANN, BOB, PHONE_1, PHONE_2, Subject("facebook", "f")]),
        st.sampled_from([ANN, BOB, PHONE_1, PHONE_2, Subject("facebook", "f")]),
    ),
    max_size=12,
)


def token(device: Subject, value: str) -> DeviceToken:
    return DeviceToken(device=device.value, kind="fcm", value=value, at=NOW)


def tokens_of(known: People, subject: Subject) -> list[tuple[str, str]]:
    return [(kept.device, kept.value) for kept in known.profile_of(subject).tokens]


def test_a_token_makes_its_device_a_profile_and_a_new_one_replaces_it() -> None:
    known = people()

    known.apply(record(PHONE_1, KeepToken(token(PHONE_1, "old"))))
    known.apply(record(PHONE_1, KeepToken(token(PHONE_1, "new"))))

    assert tokens_of(known, PHONE_1) == [("phone1", "new")]
    assert known.changed() == (known.profile_of(PHONE_1),)


def test_the_same_token_again_changes_nothing() -> None:
    had = msgspec.structs.replace(profile("p1", ANN, PHONE_1), tokens=(token(PHONE_1, "t"),))
    known = people(had)

    known.apply(record(PHONE_1, KeepToken(token(PHONE_1, "t"))))

    assert known.changed() == ()


def test_an_app_that_was_installed_anew_keeps_its_token_under_its_new_device_only() -> None:
    known = people(profile("p1", ANN, PHONE_1, PHONE_2))

    known.apply(record(PHONE_1, KeepToken(token(PHONE_1, "t"))))
    known.apply(record(PHONE_2, KeepToken(token(PHONE_2, "t"))))

    assert tokens_of(known, ANN) == [("phone2", "t")]


def test_tokens_follow_their_device_to_the_person_who_uses_it_last() -> None:
    known = people(profile("p1", ANN, PHONE_1, PHONE_2), profile("p2", BOB))
    known.apply(record(PHONE_1, KeepToken(token(PHONE_1, "one"))))
    known.apply(record(PHONE_2, KeepToken(token(PHONE_2, "two"))))

    known.apply(record(PHONE_1, LinkSubject(BOB)))

    assert tokens_of(known, ANN) == [("phone2", "two")]
    assert tokens_of(known, BOB) == [("phone1", "one")]


def test_joining_brings_the_tokens_along() -> None:
    known = people(profile("anon", PHONE_1), profile("p1", ANN, PHONE_2))
    known.apply(record(PHONE_1, KeepToken(token(PHONE_1, "one"))))
    known.apply(record(PHONE_2, KeepToken(token(PHONE_2, "two"))))

    known.apply(record(ANN, LinkSubject(PHONE_1)))

    assert tokens_of(known, ANN) == [("phone2", "two"), ("phone1", "one")]
    assert next(p for p in known.changed() if p.id == "anon").tokens == ()


def test_tokens_of_a_profile_are_bounded_and_the_oldest_goes() -> None:
    known = people(profile("p1", ANN))
    devices = [Subject("device", f"d{n}") for n in range(TOKENS_LIMIT + 3)]

    for device in devices:
        known.apply(record(ANN, LinkSubject(device)))
        known.apply(record(device, KeepToken(token(device, f"token of {device.value}"))))

    assert [device for device, _ in tokens_of(known, ANN)] == [d.value for d in devices[3:]]


NAMES = [ANN, BOB, PHONE_1, PHONE_2, Subject("facebook", "f")]
STEPS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES))
    | st.tuples(st.sampled_from([PHONE_1, PHONE_2]), st.sampled_from(["t1", "t2", "t3"])),
    max_size=14,
)


@given(STEPS)
def test_whatever_comes_a_token_is_with_the_profile_of_its_device(
    steps: list[tuple[Subject, Subject | str]],
) -> None:
    known = people()

    for speaker, told in steps:
        change = LinkSubject(told) if isinstance(told, Subject) else KeepToken(token(speaker, told))
        known.apply(record(speaker, change))
        if isinstance(told, str):
            assert tokens_of(known, speaker)[-1] == (speaker.value, told)

    for holder in known.changed():
        devices = [kept.device for kept in holder.tokens]
        assert len(devices) == len(set(devices))
        assert {Subject("device", device) for device in devices} <= set(holder.subjects)


@given(LINKS)
def test_whatever_is_linked_no_profile_has_two_identities_and_no_name_two_profiles(
    links: list[tuple[Subject, Subject]],
) -> None:
    known = people()

    for speaker, subject in links:
        known.apply(record(speaker, LinkSubject(subject)))

    profiles = known.changed()
    names = [name for p in profiles for name in p.subjects]
    assert len(names) == len(set(names))
    assert all(sum(name.kind == "identity" for name in p.subjects) <= 1 for p in profiles)
    assert all(known.profile_of(name) == p for p in profiles for name in p.subjects)


def test_dnd_suppresses_the_number_for_everybody() -> None:
    known = people(profile("p1", ANN, phone=NUMBER, Phone="+6591230000"))

    known.apply(record(ANN, SetValue("MSG-dndPhone", True)))

    assert known.is_suppressed(NUMBER)
    assert [(s.address, s.is_suppressed, s.source) for s in known.suppressions] == [(NUMBER, True, "profile")]


def test_dnd_follows_to_a_new_number_and_stays_on_the_old() -> None:
    known = people(
        profile("p1", ANN, phone=NUMBER, Phone="+6591230000", **{"MSG-dndPhone": True}),
        suppressed=frozenset({NUMBER}),
    )

    known.apply(record(ANN, SetValue("Phone", "+6591230001")))

    assert known.is_suppressed(NUMBER)
    assert known.is_suppressed(OTHER)


def test_taking_dnd_back_lifts_the_suppression() -> None:
    known = people(
        profile("p1", ANN, phone=NUMBER, Phone="+6591230000", **{"MSG-dndPhone": True}),
        suppressed=frozenset({NUMBER}),
    )

    known.apply(record(ANN, SetValue("MSG-dndPhone", False)))

    assert not known.is_suppressed(NUMBER)
    assert known.suppressions[-1].is_suppressed is False


def test_a_false_that_never_was_true_lifts_nothing() -> None:
    known = people(profile("p1", ANN, phone=NUMBER, Phone="+6591230000"), suppressed=frozenset({NUMBER}))

    known.apply(record(ANN, SetValue("MSG-dndPhone", False)))

    assert known.is_suppressed(NUMBER)
    assert known.suppressions == []


SMS_NO, SMS_YES = SetValue("MSG-sms", False), SetValue("MSG-sms", True)


def test_a_late_older_record_undoes_no_opt_out() -> None:
    known = people()
    known.apply(record(ANN, SMS_NO, SetValue("Phone", "+6591230000")))

    known.apply(
        record(ANN, SMS_YES, SetValue("Phone", "+6591230001"), SetValue("Plan", "gold"), at=NOW - 90 * DAY)
    )

    ann = known.profile_of(ANN)
    assert ann.properties == {"MSG-sms": False, "Phone": "+6591230000", "Plan": "gold"}
    assert ann.phone == NUMBER


def test_a_late_older_record_releases_no_number() -> None:
    known = people()
    known.apply(record(ANN, SetValue("Phone", "+6591230000"), at=NOW - 100 * DAY))
    known.apply(record(ANN, SetValue("MSG-dndPhone", True)))

    known.apply(record(ANN, SetValue("MSG-dndPhone", False), at=NOW - 90 * DAY))

    assert known.is_suppressed(NUMBER)


def test_an_older_profile_of_the_number_does_not_release_it() -> None:
    known = people()
    on = SetValue("Phone", "+6591230000"), SetValue("MSG-dndPhone", True)
    known.apply(record(BOB, *on, at=NOW - 100 * DAY))
    known.apply(record(ANN, *on))

    known.apply(record(BOB, SetValue("MSG-dndPhone", False), at=NOW - 90 * DAY))

    assert known.is_suppressed(NUMBER)


@pytest.mark.parametrize(
    ("second", "value"),
    [
        (timedelta(), True),  # the same: the later received counts
        (timedelta(milliseconds=999), True),
        (timedelta(seconds=-1), False),
        (timedelta(days=1), True),  # a clock ahead of us counts as now ...
    ],
)
def test_times_compare_by_the_second(second: timedelta, value: bool) -> None:
    known = people()
    known.apply(record(ANN, SMS_NO))

    known.apply(record(ANN, SMS_YES, at=NOW + second))

    assert known.profile_of(ANN).properties["MSG-sms"] is value


def test_a_clock_ahead_of_us_locks_nobody_out() -> None:
    known = people()
    known.apply(record(ANN, SMS_YES, at=NOW + 365 * DAY))

    known.apply(record(ANN, SMS_NO))  # ... so that what comes next still counts

    assert known.profile_of(ANN).properties["MSG-sms"] is False


def test_a_repeated_no_is_as_late_as_its_repetition() -> None:
    known = people()
    known.apply(record(ANN, SMS_NO, at=NOW - 9 * DAY))
    known.apply(record(ANN, SMS_NO))

    known.apply(record(ANN, SMS_YES, at=NOW - 5 * DAY))

    assert known.profile_of(ANN).properties["MSG-sms"] is False


def test_a_late_older_record_brings_nothing_back_that_was_deleted() -> None:
    known = people()
    known.apply(record(ANN, SetValue("Phone", "+6591230000"), at=NOW - 9 * DAY))
    known.apply(record(ANN, DeleteValue("phone")))

    known.apply(record(ANN, SetValue("Phone", "+6591230000"), at=NOW - DAY))

    assert known.profile_of(ANN).phone is None
    assert known.profile_of(ANN).properties == {}


def test_steps_count_however_late_unless_the_property_was_set_after_them() -> None:
    known = people()
    known.apply(record(ANN, Increment("n", 5), AddValues("tags", ("a",))))

    known.apply(
        record(ANN, Increment("n", 2), AddValues("tags", ("b",)), RemoveValues("tags", ("a",)), at=NOW - DAY)
    )
    assert known.profile_of(ANN).properties == {"n": 7, "tags": ["b"]}

    known.apply(record(ANN, SetValue("n", 1), DeleteValue("tags")))
    known.apply(record(ANN, Increment("n", 2), AddValues("tags", ("c",)), at=NOW - DAY))
    assert known.profile_of(ANN).properties == {"n": 1}


def test_a_no_of_before_there_were_times_is_as_old_as_the_profiles_last_change() -> None:
    known = people(profile("p1", ANN, Plan="gold", **{"MSG-sms": False}))

    known.apply(record(ANN, SMS_YES, SetValue("Plan", "silver"), at=NOW - 90 * DAY))
    assert known.profile_of(ANN).properties == {"MSG-sms": False, "Plan": "silver"}

    known.apply(record(ANN, SMS_YES))
    assert known.profile_of(ANN).properties["MSG-sms"] is True


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from("abc"), st.none() | st.integers(0, 9)),
        max_size=20,
        unique_by=lambda s: s[:2],
    ).flatmap(lambda said: st.tuples(st.just(said), st.permutations(said)))
)
def test_whatever_order_records_come_in_the_latest_of_each_property_holds(
    said: tuple[list[tuple[int, str, int | None]], list[tuple[int, str, int | None]]],
) -> None:
    def written(records: list[tuple[int, str, int | None]]) -> Properties:
        kept = Written({})
        for second, key, value in records:
            change = DeleteValue(key) if value is None else SetValue(key, value)
            kept = changed(kept, [change], 1 + second)
            assert kept.times.apart_s.keys() <= {"a", "b", "c"}
        return kept.properties

    in_order = {key: value for _, key, value in sorted(said[0], key=lambda one: one[0])}
    assert written(said[1]) == {key: value for key, value in in_order.items() if value is not None}


def test_times_take_little_room() -> None:
    whole = changed(Written({}), [SetValue(f"k{n}", n) for n in range(20)], NOW_S)
    later = changed(whole, [SetValue("k3", 0)], NOW_S + 1)
    again = changed(later, [SetValue(f"k{n}", n) for n in range(20)], NOW_S + 2)
    emptied = Written({})
    for n in range(GONE_LIMIT + 9):
        emptied = changed(emptied, [DeleteValue(f"k{n}")], NOW_S + n)

    assert whole.times == PropertyTimes(NOW_S)
    assert later.times == PropertyTimes(NOW_S, {"k3": NOW_S + 1})
    assert again.times == PropertyTimes(NOW_S + 2)
    assert len(emptied.times.apart_s) == GONE_LIMIT
    assert "k8" not in emptied.times.apart_s


def test_a_no_of_an_anonymous_device_stays_with_the_person_it_becomes() -> None:
    known = people(
        profile("p1", ANN, phone=NUMBER, Phone="+6591230000", Name="Ann", **{"MSG-sms": True}),
        profile("p2", PHONE_1, Name="?", **{"MSG-sms": False, "MSG-dndPhone": True}),
    )

    known.apply(record(ANN, LinkSubject(PHONE_1)))

    ann = known.profile_of(ANN)
    assert (ann.properties["MSG-sms"], ann.properties["Name"]) == (False, "Ann")
    assert known.is_suppressed(NUMBER)


@pytest.mark.parametrize("source", ["reply", "api"])
def test_a_profile_releases_no_number_that_the_person_stopped(source: SuppressionSource) -> None:
    ann = profile("p1", ANN, phone=NUMBER, Phone="+6591230000", **{"MSG-dndPhone": True})
    facts = Facts(profiles={ANN: ann}, suppressions={NUMBER: suppressed_by(source, NUMBER, NOW - DAY)})
    known = People(facts, ids(), NOW)

    known.apply(record(ANN, SetValue("MSG-dndPhone", False)))

    assert known.is_suppressed(NUMBER)
    assert known.suppressions == []
