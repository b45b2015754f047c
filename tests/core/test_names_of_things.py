"""Names that people give to things: what nobody can see in one is refused, in one place for all of them."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.clock import NOON

from tellwire.platform.control.campaign_form import CampaignForm
from tellwire.platform.control.provider_check import Targets, problems_of_form
from tellwire.platform.control.provider_form import ProviderForm
from tellwire.platform.language.account import AudienceForm, read_audiences
from tellwire.platform.language.campaign import campaign_of
from tellwire.platform.language.names import no_name, unfit
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.campaign import CampaignId


@pytest.mark.parametrize(
    "name",
    [
        "VIPs",
        "  Cart reminder  ",
        "Größe 2 – “neu”",
        "سلام\u200cها",  # a joiner that Persian is written with
        "क\u200dष",
        "Family \U0001f468\u200d\U0001f469\u200d\U0001f467",
        "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f goals",  # England
        "❤️ hearts",
        "購物車",
    ],
)
def test_what_people_can_read_is_a_name(name: str) -> None:
    assert unfit(name) == ""


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("a\nb", "on one line"),
        ("a\x00b", "on one line"),
        ("a\x85b", "on one line"),
        ("a\u2028b", "on one line"),
        ("a\u202eb", "U+202E (right-to-left override)"),
        ("a\u2066b", "U+2066 (left-to-right isolate)"),
        ("a\u061cb", "U+061C (arabic letter mark)"),
        ("VI\u200bPs", "U+200B (zero width space)"),
        ("\ufeffVIPs", "U+FEFF (zero width no-break space)"),
        ("VIPs\u2060", "U+2060 (word joiner)"),
        ("VI\u00adPs", "U+00AD (soft hyphen)"),
        ("VI\u200dPs", "U+200D (zero width joiner)"),
        ("ا\u200c\u200cب", "U+200C (zero width non-joiner)"),
        ("\u200c", "U+200C (zero width non-joiner)"),
        ("\u3164", "U+3164 (hangul filler)"),
        ("VIPs\U000e0041", "U+E0041 (tag latin capital letter a)"),
        ("half \ud83d", "U+D83D (a character of no meaning)"),
    ],
)
def test_what_nobody_can_see_is_taken_out_by_name(name: str, why: str) -> None:
    assert why in unfit(name)
    assert no_name(name, "list")


@given(st.text(st.characters(codec="ascii"), max_size=20))
def test_an_ascii_name_is_fit_if_it_prints(name: str) -> None:
    assert (unfit(name) == "") == name.strip().isprintable()


def campaign(**fields: Any) -> None:
    form = msgspec.convert({"name": "Cart", **fields}, CampaignForm)
    campaign_of(form, None, campaign_id=CampaignId(1), now=NOON)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"name": "Ca\u200brt"}, "name"),
        ({"labels": ["a", "b\u202e"]}, "labels[1]"),
        ({"start": {"call": "o\u200btp"}, "steps": []}, "start.call"),
        ({"start": {"event": "E"}, "steps": [{"id": "a\u200b", "send": {"text": "Hi"}}]}, "steps[0].id"),
    ],
)
def test_a_campaign_says_which_of_its_names_is_none(fields: dict[str, Any], where: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        campaign(**fields)

    assert list(refusal.value.fields) == [where]


@pytest.mark.parametrize("name", ["", "G\u200bold", "G\nold"])
def test_an_audience_has_a_name_that_people_can_read(name: str) -> None:
    form = msgspec.convert({"name": name, "rule": {"profile": "Plan", "equals": "gold"}}, AudienceForm)

    with pytest.raises(Unreadable) as refusal:
        read_audiences([form])

    assert list(refusal.value.fields) == ["audiences[0].name"]


def test_a_nickname_is_one_that_people_can_read() -> None:
    form = ProviderForm(nickname="ac\u200bme", endpoint="https://example.com/sms")

    assert "U+200B" in problems_of_form(form, targets=Targets(None))["nickname"]
