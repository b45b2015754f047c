from datetime import timedelta

import pytest
from tests.builders import NOON, a_message

from tellwire.kernel.failure import Accepted, Deferred, Refused, Unresolved
from tellwire.kernel.status import MessageStatus
from tellwire.kernel.verdict import not_sent, outcome_of
from tellwire.platform.deliver.outcome import settlement_of
from tellwire.platform.deliver.pace import Pace
from tellwire.platform.model.message import Claimed, GivenUp, HandedOver, TryAgain


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, Accepted),
        (202, Accepted),
        (204, Accepted),
        (301, Refused),
        (307, Refused),
        (400, Refused),
        (401, Deferred),
        (402, Deferred),
        (403, Deferred),
        (404, Refused),
        (407, Deferred),
        (408, Unresolved),
        (422, Refused),
        (425, Unresolved),
        (429, Deferred),
        (500, Unresolved),
        (502, Unresolved),
        (503, Unresolved),
        (504, Unresolved),
    ],
)
def test_each_http_status_has_one_meaning(status, kind):
    assert isinstance(outcome_of(status), kind)


@pytest.mark.parametrize(
    ("said", "waits_s"), [("7", 7), ("", 0), ("soon", 0), ("-3", 0), ("nan", 0), ("1e9", 3600), ("inf", 3600)]
)
def test_retry_after_is_read_within_bounds(said, waits_s):
    outcome = outcome_of(429, said)

    assert isinstance(outcome, Deferred)
    assert outcome.retry_after_s == waits_s


def test_busy_with_a_time_to_come_back_is_surely_not_sent_and_without_one_perhaps():
    assert outcome_of(503, "7") == Deferred("the provider answered 503", "503", 7.0)
    assert outcome_of(503, "soon") == outcome_of(503) == Unresolved("the provider answered 503", "503")


@pytest.mark.parametrize(
    ("said", "waits_s"),
    [
        ("Wed, 04 Mar 2026 12:00:09 GMT", 9),
        ("Wednesday, 04-Mar-26 12:00:09 GMT", 9),  # RFC 850's, which is to be read still
        ("Wed, 04 Mar 2026 13:00:09 +0100", 9),
        ("Wed, 04 Mar 2026 11:00:00 GMT", 0),
        ("Wed, 04 Mar 2099 12:00:00 GMT", 3600),
    ],
)
def test_retry_after_is_read_as_a_date_too(said, waits_s):
    for status in (429, 503):
        outcome = outcome_of(status, said, NOON)

        assert isinstance(outcome, Deferred)
        assert outcome.retry_after_s == waits_s


def test_what_people_mend_is_tried_for_minutes_and_not_for_seconds():
    outcome = outcome_of(401)

    assert isinstance(outcome, Deferred)
    assert outcome.retry_after_s == 300


def test_an_answer_that_a_proxy_may_have_made_is_not_repeated_when_policy_says_at_most_once():
    for status in (408, 503):
        assert isinstance(settled(outcome_of(status)), GivenUp)
        assert isinstance(settled(outcome_of(status), repeats_unresolved=True), TryAgain)


def settled(outcome, *, attempt=1, **changed):
    return settlement_of(Claimed(a_message(**changed), attempt), outcome, NOON, 0.5)


def test_accepted_is_handed_over():
    settlement = settled(Accepted("ref"))

    assert isinstance(settlement, HandedOver)
    assert (settlement.reference, settlement.is_certain) == ("ref", True)


@pytest.mark.parametrize(
    "outcome",
    [
        Accepted(answer="said"),
        Refused("no", "400", "said"),
        Deferred("later", "429", 1.0, answer="said"),
        Unresolved("error", "500", "said"),
    ],
)
def test_what_the_provider_said_is_closed_with_the_attempt(outcome):
    assert settled(outcome).answer == "said"


def test_refused_is_rejected_at_once():
    settlement = settled(Refused("no such number", "400"))

    assert isinstance(settlement, GivenUp)
    assert settlement.standing.status is MessageStatus.REJECTED


def test_deferred_is_tried_again_later_and_later():
    waits = []
    for attempt in range(1, 8):
        settlement = settled(Deferred("busy", "429"), attempt=attempt)
        assert isinstance(settlement, TryAgain)
        waits.append((settlement.at - NOON).total_seconds())

    assert waits == sorted(waits)
    assert 0.5 <= waits[0] <= 1
    assert waits[-1] <= 300


def test_deferred_for_the_last_time_ends_rejected_with_its_reason():
    settlement = settled(Deferred("busy", "429"), attempt=8)

    assert isinstance(settlement, GivenUp)
    assert "busy" in settlement.reason
    assert settlement.code == "429"


def test_what_would_come_too_late_expires_instead():
    settlement = settled(Deferred("busy"), give_up_at=NOON + timedelta(milliseconds=100))

    assert isinstance(settlement, GivenUp)
    assert settlement.standing.status is MessageStatus.EXPIRED


def test_a_wrong_certificate_is_tried_a_few_times_and_not_for_hours():
    outcome = not_sent("the server's TLS certificate is not trusted: it is for another host", is_final=True)
    settlements = [settled(outcome, attempt=attempt, attempts=100) for attempt in (1, 2, 3)]

    assert [type(settlement) for settlement in settlements] == [TryAgain, TryAgain, GivenUp]
    assert isinstance(settlements[2], GivenUp)
    assert "another host" in settlements[2].reason
    assert settlements[2].code == "certificate"
    assert isinstance(settled(outcome, attempts=1), GivenUp)


def test_silence_is_not_repeated_when_policy_says_at_most_once():
    settlement = settled(Unresolved("no answer within 15 s"))

    assert isinstance(settlement, HandedOver)
    assert not settlement.is_certain


def test_silence_is_repeated_when_policy_says_at_least_once():
    assert isinstance(settled(Unresolved("no answer"), repeats_unresolved=True), TryAgain)


def test_an_error_answer_is_a_failure_and_not_silence():
    settlement = settled(Unresolved("the provider answered 500", "500"))

    assert isinstance(settlement, GivenUp)
    assert settlement.code == "500"


def test_pace_never_hands_over_more_than_it_may():
    pace = Pace(per_s=10, concurrency=100)
    handed = 0
    for tick in range(100):  # ten seconds in tenths
        free = pace.free(NOON + timedelta(seconds=tick / 10))
        pace.start(free, free)
        handed += free
        for _ in range(free):
            pace.end()

    assert 95 <= handed <= 100


def test_pace_without_a_rate_is_bounded_by_what_is_under_way():
    pace = Pace(per_s=0, concurrency=3)

    pace.start(2, 2)

    assert pace.free(NOON) == 1
