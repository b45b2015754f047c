"""The API described: `/api/openapi.json`, and the same as a page, `/api/docs`, without a script in it."""

import asyncio
from collections.abc import Iterable, Sequence
from functools import cached_property
from html import escape
from importlib.resources import files
from typing import Any, Final

import msgspec
from litestar import Litestar

from tellwire.kernel.web.asgi import Receive, Scope, Send, answer, json_answer
from tellwire.kernel.web.dispatch import Route, route
from tellwire.kernel.web.pages import Guarded

_METHODS: Final = ("get", "post", "put", "delete")


class Documentation:
    """Made once, when somebody first asks."""

    def __init__(self, framework: Litestar) -> None:
        self._framework = framework

    def routes(self) -> Sequence[Route]:
        """Return the routes of description and page."""
        return (
            route("GET", "/api/openapi.json", self._answer_schema),
            route("GET", "/api/docs", Guarded(self._answer_page)),
            route("GET", "/api/docs.css", Guarded(self._answer_sheet)),
        )

    @cached_property
    def _schema(self) -> dict[str, Any]:
        return completed(self._framework.openapi_schema.to_schema())

    @cached_property
    def _page(self) -> bytes:
        return page_of(self._schema).encode()

    @cached_property
    def _sheet(self) -> bytes:
        return files("tellwire.platform.control").joinpath("docs.css").read_bytes()

    async def _answer_schema(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        schema = await asyncio.to_thread(lambda: self._schema)  # half a second, once
        await json_answer(send, 200, msgspec.json.encode(schema))

    async def _answer_page(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        page = await asyncio.to_thread(lambda: self._page)
        await answer(send, 200, page, kind=b"text/html; charset=utf-8")

    async def _answer_sheet(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await answer(send, 200, self._sheet, kind=b"text/css; charset=utf-8")


def completed(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the framework's description with what it cannot know: our refusals, the live stream, YAML bodies."""
    refusal = {"description": "Why not", "content": {"application/json": {"schema": _reference("Problem")}}}
    for methods in schema["paths"].values():
        for operation in methods.values():
            operation["responses"].pop("400", None)
            operation["responses"]["default"] = refusal
    changes = {"description": "Events named `changes`", "content": {"text/event-stream": {}}}
    live = {
        "tags": ["activity"],
        "description": "What happens, as it happens: server-sent events with events and messages as their data.",
        "responses": {"200": changes, "default": refusal},
    }
    topics = {"description": "Events named `topics`", "content": {"text/event-stream": {}}}
    changed = {
        "tags": ["activity"],
        "description": "Which of `campaigns`, `providers`, `events` and `messages` changed: server-sent events with a "
        "list of these words as their data, at most one a second.",
        "responses": {"200": topics, "default": refusal},
    }
    document = {"content": {"application/yaml": {"schema": {"type": "string"}}}, "required": True}
    schema["paths"]["/api/import"]["post"]["requestBody"] = document
    for path in ("/api/lists/{list_id}/members", "/api/lists/{list_id}/members/remove"):
        schema["paths"][path]["post"]["requestBody"] = _NAMES
    schema["paths"]["/api/live"] = {"get": live}
    schema["paths"]["/api/changes"] = {"get": changed}
    schema["components"]["schemas"]["Problem"] = _PROBLEM
    return schema


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


_NAME: Final[dict[str, Any]] = {
    "anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "object", "maxProperties": 1}],
    "description": "An identity, or `{object_id}`, `{phone}` or `{identity}`.",
}
_NAMES: Final[dict[str, Any]] = {
    "content": {
        "application/json": {"schema": {"type": "array", "items": _NAME}},
        "text/plain": {"schema": {"type": "string", "description": "One name a line."}},
        "text/csv": {
            "schema": {"type": "string", "description": "One name a row; a header may name its column."}
        },
    },
    "required": True,
}
_PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "description": "Why something was not done: a stable code, a sentence with what to do, and why by field.",
    "properties": {
        "error": {
            "type": "object",
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "fields": {"type": "object", "additionalProperties": {"type": "string"}},
            },
            "required": ["code", "message", "fields"],
        }
    },
    "required": ["error"],
}


def page_of(schema: dict[str, Any]) -> str:
    """Return the description as one HTML page."""
    operations = [
        (path, method, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in _METHODS
    ]
    tags = list(dict.fromkeys(tag for _, _, operation in operations for tag in operation.get("tags", ())))
    sections = "".join(_section(tag, operations) for tag in tags)
    shapes = "".join(_shape(name, shape) for name, shape in sorted(schema["components"]["schemas"].items()))
    links = "".join(f'<li><a href="#{escape(tag)}">{escape(tag.capitalize())}</a></li>' for tag in tags)
    info = schema["info"]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info['title'])} API</title>"
        '<link rel="stylesheet" href="/api/docs.css"></head><body>'
        f"<header><h1>{escape(info['title'])} API</h1><p>{escape(info.get('description', ''))}</p>"
        "<p>Send the API token as <code>Authorization: Bearer …</code>. "
        '<a href="/api/openapi.json">The same as OpenAPI</a>.</p></header>'
        f'<nav aria-label="Sections"><ul>{links}<li><a href="#shapes">Shapes</a></li></ul></nav>'
        f'<main>{sections}<section id="shapes"><h2>Shapes</h2>{shapes}</section></main></body></html>'
    )


