"""What a change of a campaign does: to messages that wait, and to an audience that is being taken down."""

from datetime import timedelta

import msgspec
import pytest
from tests.builders import NOON, a_campaign

from tellwire.platform.control.campaign_state import DECIDING, moved, replacing
from tellwire.platform.model.account import Account
from tellwire.platform.model.content import Content
from tellwire.platform.model.rule import Reachable
from tellwire.platform.model.start import Now, OnSchedule

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


@pytest.mark.parametrize(
    ("change", "is_of_others"),
    [
        ({"who": Reachable("sms")}, True),
        ({"starts_at": NOON}, True),
        ({"ends_at": LATER}, True),
        ({"state": "paused"}, True),  # half of it would be of another time
        ({"name": "Other"}, False),
        ({"labels": ("spring",)}, False),
        ({"steps": a_campaign(content=Content(text="Other")).steps}, False),
        ({}, False),
    ],
)
def test_which_changes_let_an_audience_be_taken_down_anew(change, is_of_others):
    before = a_campaign(state="running")
    after = msgspec.structs.replace(before, **change)

    assert replacing(before, after, Account(), LATER).chooses_anew is is_of_others


def test_another_start_begins_anew_and_so_a_broadcast_runs_though_the_campaign_was_running_before() -> None:
    before = msgspec.structs.replace(a_campaign(state="running"), began_at=NOON)
    after = msgspec.structs.replace(before, start=OnSchedule(when=Now()))

    change = replacing(before, after, Account(), LATER)
    again = replacing(change.campaign, change.campaign, Account(), LATER + timedelta(hours=1))

    assert change.campaign.began_at == LATER
    assert change.sweep is not None
    assert (change.sweep.run != "", change.sweep.at) == (True, LATER)
    assert (again.sweep, again.campaign.began_at) == (None, LATER)
