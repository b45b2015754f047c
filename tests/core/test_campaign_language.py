"""The words of files and the API for start, who and steps, and the nouns that they mean."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import NOON, a_provider

from tellwire.platform.language.comparison import (
    ConditionForm,
    read_conditions,
    write_condition,
)
from tellwire.platform.language.read_steps import provider_named, read_steps
from tellwire.platform.language.rule import RuleForm, every_rule, read_rule, write_rule
from tellwire.platform.language.start import StartForm, read_start, write_start
from tellwire.platform.language.step_forms import StepForm
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.language.write_steps import write_step
from tellwire.platform.model.content import Content
from tellwire.platform.model.rule import OPERATORS, All, Condition, Has, Rule, conditions_of
from tellwire.platform.model.start import OnEvent
from tellwire.platform.model.step import STEPS_LIMIT, SendStep

VALUES = st.one_of(
    st.booleans(), st.integers(-9, 9), st.text(max_size=5), st.lists(st.integers(), max_size=2)
)
CONDITIONS = st.builds(
    Condition, property=st.text("abc", max_size=4), operator=st.sampled_from(list(OPERATORS)), value=VALUES
).map(
    lambda one: (
        msgspec.structs.replace(one, value=None) if one.operator.endswith(("exists", "exist")) else one
    )
)
RULES: st.SearchStrategy[Rule] = st.recursive(
    st.builds(Has, CONDITIONS),
    lambda inner: st.lists(inner, min_size=1, max_size=3).map(lambda rules: All(tuple(rules))),
)


def form(kind: type[Any], written: Any) -> Any:
    return msgspec.convert(written, kind)


def plain(written: msgspec.Struct) -> Any:
    """Return what a reader of JSON gets."""
    return msgspec.json.decode(msgspec.json.encode(written))


@given(CONDITIONS)
def test_a_condition_comes_back_as_it_went(condition: Condition) -> None:
    written = plain(write_condition(condition))

    assert set(written) == {"property", condition.operator}
    assert read_conditions([form(ConditionForm, written)], "where") == (condition,)


@given(RULES)
def test_a_rule_comes_back_as_it_went_and_each_condition_has_its_place(rule: Rule) -> None:
    assert read_rule(form(RuleForm, plain(write_rule(rule)))) == rule
    places = [place for place, one in every_rule(rule) if isinstance(one, Has)]
    assert len(set(places)) == len(places) == len(conditions_of(rule))


def test_start_and_steps_come_back_as_they_went() -> None:
    start = OnEvent(event="Charged", where=(Condition(property="Amount", operator="between", value=[1, 9]),))
    step = SendStep(
        id="thanks",
        content=Content(text="Hi", tokens={"a": "b"}, transliterate=True),
        through="acme",
        passes=("consent",),
    )

    assert read_start(form(StartForm, plain(write_start(start)))) == start
    assert read_steps([form(StepForm, plain(write_step(step)))], {}) == (step,)


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        (
            {"property": " Amount ", "greater_than": 50},
            Condition(property="Amount", operator="greater_than", value=50),
        ),
        ({"property": "Plan", "exists": True}, Condition(property="Plan", operator="exists")),
        ({"property": "Plan", "exists": False}, Condition(property="Plan", operator="does_not_exist")),
        ({"property": "Plan", "does_not_exist": False}, Condition(property="Plan", operator="exists")),
        ({"property": "A", "between": [1, 9]}, Condition(property="A", operator="between", value=[1, 9])),
        (
            {"property": "A", "operator": "contains", "value": "x"},
            Condition(property="A", operator="contains", value="x"),
        ),
        ({"property": "A", "operator": "exists"}, Condition(property="A", operator="exists")),
        ({"property": "A", "value": [1, 2]}, Condition(property="A", value=[1, 2])),
    ],
)
def test_an_operator_is_a_key_and_the_older_form_stays(written: Any, condition: Condition) -> None:
    assert read_conditions([form(ConditionForm, written)], "where") == (condition,)


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ({"property": "A", "greater_than": 1, "less_than": 9}, "where[0]"),
        ({"property": "A", "equals": 1, "operator": "equals"}, "where[0]"),
        ({"property": "A", "equals": 1, "value": 1}, "where[0]"),
        ({"property": "A", "exists": "yes"}, "where[0].exists"),
    ],
)
def test_a_condition_of_two_minds_is_refused(written: Any, path: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_conditions([form(ConditionForm, written)], "where")

    assert list(refusal.value.fields) == [path]


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ({}, "who"),
        ({"equals": "gold"}, "who"),
        ({"all": []}, "who.all"),
        ({"all": [{"profile": "Plan", "equals": 1}], "profile": "Plan"}, "who"),
        ({"all": [{"profile": "Plan", "equals": 1}], "equals": 1}, "who"),
        ({"all": [{"profile": "Plan", "equals": 1}, {"all": []}]}, "who.all[1].all"),
        ({"all": [{"profile": "Plan", "equals": 1, "contains": 1}]}, "who.all[0]"),
    ],
)
def test_a_rule_that_means_nothing_or_two_things_is_refused(written: Any, path: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_rule(form(RuleForm, written))

    assert list(refusal.value.fields) == [path]


WINNER: dict[str, Any] = {"by": "replies", "after": "4 hours"}


def _tried(share: float) -> dict[str, Any]:
    return {"share": share, "steps": [{"send": {"text": "Hi"}}]}


@pytest.mark.parametrize(
    ("steps", "path"),
    [
        ([], "steps"),
        ([{"id": "a"}], "steps[0]"),
        ([{"send": {}, "stop": "x"}], "steps[0]"),
        ([{"id": "b", "send": {}}, {"id": "b", "send": {}}], "steps[1].id"),
        ([{"wait": {}}], "steps[0].wait"),
        ([{"wait": {"for": "1 day", "until": "09:00"}}], "steps[0].wait"),
        ([{"wait": {"for": "a century"}}], "steps[0].wait.for"),
        ([{"wait": {"for": "2000 months"}}], "steps[0].wait.for"),
        ([{"wait": {"until": "25:00"}}], "steps[0].wait.until"),
        ([{"wait": {"until": {"date": "DOB"}}}], "steps[0].wait.until.date"),
        ([{"wait": {"until": {"weekday": "monday"}}}], "steps[0].wait.until"),
        ([{"wait": {"for": "1 day", "or": [{"event": " "}]}}], "steps[0].wait.or[0].event"),
        ([{"choose": []}], "steps[0].choose"),
        ([{"choose": [{"else": True, "steps": []}, {"else": True, "steps": []}]}], "steps[0].choose"),
        ([{"choose": [{"steps": []}]}], "steps[0].choose[0]"),
        ([{"choose": [{"if": {"all": []}, "steps": []}]}], "steps[0].choose[0].if.all"),
        ([{"split": [{"share": 50, "steps": []}, {"share": 40, "steps": []}]}], "steps[0].split"),
        ([{"split": [{"share": 100}]}], "steps[0].split[0]"),
        ([{"split": [{"share": 100, "steps": [], "winner": WINNER}]}], "steps[0].split[0]"),
        ([{"split": [_tried(50), {"share": 50, "winner": WINNER}]}], "steps[0].split[1].winner"),
        ([{"split": [_tried(50), {"share": 20, "winner": WINNER}, _tried(30)]}], "steps[0].split[1].winner"),
        (
            [{"split": [_tried(10), _tried(10), {"share": 80, "winner": {**WINNER, "after": "soon"}}]}],
            "steps[0].split[2].winner.after",
        ),
        (
            [{"split": [_tried(10), {"share": 10, "steps": []}, {"share": 80, "winner": WINNER}]}],
            "steps[0].split[1].steps",
        ),
        ([{"split": [_tried(10), _tried(10), {"share": 70, "winner": WINNER}]}], "steps[0].split"),
        ([{"repeat": {"times": 2, "every": "1 day", "steps": []}}], "steps[0].repeat.steps"),
        ([{"set": {}}], "steps[0].set"),
        ([{"set": {"A": {"increment": 1, "add": "x"}}}], "steps[0].set.A"),
        ([{"call": {"url": "ftp://x"}}], "steps[0].call.url"),
        ([{"send": {"channel": "fax"}}], "steps[0].send.channel"),
        ([{"split": [{"share": 100, "steps": [{"id": "a"}]}]}], "steps[0].split[0].steps[0]"),
        ([{"stop": "x"}] * (STEPS_LIMIT + 1), f"steps[{STEPS_LIMIT}]"),
        (
            [{"split": [{"share": 100, "steps": [{"stop": "x"}] * STEPS_LIMIT}]}],
            "steps[0].split[0].steps[499]",
        ),
    ],
)
def test_steps_that_mean_nothing_or_two_things_are_refused(steps: Any, path: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_steps(form(list[StepForm], steps), {})

    assert list(refusal.value.fields) == [path]


EVERY_STEP: list[Any] = [
    {"id": "pause", "wait": {"for": "30 minutes", "or": [{"event": "Charged", "same": "cart_id"}]}},
    {"id": "nine", "wait": {"until": "09:00"}},
    {"id": "monday", "wait": {"until": {"weekday": "monday", "at": "09:00"}}},
    {"id": "trip", "wait": {"until": {"date": "Event.Departure", "shift": "-2 hours"}}},
    {"id": "dob", "wait": {"until": {"date": "Profile.DOB", "at": "09:00"}}},
    {
        "id": "answer",
        "wait": {
            "for": "2 days",
            "or": [{"event": "Replied", "steps": [{"id": "thanks", "send": {"text": "Hi"}}]}],
        },
    },
    {
        "id": "plan",
        "choose": [
            {"if": {"not": {"profile": "Plan", "equals": "gold"}}, "steps": [{"id": "done", "stop": "gold"}]},
            {"else": True, "steps": [{"id": "b", "send": {"text": "Ho", "necessary": True}}]},
        ],
    },
    {
        "id": "which",
        "split": [
            {"share": 50.0, "steps": [{"id": "a", "send": {"text": "A"}}]},
            {"share": 50.0, "steps": []},
        ],
    },
    {
        "id": "test",
        "split": [
            {"share": 10.0, "steps": [{"id": "short", "send": {"text": "A"}}]},
            {"share": 10.0, "steps": [{"id": "long", "send": {"text": "B"}}]},
            {"share": 80.0, "winner": {"by": "clicks", "after": "4 hours"}},
        ],
    },
    {
        "id": "again",
        "repeat": {
            "times": 3,
            "every": "2 days",
            "until": {"event": "Charged", "where": [{"property": "Amount", "greater_than": 5}]},
            "steps": [{"id": "nudge", "send": {"text": "Still there?", "passes": ["consent"]}}],
        },
    },
    {
        "id": "mark",
        "set": {
            "Plan": "gold",
            "Old": None,
            "Visits": {"increment": 1},
            "Tags": {"add": "x"},
            "No": {"remove": "y"},
        },
    },
    {
        "id": "hook",
        "call": {"url": "https://example.com/hook", "body": "{{ Profile.Name }}", "headers": {"X-A": "b"}},
    },
]


def test_every_step_comes_back_as_it_was_written() -> None:
    steps = read_steps(form(list[StepForm], EVERY_STEP), {})

    assert [plain(write_step(step)) for step in steps] == EVERY_STEP
    assert read_steps(form(list[StepForm], [plain(write_step(step)) for step in steps]), {}) == steps


def test_sends_are_numbered_in_the_order_of_writing_and_steps_without_an_id_are_named_after_what_they_do() -> (
    None
):
    written = [{"send": {}}, {"id": "send-2", "send": {}}, {"send": {}}, {"wait": {"for": "1 day"}}]

    steps = read_steps(form(list[StepForm], written), {})

    assert [step.id for step in steps] == ["send", "send-2", "send-3", "wait"]
    assert [step.number for step in steps if isinstance(step, SendStep)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (ConditionForm, {"property": "A", "greter_than": 1}),
        (RuleForm, {"profle": "A", "equals": 1}),
        (StartForm, {"event": "A", "were": []}),
        (StepForm, {"id": "a", "sent": {}}),
        (StepForm, {"send": {"txt": "Hi"}}),
        (StepForm, {"send": {"passes": ["suppression"]}}),
        (StepForm, {"id": "", "send": {}}),
        (StepForm, {"split": [{"share": 100, "winner": {"by": "opens", "after": "1 hour"}}]}),
    ],
)
def test_a_word_that_is_none_of_the_language_is_refused(kind: type[Any], written: Any) -> None:
    with pytest.raises(msgspec.ValidationError):
        form(kind, written)


def test_a_provider_is_named_by_its_id_or_its_nickname() -> None:
    acme = a_provider(id="0a", nickname="Acme")
    gone = a_provider(id="0b", nickname="Gone", archived_at=NOON)
    providers = {acme.id: acme, gone.id: gone}

    assert [provider_named(name, providers) for name in ("0a", " acme ", "0b", "gone", "", None)] == [
        "0a",
        "0a",
        "0b",
        "gone",
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (["x"] * 1_001, "at most 1,000 values"),
        ("x" * 1_000_000, "at most 1,024 characters"),
        (["x", "y" * 1_025], "at most 1,024 characters"),
        ({"a": {"b": "x" * 2_000}}, "at most 1,024 characters of an object"),
    ],
)
def test_a_condition_compares_with_no_more_than_a_property_can_have(value: object, why: str) -> None:
    form = msgspec.convert({"property": "P", "operator": "equals", "value": value}, ConditionForm)

    with pytest.raises(Unreadable) as refusal:
        read_conditions([form], "where")

    assert why in refusal.value.fields["where[0]"]
