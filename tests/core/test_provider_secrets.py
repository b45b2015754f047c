"""Secrets of a provider's form: masked by their names, put back only for the server they were stored for."""

import pytest
from msgspec.structs import replace as with_

from tellwire.platform.control.provider_form import (
    BasicForm,
    FormForm,
    JsonForm,
    OAuth2Form,
    ProviderForm,
    QueryForm,
)
from tellwire.platform.control.provider_secrets import masked_form, restored_form

STORED = ProviderForm(
    endpoint="https://sms.example/send?api_key=in-the-url&v=2",
    headers=(("Authorization", "Bearer s3cret"), ("Accept", "application/json"), ("X-Unit", "$$unit")),
    authentication=OAuth2Form(
        token_url="https://id.example/token",
        client_id="me",
        client_secret="s3cret",
        extra=(("scope", "sms"), ("password", "s3cret")),
    ),
    parameters=JsonForm(template='{"to": "$$To", "password": "s3cret", "pin": 1234, "key": "$$Key"}'),
)
BASIC = with_(STORED, authentication=BasicForm(username="u", password="s3cret"))
PAIRS = with_(
    STORED,
    authentication=BasicForm(username="u", password="s3cret"),
    parameters=FormForm(pairs=(("to", "$$To"), ("password", "s3cret"), ("token", "$$token"))),
)


@pytest.mark.parametrize(
    "form", [STORED, BASIC, PAIRS, with_(PAIRS, parameters=QueryForm(pairs=(("pwd", "s3cret"),)))]
)
def test_literal_secrets_are_masked_and_come_back(form: ProviderForm) -> None:
    shown = masked_form(form)

    restored, problems = restored_form(shown, form)

    assert "s3cret" not in repr(shown)
    assert "in-the-url" not in repr(shown)
    assert "1234" not in repr(shown)
    assert (restored, problems) == (form, {})


def test_a_key_in_the_token_urls_query_is_masked_and_stays_with_its_server() -> None:
    oauth = with_(STORED.authentication, token_url="https://id.example/token?client_key=in-token-url")
    stored = with_(STORED, authentication=oauth)
    shown = masked_form(stored)

    assert "in-token-url" not in repr(shown)
    assert restored_form(shown, stored) == (stored, {})
    moved = with_(shown.authentication, token_url="https://evil.example/token?client_key=***")
    restored, problems = restored_form(with_(shown, authentication=moved), stored)
    assert "in-token-url" not in repr(restored)
    assert "authentication.token_url" in problems


def test_tokens_alone_are_no_secret() -> None:
    shown = masked_form(PAIRS)

    assert ("token", "$$token") in shown.parameters.pairs
    assert ("X-Unit", "$$unit") in shown.headers
    assert '"key": "$$Key"' in masked_form(STORED).parameters.template


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://evil.example/send?api_key=***",
        "http://sms.example/send?api_key=***",
        "https://sms.example:8443/send?api_key=***",
        "https://sms.example@evil.example/send?api_key=***",
    ],
)
@pytest.mark.parametrize("form", [STORED, BASIC, PAIRS])
def test_another_server_is_not_sent_what_was_stored_for_the_first(form: ProviderForm, endpoint: str) -> None:
    restored, problems = restored_form(with_(masked_form(form), endpoint=endpoint), form)

    assert "s3cret" not in repr(restored)
    assert "in-the-url" not in repr(restored)
    assert {"endpoint", "headers[0][1]"} < set(problems)
    assert all("again" in why for why in problems.values())


def test_another_token_url_is_asked_for_the_client_secret_again() -> None:
    oauth = with_(masked_form(STORED).authentication, token_url="https://evil.example/token")

    restored, problems = restored_form(with_(masked_form(STORED), authentication=oauth), STORED)

    assert set(problems) == {"authentication.client_secret", "authentication.extra[1][1]"}
    assert "s3cret" not in repr(restored.authentication)


@pytest.mark.parametrize(
    "endpoint", ["https://SMS.example:443/send?api_key=***", "https://sms.example/v2/$$To?api_key=***"]
)
def test_the_same_server_under_another_path_keeps_them(endpoint: str) -> None:
    restored, problems = restored_form(with_(masked_form(STORED), endpoint=endpoint), STORED)

    assert problems == {}
    assert restored.endpoint == endpoint.replace("***", "in-the-url")
    assert restored.headers == STORED.headers


def test_what_is_not_stored_or_not_told_apart_is_asked_for() -> None:
    two = with_(STORED, headers=(("X-A", "1"), ("X-A", "2")))

    _, nothing = restored_form(masked_form(STORED), None)
    _, renamed = restored_form(with_(masked_form(two), headers=(("X-B", "***"),)), two)
    _, fewer = restored_form(with_(masked_form(two), headers=(("X-A", "***"),)), two)

    assert {"endpoint", "headers[0][1]", "parameters.template", "authentication.client_secret"} < set(nothing)
    assert set(renamed) == {"headers[0][1]"} == set(fewer)
