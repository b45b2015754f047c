"""Which files are the core whose tests are measured, and which tests are nearest to a file: read from the imports."""

import ast
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

# Patterns below src/tellwire, and the shells that fall under one.
_LISTED = """
kernel/address.py kernel/delivery.py kernel/dialling.py kernel/failure.py kernel/grapheme.py kernel/gsm.py
kernel/json_place.py kernel/lookalike.py kernel/retention.py kernel/sms.py kernel/status.py kernel/tries.py
kernel/verdict.py kernel/choice/*.py kernel/links/*.py kernel/provider/*.py
platform/model/*.py platform/compose/*.py platform/decide/*.py platform/deliver/*.py
platform/backends/moves.py platform/backends/sums.py
gateway/model/*.py gateway/smpp/*.py gateway/accept/submission.py gateway/accept/smpp_submits.py
gateway/carriers/http_outcome.py gateway/carriers/settling.py
"""
_SHELLS = """
platform/decide/worker.py platform/deliver/worker.py
gateway/smpp/handover.py gateway/smpp/link.py gateway/smpp/server.py gateway/smpp/tls.py
"""
CORE, SHELLS = _LISTED.split(), _SHELLS.split()
# Tests that call a file themselves. The others start whole programs, browsers, programs that are not ours, and soaks.
CALLING = ("tests/core/**/test_*.py", "tests/gateway/test_*.py")
APART = {
    f"tests/gateway/test_{name}.py"
    for name in ("gateway_soak", "gateway_killed", "smpp_kannel", "smpp_npm", "openapi", "openapi_sending")
}
WHOLE = {
    Path("src/tellwire", name) for name in ("gateway/main.py", "wiring/gateway.py", "wiring/platform.py")
}
FEW, MANY = 4, 8  # test files a core file: near enough to tell what broke, and few enough to take seconds


def core_files(root: Path) -> list[Path]:
    """Return the files to change, as paths below the root."""
    source = root / "src" / "tellwire"
    shells = {source / name for name in SHELLS}
    paths = {path for pattern in CORE for path in source.glob(pattern)} - shells
    return sorted(path.relative_to(root) for path in paths if path.name != "__init__.py")


def nearest_tests(root: Path, file: Path) -> list[Path]:
    """Return the tests that import the file; while these are few, also those that import what imports it, and so on.

    Of each ring the first are those named after the file, then those that import least else; those that start a whole
    program, and take as long, come last, and of the wider rings not at all.
    """
    imports = _imports(root)
    reached, nearest = {file}, []
    while len(nearest) < FEW:
        ring = {path for path in imports if imports[path] & reached} - reached
        if not ring:
            break
        wanted = [_distance(path, file, imports) for path in ring if path.parts[0] == "tests"]
        nearest += [path for is_whole, *_, path in sorted(wanted) if not (is_whole and nearest)]
        reached |= ring
    return nearest[:MANY]


def _distance(
    test: Path, file: Path, imports: Mapping[Path, frozenset[Path]]
) -> tuple[bool, bool, int, Path]:
    return not WHOLE.isdisjoint(imports[test]), file.stem not in test.stem, len(imports[test]), test


@cache
def _imports(root: Path) -> Mapping[Path, frozenset[Path]]:
    """Return the files of ours that each file of ours and each calling test imports."""
    tests = {path for pattern in CALLING for path in root.glob(pattern)}
    files = [*(root / "src").rglob("*.py"), *tests]
    paths = [path.relative_to(root) for path in files]
    return {path: _imported(root, path) for path in paths if str(path) not in APART}


def _imported(root: Path, path: Path) -> frozenset[Path]:
    tree = ast.parse((root / path).read_text("utf-8"))
    names = (name for node in ast.walk(tree) for name in _names(node))
    files = (Path("src", *name.split(".")).with_suffix(".py") for name in names)
    return frozenset(file for file in files if (root / file).exists())


def _names(node: ast.AST) -> Iterable[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), names=names):
            return [module, *(f"{module}.{alias.name}" for alias in names)]
        case _:
            return []
