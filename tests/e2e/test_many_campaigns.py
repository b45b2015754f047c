"""The platform's JSON API: campaigns as a table, the same change to many of them, and views that are kept."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.control_client import CAMPAIGN, PROVIDER, START, Platform, running


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as started:
        yield started


async def saved(platform: Platform, name: str, **fields: Any) -> int:
    campaign = await platform.api.post("/api/campaigns", {**CAMPAIGN, "name": name, **fields})
    return int(campaign["id"])


async def published(platform: Platform, name: str, **fields: Any) -> int:
    if not (await platform.api.get("/api/providers"))["providers"]:
        await platform.api.post("/api/providers", PROVIDER)
    campaign_id = await saved(platform, name, **fields)
    await platform.api.post(f"/api/campaigns/{campaign_id}/publish", {})
    return campaign_id


async def bulk(platform: Platform, ids: list[int], **change: Any) -> list[dict[str, Any]]:
    answer = await platform.api.post("/api/campaigns/bulk", {"ids": ids, "change": change})
    return list(answer["results"])


async def table(platform: Platform) -> dict[str, dict[str, Any]]:
    rows = (await platform.api.get("/api/campaigns/table"))["campaigns"]
    return {row["name"]: row for row in rows}


async def text_of(platform: Platform, path: str) -> str:
    answer = await platform.api.ask("GET", path)
    assert answer.status == 200, answer.body
    return answer.body.decode()


def outcomes(results: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["outcome"], one["code"]) for one in results]


async def test_one_that_cannot_be_changed_stops_no_other(platform: Platform) -> None:
    draft, runs = await saved(platform, "draft"), await published(platform, "runs")
    other = await published(platform, "other")

    paused = await bulk(platform, [draft, runs, 999, other], do="pause")
    again = await bulk(platform, [runs, runs], do="pause")
    resumed = await bulk(platform, [runs, other], do="resume")

    assert outcomes(paused) == [
        ("refused", "not_running"),
        ("done", ""),
        ("refused", "not_found"),
        ("done", ""),
    ]
    assert outcomes(again) == [("unchanged", "")]
    assert outcomes(resumed) == [("done", ""), ("done", "")]
    assert (await table(platform))["runs"]["standing"] == "running"


async def test_labels_are_added_and_removed_and_are_no_new_version(platform: Platform) -> None:
    one, two = await published(platform, "one", labels=["cart"]), await saved(platform, "two")

    added = await bulk(platform, [one, two], do="label", add=["cart ", "Singapore"])
    again = await bulk(platform, [one], do="label", add=["cart"])
    removed = await bulk(platform, [two], do="label", remove=["cart"])

    assert outcomes(added) == outcomes(removed) * 2 == [("done", "")] * 2
    assert outcomes(again) == [("unchanged", "")]
    rows = await table(platform)
    assert (rows["one"]["labels"], rows["two"]["labels"]) == (["cart", "Singapore"], ["Singapore"])
    assert len((await platform.api.get(f"/api/campaigns/{one}/versions"))["versions"]) == 1


async def test_what_is_archived_leaves_the_lists_and_keeps_its_name(platform: Platform) -> None:
    old, runs = await published(platform, "old"), await published(platform, "runs")
    await platform.api.post(f"/api/campaigns/{old}/stop", {})

    results = await bulk(platform, [old, runs], do="archive")

    assert outcomes(results) == [("done", ""), ("refused", "in_use")]
    listed = [one["name"] for one in (await platform.api.get("/api/campaigns"))["campaigns"]]
    with_it = [one["name"] for one in (await platform.api.get("/api/campaigns?archived=true"))["campaigns"]]
    assert (listed, with_it) == (["runs"], ["runs", "old"])
    assert (await table(platform))["old"]["standing"] == "archived"
    assert "name: old" not in await text_of(platform, "/api/export")
    assert "name: old" in await text_of(platform, "/api/export?archived=true")
    assert "(copy)" in (await platform.api.post(f"/api/campaigns/{old}/clone", {}))["name"]

    restored = await bulk(platform, [old], do="restore")

    assert outcomes(restored) == [("done", "")]
    assert (await platform.api.get(f"/api/campaigns/{old}"))["archived_at"] is None


async def test_publishing_what_is_archived_brings_it_back(platform: Platform) -> None:
    await platform.api.post("/api/providers", PROVIDER)
    draft = await saved(platform, "draft")
    await bulk(platform, [draft], do="archive")

    await platform.api.post(f"/api/campaigns/{draft}/publish", {})

    assert (await table(platform))["draft"]["standing"] == "running"


async def test_copies_are_made_and_only_drafts_deleted(platform: Platform) -> None:
    draft, runs = await saved(platform, "draft"), await published(platform, "runs")

    copies = await bulk(platform, [draft, runs], do="clone")
    deleted = await bulk(platform, [draft, runs, copies[0]["copy_id"]], do="delete")

    assert outcomes(deleted) == [("done", ""), ("refused", "was_published"), ("done", "")]
    assert sorted(await table(platform)) == ["runs", "runs (copy)"]


async def test_some_campaigns_are_exported_as_one_document(platform: Platform) -> None:
    ids = [await saved(platform, name) for name in ("one", "two", "three")]

    text = await text_of(platform, f"/api/export?campaign_id={ids[0]}&campaign_id={ids[2]}")
    taken = await platform.api.ask("POST", "/api/import?dry_run=true", text.encode())

    assert [line for line in text.splitlines() if "name:" in line] == ["- name: one", "- name: three"]
    assert [one["what"] for one in taken.json()["unchanged"]] == ["unchanged", "unchanged"]
    assert (await platform.api.ask("GET", f"/api/export?{'&'.join(['campaign_id=1'] * 201)}")).status == 422


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"ids": [], "change": {"do": "pause"}}, "ids"),
        ({"ids": [1] * 201, "change": {"do": "pause"}}, "ids"),
        ({"ids": [1], "change": {"do": "burn"}}, "change"),
        ({"ids": [1], "change": {"do": "label"}}, "change.add"),
        ({"ids": [1], "change": {"do": "label", "add": [" "]}}, "change.add[0]"),
        ({"ids": [1], "change": {"do": "label", "add": ["x" * 200]}}, "change.add[0]"),
    ],
)
async def test_a_change_that_makes_no_sense_is_refused_with_its_place(
    platform: Platform, body: dict[str, Any], field: str
) -> None:
    refused = await platform.api.ask("POST", "/api/campaigns/bulk", body)

    assert refused.status in {400, 422}
    assert any(path.startswith(field) for path in refused.fields), refused.fields


async def test_a_row_has_the_figures_of_the_campaigns_own_page(platform: Platform) -> None:
    runs = await published(platform, "runs", labels=["cart"])
    waits = await published(
        platform,
        "waits",
        start={"event": "Order Placed"},
        steps=[{"id": "pause", "wait": {"for": "1 hour"}}, {"id": "then", "send": {"text": "Hi"}}],
        **dict.fromkeys(("event", "event_conditions", "profile_conditions", "content"), None),
    )
    await platform.track(platform.record(Phone="91230000", Name="Ann"))
    await platform.track(platform.event("Order Placed", Amount=20, Item="shoes"))

    rows = await table(platform)

    page = await platform.api.get(f"/api/campaigns/{runs}")
    inside = await platform.api.get(f"/api/campaigns/{waits}/inside")
    assert rows["runs"]["messages"] == sum(page["funnel"]["by_status"].values()) == 1
    assert rows["runs"]["delivery"] == page["delivery"]
    assert rows["runs"]["series"] == [0] * 13 + [1]
    assert rows["runs"]["last_message_at"] is not None
    assert (rows["runs"]["is_journey"], rows["waits"]["is_journey"]) == (False, False)
    assert rows["waits"]["inside"] == inside["people"] == 1
    assert rows["waits"]["last_message_at"] is None
    hours = (await platform.api.get("/api/campaigns/table?span=24h"))["campaigns"]
    assert [len(one["series"]) for one in hours] == [24, 24]


async def test_a_schedule_is_scheduled_until_its_moment_and_then_has_ended(platform: Platform) -> None:
    tomorrow = (START + timedelta(days=1)).isoformat()
    await published(
        platform,
        "sale",
        start={"at": tomorrow},
        steps=[{"id": "say", "send": {"text": "Hi"}}],
        **dict.fromkeys(("event", "event_conditions", "profile_conditions", "content"), None),
    )

    before = (await table(platform))["sale"]
    page = await platform.api.get(f"/api/campaigns/{before['id']}")

    assert (before["standing"], before["next_at"][:10]) == ("scheduled", tomorrow[:10])
    assert (page["standing"], page["next_at"]) == (before["standing"], before["next_at"])


async def test_a_view_is_kept_under_its_name(platform: Platform) -> None:
    first = await platform.api.post("/api/views", {"name": "Live in SG", "query": "?state=running"})
    second = await platform.api.post("/api/views", {"name": " live in sg ", "query": "state=failing"})

    (kept,) = (await platform.api.get("/api/views"))["views"]

    assert (first["query"], first["id"]) == ("state=running", second["id"])
    assert (kept["name"], kept["query"], kept["page"]) == ("live in sg", "state=failing", "campaigns")
    assert (await platform.api.ask("DELETE", f"/api/views/{kept['id']}")).status == 204
    for gone in (kept["id"], 2**63, 10**30):
        assert (await platform.api.ask("DELETE", f"/api/views/{gone}")).status == 404
    assert (await platform.api.get("/api/views"))["views"] == []


async def test_views_have_names_and_an_end(platform: Platform) -> None:
    nameless = [
        await platform.api.ask("POST", "/api/views", {"name": name, "query": ""})
        for name in (" ", "a\nb", "\u202eLive")
    ]
    for number in range(50):
        await platform.api.post("/api/views", {"name": f"View {number}"})

    more = await platform.api.ask("POST", "/api/views", {"name": "one more"})
    again = await platform.api.ask("POST", "/api/views", {"name": "View 7", "query": "q=x"})

    assert [(one.status, list(one.fields)) for one in nameless] == [(422, ["name"])] * 3
    assert (more.status, more.json()["error"]["code"], again.status) == (409, "too_many_views", 200)


async def test_a_campaign_is_found_by_name_or_number_without_reading_all(platform: Platform) -> None:
    first, second = [
        int((await platform.api.post("/api/campaigns", {"name": name}))["id"]) for name in ("Cart", "77")
    ]
    again = int((await platform.api.post("/api/campaigns", {"name": "cart"}))["id"])

    found = [await platform.api.get(f"/api/campaigns/named?name={name}") for name in ("CART", "77", first)]
    missing = await platform.api.ask("GET", "/api/campaigns/named?name=Crat")

    assert [one["id"] for one in found] == [again, second, first]
    assert found[0]["state"] == "draft"
    assert (missing.status, b"did you mean" in missing.body) == (404, True)
    assert (await platform.stranger.ask("GET", "/api/campaigns/named?name=Cart")).status == 401
