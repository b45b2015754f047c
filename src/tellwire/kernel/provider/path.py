"""Where a value stands in JSON or in form fields: `$.messages[0].id`, or `messages.0.id`. Pure.

With a `$` in front it is a JSON path of names and positions (RFC 9535, singular queries); without one it is names and
positions with dots between them. A form or a query is one object of texts.
"""

import re
from typing import Any, Final

import msgspec

LENGTH_LIMIT: Final = 512
_STEP: Final = re.compile(r"""\.([^.\[\]\s]+)|\[(\d{1,6})\]|\['([^']+)'\]|\["([^"]+)"\]""")


class BadPath(ValueError):
    """The text is not a path; the message says how one is written."""


class Path(msgspec.Struct, frozen=True):
    """A compiled path, and how it is written."""

    text: str
    steps: tuple[str, ...]


def path_of(text: str) -> Path:
    """Compile a path. Raises `BadPath`."""
    if not text or len(text) > LENGTH_LIMIT:
        raise BadPath(f"a path is written $.messages[0].id, in at most {LENGTH_LIMIT} characters")
    return Path(text, tuple(_steps(text)) if text.startswith("$") else tuple(text.split(".")))


def at(value: Any, path: Path) -> Any:
    """Return what stands at a path, None when nothing does."""
    for step in path.steps:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _steps(text: str) -> list[str]:
    steps, position = [], 1
    while position < len(text):
        step = _STEP.match(text, position)
        if step is None:
            raise BadPath(f"“{text}” is not a path at character {position + 1}: write $.messages[0].id")
        steps.append(step[step.lastindex or 0])
        position = step.end()
    return steps
