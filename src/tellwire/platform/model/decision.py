"""What was decided on one occasion for one campaign, and every gate on the way with the values it saw."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, TypeAlias

import msgspec

from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.codes import GATE_NUMBERS, PASSED, GateName
from tellwire.platform.model.event import Subject
from tellwire.platform.model.message import Message, MessageId
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.value import Value


class GateResult(msgspec.Struct, frozen=True, gc=False):
    """One check: the gate, its code (empty when it let the message pass), and the values that its words are made of.

    Values are as they came, numbers in full: words, with numbers masked, are made by `control.gate_words`.
    """

    gate: GateName
    code: str = PASSED
    values: tuple[Value, ...] = ()

    @property
    def has_passed(self) -> bool:
        """Whether the gate let the message pass."""
        return self.code == PASSED

    def __repr__(self) -> str:
        """Show no value."""
        return f"GateResult({self.gate} {self.code or 'passed'})"


class WordedResult(msgspec.Struct, frozen=True, array_like=True):
    """One check as earlier releases stored it: in words, numbers masked."""

    gate: GateName
    has_passed: bool
    saw: str
    wanted: str = ""


class Send(msgspec.Struct, frozen=True, gc=False, tag="send"):
    """Every gate passed: this message goes out. `counts` says whether caps count it."""

    message: Message
    counts: bool = True


class Skip(msgspec.Struct, frozen=True, gc=False, tag="skip"):
    """A gate said no, which is the last of the trace; `code` is its short stable word."""

    code: str


class Hold(msgspec.Struct, frozen=True, tag="hold"):
    """A gate said not yet, which is the last of the trace: all are asked again at `until`."""

    code: str
    until: datetime


Verdict: TypeAlias = Send | Hold | Skip


class Decision(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One campaign's answer to one occasion. `campaign_version` is the catalog's version it was made with.

    `step` is the send that it is about, empty if the person did not get that far. `visit` tells the visits of a step
    inside a repeat apart, and `number` is the step's own.
    """

    occasion_id: OccasionId
    event_name: str
    campaign_id: CampaignId
    campaign_version: int
    profile_id: ProfileId
    subject: Subject
    decided_at: datetime
    trace: tuple[GateResult, ...]
    verdict: Verdict
    step: str = ""
    number: int = 0
    visit: int = 0


StoredCheck: TypeAlias = tuple[Value, ...]  # the gate's number, then its values


class DecisionRecord(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """A decision as the ledger keeps it: the message by its id, the trace by numbers and values.

    `held_until` is set where the message was held.

    `worded` and `reason` are of earlier releases. They read what is kept today as a decision without a trace, and
    for that every field without a default here has to be written.
    """

    occasion_id: OccasionId = msgspec.field(name="event_id")
    event_name: str
    campaign_id: CampaignId
    campaign_name: str
    campaign_version: int
    profile_id: ProfileId
    decided_at: datetime
    worded: tuple[WordedResult, ...] = msgspec.field(name="trace")
    checks: tuple[StoredCheck, ...] = ()
    message_id: MessageId | None = None
    code: str = ""
    reason: str = ""
    step: str = ""
    visit: int = 0
    held_until: datetime | None = None

    @property
    def trace(self) -> Sequence[GateResult | WordedResult]:
        """The checks in the order they were made."""
        return self.worded or unpacked(self.checks, self.code)


def packed(trace: Iterable[GateResult]) -> tuple[StoredCheck, ...]:
    """Return a trace as it is stored: all but the last have passed, and the decision has the code of the last."""
    return tuple([(GATE_NUMBERS[result.gate], *result.values) for result in trace])


def unpacked(checks: Sequence[StoredCheck], code: str) -> tuple[GateResult, ...]:
    """Return the trace of stored checks; a gate that only a newer release knows is left out."""
    last = len(checks) - 1
    return tuple(
        GateResult(_GATES[number], code if place == last else PASSED, tuple(values))
        for place, (number, *values) in enumerate(checks)
        if number in _GATES
    )


_GATES: Final = {number: gate for gate, number in GATE_NUMBERS.items()}
