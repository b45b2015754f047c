"""The YAML of campaigns and providers: out and in again, and what it refuses."""

import re
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import a_campaign, a_provider

from tellwire.kernel.secrets import Vault
from tellwire.platform.control.catalog_yaml import (
    BadDocument,
    Document,
    ProviderEntry,
    campaign_in,
    provider_form,
    read_document,
    write_document,
)
from tellwire.platform.control.provider_form import BasicForm, JsonForm
from tellwire.platform.control.provider_page import page_of
from tellwire.platform.control.yaml_lines import with_lines
from tellwire.platform.control.yaml_plain import DOCUMENT_LIMIT
from tellwire.platform.language.names import unfit
from tellwire.platform.model.campaign import Campaign, CampaignId, Policy
from tellwire.platform.model.content import Content
from tellwire.platform.model.flat import flat_of
from tellwire.platform.model.provider import (
    BasicAuthentication,
    JsonParameters,
    ProviderId,
    Sealed,
    SealedPair,
)
from tellwire.platform.model.rule import Condition


def whole(text: str) -> Document:
    reading = read_document(text)
    assert reading.mistakes == {}
    return reading.document


NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)
VAULT = Vault(b"k" * 32)
PROVIDER = a_provider(
    id=ProviderId("a" * 24),
    nickname="8x8",
    endpoint="https://sms.example/send",
    parameters=JsonParameters('{"to":"$$To","text":"$$Body"}'),
    headers=(SealedPair("X-Key", Sealed(VAULT.seal("s3cr3t"))),),
    authentication=BasicAuthentication(username="u", password=Sealed(VAULT.seal("pass-word"))),
    callback_key="callback-key",
    is_default=False,
)
TEXTS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=40)
NAMES = TEXTS.map(str.strip).filter(lambda text: not unfit(text))
VALUES = st.one_of(st.booleans(), st.integers(-(2**31), 2**31), TEXTS, st.lists(TEXTS, max_size=3))


def campaign(**fields: object) -> Campaign:
    known = {"content": Content(text="x"), "name": "Thanks", "state": "draft", **fields}
    return a_campaign(id=CampaignId(1), event="Order", created_at=NOW, updated_at=NOW, **known)


@given(
    st.builds(
        campaign,
        name=NAMES,
        state=st.sampled_from(["draft", "running", "stopped"]),
        event_conditions=st.lists(
            st.builds(Condition, property=TEXTS.map(str.strip), value=VALUES), max_size=3
        ).map(tuple),
        starts_at=st.none() | st.just(NOW),
        respects_consent=st.booleans(),
        content=st.builds(
            Content,
            text=TEXTS.map("a\n{}\nb".format) | TEXTS,
            template_variables=st.lists(TEXTS, max_size=2).map(tuple),
            tokens=st.dictionaries(TEXTS, TEXTS, max_size=2),
        ),
        policy=st.builds(Policy, attempts=st.integers(1, 100)),
    )
)
def test_a_campaign_comes_back_as_it_went(before: Campaign) -> None:
    (entry,) = whole(write_document([before], [])).campaigns

    after = campaign_in(entry, before, before.id, NOW, {})

    assert entry.state == before.state
    hashed_as = "" if before.state == "draft" else before.name
    assert after == msgspec.structs.replace(before, name=before.name.strip(), hashed_as=hashed_as)


@pytest.mark.parametrize(
    "name", ["1e5", ".5", "0.", "0o7", "0x1F", "~", "null", "True", "NO", "22:00", "-", "1_0", "+.inf"]
)
def test_a_name_that_looks_like_something_else_stays_a_name(name: str) -> None:
    (entry,) = whole(write_document([campaign(name=name)], [])).campaigns

    assert entry.name == name


def test_a_provider_goes_out_without_secrets_ids_and_callback() -> None:
    text = write_document([], [page_of(PROVIDER, VAULT, "https://x/callbacks/sms/callback-key")])

    (entry,) = whole(text).providers
    assert entry == ProviderEntry(
        nickname="8x8",
        endpoint="https://sms.example/send",
        headers=(("X-Key", "***"),),
        authentication=BasicForm(username="u", password="***"),
        parameters=JsonForm(template='{"to":"$$To","text":"$$Body"}'),
    )
    for kept in ("s3cr3t", "pass-word", "sealed:", "callback-key", "a" * 24):
        assert kept not in text


def test_campaigns_name_their_provider_by_nickname() -> None:
    page = page_of(PROVIDER, VAULT, "")

    document = whole(write_document([campaign(provider_id=PROVIDER.id), campaign(name="b")], [page]))

    assert [c.provider for c in document.campaigns] == ["8x8", None]


def test_secrets_may_be_named_and_only_ours_are_given() -> None:
    entry = ProviderEntry(
        nickname="a",
        headers=(("Authorization", "Bearer ${TELLWIRE_SECRET_A}"), ("X", "plain")),
        authentication=BasicForm(username="${TELLWIRE_SECRET_A}", password="${TELLWIRE_SECRET_B}"),
    )

    form, unset = provider_form(entry, {"TELLWIRE_SECRET_A": "one", "TELLWIRE_SECRET_B": "two"})
    _, missing = provider_form(entry, {"TELLWIRE_SECRET_A": "one"})
    _, foreign = provider_form(ProviderEntry(nickname="a", headers=(("X", "${PATH}"),)), {"PATH": "/bin"})

    assert form.headers == (("Authorization", "Bearer one"), ("X", "plain"))
    assert form.authentication == BasicForm(username="${TELLWIRE_SECRET_A}", password="two")
    assert unset == {}
    assert "not set" in missing["authentication.password"]
    assert "begin with" in foreign["headers[0][1]"]


