"""What nouns show of themselves where nobody asked: in errors, in debuggers, in a log by mistake."""

import pytest
from tests.builders import a_message, a_number, a_profile, a_provider

from tellwire.kernel.http.client import HttpAnswer, HttpRequest

SHOWN = [
    a_message(text="s3cret", tokens={"code": "s3cret"}, to=a_number()),
    a_provider(callback_key="s3cret", endpoint="https://sms.example/s3cret"),
    a_profile(properties={"Phone": "+6591230000", "Name": "s3cret"}),
    HttpRequest(
        method="POST",
        url="https://sms.example/?to=6591230000",
        headers=(("Authorization", "Bearer s3cret"),),
        body=b"s3cret",
    ),
    HttpAnswer(status=200, headers={}, body=b"s3cret"),
]


@pytest.mark.parametrize("noun", SHOWN, ids=lambda noun: type(noun).__name__)
def test_no_repr_shows_a_text_a_number_or_a_secret(noun: object) -> None:
    shown = f"{noun!r} {noun} {[noun]}"

    assert "s3cret" not in shown
    assert "91230000" not in shown
