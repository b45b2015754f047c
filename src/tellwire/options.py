"""The option `--config` of commands, and the settings that it leads to."""

import os
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from tellwire.kernel.telemetry import configure
from tellwire.settings import Settings, load

Config = Annotated[Path | None, Parameter(name=["--config", "-c"], help="TOML file with settings.")]


def settings_of(file: Path | None) -> Settings:
    """Return the settings of the file, else of ./tellwire.toml where there is one, and the environment."""
    settings = load(file or settings_file(), os.environ)
    configure(level=settings.log_level)
    return settings


def settings_file() -> Path | None:
    """Return ./tellwire.toml if it is there."""
    default = Path("tellwire.toml")
    return default if default.exists() else None
