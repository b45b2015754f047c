"""People by the API: found, looked at whole, edited, and erased everywhere."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.builders import a_subject
from tests.e2e.control_client import CAMPAIGN, PROVIDER, Platform, deliver, running

from tellwire.kernel.address import msisdn_of_digits
from tellwire.platform.control.clevertap.api import CleverTapApi
from tellwire.platform.control.clevertap.words import Words
from tellwire.platform.control.problem import Problem
from tellwire.platform.model.event import Subject
from tellwire.platform.model.facts import Needs
from tellwire.platform.model.profile import SuppressionChange
from tellwire.platform.ports.ledger import Advance, Recording, Stale

NUMBER = "+6591230000"


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as platform:
        yield platform


async def published(platform: Platform, **fields: Any) -> Any:
    await platform.api.post("/api/providers", PROVIDER)
    made = await platform.api.post("/api/campaigns", {**CAMPAIGN, **fields})
    return await platform.api.post(f"/api/campaigns/{made['id']}/publish")


async def erase_all(platform: Platform) -> None:
    while (await platform.backend.people.erase_some(platform.clock.now(), 0)).resume is not None:
        pass


async def names(platform: Platform, search: str) -> list[str]:
    return [one["identity"] for one in (await platform.api.get(f"/api/people?search={search}"))["people"]]


async def test_people_are_found_by_identity_name_and_number(platform: Platform) -> None:
    await platform.track(
        platform.record("ann-1", Name="Ann Lee", Phone=NUMBER),
        platform.record("bob", Name="Bob van Dyck", Phone="+4915112345678"),
        platform.record("ann-2", Name="Joanna", Email="jo@example.com"),
    )

    assert await names(platform, "ann-") == ["ann-1", "ann-2"]
    assert await names(platform, "LEE") == ["ann-1"]
    assert await names(platform, "van%20d") == ["bob"]
    assert await names(platform, "%2B65 9123") == ["ann-1"]
    assert await names(platform, "+4915112345678".replace("+", "%2B")) == ["bob"]
    assert await names(platform, "nobody") == []
    listed = await platform.api.get("/api/people?limit=2")
    assert [one["identity"] for one in listed["people"]] == ["ann-2", "bob"]
    rest = await platform.api.get(f"/api/people?limit=2&before={listed['next']}")
    assert [one["identity"] for one in rest["people"]] == ["ann-1"]
    assert "phone" in rest["people"][0]
    assert NUMBER not in str(rest)


async def test_a_person_is_shown_whole(platform: Platform) -> None:
    await published(platform)
    await platform.track(
        platform.record(Name="Ann", Phone=NUMBER, Plan="gold"),
        platform.event("Order Placed", Amount=20, Item="shoes"),
        platform.event("Looked"),
    )
    await deliver(platform)

    ann = await platform.api.get("/api/people/ann")

    assert (ann["identity"], ann["phone"], ann["reachability"]) == ("ann", NUMBER, "Texts reach them.")
    assert (ann["consent"], ann["suppressed"]) == ({"sms": True}, [])
    assert {one["name"]: one["value"] for one in ann["properties"]}["Plan"] == "gold"
    assert {(one["kind"], one["title"]) for one in ann["timeline"]} == {
        ("event", "Looked"),
        ("event", "Order Placed"),
        ("message", "Order thanks"),
    }
    (order,) = [one for one in ann["timeline"] if one["title"] == "Order Placed"]
    assert (order["messages"], order["skips"]) == (1, 0)


async def test_a_timeline_goes_on_where_it_stopped(platform: Platform) -> None:
    await platform.track(platform.record(Phone=NUMBER), *(platform.event(f"E{n}") for n in range(5)))

    first = await platform.api.get("/api/people/ann?limit=3")
    rest = await platform.api.get(f"/api/people/ann?limit=3&before={first['next']}")

    titles = [one["title"] for one in (*first["timeline"], *rest["timeline"])]
    assert sorted(titles) == ["E0", "E1", "E2", "E3", "E4"]
    assert rest["next"] is None


async def test_a_suppressed_number_and_a_no_are_told(platform: Platform) -> None:
    await platform.track(platform.record(Phone=NUMBER, **{"MSG-sms": False}))
    change = SuppressionChange(
        address=msisdn_of_digits(NUMBER[1:]), is_suppressed=True, source="api", at=platform.clock.now()
    )

    before = await platform.api.get("/api/people/ann")
    await platform.backend.messages.suppress([change])
    after = await platform.api.get("/api/people/ann")

    assert before["consent"] == {"sms": False}
    assert "opted out" in before["reachability"]
    assert [(one["address"], one["source"]) for one in after["suppressed"]] == [(NUMBER, "api")]
    assert "is suppressed since" in after["reachability"]


async def test_an_edit_is_there_when_it_is_answered(platform: Platform) -> None:
    await platform.track(platform.record(Name="Ann", Plan="gold"))

    async with platform.deciding():
        answer = await platform.api.ask(
            "PATCH", "/api/people/ann", {"properties": {"Plan": "silver", "Name": None}}
        )

    assert answer.status == 200, answer.body
    assert {one["name"]: one["value"] for one in answer.json()["properties"]} == {"Plan": "silver"}


async def test_nobody_is_404(platform: Platform) -> None:
    for method in ("GET", "DELETE"):
        assert (await platform.api.ask(method, "/api/people/nobody")).status == 404
    assert (await platform.api.ask("GET", "/api/erasures/none")).status == 404


async def test_an_erased_person_is_gone_at_once_and_then_everywhere(
    platform: Platform, tmp_path: Path
) -> None:
    made = await published(platform)
    await platform.track(
        platform.record("eve", Name="Evelyn Rare", Phone=NUMBER, Secret="marmalade"),
        platform.event("Order Placed", "eve", Amount=20, Item="marmalade"),
        platform.record("bob", Name="Bob", Phone="+6591230001"),
        platform.event("Order Placed", "bob", Amount=20, Item="bread"),
    )

    answer = await platform.api.ask("DELETE", "/api/people/eve")

    receipt = answer.json()
    assert (answer.status, receipt["is_finished"]) == (200, False)
    assert (await platform.api.ask("GET", "/api/people/eve")).status == 404
    assert (await platform.api.ask("DELETE", "/api/people/eve")).status == 404
    assert await names(platform, "Evelyn") == await names(platform, "eve") == []
    assert len(await deliver(platform)) == 1  # Bob's

    await erase_all(platform)

    done = await platform.api.get(f"/api/erasures/{receipt['id']}")
    assert done["is_finished"]
    assert (done["rows"]["message"], done["rows"]["activity"], done["rows"]["entry"]) == (1, 1, 2)
    assert (await platform.api.get("/api/people/bob"))["phone"] == "+6591230001"
    funnel = (await platform.api.get(f"/api/campaigns/{made['id']}"))["funnel"]
    assert (funnel["by_status"]["rejected"], funnel["errors"]) == (1, {"erased": 1})
    assert everything(tmp_path, "marmalade", "Evelyn", NUMBER[1:], '"eve"', "identity:eve") == []
    lines = (await platform.api.get("/api/audit"))["lines"]
    assert (lines[0]["kind"], lines[0]["what"], lines[0]["object_id"]) == ("person", "erased", receipt["id"])


async def test_who_comes_again_after_an_erasure_is_somebody_new(platform: Platform) -> None:
    await platform.track(platform.record("eve", Name="Eve", Plan="gold"), platform.event("Looked", "eve"))
    await platform.api.ask("DELETE", "/api/people/eve")

    await platform.track(platform.record("eve", Name="Another"))
    await erase_all(platform)

    eve = await platform.api.get("/api/people/eve")
    assert ([one["name"] for one in eve["properties"]], eve["timeline"]) == (["Name"], [])


async def test_who_is_inside_a_campaign_leaves_it_erased(platform: Platform) -> None:
    await platform.api.post("/api/providers", PROVIDER)
    steps = [{"id": "pause", "wait": {"for": "2 days"}}, {"id": "last", "send": {"text": "Hi"}}]
    form = {"name": "c", "start": {"event": "Order Placed"}, "steps": steps}
    made = await platform.api.post("/api/campaigns", form)
    await platform.api.post(f"/api/campaigns/{made['id']}/publish")
    await platform.track(platform.record("eve", Phone=NUMBER), platform.event("Order Placed", "eve"))
    assert len((await platform.api.get("/api/people/eve"))["enrollments"]) == 1

    await platform.api.ask("DELETE", "/api/people/eve")

    funnel = (await platform.api.get(f"/api/campaigns/{made['id']}"))["funnel"]
    assert funnel["left"] == {"erased": 1}


async def test_a_batch_that_was_read_before_an_erasure_brings_nobody_back(platform: Platform) -> None:
    await platform.track(platform.record("eve", Name="Eve", Phone=NUMBER))
    backend = platform.backend
    facts = await backend.ledger.facts(Needs(subjects=[a_subject("eve")]))
    await platform.api.ask("DELETE", "/api/people/eve")

    position = await backend.ledger.position(0)
    advance = Advance(partition=0, after=position, to=position)
    recording = Recording(profiles=tuple(facts.profiles.values()))
    answer = await backend.ledger.record(recording, advance, facts.versions)

    assert isinstance(answer, Stale)


def everything(directory: Path, *words: str) -> list[tuple[str, str]]:
    """Return where one of these words still stands in the store, by table."""
    found = []
    store = sqlite3.connect(f"file:{directory / 'tellwire.db'}?mode=ro", uri=True)
    tables = [row[0] for row in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    for table in tables:
        for row in store.execute(f"SELECT * FROM {table}"):
            text = " ".join(
                cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell) for cell in row
            )
            found += [(table, word) for word in words if word in text]
    store.close()
    return found


def clevertap(platform: Platform) -> CleverTapApi:
    return CleverTapApi(platform.app.desk)


async def test_clevertaps_profile_shows_who_somebody_is_and_what_they_did(platform: Platform) -> None:
    await platform.track(
        platform.record(Name="Ann", Phone=NUMBER, Email="Ann@example.com", Plan="gold"),
        platform.event("Looked"),
        platform.event("Looked"),
    )

    by_identity = await clevertap(platform).profile(Words({"identity": "ann"}))
    by_email = await clevertap(platform).profile(Words({"email": "ann@EXAMPLE.com"}))

    assert by_identity == by_email
    record = by_identity["record"]
    assert (record["identity"], record["phone"], record["profileData"]) == ("ann", NUMBER, {"Plan": "gold"})
    assert record["events"]["Looked"]["count"] == 2
    with pytest.raises(Problem):
        await clevertap(platform).profile(Words({"identity": "nobody"}))


async def test_clevertaps_deletion_erases_and_disassociation_takes_the_number(platform: Platform) -> None:
    await platform.track(
        platform.record("eve", Phone=NUMBER), platform.record("bob", Phone=NUMBER, Name="Bob")
    )

    async with platform.deciding():
        deleted = await clevertap(platform).delete(Words({"identity": ["eve", "nobody"]}))
        freed = await clevertap(platform).disassociate(
            Words({"d": [{"type": "phone", "value": NUMBER}, {"type": "phone", "value": "+6599990000"}]})
        )

    assert (deleted["status"], [one["record"] for one in deleted["unprocessed"]]) == (
        "partial",
        [{"identity": "nobody"}],
    )
    assert (freed["status"], freed["processed"], len(freed["unprocessed"])) == ("partial", 1, 1)
    assert (await platform.api.ask("GET", "/api/people/eve")).status == 404
    assert (await platform.api.get("/api/people/bob"))["phone"] is None
    assert await clevertap(platform).demerge(Words({"identities": ["bob"]})) == {"status": "success"}


async def test_a_device_becomes_part_of_a_person_and_two_identities_stay_two(platform: Platform) -> None:
    device = msgspec.structs.replace(platform.event("Looked"), subject=Subject("device", "d-1"))
    await platform.track(platform.record("ann", Name="Ann"), platform.record("bob"), device)

    async with platform.deciding():
        merged = await platform.api.ask("POST", "/api/people/ann/merge", {"kind": "device", "value": "d-1"})
        refused = await platform.api.ask(
            "POST", "/api/people/ann/merge", {"kind": "identity", "value": "bob"}
        )

    assert [one["value"] for one in merged.json()["subjects"]] == ["ann", "d-1"]
    assert (refused.status, refused.json()["error"]["code"]) == (409, "two_identities")
    assert (await platform.api.get("/api/people/d-1"))["identity"] == "ann"
