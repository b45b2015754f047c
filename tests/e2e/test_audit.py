"""The audit log over the API: every change, who made it, before and after; secrets nowhere."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import apsw
import pytest
from tests.e2e.control_client import CAMPAIGN, EMAIL, PASSWORD, PROVIDER, Client, Platform, running

from tellwire.platform.ports.lists import PIECE


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as started:
        yield started


async def log(platform: Platform, query: str = "") -> list[dict[str, Any]]:
    """Return the lines, the oldest first."""
    lines: list[dict[str, Any]] = (await platform.api.get(f"/api/audit?{query}"))["lines"]
    return lines[::-1]


def in_short(line: dict[str, Any]) -> tuple[str, str, str, str]:
    return line["kind"], line["name"], line["what"], line["way"]


async def signed_in(platform: Platform) -> Client:
    answer = await platform.stranger.ask("POST", "/api/session", {"email": EMAIL, "password": PASSWORD})
    return Client(
        platform.app, {"cookie": answer.headers["set-cookie"].split(";")[0], "sec-fetch-site": "same-origin"}
    )


async def test_a_campaigns_life_is_told_line_by_line(platform: Platform) -> None:
    await platform.api.post("/api/providers", PROVIDER)
    saved = await platform.api.post("/api/campaigns", CAMPAIGN)
    address = f"/api/campaigns/{saved['id']}"
    await platform.api.post(f"{address}/publish", {})
    for move in ("pause", "resume", "stop"):
        await platform.api.post(f"{address}/{move}", {})
    copy = await platform.api.post(f"{address}/clone", {})
    assert (await platform.api.ask("DELETE", f"/api/campaigns/{copy['id']}")).status == 204

    lines = await log(platform)

    name = CAMPAIGN["name"]
    assert [in_short(one) for one in lines] == [
        ("provider", "8x8", "created", ""),
        ("campaign", name, "created", ""),
        ("campaign", name, "published", ""),
        ("campaign", name, "paused", ""),
        ("campaign", name, "resumed", ""),
        ("campaign", name, "stopped", ""),
        ("campaign", copy["name"], "created", "clone"),
        ("campaign", copy["name"], "deleted", ""),
    ]
    of_one = await log(platform, f"kind=campaign&object_id={saved['id']}")
    assert of_one == lines[1:6]


async def test_it_names_who_did_it_and_what_was_before_and_after(platform: Platform) -> None:
    ann = await signed_in(platform)
    saved = await platform.api.post("/api/campaigns", CAMPAIGN)
    content = {"text": "Thanks!"}
    await ann.put(
        f"/api/campaigns/{saved['id']}", {**CAMPAIGN, "content": content, "version": saved["version"]}
    )

    script, changed = await log(platform)

    assert (script["by"], changed["by"]) == ("API token", EMAIL)
    (field,) = changed["fields"]
    assert field == {"field": "content.text", "before": CAMPAIGN["content"]["text"], "after": "Thanks!"}  # type: ignore[index]
    assert await log(platform, f"author={EMAIL}") == [changed]


async def test_secrets_are_in_neither_the_log_nor_its_table(platform: Platform, tmp_path: Path) -> None:
    saved = await platform.api.post("/api/providers", PROVIDER)
    headers = [["Authorization", "Bearer an0ther"], ["Content-Type", "application/json"]]
    await platform.api.put(f"/api/providers/{saved['id']}", {**PROVIDER, "headers": headers})

    _, changed = await log(platform, "kind=provider")

    assert changed["fields"] == [
        {"field": "headers.Authorization", "before": "***", "after": "***", "is_secret": True}
    ]
    reader = apsw.Connection(str(tmp_path / "tellwire.db"), flags=apsw.SQLITE_OPEN_READONLY)
    bodies = reader.execute("SELECT group_concat(body) FROM audit").get
    reader.close()
    assert "s3cr3t" not in bodies
    assert "an0ther" not in bodies


async def test_the_switch_of_all_sending_and_imports_are_told_as_such(platform: Platform) -> None:
    account = await platform.api.get("/api/account-settings")
    await platform.api.put("/api/account-settings", {**account, "is_paused": True})
    document = b"""
campaigns: [{name: From a file, event: Order Placed, content: {text: Hi}}]
audiences: [{name: Gold, rule: {profile: Plan, equals: gold}}]
"""
    assert (await platform.api.ask("POST", "/api/import?dry_run=1", document)).status == 200
    assert (await platform.api.ask("POST", "/api/import", document)).status == 200

    assert [in_short(one) for one in await log(platform)] == [
        ("account", "", "paused", ""),
        ("audience", "Gold", "created", "import"),
        ("campaign", "From a file", "created", "import"),
    ]


async def test_pages_and_periods(platform: Platform) -> None:
    for n in range(3):
        await platform.api.post("/api/campaigns", {"name": f"c{n}"})
        platform.clock.advance(60)

    first = await platform.api.get("/api/audit?limit=2")
    rest = await platform.api.get(f"/api/audit?limit=2&before={first['next']}")
    late = await log(platform, "from=2026-01-31T08:01:00Z&to=2026-01-31T08:02:00Z")

    assert [one["name"] for one in (*first["lines"], *rest["lines"])] == ["c2", "c1", "c0"]
    assert rest["next"] is None
    assert [one["name"] for one in late] == ["c1"]
    assert "from" in (await platform.api.ask("GET", "/api/audit?from=yesterday")).fields
    assert (await platform.api.ask("GET", "/api/audit?kind=cat")).status == 400
    assert (await platform.stranger.ask("GET", "/api/audit")).status == 401


async def test_changes_of_who_is_on_a_list_are_told_by_counts_and_nobody_is_named(
    platform: Platform, tmp_path: Path
) -> None:
    ann = await signed_in(platform)
    made = await ann.post("/api/lists", {"name": "VIPs"})
    people = f"/api/lists/{made['id']}/members"
    await ann.post(people, [f"secret{n}" for n in range(2 * PIECE + 10)])
    await ann.post(people, ["secret1"])  # is there already: no change
    await platform.api.post(f"{people}/remove", ["secret1", "secret2", "stranger"])

    lines = (await log(platform, f"kind=list&object_id={made['id']}"))[1:]

    assert [(one["name"], one["what"], one["by"], one["fields"]) for one in lines] == [
        ("VIPs", "changed", EMAIL, [{"field": "members", "before": 0, "after": 2 * PIECE + 10}]),
        (
            "VIPs",
            "changed",
            "API token",
            [{"field": "members", "before": 2 * PIECE + 10, "after": 2 * PIECE + 8}],
        ),
    ]
    reader = apsw.Connection(str(tmp_path / "tellwire.db"), flags=apsw.SQLITE_OPEN_READONLY)
    bodies = reader.execute("SELECT group_concat(body) FROM audit").get
    reader.close()
    assert "secret" not in bodies
