"""A campaign, or a part of one, as YAML and back, for pages that edit one document in both ways. Nothing is saved."""

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any, Final

import msgspec
from litestar import post
from litestar.params import JSONBody

from tellwire.platform.control.yaml_plain import DOCUMENT_LIMIT, BadYaml, dumped, lines_in, loaded


class YamlValue(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be written as YAML: any value of JSON."""

    value: Any


class YamlText(msgspec.Struct, frozen=True, kw_only=True):
    """A text in YAML."""

    text: Annotated[str, msgspec.Meta(max_length=DOCUMENT_LIMIT)]


class YamlWritten(msgspec.Struct, frozen=True, kw_only=True):
    """A value as YAML, and the line of everything that it names, by path (`campaigns[0].start.event`)."""

    text: str
    lines: Mapping[str, int]


class YamlMistake(msgspec.Struct, frozen=True, kw_only=True):
    """Why a text is no YAML; `line` counts from 1, and is null where it is not known."""

    line: int | None
    message: str


class YamlReading(msgspec.Struct, frozen=True, kw_only=True):
    """What a text says, and the lines of what it names, as `YamlWritten` has them."""

    value: Any = None
    lines: Mapping[str, int] = {}
    error: YamlMistake | None = None


@post("/api/yaml/write", status_code=200, tags=["transfer"])
async def write_yaml(data: JSONBody[YamlValue]) -> YamlWritten:
    """Return a value as YAML, its keys in the order in which they came."""
    return await asyncio.to_thread(_written, data.value)


@post("/api/yaml/read", status_code=200, tags=["transfer"])
async def read_yaml(data: JSONBody[YamlText]) -> YamlReading:
    """Return what a text in YAML says. A mistake in it is an `error`, not a refusal: people type such texts."""
    return await asyncio.to_thread(reading_of, data.text)


HANDLERS: Final = [write_yaml, read_yaml]


def reading_of(text: str) -> YamlReading:
    """Return what a text says, or why it says nothing."""
    try:
        value = loaded(text)
    except BadYaml as problem:
        return YamlReading(error=YamlMistake(line=problem.line, message=str(problem)))
    return YamlReading(value=value, lines=lines_in(text))


def _written(value: Any) -> YamlWritten:
    text = dumped(value)
    return YamlWritten(text=text, lines=lines_in(text))
