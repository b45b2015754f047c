"""Why a campaign gave no answer: a sentence for everything that its history may say of the moment."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from tests.builders import NOON, a_campaign

from tellwire.platform.control.no_answer import Past, no_answer
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.campaign_version import Around, LogEntry, PublishedVersion, Turn
from tellwire.platform.model.event import Event, EventId, Subject
from tellwire.platform.model.rule import Condition

HOUR = timedelta(hours=1)
EVENT = Event(
    id=EventId("e1"),
    subject=Subject("identity", "ann"),
    name="order placed",
    occurred_at=NOON,
    received_at=NOON,
    properties=msgspec.Raw(b'{"Amount": 5}'),
)


def line(what: Turn, hours: int, number: int, catalog_version: int = 7) -> LogEntry:
    return LogEntry(
        campaign_id=CampaignId(12),
        what=what,
        at=NOON + hours * HOUR,
        by="",
        number=number,
        catalog_version=catalog_version,
    )


def past(before: LogEntry | None, after: LogEntry | None, **live: Any) -> Past:
    around = Around(before=before, after=after)
    version = None
    if around.number is not None and live.pop("is_kept", True):
        version = PublishedVersion(
            number=around.number, campaign=a_campaign(**live), published_at=NOON - HOUR, published_by=""
        )
    return Past(campaign_id=CampaignId(12), name="order thanks", live=version, around=around)


STOPPED, RAN = line("stopped", -1, 3), line("published", -1, 3)
STOPPED_THEN = "It was not running then: it was stopped at 2026-03-04 11:00:00 UTC."
UNKNOWN = "It is not known whether it was running then, or how:"
WANTS_MORE = (Condition(property="Amount", operator="greater_than", value=10),)


@pytest.mark.parametrize(
    ("known", "code", "reason"),
    [
        (past(STOPPED, None), "not_running_then", STOPPED_THEN),
        (
            past(STOPPED, line("published", 2, 4)),
            "not_running_then",
            f"{STOPPED_THEN} Version 4 was published at 2026-03-04 14:00:00 UTC.",
        ),
        (
            past(None, line("published", 1, 1)),
            "not_running_then",
            "It was not running yet: it was first published at 2026-03-04 13:00:00 UTC.",
        ),
        (past(None, None), "not_running_then", "It was never published."),
        (
            past(None, line("published", 1, 1, catalog_version=0)),
            "unknown_then",
            f"{UNKNOWN} its history begins at 2026-03-04 13:00:00 UTC.",
        ),
        (
            past(RAN, None, is_kept=False),
            "unknown_then",
            f"{UNKNOWN} that version is not kept.",
        ),
        (
            past(RAN, None, event="Page Seen"),
            "not_running_then",
            "Version 3, which ran then, was for “Page Seen”.",
        ),
        (
            past(RAN, line("stopped", 1, 3)),
            "not_running_then",
            "It was stopped at 2026-03-04 13:00:00 UTC, before the event was decided.",
        ),
        (
            past(RAN, line("published", 1, 4)),
            "not_running_then",
            "It was changed at 2026-03-04 13:00:00 UTC, before the event was decided.",
        ),
        (
            past(RAN, None),
            "not_running_then",
            "It was not running yet when the event was decided: it was published at 2026-03-04 11:00:00 UTC.",
        ),
    ],
)
def test_the_reason_is_what_the_history_says_of_the_moment(known: Past, code: str, reason: str) -> None:
    why = no_answer(known, EVENT)

    assert (why.code, why.reason, why.start) == (code, reason, None)


def test_an_event_that_did_not_meet_the_version_of_then_says_so_in_the_words_of_the_gate() -> None:
    why = no_answer(past(RAN, None, event_conditions=WANTS_MORE), EVENT)

    assert why.code == "event_conditions"
    assert why.start is not None
    assert not why.start.has_passed
