"""How a figure is measured and told: five runs, their median, one JSON line, and the machine it was."""

import json
import os
import platform
import statistics
import sys
from collections.abc import Callable
from pathlib import Path

RUNS = int(os.environ.get("BENCH_RUNS", "5"))


def figure(
    name: str, values: list[float], unit: str, limit: float | None = None, *, at_most: bool = False
) -> None:
    """Print the median of `values`; `limit` is what the issue asks, `ratio` how many times better than it we are."""
    median = statistics.median(values)
    line: dict[str, object] = {"figure": name, "value": round(median, 3), "unit": unit, "runs": len(values)}
    if len(values) > 1:
        line["lowest"], line["highest"] = round(min(values), 3), round(max(values), 3)
    if limit is not None:
        line["limit"] = limit
        line["ratio"] = round((limit / median) if at_most else (median / limit), 2) if median else None
    print(json.dumps(line), flush=True)


def percentile(values: list[float], share: float) -> float:
    """Return the value below which `share` of them lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def cpu_s(pid: int) -> float:
    """Return the processor seconds a process has used, user and system, its threads included."""
    with Path(f"/proc/{pid}/stat").open() as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    """Return the memory of a process that is its own or shared and in use, in MB."""
    with Path(f"/proc/{pid}/status").open() as status:
        line = next(line for line in status if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def machine() -> str:
    """Return what this machine is, in one line."""
    cores = os.cpu_count()
    return (
        f"{platform.python_implementation()} {platform.python_version()}, {cores} cores, {platform.machine()}"
    )


def repeated(run: Callable[[], float], times: int = RUNS) -> list[float]:
    """Return what each of `times` runs gave, telling the progress on the terminal."""
    values = []
    for n in range(times):
        values.append(run())
        print(f"  run {n + 1} of {times}: {values[-1]:.3f}", file=sys.stderr)
    return values
