"""The published file's sends of surveys: its own examples are taken, and every answer is one that it allows."""

from tests.gateway.gateway_world import SUB, Client
from tests.published.published_file import Published

from tellwire.gateway.main import Gateway
from tellwire.gateway.surveys.survey import Question, Survey

OURS = f"/api/v1/subaccounts/{SUB}/surveys/nps/messages"
SURVEY = Survey(
    id="nps", subaccount=SUB, title="Survey", questions=(Question(id="1", text="How was it?", kind="text"),)
)


async def test_the_examples_are_taken(gateway: Gateway, client: Client, published: Published) -> None:
    await gateway.surveys.save(SURVEY)
    schemas = published.document["components"]["schemas"]

    single, _ = await client.call("POST", OURS, schemas["SurveyRequest"]["example"])
    batch, answer = await client.call("POST", f"{OURS}/batch", schemas["BatchSurveyRequest"]["example"])

    assert (single, batch) == (200, 200)
    assert (answer["acceptedCount"], answer["rejectedCount"]) == (3, 0)
    assert [one["status"]["code"] for one in answer["messages"]] == ["QUEUED"] * 3


async def test_refusals_are_answered_as_the_file_says(gateway: Gateway, client: Client) -> None:
    await gateway.surveys.save(SURVEY)
    message = {"destination": "+6591230000", "templateBody": "{{url}}"}

    answers = [
        await client.call("POST", OURS, {**message, "templateBody": "no link"}),
        await client.call("POST", OURS.replace("nps", "other"), message),
        await client.call("POST", OURS, message, key="wrong"),
        await client.call("POST", f"{OURS}/batch", {"messages": []}),
        await client.call("POST", f"{OURS}/batch", {"messages": [{**message, "destination": "+12"}]}),
    ]

    assert [status for status, _ in answers] == [400, 400, 401, 400, 200]
