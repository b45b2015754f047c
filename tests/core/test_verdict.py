"""The edges of what an HTTP status means, and the waits that are promised: both halves read this one table."""

import pytest
from tests.builders import NOON

from tellwire.kernel.failure import Accepted, Deferred, Outcome, Refused, Unresolved
from tellwire.kernel.verdict import not_sent, outcome_of, unknown


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (199, Refused),
        (200, Accepted),
        (299, Accepted),
        (300, Refused),
        (399, Refused),
        (400, Refused),
        (499, Refused),
        (500, Unresolved),
        (599, Unresolved),
    ],
)
def test_a_class_of_statuses_ends_where_the_next_begins(status: int, kind: type[Outcome]) -> None:
    assert isinstance(outcome_of(status), kind)


def test_only_a_redirect_is_called_one() -> None:
    redirect, refusal = outcome_of(399), outcome_of(400)

    assert redirect == Refused("the provider answered 399, a redirect, which is not followed", "399")
    assert refusal == Refused("the provider answered 400", "400")


def test_a_busy_time_of_none_is_a_time() -> None:
    assert outcome_of(503, "0") == Deferred("the provider answered 503", "503", 0.0)
    assert outcome_of(401, "0") == Deferred("the provider answered 401", "401", 0.0)


def test_a_date_without_a_clock_says_only_that_there_is_one() -> None:
    said = "Wed, 04 Mar 2026 12:00:09 GMT"

    assert outcome_of(503, said) == Deferred("the provider answered 503", "503", 0.0)
    assert outcome_of(503, "Wed, 04 Mar 2026 12:00:09", NOON) == Deferred(
        "the provider answered 503", "503", 9.0
    )


@pytest.mark.parametrize(
    "said", ["Wed, 99 Mar 2026 12:00:09 GMT", "9" * 400, "Wed, 04 Mar 99999 12:00:09 GMT", ","]
)
def test_no_retry_after_is_too_strange_to_read(said: str) -> None:
    assert isinstance(outcome_of(503, said, NOON), Unresolved | Deferred)


def test_what_never_left_goes_again_as_its_campaign_says_and_a_certificate_three_times_in_a_minute() -> None:
    assert not_sent("no route") == Deferred("no route", "not_sent", 0.0, 0)
    assert not_sent("wrong host", is_final=True) == Deferred("wrong host", "certificate", 30.0, 3)
    assert unknown("no answer") == Unresolved("no answer", "")
