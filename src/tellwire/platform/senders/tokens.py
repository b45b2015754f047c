"""The `$$` tokens of a provider: finding them, and what each stands for (CleverTap contract 1.3 and 1.5)."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from tellwire.platform.model.message import Message
from tellwire.platform.model.provider import JsonParameters, Provider

TOKEN = re.compile(r"\$\$([A-Za-z_][A-Za-z0-9_]*)")

TEMPLATE_VARIABLES = "templatevariables"
# Lower case: pages of the contract spell `$$TemplateID` two ways, so names compare without case.
_SYSTEM_VALUES: Mapping[str, Callable[[Message], str]] = {
    "body": lambda message: message.text,
    "messageid": lambda message: message.id,
    "campaignid": lambda message: str(message.campaign_id),
    "templateid": lambda message: message.template_id,
    TEMPLATE_VARIABLES: lambda message: ",".join(message.template_variables),
}
SYSTEM = frozenset({"to", *_SYSTEM_VALUES})
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


def value_of(name: str, message: Message, phone_form: str) -> str:
    """Return what the token stands for in this message; a custom one nobody gave a value is empty.

    The template's variables join with commas here; where a token is a whole JSON string it is an array instead.
    """
    folded = name.casefold()
    system = _SYSTEM_VALUES.get(folded)
    if system is not None:
        return system(message)
    if folded == "to":
        return message.to.digits if phone_form == "digits" else message.to.e164
    found = message.tokens.get(name)
    if found is not None:
        return found
    return next((value for key, value in message.tokens.items() if key.casefold() == folded), "")


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
