"""Bodies that the gateway's own OpenAPI document allows, and that make sense, are taken; and the checks can fail.

A document cannot say which numbers exist, when "in seven days" is, or which message is there to be asked about: of the
bodies that `test_openapi` draws from it most are refused for that. Here those members are drawn with that knowledge.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.core.failures import Failure, FailureGroup
from tests.gateway.gateway_thread import gateway_in_thread
from tests.gateway.gateway_world import KEY, SUB
from tests.gateway.test_openapi import CHECKS, SCHEMA

HEADERS = {"Authorization": f"Bearer {KEY}"}
SUBACCOUNT = "/api/v1/subaccounts/{subAccountId}"
MESSAGES = f"{SUBACCOUNT}/messages"
BATCH = f"{MESSAGES}/batch"
EXAMPLES = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)


def moments(first: timedelta, last: timedelta) -> st.SearchStrategy[str]:
    """Return moments between two from now, written in any zone."""
    now = datetime.now(UTC)
    ahead = st.integers(int(first.total_seconds()), int(last.total_seconds()))
    zones = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
    return st.builds(lambda s, zone: (now + timedelta(seconds=s)).astimezone(zone).isoformat(), ahead, zones)


def rarely(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


# Of one part or a few, and never nothing: the NUL is taken out of every text.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=300)
NUMBERS = st.sampled_from(["+6591230000", "6591230001", "+44 7911 123456", "0033 6 12 34 56 78", 12025550100])
SENDERS = st.from_regex(r"[A-Za-z][A-Za-z0-9 ]{0,9}[A-Za-z0-9]", fullmatch=True) | st.sampled_from(
    ["12345", "+6591230000"]
)
SHARED = {
    "source": rarely(SENDERS),
    "encoding": rarely(st.sampled_from(["AUTO", "auto", "GSM7", "ucs2", ""])),
    # Every one lies ahead, so that nothing of this is sent while it is tested.
    "scheduled": moments(timedelta(hours=1), timedelta(days=6)),
    "expiry": rarely(moments(timedelta(days=6, hours=1), timedelta(days=30))),
}
OWN = {
    "destination": NUMBERS,
    "country": rarely(st.sampled_from(["SG", "gb", ""])),
    "clientMessageId": rarely(st.text(max_size=350) | st.integers()),
    "clientIp": rarely(st.ip_addresses().map(str)),
    "track": rarely(st.sampled_from(["None", "Outcome", "none"])),
}
MESSAGE = st.fixed_dictionaries({**SHARED, **OWN, "text": TEXTS}, optional={"unheard": st.integers()})
OF_ITS_TEMPLATE = st.fixed_dictionaries(OWN, optional={"text": st.none()})
TEMPLATE = st.fixed_dictionaries({**SHARED, "text": TEXTS})
WHOLE = {
    "clientBatchId": rarely(st.text(max_size=100)),
    "includeMessagesInResponse": rarely(st.booleans()),
    "clientIp": rarely(st.ip_addresses().map(str)),
}
BATCHES = (
    st.fixed_dictionaries({**WHOLE, "messages": st.lists(MESSAGE, min_size=1, max_size=5)})
    | st.fixed_dictionaries(
        {**WHOLE, "messages": st.lists(OF_ITS_TEMPLATE, min_size=1, max_size=5), "template": TEMPLATE}
    )
    | st.fixed_dictionaries(
        {**WHOLE, "destinations": st.lists(NUMBERS, min_size=1, max_size=5), "template": TEMPLATE}
    )
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with gateway_in_thread(tmp_path_factory.mktemp("gateway")) as address:
        yield address


def asked(address: str, path: str, body: Any, **names: str) -> tuple[int, Any]:
    """Post a body, hold the answer against the document, and return it."""
    case = SCHEMA[path]["POST"].Case(path_parameters={"subAccountId": SUB, **names}, body=body)
    answer = case.call(base_url=address, headers=HEADERS)
    case.validate_response(answer, checks=CHECKS)
    return answer.status_code, answer.json() if answer.content else None


def test_every_message_that_makes_sense_is_taken(address: str) -> None:
    @EXAMPLES
    @given(MESSAGE)
    def once(message: dict[str, Any]) -> None:
        status, answer = asked(address, MESSAGES, message)

        assert (status, answer["status"]["code"]) == (200, "QUEUED"), answer

    once()


def test_every_batch_that_makes_sense_is_taken_whole(address: str) -> None:
    @EXAMPLES
    @given(BATCHES)
    def once(batch: dict[str, Any]) -> None:
        status, answer = asked(address, BATCH, batch)

        size = len(batch.get("messages") or batch["destinations"])
        assert (status, answer["acceptedCount"], answer["rejectedCount"]) == (200, size, 0), answer
        assert len(answer["messages"] or []) == (size if batch["includeMessagesInResponse"] else 0)

    once()


def test_a_batch_with_flaws_is_taken_but_for_those(address: str) -> None:
    flawed = st.fixed_dictionaries({"destination": st.text(max_size=5), "text": TEXTS})

    @EXAMPLES
    @given(st.lists(MESSAGE, min_size=1, max_size=3), st.lists(flawed, min_size=1, max_size=3))
    def once(good: list[dict[str, Any]], bad: list[dict[str, Any]]) -> None:
        status, answer = asked(address, BATCH, {"messages": [*good, *bad], "includeMessagesInResponse": True})

        codes = [one["status"]["code"] for one in answer["messages"]]
        assert status == 200
        assert codes == ["QUEUED"] * len(good) + ["REJECTED"] * len(bad)
        assert (answer["acceptedCount"], answer["rejectedCount"]) == (len(good), len(bad))

    once()


def test_every_feedback_on_a_message_that_is_there_is_taken(address: str) -> None:
    later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    _, sent = asked(address, MESSAGES, {"destination": "+6591230000", "text": "hi", "scheduled": later})

    for body in (
        {"outcome": "success"},
        {"outcome": "Failure", "timestamp": later},
        {"outcome": "success", "timestamp": None},
    ):
        assert asked(address, f"{MESSAGES}/{{umid}}/feedback", body, umid=sent["umid"]) == (200, None)


@pytest.mark.parametrize("path", [MESSAGES, BATCH])
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (
            500,
            b'{"code":2000,"message":"m","errorId":"00000000-0000-4000-8000-000000000000","timestamp":"t"}',
        ),
        (418, b"{}"),
        (200, b"{}"),
        (200, b"not json"),
    ],
)
def test_the_checks_notice_what_the_document_does_not_allow(path: str, status: int, body: bytes) -> None:
    case: Case = SCHEMA[path]["POST"].Case(path_parameters={"subAccountId": SUB}, body={})
    answer = schemathesis.Response(
        status_code=status,
        headers={"content-type": ["application/json"]},
        content=body,
        request=requests.Request("POST", "http://localhost/").prepare(),
        elapsed=0.0,
        verify=False,
    )

    with pytest.raises((FailureGroup, Failure)):
        case.validate_response(answer, checks=CHECKS)
