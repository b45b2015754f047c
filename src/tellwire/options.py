"""The options `--config`, `--url` and `--token` of commands, and the settings and platform that they lead to."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from cyclopts import Parameter

from tellwire.kernel.telemetry import configure
from tellwire.remote import Remote, RemoteProblem
from tellwire.settings import Settings, load

Url = Annotated[str, Parameter(help="The platform's address; TELLWIRE_URL else, or the settings'.")]
Token = Annotated[str, Parameter(help="Its API token; TELLWIRE_API_TOKEN else, or the settings'.")]
Config = Annotated[Path | None, Parameter(name=["--config", "-c"], help="TOML file with settings.")]


@Parameter(name="*")  # its fields are options of the command itself
@dataclass(frozen=True)
class Where:
    """Which platform a command asks, and by which token."""

    config: Config = None
    url: Url = ""
    token: Token = ""

    def remote(self) -> Remote:
        """Return that platform. Raises `RemoteProblem` if no token is known."""
        settings = settings_of(self.config)
        address = self.url or os.environ.get("TELLWIRE_URL", "") or f"http://{settings.host}:{settings.port}"
        key = self.token or settings.api_token
        if not key:
            raise RemoteProblem("Give --token, or TELLWIRE_API_TOKEN, or --config with an api_token.")
        return Remote(address, key)


HERE: Final = Where()


def settings_of(file: Path | None) -> Settings:
    """Return the settings of the file, else of ./tellwire.toml where there is one, and the environment."""
    settings = load(file or settings_file(), os.environ)
    configure(level=settings.log_level)
    return settings


def settings_file() -> Path | None:
    """Return ./tellwire.toml if it is there."""
    default = Path("tellwire.toml")
    return default if default.exists() else None
