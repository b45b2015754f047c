"""YAML 1.2's core scalars: `22:00`, `NO`, `on` and `2026-06-06` are texts, as everybody expects who writes them.

Plain data only, and only what JSON has too, for that is how it is stored. An alias is refused, as a few of them can
stand for gigabytes; so is a key that a mapping has twice, of which one would be lost without a word.
"""

import math
import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

_TAG: Final = "tag:yaml.org,2002:"
# Section 10.3.2 of YAML 1.2.2: the scalars that are no texts, by the characters that they may begin with.
_SCALARS: Final = (
    ("null", r"~|null|Null|NULL|", ("~", "n", "N", "")),
    ("bool", r"true|True|TRUE|false|False|FALSE", tuple("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", tuple("-+0123456789")),
    (
        "float",
        r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?(\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN",
        tuple("-+.0123456789"),
    ),
)
_DIGITS_LIMIT: Final = 400  # of one number


class CoreLoader(yaml.SafeLoader):
    """Reads plain data with the core scalars of YAML 1.2."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - as PyYAML has it; filled below

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse what is no plain data, where it stands."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # as PyYAML's stubs have it
            raise _refused("Aliases (*name) are not taken: write it out", mark)
        node = super().compose_node(parent, index)
        if isinstance(node, yaml.MappingNode):
            _demand_once(node)
        elif isinstance(node, yaml.ScalarNode):
            for problem in _problems(node):
                raise _refused(problem, node.start_mark)
        return node


def is_plain_text(text: str) -> bool:
    """Say whether a text that is written without quotes is read as a text."""
    return not any(re.fullmatch(form, text) for _, form, _ in _SCALARS)


def _refused(problem: str, mark: yaml.Mark) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


def _demand_once(node: yaml.MappingNode) -> None:
    """Refuse a key that stands twice in one mapping."""
    keys: set[str] = set()
    for key, _ in node.value:
        if isinstance(key, yaml.ScalarNode):
            if key.value in keys:
                raise _refused(f"the key `{key.value[:40]}` stands twice in one place", key.start_mark)
            keys.add(key.value)


def _problems(node: yaml.ScalarNode) -> Iterator[str]:
    if _SURROGATE.search(node.value):
        yield "half of a character (a surrogate) is no text"
    if node.tag == f"{_TAG}float" and not math.isfinite(_number(node.value)):
        yield f"`{node.value[:40]}` is not a number that can be kept"


_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def _number(text: str) -> float:
    """Return the number of a float's text; YAML writes infinities and NaN with a dot."""
    return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))


def _whole_number(_loader: CoreLoader, node: yaml.ScalarNode) -> Any:
    text = node.value
    if len(text) > _DIGITS_LIMIT:
        return text
    for prefix, base in (("0o", 8), ("0x", 16)):
        if text.startswith(prefix):
            return int(text[2:], base)
    return int(text)


for name, form, first in _SCALARS:
    CoreLoader.add_implicit_resolver(f"{_TAG}{name}", re.compile(f"^(?:{form})$"), list(first))
CoreLoader.add_constructor(f"{_TAG}int", _whole_number)
