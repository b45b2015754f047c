"""Where in a YAML text a field stands, for people who mend a document by its line. Pure; asked for on errors only."""

import re
from typing import Final

import yaml

from tellwire.platform.language.yaml_core import compose

_STEP: Final = re.compile(r"[^.\[\]]+")


def with_lines(text: str, fields: dict[str, str]) -> dict[str, str]:
    """Return what is wrong with each field (`campaigns[0].content.text`) behind its line, from 1, in their order.

    A field that is not written has the line of the part that should hold it. The text is one that was read before.
    """
    root = _root(text)
    lines = {path: _line_in(root, path) for path in fields}
    ordered = sorted(fields, key=lambda path: lines[path] or 0)
    return {path: f"Line {lines[path]}: {fields[path]}" if lines[path] else fields[path] for path in ordered}


def _root(text: str) -> yaml.Node | None:
    try:
        return compose(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None


def _line_in(node: yaml.Node | None, path: str) -> int | None:
    line = None
    for step in _STEP.findall(path):
        pair = _below(node, step)
        if pair is None:
            break
        key, node = pair
        line = key.start_mark.line + 1
    return line


def _below(node: yaml.Node | None, step: str) -> tuple[yaml.Node, yaml.Node] | None:
    """Return the node that names a step's line, and what it holds."""
    if isinstance(node, yaml.SequenceNode) and step.isdecimal() and int(step) < len(node.value):
        item: yaml.Node = node.value[int(step)]
        return item, item
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == step), None)
    return None