def test_yaml_dates_are_the_texts_that_conditions_compare() -> None:
    text = """
    tellwire: 1
    campaigns:
      - name: a
        starts_at: 2026-01-31T08:00:00Z
        event_conditions:
          - {property: Due, operator: greater_than, value: 2026-01-31}
    """

    (entry,) = whole(text).campaigns

    assert entry.starts_at == NOW
    assert entry.event_conditions[0].value == "2026-01-31"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Expected"),
        ("- 1", "Expected"),
        ("tellwire: 1\nproviders: 5", "providers"),
        ("tellwire: 1\ncampaigns: [{name: a, colour: red}]", "colour"),
        ("tellwire: 1\ncampaigns: [{name: a, event_conditions: [{operator: like}]}]", "like"),
        ("tellwire: 1\nproviders: [{nickname: true}]", "nickname"),
        ("a:\n\t- b", "Line 2"),
        ("a: !!python/object/apply:os.system [id]", "Line 1"),
        ("x" * (DOCUMENT_LIMIT + 1), "longer"),
        ("a: &x 1\nb: *x", "Aliases"),
        ("{a: " * 60, "Line 1"),
        ("[" * 200 + "]" * 200, "nests"),
        ("tellwire: 1\ncampaigns:\n- {name: a, holdout: .nan}", "Line 3: `.nan` is not a number"),
        ("tellwire: 1\ncampaigns:\n- {name: a, holdout: -.INF}", "Line 3: `-.INF` is not a number"),
        ("tellwire: 1\naccount: {holdout: 1e999}", "Line 2: `1e999` is not a number"),
        ('tellwire: 1\ncampaigns: [{name: "\\ud800"}]', "Line 2: half of a character"),
        ("tellwire: 1\ncampaigns: []\ncampaigns: []", "Line 3: the key `campaigns` stands twice"),
        ("tellwire: 1\ncampaigns:\n- name: a\n  name: b", "Line 4: the key `name` stands twice"),
        ("\x00", "YAML"),
    ],
)
def test_what_is_no_document_is_refused_with_its_place(text: str, said: str) -> None:
    try:
        told = str(read_document(text).mistakes)
    except BadDocument as problem:
        told = str(problem)

    assert said in told


def test_every_mistake_is_named_and_the_rest_is_read() -> None:
    reading = read_document(MISTAKEN)

    assert reading.mistakes == {
        "surprise": "Object contains unknown field `surprise`.",
        "providers[0].request_type": "“PUT” is none of GET, POST.",
        "providers[0].per_s": "Expected `float`, got `str`.",
        "providers[1].headers[0][1]": "Expected `str`, got `int`.",
        "providers[1].authentication.type": "Invalid value 'digest'.",
        "providers[2].nickname": "Object missing required field `nickname`.",
        "campaigns[0].name": "Expected `str`, got `array`.",
        "campaigns[0].state": "“going” is none of draft, paused, running, stopped.",
        "campaigns[1]": "Expected `object`, got `str`.",
        "campaigns[2].colour": "Object contains unknown field `colour`.",
        "campaigns[2].content.text": "Expected `str`, got `int`.",
    }
    assert reading.document.campaigns[3].name == "good"
    lines = with_lines(MISTAKEN, dict(reading.mistakes))
    assert [int(why.split()[1].rstrip(":")) for why in lines.values()] == [
        2,
        5,
        6,
        9,
        10,
        11,
        13,
        14,
        15,
        17,
        18,
    ]


def test_the_two_forms_that_the_guide_shows_are_one_campaign() -> None:
    guide = (Path(__file__).parents[2] / "docs/howto/write-campaigns-as-files.md").read_text()
    flat, structured, *_ = re.findall(r"^```yaml\n(.*?)^```", guide, re.DOTALL | re.MULTILINE)

    ((one,), (other,)) = (whole(text).campaigns for text in (flat, structured))
    read = [campaign_in(entry, None, CampaignId(1), NOW, {PROVIDER.id: PROVIDER}) for entry in (one, other)]

    assert flat_of(read[0]) == flat_of(read[1])
    assert read[0].only_send is not None
    assert read[0].only_send.through == PROVIDER.id
    assert one.state == other.state == "running"


MISTAKEN = """\
tellwire: 1
surprise: 1
providers:
- nickname: a
  request_type: PUT
  per_s: fast
- nickname: b
  headers:
  - [X-Key, 1]
  authentication: {type: digest}
- endpoint: https://sms.example
campaigns:
- name: [b]
  state: going
- just a text
- name: c
  colour: red
  content: {text: 5}
- name: good
"""


@given(st.text(alphabet="ab:-[]{}&*!#|>'\"\n \t1%@`?,~", max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    with suppress(BadDocument):
        read_document(text)
