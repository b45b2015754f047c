"""Each preset makes the very request that the vendor's guide shows; `docs` in its file says where that is."""

import base64
import json
import re
from importlib.resources import files

import msgspec
import pytest
from tests.builders import NOON, a_message, a_number
from tests.clock import Clock

from tellwire.kernel.http.client import HttpAnswer
from tellwire.kernel.secrets import Vault
from tellwire.platform.control.provider_check import Targets, problems_of_form, problems_of_template
from tellwire.platform.control.provider_form import ProviderForm, opened_headers, provider_of
from tellwire.platform.control.provider_presets import NAMES, presets
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.senders.generic import GenericSender

VAULT = Vault(b"k" * 32)
CALLBACK = "https://tellwire.example/callbacks/sms/secret"
MESSAGE = a_message(id="m-1", text='Hi "Ann" + 1', to=a_number("+6591230000"), tokens={"from": "ACME"})
JSON = ("Content-Type", "application/json")
ACCEPT = ("Accept", "application/json")


def bearer(scheme="Bearer"):
    return ("Authorization", f"{scheme} MINE")


def basic(username):
    return ("Authorization", f"Basic {base64.b64encode(f'{username}:s3cret'.encode()).decode()}")


GUIDE = {
    "source": "MINE",
    "destination": "+6591230000",
    "text": 'Hi "Ann" + 1',
    "mid": "m-1",
    "encoding": "Auto",
}
REQUESTS = {
    "gateway": (
        "http://gw.example/api/v1/subaccounts/MINE/messages/batch",
        [bearer(), JSON],
        {**GUIDE, "source": "Tellwire"},
    ),
    "8x8": ("https://sms.8x8.com/api/v1/subaccounts/MINE/messages/batch", [bearer(), JSON], GUIDE),
    "8x8-partner": (
        "https://sms.8x8.com/api/v1/subaccounts/MINE/partners/clevertap/batch",
        [bearer(), JSON],
        {"msgs": [{**GUIDE, "encoding": "auto", "partnerCallbackUrl": CALLBACK}]},
    ),
    "bird": (
        "https://api.bird.com/workspaces/MINE/channels/MINE/messages",
        [bearer("AccessKey"), JSON],
        {
            "receiver": {"contacts": [{"identifierKey": "phonenumber", "identifierValue": "+6591230000"}]},
            "body": {"type": "text", "text": {"text": 'Hi "Ann" + 1'}},
            "reference": "m-1",
        },
    ),
    "infobip": (
        "https://MINE/sms/3/messages",
        [bearer("App"), JSON, ACCEPT],
        {
            "messages": [
                {
                    "sender": "ACME",
                    "destinations": [{"to": "6591230000", "messageId": "m-1"}],
                    "content": {"text": 'Hi "Ann" + 1'},
                }
            ]
        },
    ),
    "messagebird": (
        "https://rest.messagebird.com/messages",
        [bearer("AccessKey"), JSON, ACCEPT],
        {
            "originator": "ACME",
            "recipients": ["6591230000"],
            "body": 'Hi "Ann" + 1',
            "reference": "m-1",
            "datacoding": "auto",
        },
    ),
    "plivo": (
        "https://api.plivo.com/v1/Account/MINE/Message/",
        [JSON, basic("MINE")],
        {"src": "ACME", "dst": "+6591230000", "text": 'Hi "Ann" + 1'},
    ),
    "twilio": (
        "https://api.twilio.com/2010-04-01/Accounts/MINE/Messages.json",
        [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"), basic("MINE")],
        b"To=%2B6591230000&From=ACME&Body=Hi+%22Ann%22+%2B+1",
    ),
    "vonage": (
        "https://api.nexmo.com/v1/messages",
        [JSON, ACCEPT, basic("MINE")],
        {
            "channel": "sms",
            "message_type": "text",
            "to": "6591230000",
            "from": "ACME",
            "text": 'Hi "Ann" + 1',
            "client_ref": "m-1",
        },
    ),
}


class Wire:
    """Keeps what would have been sent."""

    def __init__(self):
        self.seen = []

    async def send(self, request, timeout_s):
        self.seen.append(request)
        return HttpAnswer(status=200, headers={}, body=b"")


def offered(gateway_url="http://gw.example"):
    return {preset.key: preset for preset in presets(callback_url=CALLBACK, gateway_url=gateway_url)}


def filled_in(form):
    """The form with a customer's own words in it."""
    written = re.sub(r"YOUR_[A-Z_]+", "MINE", json.dumps(as_builtins(form)))
    return form_of(written.replace('"password": ""', '"password": "s3cret"'))


def as_builtins(form):
    return msgspec.to_builtins(form)


def form_of(text):
    return msgspec.json.decode(text, type=ProviderForm)


def provider_from(form):
    return provider_of(form, None, VAULT, provider_id=ProviderId("p"), callback_key="secret", now=NOON)


@pytest.mark.parametrize("key", NAMES)
async def test_a_preset_makes_the_request_of_the_vendors_guide(key):
    wire = Wire()
    sender = GenericSender(wire, VAULT, Clock())

    await sender.send(provider_from(filled_in(offered()[key].form)), [MESSAGE])

    url, headers, body = REQUESTS[key]
    [request] = wire.seen
    assert (request.method, request.url, list(request.headers)) == ("POST", url, headers)
    assert (request.body if isinstance(body, bytes) else json.loads(request.body)) == body


@pytest.mark.parametrize("key", NAMES)
def test_a_preset_is_saved_when_the_customers_words_are_in_it_and_not_before(key):
    form = offered()[key].form
    whole = filled_in(form)
    named = {"nickname": "mine"}

    raw = problems_of_form(with_(form, **named), targets=Targets())
    mended = problems_of_form(with_(whole, **named), targets=Targets())
    provider = provider_from(whole)

    assert raw
    assert any("YOUR_" in why for why in raw.values())
    assert mended == {}
    assert problems_of_template(provider, opened_headers(provider, VAULT)) == {}


def with_(form, **changed):
    return msgspec.structs.replace(form, **changed)


def test_every_file_is_offered_and_says_where_its_form_is_written_down():
    found = {path.name for path in files("tellwire.platform.senders").joinpath("presets").iterdir()}

    assert found == {f"{name}.toml" for name in NAMES}
    assert all(preset.docs.startswith("https://") for preset in offered().values())
    assert all(preset.note and preset.name for preset in offered().values())


def test_our_own_gateway_is_offered_only_where_it_runs():
    assert next(iter(offered())) == "gateway"
    assert "gateway" not in offered(gateway_url=None)
