"""Which carrier takes a message: by the longest prefix, network, sender ID, price and health. Pure.

    rules that fit --most specific first--> carriers of the rule --up, healthy, cheap--> one of them by weight

A rule fits when the number begins with its prefix, and its network and sender ID are the message's or are not named.
The dice come from the caller. `explain` walks the same way as `choose` and says what it saw.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal

import msgspec


class Share(msgspec.Struct, frozen=True):
    """A carrier of a rule; `weight` 0 keeps it for the time when all others are down."""

    carrier: str
    weight: int = 1


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the routing table; empty texts fit everything.

    `prefix` is digits. `mcc` and `mnc` fit where the number's network is known. `order` decides between rules that
    are equally specific. `by` says how its carriers share: by weight, or all to the cheapest that is healthy.
    """

    id: str
    shares: tuple[Share, ...]
    prefix: str = ""
    mcc: str = ""
    mnc: str = ""
    source: str = ""
    order: int = 0
    by: Literal["weight", "price"] = "weight"
    is_enabled: bool = True


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """How a carrier is: `share` in (0, 1] is the part of its weight that its health leaves it."""

    is_up: bool = True
    share: float = 1.0
    part_micro: int = 0


class Network(msgspec.Struct, frozen=True):
    """A mobile network as far as it is known."""

    mcc: str = ""
    mnc: str = ""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A carrier and the rule that led to it, or no carrier because no rule fits."""

    carrier: str | None
    rule: str | None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence of an explanation: what was looked at, and whether it led on."""

    about: str
    seen: str
    led_on: bool


UNKNOWN_NETWORK: Final = Network()
_UNKNOWN: Final = Condition(is_up=False)


class Table:
    """The rules, ready to be asked for every message."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._by_prefix: dict[str, list[Rule]] = {}
        for rule in sorted((rule for rule in rules if rule.is_enabled and rule.shares), key=_precedence):
            self._by_prefix.setdefault(rule.prefix, []).append(rule)
        self.longest = max((len(prefix) for prefix in self._by_prefix), default=0)

    def choose(
        self,
        destination: str,
        source: str,
        conditions: Mapping[str, Condition],
        dice: Callable[[], float],
        network: Network = UNKNOWN_NETWORK,
    ) -> Choice:
        """Return the carrier for a message to `destination` (digits).

        The first fitting rule with a carrier that is up decides. When none has one, the first that fits does: its
        messages wait for the carrier.
        """
        fitting = self.fitting(destination, source, network)
        rule = decisive(fitting, conditions)
        if rule is None:
            return Choice(carrier=None, rule=None)
        return Choice(carrier=pick(rule, conditions, dice()), rule=rule.id)

    def fitting(self, destination: str, source: str, network: Network) -> list[Rule]:
        """Return the rules that fit, the most specific first."""
        return [
            rule
            for length in range(min(self.longest, len(destination)), -1, -1)
            for rule in self._by_prefix.get(destination[:length], ())
            if _fits(rule, source, network)
        ]


def decisive(fitting: Sequence[Rule], conditions: Mapping[str, Condition]) -> Rule | None:
    """Return the first of the fitting rules with a carrier that is up, else the first, else None."""
    for rule in fitting:
        if any(_of(conditions, share).is_up for share in rule.shares):
            return rule
    return fitting[0] if fitting else None


def pick(rule: Rule, conditions: Mapping[str, Condition], die: float) -> str:
    """Return the carrier of a rule that `die`, a number in [0, 1), falls on."""
    weighed = weights(rule, conditions)
    mark = die * sum(weighed.values())
    for carrier, weight in weighed.items():
        mark -= weight
        if mark < 0:
            return carrier
    return next(iter(weighed))


def weights(rule: Rule, conditions: Mapping[str, Condition]) -> dict[str, float]:
    """Return what each carrier of a rule weighs now: those that are up, or all when none is.

    A carrier with weight 0 counts only when no other is up. By price, only the cheapest healthy ones count: an
    ailing one (half of its share gone) is passed over while a healthy one is there.
    """
    shares = [share for share in rule.shares if _of(conditions, share).is_up] or list(rule.shares)
    shares = [share for share in shares if share.weight > 0] or shares
    if rule.by == "price":
        healthy = [share for share in shares if _of(conditions, share).share > _AILING] or shares
        cheapest = min(_of(conditions, share).part_micro for share in healthy)
        shares = [share for share in healthy if _of(conditions, share).part_micro == cheapest]
    return {
        share.carrier: max(share.weight, 1) * max(_of(conditions, share).share, _LEAST) for share in shares
    }


_AILING: Final = 0.5
_LEAST: Final = 0.01


def explain(
    table: Table,
    destination: str,
    source: str,
    conditions: Mapping[str, Condition],
    network: Network = UNKNOWN_NETWORK,
) -> list[Step]:
    """Return why a message would go where it would: every fitting rule, and what its carriers weigh."""
    steps = [Step(about="network", seen=_network_words(network), led_on=True)]
    fitting = table.fitting(destination, source, network)
    deciding = decisive(fitting, conditions)
    for rule in fitting:
        is_up = any(_of(conditions, share).is_up for share in rule.shares)
        steps.append(
            Step(about=f"rule for {words_of(rule)}", seen=_fit_words(is_up=is_up), led_on=rule is deciding)
        )
        if rule is deciding:
            steps.extend(_carrier_steps(rule, conditions))
    if len(steps) == 1:
        steps.append(Step(about="rules", seen="no rule fits this number and sender ID", led_on=False))
    return steps


def _carrier_steps(rule: Rule, conditions: Mapping[str, Condition]) -> list[Step]:
    weighed = weights(rule, conditions)
    total = sum(weighed.values())
    return [
        Step(
            about=f"carrier {share.carrier}",
            seen=_carrier_words(_of(conditions, share), weighed.get(share.carrier, 0.0) / total),
            led_on=share.carrier in weighed,
        )
        for share in rule.shares
    ]


def _precedence(rule: Rule) -> tuple[bool, bool, bool, int, str]:
    return (not rule.source, not rule.mnc, not rule.mcc, rule.order, rule.id)


def _fits(rule: Rule, source: str, network: Network) -> bool:
    return rule.source in ("", source) and rule.mcc in ("", network.mcc) and rule.mnc in ("", network.mnc)


def _of(conditions: Mapping[str, Condition], share: Share) -> Condition:
    return conditions.get(share.carrier, _UNKNOWN)


def _network_words(network: Network) -> str:
    return f"MCC {network.mcc}, MNC {network.mnc or 'any'}" if network.mcc else "not known"


def words_of(rule: Rule) -> str:
    """Return what a rule fits, in words: its id tells people nothing."""
    prefix = f"numbers that begin with +{rule.prefix}" if rule.prefix else "every number"
    network = f" in network {rule.mcc} {rule.mnc}".rstrip() if rule.mcc else ""
    return f"{prefix}{network}{f' from {rule.source}' if rule.source else ''}"


def _fit_words(*, is_up: bool) -> str:
    return "it fits; " + ("a carrier of it is up" if is_up else "all its carriers are down")


def _carrier_words(condition: Condition, part: float) -> str:
    state = "up" if condition.is_up else "down"
    return f"{state}, health {condition.share:.0%}, takes {part:.0%} of these messages"
