"""What a linter would say of the pages' JavaScript, which has no build step: a name that is called is known."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "src" / "tellwire"
MODULES = sorted(path for path in ROOT.rglob("*.js") if "vendor" not in path.parts)

_EXPORTED = re.compile(r"^export (?:default )?(?:async )?(?:const|let|function\*?|class) (\w+)", re.MULTILINE)
_IMPORTED = re.compile(r"^(?:import|export) (?:\w+, )?\{([^}]*)\}", re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/|(?<!\S)//[^\n]*", re.DOTALL)


@pytest.fixture(scope="module")
def shared() -> frozenset[str]:
    """Return every name that some module offers to others: only those are looked for."""
    return frozenset(name for path in MODULES for name in _EXPORTED.findall(path.read_text("utf-8")))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_module_calls_it_imports_or_makes(path, shared):
    source = _COMMENT.sub("", path.read_text("utf-8"))

    missing = [name for name in sorted(shared) if _uses(source, name) and not _knows(source, name)]

    assert missing == []


def test_a_call_of_what_is_not_imported_is_found():
    source = 'import { sentence } from "../words.js";\nconst at = (one) => moment(one.at);\n'

    assert _uses(source, "moment")
    assert not _knows(source, "moment")
    assert _knows(source.replace("sentence", "moment, sentence"), "moment")


def _uses(source: str, name: str) -> bool:
    """Say whether it is called, or drawn as a component."""
    return re.search(rf"""(?<![\w.#$"'`/-]){name}\(|<\$\{{{name}\b""", source) is not None


def _knows(source: str, name: str) -> bool:
    imported = {
        one.split(" as ")[-1].strip() for names in _IMPORTED.findall(source) for one in names.split(",")
    }
    made = rf"(?:const|let|function\*?|class|async) \*?{name}\b|[{{(,] *{name}\b *[,}})=:]|\b{name} =>"
    made += rf"|\n  (?:async )?{name}\([^\n]*\) \{{\n"  # a method
    return name in imported or re.search(made, source) is not None
