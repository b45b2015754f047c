"""Writes an application's modules into few files: one for what all pages need, one for each that is loaded later. Pure.

A page is made of 50 to 80 modules, and fetching each costs a browser some milliseconds, from its cache too: more than
reading them. In a bundle each module is a function around its own lines, which runs once when it is first needed,
after those that it imports, as it would alone:

    import { html } from "./a.js";           define("app/b.js", async () => {
    export const B = () => html`...`;        const { html } = await need("app/a.js");
                                             const B = () => html`...`;
                                             return { B };
                                             });

Not a parser: it knows the statements that our modules and what we vendor are written with, at the beginning of a line
or after a semicolon or brace without a space, and refuses others. An export is a value: one that changes later is
refused too.
"""

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import Final, TypeAlias

import msgspec

ROOT: Final = "/static/"
FOLDER: Final = "bundle"
RUNTIME: Final = "shared/ui/bundle.js"
# At the beginning of a line, or after a semicolon or brace; the word comes first, which is what `re` looks for fast.
_IMPORT_WORD: Final = r"import(?<![^\n;}]import)"
_EXPORT_WORD: Final = r"export(?<![^\n;}]export)"
_NAME: Final = r"[\w$]+"
_IMPORT: Final = re.compile(
    rf'{_IMPORT_WORD}\s*(?:(?P<whole>{_NAME})\s+from\s*|\{{(?P<names>[^}}]*)\}}\s*from\s*)?"(?P<path>[^"]+)";?'
)
_PASSED: Final = re.compile(rf'{_EXPORT_WORD}\s*(?:\{{(?P<names>[^}}]*)\}}|\*)\s*from\s*"(?P<path>[^"]+)";?')
_LISTED: Final = re.compile(rf"{_EXPORT_WORD}\s*\{{(?P<names>[^}}]*)\}};?")
_DEFAULT: Final = re.compile(rf"{_EXPORT_WORD} default (?P<kind>(?:async )?function\*? (?P<name>{_NAME}))?")
_DECLARED: Final = re.compile(
    rf"{_EXPORT_WORD} (?P<kind>const|(?:async )?function\*?|class) (?P<name>{_NAME}|\{{[^}}]*\}})"
)
_LATER: Final = re.compile(r'import\("([^"]+)"\)(?!\.[A-Z])')  # `import("x").Type` is a comment's
_UNREAD: Final = re.compile(rf"(?:{_IMPORT_WORD}|{_EXPORT_WORD})\b(?!\(|:|\.).*")


def bundles_of(sources: Mapping[str, str], start: str) -> dict[str, str]:
    """Return the files that stand for `start` and for every module that is loaded later, by path below `FOLDER`.

    Raises `KeyError` for a module that is not there, and `ValueError` for one that cannot be bundled, such as those
    that import each other: each would wait for the other.
    """
    reading = cache(lambda name: _read(name, sources[name]))
    common = _closure(reading, start)
    bundles = {start: f'{sources[RUNTIME]}\n{_written(reading, common)}\nneed("{start}");\n'}
    ahead = _later(reading, common)
    for name in ahead:  # which grows while it is read
        own = [one for one in _closure(reading, name) if one not in common]
        bundles[name] = f'import {{ define, later, need }} from "{_href(start)}";\n{_written(reading, own)}\n'
        ahead += [one for one in _later(reading, own) if one not in ahead]
    _refuse_circles({one for name in bundles for one in _closure(reading, name)}, reading)
    return {f"{FOLDER}/{name}": text for name, text in bundles.items()}


class _Module(msgspec.Struct, frozen=True, kw_only=True):
    """A module as a bundle has it, the modules it imports, and those it loads later."""

    text: str
    imports: Sequence[str]
    later: Sequence[str]


_Reading: TypeAlias = Callable[[str], _Module]


def _closure(reading: _Reading, start: str) -> list[str]:
    names = [start]
    for name in names:  # which grows while it is read
        names += [one for one in reading(name).imports if one not in names]
    return names


