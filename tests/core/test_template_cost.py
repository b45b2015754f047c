"""Whatever a template does, its work is bounded: templates grown from a grammar of filters, loops and lists."""

from datetime import UTC, datetime
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tellwire.platform.compose.names import Names
from tellwire.platform.compose.template import ENVIRONMENT, Failed, Rendered, render

NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)
LONG = "b,a," * 1_000
OBJECTS = [{"Name": "x" * 500, "Deep": [[["y" * 100] * 30] * 30]} for _ in range(100)]
EVENT = Names({"Long": LONG, "Objects": OBJECTS, "Names": [f"n{n}" for n in range(100)], "Total": 12.5})
LIMIT_S = 1.0  # of one render, on the slowest machine; the limit of steps is some 30 ms of a usual one

LISTS = "{% assign a = Event.Long | split: ',' %}{% assign b = Event.Long | split: ',' | concat: a %}"
HOSTILE = {
    "sorted in loops": LISTS + "{% for i in (1..30) %}{% for j in (1..30) %}"
    "{% assign c = b | sort_natural | reverse | sort_natural %}{% endfor %}{% endfor %}",
    "each compared with each": LISTS + "{% for i in (1..900) %}{{ b | uniq | size }}{% endfor %}",
    "a list as the key of each": LISTS + "{{ b | map: b | size }}",
    "a list as the separator": LISTS + "{{ b | join: b | size }}",
    "lists of lists": "{% assign a = Event.Objects | map: 'Deep' %}"
    "{% for i in (1..900) %}{{ a | compact | size }}{% endfor %}",
    "lists compared": LISTS + "{% for i in (1..900) %}{% if a == b or b contains 'z' %}{% endif %}{% endfor %}",
    "objects written": "{% for i in (1..900) %}{{ Event | split: 'x' | size }}{% endfor %}",
    "nothing but tags": "{% for i in (1..1000) %}" + "{% assign a = 1 %}{% if true %}{% endif %}" * 80 + "{% endfor %}",
    "many names": "".join(f"{{% assign a{n} = 1 %}}" for n in range(90))
    + "{% for i in (1..1000) %}" + "{% assign a1 = 1 %}" * 90 + "{% endfor %}",
    "long conditions": "{% for i in (1..1000) %}{% if " + "true and " * 300 + "true %}{% endif %}{% endfor %}",
}  # fmt: skip


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_template_that_works_hard_ends_soon(source: str) -> None:
    started = process_time()

    rendering = render(source, Names({}), EVENT, NOW)

    assert isinstance(rendering, Failed)
    assert rendering.reason == "the template takes too many steps"
    assert process_time() - started < LIMIT_S


def test_what_campaigns_do_with_lists_is_well_within_the_limit() -> None:
    source = (
        "{% assign names = Event.Names | sort_natural | uniq %}{% for name in names %}"
        "{% if name contains '9' %}{{ name | upcase | truncate: 20 }}, {% endif %}{% endfor %}"
        "{{ Event.Names | join: ', ' }} {{ Event.Total | times: 2 | round: 2 }}"
    )

    assert isinstance(render(source, Names({}), EVENT, NOW), Rendered)


TERMS = st.sampled_from(
    ["a", "b", "i", "Event.Long", "Event.Objects", "Event.Names", "Event", "'a'", "','", "7", "''", "'Deep'"]
)
FILTERS = st.one_of(
    st.sampled_from(sorted(set(ENVIRONMENT.filters) - {"date", "date_tz"})),
    st.builds("{}: {}".format, st.sampled_from(sorted(ENVIRONMENT.filters)), TERMS),
    st.builds("{}: {}, {}".format, st.sampled_from(["replace", "slice", "where", "truncate"]), TERMS, TERMS),
)
PIPES = st.builds(" | ".join, st.builds(lambda one, more: [one, *more], TERMS, st.lists(FILTERS, max_size=6)))
TAGS = st.one_of(
    PIPES.map("{{{{ {} | size }}}}".format),
    st.builds("{{% assign {} = {} %}}".format, st.sampled_from("ab"), PIPES),
)


def nested(body: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    blocks = st.one_of(
        st.builds("{{% for i in {} %}}{}{{% endfor %}}".format, TERMS, body),
        st.builds("{{% for i in (1..{}) %}}{}{{% endfor %}}".format, st.integers(1, 1000), body),
        st.builds("{{% if {} == {} %}}x{{% else %}}{}{{% endif %}}".format, TERMS, TERMS, body),
        st.builds("{{% capture b %}}{}{{% endcapture %}}".format, body),
    )
    return st.lists(blocks | TAGS, max_size=5).map("".join)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.recursive(TAGS, nested, max_leaves=12))
def test_the_work_of_any_template_is_bounded(source: str) -> None:
    started = process_time()

    render(LISTS + source, Names({}), EVENT, NOW)

    assert process_time() - started < LIMIT_S, source
