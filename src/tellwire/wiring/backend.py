"""Opens the platform's store: the one place that knows which back end it is."""

from pathlib import Path
from typing import Final

from tellwire.platform.backends.embedded.backend import DATABASE_NAME, InUse, open_embedded
from tellwire.platform.ports.backend import Backend
from tellwire.wiring.given import WiringProblem

STORE_NAME: Final = DATABASE_NAME  # the file of the data directory that a backup copies


async def open_backend(directory: Path) -> Backend:
    """Open or create the store in a data directory. Raises `WiringProblem` when another process has it open."""
    try:
        return await open_embedded(directory)
    except InUse as problem:
        raise WiringProblem(f"{problem}.") from problem
