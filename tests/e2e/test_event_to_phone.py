"""The five things a new user does, through the same doors."""

import itertools
import json
import subprocess
import sys
import time

import pytest
from tests.e2e.conftest import eventually

numbers = (f"+65912{n:05d}" for n in itertools.count(10000))


def person(name, number=None):
    number = number or next(numbers)
    return number, {
        "identity": name,
        "type": "profile",
        "profileData": {"Name": name.title(), "Phone": number},
    }


def event(name, what="Order Placed", **data):
    return {"identity": name, "type": "event", "evtName": what, "evtData": data}


def one_text(demo, number):
    return eventually(lambda: demo.texts(number), what=f"a text on {number[-4:]}")[0]


def test_the_sample_leads_to_one_text_on_the_handset(demo):
    demo.upload(*demo.ready["sample_upload"]["d"])

    text = one_text(demo, demo.ready["handset"])

    assert text["text"].startswith("Hi Ann, thanks for your order of running shoes!")
    assert (text["encoding"], [part["units"] for part in text["parts"]]) == ("GSM7", [len(text["text"])])
    assert text["source"] == "Tellwire"


def test_a_message_goes_queued_sent_delivered_and_says_so(demo):
    number, profile = person("bea")
    demo.upload(profile, event("bea"))

    def delivered():
        rows = demo.get("/api/messages", to=number)["messages"]
        return rows and rows[0]["standing"]["status"] == "delivered" and rows[0]

    row = eventually(delivered, what="a delivered message")
    detail = demo.get(f"/api/messages/{row['id']}")
    statuses = [step["standing"]["status"] for step in detail["timeline"]]
    assert list(dict.fromkeys(statuses)) == ["queued", "sent", "delivered"]
    assert detail["text"].startswith("Hi Bea")


def test_a_provider_typed_by_the_8x8_guide_sends_a_test_and_then_campaigns(demo):
    number, profile = person("cem")
    draft = guide_provider(demo, "by the guide")

    status, told = demo.ask(
        "POST", "/api/providers/test", {"provider": draft, "to": number, "text": "A test"}
    )

    assert status == 200, told
    assert told["outcome"] == "accepted", told
    assert ["Authorization", "Bearer ***"] in told["request"]["headers"]
    assert demo.ready["gateway_api_key"] not in json.dumps(told)
    assert json.loads(told["request"]["body"])["text"] == "A test"
    assert json.loads(told["answer"]["body"])["acceptedCount"] == 1
    assert one_text(demo, number)["text"] == "A test"

    status, saved = demo.ask("POST", "/api/providers", draft)
    assert status in {200, 201}, saved
    campaign = new_campaign(
        demo, event="Cart Left", text="Come back, {{ Profile.Name }}", provider_id=saved["id"]
    )
    publish(demo, campaign)
    demo.upload(profile, event("cem", "Cart Left"))

    eventually(lambda: demo.texts(number)[0]["text"] == "Come back, Cem", what="the campaign's text")


def test_a_campaign_with_filters_answers_only_whom_it_should(demo):
    campaign = new_campaign(
        demo,
        event="Paid",
        text="Thanks {{ Profile.Name }} for {{ Event.Amount }}",
        event_conditions=[{"property": "Amount", "operator": "greater_than", "value": 100}],
        profile_conditions=[{"property": "Plan", "operator": "equals", "value": "Gold"}],
    )
    publish(demo, campaign)
    rich, gold = person("dan")
    gold["profileData"]["Plan"] = "gold"
    poor, silver = person("eve")

    demo.upload(gold, silver, event("dan", "Paid", Amount=99), event("eve", "Paid", Amount=500))
    demo.upload(event("dan", "Paid", Amount=250))

    assert one_text(demo, rich)["text"] == "Thanks Dan for 250"
    assert len(demo.texts(rich)) == 1
    assert demo.texts(poor) == []


