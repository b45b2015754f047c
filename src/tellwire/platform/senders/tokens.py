"""The `$$` tokens of a provider: finding them, and what each stands for (CleverTap contract 1.3 and 1.5)."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Literal, NamedTuple, TypeAlias

import msgspec

from tellwire.kernel.provider.pieces import Value
from tellwire.platform.model.address import identifier_of, whole
from tellwire.platform.model.message import Message
from tellwire.platform.model.provider import JsonParameters, Provider

TOKEN = re.compile(r"\$\$([A-Za-z_][A-Za-z0-9_]*)")

Reader: TypeAlias = Callable[[Message], Value]
PhoneForm: TypeAlias = Literal["e164", "digits"]

TEMPLATE_VARIABLES = "templatevariables"
# Lower case: pages of the contract spell `$$TemplateID` two ways, so names compare without case.
_SYSTEM_READERS: Mapping[str, Reader] = {
    "body": lambda message: message.text,
    "messageid": lambda message: message.id,
    "campaignid": lambda message: str(message.campaign_id),
    "templateid": lambda message: message.template_id,
    TEMPLATE_VARIABLES: lambda message: message.template_variables,
}
SYSTEM = frozenset({"to", *_SYSTEM_READERS})
PERSONAL = frozenset({"to", "body", "messageid", TEMPLATE_VARIABLES})  # another one for each message


class TokenBlocks(msgspec.Struct, frozen=True, kw_only=True):
    """The custom tokens of a provider, by where they stand: each becomes an input of its campaigns.

    `message` tokens are asked for each message, `header` and `global_` ones once a campaign: a header cannot be
    personalised when batching is on, and what stands outside the batch key is sent once a request. A token in
    several places stands in the first of: global, header (with batching), message, header (without).
    """

    message: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    global_: tuple[str, ...] = ()
    uses_template_id: bool = False
    uses_template_variables: bool = False


class Texts(NamedTuple):
    """The templates of a provider, by block."""

    message: list[str]
    header: list[str]
    global_: list[str]


def names_in(texts: Iterable[str]) -> list[str]:
    """Return the names of all tokens, first spelling kept, in order of appearance."""
    seen: dict[str, str] = {}
    for text in texts:
        for name in TOKEN.findall(text):
            seen.setdefault(name.casefold(), name)
    return list(seen.values())


def blocks_of(provider: Provider, header_values: Iterable[str]) -> TokenBlocks:
    """Return the custom tokens of a provider by block; `header_values` are its headers, opened."""
    texts = texts_of(provider, list(header_values))
    every = {name.casefold() for name in names_in([*texts.message, *texts.header, *texts.global_])}
    global_ = _custom(texts.global_)
    if provider.batch is None:
        message = _custom(texts.message)
        header = _custom(texts.header, but=message)
    else:
        header = _custom(texts.header, but=global_)
        message = _custom(texts.message, but=(*global_, *header))
    return TokenBlocks(
        message=message,
        header=header,
        global_=global_,
        uses_template_id="templateid" in every,
        uses_template_variables=TEMPLATE_VARIABLES in every,
    )


def texts_of(provider: Provider, headers: list[str]) -> Texts:
    """Return what holds the provider's tokens, by block; `headers` are its header values, opened."""
    parameters = provider.parameters
    if not isinstance(parameters, JsonParameters):
        pairs = [text for pair in parameters.pairs for text in (pair.name, pair.value)]
        return Texts([provider.endpoint, *pairs], headers, [])
    if provider.batch is None:
        return Texts([provider.endpoint, parameters.template], headers, [])
    try:
        document = msgspec.json.decode(parameters.template)
    except msgspec.DecodeError:
        return Texts([provider.endpoint, parameters.template], headers, [])
    record = document.pop(provider.batch.key, []) if isinstance(document, dict) else []
    return Texts(strings_of(record), headers, [provider.endpoint, *strings_of(document)])


def reader_of(name: str, phone_form: PhoneForm) -> Reader:
    """Return how the token's value is read from a message; a custom token without a value is empty.

    The template's variables are a list: they join with commas, but are an array where the token is a whole JSON string.
    """
    folded = name.casefold()
    if folded == "to":
        return _to_digits if phone_form == "digits" else _to_e164
    return _SYSTEM_READERS.get(folded) or partial(_custom_value, name, folded)


def strings_of(document: Any) -> list[str]:
    """Return every string of a JSON document, names of members included."""
    match document:
        case str():
            return [document]
        case list():
            return [text for item in document for text in strings_of(item)]
        case dict():
            return [text for key, item in document.items() for text in (key, *strings_of(item))]
        case _:
            return []


def _custom(texts: list[str], but: tuple[str, ...] = ()) -> tuple[str, ...]:
    taken = {name.casefold() for name in but} | SYSTEM
    return tuple(name for name in names_in(texts) if name.casefold() not in taken)


def _to_e164(message: Message) -> str:
    return whole(message.to)


def _to_digits(message: Message) -> str:
    return identifier_of(message.to)


def _custom_value(name: str, folded: str, message: Message) -> str:
    value = message.tokens.get(name)
    if value is not None:
        return value
    return next((text for key, text in message.tokens.items() if key.casefold() == folded), "")
