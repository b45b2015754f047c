"""Which lists a campaign looks at, also through audiences, and what is said of a name that is none."""

import pytest
from tests.rehearsing import campaign

from tellwire.platform.control.list_use import (
    TooMany,
    is_joined,
    unknown_in_audiences,
    unknown_lists,
    users_of_lists,
    with_lists,
)
from tellwire.platform.decide.listing import lists_in_use
from tellwire.platform.language.lists_named import lists_of
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import campaign_set
from tellwire.platform.model.people_list import LISTS_LIMIT
from tellwire.platform.model.rule import All, Any, Listed, Member, Not, Reachable
from tellwire.platform.model.start import OnEvent, OnMembership
from tellwire.platform.model.step import Branch, ChooseStep

SEEN = OnEvent(event="Seen")
AUDIENCES = {
    "Best": Any((Listed("VIPs"), Member("Old"))),
    "Old": All((Not(Listed("Former")), Reachable("sms"))),
    "Ring": Any(
        (Member("Ring"), Listed("Ringed"))
    ),  # which no file can say, and an earlier release might have kept
}
FORK = ChooseStep(
    id="fork", branches=(Branch(rule=Not(Listed("Blocked")), steps=()), Branch(rule=None, steps=()))
)


def test_lists_are_named_with_their_place_in_rules_branches_and_audiences() -> None:
    asking = campaign(
        OnMembership(audience="Best"), FORK, who=All((Listed("Here"), Member("Ring"), Member("None")))
    )

    assert list(lists_of(asking, AUDIENCES)) == [
        ("start.joins", "VIPs"),
        ("start.joins", "Former"),
        ("who.all[0].listed", "Here"),
        ("who.all[1].member", "Ringed"),
        ("steps[0].choose[0].if.not.listed", "Blocked"),
    ]


def test_only_campaigns_in_use_look_and_only_starts_by_audience_follow() -> None:
    account = with_lists(Account(audiences=AUDIENCES), ["VIPs", "Former", "Here", "Unasked"])
    vips, former, here, _ = account.lists
    joining, asking = campaign(OnMembership(audience="Best")), campaign(SEEN, who=Listed(" HERE"), number=2)
    draft = campaign(SEEN, who=Listed("Unasked"), number=3, state="draft")

    in_use = lists_in_use([joining, asking, draft], account)

    assert dict(in_use.ids) == {"vips": vips.id, "former": former.id, "here": here.id}
    assert dict(in_use.joined) == {vips.id: (joining,), former.id: (joining,)}
    newest = campaign_set(1, [joining, asking, draft], [], account)
    assert [is_joined(one, newest) for one in account.lists] == [True, True, False, False]
    assert users_of_lists(newest) == {
        "vips": ["the audience “Best”", "the campaign “C1”"],
        "former": ["the audience “Old”", "the campaign “C1”"],
        "ringed": ["the audience “Ring”"],
        "here": ["the campaign “C2”"],
    }


def test_a_name_that_is_none_is_said_with_the_nearest_that_is() -> None:
    account = with_lists(Account(audiences={"Best": Not(Listed("VIP"))}), ["VIPs"])

    wrong = unknown_lists(campaign(SEEN, who=Any((Listed("VIPS"), Listed("VIP"), Member("Best")))), account)

    assert wrong == {
        "who.any[1].listed": "There is no list “VIP”: did you mean “VIPs”?",
        "who.any[2].member": "There is no list “VIP”: did you mean “VIPs”?",
    }
    assert list(unknown_in_audiences(account)) == ["audiences[0].rule.not.listed"]


def test_lists_get_ids_that_none_had_before_and_so_many_are_enough() -> None:
    first = with_lists(Account(), ["A", " a ", "B"])
    without = with_lists(Account(last_list=first.last_list), ["C"])

    assert [(one.id, one.name) for one in (*first.lists, *without.lists)] == [(1, "A"), (2, "B"), (3, "C")]
    full = with_lists(Account(), [f"L{number}" for number in range(LISTS_LIMIT)])
    assert with_lists(full, ["l0"]) == full
    with pytest.raises(TooMany):
        with_lists(full, ["one more"])
