"""A whole demo in its own process, as a user starts it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from tests.waiting import HANG_S

T = TypeVar("T")
POLL_S = 0.02
STOP_S = 10  # promised: a stop takes no longer, wherever it is asked for


def eventually(condition: Callable[[], T], deadline_s: float = HANG_S, what: str = "") -> T:
    """Return the first true thing that `condition` gives, or fail when the deadline is over."""
    until = time.monotonic() + deadline_s
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > until:
            pytest.fail(f"not within {deadline_s} s: {what or condition}; last seen: {found!r}")
        time.sleep(POLL_S)


@dataclass
class Demo:
    """A running demo and how to talk to it."""

    process: subprocess.Popen[bytes]
    ready: dict[str, Any]

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        base: str = "platform_url",
        token: str = "api_token",
        headers: dict[str, str] | None = None,
    ) -> tuple[int, Any]:
        """Return the status and the JSON (or text) answered."""
        sent = {
            "Authorization": f"Bearer {self.ready[token]}",
            "Content-Type": "application/json",
            **(headers or {}),
        }
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        request = Request(self.ready[base] + path, data=data, method=method, headers=sent)
        try:
            with urlopen(request, timeout=HANG_S) as answer:
                status, text = answer.status, answer.read().decode()
        except HTTPError as refused:
            status, text = refused.code, refused.read().decode()
        try:
            return status, json.loads(text)
        except ValueError:
            return status, text

    def get(self, path: str, **query: str) -> Any:
        status, told = self.ask("GET", f"{path}?{urlencode(query)}" if query else path)
        assert status == 200, (path, status, told)
        return told

    def post(self, path: str, body: Any = None) -> Any:
        status, told = self.ask("POST", path, {} if body is None else body)
        assert status in {200, 201}, (path, status, told)
        return told

    def upload(self, *records: dict[str, Any]) -> Any:
        headers = {
            "X-CleverTap-Account-Id": self.ready["account_id"],
            "X-CleverTap-Passcode": self.ready["passcode"],
        }
        status, told = self.ask("POST", "/1/upload", {"d": list(records)}, headers=headers)
        assert status == 200, (status, told)
        return told

    def texts(self, number: str) -> list[dict[str, Any]]:
        """Return what stands on a handset, newest first."""
        path = f"/simulator/handsets/{number.removeprefix('+')}/messages"
        status, told = self.ask("GET", path, base="gateway_url", token="gateway_admin_token")
        assert status == 200, (status, told)
        return told["messages"]

    def stop(self, number: int = signal.SIGTERM, deadline_s: float = STOP_S) -> int:
        self.process.send_signal(number)
        return self.process.wait(deadline_s)


@pytest.fixture(scope="session")
def start_demo(tmp_path_factory) -> Iterator[Callable[..., Demo]]:
    """Give a function that starts a demo on free ports: `start_demo(data=..., sample=False)`."""
    started: list[subprocess.Popen[bytes]] = []

    def start(
        data: Path | None = None,
        *arguments: str,
        sample: bool = False,
        env: dict[str, str] | None = None,
        ports: tuple[int, int] = (0, 0),
    ) -> Demo:
        ready_file = tmp_path_factory.mktemp("ready") / "ready.json"
        command = [sys.executable, "-m", "tellwire", "demo"]
        command += ["--port", str(ports[0]), "--gateway-port", str(ports[1])]
        command += ["--ready-file", str(ready_file), *arguments]
        command += ["--data", str(data)] if data else []
        command += [] if sample else ["--no-sample"]
        log = ready_file.with_name("output.txt")
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, **(env or {})}
            )
        started.append(process)

        def is_ready() -> bool:
            if process.poll() is not None:
                pytest.fail(f"the demo ended with {process.returncode}:\n{log.read_text()}")
            return ready_file.exists()

        eventually(is_ready, HANG_S, "the demo's ready file")
        return Demo(process, json.loads(ready_file.read_text()))

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def demo(start_demo, tmp_path_factory) -> Demo:
    """One demo for all tests that leave it as it is (each uses its own profiles)."""
    return start_demo(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def victims_demo(start_demo, tmp_path_factory) -> Iterator[Demo]:
    """One demo for a module that ill-treats it."""
    started = start_demo(tmp_path_factory.mktemp("victim") / "data")
    yield started
    assert started.stop() == 0


@pytest.fixture(scope="module")
def warm_victim(victims_demo):
    from tests.e2e.victim import Victim, works  # noqa: PLC0415 - it needs this file

    made = Victim(victims_demo)
    works(made)
    made.at_start_mb = made.memory_mb()
    return made


@pytest.fixture
def victim(warm_victim):
    """A demo to ill-treat; after each test it has to work, and to be no bigger than it may."""
    from tests.e2e.victim import ROOM_MB, works  # noqa: PLC0415 - it needs this file

    yield warm_victim
    works(warm_victim)
    assert warm_victim.memory_mb() - warm_victim.at_start_mb <= ROOM_MB
