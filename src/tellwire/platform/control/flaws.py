"""What is wrong with a body that an endpoint does not take: every field of it at once, or the place of a JSON mistake.

The decoder stops at the first mistake, and a form that is sent five times to learn of five is no form.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args, get_type_hints

import msgspec

from tellwire.kernel.json_place import json_mistake
from tellwire.kernel.web.asgi import Receive, Scope
from tellwire.platform.language.choices import with_choices
from tellwire.platform.language.sentences import sentence_of

_BODY: Final = "tellwire.body"


def keeping(scope: Scope, receive: Receive) -> Receive:
    """Return a `receive` that keeps what it gives, for who must say what is wrong with it."""
    pieces: list[bytes] = []
    scope[_BODY] = pieces

    async def kept() -> Any:
        message = await receive()
        if body := message.get("body"):
            pieces.append(body)
        return message

    return kept


def body_of(scope: Any) -> bytes:
    """Return the body of a request as far as it was read."""
    return b"".join(scope.get(_BODY, ()))


def mistake_in(scope: Any) -> str:
    """Return where the body stops being JSON, empty if it is JSON."""
    body = body_of(scope)
    if not body:
        return ""
    try:
        msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return json_mistake(body, error)
    return ""


def flaws_in(scope: Any, handler: Any) -> dict[str, str]:
    """Return what is wrong with each member of the body that `handler` takes, by path; empty if that is not known."""
    kind = get_type_hints(handler).get("data")
    if kind is None:
        return {}
    if not body_of(scope):
        return {"data": "The body is empty: send a JSON object."}
    try:
        document = msgspec.json.decode(body_of(scope))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    kinds = [one for one in (kind, *get_args(kind)) if _is_struct(one)]  # of a body that may be left out too
    return dict(_flaws(document, kinds[0], "")) if kinds else {}


def _flaws(document: Any, kind: Any, at: str) -> Iterator[tuple[str, str]]:
    if not isinstance(document, dict) or not _is_struct(kind):
        return
    for field in msgspec.structs.fields(kind):
        if field.encode_name not in document:
            if field.required:
                yield f"{at}{field.encode_name}", "This is missing."
            continue
        value, path = document[field.encode_name], f"{at}{field.encode_name}"
        inner = list(_flaws(value, field.type, f"{path}."))
        yield from inner or _flaw(value, field.type, path)


def _flaw(value: Any, kind: Any, path: str) -> Iterator[tuple[str, str]]:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        words, _, place = str(error).partition(" - at `$")
        inner = place.rstrip("`")
        yield f"{path}{inner}", sentence_of(words, kind, inner)


def with_words(fields: Mapping[str, str], handler: Any) -> dict[str, str]:
    """Return what is wrong with the query's fields, with the choices where one is no choice."""
    kinds = get_type_hints(handler, include_extras=True)
    return {name: with_choices(why, kinds[name]) if name in kinds else why for name, why in fields.items()}


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)
