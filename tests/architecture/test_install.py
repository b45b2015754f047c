"""What is installed is what is declared. That the lowest versions work is tried by `scripts/nightly`."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DECLARED = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]


def test_the_lock_file_fits_what_is_declared():
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}") or shutil.which("uv")
    assert uv, "There is no uv. scripts/setup gets it into .venv."

    done = subprocess.run(
        [uv, "lock", "--check", "--offline", "--no-cache"],  # there may be no home to keep one in
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("declared", DECLARED)
def test_every_dependency_says_from_which_version_it_works(declared):
    assert ">=" in declared, f"{declared}: say the lowest version that the tests pass on"


def test_the_program_starts_without_what_only_tests_need():
    alone = (
        "import sys, tellwire.cli, tellwire.wiring.platform;"
        "assert not {'pytest', 'hypothesis', 'playwright', 'schemathesis'} & set(sys.modules)"
    )

    subprocess.run([sys.executable, "-c", alone], check=True, timeout=30)
