"""Old code beside new in the same run: `scripts/bench --against REV [name ...]`.

Makes a checkout of REV with its own environment in a temporary folder, runs each file for both in turn (old, new, old,
new, ...), and prints one JSON line a figure: both medians and the median of the ratios, pair by pair, new to old. The
ratio is above 1 where the new figure is the larger one, whether larger is better or not.

A file that imports nothing of ours measures from outside: the new file is run for both, against the program of each
(BENCH_PYTHON). Others measure inside: each checkout runs its own.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_OURS = re.compile(r"^(?:from|import) tellwire\b", re.MULTILINE)
_BENCH = re.compile(r"^from bench(?:\.| import )(\w+)", re.MULTILINE)
Figures = dict[str, tuple[float, str]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--against", required=True, metavar="REV", help="a commit, branch or tag")
    parser.add_argument("--pairs", type=int, default=5, help="how often each checkout runs")
    parser.add_argument("names", nargs="+", help="names of files in bench/")
    wishes = parser.parse_args()
    with checkout(wishes.against) as old:
        for name in wishes.names:
            compare(name, old, wishes.pairs)


@contextmanager
def checkout(revision: str) -> Iterator[Path]:
    """Yield a folder with that commit, set up to run; it is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "old"
        git = ("git", "-C", str(ROOT), "worktree")
        subprocess.run([*git, "add", "--quiet", "--detach", str(place), revision], check=True)
        try:
            subprocess.run(["scripts/setup"], cwd=place, check=True)
            yield place
        finally:
            subprocess.run([*git, "remove", "--force", str(place)], check=True)


def compare(name: str, old: Path, pairs: int) -> None:
    is_inside = imports_ours(ROOT / "bench" / f"{name}.py")
    runs: list[tuple[Figures, Figures]] = []
    for n in range(pairs):
        print(f"  {name}: pair {n + 1} of {pairs}", file=sys.stderr)
        runs.append((figures_of(name, old if is_inside else ROOT, old), figures_of(name, ROOT, ROOT)))
    for figure, (_, unit) in runs[0][1].items():
        print(json.dumps(line(figure, unit, runs)), flush=True)


def line(figure: str, unit: str, runs: list[tuple[Figures, Figures]]) -> dict[str, object]:
    """Return what is printed of one figure; one that the old checkout lacks has no ratio."""
    new = [after[figure][0] for _, after in runs]
    told: dict[str, object] = {"figure": figure, "unit": unit, "new": round(statistics.median(new), 3)}
    if all(figure in before for before, _ in runs):
        old = [before[figure][0] for before, _ in runs]
        ratios = [n / o for n, o in zip(new, old, strict=True) if o]
        told["old"] = round(statistics.median(old), 3)
        told["ratio"] = round(statistics.median(ratios), 2)
        told["ratios"] = [round(ratio, 2) for ratio in sorted(ratios)]
    return told


def imports_ours(path: Path, seen: frozenset[Path] = frozenset()) -> bool:
    """Whether this file, or a file of bench/ that it imports, imports the program."""
    text = path.read_text()
    inner = {ROOT / "bench" / f"{name}.py" for name in _BENCH.findall(text)} - seen - {path}
    return bool(_OURS.search(text)) or any(imports_ours(p, seen | {path}) for p in inner if p.exists())


def figures_of(name: str, files: Path, program: Path) -> Figures:
    """Run one file once, with the bench files of one checkout and the program of another."""
    interpreter = {where: str(where / ".venv/bin/python") for where in (files, program)}
    environment = {"PYTHONPATH": str(files), "BENCH_RUNS": "1", "BENCH_PYTHON": interpreter[program]}
    done = subprocess.run(
        [interpreter[files], f"bench/{name}.py"],
        cwd=files,
        env={**os.environ, **environment},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    lines = [json.loads(text) for text in done.stdout.splitlines() if text.startswith("{")]
    return {one["figure"]: (one["value"], one["unit"]) for one in lines if "figure" in one}


if __name__ == "__main__":
    main()