def test_explain_says_which_gate_stopped_a_message(demo):
    _, profile = person("fay")
    profile["profileData"]["MSG-sms"] = False
    demo.upload(profile, event("fay"))

    def told():
        answer = demo.get("/api/explain", identity="fay", event="Order Placed")
        return answer["campaigns"] and answer

    [campaign] = [c for c in eventually(told)["campaigns"] if c["name"] == "Order thanks"]
    assert campaign["verdict"] == "skip"
    gates = {gate["gate"]: gate["has_passed"] for gate in campaign["trace"]}
    assert gates["event_conditions"]
    assert not gates["consent"]


def test_the_command_line_explains_too(demo):
    demo.upload(person("gus")[1], event("gus"))
    eventually(lambda: demo.get("/api/explain", identity="gus", event="Order Placed")["campaigns"])

    command = [sys.executable, "-m", "tellwire", "explain", "--identity", "gus", "--event", "Order Placed"]
    command += ["--url", demo.ready["platform_url"], "--token", demo.ready["api_token"]]
    told = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout

    assert "Order thanks" in told
    assert "reachability" in told


def test_an_opted_out_number_gets_nothing_whoever_owns_it(demo):
    number, profile = person("hal")
    demo.upload(
        {"identity": "other", "type": "profile", "profileData": {"Phone": number, "MSG-dndPhone": True}}
    )
    demo.upload(profile, event("hal"))

    campaigns = eventually(
        lambda: demo.get("/api/explain", identity="hal", event="Order Placed")["campaigns"]
    )
    assert campaigns[0]["verdict"] == "skip"
    assert demo.texts(number) == []


def test_a_profile_update_in_the_same_upload_is_seen_by_the_event_after_it(demo):
    first, profile = person("ida")
    second, _ = person("ida")
    moved = {**profile, "profileData": {"Phone": second}}

    demo.upload(profile, moved, event("ida"))

    one_text(demo, second)
    assert demo.texts(first) == []


def test_catalog_goes_out_and_comes_back_as_yaml(demo, tmp_path):
    remote = ["--url", demo.ready["platform_url"], "--token", demo.ready["api_token"]]
    file = tmp_path / "catalog.yaml"
    base = [sys.executable, "-m", "tellwire"]

    subprocess.run([*base, "export", str(file), *remote], check=True, timeout=30)
    again = subprocess.run(
        [*base, "import", str(file), "--dry-run", *remote],
        check=True,
        timeout=30,
        capture_output=True,
        text=True,
    )

    assert "Order thanks" in file.read_text()
    assert demo.ready["gateway_api_key"] not in file.read_text()
    assert json.loads(again.stdout)


def test_sigterm_stops_within_ten_seconds_and_data_is_kept(start_demo, tmp_path):
    data = tmp_path / "kept"
    first = start_demo(data)
    number, profile = person("jan")
    first.upload(profile, event("jan"))
    one_text(first, number)
    begun = time.monotonic()

    assert first.stop() == 0

    assert time.monotonic() - begun < 10
    second = start_demo(data)
    assert second.ready["api_token"] == first.ready["api_token"]
    assert second.get("/api/messages", to=number)["messages"][0]["standing"]["status"] in {
        "sent",
        "delivered",
    }
    assert len(second.texts(number)) == 1  # the handset's texts, too
    second.upload(event("jan"))
    eventually(lambda: len(second.texts(number)) == 2, what="a second text")
    second.stop()


def test_the_sample_is_sent_once_to_a_demo_whose_data_is_kept(start_demo, tmp_path):
    first = start_demo(tmp_path, sample=True)
    one_text(first, first.ready["handset"])
    assert first.stop() == 0

    second = start_demo(tmp_path, sample=True)
    number, profile = person("kim")
    second.upload(profile, event("kim"))
    one_text(second, number)  # what was tracked before this is on its phone as well

    assert len(second.texts(second.ready["handset"])) == 1
    second.stop()


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics"])
def test_operations_endpoints_answer_without_a_token(demo, path):
    status, told = demo.ask("GET", path, headers={"Authorization": ""})

    assert status == 200, told


