"""The mutants of one file: each is one small mistake, made by cosmic-ray at one place, and a sample of them by seed."""

import ast
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from random import Random

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_item import MutationSpec

# The mistakes that people make. cosmic-ray's others (`==` for `>`, `**` for `+`) are found by any test that comes by:
# they would raise the rate and tell nothing.
_OPERATORS = """
ReplaceComparisonOperator_Lt_LtE ReplaceComparisonOperator_LtE_Lt
ReplaceComparisonOperator_Gt_GtE ReplaceComparisonOperator_GtE_Gt
ReplaceComparisonOperator_Eq_NotEq ReplaceComparisonOperator_NotEq_Eq
ReplaceComparisonOperator_Is_IsNot ReplaceComparisonOperator_IsNot_Is
ReplaceBinaryOperator_Add_Sub ReplaceBinaryOperator_Sub_Add ReplaceBinaryOperator_Mul_Div
ReplaceBinaryOperator_Div_Mul ReplaceBinaryOperator_FloorDiv_Mul ReplaceBinaryOperator_Mod_FloorDiv
ReplaceBinaryOperator_Pow_Mul ReplaceBinaryOperator_LShift_RShift ReplaceBinaryOperator_RShift_LShift
ReplaceBinaryOperator_BitOr_BitAnd ReplaceBinaryOperator_BitAnd_BitOr ReplaceBinaryOperator_BitXor_BitAnd
ReplaceUnaryOperator_Delete_Not ReplaceUnaryOperator_Delete_USub ReplaceUnaryOperator_Delete_Invert
ReplaceTrueWithFalse ReplaceFalseWithTrue ReplaceAndWithOr ReplaceOrWithAnd AddNot NumberReplacer
ReplaceBreakWithContinue ReplaceContinueWithBreak ZeroIterationForLoop ExceptionReplacer RemoveDecorator
"""
OPERATORS = [f"core/{name}" for name in _OPERATORS.split()]
MEMOS = {"cache", "lru_cache"}  # without one all is only slower

Place = tuple[int, int]


@dataclass(frozen=True)
class Mutant:
    """One mistake: what cosmic-ray is to do, and the line as it stands and as it would stand."""

    spec: MutationSpec
    line: str
    becomes: str


def sample(root: Path, files: Iterable[Path], *, each: int, seed: str) -> list[Mutant]:
    """Choose up to `each` places in each file, and one mistake at each: one of every file, then a second of each."""
    chosen = [_chosen(root, file, each=each, random=Random(f"{seed} {file}")) for file in files]
    return [mutant for turn in zip_longest(*chosen) for mutant in turn if mutant]


def mutants_on(root: Path, file: Path, lines: Container[str]) -> list[Mutant]:
    """Make all mutants that begin on one of these lines of a file."""
    code = (root / file).read_text("utf-8")
    stands = code.splitlines()
    return [
        _mutant(code, spec) for spec in _specs(code, file) if stands[spec.start_pos[0] - 1].strip() in lines
    ]


def _chosen(root: Path, file: Path, *, each: int, random: Random) -> list[Mutant]:
    code = (root / file).read_text("utf-8")
    places: dict[Place, list[MutationSpec]] = defaultdict(list)
    for spec in _specs(code, file):
        places[spec.start_pos].append(spec)
    drawn = random.sample(sorted(places), len(places))[
        :each
    ]  # so that more of each have the fewer among them
    return [_mutant(code, random.choice(places[place])) for place in drawn]


def _mutant(code: str, spec: MutationSpec) -> Mutant:
    changed = mutate_code(code, get_operator(spec.operator_name)(), spec.occurrence)
    number = spec.start_pos[0] - 1
    return Mutant(spec, *(lines[number].strip() for lines in (code.splitlines(), changed.splitlines())))


def _specs(code: str, file: Path) -> Iterator[MutationSpec]:
    """Describe every mutation of what is done; what is only declared is for mypy and msgspec."""
    tree = ast.parse(code)
    declared, operands = list(_declared(tree)), list(_between_operands(tree))
    nodes = list(ast_nodes(get_ast(code)))
    for name in OPERATORS:
        operator = get_operator(name)()
        positions = (position for node in nodes for position in operator.mutation_positions(node))
        for occurrence, (start, end) in enumerate(positions):
            is_operation = "ReplaceBinaryOperator" not in name or _lies_in(start, operands)
            if is_operation and not _lies_in(start, declared):
                yield MutationSpec(file, name, occurrence, start, end)


def _lies_in(place: Place, spans: Iterable[tuple[Place, Place]]) -> bool:
    return any(first <= place < last for first, last in spans)


def _between_operands(tree: ast.Module) -> Iterator[tuple[Place, Place]]:
    """Find where operators stand: cosmic-ray 8.7 takes the `*` of `(a, *, b)` and the `**` of `{**a}` for some, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp):
            yield (node.left.end_lineno, node.left.end_col_offset), (node.right.lineno, node.right.col_offset)


def _declared(tree: ast.Module) -> Iterator[tuple[Place, Place]]:
    """Find annotations and flags of classes, which mypy and msgspec read, and what would be no Python any more."""
    for node in ast.walk(tree):
        yield from map(_span, _declarations(node))


def _declarations(node: ast.AST) -> list[ast.AST]:
    match node:
        case ast.AnnAssign(annotation=ast.Name(id="TypeAlias")) | ast.MatchOr():
            return [node]
        case ast.AnnAssign(annotation=annotation) | ast.arg(annotation=ast.expr() as annotation):
            return [annotation]
        case ast.FunctionDef(returns=returns, decorator_list=decorators):
            return [one for one in [*decorators, returns] if one and (one is returns or _is_memo(one))]
        case ast.ClassDef(keywords=keywords):
            return list(keywords)
        case ast.ExceptHandler(type=ast.expr() as kinds):  # cosmic-ray 8.7 only knows plain names there
            return [kind for kind in ast.walk(kinds) if isinstance(kind, ast.Attribute | ast.Starred)]
        case _:
            return []


def _is_memo(decorator: ast.expr) -> bool:
    return any(isinstance(node, ast.Name) and node.id in MEMOS for node in ast.walk(decorator))


def _span(node: ast.AST) -> tuple[Place, Place]:
    # A decorator's mark stands one column before it.
    return (node.lineno, max(0, node.col_offset - 1)), (node.end_lineno, node.end_col_offset)
