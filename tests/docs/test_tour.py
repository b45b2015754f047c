"""The README's five minutes: its blocks, as they stand there, and what it says they do."""

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from tests.e2e.conftest import eventually

ROOT = Path(__file__).parents[2]
HANDSET = "+6591234567"
BLOCK = re.compile(r"<!-- tour -->\n+```sh\n(.*?)```", re.DOTALL)


class Tour:
    """A reader in an empty directory, who has a demo running and pastes one block after the other."""

    def __init__(self, directory: Path, demo):
        self.directory = directory
        self.demo = demo
        self.blocks = iter(BLOCK.findall((ROOT / "README.md").read_text()))

    def paste(self, wanted: str) -> str:
        """Run the next block, which has to be the one with these words in it, and return what it prints."""
        block = next(self.blocks)
        assert wanted in block
        # A reader's shell lives on between the blocks; what the first one sets is set again for the others.
        whole = f"if [ -e tour/demo.env ]; then . tour/demo.env; fi\n{block}"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", whole],
            cwd=self.directory,
            env={"PATH": os.environ["PATH"], "HOME": str(self.directory), "COLUMNS": "160"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def texts(self) -> list[str]:
        return [text["text"] for text in self.demo.texts(HANDSET)]


@pytest.fixture
def tour(tmp_path, start_demo) -> Tour:
    assert shutil.which("curl"), "The tour needs curl. On Debian: apt-get install curl"
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    (tmp_path / "scripts").symlink_to(ROOT / "scripts")
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    return Tour(tmp_path, start_demo(tmp_path / "tour"))


def test_the_readmes_tour_does_what_it_says(tour):
    told = tour.paste("a red kite")

    assert '"status":"success"' in told
    assert eventually(tour.texts)[0].startswith("Hi Zoë, thanks for your order of a red kite!")

    told = tour.paste("tellwire explain")

    assert "Order thanks" in told
    assert "stopped" not in told

    told = tour.paste('"MSG-sms": false')

    [stopped] = [line for line in told.splitlines() if line.strip().startswith("stopped")]
    assert "consent" in stopped
    assert len(tour.texts()) == 1

    told = tour.paste("tellwire export")

    exported = tour.directory / "tour" / "catalog.yaml"
    assert "Order thanks" in exported.read_text()
    assert stat.S_IMODE(exported.stat().st_mode) == 0o600
    assert told.strip().startswith("{")

    told = tour.paste("tellwire simulate")

    assert "Abandoned cart/remind" in told
    assert next(tour.blocks, None) is None, "a block of the tour that no test knows"
    assert tour.demo.stop() == 0
