"""The edges of who carries a message: what exactly at a limit happens, and what is not said."""

import pytest

from tellwire.kernel.choice.health import Health
from tellwire.kernel.choice.price import Price
from tellwire.kernel.choice.rerouting import Flow, Move, Rerouting
from tellwire.kernel.choice.routing import (
    UNKNOWN_NETWORK,
    Condition,
    Network,
    Rule,
    Share,
    Table,
    explain,
    pick,
    weights,
)
from tellwire.kernel.choice.silence import Silence
from tellwire.kernel.choice.tariff import Tariff


def price(prefix: str, part_micro: int, mcc: str = "", mnc: str = "", direction: str = "outbound") -> Price:
    return Price(direction, prefix, "", "", "", mcc, mnc, part_micro)  # type: ignore[arg-type]  # one of two words


TARIFF = Tariff(
    [
        price("65", 20),
        price("6591", 30, "525", "01"),
        price("6", 10, "505"),
        price("659", 99, direction="inbound"),
    ]
)


@pytest.mark.parametrize(
    ("number", "part_micro", "network"),
    [
        ("6591230000", 30, Network("525", "01")),
        ("6591", 30, Network("525", "01")),
        ("659", 20, Network("505", "")),
        ("65", 20, Network("505", "")),
        ("6", 10, Network("505", "")),
        ("", 0, UNKNOWN_NETWORK),
        ("4915", 0, UNKNOWN_NETWORK),
    ],
)
def test_the_longest_priced_prefix_tells_the_price_and_the_network(
    number: str, part_micro: int, network: Network
) -> None:
    assert TARIFF.part_micro(number) == part_micro
    assert TARIFF.network(number) == network


def test_a_price_for_every_number_is_the_last_that_is_looked_at() -> None:
    tariff = Tariff([price("", 7), price("65", 20)])

    assert (tariff.part_micro("49"), tariff.part_micro("65"), tariff.part_micro("")) == (7, 20, 7)
    assert (tariff.network("65"), tariff.network_digits, TARIFF.network_digits) == (UNKNOWN_NETWORK, 0, 4)


def test_by_price_those_that_cost_the_same_share_and_no_price_is_free() -> None:
    rule = Rule(id="r", shares=(Share("a"), Share("b"), Share("dear")), by="price")

    weighed = weights(rule, {"a": Condition(part_micro=0), "b": Condition(), "dear": Condition(part_micro=1)})

    assert weighed == {"a": 1.0, "b": 1.0}


def test_a_carrier_with_half_its_share_is_ailing_and_one_with_none_still_weighs_a_hundredth() -> None:
    rule = Rule(id="r", shares=(Share("cheap"), Share("dear")), by="price")
    dear = Condition(part_micro=2)

    half = weights(rule, {"cheap": Condition(part_micro=1, share=0.5), "dear": dear})
    more = weights(rule, {"cheap": Condition(part_micro=1, share=0.51), "dear": dear})
    none = weights(Rule(id="r", shares=(Share("cheap", 2),)), {"cheap": Condition(share=0.0)})

    assert (set(half), set(more), none) == ({"dear"}, {"cheap"}, {"cheap": 0.02})


def test_a_die_falls_on_the_next_carrier_exactly_at_the_weight_of_the_first() -> None:
    rule = Rule(id="r", shares=(Share("a"), Share("b")))
    conditions = {"a": Condition(), "b": Condition()}

    assert [pick(rule, conditions, die) for die in (0.0, 0.49, 0.5, 0.99)] == ["a", "a", "b", "b"]


def test_of_equally_specific_rules_the_order_decides_and_a_sender_before_a_network() -> None:
    late, early = (Rule(id=name, shares=(Share("a"),), order=order) for name, order in (("x", 2), ("y", 1)))
    network = Rule(id="n", shares=(Share("a"),), mcc="525", mnc="01")
    sender = Rule(id="s", shares=(Share("a"),), source="ACME")
    empty = Rule(id="e", shares=(), source="ACME")
    table = Table([late, early, network, sender, empty])

    fitting = table.fitting("65", "ACME", Network("525", "01"))

    assert [rule.id for rule in fitting] == ["s", "n", "y", "x"]


