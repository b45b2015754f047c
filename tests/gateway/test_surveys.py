"""Surveys over a whole gateway: sent by the API, answered by a person without scripts, told to the webhook once."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from msgspec.structs import replace
from tests.clock import Clock
from tests.gateway.checklist_world import later, opened
from tests.gateway.gateway_world import ADMIN, SUB, Client, Receiver, shown, until, until_asked

from tellwire.gateway.main import Gateway
from tellwire.gateway.model.account import Webhook
from tellwire.gateway.surveys.survey import Choice, Question, Survey

PHONE = "+6591230000"
SENDS = f"/api/v1/subaccounts/{SUB}/surveys/nps/messages"
BODY = "Hello {{firstName}}, your order is {{order_nr}}. {{url:firstName}} Thank you"
VARIABLES = {"firstName": "James <b>", "order_nr": 77, "vip": True, "nothing": None}
SURVEY = Survey(
    id="nps",
    subaccount=SUB,
    title="How was it, {{firstName}}?",
    thanks="See you, {{firstName}}{{order_nr}}.",
    questions=(
        Question(
            id="1",
            text="Was {{order_nr}} on time?",
            kind="choice",
            is_required=True,
            choices=(Choice(id="1-1", text="Yes"), Choice(id="1-2", text='No & "never"')),
        ),
        Question(id="2", text="What else?", kind="text"),
    ),
)


class Person:
    """Somebody with a browser that runs no scripts; the link is all that they have."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session
        self.headers: Any = {}

    async def get(self, url: str, *, method: str = "GET", **headers: str) -> tuple[int, str]:
        async with self.session.request(method, url, headers=headers, allow_redirects=False) as answer:
            self.headers = answer.headers
            return answer.status, await answer.text()

    async def post(self, url: str, fields: Any) -> tuple[int, str]:
        async with self.session.post(url, data=fields, allow_redirects=True) as answer:
            self.headers = answer.headers
            return answer.status, await answer.text()


@pytest.fixture
async def person() -> AsyncIterator[Person]:
    async with aiohttp.ClientSession() as session:
        yield Person(session)


async def hooked(gateway: Gateway, receiver: Receiver, survey: Survey = SURVEY) -> None:
    await gateway.surveys.save(survey)
    await gateway.accounts.save_webhook(Webhook(id=0, account="demo", subaccount="*", url=receiver.url))


async def link_on_handset(gateway: Gateway) -> str:
    await until(lambda: shown(gateway, PHONE))
    found = re.search(r"http://\S+/s/\w+", shown(gateway, PHONE)[-1].text)
    assert found is not None
    return found[0]


def told(receiver: Receiver) -> list[Any]:
    """Return what came that is no receipt."""
    return [body for body in receiver.bodies if body.get("eventType") != "outbound_message_status_changed"]


async def test_a_survey_is_sent_answered_and_told_once(
    gateway: Gateway, client: Client, receiver: Receiver, person: Person
) -> None:
    await hooked(gateway, receiver)

    status, sent = await client.call(
        "POST", SENDS, {"destination": PHONE, "templateBody": BODY, "templateVariables": VARIABLES}
    )
    link = await link_on_handset(gateway)
    form = await person.get(link)
    thanks = await person.post(link, {"q-1": "1-2", "q-2": " More\r\nof it ", "q-9": "x", "other": "y"})
    again = await person.post(link, {"q-1": "1-1"})
    await until(lambda: told(receiver))
    await until(lambda: len(receiver.bodies) == 3)

    assert (status, sent["status"]["code"]) == (200, "QUEUED")
    text = shown(gateway, PHONE)[-1].text
    assert text == f"Hello James <b>, your order is 77. {link} Thank you"
    assert (form[0], thanks[0], again[0]) == (200, 200, 200)
    # What the link does not name the form does not show, nor may a value become a tag.
    assert "How was it, James <b>?" in unescape(form[1])
    assert "<b>" not in form[1]
    assert "Was  on time?" in form[1]
    assert "See you, James &lt;b&gt;." in thanks[1]
    assert "See you" in again[1]
    [answer] = told(receiver)
    started, submitted = answer.pop("surveyStartedAt"), answer.pop("surveySubmittedAt")
    assert started <= submitted
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\dZ", started)
    assert answer == {
        "umid": sent["umid"],
        "surveyId": "nps",
        "templateVariables": [
            {"name": "firstName", "value": "James <b>"},
            {"name": "order_nr", "value": "77"},
            {"name": "vip", "value": "true"},
        ],
        "answers": [
            {"questionId": "1", "answerId": "1-2", "question": "Was  on time?", "answer": 'No & "never"'},
            {"questionId": "2", "answerId": None, "question": "What else?", "answer": "More\nof it"},
        ],
    }


