"""How well a carrier does: a share of its weight, which errors and slow or missing receipts halve and time brings back.

Pure; seconds are of one monotonic clock.
"""

from typing import Final

from tellwire.kernel.choice.silence import Silence

# One in five not delivered, or receipts of ten minutes, is far from what a carrier in order shows.
ERROR_LIMIT: Final = 0.2
DELAY_LIMIT_S: Final = 600.0
# A phone that is off for a day says nothing about its carrier: with an hour as the most that one receipt counts,
# a sixth of all must be so late before the average passes the limit.
_DELAY_COUNTED_S: Final = 3600.0
# A judgement needs some messages; each counts a fiftieth of the running average.
_LEAST_SEEN: Final = 20
_WEIGHT: Final = 0.02
_FALL: Final = 0.5
_RISE_PER_S: Final = 1 / 300  # from next to nothing to the whole share in five minutes
_LEAST_SHARE: Final = 0.05  # enough messages to notice that it is well again
JUDGE_S: Final = 10.0


class Health:
    """One carrier's running figures; `judge` turns them into a share every `JUDGE_S`."""

    def __init__(self) -> None:
        self.share = 1.0
        self.error_rate = 0.0
        self.delay_s = 0.0
        self.is_silent = False
        self.has_ended = self.has_heard = False  # whether the figures are of anything yet
        self._seen = 0
        self._silence = Silence()

    def note_ending(self, *, is_failed: bool) -> None:
        """Note that a message ended, or that the carrier refused one."""
        self._seen += 1
        self.has_ended = True
        self.error_rate += _WEIGHT * (float(is_failed) - self.error_rate)

    def note_taken(self, parts: int, now_s: float) -> None:
        """Note that the carrier took parts, of which it will tell sooner or later, or never."""
        self._silence.note_taken(parts, now_s)

    def note_delay(self, seconds: float, now_s: float) -> None:
        """Note how long after the hand-over the first word on a part came."""
        counted_s = min(max(0.0, seconds), _DELAY_COUNTED_S)
        self.delay_s += _WEIGHT * (counted_s - self.delay_s)
        self._silence.note_heard(seconds, now_s)
        self.has_heard = True

    def judge(self, elapsed_s: float, now_s: float) -> float:
        """Return the share after `elapsed_s` more seconds: halved while something is wrong, else growing back.

        Each message counts in one judgement only: with nothing new to judge by, a share grows back, and the messages
        that come with it show whether it may.
        """
        silent = self._silence.judge(now_s)
        self.is_silent = self.is_silent if silent is None else silent
        if silent or self._is_failing():
            self.share = max(_LEAST_SHARE, self.share * _FALL)
            self._seen = 0  # the next judgement waits for new messages
        else:
            self.share = min(1.0, self.share + elapsed_s * _RISE_PER_S)
        return self.share

    def _is_failing(self) -> bool:
        is_bad = self.error_rate > ERROR_LIMIT or self.delay_s > DELAY_LIMIT_S
        return is_bad and self._seen >= _LEAST_SEEN
