"""Lists of people by API and by file: made, filled, asked by rules, explained, and refused where they cannot be."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.e2e.control_client import PROVIDER, START, Answer, Platform, running

from tellwire.platform.ports.lists import PIECE

SEEN = {"name": "Hello", "start": {"event": "Seen"}, "steps": [{"id": "hi", "send": {"text": "Hi"}}]}
VIPS_ONLY = {**SEEN, "who": {"listed": "VIPs"}}


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as started:
        await started.api.post("/api/providers", PROVIDER)
        for number, who in enumerate(("ann", "bob")):
            await started.track(started.record(who, Phone=f"9123000{number}"))
        yield started


async def made(platform: Platform, name: str = "VIPs") -> str:
    return f"/api/lists/{(await platform.api.post('/api/lists', {'name': name}))['id']}"


async def sent(platform: Platform, path: str, body: Any, kind: str = "application/json") -> Answer:
    return await platform.api.ask("POST", path, body, headers={"content-type": kind})


async def published(platform: Platform, campaign: dict[str, Any]) -> str:
    saved = await platform.api.post("/api/campaigns", campaign)
    await platform.api.post(f"/api/campaigns/{saved['id']}/publish", {})
    return f"/api/campaigns/{saved['id']}"


async def verdicts(platform: Platform, who: str) -> list[tuple[str, str]]:
    told = await platform.api.get(f"/api/explain?identity={who}&event=Seen")
    return [(one["verdict"], one["code"]) for one in told["campaigns"]]


async def test_a_list_is_made_filled_and_asked_and_the_trace_says_so(platform: Platform) -> None:
    path = await made(platform)
    added = (await sent(platform, f"{path}/members", ["ann", "cy", "ann"])).json()
    await published(platform, VIPS_ONLY)

    await platform.track(platform.event("Seen"), platform.event("Seen", "bob"))

    assert added == {"added": 2, "already": 1, "unknown": 1, "refused": 0, "mistakes": []}
    assert await verdicts(platform, "ann") == [("send", "")]
    (skipped,) = (await platform.api.get("/api/explain?identity=bob&event=Seen"))["campaigns"]
    gate = next(one for one in skipped["trace"] if one["gate"] == "profile_conditions")
    assert (gate["has_passed"], gate["saw"], gate["wanted"]) == (False, "not on it", "in the list VIPs")
    (shown,) = (await platform.api.get("/api/lists"))["lists"]
    assert (shown["name"], shown["members"], shown["used_by"]) == ("VIPs", 2, ["the campaign “Hello”"])


async def test_names_come_as_an_array_as_lines_and_as_csv(platform: Platform) -> None:
    path = await made(platform)
    bodies = [
        ('["ann", 7, {"object_id": "device01"}, {"phone": "9123 0000"}]', "application/json", ""),
        ("bob\r\n\r\n Doe, John \n", "text/plain; charset=utf-8", ""),
        ("City,Phone\nBonn,+65 9123 0001\n", "text/csv", ""),
        ('"cy ""the"" 2nd",x\nann\n', "text/csv", ""),
        ("+65 9123 0002", "", "?by=phone"),
    ]

    answers = [
        (await sent(platform, f"{path}/members{query}", body.encode(), kind)).json()
        for body, kind, query in bodies
    ]

    assert [(one["added"], one["already"], one["refused"]) for one in answers] == [
        *((4, 0, 0), (2, 0, 0), (1, 0, 0), (1, 1, 0), (1, 0, 0))
    ]
    page = await platform.api.get(f"{path}/members?limit=1000")
    names = [one["phone"] or one["subject"]["value"] for one in page["members"]]
    assert names == [
        "device01",
        "7",
        "Doe, John",
        "ann",
        "bob",
        'cy "the" 2nd',
        "+65******00",
        "+65******01",
        "+65******02",
    ]
    assert page["cursor"] is None


async def test_members_are_paged_and_removed(platform: Platform) -> None:
    path = await made(platform)
    await sent(platform, f"{path}/members", [f"p{number}" for number in range(5)])

    first = await platform.api.get(f"{path}/members?limit=3")
    rest = await platform.api.get(f"{path}/members?limit=3&after={first['cursor']}")
    removed = (await sent(platform, f"{path}/members/remove", b"p1\np2\nzoe\n", "text/plain")).json()

    assert [one["subject"]["value"] for one in (*first["members"], *rest["members"])] == [
        f"p{n}" for n in range(5)
    ]
    assert removed == {"removed": 2, "absent": 1, "refused": 0, "mistakes": []}
    assert (await platform.api.get(path))["members"] == 3


async def test_what_is_no_name_is_refused_by_its_line_and_the_rest_is_taken(platform: Platform) -> None:
    path = await made(platform)
    array = [
        "ann",
        "",
        None,
        1.5,
        True,
        {"identity": "a", "phone": "b"},
        {"phone": "12"},
        ["x"],
        "y" * 513,
        2**80,
    ]

    answer = (await sent(platform, f"{path}/members", array)).json()
    lines = (
        await sent(platform, f"{path}/members?by=phone", b"+6591230000\nnone\n\n" + b"1" * 40, "text/plain")
    ).json()
    many = (await sent(platform, f"{path}/members?by=object_id", b"\xc3\xa4\n" * 300, "text/plain")).json()

    assert (answer["added"], answer["refused"], [one["line"] for one in answer["mistakes"]]) == (
        1,
        9,
        list(range(2, 11)),
    )
    assert "no identity" in answer["mistakes"][0]["why"]
    assert (lines["added"], [one["line"] for one in lines["mistakes"]]) == (1, [2, 4])
    assert (many["refused"], len(many["mistakes"])) == (300, 100)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 400),
        (b"[", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'["\\ud800"]', "application/json", 400),
        (b"[]", "application/json", 422),
        (b"\n \n", "text/plain", 422),
        (b"\xff\xfe", "text/plain", 400),
        (b'"' + b"x" * 200_000, "text/csv", 400),
        (b"x" * (1024 * 1024 + 1), "text/plain", 413),
    ],
)
async def test_a_body_that_cannot_be_read_changes_nothing(
    platform: Platform, body: bytes, kind: str, status: int
) -> None:
    path = await made(platform)

    answer = await sent(platform, f"{path}/members", body, kind)

    assert answer.status == status, answer.body
    assert (await platform.api.get(path))["members"] == 0


@pytest.mark.parametrize(
    "name", ["a\0b", "a\x1fb", "'; DROP TABLE list_member; --", "😀" * 100, "phone:6591230000", "\u202e"]
)
async def test_any_text_may_be_a_name(platform: Platform, name: str) -> None:
    path = await made(platform)

    first = (await sent(platform, f"{path}/members", [name])).json()
    again = (await sent(platform, f"{path}/members", [name])).json()
    (member,) = (await platform.api.get(f"{path}/members"))["members"]
    removed = (await sent(platform, f"{path}/members/remove", [name])).json()

    assert (first["added"], again["already"], removed["removed"]) == (1, 1, 1)
    assert member["subject"] == {"kind": "identity", "value": name}


async def test_a_long_upload_is_taken_in_pieces(platform: Platform) -> None:
    path = await made(platform)
    names = "\n".join(f"person-{number}" for number in range(3 * PIECE + 7))

    answer = (await sent(platform, f"{path}/members", names.encode(), "text/plain")).json()

    assert (answer["added"], (await platform.api.get(path))["members"]) == (3 * PIECE + 7, 3 * PIECE + 7)


async def test_names_of_lists_are_unique_and_lists_may_be_renamed_while_nothing_uses_them(
    platform: Platform,
) -> None:
    path = await made(platform)
    for name in ("v i p s", "VIPs "):
        answer = await platform.api.ask("POST", "/api/lists", {"name": name})
        assert (answer.status, answer.fields) == (422, {"name": "“VIPs” is the name of another list."})
    unfit = ("a\nb", "a\tb", "a\0b", "a\u2028b", "\u202eVIP", "a\u2066b")
    for wrong in (
        *({"name": name} for name in unfit),
        {"name": ""},
        {"name": "  "},
        {"name": "x" * 121},
        {},
        {"name": "a", "b": 1},
    ):
        assert (await platform.api.ask("POST", "/api/lists", wrong)).status in {400, 422}

    assert (await platform.api.put(path, {"name": "Best"}))["name"] == "Best"
    await published(platform, {**SEEN, "who": {"not": {"listed": "best"}}})

    refused = await platform.api.ask("PUT", path, {"name": "Worst"})
    assert (refused.status, refused.json()["error"]["code"]) == (409, "in_use")
    assert (await platform.api.put(path, {"name": "BEST"}))["name"] == "BEST"


async def test_a_list_that_is_used_cannot_be_deleted_and_one_that_is_gone_is_nowhere(
    platform: Platform,
) -> None:
    path, other = await made(platform), await made(platform, "Other")
    settings = await platform.api.get("/api/account-settings")
    audience = {"name": "Best", "rule": {"any": [{"listed": "VIPs"}, {"profile": "Plan", "equals": "gold"}]}}
    await platform.api.put("/api/account-settings", {**settings, "audiences": [audience]})
    await published(platform, {**SEEN, "who": {"member": "Best"}})
    await sent(platform, f"{path}/members", ["ann"])

    refused = await platform.api.ask("DELETE", path)
    assert refused.status == 409
    message = refused.json()["error"]["message"]
    assert "the audience “Best”, the campaign “Hello”" in message

    assert (await platform.api.ask("DELETE", other)).status == 204
    for method, gone in (
        ("GET", other),
        ("DELETE", other),
        ("GET", f"{other}/members"),
        ("POST", f"{other}/members"),
    ):
        assert (await platform.api.ask(method, gone, ["ann"] if method == "POST" else None)).status == 404
    anew = await made(platform, "Other")
    assert anew != other


async def test_a_rule_may_only_name_a_list_that_there_is(platform: Platform) -> None:
    await made(platform)
    saved = await platform.api.post("/api/campaigns", {**SEEN, "who": {"all": [{"listed": "VIP"}]}})

    refused = await platform.api.ask("POST", f"/api/campaigns/{saved['id']}/publish", {})
    settings = await platform.api.get("/api/account-settings")
    audience = {"name": "Best", "rule": {"not": {"listed": "Nobody"}}}
    unknown = await platform.api.ask("PUT", "/api/account-settings", {**settings, "audiences": [audience]})

    assert refused.fields == {"who.all[0].listed": "There is no list “VIP”: did you mean “VIPs”?"}
    assert unknown.fields == {"audiences[0].rule.not.listed": "There is no list “Nobody”."}


async def test_making_a_list_is_in_nobodys_way_who_edits_the_account(platform: Platform) -> None:
    settings = await platform.api.get("/api/account-settings")

    await made(platform)
    saved = await platform.api.put(
        "/api/account-settings", {**settings, "account": {"zone": "Europe/Berlin"}}
    )

    assert saved["account"]["zone"] == "Europe/Berlin"
    assert [one["name"] for one in (await platform.api.get("/api/lists"))["lists"]] == ["VIPs"]


async def test_coming_to_a_list_starts_a_campaign(platform: Platform) -> None:
    path = await made(platform)
    settings = await platform.api.get("/api/account-settings")
    audience = {"name": "Best", "rule": {"listed": "VIPs"}}
    await platform.api.put("/api/account-settings", {**settings, "audiences": [audience]})
    await sent(platform, f"{path}/members", ["bob"])
    platform.clock.advance(timedelta(seconds=1))
    campaign = await published(platform, {**SEEN, "start": {"joins": "Best"}})
    platform.clock.advance(timedelta(seconds=1))

    for _ in range(2):
        await sent(platform, f"{path}/members", ["ann", "bob"])
        await platform.track()

    rows = (await platform.api.get("/api/messages"))["messages"]
    assert [row["to"] for row in rows] == ["+65******00"]
    assert (await platform.api.get(campaign))["funnel"]["by_status"] == {"queued": 1}


async def test_files_make_lists_and_exports_have_them(platform: Platform) -> None:
    document = yaml.safe_dump(
        {"lists": [{"name": "VIPs"}, {"name": "Blocked"}], "campaigns": [{**VIPS_ONLY, "state": "running"}]}
    )

    planned = (await platform.api.ask("POST", "/api/import?dry_run=1", document.encode())).json()
    imported = (await platform.api.ask("POST", "/api/import", document.encode())).json()
    again = (await platform.api.ask("POST", "/api/import", document.encode())).json()
    exported = yaml.safe_load((await platform.api.ask("GET", "/api/export")).body)

    told = [("list", "VIPs", "created"), ("list", "Blocked", "created"), ("campaign", "Hello", "created")]
    assert [(one["kind"], one["name"], one["what"]) for one in planned["changes"]] == told
    assert planned["changes"] == imported["changes"]
    assert (again["changes"], len(again["unchanged"])) == ([], 3)
    assert again["left_out"] == []
    assert exported["lists"] == [{"name": "VIPs"}, {"name": "Blocked"}]
    assert (await platform.api.ask("POST", "/api/import", yaml.safe_dump(exported).encode())).json()[
        "changes"
    ] == []


async def test_a_file_with_a_list_that_is_none_or_twice_is_refused_with_its_line(platform: Platform) -> None:
    twice = b"lists:\n- name: VIPs\n- name: v i p s\n- name: ' '\n- name: \"a\\nb\"\n"
    none = yaml.safe_dump(
        {"lists": [{"name": "VIPs"}], "campaigns": [{**SEEN, "who": {"listed": "VIP"}, "state": "running"}]}
    )

    doubled = await platform.api.ask("POST", "/api/import", twice)
    unknown = await platform.api.ask("POST", "/api/import", none.encode())

    assert doubled.status == 422
    assert set(doubled.fields) == {"lists[1].name", "lists[2].name", "lists[3].name"}
    assert next(iter(unknown.fields.values())).endswith("There is no list “VIP”: did you mean “VIPs”?")
    assert (await platform.api.get("/api/lists"))["lists"] == []


async def test_a_plan_shows_lists_and_holds_while_others_are_made(platform: Platform) -> None:
    document = yaml.safe_dump({"lists": [{"name": "VIPs"}], "campaigns": [VIPS_ONLY]}).encode()
    await platform.track(platform.event("Seen"), platform.event("Seen", "bob"))

    platform.clock.advance(timedelta(minutes=1))

    plan = (await platform.api.ask("POST", "/api/plan", document)).json()
    await made(platform, "Others")
    path = await made(platform)
    await sent(platform, f"{path}/members", ["ann"])
    filled = (await platform.api.ask("POST", "/api/plan", document)).json()
    applied = await platform.api.ask("POST", f"/api/apply?fingerprint={plan['fingerprint']}", document)

    assert ("list", "VIPs", "created") in [(one["kind"], one["name"], one["what"]) for one in plan["changes"]]
    assert (plan["messages"], filled["messages"], applied.status) == (0, 1, 200)


async def test_a_walk_reads_the_lists(platform: Platform) -> None:
    await sent(platform, f"{await made(platform)}/members", ["ann"])
    path = await published(platform, VIPS_ONLY)

    walks = [await platform.api.post(f"{path}/walk", {"identity": who}) for who in ("ann", "bob")]

    assert [walk["refused"] and walk["refused"]["code"] for walk in walks] == [None, "profile_conditions"]


@pytest.mark.parametrize("start", [{"event": "Seen"}, {"at": (START + timedelta(hours=1)).isoformat()}])
async def test_a_replay_reads_the_lists(platform: Platform, start: dict[str, Any]) -> None:
    path = await made(platform)
    await sent(platform, f"{path}/members", [{"phone": "+6591230001"}])
    draft = await platform.api.post("/api/campaigns", {**VIPS_ONLY, "start": start})
    await platform.track(platform.event("Seen"), platform.event("Seen", "bob"))
    period = f"from={START:%Y-%m-%dT%H:%M:%SZ}&to={START + timedelta(hours=9):%Y-%m-%dT%H:%M:%SZ}"

    answer = await platform.api.ask("POST", f"/api/campaigns/{draft['id']}/replay?{period}")

    assert answer.body.count(b'"verdict":"send"') == 1
    assert b'"identity":"bob","campaign":"Hello","step":"hi","verdict":"send"' in answer.body
