"""Names say what a variable holds: one named after what happened to it (`told`, `found`) holds anything."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "src" / "tellwire"
FORBIDDEN = frozenset({"told", "found", "asked", "given"})
# So many variables of the rest of the code may still have such a name. The number only falls.
LEFT = 26
# Lines of prose and code with the word that once stood for a dozen things.
TOLD_LINES = 40


def variables(tree: ast.AST) -> Iterator[str]:
    """Return the names that a module sets: variables, parameters, fields, captures."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.MatchAs | ast.MatchStar) and node.name:
            yield node.name


def wrong_names(folder: Path) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}: {name}"
        for path in sorted(folder.rglob("*.py"))
        for name in variables(ast.parse(path.read_text()))
        if name in FORBIDDEN
    ]


@pytest.mark.parametrize("half", ["gateway", "kernel"])
def test_no_variable_is_named_after_what_happened_to_it(half: str) -> None:
    assert wrong_names(ROOT / half) == []


def test_such_names_become_fewer_elsewhere() -> None:
    wrong = wrong_names(ROOT)

    assert len(wrong) <= LEFT, "\n".join(wrong)


def test_the_word_told_stays_rare() -> None:
    files = [*ROOT.rglob("*.py"), *(path for path in ROOT.rglob("*.js") if "vendor" not in path.parts)]
    lines = [line for path in files for line in path.read_text().splitlines() if re.search(r"\btold\b", line)]

    assert len(lines) <= TOLD_LINES, "\n".join(lines)


def test_variables_parameters_fields_and_captures_are_all_seen() -> None:
    text = "found: int = 1\ndef f(told, *, given): asked = 2\nmatch 1:\n    case found: ..."

    assert sorted(FORBIDDEN & set(variables(ast.parse(text)))) == ["asked", "found", "given", "told"]