def _section(tag: str, operations: Iterable[tuple[str, str, dict[str, Any]]]) -> str:
    chosen = "".join(_operation(*one) for one in operations if tag in one[2].get("tags", ()))
    return f'<section id="{escape(tag)}"><h2>{escape(tag.capitalize())}</h2>{chosen}</section>'


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    parameters = [p for p in operation.get("parameters", ()) if p["in"] in {"query", "path"}]
    rows = "".join(
        f"<tr><th scope='row'><code>{escape(p['name'])}</code></th><td>{_type(p.get('schema', {}))}</td>"
        f"<td>{escape(p['in'])}{'' if p.get('required') else ', optional'}</td></tr>"
        for p in parameters
    )
    answers = ", ".join(
        f"{escape(status)} {_content(response)}".strip()
        for status, response in operation.get("responses", {}).items()
    )
    body = operation.get("requestBody")
    return (
        f'<article><h3><span class="method">{method.upper()}</span> <code>{escape(path)}</code></h3>'
        f"<p>{escape(operation.get('description') or operation.get('summary') or '')}</p>"
        + (f"<table><caption>Parameters</caption>{rows}</table>" if rows else "")
        + (f"<p>Takes {_content(body)}.</p>" if body else "")
        + f"<p>Answers {answers}.</p></article>"
    )


def _shape(name: str, shape: dict[str, Any]) -> str:
    required = set(shape.get("required", ()))
    rows = "".join(
        f"<tr><th scope='row'><code>{escape(field)}</code></th><td>{_type(kind)}</td>"
        f"<td>{'required' if field in required else ''}</td></tr>"
        for field, kind in shape.get("properties", {}).items()
    )
    about = escape(shape.get("description", ""))
    table = f"<table><caption>Fields</caption>{rows}</table>" if rows else ""
    return f'<article id="{escape(name)}"><h3>{escape(name)}</h3><p>{about}</p>{table}</article>'


def _content(part: dict[str, Any]) -> str:
    kinds = [_type(media.get("schema", {})) for media in part.get("content", {}).values()]
    return " or ".join(kind for kind in kinds if kind)


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#{escape(name)}">{escape(name)}</a>'
    for joined in ("oneOf", "anyOf"):
        if joined in schema:
            return " or ".join(_type(one) for one in schema[joined])
    if "enum" in schema:
        return " ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {})) or 'values'}"
    kind = schema.get("type", "")
    words = [kind] if isinstance(kind, str) else list(kind)
    return escape(" or ".join(words) + "".join(f" ({schema[key]})" for key in ("format",) if key in schema))
