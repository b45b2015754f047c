"""YAML by libyaml where it is there: it says what PyYAML's own scanner says, and mistakes in the same words."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tellwire.platform.language import yaml_core
from tellwire.platform.language.yaml_core import CoreLoader, compose, load

EXAMPLES = sorted(Path(__file__).parents[2].glob("docs/examples/*/*.yaml"))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)


def slowly(text: str) -> Any:
    return yaml.load(text, Loader=CoreLoader)


def places(node: yaml.Node | None) -> list[tuple[str, str, int]]:
    match node:
        case yaml.MappingNode(value=pairs):
            below = [one for pair in pairs for side in pair for one in places(side)]
        case yaml.SequenceNode(value=items):
            below = [one for item in items for one in places(item)]
        case _:
            below = []
    return [] if node is None else [(node.tag, str(node.id), node.start_mark.line), *below]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_every_example_is_read_alike_and_on_the_same_lines(path: Path) -> None:
    text = path.read_text()

    assert load(text) == slowly(text)
    assert places(compose(text)) == places(yaml.compose(text, Loader=CoreLoader))


@given(VALUES)
def test_what_is_written_is_read_alike(value: Any) -> None:
    text = yaml.safe_dump(value, allow_unicode=True)

    assert repr(load(text)) == repr(slowly(text))


@pytest.mark.parametrize(
    "text",
    [
        *("a: [1, 2", "a: 'x\nb: c", "a: b: c", "{a: 1, a: 2}", "a: &x 1\nb: *x", 'a: "\\q"', "a: .inf"),
        *(
            "\x00",
            "a: \ud800",
            "a: 1\n---\nb: 2",
            "!!python/object:os.system x",
            "[" * 2_000,
            "%YAML 3.0\n---\na: 1",
        ),
    ],
)
def test_a_mistake_is_said_in_the_same_words_with_libyaml_and_without(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusal() -> str:
        with pytest.raises((yaml.YAMLError, RecursionError, ValueError)) as problem:
            load(text)
        mark = getattr(problem.value, "problem_mark", None)
        return f"{getattr(problem.value, 'problem', problem.type)} {mark and mark.line}"

    quick = refusal()
    monkeypatch.setattr(yaml_core, "_Quick", None)

    assert refusal() == quick
