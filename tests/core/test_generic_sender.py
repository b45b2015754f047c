import base64
import json
from urllib.parse import parse_qs

import pytest
from tests.builders import a_message, a_provider
from tests.clock import Clock
from tests.http_sink import Answer, http_sink

from tellwire.kernel.failure import Accepted, Deferred, Refused, Unresolved
from tellwire.kernel.http.client import REQUEST_LIMIT, HttpClient
from tellwire.kernel.secrets import Vault
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.provider import (
    BasicAuthentication,
    Batch,
    JsonParameters,
    OAuth2,
    Pair,
    QueryParameters,
    Sealed,
    SealedPair,
)
from tellwire.platform.ports.sender import TAKEN_BACK
from tellwire.platform.senders.generic import GenericSender

VAULT = Vault(b"k" * 32)


@pytest.fixture
async def sink():
    async with http_sink() as one:
        yield one


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
async def sender(clock):
    http = HttpClient(allow_private=True, connections=10)
    await http.start()
    yield GenericSender(http, VAULT, clock)
    await http.close()


def sealed(text):
    return Sealed(VAULT.seal(text))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(200), Accepted),
        (Answer(202, b"not json at all \xff"), Accepted),
        (Answer(204, b""), Accepted),
        (Answer(302, headers={"Location": "http://127.0.0.1:1/"}), Refused),
        (Answer(400), Refused),
        (Answer(429, headers={"Retry-After": "3"}), Deferred),
        (Answer(500), Unresolved),
        (Answer(503), Unresolved),
        (Answer(503, headers={"Retry-After": "3"}), Deferred),
        (Answer(closes=True), Unresolved),
    ],
    ids=["200", "202-garbage", "204", "302", "400", "429", "500", "503", "503-later", "closes"],
)
async def test_the_answer_decides_the_outcome_and_is_asked_for_once(sink, sender, answer, kind):
    sink.answers = [answer]

    [outcome] = await sender.send(a_provider(endpoint=sink.url), [a_message()])

    assert isinstance(outcome, kind)
    assert len(sink.seen) == 1


async def test_nobody_listening_is_surely_not_sent(sender):
    [outcome] = await sender.send(a_provider(endpoint="http://127.0.0.1:9/"), [a_message()])

    assert isinstance(outcome, Deferred)


async def test_loopback_is_refused_unless_allowed(clock, sink):
    http = HttpClient(allow_private=False, connections=10)
    await http.start()

    [outcome] = await GenericSender(http, VAULT, clock).send(a_provider(endpoint=sink.url), [a_message()])
    await http.close()

    assert isinstance(outcome, Deferred)
    assert "address" in outcome.reason
    assert sink.seen == []


async def test_sealed_header_and_basic_credentials_reach_the_provider(sink, sender):
    provider = a_provider(
        endpoint=sink.url,
        headers=(SealedPair("X-Key", sealed("s3cret")),),
        authentication=BasicAuthentication(username="ann", password=sealed("pä55")),
    )

    await sender.send(provider, [a_message()])

    [seen] = sink.seen
    assert seen.headers["x-key"] == "s3cret"
    assert base64.b64decode(seen.headers["authorization"].removeprefix("Basic ")).decode() == "ann:pä55"


async def test_get_provider_gets_a_query_and_no_body(sink, sender):
    provider = a_provider(
        endpoint=f"{sink.url}/send?v=1",
        parameters=QueryParameters((Pair("to", "$$To"), Pair("t", "a b=$$Body"))),
    )

    await sender.send(provider, [a_message(text="x&y")])

    [seen] = sink.seen
    assert (seen.method, seen.body) == ("GET", b"")
    assert parse_qs(seen.target.partition("?")[2]) == {"v": ["1"], "to": ["+6591230000"], "t": ["a b=x&y"]}


async def test_oauth_token_is_fetched_once_and_sent_as_bearer(sink, sender):
    sink.answers = [Answer(body=b'{"access_token":"tok","expires_in":"600"}')]
    provider = oauth_provider(sink)

    await sender.send(provider, [a_message()])
    await sender.send(provider, [a_message()])

    asked, first, second = sink.seen
    assert parse_qs(asked.body.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": ["me"],
        "client_secret": ["s3cret"],
        "scope": ["sms"],
    }
    assert first.headers["authorization"] == second.headers["authorization"] == "Bearer tok"


