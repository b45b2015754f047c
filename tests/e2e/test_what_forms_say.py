"""Errors of a form come all at once with the names of their fields, and a mistake in JSON with its place."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.control_client import CAMPAIGN, PROVIDER, Platform, running


@pytest.fixture
async def platform(tmp_path: Path) -> AsyncIterator[Platform]:
    async with running(tmp_path) as started:
        yield started


async def test_a_provider_is_told_everything_that_is_wrong_with_it_at_once(platform: Platform) -> None:
    form = {
        **PROVIDER,
        "nickname": "",
        "endpoint": "ftp://x",
        "authentication": {"type": "basic"},
        "headers": [["no name", "x"]],
        "parameters": {"type": "json", "template": '{\n  "to": $$To\n}'},
    }

    answer = await platform.api.ask("POST", "/api/providers", form)

    assert answer.status == 422
    assert set(answer.fields) == {
        *("nickname", "endpoint", "authentication.username", "authentication.password"),
        *("headers[0][0]", "parameters.template"),
    }
    assert "line 2, column 9" in answer.fields["parameters.template"]


async def test_values_of_the_wrong_kind_are_told_at_once_too(platform: Platform) -> None:
    form = {"name": "x" * 200, "policy": {"attempts": 0, "give_up_after_s": "soon"}, "content": {"text": 3}}

    answer = await platform.api.ask("POST", "/api/campaigns", form)

    assert answer.status == 400
    assert set(answer.fields) == {"name", "policy.attempts", "policy.give_up_after_s", "content.text"}


async def test_a_campaign_is_told_everything_that_is_wrong_with_it_at_once(platform: Platform) -> None:
    wrong = {**CAMPAIGN, "event": "", "content": {"text": "{{ x"}, "ends_at": "2020-01-01T00:00:00Z"}
    saved = await platform.api.post("/api/campaigns", wrong)

    answer = await platform.api.ask("POST", f"/api/campaigns/{saved['id']}/publish", {})

    assert answer.status == 422
    assert set(answer.fields) == {"event", "provider_id", "content.text", "ends_at"}


async def test_a_test_message_names_the_number_and_the_providers_fields_at_once(platform: Platform) -> None:
    body = {"provider": {**PROVIDER, "endpoint": ""}, "to": "nobody", "text": "x"}

    answer = await platform.api.ask("POST", "/api/providers/test", body)

    assert answer.status == 422
    assert set(answer.fields) == {"endpoint", "to"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"nickname": "a",\n "endpoint" 1}', "The body is not JSON: line 2, column 13: expected ':'."),
        (b"{", "line 1, column 2"),
    ],
)
async def test_a_body_that_is_not_json_is_told_where(platform: Platform, body: bytes, said: str) -> None:
    answer = await platform.api.ask("POST", "/api/providers", body)

    assert answer.status == 400
    assert said in answer.json()["error"]["message"]


FORM = {"type": "form", "pairs": [["to", "$$To"], ["text", "$$Body"], ["id", "$$MessageID"]]}
QUERY = {**FORM, "type": "query"}
JSON = PROVIDER["parameters"]


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({}, set()),
        ({"headers": []}, set()),
        ({"parameters": FORM}, {"headers[1][1]"}),
        ({"parameters": FORM, "headers": [["content-type", "application/x-www-form-urlencoded"]]}, set()),
        ({"parameters": FORM, "headers": []}, set()),
        ({"parameters": JSON, "headers": [["Content-Type", "text/plain"]]}, {"headers[0][1]"}),
        ({"parameters": QUERY, "request_type": "GET"}, {"headers[1][1]"}),
        ({"parameters": {"type": "json", "template": '{"to":"$$To","text":"$$Body"}'}}, {"parameters"}),
    ],
)
async def test_a_header_that_contradicts_the_body_is_saved_with_a_warning(
    platform: Platform, changed: dict[str, Any], fields: set[str]
) -> None:
    saved = await platform.api.post("/api/providers", {**PROVIDER, **changed})
    (listed,) = (await platform.api.get("/api/providers"))["providers"]

    assert set(saved["warnings"]) == fields
    assert listed["warnings"] == saved["warnings"]
