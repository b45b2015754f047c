"""What people answer, from the callback to the ledger: over the API, on a real store, without servers."""

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.clevertap_client import told, wire
from tests.e2e.control_client import PROVIDER, Platform, deliver, running

from tellwire.kernel.web.dispatch import Dispatch
from tellwire.platform.model.event import Event
from tellwire.platform.ports.stream import START
from tellwire.platform.receipts.api import CallbackApi
from tellwire.platform.receipts.expiry import Expiry

ANN, BEN, STRANGER = "+6591230000", "+6591230001", "+6591239999"
REPLIES = {
    "stop": {"words": ["Nie mehr"], "confirm": True, "text": "No more from Acme. START to begin again."},
    "start": {"confirm": True},
    "help": {"confirm": True, "text": "Acme, +65 6123 4567."},
}


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as started:
        await started.api.post("/api/providers", PROVIDER)
        await set_replies(started, REPLIES)
        await started.track(
            started.record("ann", Phone=ANN, Name="Ann"), started.record("ben", Phone=BEN, Name="Ben")
        )
        yield started


async def set_replies(platform: Platform, replies: Any) -> None:
    page = await platform.api.get("/api/account-settings")
    page["account"]["replies"] = replies
    await platform.api.put("/api/account-settings", page)


async def campaign(platform: Platform, event: str = "Order Placed", text: str = "Thanks") -> int:
    made = await platform.api.post(
        "/api/campaigns", {"name": f"On {event}", "event": event, "content": {"text": text}}
    )
    await platform.api.post(f"/api/campaigns/{made['id']}/publish")
    return made["id"]


async def call_back(platform: Platform, body: Any, *, key: str | None = None) -> int:
    backend = platform.backend
    (provider,) = (await backend.catalog.snapshot()).providers.values()
    callbacks = CallbackApi(backend.stream, backend.messages, backend.inbox, backend.catalog, platform.clock)
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": raw, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    path = f"/callbacks/sms/{key or provider.callback_key}"
    scope = {"type": "http", "method": "POST", "path": path, "headers": []}
    await Dispatch(callbacks.routes())(scope, receive, send)
    status: int = sent[0]["status"]
    return status


def inbound(text: str, source: str = ANN, umid: str | None = None) -> Any:
    payload = {
        "umid": umid or f"{source} {text}",
        "source": source,
        "destination": "+6580001111",
        "body": text,
    }
    return {"namespace": "SMS", "eventType": "inbound_message_received", "payload": payload}


async def say(platform: Platform, text: str, source: str = ANN, umid: str | None = None) -> None:
    platform.clock.advance(timedelta(seconds=1))
    assert await call_back(platform, inbound(text, source, umid)) == 200
    await platform.track()


async def texts_to(platform: Platform, number: str) -> list[str]:
    rows = (await platform.api.get(f"/api/messages?to={number.replace('+', '%2B')}"))["messages"]
    return [(await platform.api.get(f"/api/messages/{row['id']}"))["text"] for row in reversed(rows)]


async def conversation(platform: Platform, who: str = "identity=ann") -> Any:
    return await platform.api.get(f"/api/inbox/conversation?{who}")


async def events_of(platform: Platform, name: str) -> list[Any]:
    found = (await platform.api.get("/api/events"))["events"]
    return [one for one in found if one["name"] == name]


async def test_a_stop_holds_is_confirmed_once_and_stands_in_the_ledger_and_explain(
    platform: Platform,
) -> None:
    number = await campaign(platform)
    await platform.track(platform.event("Order Placed"))
    (message_id,) = await deliver(platform)

    reply = [{"event": "replied", "data": [{"ts": 1769846400, "meta": message_id, "incomingText": "Stop!"}]}]
    for _ in range(2):
        assert await call_back(platform, reply) == 200
    await platform.track()
    await platform.track(platform.event("Order Placed"))

    assert len(await deliver(platform)) == 1  # the confirmation, and nothing of the campaign
    assert await texts_to(platform, ANN) == ["Thanks", REPLIES["stop"]["text"]]
    (line,) = (await platform.api.get("/api/consent?identity=ann"))["lines"]
    assert (line["what"], line["source"], line["before"], line["after"]) == (
        "suppression",
        "reply",
        None,
        True,
    )
    assert (line["text"], line["message_id"], line["address"]) == ("Stop!", message_id, ANN)
    explained = await platform.api.get("/api/explain?identity=ann&event=Order%20Placed")
    assert explained["consent"] == [line]
    (replied,) = await events_of(platform, "Notification Replied")
    assert replied["properties"]["Campaign ID"] == number
    assert replied["properties"]["Keyword"] == "stop"
    (last, *_) = (await conversation(platform))["lines"]
    assert last["direction"] == "out"


