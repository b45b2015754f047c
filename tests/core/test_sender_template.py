import json
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import a_message, a_number, a_provider

from tellwire.platform.model.provider import Batch, FormParameters, JsonParameters, Pair, QueryParameters
from tellwire.platform.senders.template import BadTemplate, alike, compile_template, fill
from tellwire.platform.senders.tokens import blocks_of

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


@given(text=TEXTS.filter(lambda text: text not in {".", ".."}))  # refused: they lead elsewhere
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
        ("[]", None, "one JSON object"),
        ("[" * 60_000, None, "levels deep"),
        ('{"a":' + "[" * 64 + "]" * 64 + "}", None, "levels deep"),
        ('{"to":"$$To"}', "msgs", "exactly one element"),
        ('[{"to":"$$To"}]', "msgs", "exactly one element"),
        ('{"msgs":[]}', "msgs", "exactly one element"),
        ('{"msgs":[{},{}]}', "msgs", "exactly one element"),
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

    blocks = blocks_of(provider, ["Bearer $$key", "$$region"])

    assert (blocks.message, blocks.header, blocks.global_) == (("unit",), ("key",), ("region", "uid"))
    assert (blocks.uses_template_id, blocks.uses_template_variables) == (True, False)


@pytest.mark.parametrize(
    ("batch", "message", "header"),
    [(Batch(key="msgs", size=10), (), ("unit",)), (None, ("unit",), ())],
    ids=["in a batch", "alone"],
)
def test_a_token_in_a_header_and_a_record_can_be_personal_only_without_a_batch(batch, message, header):
    provider = a_provider(
        batch=batch, parameters=JsonParameters('{"msgs":[{"to":"$$To","u":"$$unit","t":"$$Body"}]}')
    )

    blocks = blocks_of(provider, ["$$unit"])

    assert (blocks.message, blocks.header) == (message, header)


@given(texts=st.lists(TEXTS, min_size=1, max_size=6), units=st.lists(TEXTS, min_size=6, max_size=6))
def test_nobody_gets_the_words_of_another_wherever_they_stand(texts, units):
    provider = a_provider(
        endpoint="https://sms.example/$$unit",
        batch=Batch(key="to", size=10),
        parameters=JsonParameters('{"text":"$$Body","to":["$$To"],"unit":"$$unit"}'),
    )
    template = compile_template(provider, ())
    messages = [
        a_message(id=f"m{n}", text=text, to=a_number(f"+659123000{n}"), tokens={"unit": f"u{units[n]}"})
        for n, text in enumerate(texts)
    ]

    got = {
        number: (body["text"], body["unit"])
        for group in alike(template, messages)
        for body in [json.loads(fill(template, group).body)]
        for number in body["to"]
    }

    assert got == {m.to.e164: (m.text, m.tokens["unit"]) for m in messages}
    assert len(alike(template, messages)) == len({(m.text, m.tokens["unit"]) for m in messages})


def test_extra_pairs_join_what_can_take_them():
    message = a_message(extra={"tag": "x"})
    as_array = a_provider(parameters=JsonParameters('[{"to":"$$To"}]'))
    as_list_of_numbers = a_provider(
        batch=Batch(key="to"), parameters=JsonParameters('{"template":"$$TemplateID","to":["$$To"]}')
    )

    assert json.loads(request_of(as_array, message).body) == [{"to": "+6591230000", "tag": "x"}]
    assert json.loads(request_of(as_list_of_numbers, message, message).body) == {
        "template": "",
        "to": ["+6591230000", "+6591230000"],
        "tag": "x",
    }


def test_a_query_says_a_space_so_that_nobody_reads_a_plus():
    provider = a_provider(parameters=QueryParameters((Pair("the text", "a b $$Body"),)))

    request = request_of(provider, a_message(text="1 + 1", extra={"a b": "c d"}))

    assert urlsplit(request.url).query == "the%20text=a%20b%201%20%2B%201&a%20b=c%20d"


@pytest.mark.parametrize("value", [".", ".."])
def test_a_value_cannot_lead_the_address_elsewhere(value):
    provider = a_provider(endpoint="https://sms.example/v1/$$unit/send")

    with pytest.raises(BadTemplate, match="lead elsewhere"):
        request_of(provider, a_message(tokens={"unit": value}))


@pytest.mark.parametrize(
    "text",
    [
        'quotes " and \\ back',
        "two\nlines\r\n",
        "100% + 5 & more = less",
        "Emoji 🎉 and é",
        "{{x}} </script> \x07",
    ],
)
def test_hard_texts_arrive_as_they_are_in_every_place(text):
    message = a_message(text=text)
    deep = '{"a":[["x",{"b":"<$$Body>"}],"$$Body"],"$$Body":1}'

    body = json.loads(request_of(a_provider(parameters=JsonParameters(deep)), message).body)
    form = request_of(a_provider(parameters=FormParameters((Pair("t", "$$Body"),))), message).body.decode()
    query = request_of(a_provider(parameters=QueryParameters((Pair("t", "$$Body"),))), message).url

    assert body == {"a": [["x", {"b": f"<{text}>"}], text], text: 1}
    assert parse_qsl(form) == [("t", text)]
    assert parse_qsl(urlsplit(query).query) == [("t", text)]
