"""What is kept of a provider's answer, and what is read out of it."""

import base64
import json
from urllib.parse import quote_plus

import pytest
from tests.builders import a_message

from tellwire.kernel.failure import Accepted, Refused
from tellwire.kernel.http.client import HttpRequest
from tellwire.platform.model.address import ChannelUser
from tellwire.platform.senders.provider_words import KEPT_LIMIT, ProviderWords, kept_answer, worded, words_of

TEXT = 'Hällo Ann, your code is 483920: see https://a.example/x?"y"'
MESSAGE = a_message(text=TEXT)
BODY = b'{"to":"+6591230000","api_key":"body-s3cret"}'
REQUEST = HttpRequest(
    method="POST",
    url="https://sms.example/send?token=query%2Fs3cret",
    headers=(
        ("Authorization", f"Basic {base64.b64encode(b'ann:pass-s3cret').decode()}"),
        ("X-Key", "head-s3cret"),
    ),
    body=BODY,
)


def kept(answer, messages=(MESSAGE,)):
    return kept_answer(answer.encode(), REQUEST, messages)


def test_what_a_provider_said_is_kept_as_it_said_it():
    assert kept('{"result":"no","id":"8f7-12"}') == '{"result":"no","id":"8f7-12"}'


@pytest.mark.parametrize(
    "echo",
    [
        "+6591230000",
        "6591230000",
        "+65 9123-0000",
        "91230000",
        "%2B6591230000",
        TEXT,
        json.dumps(TEXT),
        json.dumps(TEXT, ensure_ascii=False).replace("/", "\\/"),
        quote_plus(TEXT),
        f"{TEXT[:30]}...",
        "body-s3cret",
        "query/s3cret",
        "query%2Fs3cret",
        "pass-s3cret",
        "head-s3cret",
        '"access_token":"its-s3cret"',
    ],
)
def test_a_number_a_text_or_a_secret_that_an_answer_echoes_is_not_kept(echo):
    shown = kept(f'{{"error":"refused","echo":{echo}, "rest":1}}')

    assert "***" in shown
    assert "refused" in shown
    for private in ("s3cret", "9123", "llo Ann", "483920", "example"):
        assert private not in shown


def test_the_numbers_of_a_whole_batch_are_masked_and_other_numbers_are_not():
    batch = (MESSAGE, a_message())

    assert (
        kept('{"to":["6591230000"],"id":"20260304123000"}', batch) == '{"to":["***"],"id":"20260304123000"}'
    )


def test_an_answer_is_cut_after_it_is_masked_and_never_in_a_character():
    shown = kept("ä" * 249 + "€" + TEXT * 40)

    assert shown == "ä" * 249
    assert len(kept("x" * 9000).encode()) == KEPT_LIMIT


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ('{"code":1300,"message":"Insufficient balance"}', ProviderWords("1300", "Insufficient balance")),
        ('{"code":20003,"message":"Authenticate","status":401}', ProviderWords("20003", "Authenticate")),
        (
            '{"messages":[{"status":"4","error-text":"Bad Credentials"}]}',
            ProviderWords("4", "Bad Credentials"),
        ),
        (
            '{"requestError":{"serviceException":{"messageId":"UNAUTHORIZED","text":"Invalid login details"}}}',
            ProviderWords("", "Invalid login details"),
        ),
        (
            '{"errors":[{"code":2,"description":"Request not allowed","parameter":"access_key"}]}',
            ProviderWords("2", "Request not allowed"),
        ),
        ('{"result":"no"}', ProviderWords("", "no")),
        ('{"error":["Name is too long"', ProviderWords("", "Name is too long")),
        ('{"message":"cut in its mid', ProviderWords("", "cut in its mid")),
        ('{"message":"Z\\u00fcrich\\nzwei"}', ProviderWords("", "Zürich zwei")),
        ('{"message":"***","code":7}', ProviderWords("7", "")),
        ("ERR: 001, Authentication failed", ProviderWords("", "ERR: 001, Authentication failed")),
        ("<html><style>p{}</style><h1>403&nbsp;Forbidden</h1></html>", ProviderWords("", "403 Forbidden")),
        ("", ProviderWords()),
        ('{"umid":"x"}', ProviderWords()),
    ],
)
def test_the_providers_own_code_and_message_are_found(answer, words):
    assert words_of(answer) == words


def test_a_refusal_says_what_the_provider_said():
    answer = '{"code":1300,"message":"Insufficient balance."}'

    outcome = worded(Refused("the provider answered 400", "400"), answer)

    assert outcome == Refused("the provider answered 400: Insufficient balance (1300)", "400", answer)


def test_a_no_in_a_200_is_kept_with_the_attempt():
    assert worded(Accepted(), '{"result":"no"}') == Accepted(answer='{"result":"no"}')


def test_the_id_of_a_channels_user_is_masked_where_the_provider_echoes_it() -> None:
    user = ChannelUser("line", "shop", "Ub1c2d3e4f5a6b7c8")

    answer = kept_answer(b"user Ub1c2d3e4f5a6b7c8 blocked", REQUEST, [a_message(to=user)])

    assert "Ub1c2" not in answer
    assert "blocked" in answer
