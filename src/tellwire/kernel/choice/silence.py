"""Whether a carrier's receipts stay away: how many parts got none in time, against the carrier's usual. Pure.

    taken --within OVERDUE_S--> a first word came: heard
          --OVERDUE_S later---> ripe: heard or not, it counts

An average of delays cannot see this: a receipt that never comes has no delay. Nor can a fixed limit: some carriers
report every part within seconds and some none, so each carrier is compared with its own past.
"""

from typing import Final

# Most carriers say something ("accepted", "delivered") within seconds; a phone that is off costs one part in ten.
OVERDUE_S: Final = 120.0
COHORT_S: Final = 10.0
_COHORTS_LIMIT: Final = int(OVERDUE_S / COHORT_S) + 2  # the memory: a pair of counts for each
LEAST_RIPE: Final = 20  # parts that make a judgement
# Half of what is usual, or less, is silence. Who usually tells of less than a fifth in time proves nothing by it.
_SILENT_AT: Final = 0.5
_LEAST_USUAL: Final = 0.2
# With a judgement every ten seconds, the usual is that of the last quarter of an hour.
_LEARNING: Final = 0.01


class _Cohort:
    """The parts taken within the same `COHORT_S`."""

    __slots__ = ("heard", "taken")

    def __init__(self) -> None:
        self.taken = 0
        self.heard = 0


class Silence:
    """One carrier's parts of the last two minutes; seconds are of one monotonic clock."""

    def __init__(self) -> None:
        self.usual: float | None = None  # the share of its parts that it tells of in time
        self._cohorts: dict[int, _Cohort] = {}
        self._ripe = _Cohort()

    def note_taken(self, parts: int, now_s: float) -> None:
        """Note that the carrier took parts."""
        self._cohorts.setdefault(_cohort_of(now_s), _Cohort()).taken += parts
        if len(self._cohorts) > _COHORTS_LIMIT:  # nobody judged for longer than that
            self._ripen(now_s)

    def note_heard(self, delay_s: float, now_s: float) -> None:
        """Note the first word on a part, which came so long after the carrier took it; a late one changes nothing."""
        cohort = self._cohorts.get(_cohort_of(now_s - max(0.0, delay_s)))
        if cohort is not None:
            cohort.heard += 1

    def judge(self, now_s: float) -> bool | None:
        """Say whether what has become ripe tells of silence; None while there is too little of it.

        What was judged is over; what is usual is learned from every judgement but silence.
        """
        self._ripen(now_s)
        if self._ripe.taken < LEAST_RIPE:
            return None
        share = min(1.0, self._ripe.heard / self._ripe.taken)
        self._ripe = _Cohort()
        if self.usual is None:
            self.usual = share
        if self.usual >= _LEAST_USUAL and share <= self.usual * _SILENT_AT:
            return True
        self.usual += _LEARNING * (share - self.usual)
        return False

    def _ripen(self, now_s: float) -> None:
        ripe_before = _cohort_of(now_s - OVERDUE_S)
        for number in [number for number in self._cohorts if number < ripe_before]:
            cohort = self._cohorts.pop(number)
            self._ripe.taken += cohort.taken
            self._ripe.heard += cohort.heard


def _cohort_of(moment_s: float) -> int:
    return int(moment_s // COHORT_S)
