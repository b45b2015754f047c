import json
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import a_message, a_number, a_provider

from tellwire.model.provider import Batch, FormParameters, JsonParameters, Pair, QueryParameters
from tellwire.senders.template import BadTemplate, compile_template, fill
from tellwire.senders.tokens import blocks_of

GUIDE = (
    '{"source":"ACME","destination":"$$To","text":"$$Body","mid":"$$MessageID","encoding":"Auto"}'  # 8x8 8.1a
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def request_of(provider, *messages, headers=()):
    return fill(compile_template(provider, headers), messages or [a_message()])


def test_the_8x8_guides_body_comes_out_as_written_there():
    message = a_message(text="Hi", to=a_number("+6591230000"))

    request = request_of(a_provider(parameters=JsonParameters(GUIDE)), message)

    assert request.method == "POST"
    assert json.loads(request.body) == {
        "source": "ACME",
        "destination": "+6591230000",
        "text": "Hi",
        "mid": message.id,
        "encoding": "Auto",
    }
    assert dict(request.headers)["Content-Type"].startswith("application/json")


@given(text=TEXTS)
def test_json_body_is_valid_and_says_the_text_whatever_it_is(text):
    request = request_of(a_provider(parameters=JsonParameters(GUIDE)), a_message(text=text))

    assert json.loads(request.body)["text"] == text


@given(text=TEXTS)
def test_form_body_says_the_text_whatever_it_is(text):
    provider = a_provider(parameters=FormParameters((Pair("msg", "<$$Body>"), Pair("a&b", "$$To"))))

    request = request_of(provider, a_message(text=text))

    assert dict(parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=True)) == {
        "msg": f"<{text}>",
        "a&b": "+6591230000",
    }


@given(text=TEXTS)
def test_query_and_path_keep_their_shape_whatever_the_text(text):
    provider = a_provider(
        endpoint="https://sms.example/send/$$Body/x?fixed=1",
        parameters=QueryParameters((Pair("text", "$$Body"),)),
    )

    request = request_of(provider, a_message(text=text))

    parts = urlsplit(request.url)
    query = parse_qs(parts.query, keep_blank_values=True)
    assert request.method == "GET"
    assert request.body == b""
    assert (parts.netloc, parts.path.count("/"), query["fixed"], query["text"]) == (
        "sms.example",
        3,
        ["1"],
        [text],
    )


def test_every_system_token_is_filled_in_any_spelling():
    provider = a_provider(
        parameters=JsonParameters(
            '{"a":"$$to","b":"$$BODY","c":"$$TemplateId","d":"$$campaignid","e":"$$MessageId","f":"v=$$TemplateVariables"}'
        )
    )
    message = a_message(template_id="1007", template_variables=("x", "y"))

    filled = json.loads(request_of(provider, message).body)

    assert list(filled.values()) == ["+6591230000", "Hello Ann", "1007", "12", message.id, "v=x,y"]


def test_template_variables_alone_in_a_string_become_an_array():
    provider = a_provider(parameters=JsonParameters('{"to":"$$To","vars":"$$TemplateVariables"}'))

    filled = json.loads(request_of(provider, a_message(template_variables=('a"b', "ü"))).body)

    assert filled["vars"] == ['a"b', "ü"]


def test_a_token_in_the_name_of_a_member_stays_text():
    provider = a_provider(parameters=JsonParameters('{"$$TemplateVariables":"a","$$MessageID":1}'))

    filled = json.loads(request_of(provider, a_message(template_variables=("x", "y"))).body)

    assert filled == {"x,y": "a", a_message().id: 1}


def test_phone_form_digits_leaves_out_the_plus():
    provider = a_provider(phone_form="digits", parameters=JsonParameters('{"to":"$$To"}'))

    assert json.loads(request_of(provider).body) == {"to": "6591230000"}


def test_custom_tokens_fill_url_headers_and_body():
    provider = a_provider(
        endpoint="https://sms.example/$$unit/send",
        parameters=JsonParameters('{"from":"$$sender","to":"$$To"}'),
    )
    message = a_message(tokens={"unit": "a b", "sender": "ACME", "tag": "t1"})

    request = request_of(provider, message, headers=(("X-Tag", "tag $$tag"),))

    assert request.url == "https://sms.example/a%20b/send"
    assert json.loads(request.body)["from"] == "ACME"
    assert dict(request.headers)["X-Tag"] == "tag t1"


