"""The administration's routes: a rule says what it fits, and what a change would do is told before it is made."""

from collections.abc import Sequence
from typing import Any

import pytest
from tests.builders import a_rule
from tests.gateway.gateway_world import Client, until
from tests.gateway.test_admin_api import NUMBER, admin

from tellwire.gateway.main import Gateway
from tellwire.kernel.choice.rerouting import Flow, Move, Rerouting
from tellwire.kernel.choice.routing import UNKNOWN_NETWORK, Condition, Network, Rule, Table

UP = {"a": Condition(), "b": Condition()}
SHARES = [{"carrier": "simulator", "weight": 1}]


@pytest.mark.parametrize(
    ("old", "new", "moves"),
    [
        ([a_rule("all", "a")], [a_rule("all", "a"), a_rule("sg", "b", prefix="65")], [("a", "b", 60)]),
        ([a_rule("all", "a")], [a_rule("all", "a"), a_rule("sg", "a", prefix="65")], []),
        ([a_rule("all", "a")], [a_rule("all", "a", "b")], [("a", "b", 50)]),
        ([a_rule("all", "a")], [a_rule("sg", "a", prefix="65")], [("a", None, 40)]),
        ([], [a_rule("all", "a")], [(None, "a", 100)]),
        ([a_rule("all", "a")], [a_rule("all", "a"), a_rule("late", "b")], []),
        ([a_rule("all", "a")], [a_rule("net", "b", mcc="525"), a_rule("all", "a")], [("a", "b", 60)]),
    ],
)
def test_what_one_table_gives_and_the_other_does_not_moves(
    old: Sequence[Rule], new: Sequence[Rule], moves: list[tuple[str | None, str | None, int]]
) -> None:
    rerouting = Rerouting(Table(old), Table(new), UP)

    rerouting.add(Flow("acme", "65", "Shop", 60), Network("525", "01"))
    rerouting.add(Flow("acme", "44", "Shop", 40), UNKNOWN_NETWORK)

    assert rerouting.messages == 100
    assert rerouting.moves == [
        Move(before=before, after=after, messages=count) for before, after, count in moves
    ]


async def changed(client: Client, *rules: dict[str, Any], path: str = "/routes") -> tuple[int, Any]:
    _, now = await admin(client, "GET", "/routes")
    method = "PUT" if path == "/routes" else "POST"
    body = {"rules": [*now["rules"], *rules], "version": now["version"]}
    return await admin(client, method, path, body)


async def test_a_rule_left_empty_is_refused_unless_it_says_every_number(client: Client) -> None:
    empty, answer = await changed(client, {"shares": SHARES, "fits_all": False})
    both, other = await changed(client, {"shares": SHARES, "fits_all": True, "prefix": "65"})
    said, table = await changed(client, {"shares": SHARES, "fits_all": True})

    assert (empty, both, said) == (422, 422, 200)
    assert list(answer["error"]["fields"]) == ["rules.1.fits_all"]
    assert list(other["error"]["fields"]) == ["rules.1.fits_all"]
    assert [rule["fits_all"] for rule in table["rules"]] == [True, True]


async def test_every_flaw_of_a_rule_is_named_at_once(client: Client) -> None:
    flawed = {"shares": [{"carrier": "nobody"}], "prefix": "+65", "mcc": "1", "mnc": "x"}

    status, answer = await changed(client, flawed)

    assert (status, set(answer["error"]["fields"])) == (
        422,
        {f"rules.1.{field}" for field in ("prefix", "mcc", "mnc", "shares")},
    )


async def test_the_preview_of_a_change_counts_the_last_days_messages_and_changes_nothing(
    client: Client, gateway: Gateway
) -> None:
    await until(lambda: gateway.traffic.conditions["simulator"].is_up)
    await client.send(destination=NUMBER, text="Hi")
    await client.send(destination="+12025550100", text="Hi")
    _, before = await admin(client, "GET", "/routes")
    only_us = [{"prefix": "1", "shares": SHARES}]

    status, preview = await admin(
        client, "POST", "/routes/preview", {"rules": only_us, "version": before["version"]}
    )
    same, nothing = await changed(client, {"prefix": "65", "shares": SHARES}, path="/routes/preview")
    _, after = await admin(client, "GET", "/routes")

    assert (status, same) == (200, 200)
    assert preview == {
        "messages": 2,
        "moved": 1,
        "moves": [{"before": "simulator", "after": None, "messages": 1}],
        "is_whole": True,
        "compared_at_most": 50_000,
    }
    assert (nothing["messages"], nothing["moved"]) == (2, 0)
    assert after == before


async def test_the_default_rule_alone_is_not_kept(client: Client, gateway: Gateway) -> None:
    """Whoever takes a first rule back has no rule of their own again, and new carriers get messages."""
    _, before = await admin(client, "GET", "/routes")
    _, added = await changed(client, {"prefix": "65", "shares": SHARES})

    _, undone = await admin(client, "PUT", "/routes", {"rules": before["rules"], "version": added["version"]})

    assert (before["is_default"], added["is_default"], undone["is_default"]) == (True, False, True)
    assert undone == before


async def test_as_many_rules_as_allowed_fit_into_a_request(client: Client) -> None:
    _, before = await admin(client, "GET", "/routes")
    rules = [{"prefix": str(1000 + at), "shares": SHARES} for at in range(2_000)]

    status, _ = await admin(client, "PUT", "/routes", {"rules": rules, "version": before["version"]})
    _, kept = await admin(client, "GET", "/routes")
    again, _ = await admin(client, "PUT", "/routes", kept)

    assert (status, len(kept["rules"]), again) == (200, 2_000, 200)
