"""What the portal's first page warns of, and how refused requests are counted."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.clock import Clock
from tests.gateway.gateway_world import ADMIN, SUB, Client

from tellwire.gateway.accept.refused import HOURS, REASONS_LIMIT, RefusedFor, RefusedRequests
from tellwire.gateway.admin.alerts import alerts_of

NOW = datetime(2026, 3, 4, 12, 30, tzinfo=UTC)
HOUR = NOW.replace(minute=0)
WELL = {
    "name": "acme",
    "health": "up",
    "binds_up": 2,
    "binds": [{"reason": ""}, {"reason": ""}],
    "waiting": 0,
    "is_silent": False,
    "has_ended": True,
    "error_rate": 0.1,
}


def hour(ago: int, **counts: int) -> dict[str, Any]:
    return {
        "at": HOUR - timedelta(hours=ago),
        **dict.fromkeys(("queued", "sent", "delivered", "failed"), 0),
        **counts,
    }


def texts(carrier: dict[str, Any] | None = None, refused: Any = (), hours: Any = ()) -> list[tuple[str, str]]:
    found = alerts_of([{**WELL, **(carrier or {})}], list(refused), list(hours), NOW)
    return [(one.tone, one.text) for one in found]


@pytest.mark.parametrize(
    ("carrier", "said"),
    [
        ({}, []),
        ({"health": "off"}, []),
        ({"health": "off", "waiting": 2}, [("warn", "by hand. 2 messages wait")]),
        (
            {"health": "down", "waiting": 1, "binds": [{"reason": "refused the password"}]},
            [("bad", "acme is down: refused the password. One message waits for it.")],
        ),
        ({"health": "down", "binds": []}, [("bad", "The carrier acme is down.")]),
        ({"health": "partly", "binds_up": 1}, [("warn", "1 of 2 binds up")]),
        ({"is_silent": True}, [("warn", "receipts of the carrier acme stay away")]),
        ({"error_rate": 0.5}, [("warn", "50% of what the carrier acme took lately failed")]),
        ({"error_rate": 0.5, "has_ended": False}, []),
    ],
)
def test_a_carrier_that_is_not_well_is_an_alert(carrier, said):
    found = texts(carrier)

    assert [tone for tone, _ in found] == [tone for tone, _ in said]
    for (_, text), (_, words) in zip(found, said, strict=True):
        assert words in text


@pytest.mark.parametrize(
    ("hours", "is_alert"),
    [
        ([hour(2, sent=3)], True),
        ([hour(1, sent=300)], False),
        ([hour(2, sent=2)], False),
        ([hour(2, sent=300), hour(3, delivered=1)], False),
        ([hour(2, sent=300, failed=1)], False),
    ],
)
def test_receipts_that_nobody_sends_are_an_alert_after_an_hour(hours, is_alert):
    assert [tone for tone, _ in texts(hours=hours)] == (["bad"] if is_alert else [])


def test_refused_requests_are_one_alert_with_the_most_frequent_reason():
    refused = [RefusedFor(code=1200, reason="No", count=3), RefusedFor(code=429, reason="Quota.", count=1)]

    assert texts(refused=refused) == [
        ("warn", "4 requests were refused in the last 24 hours, most often with 1200: No.")
    ]


def test_refusals_are_counted_by_reason_without_their_numbers_for_a_day():
    clock = Clock(NOW)
    refused = RefusedRequests(clock)

    refused.note(429, "Quota exceeded. Please try again in 3 second(s).")
    refused.note(429, "Quota exceeded. Please try again in 12 second(s).", 2)
    clock.advance(timedelta(hours=HOURS - 1))
    refused.note(1002, "Invalid Destination value.")

    assert [(one.code, one.count) for one in refused.lately()] == [(429, 3), (1002, 1)]
    assert refused.lately()[0].reason == "Quota exceeded. Please try again in … second(s)."
    clock.advance(timedelta(hours=1))
    assert [(one.code, one.count) for one in refused.lately()] == [(1002, 1)]


def test_reasons_are_bounded():
    refused = RefusedRequests(Clock(NOW))

    for n in range(3 * REASONS_LIMIT):
        refused.note(1000, "x" * n)

    assert len(refused.lately()) == REASONS_LIMIT + 1
    assert refused.lately()[0] == RefusedFor(code=0, reason="other reasons", count=2 * REASONS_LIMIT)


async def test_the_overview_counts_refused_requests_by_reason(client: Client) -> None:
    await client.send(key="wrong", destination="+12025550100", text="Hi")
    await client.send(destination="nobody", text="Hi")
    await client.batch(
        {"messages": [{"destination": to, "text": "Hi"} for to in ("+12025550100", "no", "no")]}
    )
    await client.call("POST", f"/api/v1/subaccounts/{SUB}/messages", raw=b"{")

    _, overview = await client.call("GET", "/admin/api/overview", key=ADMIN)

    counts = {one["code"]: one["count"] for one in overview["refused"]}
    assert counts[1200] == 1
    assert counts[1000] == 1
    assert sum(counts.values()) == 5
    assert [one["place"] for one in overview["alerts"]] == [""]
    assert "5 requests were refused" in overview["alerts"][0]["text"]
    assert overview["volume"]["delivery"]["has_receipts"] in {True, False}


async def test_a_carrier_of_which_nothing_is_known_does_not_say_that_it_is_well(client: Client) -> None:
    _, page = await client.call("GET", "/admin/api/carriers", key=ADMIN)

    [carrier] = page["carriers"]
    assert (carrier["has_ended"], carrier["has_heard"]) == (False, False)
