"""YAML 1.2's core scalars: `22:00`, `NO`, `on` and `2026-06-06` are texts, as everybody expects who writes them.

Plain data only, and only what JSON has too, for that is how it is stored. An alias is refused, as a few of them can
stand for gigabytes; so is a key that a mapping has twice, of which one would be lost without a word.
"""

import math
import re
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

import yaml
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

Read = TypeVar("Read")

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


def load(text: str) -> Any:
    """Return the plain data that a text says. Raises a `yaml.YAMLError`, a `RecursionError` or a `ValueError`."""
    return _read(text, lambda loader: loader.get_single_data())


def compose(text: str) -> yaml.Node | None:
    """Return the nodes that a text has, with their lines; raises as `load` does."""
    node: yaml.Node | None = _read(text, lambda loader: loader.get_single_node())
    return node


def _read(text: str, how: Callable[[Any], Read]) -> Read:
    """Read a text by libyaml where PyYAML has it: nine tenths of the time is its own scanner's, which is in Python.

    That one reads again what libyaml refuses, so that a mistake is said in the same words everywhere.
    """
    if _Quick is not None:
        try:
            return _whole(_Quick(text), how)
        except (yaml.YAMLError, RecursionError, ValueError):
            pass
    return _whole(CoreLoader(text), how)


def _whole(loader: Any, how: Callable[[Any], Read]) -> Read:
    try:
        return how(loader)
    finally:
        loader.dispose()


class _PlainData(Composer, SafeConstructor, Resolver):
    """Plain data with the core scalars of YAML 1.2, whoever scans the text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - as PyYAML has it; filled below

    def compose_node(self: Any, parent: Any, index: Any) -> Any:
        """Refuse what is no plain data, where it stands."""
        if self.check_event(yaml.AliasEvent):
            raise _refused("Aliases (*name) are not taken: write it out", self.peek_event().start_mark)
        node = Composer.compose_node(self, parent, index)
        if isinstance(node, yaml.MappingNode):
            _demand_once(node)
        elif isinstance(node, yaml.ScalarNode):
            for problem in _problems(node):
                raise _refused(problem, node.start_mark)
        return node


class CoreLoader(_PlainData, yaml.SafeLoader):
    """Reads it in Python."""


def _quick_loader() -> Any:
    """Return a loader of it that scans by libyaml, None where PyYAML was built without."""
    if not yaml.__with_libyaml__:
        return None

    class Quick(_PlainData, yaml.CSafeLoader):
        def __init__(self, text: str) -> None:
            yaml.CSafeLoader.__init__(self, text)
            Composer.__init__(self)

    return Quick


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


def _whole_number(_loader: Any, node: yaml.ScalarNode) -> Any:
    text = node.value
    if len(text) > _DIGITS_LIMIT:
        return text
    for prefix, base in (("0o", 8), ("0x", 16)):
        if text.startswith(prefix):
            return int(text[2:], base)
    return int(text)


for name, form, first in _SCALARS:
    _PlainData.add_implicit_resolver(f"{_TAG}{name}", re.compile(f"^(?:{form})$"), list(first))
_PlainData.add_constructor(f"{_TAG}int", _whole_number)

_Quick: Final = _quick_loader()