async def test_oauth_failure_defers_and_is_tried_again_after_120_s(sink, sender, clock):
    sink.answers = [Answer(500), Answer(body=b'{"access_token":"tok"}')]
    provider = oauth_provider(sink)

    [first] = await sender.send(provider, [a_message()])
    [second] = await sender.send(provider, [a_message()])
    clock.advance(121)
    [third] = await sender.send(provider, [a_message()])

    assert isinstance(first, Deferred)
    assert isinstance(second, Deferred)
    assert 119 < second.retry_after_s <= 120
    assert isinstance(third, Accepted)
    assert len(sink.seen) == 3


async def test_a_token_the_provider_refuses_is_fetched_anew(sink, sender):
    sink.answers = [
        Answer(body=b'{"access_token":"old"}'),
        Answer(401),
        Answer(body=b'{"access_token":"new"}'),
    ]
    provider = oauth_provider(sink)

    [first] = await sender.send(provider, [a_message()])
    [second] = await sender.send(provider, [a_message()])

    assert isinstance(first, Deferred)
    assert isinstance(second, Accepted)
    assert sink.seen[-1].headers["authorization"] == "Bearer new"


async def test_a_provider_that_refuses_every_token_is_not_asked_for_more_of_them(sink, sender, clock):
    fresh, refused = Answer(body=b'{"access_token":"tok"}'), Answer(401)
    sink.answers = [fresh, refused, fresh, refused, fresh, Answer(200)]
    provider = oauth_provider(sink)

    for _ in range(5):
        [outcome] = await sender.send(provider, [a_message()])
        assert isinstance(outcome, Deferred)
    asked = len(sink.seen)
    clock.advance(121)
    [later] = await sender.send(provider, [a_message()])

    assert asked == 4
    assert isinstance(later, Accepted)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b'{"access_token":7}', b'{"access_token":"a\\nb"}', b"\xff\xfe", b"[" * 60_000],
    ids=["empty", "list", "number", "line break", "no text", "deep"],
)
async def test_garbage_from_a_token_endpoint_defers(sink, sender, body):
    sink.answers = [Answer(body=body)]

    [outcome] = await sender.send(oauth_provider(sink), [a_message()])

    assert isinstance(outcome, Deferred)


@pytest.mark.parametrize("life", [b'"nan"', b"1" + b"0" * 400, b'"soon"', b"[]", b"-5", b"1e300"])
async def test_a_token_whose_life_is_nonsense_is_used_all_the_same(sink, sender, life):
    sink.answers = [Answer(body=b'{"access_token":"tok","expires_in":' + life + b"}")]

    [outcome] = await sender.send(oauth_provider(sink), [a_message()])

    assert isinstance(outcome, Accepted)


async def test_rehearsal_shows_the_request_without_credentials_and_the_answer(sink, sender):
    sink.answers = [Answer(400, b'{"code":1002}')]
    provider = a_provider(
        endpoint=sink.url,
        headers=(SealedPair("Authorization", sealed("Bearer s3cret")),),
        parameters=JsonParameters('{"to":"$$To","password":"s3cret"}'),
    )

    rehearsal = await sender.rehearse(provider, a_message())

    assert isinstance(rehearsal.outcome, Refused)
    assert rehearsal.answer is not None
    assert (rehearsal.answer.status, rehearsal.answer.body) == (400, '{"code":1002}')
    assert rehearsal.request is not None
    assert json.loads(rehearsal.request.body)["to"] == "+6591230000"
    assert "s3cret" not in repr(rehearsal)


async def test_a_batch_too_long_for_one_request_goes_in_several(sink, sender):
    provider = a_provider(
        endpoint=sink.url,
        batch=Batch(key="messages", size=1000),
        parameters=JsonParameters('{"messages":[{"to":"$$To","id":"$$MessageID","text":"$$Body"}]}'),
    )
    messages = [a_message(id=f"m{n}", text="é" * 1530) for n in range(1000)]

    outcomes = await sender.send(provider, messages)

    assert outcomes == [Accepted(answer='{"status":"ok"}')] * 1000
    sent = [record["id"] for request in sink.seen for record in json.loads(request.body)["messages"]]
    assert sorted(sent) == sorted(message.id for message in messages)
    assert max(len(request.body) for request in sink.seen) <= REQUEST_LIMIT


