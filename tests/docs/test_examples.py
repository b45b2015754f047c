"""The examples of the documentation: each gives the lines that stand beside it, to the byte."""

from io import BytesIO
from pathlib import Path

import msgspec
import pytest

from tellwire.platform.rehearse.story import Refused
from tellwire.simulating import run_simulation

EXAMPLES = sorted((Path(__file__).parents[2] / "docs/examples").iterdir())
UNTIL = "2026-07-01T00:00:00Z"


@pytest.mark.parametrize("directory", EXAMPLES, ids=lambda one: one.name)
def test_an_example_does_what_it_says(directory: Path) -> None:
    lines = list(run_simulation([directory / "campaigns.yaml"], directory / "events.ndjson", UNTIL))

    assert not any(isinstance(line, Refused) for line in lines)
    written = BytesIO()
    written.writelines(msgspec.json.encode(line) + b"\n" for line in lines)
    assert written.getvalue() == (directory / "expected.ndjson").read_bytes()


def test_every_example_begins_with_a_sentence() -> None:
    assert all((one / "campaigns.yaml").read_text().startswith("# ") for one in EXAMPLES)
