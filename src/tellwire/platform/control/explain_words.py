"""The whole of an explanation in a sentence or two. Pure."""

from collections.abc import Sequence
from typing import Final

from tellwire.kernel.status import FAILURES, MessageStatus
from tellwire.platform.control.explain_shapes import ExplainedCampaign, MessageOutcome
from tellwire.platform.control.no_answer import moment
from tellwire.platform.ports.message_reports import EventRow


def note_of(row: EventRow | None, name: str, answers: Sequence[ExplainedCampaign], nobody: str) -> str:
    """Say what became of an event; `nobody` says that no campaign is for it, empty if one is."""
    if not name:
        return "Name an event to see what each campaign made of it."
    if row is None:
        return f"No event “{name}” of this person has come, or it is not decided yet. {nobody}".rstrip()
    if row.event.source == "call":
        called = f"Called at {moment(row.event.received_at)} by API."
        return f"{called} {answers_in_words(answers) if answers else 'It led to nothing.'}"
    if not answers:
        return f"The event came and led to nothing. {nobody or _NOT_THEN}"
    return answers_in_words(answers)


def answers_in_words(answers: Sequence[ExplainedCampaign]) -> str:
    """Say what all answers came to."""
    sent = [answer for answer in answers if answer.message_id is not None]
    waits = next((answer.reason for answer in answers if answer.verdict == "waits"), "")
    if not sent:
        if len(answers) > 1:
            return f"No campaign sent a message. {waits}".rstrip()
        return waits or f"No message: {answers[0].reason}"
    campaigns = {answer.id for answer in answers}
    if len(campaigns) == len(sent) == 1:
        return f"{_fate(sent[0].outcome)} {waits}".rstrip()
    failed = sum(one.outcome is not None and one.outcome.standing.status in FAILURES for one in sent)
    if len(campaigns) == 1:
        summary = f"{len(sent)} messages were made"
    else:
        summary = f"{len(campaigns)} campaigns answered; {len({one.id for one in sent})} made a message"
    return (
        f"{summary}, and {failed} of these failed. {waits}".rstrip()
        if failed
        else f"{summary}. {waits}".rstrip()
    )


def _fate(outcome: MessageOutcome | None) -> str:
    """Say what became of the one message: that it was made is not that it was sent."""
    if outcome is None:
        return "A message was made; what became of it is forgotten."
    status, why = outcome.standing.status, outcome.description
    if status in FAILURES:
        return f"A message was made, and it failed ({status}{f': {why}' if why else ''}). {outcome.advice}".rstrip()
    if status is MessageStatus.QUEUED:
        return (
            f"A message was made and waits{f': {why}' if why else ' to be sent'}. {outcome.advice}".rstrip()
        )
    return f"It was sent; the message is {status}."


_NOT_THEN: Final = "The campaigns that listen to it now were not running then."
