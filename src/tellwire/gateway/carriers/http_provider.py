"""An HTTP carrier as data: its table in the carriers' file, compiled for the engine of `kernel/provider`. Pure."""

import re
from typing import Any, Final, Literal

import msgspec

from tellwire.gateway.model.message import Claimed
from tellwire.kernel.http.message import HttpRequest
from tellwire.kernel.provider.answer import AnswerFormat, SuccessRule
from tellwire.kernel.provider.path import path_of
from tellwire.kernel.provider.pieces import BadTemplate, Filling
from tellwire.kernel.provider.receipt import ReceiptFormat
from tellwire.kernel.provider.request import (
    Headers,
    JsonContent,
    PairContent,
    RequestForm,
    RequestTemplate,
    compile_request,
    fill,
    with_content_type,
)
from tellwire.kernel.provider.status_words import StatusWord, standings_of

# What stands in braces and is no name of a token stays as it is typed.
TOKEN: Final = re.compile(r"\{(to|digits|from|text|id|encoding)\}")


class ReceiptTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the provider's receipts are read: paths to the message id and the status, and what its words mean.

    They are posted to `/carriers/<name>/receipts/<token>`; `token` is the secret that proves them.
    """

    token: str
    id: str
    status: str
    words: dict[str, StatusWord]
    error: str | None = None


class HttpCarrierConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One HTTP provider.

    `{to}`, `{digits}`, `{from}`, `{text}`, `{id}` and `{encoding}` are filled in wherever they stand in `url`
    (escaped for a URL), in the values of `headers` and in every text of `body`, which is any JSON value; as `form` or
    `query` it is an object of texts. An answer of 2xx accepts if `accepted_if` (dotted path -> value) holds too and it
    has the provider's id at `answer_id`; "" says that the provider gives none. `most` requests are under way together.
    """

    url: str
    method: Literal["POST", "GET"] = "POST"
    headers: dict[str, str] = {}
    form: Literal["json", "form", "query"] = "json"
    body: Any = None
    accepted_if: dict[str, str] = {}
    answer_id: str = "id"
    receipts: ReceiptTable | None = None
    most: int = 32

    def __repr__(self) -> str:
        """Name the place; headers hold credentials."""
        return f"HttpCarrierConfig({self.url.partition('?')[0]})"


class CompiledProvider(msgspec.Struct, frozen=True, kw_only=True):
    """A carrier's table, compiled; `receipts` is None for a provider that posts none."""

    request: RequestTemplate
    answer: AnswerFormat
    receipts: ReceiptFormat | None


def compile_provider(config: HttpCarrierConfig) -> CompiledProvider:
    """Compile a carrier's table. Raises `ValueError` that says what to mend."""
    return CompiledProvider(
        request=compile_request(_request_form(config), TOKEN),
        answer=answer_format(config.accepted_if, config.answer_id),
        receipts=None if config.receipts is None else receipt_format(config.receipts),
    )


def answer_format(accepted_if: dict[str, str], answer_id: str) -> AnswerFormat:
    """Return how an answer is read, out of the two keys of the table."""
    equals = tuple((path_of(path), wanted) for path, wanted in accepted_if.items())
    return AnswerFormat(success=SuccessRule(equals=equals), id=path_of(answer_id) if answer_id else None)


def receipt_format(table: ReceiptTable) -> ReceiptFormat:
    """Return how receipts are read, out of their table."""
    return ReceiptFormat(
        by="reference",
        id=path_of(table.id),
        status=path_of(table.status),
        words=standings_of(table.words),
        error=None if table.error is None else path_of(table.error),
    )


def request_of(provider: CompiledProvider, claimed: Claimed) -> HttpRequest:
    """Return the request that hands one message over. Raises `BadTemplate` for a value that cannot stand in it."""
    values = {
        "to": f"+{claimed.destination}",
        "digits": claimed.destination,
        "from": claimed.source,
        "text": claimed.body,
        "id": claimed.umid,
        "encoding": claimed.encoding.value,
    }
    return fill(provider.request, [Filling(values)])


def _request_form(config: HttpCarrierConfig) -> RequestForm:
    headers = tuple(config.headers.items())
    content: JsonContent | PairContent
    match config.form:
        case "json":
            content, headers = JsonContent(config.body), with_content_type(headers, "application/json")
        case "form":
            content = PairContent(_pairs(config.body), "form")
            headers = with_content_type(headers, "application/x-www-form-urlencoded")
        case "query":
            content = PairContent(_pairs(config.body), "query")
    return RequestForm(method=config.method, url=config.url, content=content, headers=headers)


def _pairs(body: Any) -> Headers:
    """Return the names and values of a form or a query; numbers and the like as they are written in Python."""
    if body is None:
        return ()
    if not isinstance(body, dict):
        raise BadTemplate("body is a table of texts where form is not json")
    return tuple((name, value if isinstance(value, str) else str(value)) for name, value in body.items())
