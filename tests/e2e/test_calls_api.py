"""Calls of campaigns: by our API, by the external trigger and by sends to named people (contract 4.9, 4.10)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.clevertap_client import KEYS, SMS, TRIGGER, TRIGGERS, texts, told, wire
from tests.e2e.control_client import PROVIDER, Platform, running

from tellwire.platform.intake.calling import OCTETS_LIMIT, PEOPLE_LIMIT
from tellwire.platform.model.event import LinkSubject, Subject

OTP = {
    "name": "Code",
    "start": {"call": "code"},
    "again": "beside",
    "steps": [
        {
            "id": "code",
            "send": {
                "text": "{{ Profile.Name }}: {{ ExternalTrigger.otp }}"
                "{% for item in ExternalTrigger.items %} {{ item.n }}{% endfor %}"
                " {{ ExternalTrigger.shop.city }}"
            },
        }
    ],
}
VALUES = {"otp": "1234", "items": [{"n": 1}, {"n": 2}], "shop": {"city": "Berlin"}}
QUEUED = {"status": "success", "message": "Added to queue for processing"}


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as started:
        await started.api.post("/api/providers", PROVIDER)
        await started.track(started.record(Phone="91230000", Name="Ann", Email="ann@example.com"))
        yield started


async def published(platform: Platform, campaign: dict[str, Any] = OTP) -> int:
    saved = await platform.api.post("/api/campaigns", campaign)
    await platform.api.post(f"/api/campaigns/{saved['id']}/publish", {})
    return int(saved["id"])


async def send(platform: Platform, body: dict[str, Any], status: int = 200) -> Any:
    return await told(wire(platform), SMS, {"to": {"Identity": ["ann"]}, **body}, status)


# -- the external trigger


@pytest.mark.parametrize("spelled", [int, str])
async def test_a_trigger_runs_a_campaign_with_its_values(platform: Platform, spelled: type) -> None:
    number = await published(platform)
    body = {"to": {"identity": ["ann"]}, "campaign_id": spelled(number), "ExternalTrigger": VALUES}

    assert await told(wire(platform), TRIGGER, body) == QUEUED
    await platform.track()

    assert await texts(platform) == ["Ann: 1234 1 2 Berlin"]


@pytest.mark.parametrize(
    "to",
    [
        {"identity": ["ann"]},
        {"Identity": ["ann"]},
        {"email": ["ANN@example.com"]},
        {"objectId": ["dev-1"]},
        {"FBID": ["fb"]},
        {"GPID": ["gp"]},
        {"identity": ["ann"], "email": ["ann@example.com"], "objectId": ["dev-1"]},
    ],
)
async def test_a_person_is_called_once_by_whatever_names(platform: Platform, to: dict[str, Any]) -> None:
    number = await published(platform)
    kinds = (Subject("device", "dev-1"), Subject("facebook", "fb"), Subject("google", "gp"))
    record = platform.record()
    links = tuple(LinkSubject(subject) for subject in kinds)
    await platform.track(type(record)(**{**_fields(record), "changes": links}))

    body = {"to": to, "campaign_id": number, "ExternalTrigger": {"otp": "1"}}
    assert await told(wire(platform), TRIGGER, body) == QUEUED
    await platform.track()

    assert await texts(platform) == ["Ann: 1 "]


async def test_a_list_of_campaigns_is_called_each_once(platform: Platform) -> None:
    first = await published(platform)
    second = await published(
        platform, {**OTP, "name": "Other", "steps": [{"send": {"text": "Other {{ ExternalTrigger.otp }}"}}]}
    )
    body = {
        "to": {"identity": ["ann"]},
        "campaign_id_list": [first, str(second), first],
        "ExternalTrigger": {"otp": "9"},
    }

    assert await told(wire(platform), TRIGGERS, body) == QUEUED
    await platform.track()

    assert sorted(await texts(platform)) == ["Ann: 9 ", "Other 9"]


async def test_two_calls_are_two(platform: Platform) -> None:
    number = await published(platform)
    body = {"to": {"identity": ["ann"]}, "campaign_id": number, "ExternalTrigger": {"otp": "1"}}
    for _ in range(2):
        assert await told(wire(platform), TRIGGER, body) == QUEUED
    await platform.track()

    assert await texts(platform) == ["Ann: 1 ", "Ann: 1 "]


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"campaign_id": 99}, 404, "There is no campaign 99."),
        ({"campaign_id": "x"}, 400, "campaign_id: This has to be the id"),
        ({"campaign_id": True}, 400, "campaign_id: This has to be the id"),
        ({}, 400, "campaign_id: This has to be the id"),
        ({"campaign_id": 1, "to": {}}, 400, "to: Nobody is named."),
        ({"campaign_id": 1, "to": None}, 400, "to: This is missing"),
        ({"campaign_id": 1, "to": {"identity": "ann"}}, 400, "to.identity: This has to be a list"),
        ({"campaign_id": 1, "to": {"phone": ["1"]}}, 400, "to.phone: This cannot be honoured"),
        ({"campaign_id": 1, "ExternalTrigger": []}, 400, "ExternalTrigger: This has to be an object."),
        ({"campaign_id": 1, "ExternalTrigger": {"a.b": 1}}, 400, "ExternalTrigger: Name 'a.b'"),
        ({"campaign_id": 1, "ExternalTrigger": {"a": "x" * 513}}, 400, "ExternalTrigger: Text of 'a'"),
        ({"campaign_id": 1, "ExternalTrigger": {"a": 1e999}}, 400, "The body has to be"),
        ({"campaign_id": 1, "ExternalTrigger": {"a": {"b": {"c": {"d": {}}}}}}, 400, "ExternalTrigger: 'd'"),
        ({"campaign_id": 1, "delay": 5}, 400, "delay: This cannot be honoured"),
    ],
)
async def test_a_trigger_that_cannot_be_taken_is_refused_by_name(
    platform: Platform, body: dict[str, Any], status: int, error: str
) -> None:
    await published(platform)

    answer = await told(wire(platform), TRIGGER, {"to": {"identity": ["ann"]}, **body}, status)

    assert (answer["status"], answer["code"]) == ("fail", status)
    assert answer["error"].startswith(error)
    await platform.track()
    assert await texts(platform) == []


@pytest.mark.parametrize(
    ("ids", "status", "error"),
    [
        ([], 400, "campaign_id_list: Name one to 5"),
        ([1, 2, 3, 4, 5, 6], 400, "campaign_id_list: This has to be a list of at most 5."),
        ([1, 99], 404, "There is no campaign 99."),
        ([1, "two"], 400, "campaign_id_list[1]"),
    ],
)
async def test_of_a_list_all_are_called_or_none(
    platform: Platform, ids: list[Any], status: int, error: str
) -> None:
    await published(platform)
    body = {"to": {"identity": ["ann"]}, "campaign_id_list": ids, "ExternalTrigger": {"otp": "1"}}

    assert (await told(wire(platform), TRIGGERS, body, status))["error"].startswith(error)

    await platform.track()
    assert await texts(platform) == []


async def test_what_is_not_running_and_what_does_not_start_by_a_call_is_not_called(
    platform: Platform,
) -> None:
    number = await published(platform)
    other = await published(
        platform,
        {"name": "E", "start": {"event": "Seen"}, "steps": [{"send": {"text": "x"}}]},
    )
    body = {"to": {"identity": ["ann"]}, "campaign_id": other}
    assert "does not start by a call" in (await told(wire(platform), TRIGGER, body, 400))["error"]
    for way, word in (("pause", "paused"), ("stop", "stopped")):
        await platform.api.post(f"/api/campaigns/{number}/{way}", {})
        body = {"to": {"identity": ["ann"]}, "campaign_id": number}
        assert f"is {word}" in (await told(wire(platform), TRIGGER, body, 409))["error"]


# -- who is not known


async def test_whom_nobody_knows_is_said_and_counted_and_explained(platform: Platform) -> None:
    number = await published(platform)
    to = {"identity": ["ann", "eve", ""], "email": ["eve@example.com", "no address"], "objectId": ["a b"]}
    body = {"to": to, "campaign_id": number, "ExternalTrigger": {"otp": "1"}}

    async with platform.deciding():
        answer = await told(wire(platform), TRIGGER, body)

    assert (answer["status"], answer["processed"]) == ("partial", 1)
    assert answer["message"] == "Added to queue for processing"
    assert {
        (next(iter(one["record"].items())), one["code"], one["error"]) for one in answer["unprocessed"]
    } == {
        (("Identity", "eve"), 523, "Nobody is known by this Identity."),
        (("Identity", ""), 523, "Identity is not valid."),
        (("Email", "eve@example.com"), 523, "Nobody is known by this Email."),
        (("Email", "no address"), 523, "Email is not valid."),
        (("objectId", "a b"), 526, "objectId is not valid."),
    }
    assert await texts(platform) == ["Ann: 1 "]
    explained = await platform.api.get("/api/explain?identity=eve")
    assert "Called for “Code”, but nobody of that name is known." in explained["note"]
    assert [(one["kind"], one["code"]) for one in explained["refused"]] == [("call", 523)]
    traces = (await platform.api.get("/api/refused-records"))["records"]
    assert any("e***@example.com, but nobody has it" in one["error"] for one in traces)


async def test_a_call_that_reaches_nobody_failed(platform: Platform) -> None:
    number = await published(platform)
    async with platform.deciding():
        answer = await told(wire(platform), TRIGGER, {"to": {"identity": ["eve"]}, "campaign_id": number})

    assert (answer["status"], answer["processed"], len(answer["unprocessed"])) == ("fail", 0, 1)


async def test_an_address_of_several_people_is_nobodys(platform: Platform) -> None:
    number = await published(platform)
    await platform.track(platform.record("ben", Email="Ann@example.com"))

    answer = await told(
        wire(platform), TRIGGER, {"to": {"email": ["ann@example.com"]}, "campaign_id": number}
    )

    assert answer["unprocessed"][0]["error"].startswith("Several people have this Email")
    await platform.track()
    assert await texts(platform) == []


async def test_somebody_who_was_uploaded_just_before_is_known(platform: Platform) -> None:
    number = await published(platform)
    await platform.backend.stream.append(
        [platform.record("new", Phone="91230009", Name="New", Email="n@e.x")]
    )
    client = wire(platform)
    body = {"campaign_id": number, "ExternalTrigger": {"otp": "1"}}

    by_name = asyncio.create_task(told(client, TRIGGER, {**body, "to": {"identity": ["new"]}}))
    by_email = asyncio.create_task(told(client, TRIGGER, {**body, "to": {"email": ["n@e.x"]}}))
    async with platform.deciding():
        assert await by_name == await by_email == QUEUED
    await platform.track()

    assert await texts(platform) == ["New: 1 ", "New: 1 "]


# -- gates and explain


async def test_gates_are_asked_as_for_any_other_start(platform: Platform) -> None:
    guarded = {
        **OTP,
        "who": {"profile": "Plan", "equals": "gold"},
        "limits": {"per_person": ["1 per 1 day"]},
    }
    number = await published(platform, guarded)
    body = {"to": {"identity": ["ann", "gold"]}, "campaign_id": number, "ExternalTrigger": {"otp": "1"}}
    await platform.track(platform.record("gold", Plan="gold", Phone="91230001", Name="Gold"))

    for _ in range(2):
        await told(wire(platform), TRIGGER, body)
    await platform.track()

    assert await texts(platform) == ["Gold: 1 "]
    funnel = (await platform.api.get(f"/api/campaigns/{number}"))["funnel"]
    assert funnel["skips"] == {"profile_conditions": 2, "person_cap": 1}


async def test_a_campaign_for_a_list_is_called_for_those_on_it(platform: Platform) -> None:
    members = (await platform.api.post("/api/lists", {"name": "VIPs"}))["id"]
    await platform.api.post(f"/api/lists/{members}/members", ["ann"])
    await platform.track(platform.record("ben", Phone="91230001", Name="Ben"))
    number = await published(platform, {**OTP, "who": {"listed": "VIPs"}})
    body = {"to": {"identity": ["ann", "ben"]}, "campaign_id": number, "ExternalTrigger": {"otp": "1"}}

    await told(wire(platform), TRIGGER, body)
    await platform.track()

    assert await texts(platform) == ["Ann: 1 "]


async def test_a_key_is_a_value_of_the_call(platform: Platform) -> None:
    keyed = {
        "name": "Keyed",
        "start": {"call": "k"},
        "key": "ExternalTrigger.order",
        "steps": [{"wait": {"for": "1 hour"}}, {"send": {"text": "{{ ExternalTrigger.order }}"}}],
    }
    number = await published(platform, keyed)
    assert (await platform.api.get(f"/api/campaigns/{number}"))["key"] == "ExternalTrigger.order"
    for order in ("a", "b", "a"):
        body = {"to": {"identity": ["ann"]}, "campaign_id": number, "ExternalTrigger": {"order": order}}
        await told(wire(platform), TRIGGER, body)
    await platform.track()
    platform.clock.advance(timedelta(hours=1))
    await platform.track()

    assert sorted(await texts(platform)) == ["a", "b"]
    assert (await platform.api.get(f"/api/campaigns/{number}"))["funnel"]["skips"] == {"already_inside": 1}


async def test_explain_says_when_somebody_was_called_and_what_became_of_it(platform: Platform) -> None:
    number = await published(platform)
    await told(
        wire(platform),
        TRIGGER,
        {"to": {"identity": ["ann"]}, "campaign_id": number, "ExternalTrigger": VALUES},
    )
    await platform.track()

    explained = await platform.api.get("/api/explain?identity=ann&event=Campaign%20Called")

    assert explained["note"].startswith("Called at 2026-01-31 08:00:00 UTC by API.")
    assert explained["event"]["source"] == "call"
    assert [(one["name"], one["verdict"]) for one in explained["campaigns"]] == [("Code", "send")]


async def test_a_campaign_that_stopped_after_the_answer_says_so(platform: Platform) -> None:
    number = await published(platform)
    await told(wire(platform), TRIGGER, {"to": {"identity": ["ann"]}, "campaign_id": number})
    await platform.api.post(f"/api/campaigns/{number}/stop", {})
    await platform.track()

    explained = await platform.api.get("/api/explain?identity=ann&event=Campaign%20Called")

    assert [one["code"] for one in explained["campaigns"]] == ["not_running"]
    assert "did not run any more" in explained["note"]


# -- sends to named people


async def test_a_send_has_the_words_of_its_call(platform: Platform) -> None:
    body = {
        "tag_group": "mytag",
        "respect_frequency_caps": False,
        "provider_nick_name": "8x8",
        "content": {"body": "{{ Profile.Name }}, your code is 1234"},
    }
    assert await send(platform, body) == QUEUED
    assert await send(platform, {**body, "content": {"body": "Hello"}}) == QUEUED
    await platform.track()

    assert await texts(platform) == ["Ann, your code is 1234", "Hello"]
    (campaign,) = (await platform.api.get("/api/campaigns"))["campaigns"]
    assert campaign["name"] == "API: mytag, through 8x8, without caps"
    assert campaign["labels"] == ["API", "mytag"]
    assert (campaign["state"], campaign["funnel"]["by_status"]) == ("running", {"queued": 2})
    (step,) = campaign["steps"]
    assert step["send"]["passes"] == ["caps"]
    explained = await platform.api.get("/api/explain?identity=ann&event=Campaign%20Called")
    assert explained["campaigns"][0]["name"] == campaign["name"]


async def test_each_kind_of_send_is_one_campaign(platform: Platform) -> None:
    for body in (
        {},
        {"tag_group": "a"},
        {"tag_group": "a"},
        {"tag_group": "b"},
        {"provider_nick_name": "8X8"},
    ):
        assert await send(platform, {**body, "content": {"body": "x"}}) == QUEUED

    names = {one["name"] for one in (await platform.api.get("/api/campaigns"))["campaigns"]}
    assert names == {"API: messages", "API: a", "API: b", "API: messages, through 8X8"}


async def test_many_first_sends_at_once_make_one_campaign(platform: Platform) -> None:
    client = wire(platform)
    body = {"to": {"Identity": ["ann"]}, "tag_group": "a", "content": {"body": "x"}}

    answers = await asyncio.gather(*(told(client, SMS, body) for _ in range(10)))

    assert answers == [QUEUED] * 10
    assert len((await platform.api.get("/api/campaigns"))["campaigns"]) == 1


async def test_a_send_respects_caps_unless_it_says_otherwise(platform: Platform) -> None:
    settings = await platform.api.get("/api/account-settings")
    settings["account"]["limits"] = {"per_person": ["1 per 1 day"]}
    await platform.api.put("/api/account-settings", settings)
    for respects in (True, True, False):
        await send(platform, {"respect_frequency_caps": respects, "content": {"body": f"{respects}"}})
    await platform.track()

    assert await texts(platform) == ["True", "False"]


async def test_a_send_may_count_for_a_campaign_that_there_is(platform: Platform) -> None:
    number = await published(platform)

    assert await send(platform, {"campaign_id": number, "content": {"body": "Own words"}}) == QUEUED
    await platform.track()

    assert await texts(platform) == ["Own words"]
    assert (await platform.api.get(f"/api/campaigns/{number}"))["funnel"]["by_status"] == {"queued": 1}


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        ({"content": None}, 400, "content: This is missing."),
        ({"content": {}}, 400, "content.body: Write the message."),
        ({"content": {"body": " "}}, 400, "content.body: Write the message."),
        ({"content": {"body": 5}}, 400, "content.body: Write the message."),
        ({"content": {"body": "x" * 4097}}, 400, "content.body: This is longer than 4096 characters."),
        ({"content": {"body": "{{ Profile.Name"}}, 400, "content.body: Line 1"),
        ({"content": {"body": "{{ Event.x }}"}}, 400, "content.body: No event"),
        ({"content": {"body": "{{ x | nofilter }}"}}, 400, "content.body: Line 1"),
        ({"content": {"body": "{{" * 300}}, 400, "content.body: Line 1"),
        ({"content": {"body": "x", "media": "y"}}, 400, "content.media: This cannot be honoured"),
        (
            {"content": {"body": "x", "sender_id": "Acme"}},
            400,
            "content.sender_id: The provider “8x8” has no",
        ),
        (
            {"content": {"body": "x", "message_info": {"template_id": "7"}}},
            400,
            "content.message_info.template_id",
        ),
        ({"content": {"body": "x", "message_info": {"pe_id": "7"}}}, 400, "content.message_info.pe_id"),
        ({"provider_nick_name": "nobody"}, 400, "provider_nick_name: This provider is archived or gone"),
        ({"provider_nick_name": 5}, 400, "provider_nick_name: This has to be a text"),
        ({"tag_group": "x" * 61}, 400, "tag_group: This has to be a text of at most 60"),
        ({"respect_frequency_caps": "no"}, 400, "respect_frequency_caps: This has to be true or false."),
        ({"campaign_id": 77}, 404, "There is no campaign 77."),
        ({"campaign_id": "x"}, 400, "campaign_id: This has to be a whole number"),
        ({"devices": ["ios"]}, 400, "devices: This cannot be honoured"),
    ],
)
async def test_a_send_that_cannot_be_honoured_is_refused_by_name(
    platform: Platform, body: dict[str, Any], status: int, error: str
) -> None:
    answer = await send(platform, {"content": {"body": "x"}, **body}, status)

    assert (answer["status"], answer["code"]) == ("fail", status)
    assert answer["error"].startswith(error)
    assert (await platform.api.get("/api/campaigns"))["campaigns"] == []


async def test_a_send_for_a_campaign_that_sends_otherwise_is_refused(platform: Platform) -> None:
    number = await published(platform)
    for more, word in (
        ({"provider_nick_name": "other"}, "provider_nick_name"),
        ({"respect_frequency_caps": False}, "respect_frequency_caps"),
    ):
        body = {"campaign_id": number, "content": {"body": "x"}, **more}
        assert (await send(platform, body, 400))["error"].startswith(word)
    agreed = {"provider_nick_name": "8X8", "respect_frequency_caps": True, "tag_group": "t"}
    assert await send(platform, {"campaign_id": number, "content": {"body": "x"}, **agreed}) == QUEUED


async def test_a_kind_that_somebody_stopped_stays_stopped(platform: Platform) -> None:
    await send(platform, {"content": {"body": "x"}})
    await platform.api.post("/api/campaigns/1/stop", {})

    assert "is stopped" in (await send(platform, {"content": {"body": "x"}}, 409))["error"]


# -- many, and hostile


async def test_a_thousand_people_are_one_call(platform: Platform) -> None:
    number = await published(platform)
    people = [f"u{n}" for n in range(PEOPLE_LIMIT)]
    records = [platform.record(name, Phone=f"+65812{n:05}", Name=name) for n, name in enumerate(people)]
    await platform.track(*records)
    body = {"to": {"Identity": people}, "campaign_id": number, "ExternalTrigger": {"otp": "1"}}

    assert await told(wire(platform), TRIGGER, body) == QUEUED
    await platform.track()

    by_status = (await platform.api.get(f"/api/campaigns/{number}"))["funnel"]["by_status"]
    assert by_status == {"queued": PEOPLE_LIMIT}


async def test_more_than_a_thousand_are_refused(platform: Platform) -> None:
    number = await published(platform)
    body: dict[str, Any] = {"to": {"Identity": ["u"] * (PEOPLE_LIMIT + 1)}, "campaign_id": number}
    assert "at most 1000" in (await told(wire(platform), TRIGGER, body, 400))["error"]
    body["to"] = {"Identity": ["u"] * 600, "email": ["u@x"] * 600}
    assert "More than 1000" in (await told(wire(platform), TRIGGER, body, 400))["error"]


async def test_too_much_for_too_many_is_refused(platform: Platform) -> None:
    number = await published(platform)
    values = {f"v{n}": "x" * 500 for n in range(50)}
    people = [f"u{n}" for n in range(OCTETS_LIMIT // 25_000 + 20)]
    body = {"to": {"Identity": people}, "campaign_id": number, "ExternalTrigger": values}

    assert "name fewer people" in (await told(wire(platform), TRIGGER, body, 413))["error"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b'{"to":' + b"[" * 200_000,
        b'{"a":1e999}',
        b'{"to":{"identity":["\\ud800"]}}',
    ],
)
@pytest.mark.parametrize("path", [SMS, TRIGGER, TRIGGERS])
async def test_bodies_that_are_none_are_answered_in_json(platform: Platform, path: str, body: bytes) -> None:
    answer = await wire(platform).ask("POST", path, body)

    assert (answer.status, answer.json()["status"], answer.json()["code"]) == (400, "fail", 400)


async def test_strangers_and_wrong_methods_are_answered_as_for_uploads(platform: Platform) -> None:
    wrong = wire(platform, {**KEYS, "x-clevertap-passcode": "no"})
    assert await told(wrong, SMS, {}, 401) == {
        "status": "fail",
        "error": "Account ID is not valid",
        "code": 401,
    }
    assert (await told(wrong, "/2/other", {}, 401))["code"] == 401
    assert (await told(wire(platform), "/2/other", {}, 404))["code"] == 404
    got = await wire(platform).ask("GET", SMS)
    assert (got.status, got.headers["allow"], got.json()["code"]) == (405, "POST", 405)
    full = await wire(platform, at_once=0).ask("POST", SMS, {})
    assert (full.status, full.headers["retry-after"], full.json()["code"]) == (429, "1", 429)
    huge = await wire(platform).ask("POST", SMS, b"x" * (1024 * 1024 + 1))
    assert (huge.status, huge.json()["code"]) == (413, 413)


# -- our own API


async def test_our_api_calls_a_campaign_too(platform: Platform) -> None:
    number = await published(platform)
    to = {"identity": ["ann", "eve"], "email": ["nobody@example.com"]}
    async with platform.deciding():
        outcome = await platform.api.post(f"/api/campaigns/{number}/call", {"to": to, "values": VALUES})

    assert outcome["taken"] == 1
    assert {(one["kind"], one["name"]) for one in outcome["not_reached"]} == {
        ("identity", "eve"),
        ("email", "nobody@example.com"),
    }
    assert await texts(platform) == ["Ann: 1234 1 2 Berlin"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"to": {}}, 422),
        ({"to": {"phone": ["1"]}}, 400),
        ({"to": {"email": ["x"]}}, 422),
        ({"to": {"object_id": ["a b"]}}, 422),
        ({"to": {"identity": ["ann"]}, "values": {"a.b": 1}}, 422),
        ({"to": {"identity": ["ann"]}, "valeus": {}}, 400),
    ],
)
async def test_our_api_refuses_by_field(platform: Platform, body: dict[str, Any], status: int) -> None:
    number = await published(platform)

    answer = await platform.api.ask("POST", f"/api/campaigns/{number}/call", body)

    assert answer.status == status, answer.body
    assert answer.fields


async def test_only_who_is_signed_in_calls(platform: Platform) -> None:
    number = await published(platform)
    body = {"to": {"identity": ["ann"]}}

    assert (await platform.stranger.ask("POST", f"/api/campaigns/{number}/call", body)).status == 401
    assert (await platform.api.ask("POST", "/api/campaigns/99/call", body)).status == 404


# -- checks before publishing


@pytest.mark.parametrize(
    ("start", "text", "why"),
    [
        ({"call": "c"}, "{{ Event.x }}", "No event starts this campaign"),
        ({"event": "Seen"}, "{{ ExternalTrigger.x }}", "No call starts this campaign"),
    ],
)
async def test_a_text_names_only_what_its_start_brings(
    platform: Platform, start: dict[str, Any], text: str, why: str
) -> None:
    check = await platform.api.post(
        "/api/campaigns/check", {"name": "n", "start": start, "steps": [{"send": {"text": text}}]}
    )

    assert [problem for problem in check["problems"].values() if problem.startswith(why)]


def _fields(struct: Any) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}