async def test_own_words_stop_and_start_lifts_and_help_answers(platform: Platform) -> None:
    for text in ("nie mehr", "START", "HELP", "help", "don't stop"):
        await say(platform, text)

    await deliver(platform)

    assert await texts_to(platform, ANN) == [
        REPLIES["stop"]["text"],
        "You will get our messages again. Reply STOP to end them.",
        REPLIES["help"]["text"],  # once an hour
    ]
    assert (await platform.api.get("/api/suppressions"))["suppressions"] == []
    lines = (await platform.api.get("/api/consent"))["lines"]
    assert [(one["before"], one["after"]) for one in lines] == [(None, True), (True, False)]


async def test_nothing_is_confirmed_where_that_is_off(platform: Platform) -> None:
    await set_replies(platform, {})

    await say(platform, "STOP")

    assert await deliver(platform) == []
    assert (await conversation(platform))["is_suppressed"]


async def test_a_confirmation_that_was_decided_is_kept_when_sending_is_paused(platform: Platform) -> None:
    page = await platform.api.get("/api/account-settings")
    await platform.api.put("/api/account-settings", {**page, "is_paused": True})

    await say(platform, "STOP")

    assert await deliver(platform) == []
    page = await platform.api.get("/api/account-settings")
    await platform.api.put("/api/account-settings", {**page, "is_paused": False})
    assert len(await deliver(platform)) == 1


async def test_a_text_of_a_stranger_makes_a_person_who_can_be_answered(platform: Platform) -> None:
    await say(platform, "Who is this?", STRANGER)

    (one,) = (await platform.api.get("/api/inbox"))["conversations"]
    assert one["person"] == {"kind": "identity", "value": STRANGER}
    assert (one["last"]["text"], one["unread"]) == ("Who is this?", 1)
    found = await platform.api.get(
        f"/api/explain?phone={STRANGER.replace('+', '%2B')}&event=Notification%20Replied"
    )
    assert found["event"]["properties"]["Incoming text"] == "Who is this?"
    sent = await platform.api.post("/api/inbox/answer", {"phone": STRANGER, "text": "Acme here."})
    assert sent["provider"] == "8x8"
    assert await deliver(platform) == [sent["message_id"]]


async def test_a_number_that_changed_its_owner_is_another_conversation(platform: Platform) -> None:
    await say(platform, "it's Ann")
    await platform.track(platform.record("ann", Phone="+6591230009"), platform.record("eve", Phone=ANN))
    await say(platform, "it's Eve")

    assert [one["text"] for one in (await conversation(platform))["lines"]] == ["it's Ann"]
    assert [one["text"] for one in (await conversation(platform, "identity=eve"))["lines"]] == ["it's Eve"]


async def test_conversations_show_both_sides_what_is_answered_and_what_is_unread(platform: Platform) -> None:
    number = await campaign(platform)
    await platform.track(platform.event("Order Placed"))
    await deliver(platform)
    await say(platform, "when?")
    await say(platform, "hello?", BEN)

    page = await platform.api.get("/api/inbox")
    assert [(one["name"], one["unread"]) for one in page["conversations"]] == [("Ben", 1), ("Ann", 1)]
    assert page["unread"] == 2
    talk = await conversation(platform)
    assert [(one["direction"], one["text"]) for one in talk["lines"]] == [("in", "when?"), ("out", "Thanks")]
    assert talk["lines"][0]["answers"]["campaign_id"] == number
    assert talk["hindrance"] == ""
    await platform.api.ask("POST", "/api/inbox/read", {"identity": "ann", "upto": talk["lines"][0]["seq"]})
    unread = await platform.api.get("/api/inbox?unread=true")
    assert [one["name"] for one in unread["conversations"]] == ["Ben"]
    body = {"identity": "ann", "text": "Tomorrow.", "key": "a"}
    first, again = [await platform.api.post("/api/inbox/answer", body) for _ in range(2)]
    assert (first["message_id"], first["is_new"], again["is_new"]) == (again["message_id"], True, False)
    assert await deliver(platform) == [first["message_id"]]
    newest = (await conversation(platform))["lines"][0]
    assert (newest["text"], newest["status"], newest["campaign_id"]) == ("Tomorrow.", "sent", None)


