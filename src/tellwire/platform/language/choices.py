"""What may stand where somebody wrote a word that is none of the choices: all of them, and the nearest. Pure.

The reader (msgspec) says only that a word is none; the choices stand in the types that it reads by.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

import msgspec
from msgspec import inspect

from tellwire.platform.language.near import nearest

_NONE: Final = re.compile(r"^Invalid enum value '(.*)'\.?$", re.DOTALL)
_STEP: Final = re.compile(r"[^.\[\]]+")
_SHOWN: Final = 40  # characters of a word


def with_choices(why: str, kind: Any, path: str = "") -> str:
    """Return why a value at this path of `kind` was refused; for a word that is no choice with the choices."""
    word = _NONE.match(why)
    choices = () if word is None else choices_at(kind, path)
    if word is None or not choices:
        return why
    near = nearest(word[1], choices) or "."
    return f"“{word[1][:_SHOWN]}” is none of {', '.join(choices)}{near}"


def choices_at(kind: Any, path: str) -> tuple[str, ...]:
    """Return the words that may stand at a path, as `steps[0].send.passes[1]`; none where others may too."""
    reached = [_info(kind)]
    for step in _STEP.findall(path):
        reached = [below for one in reached for below in _below(one, step)]
    return tuple(dict.fromkeys(str(value) for one in reached for value in _values(one)))


@lru_cache(maxsize=256)
def _info(kind: Any) -> inspect.Type:
    return inspect.type_info(kind)


def _below(kind: inspect.Type, step: str) -> Iterator[inspect.Type]:
    """Yield what may stand in a value of this kind under a name, or at a place."""
    match kind:
        case inspect.Metadata(type=inner):
            yield from _below(inner, step)
        case inspect.UnionType(types=types):
            for one in types:
                yield from _below(one, step)
        case inspect.StructType(cls=cls):
            for field in msgspec.structs.fields(cls):
                if field.encode_name == step:
                    yield _info(field.type)
        case inspect.ListType(item_type=item) | inspect.VarTupleType(item_type=item) if step.isdecimal():
            yield item
        case inspect.DictType(value_type=value):
            yield value
        case _:
            pass


def _values(kind: inspect.Type) -> Iterator[Any]:
    match kind:
        case inspect.Metadata(type=inner):
            yield from _values(inner)
        case inspect.UnionType(types=types):
            for one in types:
                yield from _values(one)
        case inspect.LiteralType(values=values):
            yield from values
        case _:
            pass