async def test_the_form_says_what_is_missing_and_keeps_what_was_written(
    gateway: Gateway, client: Client, receiver: Receiver, person: Person
) -> None:
    await hooked(gateway, receiver)
    await client.call("POST", SENDS, {"destination": PHONE, "templateBody": "{{url}}"})
    link = await link_on_handset(gateway)

    missing = await person.post(link, {"q-1": "forged", "q-2": "</textarea><script>x"})
    too_long = await person.post(link, {"q-1": "1-1", "q-2": "x" * 1001})
    too_large = await person.post(link, {"q-2": "x" * 300_000})

    assert (missing[0], too_long[0], too_large[0]) == (422, 422, 413)
    assert "This question needs an answer." in missing[1]
    assert "&lt;/textarea&gt;&lt;script&gt;x</textarea>" in missing[1]
    assert "more than 1000 characters" in too_long[1]
    assert 'value="1-1" required checked' in too_long[1]
    assert told(receiver) == []


async def test_the_form_is_nobody_elses_business(
    gateway: Gateway, client: Client, receiver: Receiver, person: Person
) -> None:
    await hooked(gateway, receiver)
    await client.call("POST", SENDS, {"destination": PHONE, "templateBody": "{{url}}"})

    await person.get(await link_on_handset(gateway))

    assert "default-src 'none'" in person.headers["Content-Security-Policy"]
    assert person.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert person.headers["Referrer-Policy"] == "no-referrer"
    assert person.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in person.headers


async def test_a_batch_takes_the_template_and_each_message_has_a_link_of_its_own(
    gateway: Gateway, client: Client, receiver: Receiver
) -> None:
    await hooked(gateway, receiver)
    phones = [f"+659123000{digit}" for digit in range(3)]

    status, answer = await client.call(
        "POST",
        f"{SENDS}/batch",
        {
            "clientBatchId": "b-1",
            "includeMessagesInResponse": True,
            "template": {"templateBody": "Hi {{n}} {{ url : n }}", "source": "ACME"},
            "messages": [
                *({"destination": phone, "templateVariables": {"n": phone[-1]}} for phone in phones),
                {"destination": "12", "clientMessageId": "bad"},
                {"destination": phones[0], "templateBody": "no link"},
            ],
        },
    )
    await until(lambda: all(shown(gateway, phone) for phone in phones))

    texts = [shown(gateway, phone)[-1].text for phone in phones]
    assert status == 200
    assert (answer["acceptedCount"], answer["rejectedCount"]) == (3, 2)
    assert [one["status"]["code"] for one in answer["messages"]] == ["QUEUED"] * 3 + ["REJECTED"] * 2
    assert answer["messages"][4]["status"]["description"] == (
        "Invalid templateBody value. It must contain {{url}}"
    )
    assert [text[:5] for text in texts] == ["Hi 0 ", "Hi 1 ", "Hi 2 "]
    assert len({text[5:] for text in texts}) == 3


@pytest.mark.parametrize(
    ("survey", "members", "code"),
    [
        ("nps", {"templateBody": "no link"}, 1007),
        ("nps", {}, 1007),
        ("nps", {"text": "{{url}}"}, 1007),
        ("nps", {"templateBody": "{{url}}" + "x" * 4090}, 1004),
        ("nps", {"templateBody": "{{url}}" + "x" * 1600}, 1004),
        ("nps", {"templateBody": "{{url}}" + "{{a}}" * 50}, 1007),
        ("nps", {"templateBody": "{{url}}", "templateVariables": ["a"]}, 1007),
        ("nps", {"templateBody": "{{url}}", "templateVariables": {"a": "x" * 501}}, 1007),
        ("nps", {"templateBody": "{{url}}", "destination": "12"}, 1002),
        ("other", {"templateBody": "{{url}}"}, 1008),
        ("foreign", {"templateBody": "{{url}}"}, 1008),
    ],
)
async def test_a_send_that_cannot_be_is_refused_with_its_code(
    gateway: Gateway, client: Client, survey: str, members: dict[str, Any], code: int
) -> None:
    await gateway.ensure_subaccount("demo_two")
    await gateway.surveys.save(SURVEY)
    await gateway.surveys.save(Survey(id="foreign", subaccount="demo_two", title="-", questions=()))

    status, answer = await client.call(
        "POST",
        f"/api/v1/subaccounts/{SUB}/surveys/{survey}/messages",
        {"destination": PHONE, **members},
    )

    assert (status, answer["code"]) == (400, code)