def test_numbers_booleans_and_nesting_of_the_template_stay_as_they_are():
    provider = a_provider(
        parameters=JsonParameters('{"n":1.50,"b":true,"x":null,"deep":[{"to":["$$To"]},{}]}')
    )

    assert json.loads(request_of(provider).body) == {
        "n": 1.5,
        "b": True,
        "x": None,
        "deep": [{"to": ["+6591230000"]}, {}],
    }


def test_batch_repeats_the_one_element_and_sends_the_rest_once():
    provider = a_provider(
        batch=Batch(key="messages", size=100),
        parameters=JsonParameters(
            '{"account":"$$acct","messages":[{"to":"$$To","text":"$$Body","u":"$$unit"}]}'
        ),
    )
    messages = [
        a_message(text="one", tokens={"acct": "A", "unit": "1"}),
        a_message(text='tw"o', tokens={"acct": "A", "unit": "2"}),
    ]

    assert json.loads(request_of(provider, *messages).body) == {
        "account": "A",
        "messages": [
            {"to": "+6591230000", "text": "one", "u": "1"},
            {"to": "+6591230000", "text": 'tw"o', "u": "2"},
        ],
    }


def test_extra_pairs_of_the_campaign_join_the_parameters():
    message = a_message(extra={"tag": "spring & co"})

    as_json = request_of(a_provider(), message)
    as_form = request_of(a_provider(parameters=FormParameters((Pair("to", "$$To"),))), message)
    as_query = request_of(a_provider(parameters=QueryParameters()), message)

    assert json.loads(as_json.body)["tag"] == "spring & co"
    assert dict(parse_qsl(as_form.body.decode()))["tag"] == "spring & co"
    assert dict(parse_qsl(urlsplit(as_query.url).query)) == {"tag": "spring & co"}


def test_a_text_that_looks_like_a_token_is_not_filled_again():
    message = a_message(text="costs $$To and $$Body", tokens={"a": "$$MessageID"})
    provider = a_provider(parameters=JsonParameters('{"t":"$$Body","a":"$$a"}'))

    assert json.loads(request_of(provider, message).body) == {
        "t": "costs $$To and $$Body",
        "a": "$$MessageID",
    }


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\x00b"])
def test_a_header_value_cannot_smuggle_a_line(value):
    with pytest.raises(BadTemplate, match="header"):
        request_of(a_provider(), a_message(tokens={"x": value}), headers=(("X-A", "$$x"),))


@pytest.mark.parametrize(
    ("template", "batch", "says"),
    [
        ('{"to": $$To}', None, "inside quotes"),
        ("", None, "not valid JSON"),
        ('["$$To"]', None, "one JSON object"),
        ('{"to":"$$To"}', "msgs", "exactly one object"),
        ('{"msgs":[]}', "msgs", "exactly one object"),
        ('{"msgs":[{},{}]}', "msgs", "exactly one object"),
        ('{"msgs":["$$To"]}', "msgs", "exactly one object"),
    ],
)
def test_a_template_that_can_make_no_request_is_refused_with_what_to_do(template, batch, says):
    provider = a_provider(
        parameters=JsonParameters(template), batch=Batch(key=batch, size=10) if batch else None
    )

    with pytest.raises(BadTemplate, match=says):
        compile_template(provider, ())


def test_batch_with_form_parameters_is_refused():
    provider = a_provider(parameters=FormParameters(), batch=Batch(key="m", size=2))

    with pytest.raises(BadTemplate, match="Batch needs JSON"):
        compile_template(provider, ())


def test_custom_tokens_are_found_by_block():
    provider = a_provider(
        endpoint="https://sms.example/$$region",
        batch=Batch(key="msgs", size=10),
        parameters=JsonParameters(
            '{"uid":"$$uid","msgs":[{"to":"$$To","u":"$$unit","x":"$$UNIT","t":"$$TemplateID"}]}'
        ),
    )

    blocks = blocks_of(provider, ["Bearer $$key", "$$unit"])

    assert (blocks.message, blocks.header, blocks.global_) == (("unit",), ("key",), ("region", "uid"))
    assert (blocks.uses_template_id, blocks.uses_template_variables) == (True, False)
