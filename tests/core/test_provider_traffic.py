"""What the list of providers tells about their last day."""

from datetime import timedelta

import pytest
from tests.builders import NOON

from tellwire.platform.control.provider_advice import ADVICE, advice_for
from tellwire.platform.control.provider_traffic import HOURS, traffic_view
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.ports.traffic_reports import ProviderTraffic, TrafficHour, Trouble

START = NOON - timedelta(hours=HOURS - 1)
TROUBLE = Trouble(at=NOON, code="401", reason="the provider answered 401")


def traffic(**changed):
    return ProviderTraffic(provider_id=ProviderId("p"), **changed)


def test_every_hour_of_the_day_is_there_and_the_sums_are_theirs():
    first = TrafficHour(at=START, taken=5, delivered=3, failed=1)
    last = TrafficHour(at=NOON, taken=2, waiting=4)

    shown = traffic_view(traffic(hours=(first, last)), START)

    assert [hour.at for hour in shown.hours] == [START + timedelta(hours=n) for n in range(24)]
    assert (shown.hours[0], shown.hours[-1]) == (first, last)
    assert (shown.sent, shown.delivered, shown.failed, shown.waiting) == (7, 3, 1, 4)
    assert shown.trouble is None


@pytest.mark.parametrize(
    ("taken_at", "is_over"),
    [(None, False), (NOON - timedelta(seconds=1), False), (NOON + timedelta(seconds=1), True)],
)
def test_a_trouble_is_over_when_the_provider_has_taken_a_message_since(taken_at, is_over):
    shown = traffic_view(traffic(trouble=TROUBLE, taken_at=taken_at), START)

    assert shown.trouble is not None
    assert shown.trouble.is_over is is_over
    assert shown.trouble.advice == ADVICE["401"]


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("401", "credentials"),
        ("302", "redirects"),
        ("418", "refuses"),
        ("502", "its side"),
        ("", "slow"),
        ("not_sent", "DNS"),
        ("oauth", "token"),
        ("whatever", "test message"),
        ("1", "test message"),
    ],
)
def test_there_is_advice_for_every_code(code, says):
    assert says in advice_for(code)


@pytest.mark.parametrize(
    ("code", "answer", "says"),
    [
        ("400", '{"code":1300,"message":"Insufficient balance"}', "no credit"),
        ("401", '{"error":"Your account has insufficient funds"}', "no credit"),
        ("403", "You do not have enough credit: credits exhausted", "no credit"),
        ("402", '{"message":"Not enough credits"}', "no credit"),
        ("401", '{"message":"Invalid API key"}', "credentials"),
        ("400", '{"message":"Authentication failed"}', "credentials"),
        ("403", '{"message":"IP address 192.0.2.1 is not allowed"}', "allow-list"),
        ("403", '{"message":"Account suspended"}', "suspended"),
        ("400", '{"code":21212,"message":"Invalid From Number (caller ID)"}', "sender"),
        ("400", '{"message":"Sender ID not registered"}', "sender"),
        ("400", '{"code":21211,"message":"Invalid To phone number"}', "number"),
        ("401", '{"message":"The key is unknown to us"}', "credentials"),
        ("401", '{"message":"Requests from unknown keys are not taken"}', "credentials"),
        ("400", """{"message":"'to' is not valid"}""", "number"),
        ("400", '{"message":"The parameter `from` is missing"}', "sender"),
        ("400", '{"message":"Template not approved"}', "template"),
        ("400", '{"message":"Recipient has opted out"}', "opted out"),
        ("403", '{"message":"Rate limit reached"}', "pace"),
        ("401", '{"message":"Go away"}', "credentials"),
        ("401", "", "credentials"),
        ("418", '{"message":"short and stout"}', "refuses"),
    ],
)
def test_advice_goes_by_what_the_provider_said_before_its_status(code, answer, says):
    assert says in advice_for(code, answer)


@pytest.mark.parametrize("advice", ADVICE.values())
def test_advice_is_made_of_sentences(advice):
    assert advice[0].isupper()
    assert advice.endswith(".")
