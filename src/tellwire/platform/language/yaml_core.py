"""YAML 1.2's core scalars: `22:00`, `NO`, `on` and `2026-06-06` are texts, as everybody expects who writes them.

Plain data only. An alias is refused, as a few of them can stand for gigabytes.
"""

import re
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


class AliasRefused(yaml.MarkedYAMLError):
    """An alias, where it stands."""


class CoreLoader(yaml.SafeLoader):
    """Reads plain data with the core scalars of YAML 1.2."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - as PyYAML has it; filled below

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse aliases."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # as PyYAML's stubs have it
            raise AliasRefused(problem="Aliases (*name) are not taken: write it out", problem_mark=mark)
        return super().compose_node(parent, index)


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