async def test_a_batch_that_differs_outside_its_record_goes_in_a_request_for_each_difference(sink, sender):
    provider = a_provider(
        endpoint=sink.url,
        batch=Batch(key="to", size=10),
        parameters=JsonParameters('{"text":"$$Body","to":[{"number":"$$To","id":"$$MessageID"}]}'),
    )
    sink.answers = [Answer(200), Answer(400)]
    messages = [a_message(id="a", text="Ann"), a_message(id="b", text="Bob"), a_message(id="c", text="Ann")]

    outcomes = await sender.send(provider, messages)

    bodies = [json.loads(request.body) for request in sink.seen]
    assert [(body["text"], [to["id"] for to in body["to"]]) for body in bodies] == [
        ("Ann", ["a", "c"]),
        ("Bob", ["b"]),
    ]
    assert [type(outcome) for outcome in outcomes] == [Accepted, Refused, Accepted]


async def test_credentials_that_cannot_be_opened_defer_and_say_what_to_do(sink, sender):
    provider = a_provider(endpoint=sink.url, headers=(SealedPair("X", Sealed("sealed:v1:zz:zz")),))

    [outcome] = await sender.send(provider, [a_message()])

    assert isinstance(outcome, Deferred)
    assert "enter them again" in outcome.reason
    assert sink.seen == []


def oauth_provider(sink):
    return a_provider(
        endpoint=f"{sink.url}/send",
        authentication=OAuth2(
            token_url=f"{sink.url}/token",
            client_id="me",
            client_secret=sealed("s3cret"),
            extra=(Pair("scope", "sms"),),
        ),
    )


async def test_what_a_token_endpoint_said_is_kept_without_the_secret_that_it_echoes(sink, sender):
    sink.answers = [
        Answer(401, b'{"error":"invalid_client","error_description":"no client t0p-s3cret","code":7}')
    ]
    credentials = OAuth2(token_url=sink.url, client_id="c", client_secret=sealed("t0p-s3cret"))

    [outcome] = await sender.send(a_provider(authentication=credentials), [a_message()])

    assert isinstance(outcome, Deferred)
    assert outcome.reason == "the token endpoint answered 401: no client *** (7)"
    assert outcome.answer == '{"error":"invalid_client","error_description":"no client ***","code":7}'


async def test_an_answer_of_success_that_says_no_is_kept(sink, sender):
    sink.answers = [Answer(200, b'{"result":"no"}')]

    [outcome] = await sender.send(a_provider(endpoint=sink.url), [a_message()])

    assert outcome == Accepted(answer='{"result":"no"}')


def all_but(*unwanted):
    """Want every message but these, and note what was asked about."""
    asked = []

    async def still_wanted(messages):
        asked.append([message.id for message in messages])
        return [message for message in messages if message.id not in unwanted]

    return still_wanted, asked


async def test_what_is_taken_back_while_the_token_is_fetched_never_leaves(sink, sender):
    sink.answers = [Answer(body=b'{"access_token":"tok"}')]
    still_wanted, asked = all_but(a_message().id)

    [outcome] = await sender.send(oauth_provider(sink), [a_message()], still_wanted)

    assert outcome is TAKEN_BACK
    assert len(sink.seen) == 1  # for the token
    assert asked == [[a_message().id]]


async def test_a_batch_goes_without_what_was_taken_back(sink, sender):
    one, other, third = (a_message(occasion_id=OccasionId(f"{n:024x}"), text=f"text {n}") for n in range(3))
    provider = a_provider(
        endpoint=sink.url,
        batch=Batch(key="messages", size=10),
        parameters=JsonParameters('{"messages":[{"text":"$$Body"}]}'),
    )
    still_wanted, _ = all_but(other.id)

    outcomes = await sender.send(provider, [one, other, third], still_wanted)

    accepted = Accepted(answer='{"status":"ok"}')
    assert outcomes == [accepted, TAKEN_BACK, accepted]
    [seen] = sink.seen
    assert json.loads(seen.body) == {"messages": [{"text": "text 0"}, {"text": "text 2"}]}


async def test_each_request_of_a_batch_that_splits_is_looked_at_before_it_leaves(sink, sender):
    one, other = (a_message(occasion_id=OccasionId(f"{n:024x}"), template_id=f"t{n}") for n in range(2))
    provider = a_provider(
        endpoint=f"{sink.url}/$$TemplateID",
        batch=Batch(key="messages", size=10),
        parameters=JsonParameters('{"messages":[{"text":"$$Body"}]}'),
    )
    still_wanted, asked = all_but(other.id)

    outcomes = await sender.send(provider, [one, other], still_wanted)

    assert outcomes == [Accepted(answer='{"status":"ok"}'), TAKEN_BACK]

    assert asked == [[one.id], [other.id]]
    assert [seen.target for seen in sink.seen] == ["/t0"]
