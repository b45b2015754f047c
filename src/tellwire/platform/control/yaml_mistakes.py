"""Everything that is wrong with the shape of a document, not only what its reader stumbles over first. Pure.

The reader (msgspec) stops at the first mistake, so each one is noted and taken out, and the rest is read again.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar

import msgspec

from tellwire.platform.language.sentences import UNKNOWN, sentence_of

LIMIT: Final = 50  # mistakes that are named; who made more has the wrong file
Kind = TypeVar("Kind")

_PLACE: Final = re.compile(r" - at `\$\.?([^`]*)`$")
_MISSING: Final = re.compile(r"^Object missing required field `(.*)`$")
_STEP: Final = re.compile(r"[^.\[\]]+")
# What stands in for a field that has to be there, so that what comes after it is read too.
_STANDINS: Final[Mapping[str, Any]] = {"tellwire": 1, "nickname": "?", "name": "?"}
_ENTRIES: Final[Mapping[str, Any]] = {"providers": {"nickname": "?"}, "campaigns": {"name": "?"}}


def read_whole(value: Any, kind: type[Kind]) -> tuple[Kind | None, dict[str, str]]:
    """Return what can be read of `value`, which is changed, and why the rest cannot, by path.

    None if nothing can be read.
    """
    mistakes: dict[str, str] = {}
    while len(mistakes) < LIMIT:
        try:
            return msgspec.convert(value, kind), mistakes
        except msgspec.ValidationError as problem:
            path, why = _taken_apart(str(problem))
            if path in mistakes or not _mended(value, _STEP.findall(path), _MISSING.match(why)):
                sentence = sentence_of(why, kind, path)
                return None, {path: sentence.rstrip(".")} | mistakes  # what was said first is the cause
            mistakes[path] = sentence_of(why, kind, path)
    return None, mistakes


def _taken_apart(problem: str) -> tuple[str, str]:
    """Return where and why; an unknown field is where it stands itself, a missing one where it should."""
    place = _PLACE.search(problem)
    path, why = (place[1], problem[: place.start()]) if place else ("", problem)
    own = UNKNOWN.match(why) or _MISSING.match(why)
    return (f"{path}.{own[1]}".lstrip(".") if own else path), why


def _mended(value: Any, steps: list[str], missing: re.Match[str] | None) -> bool:
    """Take out what is wrong, or put in what is missing, and say whether that could be done."""
    if not steps:
        return False
    holders = [value]
    for step in steps[:-1]:
        holders.append(_below(holders[-1], step))
    if steps[-1] == "type" and len(steps) > 1:  # of a union: without it nothing of the union can be read
        steps, holders = steps[:-1], holders[:-1]
    while steps:
        step, holder = steps.pop(), holders.pop()
        if isinstance(holder, dict):
            if step in _STANDINS:
                holder[step] = _STANDINS[step]
                return True
            return missing is None and holder.pop(step, _NOTHING) is not _NOTHING
        if isinstance(holder, list) and len(steps) == 1 and steps[0] in _ENTRIES:
            holder[int(step)] = dict(_ENTRIES[steps[0]])
            return True
    return False


_NOTHING: Final = object()


def _below(holder: Any, step: str) -> Any:
    if isinstance(holder, dict):
        return holder.get(step)
    return holder[int(step)] if isinstance(holder, list) and step.isdecimal() else None
