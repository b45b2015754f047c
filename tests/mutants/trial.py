"""Tries mutants out: in copies of the tree, one a process, so that the tree that people work in is never changed."""

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import SimpleQueue
from pathlib import Path

from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.work_item import TestOutcome
from tests.mutants.core import nearest_tests
from tests.mutants.places import Mutant

LONGEST_S = 300  # for the tests of one mutant, on a busy machine: an endless loop is noticed, too
LONGEST_TEST_S = 60
# Only what the nearest tests need: schemathesis and Faker alone take longer to import than most tests to run.
# A fixed order and fixed examples, so that the same seed has the same result.
PYTEST = f"""
-m pytest -q -x -p pytest_asyncio.plugin -p pytest_timeout -p _hypothesis_pytestplugin
-p no:cacheprovider --hypothesis-seed=0 --timeout={LONGEST_TEST_S}
""".split()
LONG_AGO = (
    946_684_800  # the copies' time, so that Python sees that a file has changed, and compiles no other anew
)


@dataclass(frozen=True)
class Tried:
    """A mutant, and what became of it."""

    mutant: Mutant
    is_killed: bool
    diff: str


def copy_of(root: Path, home: Path) -> Path:
    """Copy all that git has or would have."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (root / name).is_file():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / name, home / name)
            os.utime(home / name, (LONG_AGO, LONG_AGO))
    return home


def ask_unchanged(python: Path, copy: Path, tests: Iterable[Path]) -> str:
    """Run the tests on the code as it is; return what they say if they fail, or test another tree than the copy."""
    imported = "import tellwire, sys; sys.exit(0 if tellwire.__file__.startswith(sys.argv[1]) else tellwire.__file__)"
    for command in ([python, "-c", imported, f"{copy}{os.sep}"], [python, *PYTEST, *tests]):
        done = subprocess.run(
            command,
            cwd=copy,
            env=os.environ | _environment(copy),
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            return done.stdout + done.stderr
    return ""


def try_all(python: Path, mutants: Iterable[Mutant], copies: list[Path], *, until: float) -> Iterator[Tried]:
    """Try mutants in their order until the time (of `time.monotonic`) is up, as many at once as there are copies."""
    homes: SimpleQueue[Path] = SimpleQueue()
    for copy in copies:
        homes.put(copy)
    with ProcessPoolExecutor(len(copies), initializer=_enter, initargs=(homes,)) as pool:
        waiting = [pool.submit(_try, python, mutant, until) for mutant in mutants]
        yield from filter(None, (one.result() for one in waiting))


def _enter(homes: "SimpleQueue[Path]") -> None:
    copy = homes.get()
    os.chdir(copy)
    os.environ.update(_environment(copy))


def _environment(copy: Path) -> dict[str, str]:
    return {"PYTHONPATH": str(copy / "src"), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def _try(python: Path, mutant: Mutant, until: float) -> Tried | None:
    if time.monotonic() > until:
        return None
    tests = nearest_tests(Path.cwd(), mutant.spec.module_path)
    result = mutate_and_test([mutant.spec], shlex.join(map(str, [python, *PYTEST, *tests])), LONGEST_S)
    if result.test_outcome in (TestOutcome.KILLED, TestOutcome.SURVIVED):
        return Tried(mutant, result.test_outcome == TestOutcome.KILLED, result.diff)
    raise RuntimeError(f"cosmic-ray could not try {mutant}: {result.output}")
