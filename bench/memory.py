"""What the whole demo holds in memory at rest: platform, gateway, carrier, handset and dashboard in one process."""

import json
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench._figures import RUNS, figure, repeated, resident_mb

SETTLE_S = 5.0  # the sample is on its way, and the first pages of memory are given back


def main() -> None:
    figure("memory of the demo at rest", repeated(at_rest, min(RUNS, 3)), "MB", 150, at_most=True)


def at_rest() -> float:
    with tempfile.TemporaryDirectory() as directory:
        ready = Path(directory) / "ready.json"
        command = [sys.executable, "-m", "tellwire", "demo", "--port", "0", "--gateway-port", "0"]
        process = subprocess.Popen([*command, "--ready-file", str(ready)], stdout=subprocess.DEVNULL)
        try:
            while not ready.exists():
                time.sleep(0.05)
            json.loads(ready.read_text())
            time.sleep(SETTLE_S)
            return resident_mb(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(15)


if __name__ == "__main__":
    main()
