"""Audiences over the API: counted, named, sampled, explained, saved; over a copy that is behind by nothing."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from control_client import Platform, running
from tests.builders import a_change, a_subject, an_event

from tellwire.platform.model.event import EventId, LinkSubject, SetValue, Subject

GOLD = {"profile": "Plan", "equals": "gold"}
BOUGHT = {
    "did": "Charged",
    "where": [{"property": "Amount", "greater_than": 10}],
    "at_least": 2,
    "within": "30 days",
}
RULE = {"all": [GOLD, BOUGHT, {"not": {"did": "Refunded"}}]}


@pytest.fixture
async def platform(tmp_path: Path):
    async with running(tmp_path) as one:
        yield one


async def copied(platform: Platform) -> None:
    """Let the copy take all that there is."""
    copying = platform.audiences.copying
    while await copying.step() or not copying.is_current:
        pass


async def people(platform: Platform) -> None:
    """Ann bought twice and is gold, Bob gave back, Cid bought once, Dan asked for no texts."""
    now = platform.clock.now()
    changes, events = [], []
    for n, (name, plan, amounts, refunds) in enumerate(
        [
            ("ann", "Gold", [20, 11.5], 0),
            ("bob", "gold", [20, 30], 1),
            ("cid", "gold", [20, 5], 0),
            ("dan", "GOLD", [99, "50"], 0),
        ]
    ):
        consent = [SetValue("MSG-sms", False)] if name == "dan" else []
        changes.append(
            a_change(
                *(
                    SetValue("Plan", plan),
                    SetValue("Phone", f"+659123000{n}"),
                    SetValue("Name", name.title()),
                    *consent,
                ),
                id=EventId(f"c-{name}"),
                subject=a_subject(name),
                occurred_at=now,
                received_at=now,
            )
        )
        deeds = [("Charged", {"Amount": amount}) for amount in amounts] + [("Refunded", {})] * refunds
        events += [
            an_event(
                id=EventId(f"e-{name}-{i}"),
                subject=a_subject(name),
                name=deed,
                properties=json.dumps(properties).encode(),
                occurred_at=now,
                received_at=now,
            )
            for i, (deed, properties) in enumerate(deeds)
        ]
    await platform.track(*changes, *events)


async def ask(platform: Platform, what: str, **body: Any) -> Any:
    return await platform.api.post(f"/api/audiences/{what}", body)


async def test_a_rule_is_counted_with_whom_texts_reach_and_as_of_when(platform: Platform) -> None:
    await people(platform)
    await copied(platform)

    answer = await ask(platform, "count", rule=RULE)

    assert (answer["count"], answer["reachable"]) == (2, {"sms": 1})
    assert answer["as_of"] is not None
    assert "lines" not in answer


async def test_each_line_has_its_own_count(platform: Platform) -> None:
    await people(platform)
    await copied(platform)

    lines = (await ask(platform, "count", rule=RULE, lines=True))["lines"]

    assert {path: one["count"] for path, one in lines.items()} == {
        "rule": 2,
        "rule.all[0]": 4,
        "rule.all[1]": 3,
        "rule.all[2]": 3,
        "rule.all[2].not": 1,
    }


async def test_members_come_by_pages_and_as_a_stream(platform: Platform) -> None:
    await people(platform)
    await copied(platform)

    first = await ask(platform, "members", rule=GOLD, limit=3)
    rest = await ask(platform, "members", rule=GOLD, limit=3, after=first["next"])
    stream = await platform.api.ask("POST", "/api/audiences/members/stream?form=csv", {"rule": RULE})

    assert first["identities"] + rest["identities"] == ["ann", "bob", "cid", "dan"]
    assert rest["next"] is None
    assert [line.split(",")[0] for line in stream.body.decode().splitlines()] == [
        "identity",
        '"ann"',
        '"dan"',
    ]


async def test_what_comes_later_is_counted_and_who_becomes_one_counts_once(platform: Platform) -> None:
    await people(platform)
    await copied(platform)
    now = platform.clock.now()
    device = Subject("device", "tablet")
    bought = an_event(
        id=EventId("later"),
        subject=device,
        name="Charged",
        properties=b'{"amount": "12"}',
        occurred_at=now,
        received_at=now,
    )
    await platform.track(bought)
    await copied(platform)
    rule = {"did": "Charged", "at_least": 3}
    assert (await ask(platform, "count", rule=rule))["count"] == 0

    await platform.track(
        a_change(
            LinkSubject(device),
            id=EventId("link"),
            subject=a_subject("ann"),
            occurred_at=now,
            received_at=now,
        )
    )
    await copied(platform)

    assert (await ask(platform, "members", rule=rule))["identities"] == ["ann"]
    assert (await ask(platform, "count", rule={"did": "Charged"}))["count"] == 4


async def test_why_one_person_is_out_says_which_line_it_is(platform: Platform) -> None:
    await people(platform)
    await copied(platform)

    answer = await ask(platform, "why", rule=RULE, identity="bob")

    assert not answer["is_member"]
    assert [line["path"] for line in answer["lines"] if not line["is_met"]] == ["rule", "rule.all[2]"]


async def test_a_sample_names_people(platform: Platform) -> None:
    await people(platform)
    await copied(platform)

    sampled = await ask(platform, "sample", rule=GOLD)

    assert [(one["identity"], one["name"]) for one in sampled["people"]][:2] == [
        ("ann", "Ann"),
        ("bob", "Bob"),
    ]


async def test_an_audience_is_saved_used_compared_renamed_and_deleted(platform: Platform) -> None:
    await people(platform)
    await copied(platform)

    for name, rule in (("Buyers", BOUGHT), ("Gold / buyers", {"all": [GOLD, {"member": "Buyers"}]})):
        made = await platform.api.ask("POST", "/api/audiences", {"name": name, "rule": rule})
        assert made.status == 201, made.body
    overlap = await ask(platform, "overlap", audiences=["Buyers", "Gold / buyers"])
    refused = await platform.api.ask("DELETE", "/api/audiences/saved?name=Buyers")
    ring = await platform.api.ask(
        "PUT", "/api/audiences/saved?name=Buyers", {"name": "Buyers", "rule": {"member": "Gold / buyers"}}
    )
    renamed = await platform.api.ask(
        "PUT", "/api/audiences/saved?name=Gold%20%2F%20buyers", {"name": "Best", "rule": GOLD}
    )
    gone = await platform.api.ask("DELETE", "/api/audiences/saved?name=Buyers")
    listed = (await platform.api.ask("GET", "/api/audiences")).json()["audiences"]

    assert overlap["both"] == [[3, 3], [3, 3]]
    assert (refused.status, ring.status, renamed.status, gone.status) == (409, 422, 200, 204)
    assert [one["name"] for one in listed] == ["Best"]


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ({}, "rule"),
        ({"all": []}, "rule.all"),
        ({"member": "Nobody"}, "rule.member"),
        ({"listed": "Nobody"}, "rule.listed"),
        ({"any": [{"did": "Charged", "since": "entering"}]}, "rule.any[0].since"),
    ],
)
async def test_a_rule_that_cannot_be_counted_is_refused_with_its_place(
    platform: Platform, rule: Any, path: str
) -> None:
    answer = await platform.api.ask("POST", "/api/audiences/count", {"rule": rule})

    assert answer.status == 422
    assert path in answer.json()["error"]["fields"]


async def test_before_everything_is_read_it_says_so_and_when_to_come_again(platform: Platform) -> None:
    answer = await platform.api.ask("POST", "/api/audiences/count", {"rule": GOLD})

    assert answer.status == 503
    assert answer.json()["error"]["code"] == "loading"


async def test_a_file_of_events_opens_elsewhere(platform: Platform, tmp_path: Path) -> None:
    await people(platform)
    await copied(platform)

    answer = await platform.api.ask("GET", "/api/history/export/events")

    file = tmp_path / "events.parquet"
    file.write_bytes(answer.body)
    with duckdb.connect() as connection:
        rows = connection.execute(f"SELECT name, event FROM '{file}' ORDER BY place LIMIT 2").fetchall()
    assert rows == [("ann", "charged"), ("ann", "charged")]


async def test_what_is_thrown_away_comes_again(platform: Platform) -> None:
    await people(platform)
    await copied(platform)

    asked = await platform.api.ask("POST", "/api/history/rebuild", {})
    await copied(platform)

    assert asked.status == 202
    standing = (await platform.api.ask("GET", "/api/history")).json()
    assert (standing["state"], standing["made_anew"], standing["people"]) == ("current", "asked for", 4)
    assert (await ask(platform, "count", rule=RULE))["count"] == 2
