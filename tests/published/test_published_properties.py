"""Whatever the published file allows a client to send gets an answer that the file allows, too."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from tests.gateway.gateway_thread import gateway_in_thread
from tests.gateway.gateway_world import KEY, SUB
from tests.published.published_file import DETAILS, MESSAGES, PRICES, Published

ACCOUNT = "/api/v1/accounts/{accountId}"
POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
# How often an operation is asked with requests that the file allows, or with a body or query that it does not.
OPERATIONS = [
    ("POST", MESSAGES, POSITIVE, 150),
    ("POST", MESSAGES, NEGATIVE, 100),
    ("POST", f"{MESSAGES}/batch", POSITIVE, 150),
    ("POST", f"{MESSAGES}/batch", NEGATIVE, 100),
    ("DELETE", f"{MESSAGES}/batch/{{batchId}}", POSITIVE, 30),
    ("GET", DETAILS, POSITIVE, 30),
    ("DELETE", DETAILS, POSITIVE, 30),
    ("POST", f"{DETAILS}/feedback", POSITIVE, 50),
    ("POST", f"{DETAILS}/feedback", NEGATIVE, 50),
    ("DELETE", f"{DETAILS}/pii", POSITIVE, 20),
    ("POST", f"{MESSAGES}/exports", POSITIVE, 60),
    ("POST", f"{MESSAGES}/exports", NEGATIVE, 60),
    ("GET", f"{MESSAGES}/exports/{{jobId}}", POSITIVE, 20),
    ("DELETE", f"{MESSAGES}/exports/{{jobId}}", POSITIVE, 20),
    ("GET", PRICES, POSITIVE, 60),
    ("GET", PRICES, NEGATIVE, 40),
    ("GET", f"{ACCOUNT}/balance", POSITIVE, 1),
    ("GET", f"{ACCOUNT}/webhooks", POSITIVE, 1),
    ("POST", f"{ACCOUNT}/webhooks", POSITIVE, 100),
    ("POST", f"{ACCOUNT}/webhooks", NEGATIVE, 100),
    ("DELETE", f"{ACCOUNT}/webhooks", POSITIVE, 50),
    ("DELETE", f"{ACCOUNT}/webhooks", NEGATIVE, 50),
]
PATH = {"subAccountId": SUB, "accountId": "demo"}
HEADERS = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data: Path = tmp_path_factory.mktemp("gateway")
    with gateway_in_thread(data) as address:
        yield address


@pytest.mark.parametrize(("method", "template", "mode", "examples"), OPERATIONS)
def test_every_request_gets_a_published_answer(
    published: Published, address: str, method: str, template: str, mode: GenerationMode, examples: int
) -> None:
    operation = published.schema[template][method]
    names = {name: value for name, value in PATH.items() if f"{{{name}}}" in template}
    with requests.Session() as session:

        @given(st.data())
        @settings(
            max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None
        )
        def ask(data: st.DataObject) -> None:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                strategy = operation.as_strategy(generation_mode=mode, path_parameters=names, headers=HEADERS)
                case = data.draw(strategy)
            case.path_parameters.update(names)
            answer = case.call(base_url=address, session=session, headers=HEADERS)
            headers = {name: value[0] for name, value in answer.headers.items()}
            published.check_answer(method, case.formatted_path, answer.status_code, headers, answer.content)

        ask()