def guide_provider(demo, nickname):
    """Return the fields as 8x8's guide has them typed into Settings > Engage > Channels > SMS."""
    base = f"{demo.ready['gateway_url']}/api/v1/subaccounts/{demo.ready['subaccount_id']}"
    return {
        "nickname": nickname,
        "request_type": "POST",
        "endpoint": f"{base}/messages/batch",
        "authentication": {"type": "none"},
        "headers": [
            ["Authorization", f"Bearer {demo.ready['gateway_api_key']}"],
            ["Content-Type", "application/json"],
        ],
        "parameters": {
            "type": "json",
            "template": '{"source":"Acme","destination":"$$To","text":"$$Body","mid":"$$MessageID","encoding":"Auto"}',
        },
        "batch": None,
        "is_default": False,
    }


def new_campaign(demo, *, text, **fields):
    body = {"name": f"Campaign on {fields['event']}", "content": {"text": text}, **fields}
    status, told = demo.ask("POST", "/api/campaigns", body)
    assert status in {200, 201}, told
    return told


def publish(demo, campaign):
    status, told = demo.ask("POST", f"/api/campaigns/{campaign['id']}/publish", {})
    assert status == 200, told


def write(demo, number, text, to=None):
    """Send a text from a handset, as its page does."""
    status, told = demo.ask(
        "POST",
        f"/simulator/handsets/{number.removeprefix('+')}/reply",
        {"to": to or demo.ready["reply_number"], "text": text},
        base="gateway_url",
        token="gateway_admin_token",
    )
    assert status == 202, told


def the_person(demo, name):
    return demo.get("/api/explain", identity=name)["profile"]


@pytest.mark.parametrize("to", [None, "+6580001234"], ids=["the demo's number", "a number nobody registered"])
def test_a_stop_from_the_handset_is_heard_and_ends_texts_at_once(demo, to):
    name = "kit" if to else "jon"
    number, profile = person(name)
    demo.upload(profile, event(name))
    one_text(demo, number)

    write(demo, number, "Stop!", to)
    eventually(lambda: the_person(demo, name)["is_suppressed"], what="a suppressed number")

    assert the_person(demo, name)["suppression"]["source"] == "reply"
    events = eventually(lambda: [e for e in demo.get("/api/events")["events"] if e["subject"]["value"] == name
                        and e["name"] == "Notification Replied"])  # fmt: skip
    assert events[0]["properties"]["Incoming text"] == "Stop!"
    demo.upload(event(name))
    eventually(
        lambda: (
            demo.get("/api/explain", identity=name, event="Order Placed")["campaigns"][0]["code"]
            == "suppressed"
        )
    )
    assert len(demo.texts(number)) == 1

    write(demo, number, "start", to)
    eventually(lambda: not the_person(demo, name)["is_suppressed"], what="a released number")
    demo.upload(event(name))
    eventually(lambda: len(demo.texts(number)) == 2, what="a text again")


def test_a_text_with_a_stop_in_it_is_an_event_and_stops_nothing(demo):
    number, profile = person("lea")
    demo.upload(profile, event("lea"))
    one_text(demo, number)

    write(demo, number, "Please don't stop")

    events = eventually(lambda: [e for e in demo.get("/api/events")["events"] if e["subject"]["value"] == "lea"
                        and e["name"] == "Notification Replied"])  # fmt: skip
    assert events[0]["properties"]["Incoming text"] == "Please don't stop"
    assert not the_person(demo, "lea")["is_suppressed"]


def test_a_stop_of_a_number_that_nobody_holds_stands_for_whoever_gets_it(demo):
    number, profile = person("mia")

    write(demo, number, "STOP")
    # The number is a person from its first text on.
    eventually(lambda: (demo.get("/api/explain", phone=number)["profile"] or {}).get("is_suppressed"))
    demo.upload(profile)
    eventually(lambda: the_person(demo, "mia") and the_person(demo, "mia")["is_suppressed"])


def test_a_late_older_profile_record_undoes_no_opt_out(demo):
    number, profile = person("ned")
    now = int(time.time())
    profile["profileData"]["MSG-sms"] = False
    older = {"identity": "ned", "type": "profile", "ts": now - 90 * 86400, "profileData": {"MSG-sms": True}}

    demo.upload({**profile, "ts": now}, older, event("ned"))

    told = eventually(lambda: demo.get("/api/explain", identity="ned", event="Order Placed")["campaigns"])
    assert told[0]["code"] == "no_consent"
    assert demo.texts(number) == []
