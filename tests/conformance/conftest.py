"""One open store a test, of every back end there is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from conformance_harness import HARNESSES, Backend, Harness


@pytest.fixture(params=sorted(HARNESSES))
async def harness(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Harness]:
    harness = HARNESSES[request.param](tmp_path)
    yield harness
    await harness.close()


@pytest.fixture
async def backend(harness: Harness) -> Backend:
    return await harness.open()
