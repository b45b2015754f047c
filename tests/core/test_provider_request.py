"""The kernel's request template: whatever a value is, it stays in its place."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tellwire.kernel.provider.pieces import BadTemplate, Filling
from tellwire.kernel.provider.request import (
    JsonContent,
    PairContent,
    RequestForm,
    compile_request,
    fill,
    with_content_type,
)

TOKENS = re.compile(r"<([a-d])>")
NAMES = ("a", "b")
VALUES = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
TEMPLATES = st.lists(
    st.sampled_from(["<a>", "<b>", "<", ">", "x", '"', "\\", "%", "&", " ", "é"]), max_size=6
).map("".join)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | TEMPLATES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["k", "<a>", "m<b>"]), inner, max_size=3)
    ),
    max_leaves=8,
)

EMPTY = JsonContent({})


def request(url: str = "https://p.example/send", content: Any = EMPTY, **members: Any) -> RequestForm:
    return RequestForm(method="POST", url=url, content=content, **members)


def filled(form: RequestForm, *fillings: Filling) -> Any:
    return fill(compile_request(form, TOKENS), fillings)


def written(text: str, values: dict[str, str]) -> str:
    return TOKENS.sub(lambda found: values[found[1]], text)


def written_in(document: Any, values: dict[str, str]) -> Any:
    match document:
        case str():
            return written(document, values)
        case list():
            return [written_in(item, values) for item in document]
        case dict():
            return {written(name, values): written_in(item, values) for name, item in document.items()}
        case _:
            return document


def the(values: tuple[str, str]) -> dict[str, str]:
    return dict(zip(NAMES, values, strict=True))


@given(document=DOCUMENTS, values=st.tuples(VALUES, VALUES))
def test_no_value_leaves_its_json_string(document: Any, values: tuple[str, str]) -> None:
    body = filled(request(content=JsonContent(document)), Filling(the(values))).body

    assert json.loads(body) == written_in(document, the(values))


@given(record=DOCUMENTS, texts=st.lists(VALUES, min_size=1, max_size=4))
def test_no_value_leaves_its_record(record: Any, texts: list[str]) -> None:
    content = JsonContent({"before": "<b>", "all": [record], "after": 1}, batch_key="all")

    body = filled(request(content=content), *(Filling(the((text, "b"))) for text in texts)).body

    records = [written_in(record, the((text, "b"))) for text in texts]
    assert json.loads(body) == {"before": "b", "all": records, "after": 1}


@pytest.mark.parametrize("place", ["form", "query"])
@given(pairs=st.lists(st.tuples(TEMPLATES, TEMPLATES), max_size=4), values=st.tuples(VALUES, VALUES))
def test_no_value_leaves_its_pair(place: Any, pairs: list[tuple[str, str]], values: tuple[str, str]) -> None:
    extra = {"more & more": values[0]}

    made = filled(request(content=PairContent(tuple(pairs), place)), Filling(the(values), extra))

    text = made.body.decode() if place == "form" else urlsplit(made.url).query
    wanted = [(written(name, the(values)), written(value, the(values))) for name, value in pairs]
    assert parse_qsl(text, keep_blank_values=True) == [*wanted, *extra.items()]


@given(values=st.tuples(VALUES, VALUES))
def test_no_value_leaves_its_step_of_the_path_or_its_value_in_the_query(values: tuple[str, str]) -> None:
    form = request(url="https://p.example:8443/v1/<a>/send?to=<b>&k=1#no")

    try:
        made = urlsplit(filled(form, Filling(the(values))).url)
    except BadTemplate:
        assert values[0] in {".", ".."}
        return

    assert (made.netloc, made.fragment) == ("p.example:8443", "no")
    assert [unquote(step) for step in made.path.split("/")] == ["", "v1", values[0], "send"]
    assert parse_qsl(made.query, keep_blank_values=True) == [("to", values[1]), ("k", "1")]


@given(value=st.text(max_size=20))
def test_no_value_leaves_its_header(value: str) -> None:
    form = request(headers=(("X-Unit", "u <a>"),))

    try:
        made = filled(form, Filling(the((value, ""))))
    except BadTemplate:
        assert any(ord(letter) < 32 or ord(letter) == 127 for letter in value)
        return

    assert made.headers == (("X-Unit", f"u {value}"),)


@pytest.mark.parametrize(
    "url",
    [
        "https://<a>/x",
        "https://<a>.p.example/x",
        "https://p.example:<a>/",
        "<a>",
        "<a>://p.example/",
        "https://p.example<a>/x",
    ],
)
def test_a_token_cannot_choose_the_host(url: str) -> None:
    with pytest.raises(BadTemplate, match="not in the host"):
        compile_request(request(url=url), TOKENS)


@pytest.mark.parametrize(
    ("document", "body"),
    [
        ({"all": "<a>"}, {"all": ["x", "y"]}),
        ({"all": "<a>!"}, {"all": "x,y!"}),
        ({"<a>": 1}, {"x,y": 1}),
    ],
    ids=["a whole string", "within a string", "a name"],
)
def test_a_list_is_an_array_only_as_a_whole_string(document: Any, body: Any) -> None:
    made = filled(request(content=JsonContent(document)), Filling({"a": ("x", "y")}))

    assert json.loads(made.body) == body


def test_what_one_request_shares_is_what_stands_outside_the_record() -> None:
    content = JsonContent({"k": "<b>", "all": [{"t": "<a>"}]}, batch_key="all")

    template = compile_request(
        request(url="https://p.example/<c>", content=content, headers=(("X", "<d>"),)), TOKENS
    )

    assert set(template.names) == {"a", "b", "c", "d"}
    assert set(template.shared) == {"b", "c", "d"}
    assert not template.shares_extra


def test_a_content_type_of_the_providers_own_stays() -> None:
    assert with_content_type((("content-TYPE", "x/y"),), "a/b") == (("content-TYPE", "x/y"),)
    assert with_content_type((), "a/b") == (("Content-Type", "a/b"),)


def test_authorization_replaces_the_headers_own() -> None:
    template = compile_request(request(headers=(("authorization", "old"), ("X", "1"))), TOKENS)

    assert fill(template, [Filling({})], "Bearer t").headers == (("X", "1"), ("Authorization", "Bearer t"))
