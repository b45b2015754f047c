"""One submit_sm -> what the simulated carrier does with it. The dice are handed in.

Magic numbers are in +1 202 555 01xx, which is set aside for fiction and never assigned. What they do stands in
`MAGIC`; every other number takes the behaviour's percentages.
"""

from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Literal, TypeAlias

import msgspec

from tellwire.gateway.simulator.behaviour import Behaviour
from tellwire.gateway.smpp.commands import Status

Dice: TypeAlias = Callable[[], float]  # a number in [0, 1)
Ending: TypeAlias = Literal["DELIVRD", "ACCEPTD", "UNDELIV", "EXPIRED", "REJECTD", "UNKNOWN"]


class Fate(msgspec.Struct, frozen=True, kw_only=True):
    """The fate of one submit_sm; times in seconds.

    `status` other than 0 ends it there. `answer_after_s` is None when no answer ever comes.
    `receipts_after_s` holds a delay for each copy of the receipt, counted from the answer; a negative one comes
    before it. `ending` is the receipt's `stat`.
    """

    status: int = 0
    answer_after_s: float | None = 0.0
    disconnects: bool = False
    ending: Ending = "DELIVRD"
    error: int = 0
    receipts_after_s: tuple[float, ...] = (0.05,)
    first_part_only: bool = False
    intermediate: bool = False


class Magic(msgspec.Struct, frozen=True):
    """A magic number's fate: the sentence for people, and how it differs from a delivered message.

    `tries` is how often the number refuses before it takes its message; 0 means that it always does the same.
    """

    sentence: str
    fate: Fate = Fate()
    tries: int = 0


EARLY_S = -1.0
MAGIC_PREFIX = "120255501"
MAGIC: MappingProxyType[str, Magic] = MappingProxyType(
    {
        "12025550100": Magic("is delivered"),
        "12025550101": Magic("is not delivered: absent subscriber", Fate(ending="UNDELIV", error=1)),
        "12025550102": Magic("is not delivered: unknown subscriber", Fate(ending="UNDELIV", error=59)),
        "12025550103": Magic("expires", Fate(ending="EXPIRED", error=36)),
        "12025550104": Magic("is rejected by the operator, by receipt", Fate(ending="REJECTD", error=41)),
        "12025550105": Magic("is refused at once: invalid destination", Fate(status=Status.RINVDSTADR)),
        "12025550106": Magic("is throttled once, then delivered", Fate(status=Status.RTHROTTLED), 1),
        "12025550107": Magic("meets a system error twice, then is delivered", Fate(status=Status.RSYSERR), 2),
        "12025550108": Magic("is not delivered: handset memory full", Fate(ending="UNDELIV", error=21)),
        "12025550109": Magic("is delivered, but no receipt ever comes", Fate(receipts_after_s=())),
        "12025550110": Magic("is delivered, and the receipt comes twice", Fate(receipts_after_s=(0.05, 0.1))),
        "12025550111": Magic(
            "is delivered, the receipt before the answer", Fate(receipts_after_s=(EARLY_S,))
        ),
        "12025550112": Magic("is delivered, the receipt a minute late", Fate(receipts_after_s=(60.0,))),
        "12025550113": Magic("is never answered", Fate(answer_after_s=None, receipts_after_s=())),
        "12025550114": Magic("costs the connection, once, then is delivered", Fate(disconnects=True), 1),
        "12025550115": Magic("reaches the operator, and nothing more is heard", Fate(ending="ACCEPTD")),
        "12025550116": Magic(
            "is delivered, with a receipt for the first part only", Fate(first_part_only=True)
        ),
        "12025550117": Magic("is answered after five seconds, then delivered", Fate(answer_after_s=5.0)),
        "12025550118": Magic("gets a receipt that says UNKNOWN", Fate(ending="UNKNOWN", error=56)),
        "12025550119": Magic("is delivered to the operator, then to the recipient", Fate(intermediate=True)),
    }
)


def fate_of(destination: str, behaviour: Behaviour, dice: Dice, refused_before: int) -> Fate:
    """Return what happens to a submit for `destination` (digits); `refused_before` counts its magic refusals."""
    if behaviour.magic_numbers and destination.startswith(MAGIC_PREFIX):
        magic = MAGIC.get(destination)
        if magic is not None:
            return Fate() if magic.tries and refused_before >= magic.tries else magic.fate
    for refusal in behaviour.refusals:
        if destination.startswith(refusal.prefix) and _hits(refusal.percent, dice):
            return Fate(status=Status[refusal.status])
    return _ordinary(behaviour, dice)


def _ordinary(behaviour: Behaviour, dice: Dice) -> Fate:
    answers, receipts = behaviour.answers, behaviour.receipts
    ending, error = _ending(behaviour, dice)
    answer_after_s = (answers.latency_ms + _jitter(answers.jitter_ms, dice)) / 1000
    if _hits(answers.slow_percent, dice):
        answer_after_s = answers.slow_ms / 1000
    return Fate(
        answer_after_s=None if _hits(answers.never_percent, dice) else answer_after_s,
        disconnects=_hits(answers.disconnect_percent, dice),
        ending=ending,
        error=error,
        receipts_after_s=()
        if _hits(receipts.lost_percent, dice)
        else tuple(_receipt_delays(behaviour, dice)),
        intermediate=receipts.intermediate,
    )


def _ending(behaviour: Behaviour, dice: Dice) -> tuple[Ending, int]:
    fates = behaviour.fates
    if not (fates.undelivered or fates.expired or fates.rejected):
        return "DELIVRD", 0
    thrown = dice() * 100
    if thrown < fates.undelivered:
        return "UNDELIV", fates.undelivered_error
    if thrown < fates.undelivered + fates.expired:
        return "EXPIRED", fates.expired_error
    if thrown < fates.undelivered + fates.expired + fates.rejected:
        return "REJECTD", fates.rejected_error
    return "DELIVRD", 0


def _receipt_delays(behaviour: Behaviour, dice: Dice) -> Iterator[float]:
    receipts = behaviour.receipts
    delay_s = (receipts.delay_ms + _jitter(receipts.jitter_ms, dice)) / 1000
    if _hits(receipts.late_percent, dice):
        delay_s = receipts.late_ms / 1000
    if _hits(receipts.early_percent, dice):
        delay_s = EARLY_S
    yield delay_s
    if _hits(receipts.doubled_percent, dice):
        yield max(0.0, delay_s) + 0.05


def _hits(percent: float, dice: Dice) -> bool:
    """Throw the dice only where they can decide something."""
    return percent > 0 and dice() * 100 < percent


def _jitter(most_ms: float, dice: Dice) -> float:
    return dice() * most_ms if most_ms else 0.0
