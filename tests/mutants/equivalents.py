"""Mutants that no test can or should kill, each with its reason (`equivalents.toml`)."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

LISTED = Path(__file__).with_name("equivalents.toml")


@dataclass(frozen=True)
class Equivalent:
    """A line, what becomes of it (empty for whatever a mutant makes of it), and why nobody would notice."""

    file: str
    line: str
    because: str
    becomes: str = ""

    def is_of(self, file: str, line: str, becomes: str) -> bool:
        """Say whether a mutant is this one."""
        return (self.file, self.line) == (file, line) and self.becomes in ("", becomes)


class Equivalents:
    """The whole list."""

    def __init__(self, entries: Iterable[Equivalent]) -> None:
        self.entries = tuple(entries)

    @classmethod
    def read(cls, path: Path = LISTED) -> Self:
        """Read the list. A field that is not known is an error."""
        return cls(Equivalent(**entry) for entry in tomllib.loads(path.read_text("utf-8"))["equivalent"])

    def reason(self, file: str, line: str, becomes: str) -> str | None:
        """Return why this mutant counts for nothing, or None if it counts."""
        return next((one.because for one in self.entries if one.is_of(file, line, becomes)), None)

    def without_line(self, root: Path) -> list[Equivalent]:
        """Return the entries whose line does not stand exactly once in its file: the code has moved on."""
        return [one for one in self.entries if _lines(root / one.file).count(one.line) != 1]


def _lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text("utf-8").splitlines()] if path.exists() else []
