"""Counts a carrier's answers for `/metrics`: once for each batch of answers, not for each part."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from tellwire.kernel.failure import Accepted, Deferred, Outcome, Refused, Unresolved
from tellwire.kernel.metrics import metrics

_WORDS: Final[dict[type, str]] = {
    Accepted: "accepted",
    Refused: "refused",
    Deferred: "deferred",
    Unresolved: "unresolved",
}


class Counters:
    """The counts of one carrier."""

    def __init__(self, carrier: str) -> None:
        self._carrier = carrier
        self._observe = metrics.histogram("tellwire_gateway_submit_seconds", carrier=carrier)

    def note(self, answers: Iterable[tuple[Outcome, float]]) -> None:
        """Count outcomes, each with the seconds that it took; parts that were never sent are not counted."""
        counts: Counter[str] = Counter()
        for outcome, seconds in answers:
            if isinstance(outcome, Deferred) and not outcome.code:
                continue
            counts[_WORDS[type(outcome)]] += 1
            self._observe(seconds)
        for word, count in counts.items():
            metrics.count("tellwire_gateway_parts_total", count, carrier=self._carrier, outcome=word)
