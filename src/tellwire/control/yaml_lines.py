"""Where in a YAML text a field stands, for people who mend a document by its line. Pure; asked for on errors only."""

import re
from typing import Final

import yaml

_STEP: Final = re.compile(r"[^.\[\]]+")


def line_of(text: str, path: str) -> int | None:
    """Return the line, from 1, of the field at `path` (`campaigns[0].content.text`), None where that cannot be told.

    Of a field that is not written the line of what should hold it is told. The text is one that was read before.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return None
    line = None
    for step in _STEP.findall(path):
        found = _below(node, step)
        if found is None:
            break
        key, node = found
        line = key.start_mark.line + 1
    return line


def with_lines(text: str, fields: dict[str, str]) -> dict[str, str]:
    """Return what is wrong with each field, with its line before it."""
    lines = {path: line_of(text, path) for path in fields}
    return {path: f"Line {lines[path]}: {why}" if lines[path] else why for path, why in fields.items()}


def _below(node: yaml.Node | None, step: str) -> tuple[yaml.Node, yaml.Node] | None:
    """Return the node that names a step's line, and what it holds."""
    if isinstance(node, yaml.SequenceNode) and step.isdecimal() and int(step) < len(node.value):
        item: yaml.Node = node.value[int(step)]
        return item, item
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == step), None)
    return None
