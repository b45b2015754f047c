"""A provider's request: the kernel's template, filled with what the `$$` tokens stand for in a message."""

from collections.abc import Sequence
from typing import assert_never

import msgspec

from tellwire.kernel.http.client import HttpRequest
from tellwire.kernel.provider import request
from tellwire.kernel.provider.json_body import read_document
from tellwire.kernel.provider.pieces import BadTemplate, Filling
from tellwire.kernel.provider.request import Headers, JsonContent, PairContent, RequestForm, RequestTemplate
from tellwire.platform.model.message import Message
from tellwire.platform.model.provider import FormParameters, JsonParameters, Pair, Provider, QueryParameters
from tellwire.platform.senders.tokens import TOKEN, Reader, reader_of

__all__ = ["BadTemplate", "Headers", "ProviderTemplate", "alike", "compile_template", "fill"]

_JSON = "application/json; charset=utf-8"
_FORM = "application/x-www-form-urlencoded; charset=utf-8"


class ProviderTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """A compiled provider: its request, and how the value of each token is read from a message.

    `shared` are the readers of the tokens outside a batch's record, which have one value a request.
    """

    request: RequestTemplate
    readers: tuple[tuple[str, Reader], ...]
    shared: tuple[Reader, ...]


def compile_template(provider: Provider, headers: Headers) -> ProviderTemplate:
    """Compile a provider; `headers` are its headers with their values opened. Raises `BadTemplate`."""
    compiled = request.compile_request(_form_of(provider, headers), TOKEN)
    readers = {name: reader_of(name, provider.phone_form) for name in compiled.names}
    return ProviderTemplate(
        request=compiled,
        readers=tuple(readers.items()),
        shared=tuple(readers[name] for name in compiled.shared),
    )


def alike(template: ProviderTemplate, messages: Sequence[Message]) -> list[list[Message]]:
    """Put messages together that may share a request: those with the same values outside the record.

    One person's words must never go to another, so what stands outside the record and differs (a text or number
    put there, a personalised token in a header) makes a request of its own.
    """
    shared, shares_extra = template.shared, template.request.shares_extra
    if not shared and not shares_extra:
        return [list(messages)]
    groups: dict[tuple[object, ...], list[Message]] = {}
    for message in messages:
        values = tuple([read(message) for read in shared])
        extra = tuple(message.extra.items()) if shares_extra else ()
        groups.setdefault((values, extra), []).append(message)
    return list(groups.values())


def fill(template: ProviderTemplate, messages: Sequence[Message], authorization: str = "") -> HttpRequest:
    """Return the request that hands over these messages: one, or several where the template has a record.

    Raises `BadTemplate` when a value cannot stand in a header or in the path.
    """
    readers = template.readers
    fillings = [
        Filling({name: read(message) for name, read in readers}, message.extra) for message in messages
    ]
    return request.fill(template.request, fillings, authorization)


def _form_of(provider: Provider, headers: Headers) -> RequestForm:
    parameters = provider.parameters
    if provider.batch is not None and not isinstance(parameters, JsonParameters):
        raise BadTemplate("Batch needs JSON parameters: an array of records has no form in a query or form.")
    content: JsonContent | PairContent
    match parameters:
        case JsonParameters(template=text):
            content = JsonContent(read_document(text), provider.batch.key if provider.batch else None)
            return _post(provider, content, request.with_content_type(headers, _JSON))
        case FormParameters(pairs=pairs):
            content = PairContent(_plain(pairs), "form")
            return _post(provider, content, request.with_content_type(headers, _FORM))
        case QueryParameters(pairs=pairs):
            content = PairContent(_plain(pairs), "query")
            return RequestForm(method="GET", url=provider.endpoint, content=content, headers=headers)
        case _:
            assert_never(parameters)


def _post(provider: Provider, content: JsonContent | PairContent, headers: Headers) -> RequestForm:
    return RequestForm(method="POST", url=provider.endpoint, content=content, headers=headers)


def _plain(pairs: tuple[Pair, ...]) -> Headers:
    return tuple((pair.name, pair.value) for pair in pairs)
