"""Plain data as YAML and back: what JSON has too, dates as texts, no aliases, nothing that nests without end. Pure."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import yaml

from tellwire.platform.language.rule import DEPTH_LIMIT as RULES_DEEP
from tellwire.platform.language.yaml_core import compose, is_plain_text, load
from tellwire.platform.model.step import DEPTH_LIMIT as STEPS_DEEP

DOCUMENT_LIMIT: Final = 512 * 1024  # characters; some hundred campaigns, and a few seconds of reading
# Of lists and objects inside each other: five for each step within a step, two for each rule within a rule, and what
# stands around them.
DEPTH_LIMIT: Final = 5 * STEPS_DEEP + 2 * RULES_DEEP + 10
WIDTH: Final = 110  # characters of a line


class BadYaml(Exception):
    """The text is no YAML of ours; the message says why, `line` where, from 1, if that is known."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


def loaded(text: str) -> Any:
    """Return what a text says. Raises `BadYaml`."""
    if len(text) > DOCUMENT_LIMIT:
        raise BadYaml(
            f"The document is longer than {DOCUMENT_LIMIT} characters: split it into several files."
        )
    try:
        return _plain(load(text))
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise BadYaml(f"{problem.problem}.", line) from problem
    except RecursionError as problem:
        raise BadYaml(f"The document nests more than {DEPTH_LIMIT} levels.") from problem
    except (yaml.YAMLError, ValueError) as problem:
        raise BadYaml("This is no YAML that can be read.") from problem


def dumped(value: Any) -> str:
    """Return the YAML of plain data, its keys in their order."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=WIDTH)


def lines_in(text: str) -> dict[str, int]:
    """Return the line, from 1, of everything that a text which can be read names, by path (`a.b[0].c`)."""
    root = compose(text)
    return dict(_lines(root, "")) if root is not None else {}


def _lines(node: yaml.Node, path: str) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            place = f"{path}.{key.value}".lstrip(".")
            yield place, key.start_mark.line + 1
            yield from _lines(value, place)
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            place = f"{path}[{number}]"
            yield place, item.start_mark.line + 1
            yield from _lines(item, place)


def _plain(value: Any, depth: int = 0) -> Any:
    """Return the document with dates as text, as conditions compare them. Raises `BadYaml` if it nests too deeply."""
    if depth > DEPTH_LIMIT:
        raise BadYaml(f"The document nests more than {DEPTH_LIMIT} levels.")
    match value:
        case date():
            return value.isoformat()
        case dict():
            return {str(key): _plain(item, depth + 1) for key, item in value.items()}
        case list():
            return [_plain(item, depth + 1) for item in value]
        case _:
            return value


class _Dumper(yaml.SafeDumper):
    """Writes without aliases, and texts of several lines as such."""

    def ignore_aliases(self, _data: Any) -> bool:
        """Write everything out."""
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None if is_plain_text(text) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)
