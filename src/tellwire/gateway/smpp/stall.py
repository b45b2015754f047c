"""Whether the messages of a bind move: a carrier that answers every enquiry and no submit is not up. Pure.

    moving --SUBMITS in a row unanswered, BREAKS connections in a row that answered none,
             or nothing but "later" for LATER_S--> stalled: the bind is given up
    stalled --rest, doubling--> on trial: one submit at a time --accepted or refused--> moving

`now_s` is a monotonic clock's seconds.
"""

from typing import Final

# One lost answer is a lost answer. Of two submits that no answer of any kind overtook, neither arrived.
SUBMITS: Final = 2
# A carrier that restarts breaks a connection, perhaps two. One that breaks all of them takes nothing.
BREAKS: Final = 3
# Carriers throttle for seconds; one that takes nothing for so long is out of credit, over its quota or ill.
LATER_S: Final = 60.0
# Longer than it takes to move what waits to other carriers (`traffic.FAILOVER_S`), so that it does move.
FIRST_REST_S: Final = 15.0
# A trial delays what is routed to it, so trials are rare; receipts wait meanwhile, so they are not too rare.
LONGEST_REST_S: Final = 120.0


class Stall:
    """The results of one link's submits, over all its connections."""

    def __init__(self) -> None:
        self.reason = ""  # why the bind is to be given up, empty while it is not
        self._moved_s = float("-inf")
        self._unanswered = 0
        self._breaks = 0
        self._later_since_s: float | None = None
        self._later_s = float("-inf")
        self._rests = 0

    @property
    def is_on_trial(self) -> bool:
        """Whether the carrier has taken nothing since it stalled: then one submit at a time is enough."""
        return self._rests > 0

    def moved(self, now_s: float) -> None:
        """Note a final answer: the carrier took a submit, or will never take it."""
        self._moved_s = now_s
        self._unanswered = self._breaks = self._rests = 0
        self._later_since_s = None

    def unanswered(self, sent_s: float) -> None:
        """Note that a submit of `sent_s` got no answer in time; others that moved since then speak for the carrier."""
        if sent_s < self._moved_s:
            return
        self._unanswered += 1
        if self._unanswered >= SUBMITS or self.is_on_trial:
            self.reason = "the carrier answers no submit_sm"

    def broke(self, sent_s: float) -> None:
        """Note that a connection went whose last unanswered submit was of `sent_s`."""
        if sent_s < self._moved_s:
            return
        self._breaks += 1
        if self._breaks >= BREAKS or self.is_on_trial:
            self.reason = self.reason or "the carrier hangs up instead of answering submit_sm"

    def put_off(self, now_s: float) -> None:
        """Note that the carrier said "later": throttled, its queue full, its system ill."""
        if self._later_since_s is None or now_s - self._later_s > LATER_S / 2:  # else the calls are unrelated
            self._later_since_s = now_s
        self._later_s = now_s
        if now_s - self._later_since_s >= LATER_S:
            self.reason = "the carrier puts every submit_sm off"

    def take_rest_s(self) -> float:
        """Return how long to stay away now that the bind is gone: 0 unless it was given up for not moving."""
        if not self.reason:
            return 0.0
        self.reason, self._later_since_s = "", None
        self._unanswered = self._breaks = 0
        self._rests += 1
        return float(min(LONGEST_REST_S, FIRST_REST_S * 2.0 ** min(self._rests - 1, 16)))
