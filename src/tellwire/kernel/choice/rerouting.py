"""The effect of other rules on messages that were sent: the carrier that would have taken them instead. Pure.

Carriers share by chance, so messages are not looked at one by one. Messages that the rules cannot tell apart are one
`Flow`; of each flow the rules give every carrier a part, and what one set of rules gives and the other does not, moves.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from tellwire.kernel.choice.routing import Condition, Network, Table, decisive, weights


class Flow(msgspec.Struct, frozen=True, array_like=True):
    """Messages of an account from one sender ID to numbers that begin alike: `digits` is all that rules look at."""

    account: str
    digits: str
    source: str
    messages: int


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """So many messages that `before` takes now would go to `after`; None is no route: they would be refused."""

    before: str | None
    after: str | None
    messages: int


class Rerouting:
    """The difference that the rules `new` make instead of `old`, while the carriers are as `conditions` says."""

    def __init__(self, old: Table, new: Table, conditions: Mapping[str, Condition]) -> None:
        self._old = old
        self._new = new
        self._conditions = dict(conditions)
        self._moved: dict[tuple[str | None, str | None], float] = defaultdict(float)
        self.messages = 0

    def add(self, flow: Flow, network: Network) -> None:
        """Take messages into account."""
        self.messages += flow.messages
        before, after = (_parts(table, flow, network, self._conditions) for table in (self._old, self._new))
        for pair, part in _difference(before, after).items():
            self._moved[pair] += part * flow.messages

    @property
    def moves(self) -> list[Move]:
        """Return the messages that would move, the most first."""
        moves = [
            Move(before=before, after=after, messages=round(messages))
            for (before, after), messages in self._moved.items()
        ]
        return sorted((move for move in moves if move.messages), key=lambda move: (-move.messages, str(move)))


def digits_that_count(old: Table, new: Table, priced: Iterable[int]) -> int:
    """Return how many digits of a number the rules can look at; `priced` are those that tell its network."""
    return max(old.longest, new.longest, *priced, 0)


def _parts(
    table: Table, flow: Flow, network: Network, conditions: Mapping[str, Condition]
) -> dict[str | None, float]:
    """Return which part of a flow each carrier takes."""
    rule = decisive(table.fitting(flow.digits, flow.source, network), conditions)
    if rule is None:
        return {None: 1.0}
    weighed = weights(rule, conditions)
    total = sum(weighed.values())
    return {carrier: weight / total for carrier, weight in weighed.items()}


def _difference(
    before: Mapping[str | None, float], after: Mapping[str | None, float]
) -> dict[tuple[str | None, str | None], float]:
    """Return the parts that go from one carrier to another: those that lose give to those that gain."""
    losses = {
        name: part - after.get(name, 0.0) for name, part in before.items() if part > after.get(name, 0.0)
    }
    gains = {
        name: part - before.get(name, 0.0) for name, part in after.items() if part > before.get(name, 0.0)
    }
    lost = sum(losses.values())
    return {(loser, gainer): losses[loser] * gains[gainer] / lost for loser in losses for gainer in gains}
