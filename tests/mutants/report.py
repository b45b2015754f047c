"""What a night's mutants say: killed, survived and equivalent by file, the survivors, and whether that is enough."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

ENOUGH_PERCENT = 90


class Fate(StrEnum):
    KILLED = "killed"
    SURVIVED = "survived"
    EQUIVALENT = "equivalent"
    NOTICED = "listed as equivalent, but noticed"


@dataclass(frozen=True)
class Line:
    """One mutant in the report."""

    file: str
    fate: Fate
    diff: str


def fate_of(*, is_killed: bool, reason: str | None) -> Fate:
    """Say what a mutant counts as. One that is listed as equivalent is tried all the same: a test may notice it."""
    if reason is None:
        return Fate.KILLED if is_killed else Fate.SURVIVED
    return Fate.NOTICED if is_killed else Fate.EQUIVALENT


def percent_killed(lines: Iterable[Line]) -> float:
    """Return the share of those that could be killed; nothing tried is nothing killed."""
    count = Counter(line.fate for line in lines)
    could = count[Fate.KILLED] + count[Fate.SURVIVED]
    return 100 * count[Fate.KILLED] / could if could else 0.0


def is_enough(lines: list[Line]) -> bool:
    """Say whether the tests notice enough, and the list of equivalents is right."""
    return percent_killed(lines) >= ENOUGH_PERCENT and not any(line.fate is Fate.NOTICED for line in lines)


def written(lines: list[Line]) -> str:
    """Write the report."""
    shown = [line for line in lines if line.fate in (Fate.SURVIVED, Fate.NOTICED)]
    diffs = [f"{line.fate}: {line.file}\n{line.diff}\n" for line in sorted(shown, key=lambda line: line.file)]
    return "\n".join([*diffs, *_table(lines), _sum(lines)]) + "\n"


def _table(lines: list[Line]) -> list[str]:
    by_file: Mapping[str, Counter[Fate]] = defaultdict(Counter)
    for line in lines:
        by_file[line.file][line.fate] += 1
    width = max(map(len, by_file), default=0)
    return [
        f"{file:{width}}  " + " ".join(f"{count[fate]:3} {fate}" for fate in list(Fate)[:3])
        for file, count in sorted(by_file.items())
    ]


def _sum(lines: list[Line]) -> str:
    count = Counter(line.fate for line in lines)
    return (
        f"{percent_killed(lines):.1f} % killed of {count[Fate.KILLED] + count[Fate.SURVIVED]},"
        f" beside {count[Fate.EQUIVALENT]} equivalent; {ENOUGH_PERCENT} % are enough"
    )
