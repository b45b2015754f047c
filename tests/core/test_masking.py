import pytest

from tellwire.kernel.http.client import HttpRequest
from tellwire.platform.senders.masking import masked, masked_answer


@pytest.mark.parametrize(
    ("headers", "shown"),
    [
        ((("Authorization", "Bearer s3cret"),), (("Authorization", "Bearer ***"),)),
        ((("authorization", "Basic s3cret=="),), (("authorization", "Basic ***"),)),
        ((("App-Key", "s3cret"),), (("App-Key", "***"),)),
        ((("Content-Type", "application/json"),), (("Content-Type", "application/json"),)),
    ],
)
def test_header_values_are_credentials_unless_they_are_everybodys(headers, shown):
    assert masked(HttpRequest(method="POST", url="http://x/", headers=headers)).headers == shown


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("http://x/?api_key=s3cret&to=1", ""),
        ("http://user:s3cret@x/", ""),
        ("http://x/", '{"password": "s3cret", "to": "1"}'),
        ("http://x/", '{"client_secret":"s3\\"s3cret"}'),
        ("http://x/", "username=a&password=s3cret&to=1"),
        ("http://x/", '{"X-Auth-Token":"s3cret"}'),
        ("http://x/", '[{"pin": 12, "pwd" : "s3cret"}]'),
        ("http://x/?key=s3cret", ""),
        ("http://x/", "user=a&pass=s3cret"),
    ],
)
def test_what_is_named_like_a_secret_is_not_shown(url, body):
    shown = masked(HttpRequest(method="POST", url=url, body=body.encode()))

    assert "s3cret" not in f"{shown.url} {shown.body}"
    assert "***" in f"{shown.url} {shown.body}"


@pytest.mark.parametrize("text", ["the token is 12", "open https://a.example/?token=12 now", "key=1&pin=2"])
def test_the_message_itself_is_shown_as_it_was_sent(text):
    body = f'{{"text":"{text}","to":"+6591230000"}}'

    assert masked(HttpRequest(method="POST", url="http://x/", body=body.encode())).body == body


def test_an_answer_that_echoes_the_request_does_not_show_its_credentials():
    headers = (
        ("Authorization", "Bearer s3cret-key"),
        ("App-Key", "other-s3cret"),
        ("Accept", "application/json"),
    )
    request = HttpRequest(method="POST", url="http://x/", headers=headers)
    echo = '{"headers":{"authorization":"Bearer s3cret-key","app-key":"other-s3cret"},"accept":"application/json"}'

    shown = masked_answer(echo, request)

    assert shown == '{"headers":{"authorization":"***","app-key":"***"},"accept":"application/json"}'


def test_an_answer_that_echoes_a_request_s_parameters_does_not_show_their_credentials():
    headers = (("Authorization", "Basic dTpiYXMxYw=="),)  # u:bas1c
    url = "http://x/?api_key=que%20ry1&to=1"
    request = HttpRequest(method="POST", url=url, headers=headers, body=b'{"password":"j\\"s0n","to":"1"}')
    echo = '{"url":"?api_key=que%20ry1&to=1","args":"que ry1","auth":["u","bas1c"],"data":"j\\"s0n","token":"abc"}'

    shown = masked_answer(echo, request)

    assert shown == '{"url":"?api_key=***&to=1","args":"***","auth":["u","***"],"data":"***","token":"***"}'


def test_a_form_s_credentials_are_not_shown_in_its_echo():
    request = HttpRequest(method="POST", url="http://x/", body=b"password=p%26ss+word&text=hi")

    assert masked_answer("got p&ss word for hi", request) == "got *** for hi"
