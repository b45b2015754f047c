"""What becomes of messages that wait when a campaign moves from one state to another."""

from datetime import timedelta

import pytest
from tests.builders import NOON, a_campaign

from tellwire.platform.control.campaign_state import DECIDING, moved

LATER = NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("before", "until", "after", "queued", "then"),
    [
        ("running", None, "stopped", "drop", LATER + DECIDING),
        ("running", NOON, "stopped", "drop", LATER + DECIDING),
        ("running", None, "draft", "drop", LATER + DECIDING),  # by an import
        ("running", None, "stopped", "let_go", None),
        ("running", NOON, "stopped", "let_go", NOON),  # what an earlier stop dropped stays dropped
        ("stopped", None, "stopped", "drop", LATER + DECIDING),  # a second thought
        ("stopped", LATER + DECIDING, "stopped", "drop", LATER + DECIDING),  # a second click
        ("draft", None, "stopped", "drop", None),
        ("stopped", LATER + DECIDING, "running", "drop", LATER),  # what it makes from now on goes
        ("stopped", NOON, "running", "drop", NOON),
        ("draft", None, "running", "drop", None),
    ],
)
def test_what_a_move_drops(before, until, after, queued, then):
    campaign = a_campaign(state=before, dropped_until=until)

    changed = moved(campaign, after, LATER, queued)

    assert (changed.state, changed.dropped_until) == (after, then)
