"""Joining an audience lets people enter: when they become members, and only then unless the start says so."""

from typing import Any

import pytest
from tests.rehearsing import HI, at, campaign, event, profile, run

from tellwire.platform.model.account import Account
from tellwire.platform.model.rule import Condition, Has, Not, Rule
from tellwire.platform.model.start import OnCall, OnEvent, OnMembership
from tellwire.platform.model.step import PutProperty, SetStep

GOLD = Has(Condition(property="Plan", value="gold"))
EVERYBODY = Not(Has(Condition(property="Plan", value="none")))
NOBODY = Has(Condition(property="Plan", value="none"))
JOINS = OnMembership(audience="Gold")


def gold(rule: Rule = GOLD) -> dict[str, Any]:
    return {"account": Account(audiences={"Gold": rule}), "until": "2026-07-01T00:00"}


@pytest.mark.parametrize(("present", "already"), [(False, []), (True, ["2026-06-01T12:00 ann send"])])
def test_becoming_a_member_counts_and_being_one_at_the_beginning_only_if_it_is_said(
    present: bool, already: list[str]
) -> None:
    lines = run(
        campaign(OnMembership(audience="Gold", present=present)),
        profile("ann", "2026-06-01T12:00", Plan="gold"),
        profile("bob", "2026-06-01T12:00"),
        profile("bob", "2026-06-02T12:00", Plan="gold"),
        profile("cid", "2026-06-03T12:00", Plan="gold"),
        profile("cid", "2026-06-04T12:00", City="Bonn"),
        **gold(),
    )

    assert lines == [*already, "2026-06-02T12:00 bob send", "2026-06-03T12:00 cid send"]


def test_who_leaves_and_comes_back_joins_again_each_time_anew() -> None:
    moment = "2026-06-02T12:00"
    lines = run(
        campaign(JOINS),
        profile("ann", "2026-06-01T12:00"),
        *(profile("ann", moment, Plan=plan) for plan in ("gold", "silver", "gold", "silver", "gold")),
        **gold(),
    )

    assert lines == [f"{moment} ann send"] * 3


@pytest.mark.parametrize(("rule", "names"), [(NOBODY, []), (EVERYBODY, ["bob"])])
def test_an_audience_of_nobody_and_one_of_everybody(rule: Rule, names: list[str]) -> None:
    lines = run(
        campaign(JOINS),
        profile("ann", "2026-06-01T12:00"),
        event("bob", "Seen", "2026-06-02T12:00"),
        **gold(rule),
    )

    assert lines == [f"2026-06-02T12:00 {name} skip no_phone" for name in names]


def test_a_person_who_is_merged_into_a_member_joins_no_second_time() -> None:
    device = {"objectId": "device0001", "type": "profile", "ts": at("2026-06-01T12:00").timestamp()}
    lines = run(
        campaign(JOINS),
        {**device, "profileData": {"Plan": "gold"}},
        profile("ann", "2026-06-01T13:00"),
        {**event("ann", "Seen", "2026-06-02T12:00"), "objectId": "device0001"},
        **gold(),
    )

    assert lines == []


def mark(plan: str) -> SetStep:
    return SetStep(id=plan, changes=(PutProperty("Plan", plan),))


def test_a_step_may_make_a_member() -> None:
    lines = run(
        [campaign(OnEvent(event="Seen"), mark("gold")), campaign(JOINS, number=2)],
        profile("ann", "2026-06-01T12:00"),
        event("ann", "Seen", "2026-06-02T12:00"),
        **gold(),
    )

    assert lines == ["2026-06-02T12:00 ann send"]


def test_a_ring_of_steps_that_make_members_ends() -> None:
    silver = Has(Condition(property="Plan", value="silver"))
    lines = run(
        [
            campaign(OnEvent(event="Seen"), mark("gold")),
            campaign(JOINS, HI, mark("silver"), number=2),
            campaign(OnMembership(audience="Silver"), HI, mark("gold"), number=3),
        ],
        profile("ann", "2026-06-01T12:00"),
        event("ann", "Seen", "2026-06-02T12:00"),
        account=Account(audiences={"Gold": GOLD, "Silver": silver}),
        until="2026-07-01T00:00",
    )

    assert [line[17:] for line in lines] == [*["ann send"] * 3, "ann skip chain_too_long"]


def test_nothing_calls_in_a_simulation() -> None:
    assert run(campaign(OnCall("shipped")), profile("ann", "2026-06-01T12:00"), **gold()) == []