@pytest.mark.parametrize(
    ("properties", "hours", "status", "code"),
    [
        ({}, 0, 201, ""),
        ({}, 100, 201, ""),
        ({"MSG-sms": False}, 23, 201, ""),  # she asked
        ({"MSG-sms": False}, 25, 409, "no_consent"),
        ({"MSG-dndPhone": True}, 0, 409, "suppressed"),
    ],
)
async def test_an_answer_passes_the_gates(
    platform: Platform, properties: dict[str, Any], hours: int, status: int, code: str
) -> None:
    await say(platform, "hi")
    await platform.track(platform.record("ann", **properties))
    platform.clock.advance(timedelta(hours=hours))

    answer = await platform.api.ask("POST", "/api/inbox/answer", {"identity": "ann", "text": "hello"})

    assert answer.status == status
    if code:
        assert answer.json()["error"]["code"] == code
    assert len(await deliver(platform)) == (status == 201)


async def test_an_answer_that_waits_is_dropped_by_a_stop(platform: Platform) -> None:
    await say(platform, "hi")
    await platform.api.post("/api/inbox/answer", {"identity": "ann", "text": "hello"})
    await set_replies(platform, {})
    await say(platform, "STOP")

    assert await deliver(platform) == []


async def test_what_cannot_be_answered_says_why(platform: Platform) -> None:
    for body, status in (
        ({"identity": "nobody", "text": "x"}, 404),
        ({"text": "x"}, 422),
        ({"identity": "ann", "text": "x" * 1600 + "ツ"}, 400),
        ({"identity": "ann", "text": "ツ" * 1000}, 422),
        ({"identity": "ann", "text": "x", "through": "nope"}, 422),
        ({"identity": "ann", "text": " "}, 422),
    ):
        assert (await platform.api.ask("POST", "/api/inbox/answer", body)).status == status, body


async def test_a_reply_to_a_stopped_campaign_is_heard_all_the_same(platform: Platform) -> None:
    number = await campaign(platform)
    await platform.track(platform.event("Order Placed"))
    (message_id,) = await deliver(platform)
    await platform.api.post(f"/api/campaigns/{number}/stop")

    reply = [
        {"event": "replied", "data": [{"ts": 1769846400, "meta": message_id, "incomingText": "no thanks"}]}
    ]
    assert await call_back(platform, reply) == 200
    await platform.track()

    (line, *_) = (await conversation(platform))["lines"]
    assert (line["text"], line["answers"]["campaign_id"]) == ("no thanks", number)


async def test_a_callback_before_its_message_was_answered_for_is_of_that_message(platform: Platform) -> None:
    await campaign(platform)
    await platform.track(platform.event("Order Placed"))
    provider = next(iter((await platform.backend.catalog.snapshot()).providers))
    claims = await platform.backend.messages.claim({provider: 1}, platform.clock.now(), timedelta(minutes=2))
    message_id = claims.taken[0].message.id  # on its way: nobody has said that it went

    reply = [{"event": "replied", "data": [{"ts": 1769846400, "meta": message_id, "incomingText": "STOP"}]}]
    assert await call_back(platform, reply) == 200

    assert (await platform.api.get("/api/suppressions"))["suppressions"][0]["address"] == ANN


async def test_a_wrong_key_changes_nothing(platform: Platform) -> None:
    assert await call_back(platform, inbound("STOP"), key="wrong") == 404

    assert (await platform.api.get("/api/suppressions"))["suppressions"] == []
    assert (await platform.api.get("/api/inbox"))["conversations"] == []


async def test_hostile_texts_are_texts(platform: Platform) -> None:
    hostile = [
        "'); DROP TABLE inbound; --",
        "<img src=x onerror=alert(1)>",
        "a\x00\x01\x1b[31mb",
        "x" * 100_000,
        '=HYPERLINK("http://x")',
        "{{ Profile.Name }}",
    ]
    for number, text in enumerate(hostile):
        await say(platform, text, umid=str(number))
    raw = json.dumps(inbound("half \\ud83d pair", umid="half")).replace("\\\\ud83d", "\\ud83d").encode()
    assert await call_back(platform, raw) == 200

    lines = [one["text"] for one in reversed((await conversation(platform))["lines"])]
    assert lines[:3] == [hostile[0], hostile[1], "a[31mb"]
    assert len(lines[3]) == 1600
    assert lines[6] == "half ? pair"