def _later(reading: _Reading, names: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(one for name in names for one in reading(name).later))


def _refuse_circles(names: set[str], reading: _Reading) -> None:
    sorter = TopologicalSorter({name: reading(name).imports for name in names})
    try:
        sorter.prepare()
    except CycleError as circle:
        raise ValueError(f"modules import each other in a circle: {' < '.join(circle.args[1])}") from None


def _written(reading: _Reading, names: Sequence[str]) -> str:
    return "\n".join(reading(name).text for name in names)


def _read(name: str, source: str) -> _Module:
    return _Module(
        text=f'define("{name}", async () => {{\n{_body(name, source)}\n}});',
        imports=tuple(dict.fromkeys(_named(name, path) for path in _paths(source))),
        later=[_named(name, path) for path in _LATER.findall(source)],
    )


def _paths(source: str) -> list[str]:
    return [match["path"] for statement in (_IMPORT, _PASSED) for match in statement.finditer(source)]


def _body(name: str, source: str) -> str:
    exports: list[str] = []
    text = _IMPORT.sub(lambda match: _imported(name, match), source)
    for statement, read in _EXPORTS:
        text = statement.sub(lambda match, read=read: read(name, match, exports), text)  # type: ignore[misc]  # mypy knows no such default
    text = _LATER.sub(lambda match: _loaded(_named(name, match[1])), text)
    if unread := _UNREAD.search(text):
        raise ValueError(f"{name} cannot be bundled: {unread[0][:60]}")
    return f"{text}\nreturn {{ {', '.join(exports)} }};"


def _imported(name: str, match: re.Match[str]) -> str:
    needed = f'await need("{_named(name, match["path"])}");'
    if match["whole"]:
        return f"const {{ default: {match['whole']} }} = {needed}"
    return (
        needed if match["names"] is None else f"const {{{match['names'].replace(' as ', ': ')}}} = {needed}"
    )


def _passed_on(name: str, match: re.Match[str], exports: list[str]) -> str:
    module = f"passed{len(exports)}"
    if match["names"] is None:
        exports.append(f"...{module}")
    else:
        exports += [f"{there}: {module}.{here}" for here, there in _pairs(match["names"])]
    return f'const {module} = await need("{_named(name, match["path"])}");'


def _listed(_name: str, match: re.Match[str], exports: list[str]) -> str:
    exports += [f"{there}: {here}" for here, there in _pairs(match["names"])]
    return ""


def _default(_name: str, match: re.Match[str], exports: list[str]) -> str:
    exports.append(f"default: {match['name'] or 'theDefault'}")
    return match["kind"] or "const theDefault = "


def _declared(_name: str, match: re.Match[str], exports: list[str]) -> str:
    inside = match["name"].strip("{}").split(",")
    exports += [one.partition(":")[2].strip() or one.strip() for one in inside if one.strip()]
    return f"{match['kind']} {match['name']}"


def _pairs(names: str) -> list[tuple[str, str]]:
    """Return `a as b, c` as what it is called in the module and by others."""
    pairs = [one.split(" as ") for one in names.split(",") if one.strip()]
    return [(pair[0].strip(), pair[-1].strip()) for pair in pairs]


def _loaded(name: str) -> str:
    return f'later("{_href(name)}", "{name}")'


def _href(name: str) -> str:
    return f"{ROOT}{FOLDER}/{name}"


# A default that names something in braces would be taken for a list: those of others come first.
_EXPORTS: Final[Sequence[tuple[re.Pattern[str], Callable[[str, re.Match[str], list[str]], str]]]] = (
    (_PASSED, _passed_on),
    (_LISTED, _listed),
    (_DEFAULT, _default),
    (_DECLARED, _declared),
)


def _named(name: str, path: str) -> str:
    """Return the name of the module that the module `name` imports by `path`."""
    if path.startswith(ROOT):
        return path.removeprefix(ROOT)
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
