"""Templates: what they say, what is wrong with them, and that none of them holds anybody up."""

import json
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellwire.platform.compose.names import Names
from tellwire.platform.compose.template import Aborted, Failed, Rendered, is_personal, problem_of, render

CASES = json.loads((Path(__file__).parent / "data" / "template.json").read_text())
NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)
PROFILE = Names({"Name": "Ann", "Tier": "gold", "Tags": ["new", "vip"], "Member": True, "Identity": "u1"})
EVENT = Names(
    {
        "Order Total": 12.5,
        "plan": "low",
        "Plan": "HIGH",
        "When": "$D_1700000000",
        "Zero": 0,
        "Count": 5,
        "Null": None,
        "Tiny": 0.00001,
        "Vast": 1e16,
        "Rates": [0.00002, 3.0],
        "Items": [{"Name": "hat", "due": "$D_1700000000"}, {"Name": "shoes"}],
    }
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_template_table(case: dict[str, Any]) -> None:
    rendering = render(case["source"], PROFILE, EVENT, NOW)

    match rendering:
        case Rendered(text):
            assert text == case.get("text")
        case Aborted():
            assert case.get("aborted")
        case Failed(reason):
            assert case.get("fails"), reason


@pytest.mark.parametrize("case", [c for c in CASES if not c.get("fails")], ids=lambda case: case["why"])
def test_what_renders_has_no_problem(case: dict[str, Any]) -> None:
    assert problem_of(case["source"]) is None


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("{{ Event.Name", 1, "}}"),
        ("a\nb {{ Event.Name | }}", 2, "word"),
        ("a\nb\n{% if Event.x == %}{% endif %}", 3, "expression"),
        ("a\n{% fi %}", 2, "fi"),
        ("a\n{% if Event.x %}\nfoo\n", 4, "endif"),
        ("{{ Event.Name | upcased }}", 1, "upcased"),
        ("a\n{{ Profle.Name }}", 2, "Profle"),
        ("{{ name }}", 1, "write Profile.name or Event.name"),
        ("{{ Items[0].name }}", 1, "Event.Items[0].name"),
        ("{{ profile.name }}", 1, "did you mean Profile.name?"),
        ("{{ EVENT['Order Total'] }}", 1, "did you mean Event['Order Total']?"),
        ("{{ Profile.name }}{{ Profil.Name }}", 1, "did you mean Profile.Name?"),
        ("{% include 'other' %}", 1, "include"),
        ("{% render 'other' %}", 1, "render"),
        ("{% abort 'why' %}", 1, "expression"),
        ("x" * 4097, 1, "4096"),
    ],
)
def test_problem_names_line_and_cause(source: str, line: int, said: str) -> None:
    problem = problem_of(source)

    assert problem is not None
    assert problem.line == line
    assert said in problem.message
    if "is unknown" not in problem.message:
        assert isinstance(render(source, PROFILE, EVENT, NOW), Failed)


HOSTILE = {
    "endless range": "{% for i in (1..100000000000) %}x{% endfor %}",
    "endless range reversed": "{% for i in (1..100000000000) reversed %}{% endfor %}",
    "endless range joined": "{{ (1..100000000000) | join: '' }}",
    "endless range from the event": "{% for i in (1..Event.Huge) %}x{% endfor %}",
    "nested loops": "{% for a in (1..900) %}{% for b in (1..900) %}{% for c in (1..900) %}x"
    + "{% endfor %}" * 3,
    "many loops": "{% for a in (1..900) %}{% endfor %}" * 100,
    "busy loop": "{% for i in (1..1000) %}"
    + "{{ 'aaaaaaaaa' | upcase | reverse | size }}" * 90
    + "{% endfor %}",
    "doubling text": "{% assign a = 'xxxxxxxxxx' %}" + "{% assign a = a | append: a %}" * 100,
    "doubling list": "{% assign a = 'a,b' | split: ',' %}" + "{% assign a = a | concat: a %}" * 100,
    "squaring numbers": "{% assign a = 9 %}" + "{% assign a = a | times: a %}" * 100,
    "replacing nothing": "{% assign a = Event.Long %}{{ a | replace: '', a }}",
    "capture in a loop": "{% capture a %}{% for i in (1..999) %}"
    + "x" * 3000
    + "{% endfor %}{% endcapture %}",
    "wide date": "{{ 'now' | date: '%999999999Y' }}",
    "long format": "{{ 'now' | date: Event.Long }}",
    "unclosed": "{{" * 2048,
    "unclosed tags": "{%" * 2048,
    "quotes": "{{ " + "'\"" * 2000,
    "deep path": "{{ Event" + "[Event" * 500 + "]" * 500 + " }}",
    "long condition": "{% if " + "Event.a and " * 300 + "Event.a %}x{% endif %}",
    "deep blocks": "{% if true %}" * 300,
    "markup everywhere": "{% if true %}" + "<" * 3000 + "{% endif %}{{ Event.Long | strip_html }}",
    "growing name": "{{ " + "Event." * 600 + "x }}",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_template_ends_soon_and_small(source: str) -> None:
    event = Names({"Huge": 10**15, "Long": "<x" * 2000})
    tracemalloc.start()
    started = process_time()

    problem_of(source)
    rendering = render(source, PROFILE, event, NOW)

    spent_s, peak = process_time() - started, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(rendering, Rendered | Failed)
    assert spent_s < 20.0  # bounded, on the slowest machine: some 0.1 s without the tracing
    assert peak < 64 * 1024 * 1024


@given(
    st.lists(
        st.sampled_from(
            [
                "{{",
                "}}",
                "{%",
                "%}",
                " Event.a ",
                "Profile",
                ".",
                "|",
                "'",
                "if ",
                "for i in ",
                "endif",
                "endfor",
                "[",
                "]",
                "(1..9)",
                "default: ",
                "abort",
                "x",
                "\n",
                "-",
                " and ",
                "date: ",
                "assign a = ",
                "0",
            ]
        ),
        max_size=30,
    ).map("".join)
)
def test_no_template_raises(source: str) -> None:
    problem_of(source)

    render(source, PROFILE, EVENT, NOW)


@given(st.text(alphabet=st.characters(exclude_characters="{}"), max_size=200))
def test_text_without_markup_stays_as_it_is(text: str) -> None:
    assert render(text, PROFILE, EVENT, NOW) == Rendered(text)
    assert render(text + "{{ Event.Nope }}", PROFILE, EVENT, NOW) == Rendered(text)


@pytest.mark.parametrize(
    ("source", "personal"),
    [
        ("ACME", False),
        ("{{ 'now' | date: '%Y' }}", False),
        ("{{ Profile.Name }}", True),
        ("{% if Event.a %}x{% endif %}", True),
        ("{{ Event.", True),
    ],
)
def test_naming_profile_or_event_is_personal(source: str, personal: bool) -> None:
    assert is_personal(source) is personal
