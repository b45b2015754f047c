"""Copies a data directory that may be in use: the stores, each at one moment, and the keys that open their secrets.

The copy is made beside its place and gets its name when all of it is on the disk: what has the name is whole.
"""

import shutil
from pathlib import Path
from typing import Final

from tellwire.gateway.main import DATABASE_FILE, KEY_FILE
from tellwire.kernel.disk import sync
from tellwire.kernel.sqlite import StoreError, copy_database
from tellwire.wiring.backend import STORE_NAME
from tellwire.wiring.given import CONFIG_NAME, DEMO_NAME, GATEWAY_FOLDER, KEY_NAME, WiringProblem

# Exports are not in it: they are made again in seconds.
KEPT: Final = (
    Path(STORE_NAME),
    Path(KEY_NAME),
    Path(DEMO_NAME),
    Path(CONFIG_NAME),
    Path(GATEWAY_FOLDER) / DATABASE_FILE,
    Path(GATEWAY_FOLDER) / KEY_FILE,
)


def backup_data(data: Path, to: Path, *, settings_file: Path | None = None) -> list[str]:
    """Copy stores, keys and the settings file to a new directory `to`, and return what was copied.

    Blocks; the stores may be in use meanwhile. Raises `WiringProblem` with nothing left at `to`: when there is nothing
    to copy, when `to` is there already, when the disk is full.
    """
    sources = {path: data / path for path in KEPT if (data / path).exists()}
    if not any(path.suffix == ".db" for path in sources):
        raise WiringProblem(f"There is nothing of Tellwire in {data}.")
    if to.exists():
        raise WiringProblem(f"{to} is there already; a backup never writes over anything.")
    if settings_file is not None:
        sources[Path(CONFIG_NAME)] = settings_file
    partial = to.with_name(to.name + ".partial")
    try:
        _copy_all(sources, partial)
        partial.rename(to)
        sync(to.parent)
    except (OSError, StoreError) as problem:
        shutil.rmtree(partial, ignore_errors=True)
        raise WiringProblem(f"No backup was made, and nothing is left of it: {problem}.") from problem
    return [str(path) for path in sources]


def _copy_all(sources: dict[Path, Path], to: Path) -> None:
    shutil.rmtree(to, ignore_errors=True)  # what a backup that was killed has left
    to.mkdir(mode=0o700, parents=True)
    for path, source in sources.items():
        target = to / path
        target.parent.mkdir(mode=0o700, exist_ok=True)
        if path.suffix == ".db":
            copy_database(source, target)
        else:
            shutil.copy2(source, target)
            target.chmod(0o600)
            sync(target)
        sync(target.parent)
