"""Campaigns as they were: the versions and the log of the API, and `explain` for campaigns that changed since."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.control_client import CAMPAIGN, EMAIL, PASSWORD, PROVIDER, Client, Platform, running


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as started:
        await started.api.post("/api/providers", PROVIDER)
        yield started


async def published(platform: Platform, **fields: Any) -> str:
    """Publish a campaign, and return its path."""
    saved = await platform.api.post("/api/campaigns", {**CAMPAIGN, **fields})
    await do(platform, path := f"/api/campaigns/{saved['id']}", "publish")
    return path


async def do(platform: Platform, path: str, what: str) -> dict[str, Any]:
    """Publish or stop, a minute before what comes next."""
    answer: dict[str, Any] = await platform.api.post(f"{path}/{what}", {})
    platform.clock.advance(60)
    return answer


async def change(platform: Platform, path: str, **fields: Any) -> dict[str, Any]:
    """Save a campaign with other fields, a minute before what comes next."""
    known = await platform.api.get(path)
    answer: dict[str, Any] = await platform.api.put(path, {**known, **fields})
    platform.clock.advance(60)
    return answer


async def order(platform: Platform, **properties: Any) -> str:
    """Let Ann order something, and return the event's id."""
    happened = platform.event("Order Placed", **properties)
    await platform.track(platform.record(Phone="91230000"), happened)
    platform.clock.advance(60)
    return happened.id


async def answers(platform: Platform, event_id: str) -> list[dict[str, Any]]:
    explanation = await platform.api.get(f"/api/explain?event={event_id}")
    campaigns: list[dict[str, Any]] = explanation["campaigns"]
    return campaigns


def only_content(text: str) -> dict[str, Any]:
    return {**CAMPAIGN["content"], "text": text}  # type: ignore[dict-item]


async def test_a_campaign_shows_the_number_of_what_was_published_last(platform: Platform) -> None:
    draft = await platform.api.post("/api/campaigns", CAMPAIGN)
    path = await published(platform)

    changed = await change(platform, path, content=only_content("Hello"))
    renamed = await change(platform, path, name="Another name")
    stopped = await do(platform, path, "stop")

    numbers = [one["published_version"] for one in (draft, changed, renamed, stopped)]
    assert numbers == [None, 2, 2, 2]
    listed = (await platform.api.get("/api/campaigns"))["campaigns"]
    assert [one["published_version"] for one in listed] == [2, None]


async def test_versions_say_who_published_them_and_what_changed(platform: Platform) -> None:
    path = await published(platform)
    await change(platform, path, content=only_content("Hello"), event_conditions=[])

    newest, first = (await platform.api.get(f"{path}/versions"))["versions"]

    assert (newest["number"], newest["is_live"], newest["changed"]) == (
        2,
        True,
        ["event_conditions", "content.text"],
    )
    assert (first["number"], first["is_live"], first["changed"]) == (1, False, [])
    assert first["published_by"] == "API token"
    assert (await platform.api.get(f"{path}/versions?limit=1&before=2"))["versions"] == [first]


async def test_a_version_is_read_as_it_was_published(platform: Platform) -> None:
    path = await published(platform)
    was = await platform.api.get(path)
    await change(platform, path, content=only_content("Hello"))
    await do(platform, path, "stop")

    first = await platform.api.get(f"{path}/versions/1")
    second = await platform.api.get(f"{path}/versions/2")

    shown = {**was, "funnel": None, "delivery": None, "standing": None, "published_version": 1}
    assert first["campaign"] == shown
    assert (first["is_live"], second["is_live"]) == (False, False)
    before = CAMPAIGN["content"]["text"]  # type: ignore[index]
    assert second["changes"] == [{"field": "content.text", "before": before, "after": "Hello"}]


async def test_the_log_says_who_published_and_stopped_it(platform: Platform) -> None:
    signed_in = await Client(platform.app).ask("POST", "/api/session", {"email": EMAIL, "password": PASSWORD})
    cookie = signed_in.headers["set-cookie"].partition(";")[0]
    browser = Client(platform.app, {"cookie": cookie, "sec-fetch-site": "same-origin"})
    path = await published(platform)
    await browser.post(f"{path}/stop", {})

    stopped, begun = (await platform.api.get(f"{path}/log"))["log"]

    assert (stopped["what"], stopped["by"], stopped["version"]) == ("stopped", EMAIL, 1)
    assert (begun["what"], begun["by"], begun["version"]) == ("published", "API token", 1)
    assert stopped["at"] > begun["at"]
    one_more = f"{path}/log?before={stopped['catalog_version']}"
    assert (await platform.api.get(one_more))["log"] == [begun]


