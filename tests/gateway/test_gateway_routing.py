"""Laws of routing and of carriers' health: who takes a message, and when somebody else does."""

from collections import Counter
from pathlib import Path

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import a_price, a_rule
from tests.gateway.gateway_world import ADMIN, KEY, SUB, Client, until

from tellwire.gateway.accounts.sender_ids import SenderRules
from tellwire.gateway.carriers.choosing import FAILOVER_S
from tellwire.gateway.main import Gateway, GatewayOptions
from tellwire.gateway.model.number import AllowedSender
from tellwire.gateway.simulator.carrier import Simulator
from tellwire.kernel.choice.health import Health
from tellwire.kernel.choice.routing import Condition, Network, Rule, Share, Table, explain, weights

UP = {"a": Condition(), "b": Condition()}
A_DOWN = {"a": Condition(is_up=False), "b": Condition()}


TABLE = Table(
    [
        a_rule("all", "a"),
        a_rule("sg", "b", prefix="65"),
        a_rule("sg-acme", "a", prefix="65", source="ACME"),
        a_rule("sg-one", "a", prefix="65", mcc="525", mnc="01"),
        a_rule("sg-mobile", "a", prefix="659"),
        a_rule("off", "b", prefix="6591", is_enabled=False),
    ]
)


@pytest.mark.parametrize(
    ("destination", "source", "network", "expected"),
    [
        ("4915112345678", "X", Network(), "all"),
        ("6581230000", "X", Network(), "sg"),
        ("6581230000", "ACME", Network(), "sg-acme"),
        ("6581230000", "X", Network("525", "01"), "sg-one"),
        ("6581230000", "X", Network("525", "05"), "sg"),
        ("6591230000", "ACME", Network(), "sg-mobile"),
    ],
)
def test_the_most_specific_rule_decides(
    destination: str, source: str, network: Network, expected: str
) -> None:
    choice = TABLE.choose(destination, source, UP, lambda: 0.0, network)

    assert choice.rule == expected


def test_a_rule_whose_carriers_are_down_is_passed_over_and_with_all_down_waits() -> None:
    table = Table([a_rule("sg", "a", prefix="65"), a_rule("all", "b")])
    both_down = {"a": Condition(is_up=False), "b": Condition(is_up=False)}

    assert table.choose("6581230000", "", A_DOWN, lambda: 0.0).carrier == "b"
    assert table.choose("6581230000", "", both_down, lambda: 0.0).carrier == "a"


def test_no_rule_is_no_carrier() -> None:
    assert Table([a_rule("sg", "a", prefix="65")]).choose("4915", "", UP, lambda: 0.0).carrier is None


def test_weights_share_and_a_spare_takes_over_only_alone() -> None:
    shared = Rule(id="r", shares=(Share("a", 3), Share("b", 1), Share("spare", 0)))
    conditions = {**UP, "spare": Condition()}
    taken = Counter(
        Table([shared]).choose("1", "", conditions, lambda n=n: n / 100).carrier for n in range(100)
    )  # type: ignore[misc]  # the loop's number, bound now

    assert taken == {"a": 75, "b": 25}
    assert weights(shared, {"spare": Condition()}) == {"spare": 1.0}


def test_the_cheapest_healthy_carrier_takes_all() -> None:
    by_price = a_rule("r", "a", "b", by="price")

    healthy = weights(by_price, {"a": Condition(part_micro=10), "b": Condition(part_micro=20)})
    ailing = weights(by_price, {"a": Condition(part_micro=10, share=0.2), "b": Condition(part_micro=20)})

    assert set(healthy) == {"a"}
    assert set(ailing) == {"b"}


@given(
    st.text("0123456789", min_size=7, max_size=15),
    st.floats(0, 1, exclude_max=True),
    st.booleans(),
    st.booleans(),
)
def test_every_message_gets_a_carrier_that_is_up_if_any_is(
    number: str, die: float, a_up: bool, b_up: bool
) -> None:
    table = Table([a_rule("all", "a", "b"), a_rule("sg", "b", prefix="65")])
    conditions = {"a": Condition(is_up=a_up), "b": Condition(is_up=b_up)}

    carrier = table.choose(number, "", conditions, lambda: die).carrier

    assert carrier is not None
    assert conditions[carrier].is_up or not (a_up or b_up)


