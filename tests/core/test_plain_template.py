"""Templates that are rendered without Liquid say what Liquid says."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellwire.platform.compose.names import Names
from tellwire.platform.compose.plain import PLACES_LIMIT, VALUE_LIMIT, filled, plain_of
from tellwire.platform.compose.template import ENVIRONMENT, PERSONAL_ROOTS, Rendered, _run, render

NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)

NAMES = st.sampled_from(["Name", "name", "Order Total", "ordertotal", "Missing", "size", "first", "Identity"])
PLACES = st.builds("{}{}".format, st.sampled_from(["Profile", "Event"]), NAMES.map("['{}']".format))
DEFAULTS = st.sampled_from(["", " | default: 'you'", ' | default: ""', " | default: 5", " | default: nil"])
FILTERS = st.one_of(
    DEFAULTS,
    PLACES.map(" | default: {}".format),
    st.sampled_from([" | upcase", " | default: 'a', allow_false: true", " | default: 'a' | upcase"]),
)
OUTPUTS = st.builds(
    "{{{{{} {}{} {}}}}}".format, st.sampled_from(["", "-"]), PLACES, FILTERS, st.sampled_from(["", "-"])
)
TEMPLATES = st.lists(
    st.one_of(OUTPUTS, st.sampled_from(["Hello ", " \n ", "ß", "{% if Event %}x{% endif %}"]))
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=4),
    st.sampled_from(["$D_1700000000", "$D_x", " ", "x" * (VALUE_LIMIT + 1), 10**18 + 1]),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
)
PROPERTIES = st.dictionaries(
    st.sampled_from(["Name", "name", "Order Total", "size", "first"]), VALUES, max_size=4
)


@given(TEMPLATES, PROPERTIES, PROPERTIES)
def test_a_plain_template_says_what_liquid_says(pieces, profile, event):
    template = ENVIRONMENT.from_string("".join(pieces))
    plain = plain_of(template, PERSONAL_ROOTS)
    text = None if plain is None else filled(plain, {"Profile": Names(profile), "Event": Names(event)})

    if text is not None:
        assert text == _run(template, {"Profile": Names(profile), "Event": Names(event)}, NOW)


@pytest.mark.parametrize(
    ("source", "is_plain"),
    [
        (
            "Hello {{ Profile.Name | default: 'you' }}, {{ Event['Order Total'] | default: Profile.Tier }}",
            True,
        ),
        ("{{ Profile.Name | upcase }}", False),
        ("{{ Profile.Name | default: 'a', allow_false: true }}", False),
        ("{{ Profile.Name | default: 5 }}", False),
        ("{{ Profile.size }}", False),
        ("{{ Profile.Address.City }}", False),
        ("{{ Profile }}", False),
        ("{{ now }}", False),
        ("{% if Profile.Name %}x{% endif %}", False),
        ("{{ Profile.Name }}" * PLACES_LIMIT, True),
        ("{{ Profile.Name }}" * (PLACES_LIMIT + 1), False),
    ],
)
def test_only_values_and_their_defaults_are_plain(source, is_plain):
    assert (plain_of(ENVIRONMENT.from_string(source), PERSONAL_ROOTS) is not None) is is_plain


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Ann", "Ann"),
        ("", "you"),
        (None, "you"),
        (False, "you"),
        (True, "true"),
        (0, "0"),
        ("x" * VALUE_LIMIT, "x" * VALUE_LIMIT),
        ("x" * (VALUE_LIMIT + 1), None),
        (10**15, None),
        (1.5, "1.5"),
        (1e16, "10000000000000000.0"),
        (["a"], None),
        ("$D_1700000000", None),
    ],
)
def test_only_short_texts_and_numbers_are_filled_in(value, text):
    plain = plain_of(ENVIRONMENT.from_string("{{ Profile.Name | default: 'you' }}"), PERSONAL_ROOTS)
    assert plain is not None

    assert filled(plain, {"Profile": Names({"name": value}), "Event": Names({})}) == text


def test_what_is_not_plain_is_rendered_by_liquid():
    rendering = render(
        "{{ Profile.Name | upcase }} {{ Profile.N }}", Names({"Name": "ann", "N": 1e16}), Names({}), NOW
    )

    assert rendering == Rendered("ANN 10000000000000000.0")
