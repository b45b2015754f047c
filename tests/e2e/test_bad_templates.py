"""Templates and documents that the platform's own API must not choke on; `victim` sees that it works on."""

import json
import time

import pytest
from tests.e2e.conftest import eventually
from tests.e2e.victim import ANSWER_S, ROOM_IN_PASSING_MB

DEEP = 100_000
UNREADABLE = {
    "open": "Hi {{ Profile.Name",
    "empty if": "{% if %}x{% endif %}",
    "open loop": "{% for x in (1..3) %}",
    "stray end": "x{% endif %}",
    "include": "{% include 'secrets' %}",
    "unknown filter": "{{ 'a' | no_such_filter }}",
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_template_that_cannot_be_read_is_not_published_and_says_why(victim, case):
    draft = {"name": f"Bad: {case}", "event": "Never", "content": {"text": UNREADABLE[case]}}

    status, saved = victim.demo.ask("POST", "/api/campaigns", draft)
    assert status == 201, saved
    status, told = victim.demo.ask("POST", f"/api/campaigns/{saved['id']}/publish", {})

    assert victim.demo.get(f"/api/campaigns/{saved['id']}")["state"] == "draft"
    assert status == 422
    assert told["error"]["fields"]["content.text"]


ENDLESS = {
    "loops in loops": "{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}",
    "one long loop": "{% for a in (1..1000000000) %}{% endfor %}",
    "doubling": "{% assign a = 'xxxxxxxxxx' %}"
    + "{% assign a = a | append: a | append: a %}" * 40
    + "{{ a }}",
    "replacing": "{% assign a = 'xxxxxxxxxx' %}" + "{% assign a = a | replace: 'x', a %}" * 40 + "{{ a }}",
    "splitting": "{% assign a = '1,1,1,1' | split: ',' %}"
    + "{% assign a = a | concat: a %}" * 40
    + "{{ a }}",
}


@pytest.mark.parametrize("case", ENDLESS)
def test_a_template_that_does_not_end_is_stopped_and_holds_nobody_up(victim, case):
    begun = time.monotonic()

    status, told = victim.demo.ask(
        "POST", "/api/campaigns/preview", {"content": {"text": ENDLESS[case]}, "event_name": "Never"}
    )

    assert time.monotonic() - begun < ANSWER_S
    assert status == 200
    assert told["error"]["message"]
    assert victim.peak_mb() - victim.at_start_mb <= ROOM_IN_PASSING_MB


def test_an_endless_template_that_was_published_costs_its_own_messages_only(victim):
    draft = {"name": "Endless", "event": "Looped", "content": {"text": ENDLESS["one long loop"]}}
    status, saved = victim.demo.ask("POST", "/api/campaigns", draft)
    assert status == 201, saved
    status, told = victim.demo.ask("POST", f"/api/campaigns/{saved['id']}/publish", {})
    assert status == 200, told
    profile = {"identity": "looper", "type": "profile", "profileData": {"Phone": "+6591399998"}}

    victim.demo.upload(profile, {"identity": "looper", "type": "event", "evtName": "Looped"})

    def explained():
        return victim.demo.get("/api/explain", identity="looper", event="Looped")["campaigns"]

    [campaign] = eventually(explained, ANSWER_S)
    assert (campaign["verdict"], campaign["code"]) == ("skip", "template_failed")
    assert campaign["reason"]


def test_a_template_over_the_limit_is_not_even_saved(victim):
    draft = {"name": "Long", "event": "Never", "content": {"text": "x" * 5000}}

    status, told = victim.demo.ask("POST", "/api/campaigns", draft)

    assert status == 400
    assert any(path.endswith("text") for path in told["error"]["fields"])


DOCUMENTS = {
    "truncated": (b'{"name":', 400),
    "not UTF-8": (b'{"name":"\xff"}', 400),
    "half an emoji": (rb'{"name":"\ud83d","event":"x","content":{"text":"x"}}', 400),
    "null": (b"null", 400),
    "a list": (b"[]", 400),
    "wrong types": (json.dumps({"name": 1, "event": [], "content": "x"}).encode(), 400),
    "deep": (b'{"name":' + b"[" * DEEP, 400),
    "oversized": (b'{"name":"' + b"x" * 2_000_000 + b'"}', 413),
}


@pytest.mark.parametrize(
    "path", ["/api/campaigns", "/api/providers", "/api/campaigns/preview", "/api/import"]
)
@pytest.mark.parametrize("case", DOCUMENTS)
def test_a_document_that_is_none_is_refused_in_the_apis_own_words(victim, path, case):
    body, expected = DOCUMENTS[case]

    status, answer = victim.to_api(path, body)

    assert status in ({400, 422} if expected == 400 else {expected})
    told = json.loads(answer)
    assert told["error"]["code"]
    assert told["error"]["message"]


def test_a_stranger_learns_nothing_from_the_api(victim):
    status, told = victim.demo.ask("GET", "/api/campaigns", headers={"Authorization": "Bearer wrong"})

    assert status == 401
    assert set(told) == {"error"}
