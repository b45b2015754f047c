"""Laws of settling: what the answers to a message's parts mean for the message; and of when callbacks go again."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.builders import a_claimed

from tellwire.gateway.accept.submission import make_umids
from tellwire.gateway.callbacks.callback_rules import is_taken, wait_after, wait_for_customer
from tellwire.gateway.carriers.settling import Persistence, is_free_to_go, settle
from tellwire.gateway.model.message import Settled
from tellwire.kernel.failure import Accepted, Deferred, Outcome, Refused, Unresolved

NOW = datetime(2026, 1, 31, tzinfo=UTC)
TAKEN = Accepted("r")
REFUSED = Refused("no", "15")
BUSY = Deferred("system error", "48", 5.0)
LOST = Unresolved("no answer")


def settled(*outcomes: Outcome, attempts: int = 0, repeats_unanswered: bool = True) -> Settled:
    return settle(
        a_claimed(attempts=attempts),
        dict(enumerate(outcomes, start=1)),
        persistence=Persistence(repeats_unanswered=repeats_unanswered),
        now=NOW,
        jitter=0.0,
    )


@pytest.mark.parametrize(
    ("outcomes", "state", "error"),
    [
        ((TAKEN,), "sent", 0),
        ((TAKEN, TAKEN), "sent", 0),
        ((REFUSED,), "undelivered", 15),
        ((TAKEN, REFUSED), "undelivered", 15),
        ((BUSY, REFUSED), "undelivered", 15),
        ((Refused("no", "999"),), "undelivered", 57),
        ((Refused("no"),), "undelivered", 41),
    ],
)
def test_answers_decide_the_message(outcomes: tuple[Outcome, ...], state: str, error: int) -> None:
    one = settled(*outcomes)

    assert one.standing is not None
    assert (one.standing.status.value, one.error_code) == (state, error)


@pytest.mark.parametrize("again", [BUSY, LOST])
def test_one_part_to_repeat_makes_the_message_wait_and_keeps_the_others(again: Outcome) -> None:
    one = settled(TAKEN, again)

    assert one.standing is None
    assert one.references == [(1, "r")]
    assert one.retry_at is not None
    assert one.retry_at > NOW


def test_what_the_carrier_asked_for_is_waited() -> None:
    one = settled(BUSY)

    assert one.retry_at == NOW + timedelta(seconds=5)


def test_an_unanswered_part_counts_as_sent_where_it_must_not_repeat() -> None:
    one = settled(LOST, repeats_unanswered=False)

    assert one.standing is not None
    assert one.standing.status.value == "sent"


@pytest.mark.parametrize(("again", "error"), [(BUSY, 48), (LOST, 51)])
def test_after_the_last_try_the_message_is_given_up(again: Outcome, error: int) -> None:
    one = settled(again, attempts=99)

    assert one.standing is not None
    assert (one.standing.status.value, one.error_code) == ("undelivered", error)


@pytest.mark.parametrize(
    ("outcome", "is_free"),
    [(Deferred("the link is down"), True), (Deferred("throttled", "50"), True), (BUSY, False), (LOST, False)],
)
def test_only_what_never_left_or_met_a_busy_carrier_goes_again_uncounted(
    outcome: Outcome, is_free: bool
) -> None:
    assert is_free_to_go(outcome) is is_free


@pytest.mark.parametrize("status", [None, 302, 404, 500])
def test_8x8_callbacks_go_again_after_1_10_30_90_seconds(status: int | None) -> None:
    waits = [wait_after("8x8", attempt, status) for attempt in range(1, 6)]

    assert waits == [*(timedelta(seconds=s) for s in (1, 10, 30, 90)), None]


def test_a_busy_clevertap_is_asked_again_after_ten_minutes_doubling() -> None:
    waits = [wait_after("clevertap", attempt, 503) for attempt in range(1, 6)]

    assert waits == [*(timedelta(minutes=m) for m in (10, 20, 40, 80)), None]
    assert wait_after("clevertap", 1, 400) == timedelta(seconds=1)


def test_any_2xx_takes_a_callback() -> None:
    assert [is_taken(status) for status in (199, 200, 204, 299, 300, 404)] == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]


def test_umids_are_uuids_that_sort_by_their_moment() -> None:
    first, second = make_umids(NOW, b"\xff" * 32)
    later = make_umids(NOW + timedelta(milliseconds=1), bytes(16))[0]

    assert first == second
    assert first[14] == "7"
    assert first[19] in "89ab"
    assert first < later


def test_a_customer_who_does_not_answer_is_tried_less_and_less_often_for_48_hours() -> None:
    young = timedelta(hours=47)

    waits = [wait_for_customer(attempt, young, is_away=False) for attempt in range(1, 9)]

    assert waits == [timedelta(seconds=seconds) for seconds in (20, 40, 80, 160, 320, 600, 600, 600)]
    assert wait_for_customer(1, young, is_away=True) == timedelta(hours=1)
    assert wait_for_customer(1, timedelta(hours=48), is_away=True) is None
