"""Surveys in the administration: made by field, changed without losing counts, read by who may, taken away whole."""

import csv
import io
from typing import Any

import pytest
from tests.gateway.gateway_world import ADMIN, SUB, Client
from tests.gateway.test_surveys import PHONE, SENDS, SURVEY, Person, link_on_handset, person

from tellwire.gateway.main import Gateway

__all__ = ["person"]
CHOICE = {"text": "Happy?", "kind": "choice", "choices": [{"text": "Yes"}, {"text": "No"}]}
WHOLE = {"subaccount": SUB, "title": "Survey", "questions": [CHOICE, {"text": "Why?", "kind": "text"}]}


async def admin(client: Client, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    return await client.call(method, f"/admin/api/surveys{path}", body, key=ADMIN)


@pytest.mark.parametrize(
    ("name", "changed", "field"),
    [
        ("x", {}, "id"),
        ("a b", {}, "id"),
        ("fine", {"subaccount": "nobody"}, "subaccount"),
        ("fine", {"title": " "}, "title"),
        ("fine", {"title": "x" * 101}, "title"),
        ("fine", {"language": '"><script>'}, "language"),
        ("fine", {"url": "ftp://x"}, "url"),
        ("fine", {"closes_at": "2026-01-31T12:00:00"}, "closes_at"),
        ("fine", {"questions": []}, "questions"),
        ("fine", {"questions": [{"text": " ", "kind": "text"}]}, "questions"),
        ("fine", {"questions": [{**CHOICE, "choices": [{"text": "Yes"}]}]}, "questions"),
        ("fine", {"questions": [{**CHOICE, "choices": [{"text": "Yes"}, {"text": "Yes "}]}]}, "questions"),
        ("fine", {"questions": [{**CHOICE, "id": '"'}]}, "questions[0].id"),
        ("fine", {"questions": [{**CHOICE, "kind": "other"}]}, "questions[0].kind"),
    ],
)
async def test_a_survey_that_cannot_be_is_refused_by_field(
    gateway: Gateway, client: Client, name: str, changed: dict[str, Any], field: str
) -> None:
    path = f"/{name.replace(' ', '%20')}"

    status, answer = await admin(client, "PUT", path, {**WHOLE, **changed})

    assert status == 422
    assert list(answer["error"]["fields"]) == [field]
    assert (await admin(client, "GET", ""))[1] == {"surveys": []}


async def test_what_stays_keeps_its_id_and_what_is_new_gets_a_free_one(client: Client) -> None:
    _, made = await admin(client, "PUT", "/csat", WHOLE)
    first, second = made["questions"]
    changed = {**first, "choices": [{"text": "Perhaps"}, first["choices"][1]]}
    _, saved = await admin(
        client, "PUT", "/csat", {**WHOLE, "questions": [{"text": "New", "kind": "text"}, changed]}
    )

    assert [question["id"] for question in made["questions"]] == ["1", "2"]
    assert [choice["id"] for choice in first["choices"]] == ["1", "2"]
    assert second["kind"] == "text"
    assert [question["id"] for question in saved["questions"]] == ["2", "1"]
    assert [(choice["id"], choice["text"]) for choice in saved["questions"][1]["choices"]] == [
        ("1", "Perhaps"),
        ("2", "No"),
    ]


async def test_a_survey_belongs_to_its_subaccount_for_good(gateway: Gateway, client: Client) -> None:
    await gateway.ensure_subaccount("demo_two")
    await admin(client, "PUT", "/csat", WHOLE)

    status, answer = await admin(client, "PUT", "/csat", {**WHOLE, "subaccount": "demo_two"})

    assert (status, list(answer["error"]["fields"])) == (422, ["id"])


async def test_answers_are_counted_listed_and_saved_as_csv_until_the_survey_goes(
    gateway: Gateway, client: Client, person: Person
) -> None:
    await gateway.surveys.save(SURVEY)
    _, sent = await client.call("POST", SENDS, {"destination": PHONE, "templateBody": "{{url}}"})
    link = await link_on_handset(gateway)
    await person.get(link)
    await person.post(link, {"q-1": "1-1", "q-2": "=1+1"})

    _, listed = await admin(client, "GET", "")
    _, shown = await admin(client, "GET", "/nps")
    headers = {"Authorization": f"Bearer {ADMIN}"}
    _, text = await person.get(f"{client.base}/admin/api/surveys/nps/answers.csv", **headers)
    rows = list(csv.reader(io.StringIO(text)))
    bad_place, _ = await admin(client, "GET", "/nps/answers?before=x")
    deleted, _ = await admin(client, "DELETE", "/nps")
    again, _ = await admin(client, "DELETE", "/nps")
    gone, _ = await person.get(link)

    assert listed["surveys"][0]["counts"] == {"sent": 1, "opened": 1, "answered": 1}
    assert [choice["count"] for choice in shown["results"][0]["choices"]] == [1, 0]
    assert [one["umid"] for one in shown["answered"]] == [sent["umid"]]
    assert rows[0][3:] == ["Was {{order_nr}} on time?", "What else?"]
    assert (rows[1][0], rows[1][3:]) == (sent["umid"], ["Yes", "'=1+1"])
    assert (bad_place, deleted, again, gone) == (422, 204, 404, 404)


async def test_viewers_see_counts_and_no_words(gateway: Gateway, client: Client, person: Person) -> None:
    await gateway.surveys.save(SURVEY)
    await client.call("POST", SENDS, {"destination": PHONE, "templateBody": "{{url}}"})
    await person.post(await link_on_handset(gateway), {"q-1": "1-1", "q-2": "between us"})
    viewer = {"email": "v@example.com", "name": "V", "role": "viewer", "password": "correct horse battery"}
    status, _ = await client.call("POST", "/admin/api/people", viewer, key=ADMIN)
    assert status < 300
    origin = {"Origin": client.base, "Content-Type": "application/json"}
    door = f"{client.base}/admin/api/session"
    async with person.session.post(
        door, json={"email": viewer["email"], "password": viewer["password"]}, headers=origin
    ) as signed_in:
        assert signed_in.status == 200
        cookie = {"Cookie": signed_in.headers["Set-Cookie"].partition(";")[0]}

    page = await person.get(f"{client.base}/admin/api/surveys/nps", **cookie)
    answers = await person.get(f"{client.base}/admin/api/surveys/nps/answers", **cookie)
    table = await person.get(f"{client.base}/admin/api/surveys/nps/answers.csv", **cookie)

    assert (page[0], answers[0], table[0]) == (200, 200, 403)
    assert "between us" not in page[1] + answers[1] + table[1]
