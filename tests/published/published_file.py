"""The vendor's published OpenAPI file, mended where it contradicts itself, and answers held against it.

The file has no licence, so it is not in this repository: `TELLWIRE_8X8_OPENAPI` names a copy of
`docs_oas/connect/sms_api.json` from https://github.com/8x8Cloud/public-developer-docs.
What is mended, and why, is listed in 8x8 contract 0.1 and decision 10; nothing else is.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import msgspec
import pytest
import requests
import schemathesis
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.schemas import OpenApiSchema

VARIABLE: Final = "TELLWIRE_8X8_OPENAPI"
MESSAGES: Final = "/api/v1/subaccounts/{subAccountId}/messages"
DETAILS: Final = MESSAGES + "/{umid}"
PRICES: Final = "/api/v1/accounts/{accountId}/prices"
# What the platform may answer anywhere (8x8 contract 1.1), with the error object, though no operation lists it.
ANYWHERE: Final = frozenset({"400", "401", "403", "413", "429"})


def read_published() -> dict[str, Any]:
    """Return the file as it is; fails with a sentence when nobody said where it is."""
    named = os.environ.get(VARIABLE)
    if not named:
        raise pytest.UsageError(f"{VARIABLE} must name a copy of the vendor's sms_api.json")
    return msgspec.json.decode(Path(named).read_bytes(), type=dict[str, Any])


def mended(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with the defects of 8x8 contract 0.1 and decision 10 taken out."""
    schemas, paths = document["components"]["schemas"], document["paths"]
    # 0.1 item 2: its own text says either messages or destinations.
    schemas["BatchSmsRequest"]["required"].remove("messages")
    # 0.1 item 3: a message of a batch may inherit its text, one alone may not.
    alone = msgspec.json.decode(msgspec.json.encode(schemas["SmsRequest"]))
    schemas["SmsRequestAlone"] = alone
    paths[MESSAGES]["post"]["requestBody"]["content"]["application/json"]["schema"] = {
        "$ref": "#/components/schemas/SmsRequestAlone"
    }
    schemas["SmsRequest"]["required"].remove("text")
    # 0.1 item 4 and decision 10: the live service answers null.
    for schema, member in (
        ("SmsResponse", "clientMessageId"),
        ("BatchSmsResponse", "clientBatchId"),
        ("BatchSmsResponse", "messages"),
    ):
        schemas[schema]["properties"][member]["nullable"] = True
    # Decision 11: a refused destination comes back as it was written, which need not look like a number.
    destination = schemas["SmsResponse"]["properties"]["destination"]
    is_refused = {"properties": {"status": {"properties": {"code": {"enum": ["REJECTED"]}}}}}
    is_number = {"properties": {"destination": {"pattern": destination.pop("pattern")}}}
    schemas["SmsResponse"]["anyOf"] = [is_refused, is_number]
    # 0.1 item 5: media types that no answer has.
    for answer in paths[DETAILS + "/pii"]["delete"]["responses"].values():
        content = answer["content"]
        if "*/*" in content:
            content["application/json"]["schema"] = content["*/*"]["schema"]
    answers = paths[PRICES]["get"]["responses"]["200"]["content"]
    for invented in set(answers) - {"application/json"}:
        del answers[invented]
    # 0.1 item 6: declared arrays, while every example is an object.
    prices = schemas["PriceSubAccounts"]["properties"]
    prices["outbound"] = {"$ref": "#/components/schemas/PriceOutbound"}
    prices["inbound"] = {
        "type": "object",
        "properties": {"countries": {"type": "array", "items": prices["inbound"]["items"]}},
    }
    return document


class Published:
    """Holds answers, receipts and examples against the mended file."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = mended(document)
        self.schema: OpenApiSchema = schemathesis.openapi.from_dict(self.document)
        details = self.document["paths"][DETAILS]["get"]["responses"]["200"]["content"]["application/json"]
        self._status = jsonschema_rs.validator_for(details["schema"]["properties"]["status"])
        self._price = jsonschema_rs.validator_for(details["schema"]["properties"]["price"])

    def check_answer(
        self, method: str, path: str, status: int, headers: Mapping[str, str], body: bytes
    ) -> None:
        """Fail unless an answer to a call of a published operation has a status and a body that the file allows."""
        template = self._template(method, path)
        operation = self.schema[template][method.upper()]
        declared = self.document["paths"][template][method.lower()]["responses"]
        assert str(status) in declared or str(status) in ANYWHERE, (method, template, status)
        if str(status) not in declared:
            operation = self.schema[DETAILS]["GET"]  # its 429 is the error object that every operation has
            status = 429
        answer = schemathesis.Response(
            status_code=status,
            headers={name.lower(): [value] for name, value in headers.items()},
            content=body,
            request=requests.Request(method, "http://localhost" + path).prepare(),
            elapsed=0.0,
            verify=False,
        )
        flaws = _flaws(operation, answer)
        assert not flaws, f"{method} {template}:\n" + "\n\n".join(flaws)

    def check_receipt(self, body: Mapping[str, Any]) -> None:
        """Fail unless the parts of a receipt that the file describes, its status and its price, are as described."""
        self._status.validate(body["payload"]["status"])
        if "price" in body["payload"]:
            self._price.validate(body["payload"]["price"])

    def request_examples(self, path: str, method: str) -> Iterator[Any]:
        """Yield every example of a request's body that the file shows."""
        media = self.document["paths"][path][method]["requestBody"]["content"]["application/json"]
        if "example" in media:
            yield media["example"]
        yield from (example["value"] for example in media.get("examples", {}).values())
        name = media["schema"].get("$ref", "").rpartition("/")[2]
        schema = self.document["components"]["schemas"].get(name, {})
        if "example" in schema:
            yield schema["example"]
        shown = {
            member: value["example"]
            for member, value in schema.get("properties", {}).items()
            if "example" in value
        }
        if shown:
            yield shown

    def _template(self, method: str, path: str) -> str:
        bare = path.partition("?")[0].split("/")
        fitting = [
            template
            for template, item in self.document["paths"].items()
            if method.lower() in item and _fits(template.split("/"), bare)
        ]
        assert fitting, f"the file has no {method} {path}"
        return min(
            fitting, key=lambda template: template.count("{")
        )  # the literal one before the one with a name


def _flaws(operation: APIOperation, answer: schemathesis.Response) -> list[str]:
    try:
        operation.validate_response(answer)
    except FailureGroup as group:
        return [str(failure) for failure in group.exceptions]
    except Failure as failure:
        return [str(failure)]
    return []


def _fits(template: list[str], path: list[str]) -> bool:
    return len(template) == len(path) and all(
        one.startswith("{") or one == other for one, other in zip(template, path, strict=True)
    )