async def test_nobody_sends_a_survey_without_a_key(gateway: Gateway, client: Client) -> None:
    await gateway.surveys.save(SURVEY)

    status, answer = await client.call("POST", SENDS, {"destination": PHONE}, key="wrong")

    assert (status, answer["code"]) == (401, 1200)


async def test_a_link_ends_with_its_48_hours_or_its_survey(tmp_path: Path, person: Person) -> None:
    clock = Clock.running()
    async with opened(tmp_path, clock) as (gateway, client):
        await gateway.surveys.save(SURVEY)
        await client.call("POST", SENDS, {"destination": PHONE, "templateBody": "{{url}}"})
        link = await link_on_handset(gateway)
        clock.advance(48 * 3600 - 60)
        before = await person.get(link)
        clock.advance(61)
        after = await person.get(link)
        late = await person.post(link, {"q-1": "1-1"})

    assert (before[0], after[0], late[0]) == (200, 404, 404)
    assert "This link does not work" in after[1]


async def test_a_survey_with_a_closing_date_takes_answers_and_sends_until_then(
    tmp_path: Path, person: Person
) -> None:
    clock = Clock.running()
    async with opened(tmp_path, clock) as (gateway, client):
        closes_at = clock.now() + timedelta(days=5)
        await gateway.surveys.save(replace(SURVEY, closes_at=closes_at))
        send = {"destination": PHONE, "templateBody": "{{url}}"}
        await client.call("POST", SENDS, send)
        late, refused = await client.call("POST", SENDS, {**send, "scheduled": later(clock, 6 * 86400)})
        link = await link_on_handset(gateway)
        clock.advance(4 * 86400)
        before = await person.get(link)
        clock.advance(86401)
        after = await person.get(link)
        closed, _ = await client.call("POST", SENDS, send)

    assert (late, refused["code"], closed) == (400, 1011, 400)
    assert (before[0], after[0]) == (200, 404)


async def test_answers_go_to_the_surveys_own_address_and_survive_a_restart(
    tmp_path: Path, receiver: Receiver, person: Person
) -> None:
    own = replace(SURVEY, url=receiver.url)
    async with opened(tmp_path) as (gateway, client):
        await gateway.surveys.save(own)
        await client.call("POST", SENDS, {"destination": PHONE, "templateBody": "{{url}}"})
        link = await link_on_handset(gateway)
        slug = link.rpartition("/")[2]
    async with opened(tmp_path) as (gateway, client):
        answered, _ = await person.post(f"{client.base}/s/{slug}", {"q-1": "1-1"})
        await until(lambda: receiver.bodies)

    assert answered == 200
    assert [body["answers"][0]["answer"] for body in receiver.bodies] == ["Yes"]


async def test_erasing_a_message_ends_its_link_and_its_answers(
    tmp_path: Path, receiver: Receiver, person: Person
) -> None:
    async with opened(tmp_path) as (gateway, client):
        await hooked(gateway, receiver)
        _, sent = await client.call("POST", SENDS, {"destination": PHONE, "templateBody": "{{url}}"})
        link = await link_on_handset(gateway)
        await person.post(link, {"q-1": "1-1", "q-2": "I am James"})
        await until(lambda: len(receiver.bodies) == 3)
        await client.call("DELETE", f"/api/v1/subaccounts/{SUB}/messages/{sent['umid']}/pii")

        async def is_gone() -> bool:
            await gateway.stores.records.erase(gateway._clock.now())
            return (await person.get(link))[0] == 404

        await until_asked(is_gone)
        _, page = await client.call("GET", "/admin/api/surveys/nps", key=ADMIN)

    assert page["answered"] == []
    assert page["counts"] == {"sent": 1, "opened": 1, "answered": 1}
