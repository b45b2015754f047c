"""Makes sure that a file, or the names in a folder, are on the disk and not only in the system's memory."""

import os
from pathlib import Path


def sync(path: Path) -> None:
    """Return when the content of the file, or the names in the folder, would survive a loss of power. Blocks."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
