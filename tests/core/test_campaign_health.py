"""What is wrong with a running campaign, by the counters of its last day."""

from datetime import timedelta

import msgspec
import pytest
from tests.builders import NOON, a_campaign

from tellwire.kernel.status import MessageStatus
from tellwire.platform.control.campaign_health import TroubleNow, facts_of
from tellwire.platform.ports.campaign_reports import CampaignHour, CampaignHours

TROUBLE = TroubleNow(reason="the provider answered 400: Insufficient balance (1300)", advice="Top it up.")
LONG_AGO = NOON - timedelta(days=30)
RUNNING = a_campaign(state="running", created_at=LONG_AGO, updated_at=LONG_AGO)


def hour(
    ago: int, *, taken: int = 0, dropped: int = 0, skips: dict[str, int] | None = None, **statuses: int
) -> CampaignHour:
    by_status = {MessageStatus(name): count for name, count in statuses.items()}
    at = NOON - timedelta(hours=ago)
    return CampaignHour(at=at, by_status=by_status, taken=taken, dropped=dropped, skips=skips or {})


def facts(
    *hours: CampaignHour,
    trouble: TroubleNow | None = None,
    last_ago: timedelta | None = timedelta(0),
    **changed,
):
    campaign = msgspec.structs.replace(RUNNING, **changed)
    last_at = None if last_ago is None else NOON - last_ago
    lately = CampaignHours(campaign_id=campaign.id, hours=hours, last_at=last_at)
    return facts_of(campaign, lately, trouble, NOON)


def codes(*hours: CampaignHour, **given) -> list[str]:
    return [fact.code for fact in facts(*hours, **given)]


@pytest.mark.parametrize(
    ("hours", "trouble", "found"),
    [
        ([], None, []),
        ([hour(0, delivered=10, taken=10)], None, []),
        ([hour(0, rejected=3)], None, ["failing"]),
        ([hour(0, rejected=2)], None, []),
        ([hour(0, rejected=50, dropped=50, delivered=1, taken=1)], None, []),
        ([hour(0, rejected=5, dropped=2)], None, ["failing"]),
        ([hour(0, undelivered=5, delivered=5, taken=10)], None, ["failing"]),
        ([hour(0, undelivered=4, delivered=6, taken=10)], None, []),
        ([hour(0, expired=9)], TROUBLE, ["failing"]),
        ([hour(0, skips={"content": 4})], None, ["failing"]),
        ([hour(0, skips={"provider": 2, "failed": 1})], None, ["failing"]),
        ([hour(0, skips={"consent": 400, "event_conditions": 10})], None, []),
        ([hour(9, rejected=500), hour(0, delivered=20, taken=20)], None, []),
        ([hour(9, delivered=500, taken=500), hour(0, rejected=20)], None, ["failing"]),
        ([hour(9, rejected=10), hour(0, delivered=5, taken=5)], None, ["failing"]),
        ([hour(0, queued=3)], TROUBLE, ["held_up"]),
        ([hour(0, queued=3)], None, []),
        ([hour(0, queued=3, rejected=3)], TROUBLE, ["failing", "held_up"]),
        ([hour(2, sent=3, taken=3)], None, ["no_receipts"]),
        ([hour(1, sent=90, taken=90)], None, []),
        ([hour(2, sent=2, taken=2)], None, []),
        ([hour(2, sent=9, delivered=1, taken=10)], None, []),
        ([hour(3, sent=9, taken=9), hour(2, undelivered=1, taken=1)], None, []),
    ],
)
def test_facts_follow_from_the_counters(hours, trouble, found):
    assert codes(*hours, trouble=trouble) == found


@pytest.mark.parametrize(
    ("changed", "last_ago", "found"),
    [
        ({}, timedelta(days=6, hours=23), []),
        ({}, timedelta(days=7), ["idle"]),
        ({}, None, ["idle"]),
        ({"updated_at": NOON - timedelta(days=2)}, None, []),
        ({"starts_at": NOON - timedelta(days=1)}, None, []),
        ({"starts_at": NOON + timedelta(days=1)}, None, []),
        ({"ends_at": NOON - timedelta(days=8)}, None, []),
        ({"state": "stopped"}, None, []),
        ({"state": "draft"}, None, []),
    ],
)
def test_a_campaign_that_meets_no_event_for_seven_days_while_it_could_is_told(changed, last_ago, found):
    assert codes(last_ago=last_ago, **changed) == found


def test_what_is_wrong_comes_with_the_providers_words_and_what_to_do():
    failing, held_up = facts(hour(0, rejected=18, delivered=2, queued=1, taken=2), trouble=TROUBLE)

    assert failing.text == "18 of the last 20 messages with an end failed."
    assert failing.advice == "The provider answered 400: Insufficient balance (1300). Top it up."
    assert held_up.text == f"One message waits: {TROUBLE.reason}."


def test_nothing_is_wrong_with_a_campaign_that_does_not_run():
    assert facts(hour(0, rejected=50), state="stopped") == ()