async def test_a_thousand_replies_at_once_are_a_thousand_texts(platform: Platform) -> None:
    texts = [inbound(f"text {n}", f"+659123{n:04}", umid=f"u{n}") for n in range(1_000)]

    await asyncio.gather(*(call_back(platform, texts[n::50]) for n in range(50)))
    await platform.track()

    assert await platform.backend.inbox.newest_place() == 1_000
    entries = await platform.backend.stream.read(0, START, 10_000)
    replies = [one for one in entries if isinstance(one.entry, Event)]
    assert len(replies) == 1_000


async def test_subscribe_acts_on_the_number_for_all_who_have_it(platform: Platform) -> None:
    await platform.track(platform.record("twin", Phone=ANN))
    body = {
        "d": [
            {"type": "phone", "value": ANN, "status": "Unsubscribe"},
            {"type": "phone", "value": "nonsense", "status": "Unsubscribe"},
            {"type": "email", "value": "a@b.example", "status": "Unsubscribe"},
            {"type": "phone", "value": BEN, "status": "Perhaps"},
        ]
    }

    answer = await told(wire(platform), "/1/subscribe", body, 200)

    assert (answer["status"], answer["processed"]) == ("partial", 1)
    assert [one["record"]["value"] for one in answer["unprocessed"]] == ["nonsense", "a@b.example", BEN]
    (one,) = (await platform.api.get("/api/suppressions"))["suppressions"]
    assert (one["address"], one["source"]) == (ANN, "subscribe")
    back = {"d": [{"type": "phone", "value": ANN, "status": "Resubscribe"}]}
    assert await told(wire(platform), "/1/subscribe/", back, 200) == {
        "status": "success",
        "processed": 1,
        "unprocessed": [],
    }
    assert (await platform.api.get("/api/suppressions"))["suppressions"] == []
    for bad in ({}, {"d": []}, {"d": "x"}, {"d": [{}] * 1_001}):
        await told(wire(platform), "/1/subscribe", bad, 400)


async def test_flags_of_uploads_and_of_campaigns_stand_in_the_ledger(platform: Platform) -> None:
    await platform.track(platform.record("ann", **{"MSG-sms": False, "Plan": "gold"}))
    await platform.track(platform.record("ann", **{"msg-SMS": True, "MSG-dndPhone": True}))

    lines = (await platform.api.get("/api/consent?identity=ann"))["lines"]

    seen = {(one["what"], one["before"], one["after"], one["source"]) for one in lines}
    assert seen == {
        ("MSG-sms", None, False, "profile"),
        ("MSG-sms", False, True, "profile"),
        ("MSG-dndPhone", None, True, "profile"),
        ("suppression", None, True, "profile"),
    }
    assert all(one["subject"] == {"kind": "identity", "value": "ann"} for one in lines)


async def test_numbers_are_suppressed_and_released_with_reasons_and_ends(platform: Platform) -> None:
    until = "2026-02-02T00:00:00Z"
    body = {"phones": [ANN, "91230001", ANN], "reason": "complained", "until": until}

    assert await platform.api.post("/api/suppressions", body) == {"suppressed": 2, "already": 0}
    assert await platform.api.post("/api/suppressions", body) == {"suppressed": 0, "already": 2}

    page = await platform.api.get("/api/suppressions")
    assert page["counts"] == {"api": 2}
    assert {(one["reason"], one["until"], one["by"]) for one in page["suppressions"]} == {
        ("complained", until, "API token")
    }
    released = await platform.api.post(
        "/api/suppressions/release", {"phones": [BEN, STRANGER], "reason": "asked"}
    )
    assert released == {"released": 1, "free": 1}
    platform.clock.advance(timedelta(days=3))
    await Expiry(platform.backend.consents, platform.clock).run_once()
    assert (await platform.api.get("/api/suppressions"))["suppressions"] == []
    sources = [one["source"] for one in (await platform.api.get("/api/consent"))["lines"]]
    assert sources[-2:] == ["api", "expiry"]
    for bad in ({"phones": []}, {"phones": ["x"]}, {"phones": [ANN], "until": "2020-01-01T00:00:00Z"}):
        assert (await platform.api.ask("POST", "/api/suppressions", bad)).status in {400, 422}


