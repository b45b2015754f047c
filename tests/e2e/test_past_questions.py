"""Funnels, RFM and cohorts over a few people whose answers are worked out by hand."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from control_client import START, Platform, running
from tests.builders import a_subject, an_event

from tellwire.platform.model.event import EventId

DAY = timedelta(days=1)


@pytest.fixture
async def platform(tmp_path: Path):
    async with running(tmp_path) as one:
        yield one


async def did(platform: Platform, *deeds: tuple[str, str, float, float]) -> None:
    """Each is who, what, on which day before now, and for how much."""
    await platform.track(
        *(
            an_event(
                id=EventId(f"e{n}"),
                subject=a_subject(who),
                name=what,
                properties=json.dumps({"Amount": amount}).encode(),
                occurred_at=START - days * DAY,
                received_at=START,
            )
            for n, (who, what, days, amount) in enumerate(deeds)
        )
    )
    copying = platform.audiences.copying
    while await copying.step() or not copying.is_current:
        pass


def since(days: float) -> str:
    return (START - days * DAY).isoformat()


async def test_a_funnel_follows_people_from_the_first_time_in_order_and_in_time(platform: Platform) -> None:
    await did(
        platform,
        *[("ann", "Viewed", 10, 0), ("ann", "Added", 9, 0), ("ann", "Charged", 8, 50)],
        *[("bob", "Viewed", 10, 0), ("bob", "Charged", 9, 50), ("bob", "Added", 8, 0)],  # in another order
        *[("cid", "Viewed", 10, 0), ("cid", "Added", 9, 0), ("cid", "Charged", 1, 50)],  # too late
        *[("dan", "Viewed", 40, 0), ("dan", "Added", 9, 0)],  # before the period
        *[("eve", "Viewed", 10, 0), ("eve", "Added", 9, 0), ("eve", "Charged", 8, 5)],  # too little
    )
    steps = [
        {"event": "viewed"},
        {"event": "Added"},
        {"event": "Charged", "where": [{"property": "Amount", "greater_than": 10}]},
    ]

    answer = await platform.api.post(
        "/api/funnels", {"steps": steps, "from": since(30), "to": since(0), "within": "7 days"}
    )

    assert [one["people"] for one in answer["steps"]] == [4, 4, 1]
    assert answer["steps"][2]["median_s"] == 86_400


async def test_rfm_sorts_into_fifths_and_says_what_they_came_to(platform: Platform) -> None:
    await did(
        platform,
        *[(f"p{n}", "Charged", 10 - n, 10.5) for n in range(5) for _ in range(n + 1)],
        ("old", "Charged", 400, 99),
    )

    answer = await platform.api.post("/api/rfm", {"event": "Charged", "amount": "Amount"})

    cells = [(one["recency"], one["frequency"], one["people"], one["amount"]) for one in answer["cells"]]
    assert cells == [(n, n, 1, 10.5 * n) for n in range(5, 0, -1)]


async def test_cohorts_count_who_came_back_in_which_period(platform: Platform) -> None:
    await did(
        platform,
        *[("ann", "Opened", 20, 0), ("ann", "Charged", 19, 0), ("ann", "Charged", 10, 0)],
        *[("bob", "Opened", 20, 0), ("bob", "Charged", 10, 0)],
        *[("cid", "Opened", 13, 0), ("cid", "Opened", 12, 0), ("cid", "Charged", 12, 0)],
        *[
            ("dan", "Opened", 60, 0),
            ("dan", "Opened", 20, 0),
            ("dan", "Charged", 10, 0),
        ],  # first of all before
    )

    answer = await platform.api.post(
        "/api/cohorts",
        {"start": {"event": "Opened"}, "back": {"event": "Charged"}, "from": since(21), "periods": 3},
    )

    assert [(one["people"], one["back"]) for one in answer["cohorts"]] == [
        (2, [1, 2, 0]),
        (1, [1, 0]),
        (0, [0]),
    ]


async def test_who_is_looked_at_may_be_an_audience_and_unknown_events_are_nobody(platform: Platform) -> None:
    await did(platform, ("ann", "Viewed", 1, 0), ("bob", "Viewed", 1, 0), ("bob", "Charged", 2, 5))
    body = {"steps": [{"event": "Viewed"}, {"event": "Never"}], "from": since(5), "to": since(0)}

    answer = await platform.api.post("/api/funnels", {**body, "who": {"not": {"did": "Charged"}}})

    assert [one["people"] for one in answer["steps"]] == [1, 0]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("funnels", {"steps": [{"event": "A"}], "from": "2026-02-01", "to": "2026-01-01"}, "to"),
        ("rfm", {"event": "A", "within": "soon"}, "within"),
        ("cohorts", {"start": {"event": "A"}, "back": {"event": "B"}, "from": "never"}, "from"),
        ("rfm", {"event": "A", "where": [{"property": "P", "greater_than": "x"}]}, "where[0].value"),
    ],
)
async def test_what_cannot_be_asked_is_refused_with_its_place(platform: Platform, path, body, field) -> None:
    answer = await platform.api.ask("POST", f"/api/{path}", body)

    assert answer.status == 422
    assert field in answer.json()["error"]["fields"]
