"""What the published file shows as a request is taken, word for word."""

import uuid
from typing import Any

import pytest
from tests.gateway.gateway_world import SUB, Client
from tests.published.published_file import MESSAGES, Published

from tellwire.gateway.main import Gateway

OUR_MESSAGES = f"/api/v1/subaccounts/{SUB}/messages"
WEBHOOKS = "/api/v1/accounts/{accountId}/webhooks"


@pytest.fixture
def examples(published: Published) -> Any:
    def of(path: str, method: str = "post") -> list[Any]:
        found = list(published.request_examples(path, method))
        assert found, f"the file shows no body for {method} {path}"
        return found

    return of


async def test_single_sends_are_taken(client: Client, published: Published) -> None:
    for example in published.request_examples(MESSAGES, "post"):
        status, _ = await client.call("POST", OUR_MESSAGES, example)

        assert status == 200, example


async def test_batches_are_taken_whole(client: Client, examples: Any) -> None:
    for example in examples(f"{MESSAGES}/batch"):
        status, answer = await client.batch({**example, "includeMessagesInResponse": True})

        assert status == 200
        assert answer["rejectedCount"] == 0
        assert answer["acceptedCount"] == len(example["messages"])
        assert all(
            sent["destination"].endswith(asked["destination"].removeprefix("+"))
            for sent, asked in zip(answer["messages"], example["messages"], strict=True)
        )


async def test_feedback_is_taken(client: Client, examples: Any) -> None:
    _, sent = await client.send(destination="+6591230000", text="hi", track="Outcome")

    for example in examples(MESSAGES + "/{umid}/feedback"):
        status, _ = await client.call("POST", f"{OUR_MESSAGES}/{sent['umid']}/feedback", example)

        assert status == 200, example


async def test_export_wishes_are_taken(client: Client, examples: Any) -> None:
    for example in examples(f"{MESSAGES}/exports"):
        status, _ = await client.call("POST", f"{OUR_MESSAGES}/exports", example)

        assert status == 202, example


async def test_webhooks_are_taken_and_deleted(gateway: Gateway, client: Client, examples: Any) -> None:
    await gateway.ensure_subaccount("Onion_Marketing")

    for example in examples(WEBHOOKS):
        saved, _ = await client.call("POST", "/api/v1/accounts/demo/webhooks", example)
        deleted, _ = await client.call(
            "DELETE",
            "/api/v1/accounts/demo/webhooks",
            [{"subAccountId": hook["subAccountId"]} for hook in example],
        )

        assert (saved, deleted) == (200, 200), example


async def test_what_a_published_get_answers_may_be_saved_again(
    gateway: Gateway, client: Client, published: Published
) -> None:
    await gateway.ensure_subaccount("Onion_Marketing")
    answers = published.document["paths"][WEBHOOKS]["get"]["responses"]["200"]["content"]["application/json"]

    for example in answers["examples"].values():
        status, _ = await client.call("POST", "/api/v1/accounts/demo/webhooks", example["value"])

        assert status == 200, example


async def test_a_job_id_and_a_umid_of_the_file_are_understood(client: Client) -> None:
    job = "F1T6z9C5tW2QV1pdMzO9xpMXrYEmfnvqORGqpePJGpgzjTJ80TSaZEE7aX2wrgix"

    unknown_job, _ = await client.call("GET", f"{OUR_MESSAGES}/exports/{job}")
    unknown_umid, _ = await client.call("GET", f"{OUR_MESSAGES}/{str(uuid.uuid4()).upper()}")

    assert (unknown_job, unknown_umid) == (404, 404)
