"""A form as its fields by path, and what differs between two of them, with secrets hidden on both sides. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from tellwire.platform.model.audit import FIELDS_LIMIT, TEXT_LIMIT, FieldDiff

PATH_LIMIT: Final = 300  # characters of a path that are kept

Fields = Mapping[str, Any]


class Form(NamedTuple):
    """The fields of a form by path: as they are, to compare them, and as people may see them."""

    real: Fields
    shown: Fields


NOTHING: Final = Form({}, {})


def fields_of(value: Any) -> dict[str, Any]:
    """Return the leaves of a form, by path: things with an id go by it, others in a list by their place.

    What is empty is as if absent. Where things have ids, their order is a field too.
    """
    return dict(_leaves("", value))


def differences(before: Form, after: Form) -> tuple[tuple[FieldDiff, ...], int]:
    """Return the fields that differ, in the order in which they stand, and how many more there are than are kept."""
    paths = [path for path in {**after.real, **before.real} if before.real.get(path) != after.real.get(path)]
    kept = tuple(_diff(path, before.shown.get(path), after.shown.get(path)) for path in paths[:FIELDS_LIMIT])
    return kept, len(paths) - len(kept)


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    match value:
        case None | "":
            return
        case dict():
            for name, member in value.items():
                yield from _leaves(f"{path}.{name}" if path else str(name), member)
        case list() | tuple() if value and all(isinstance(item, dict) for item in value):
            yield from _items(path, value)
        case list() | tuple():
            if value:
                yield path, list(value)
        case _:
            yield path, value


def _items(path: str, items: list[dict[str, Any]] | tuple[dict[str, Any], ...]) -> Iterator[tuple[str, Any]]:
    ids = [item.get("id") for item in items]
    if all(isinstance(one, str) and one for one in ids) and len(set(ids)) == len(ids):
        yield path, ids
        for item in items:
            rest = {name: member for name, member in item.items() if name != "id"}
            yield from _leaves(f"{path}.{item['id']}", rest)
        return
    for place, item in enumerate(items):
        yield from _leaves(f"{path}[{place}]", item)


def _diff(path: str, before: Any, after: Any) -> FieldDiff:
    kept_before, before_length = _cut(before)
    kept_after, after_length = _cut(after)
    return FieldDiff(
        field=path[:PATH_LIMIT],
        before=kept_before,
        after=kept_after,
        before_length=before_length,
        after_length=after_length,
        is_secret=before == after,
    )


def _cut(value: Any) -> tuple[Any, int]:
    """Return a value, or the beginning of one that is too long and the length of the whole."""
    if value is None or isinstance(value, bool | int | float):
        return value, 0
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return (value, 0) if len(text) <= TEXT_LIMIT else (text[:TEXT_LIMIT], len(text))