def test_an_explanation_says_when_nothing_fits_and_what_is_down() -> None:
    up, down = {"a": Condition()}, {"a": Condition(is_up=False)}
    table = Table([Rule(id="r", shares=(Share("a"), Share("gone")), prefix="65", mcc="525", mnc="01")])
    here = Network("525", "01")

    nothing = explain(table, "49", "", up)
    waiting = explain(table, "65", "", down, here)
    going = explain(table, "65", "", up, here)

    assert [(step.about, step.seen, step.led_on) for step in nothing] == [
        ("network", "not known", True),
        ("rules", "no rule fits this number and sender ID", False),
    ]
    assert [(step.seen, step.led_on) for step in waiting] == [
        ("MCC 525, MNC 01", True),
        ("it fits; all its carriers are down", True),
        ("down, health 100%, takes 50% of these messages", True),
        ("down, health 100%, takes 50% of these messages", True),
    ]
    assert [(step.seen, step.led_on) for step in going[1:]] == [
        ("it fits; a carrier of it is up", True),
        ("up, health 100%, takes 100% of these messages", True),
        ("down, health 100%, takes 0% of these messages", False),
    ]


def test_what_two_carriers_lose_goes_to_the_third_in_proportion() -> None:
    def table(**carriers: int) -> Table:
        return Table([Rule(id="r", shares=tuple(Share(name, weight) for name, weight in carriers.items()))])

    rerouting = Rerouting(table(a=2, b=2), table(b=1, c=3), {name: Condition() for name in "abc"})
    rerouting.add(Flow("acme", "65", "Shop", 100), UNKNOWN_NETWORK)

    assert rerouting.moves == [
        Move(before="a", after="c", messages=50),
        Move(before="b", after="c", messages=25),
    ]


@pytest.mark.parametrize(
    ("usual", "heard", "is_silent"),
    [(100, 50, True), (100, 51, False), (20, 0, True), (19, 0, False), (20, 10, True), (20, 11, False)],
)
def test_half_of_what_is_usual_is_silence_where_a_fifth_is_usual(
    usual: int, heard: int, is_silent: bool
) -> None:
    silence = Silence()
    judge(silence, usual, 0.0)

    assert judge(silence, heard, 1000.0) is is_silent


def judge(silence: Silence, heard: int, now_s: float) -> bool | None:
    silence.note_taken(100, now_s)
    for _ in range(heard):
        silence.note_heard(1.0, now_s + 1.0)
    return silence.judge(now_s + 130.0)


def test_what_is_usual_follows_slowly() -> None:
    silence = Silence()
    judge(silence, 100, 0.0)

    judge(silence, 60, 1000.0)

    assert silence.usual == pytest.approx(1.0 - 0.01 * 0.4)


@pytest.mark.parametrize(("failed", "seen", "share"), [(0.2, 20, 1.0), (0.21, 20, 0.5), (0.21, 19, 1.0)])
def test_more_than_a_fifth_of_twenty_halves_a_share(failed: float, seen: int, share: float) -> None:
    health = Health()
    for _ in range(seen):
        health.note_ending(is_failed=False)
    health.error_rate = failed

    assert health.judge(0.0, 0.0) == share


def test_a_share_falls_to_a_twentieth_and_is_whole_again_within_five_minutes() -> None:
    health = Health()
    for _ in range(10):
        for _ in range(100):
            health.note_ending(is_failed=True)
        fallen = health.judge(0.0, 0.0)
    health.error_rate = 0.0

    assert fallen == 0.05
    assert health.judge(30.0, 0.0) == pytest.approx(0.15)
    assert health.judge(255.0, 0.0) == pytest.approx(1.0)


def test_each_message_counts_a_fiftieth_and_a_receipt_an_hour_at_most() -> None:
    health = Health()

    health.note_ending(is_failed=True)
    health.note_delay(-5.0, 0.0)
    early_s = health.delay_s
    health.note_delay(86_400.0, 0.0)

    assert (health.error_rate, early_s, health.delay_s) == (0.02, 0.0, 72.0)
    assert (health.has_ended, health.has_heard) == (True, True)
