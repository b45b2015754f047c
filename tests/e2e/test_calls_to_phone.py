"""Calls of the real program, to the handset; and kill -9 between the answer to a call and its deciding."""

import json
import signal
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.e2e.conftest import Demo, eventually
from tests.waiting import HANG_S

PEOPLE = 300
KILLS = 3


def call(demo: Demo, path: str, body: dict) -> tuple[int, dict]:
    headers = {
        "X-CleverTap-Account-Id": demo.ready["account_id"],
        "X-CleverTap-Passcode": demo.ready["passcode"],
        "Content-Type": "application/json",
    }
    request = Request(demo.ready["platform_url"] + path, json.dumps(body).encode(), headers)
    try:
        with urlopen(request, timeout=HANG_S) as answer:
            return answer.status, json.loads(answer.read())
    except HTTPError as refused:
        return refused.code, json.loads(refused.read())


def profile(name: str, phone: str, **more: object) -> dict:
    return {"identity": name, "type": "profile", "profileData": {"Phone": phone, "Name": name, **more}}


def published(demo: Demo, campaign: dict) -> int:
    status, saved = demo.ask("POST", "/api/campaigns", campaign)
    assert status == 201, saved
    status, told = demo.ask("POST", f"/api/campaigns/{saved['id']}/publish", {})
    assert status == 200, told
    return saved["id"]


def test_a_code_is_on_the_phone_though_its_person_was_uploaded_just_before(demo):
    demo.upload(profile("otp", "+6590010001"))
    body = {"to": {"Identity": ["otp"]}, "content": {"body": "Your code is 1234, {{ Profile.Name }}"}}

    assert call(demo, "/1/send/sms.json", body) == (
        200,
        {"status": "success", "message": "Added to queue for processing"},
    )

    texts = eventually(lambda: demo.texts("+6590010001"), what="the code")
    assert [text["text"] for text in texts] == ["Your code is 1234, otp"]


def test_a_trigger_waits_and_branches_with_its_values(demo):
    number = published(
        demo,
        {
            "name": "Trip",
            "start": {"call": "trip"},
            "steps": [
                {"id": "pause", "wait": {"for": "1 second"}},
                {
                    "id": "which",
                    "choose": [
                        {
                            "if": {"profile": "Plan", "equals": "gold"},
                            "steps": [{"send": {"text": "Gold {{ ExternalTrigger.to.city }}"}}],
                        },
                        {"else": True, "steps": [{"send": {"text": "To {{ ExternalTrigger.to.city }}"}}]},
                    ],
                },
            ],
        },
    )
    demo.upload(profile("trip1", "+6590010002", Plan="gold"), profile("trip2", "+6590010003"))
    body = {
        "to": {"identity": ["trip1", "trip2", "nobody-of-that-name"]},
        "campaign_id_list": [str(number)],
        "ExternalTrigger": {"to": {"city": "Rome"}},
    }

    status, answer = call(demo, "/2/send/externaltrigger.json", body)

    assert (status, answer["status"], answer["processed"]) == (200, "partial", 2)
    assert [one["record"] for one in answer["unprocessed"]] == [{"Identity": "nobody-of-that-name"}]
    for phone, text in (("+6590010002", "Gold Rome"), ("+6590010003", "To Rome")):
        texts = eventually(lambda: demo.texts(phone), what=text)  # noqa: B023 - it is asked at once
        assert [one["text"] for one in texts] == [text]


def test_a_target_goes_out_and_is_completed(demo):
    demo.upload(*(profile(f"target{n}", f"+659001010{n}", Team="blue") for n in range(3)))
    where = {"common_profile_properties": {"profile_fields": [{"name": "Team", "value": "blue"}]}}
    body = {
        "name": "Blue",
        "target_mode": "sms",
        "where": where,
        "content": {"body": "Hi {{ Profile.Name }}"},
        "when": "now",
    }
    eventually(
        lambda: (
            call(demo, "/1/targets/create.json", {**body, "estimate_only": True})[1]["estimates"]["reachable"]
            == 3
        ),
        what="three people",
    )

    status, made = call(demo, "/1/targets/create.json", body)
    assert (status, made["status"], made["estimates"]["total"]) == (200, "success", 3)

    def completed() -> dict | None:
        status, answer = call(demo, "/1/targets/result.json", {"id": made["id"]})
        return answer["result"] if status == 200 else None

    result = eventually(completed, what="the result")
    assert (result["status"], result["sent"]) == ("completed", 3)
    for n in range(3):
        assert [one["text"] for one in demo.texts(f"+659001010{n}")] == [f"Hi target{n}"]


def test_kill_9_after_the_answer_loses_nobody_and_calls_nobody_twice(start_demo, tmp_path):
    data = tmp_path / "data"
    running = start_demo(data)
    number = published(
        running,
        {
            "name": "Called",
            "start": {"call": "called"},
            "steps": [{"send": {"text": "{{ ExternalTrigger.n }} for {{ Profile.Name }}"}}],
        },
    )
    people = [f"p{n}" for n in range(PEOPLE)]
    running.upload(*(profile(name, f"+65901{n:05}") for n, name in enumerate(people)))

    for turn in range(KILLS):
        body = {"to": {"identity": people}, "campaign_id": number, "ExternalTrigger": {"n": turn}}
        assert call(running, "/1/send/externaltrigger.json", body)[0] == 200
        running.process.send_signal(signal.SIGKILL)
        running.process.wait()
        running = start_demo(data)

    def made() -> int:
        funnel = running.get(f"/api/campaigns/{number}")["funnel"]
        return sum(funnel["by_status"].values())

    eventually(lambda: made() >= KILLS * PEOPLE, what="a message for each call")
    assert made() == KILLS * PEOPLE
    explained = running.get("/api/explain", identity="p7", event="Campaign Called")
    assert explained["note"].startswith("Called at ")
    assert running.stop() == 0
