"""Decides one message: the gates in order, then the words. Pure."""

from collections.abc import Sequence
from typing import assert_never

from tellwire.platform.compose.draft import Undrafted, draft
from tellwire.platform.decide.meeting import Meeting, Sending
from tellwire.platform.decide.send_gates import NotYet, SendGate
from tellwire.platform.model.codes import PASSED
from tellwire.platform.model.decision import GateResult, Hold, Send, Skip, Verdict
from tellwire.platform.model.message import Message


def decide_message(
    meeting: Meeting, sending: Sending, gates: Sequence[SendGate], trace: list[GateResult], visit: int
) -> Verdict:
    """Return whether a step's message goes to the person, and add what each gate saw to `trace`."""
    for gate in gates:
        answer = gate(meeting, sending)
        if isinstance(answer, NotYet):
            trace.append(answer.result)
            return Hold(answer.result.code, answer.until)
        trace.append(answer)
        if not answer.has_passed:
            return Skip(answer.code)
    return _content(meeting, sending, trace, visit)


def _content(meeting: Meeting, sending: Sending, trace: list[GateResult], visit: int) -> Send | Skip:
    """The last gate: write the message."""
    to, provider = sending.channel.address_of(meeting.profile), sending.provider
    assert to is not None and provider is not None  # noqa: S101, PT018 - the gates before saw to it
    drafted = draft(
        campaign=meeting.campaign,
        send=sending.step,
        provider=provider,
        entrance=meeting.entrance,
        properties=meeting.properties,
        profile=meeting.profile,
        to=to,
        now=meeting.now,
        visit=visit,
        links=meeting.around.account.links,
        shortening=meeting.around.shortening,
    )
    match drafted:
        case Message():
            trace.append(GateResult("content", PASSED, (drafted.encoding, drafted.parts)))
            return Send(drafted, counts="caps" not in sending.step.passes)
        case Undrafted(code, values):
            trace.append(GateResult("content", code, values))
            return Skip(code)
        case _:
            assert_never(drafted)