async def test_what_is_not_there_is_not_found(platform: Platform) -> None:
    path = await published(platform)

    for missing in (
        "/api/campaigns/99/versions",
        "/api/campaigns/99/log",
        f"{path}/versions/2",
        f"{path}/versions/0",
        f"{path}/versions/{10**30}",
    ):
        assert (await platform.api.ask("GET", missing)).status == 404


async def test_a_draft_has_neither_versions_nor_a_log(platform: Platform) -> None:
    draft = await platform.api.post("/api/campaigns", CAMPAIGN)
    path = f"/api/campaigns/{draft['id']}"

    assert await platform.api.get(f"{path}/versions") == {"versions": []}
    assert await platform.api.get(f"{path}/log") == {"log": []}


async def test_archiving_a_provider_stands_in_the_logs_of_its_campaigns(platform: Platform) -> None:
    (provider,) = (await platform.api.get("/api/providers"))["providers"]
    path = await published(platform, provider_id=provider["id"])

    await platform.api.post(f"/api/providers/{provider['id']}/archive", {})

    assert [line["what"] for line in (await platform.api.get(f"{path}/log"))["log"]] == [
        "stopped",
        "published",
    ]


async def test_explain_says_why_an_event_did_not_start_the_version_of_then(platform: Platform) -> None:
    path = await published(platform)
    event_id = await order(platform, Amount=5)
    await change(platform, path, event_conditions=[])
    await do(platform, path, "stop")

    (answer,) = await answers(platform, event_id)

    assert (answer["verdict"], answer["code"], answer["published_version"]) == ("skip", "event_conditions", 1)
    assert answer["trace"][0]["wanted"] == "Amount greater than 10"


async def test_explain_says_when_a_campaign_that_did_not_run_was_stopped(platform: Platform) -> None:
    path = await published(platform)
    await do(platform, path, "stop")
    event_id = await order(platform, Amount=50)
    silent = await platform.api.get(f"/api/explain?event={event_id}")
    await do(platform, path, "publish")

    (answer,) = await answers(platform, event_id)

    assert silent["note"].endswith("and is not running: it was stopped at 2026-01-31 08:01:00 UTC.")
    assert (answer["code"], answer["published_version"]) == ("not_running_then", None)
    assert answer["reason"] == (
        "It was not running then: it was stopped at 2026-01-31 08:01:00 UTC."
        " Version 1 was published at 2026-01-31 08:03:00 UTC."
    )


async def test_explain_says_when_a_campaign_that_came_later_was_first_published(platform: Platform) -> None:
    event_id = await order(platform, Amount=50)
    path = await published(platform)
    await do(platform, path, "stop")

    (answer,) = await answers(platform, event_id)

    assert answer["code"] == "not_running_then"
    assert answer["reason"].startswith(
        "It was not running yet: it was first published at 2026-01-31 08:01:00 UTC"
    )


async def test_explain_knows_a_campaign_that_was_for_another_event_then(platform: Platform) -> None:
    path = await published(platform, event="Page Seen")
    event_id = await order(platform, Amount=50)
    await change(platform, path, event="Order Placed")

    (answer,) = await answers(platform, event_id)

    assert (answer["code"], answer["published_version"]) == ("not_running_then", 1)
    assert answer["reason"].startswith(
        "Version 1, which ran then, was for “Page Seen”. Version 2 was published"
    )


async def test_explain_finds_a_campaign_that_is_for_another_event_since(platform: Platform) -> None:
    path = await published(platform)
    event_id = await order(platform, Amount=5)
    await change(platform, path, event="Page Seen", event_conditions=[])

    (answer,) = await answers(platform, event_id)

    assert (answer["verdict"], answer["published_version"]) == ("skip", 1)


async def test_explain_says_of_an_answer_which_version_gave_it(platform: Platform) -> None:
    path = await published(platform)
    await change(platform, path, content=only_content("Hello"))
    event_id = await order(platform, Amount=50)
    await change(platform, path, content=only_content("Good day"))

    (answer,) = await answers(platform, event_id)

    assert (answer["verdict"], answer["published_version"]) == ("send", 2)


async def test_explain_says_that_a_campaign_was_stopped_before_the_event_was_decided(
    platform: Platform,
) -> None:
    path = await published(platform)
    happened = platform.event("Order Placed", Amount=50)
    platform.clock.advance(1)
    await do(platform, path, "stop")
    await platform.track(happened)

    (answer,) = await answers(platform, happened.id)

    assert answer["reason"] == "It was stopped at 2026-01-31 08:01:01 UTC, before the event was decided."