async def test_a_list_is_imported_after_a_dry_run_and_comes_out_as_it_went_in(platform: Platform) -> None:
    rows = f"Reason;Phone;until\nbounced;{ANN};\nx;nonsense;\nlate;{BEN};2020-01-01\n;{ANN};2027-01-31\n"
    body = ("\ufeff" + rows).encode("utf-16")

    dry = await platform.api.post("/api/suppressions/import?dry_run=true", body)
    assert (await platform.api.get("/api/suppressions"))["suppressions"] == []
    real = await platform.api.post("/api/suppressions/import", body)

    assert {**dry, "dry_run": False} == real
    assert (real["suppressed"], real["already"], real["repeated"], real["refused"]) == (1, 0, 1, 2)
    assert [one["line"] for one in real["mistakes"]] == [3, 4]
    exported = await platform.api.ask("GET", "/api/suppressions/export")
    (one,) = csv.DictReader(io.StringIO(exported.body.decode()))
    assert (one["phone"], one["source"], one["until"]) == (ANN, "import", "2027-01-31T00:00:00Z")
    again = await platform.api.post("/api/suppressions/import", exported.body)
    assert (again["suppressed"], again["already"]) == (0, 1)


async def test_lists_of_suppressions_and_lines_come_a_page_at_a_time(platform: Platform) -> None:
    for n in range(5):
        platform.clock.advance(timedelta(seconds=1))
        await platform.api.post("/api/suppressions", {"phones": [f"+659123010{n}"]})

    seen: list[str] = []
    before = ""
    while True:
        page = await platform.api.get(f"/api/suppressions?limit=2&before={before}")
        seen += [one["address"] for one in page["suppressions"]]
        if page["next"] is None:
            break
        before = page["next"]
    assert seen == [f"+659123010{n}" for n in reversed(range(5))]
    first = await platform.api.get("/api/consent?limit=3")
    rest = await platform.api.get(f"/api/consent?limit=3&after={first['next']}")
    assert [one["seq"] for one in (*first["lines"], *rest["lines"])] == [1, 2, 3, 4, 5]
    assert (await platform.api.ask("GET", "/api/suppressions?before=nonsense")).status == 422


@pytest.mark.parametrize("form", ["csv", "ndjson"])
async def test_the_ledger_is_exported_whole_and_no_text_is_a_formula(platform: Platform, form: str) -> None:
    await set_replies(platform, {"stop": {"words": ["=1"]}})
    await say(platform, "=1!")
    await say(platform, "STOP", BEN)

    answer = await platform.api.ask("GET", f"/api/consent/export?format={form}")

    text = answer.body.decode()
    if form == "csv":
        one, other = csv.DictReader(io.StringIO(text))
        assert (one["text"], one["address"], one["after"]) == ("'=1!", ANN, "true")
        assert other["identity"] == "identity:ben"
    else:
        one, other = map(json.loads, text.splitlines())
        assert (one["text"], other["text"]) == ("=1!", "STOP")


@pytest.mark.parametrize(
    ("replies", "field"),
    [
        ({"help": {"confirm": True}}, "account.replies.help.text"),
        ({"stop": {"words": ["!!"]}}, "account.replies.stop.words[0]"),
        ({"stop": {"words": ["x"]}, "help": {"words": ["X."]}}, "account.replies.help.words[0]"),
        ({"without": ["…"]}, "account.replies.without[0]"),
    ],
)
async def test_what_keywords_cannot_be_says_which(platform: Platform, replies: Any, field: str) -> None:
    page = await platform.api.get("/api/account-settings")
    page["account"]["replies"] = replies

    answer = await platform.api.ask("PUT", "/api/account-settings", page)

    assert answer.status == 422
    assert list(answer.fields) == [field]


async def test_keywords_can_be_looked_up_and_tried(platform: Platform) -> None:
    known = await platform.api.get("/api/keywords")

    assert any(row["countries"] == ["VN"] and "TC" in row["stop"] for row in known["rows"])
    assert (await platform.api.get("/api/keywords/meaning?text=tc&country=vn"))["keyword"] == "stop"
    assert (await platform.api.get("/api/keywords/meaning?text=nie%20mehr"))["keyword"] == "stop"
    assert (await platform.api.get("/api/keywords/meaning?text=hello"))["keyword"] is None


async def test_what_a_change_of_keywords_does_is_said_before(platform: Platform) -> None:
    page = await platform.api.get("/api/account-settings")
    page["account"]["replies"] = {"stop": {"words": ["Schluss"]}, "without": ["END"]}

    answer = await platform.api.post("/api/account-settings/effects", page)

    assert answer["effects"] == [
        "A text that is nothing but “Schluss” means stop.",
        "“Nie mehr” means stop no more, unless everybody knows the word.",
        "A text that means stop is not answered.",
        "A text that means start is not answered.",
        "A text that means a question for help is not answered.",
        "“END” means nothing here, but in countries where carriers require it.",
    ]
