"""A word that is no choice is refused with the choices, and the nearest of them."""

from typing import Any

import msgspec
import pytest

from tellwire.platform.control.campaign_form import CampaignForm
from tellwire.platform.control.campaign_state import Inside
from tellwire.platform.control.flaws import with_words
from tellwire.platform.language.account import AccountForm
from tellwire.platform.language.choices import choices_at, with_choices


@pytest.mark.parametrize(
    ("kind", "path", "choices"),
    [
        (AccountForm, "quiet.zone", ("account", "person")),
        (AccountForm, "quiet[3].then", ("delay", "discard")),
        (AccountForm, "holdout", ()),
        (AccountForm, "nothing.here", ()),
        (CampaignForm, "again", ("beside", "ignore", "restart")),
        (CampaignForm, "steps[0].send.passes[1]", ("caps", "consent", "quiet")),
        (
            CampaignForm,
            "steps[0].split[1].steps[2].split[2].winner.by",
            ("clicks", "delivered", "goal", "replies"),
        ),
        (Inside, "", ("end", "finish", "move")),
    ],
)
def test_the_choices_stand_where_the_word_stood(kind: Any, path: str, choices: tuple[str, ...]) -> None:
    assert choices_at(kind, path) == choices


def test_the_nearest_is_named_and_other_reasons_stay_as_they_are() -> None:
    with pytest.raises(msgspec.ValidationError) as problem:
        msgspec.convert(
            {"from": "22:00", "to": "08:00", "then": "dely"}, AccountForm.__annotations__["holdout"]
        )
    assert with_choices(str(problem.value), AccountForm) == str(problem.value)

    wrong = "Invalid enum value '{}'"
    assert (
        with_choices(wrong.format("mov"), Inside)
        == "“mov” is none of end, finish, move: did you mean “move”?"
    )
    assert with_choices(wrong.format("x" * 99), Inside) == f"“{'x' * 40}” is none of end, finish, move."
    assert with_choices(wrong.format("x"), int) == wrong.format("x")


def test_a_query_says_its_choices_too() -> None:
    def handler(inside: Inside) -> None: ...

    assert with_words({"inside": "Invalid enum value 'stop'", "other": "No."}, handler) == {
        "inside": "“stop” is none of end, finish, move.",
        "other": "No.",
    }
