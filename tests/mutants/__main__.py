"""Changes the core in one small way at a time, and fails if the nearest tests notice too little (scripts/mutants)."""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from shutil import copytree

from tests.mutants.core import core_files, nearest_tests
from tests.mutants.equivalents import Equivalent, Equivalents
from tests.mutants.places import mutants_on, sample
from tests.mutants.report import Fate, Line, fate_of, is_enough, written
from tests.mutants.trial import Tried, ask_unchanged, copy_of, try_all

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    options = _options()
    equivalents = Equivalents.read()
    _refuse_stale(equivalents)
    files = [file for file in core_files(ROOT) if not options.files or _is_asked_for(file, options.files)]
    mutants = sample(ROOT, files, each=options.each, seed=options.seed)
    _say(f"{len(mutants)} mutants of {len(files)} files, seed {options.seed}")
    with tempfile.TemporaryDirectory(prefix="tellwire-mutants-") as work:
        copies = _copies(Path(work), options, files)
        until = time.monotonic() + options.minutes * 60
        lines = [_line(tried, equivalents) for tried in try_all(options.python, mutants, copies, until=until)]
    sys.stdout.write(written(lines))
    if len(lines) < len(mutants):
        _say(f"{len(mutants) - len(lines)} were not tried: {options.minutes:g} minutes are up")
    sys.exit(not is_enough(lines))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/mutants", description=__doc__)
    parser.add_argument("files", nargs="*", help="only core files whose path ends so: kernel/tries.py")
    parser.add_argument("--each", type=int, default=3, help="mutants a file (3)")
    parser.add_argument("--seed", default="1", help="which ones: the same seed is the same sample (1)")
    parser.add_argument("--minutes", type=float, default=60, help="no new mutant after these (60)")
    parser.add_argument("--jobs", type=int, default=1, help="at once (1)")
    parser.add_argument("--python", type=Path, required=True, help=argparse.SUPPRESS)
    return parser.parse_args()


def _is_asked_for(file: Path, names: Iterable[str]) -> bool:
    return any(str(file).endswith(name) for name in names)


def _refuse_stale(equivalents: Equivalents) -> None:
    """Stop if an entry of the list fits no mutant: the code or the tool has changed, and its reason with it."""
    stale = [one for one in equivalents.entries if not _is_made(one)]
    if stale:
        sys.exit(
            "No mutant is so any more; mend tests/mutants/equivalents.toml:\n" + "\n".join(map(str, stale))
        )


def _is_made(one: Equivalent) -> bool:
    made = mutants_on(ROOT, Path(one.file), {one.line})
    return any(one.is_of(one.file, mutant.line, mutant.becomes) for mutant in made)


def _copies(work: Path, options: argparse.Namespace, files: Iterable[Path]) -> list[Path]:
    """Make a copy for each job. The tests run in the first, unchanged, so that the others come compiled."""
    first = copy_of(ROOT, work / "0")
    tests = sorted({test for file in files for test in nearest_tests(ROOT, file)})
    failure = ask_unchanged(options.python, first, tests)
    if failure:
        sys.exit(f"The nearest tests fail on the code as it is:\n{failure}")
    return [first, *(copytree(first, work / str(number)) for number in range(1, options.jobs))]


def _line(tried: Tried, equivalents: Equivalents) -> Line:
    mutant = tried.mutant
    file = str(mutant.spec.module_path)
    fate = fate_of(is_killed=tried.is_killed, reason=equivalents.reason(file, mutant.line, mutant.becomes))
    if fate is not Fate.KILLED:
        _say(f"{fate}: {file}: {mutant.line} -> {mutant.becomes}")
    return Line(file, fate, tried.diff)


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