def test_an_explanation_names_every_rule_and_what_carriers_weigh() -> None:
    steps = explain(TABLE, "6591230000", "ACME", A_DOWN)

    assert [step.about for step in steps] == [
        "network", "rule for numbers that begin with +659",
        "rule for numbers that begin with +65 from ACME", "rule for numbers that begin with +65", "carrier b",
        "rule for every number",
    ]  # fmt: skip
    assert [step.led_on for step in steps] == [True, False, False, True, True, False]


def test_errors_halve_a_share_and_time_brings_it_back() -> None:
    health = Health()
    for _ in range(100):
        health.note_ending(is_failed=True)

    fallen = health.judge(10, 0.0)
    for _ in range(200):
        health.note_ending(is_failed=False)
    risen = [health.judge(10, 0.0) for _ in range(60)]

    assert fallen == 0.5
    assert risen == sorted(risen)
    assert risen[-1] == 1.0


def test_a_few_errors_prove_nothing() -> None:
    health = Health()
    for _ in range(5):
        health.note_ending(is_failed=True)

    assert health.judge(10, 0.0) == 1.0


def test_registered_senders_may_send_where_they_are_registered() -> None:
    rules = SenderRules(
        [
            AllowedSender(subaccount="s", source="ACME", prefixes=("65",)),
            AllowedSender(subaccount="s", source="12345"),
        ]
    )

    asked = [
        ("s", "acme", "6591"),
        ("s", "ACME", "49"),
        ("s", "12345", "49"),
        ("s", "Other", "65"),
        ("t", "Other", "65"),
    ]
    assert [rules.may_send(*one) for one in asked] == [True, False, True, False, True]


async def test_what_waits_for_a_carrier_that_is_gone_goes_to_another(tmp_path: Path) -> None:
    first, second = Simulator(), Simulator()
    await first.start()
    await second.start()
    gateway = Gateway(
        GatewayOptions(
            data=tmp_path,
            admin_token=ADMIN,
            has_simulator=False,
            carriers={"first": (first.link_config(),), "second": (second.link_config(),)},
        )
    )
    await gateway.start()
    await gateway.ensure_subaccount(SUB)
    await gateway.ensure_api_key("test", KEY)
    await gateway.accounts.save_prices("demo", [a_price(1, mcc="525", mnc="01")])
    only_first = a_rule("all", "first")
    await gateway.traffic.save_rules([only_first])
    await until(lambda: all(lane.carrier.is_up for lane in gateway.traffic.lanes.values()))
    await first.stop()
    await until(lambda: not gateway.traffic.lanes["first"].carrier.is_up)
    async with aiohttp.ClientSession() as session:
        client = Client(session, f"http://127.0.0.1:{gateway.port}")
        numbers = [f"+65912{n:05d}" for n in range(1000)]
        await client.batch({"destinations": numbers, "template": {"text": "hi"}})
    waiting = await gateway.stores.messages.waiting()

    # The spare is named for one network alone, which only the account's prices tell of these numbers.
    spare = Rule(id="net", mcc="525", shares=(Share("first", 1), Share("second", 0)))
    await gateway.traffic.save_rules([only_first, spare])
    gateway.traffic._down_since_s["first"] = -FAILOVER_S
    await until(lambda: second.counters.shown == 1000)
    await gateway.stop()
    await second.stop()

    assert waiting == {"first": 1000}
    assert second.counters.submits == 1000


async def test_a_rule_for_a_carrier_that_there_is_not_is_refused(gateway: Gateway, client: Client) -> None:
    with pytest.raises(ValueError, match="there is no carrier nowhere"):
        await gateway.traffic.save_rules([a_rule("r", "nowhere")])


async def test_a_number_without_a_route_is_refused(gateway: Gateway, client: Client) -> None:
    await gateway.traffic.save_rules([a_rule("r", "simulator", prefix="65")])

    routed, _ = await client.send(destination="+6591230000", text="hi")
    status, error = await client.send(destination="+4915112345678", text="hi")

    assert routed == 200
    assert (status, error["message"]) == (400, "There is no route to this destination")


async def test_a_dry_run_says_where_and_why(gateway: Gateway) -> None:
    await until(lambda: gateway.traffic.conditions["simulator"].is_up)

    run = gateway.traffic.dry_run("6591230000", "ACME", gateway.accounts.tariff("demo"))

    assert (run.carrier, run.rule) == ("simulator", "default")
    assert [step.about for step in run.steps] == ["network", "rule for every number", "carrier simulator"]
