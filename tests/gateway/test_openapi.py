"""The gateway's own OpenAPI document is true: whatever is asked by it, or against it, is answered as it says.

That these answers also fit the vendor's published file is checked in `tests/published`.
"""

import re
import warnings
from collections.abc import Iterator
from unittest.mock import Mock

import msgspec
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.gateway.gateway_thread import gateway_in_thread
from tests.gateway.gateway_world import KEY, SUB
from tests.waiting import HANG_S

from tellwire.gateway.api.description import openapi_document
from tellwire.gateway.api.routes import (
    account_routes,
    export_routes,
    message_routes,
    sending_routes,
    survey_routes,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
HEADERS = {"Authorization": f"Bearer {KEY}"}
DOCUMENT = msgspec.json.decode(openapi_document())
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS = [
    (method.upper(), path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    if method in {"get", "post", "delete"}
]
WITH_BODY = [(method, path) for method, path, operation in OPERATIONS if "requestBody" in operation]
# The link of a download is its own secret.
OPEN = [(method, path) for method, path, operation in OPERATIONS if operation.get("security") == []]
ANY = {"umid": "x", "batchId": "x", "jobId": "x", "token": "x"}
ALL = [(method, path) for method, path, _ in OPERATIONS]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with gateway_in_thread(tmp_path_factory.mktemp("gateway")) as address:
        yield address


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def names_in(path: str) -> dict[str, str]:
    """Return the path's places that must be ours, or nothing beyond the check of the caller would ever be tried."""
    ours = {"sub": SUB, "subAccountId": SUB, "acc": "demo", "accountId": "demo", "surveyId": "nps"}
    return {name: value for name, value in ours.items() if f"{{{name}}}" in path}


def ask(
    address: str, session: requests.Session, method: str, path: str, mode: GenerationMode, examples: int
) -> None:
    """Ask an operation `examples` times, with what it allows or with what it does not."""
    names = names_in(path)

    @given(st.data())
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def once(data: st.DataObject) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # schemathesis' own, about what it cannot generate
            case: Case = data.draw(
                SCHEMA[path][method].as_strategy(generation_mode=mode, path_parameters=names, headers=HEADERS)
            )
        case.path_parameters.update(names)
        answer = case.call(base_url=address, session=session, headers=HEADERS, timeout=HANG_S)
        case.validate_response(answer, checks=CHECKS)

    once()


def test_the_document_is_an_openapi_document_and_anybody_may_read_it(
    address: str, session: requests.Session
) -> None:
    answer = session.get(f"{address}/api/openapi.json", timeout=HANG_S)

    SCHEMA.validate()
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].partition(";")[0] == "application/json"
    assert msgspec.json.decode(answer.content) == DOCUMENT


def test_every_route_of_customers_is_described_and_nothing_else() -> None:
    api = Mock()  # a table of routes asks its functions for nothing but their names
    tables = (sending_routes, survey_routes, message_routes, export_routes, account_routes)
    routes = [one for table in tables for one in table(api)]

    served = {(method, nameless(one.pattern)) for one in routes for method in one.methods}
    old = {(method, path) for method, path in served if path.startswith("/sms/v1/")}
    assert {(method, nameless(path)) for method, path in ALL} == served - old


def nameless(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


@pytest.mark.parametrize(("method", "path"), ALL)
def test_whatever_the_document_allows_is_answered_as_it_says(
    address: str, session: requests.Session, method: str, path: str
) -> None:
    ask(address, session, method, path, GenerationMode.POSITIVE, 25 if (method, path) in WITH_BODY else 10)


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
def test_whatever_it_does_not_allow_is_answered_as_it_says_too(
    address: str, session: requests.Session, method: str, path: str
) -> None:
    ask(address, session, method, path, GenerationMode.NEGATIVE, 25)


@pytest.mark.parametrize(("method", "path"), [one for one in ALL if one not in OPEN])
def test_without_a_key_every_operation_is_401_in_the_described_shape(
    address: str, session: requests.Session, method: str, path: str
) -> None:
    url = address + path.format_map({**names_in(path), **ANY})

    answer = session.request(method, url, json={}, timeout=HANG_S)

    assert answer.status_code == 401
    assert SCHEMA[path][method].is_valid_response(answer)


@pytest.mark.parametrize("path", sorted({path for _, path in ALL}))
def test_a_method_that_is_not_described_is_refused_with_the_error_object(
    address: str, session: requests.Session, path: str
) -> None:
    url = address + path.format_map({**names_in(path), **ANY})
    offered = {method for method, one in ALL if one == path}
    for method in {"PUT", "PATCH"} - offered:
        answer = session.request(method, url, headers=HEADERS, timeout=HANG_S)

        assert answer.status_code == 405, (method, path)
        assert offered <= set(answer.headers["Allow"].split(", "))
        assert set(answer.json()) == {"code", "message", "errorId", "timestamp"}
