"""A platform and a sink as processes of their own, set up over the JSON API as a user would."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from bench._load import post

ACCOUNT, PASSCODE, TOKEN = "BENCH", "pass_bench", "tw_bench"
START_S = 30.0
# The interpreter whose `tellwire` is measured: another checkout's, when `_compare` sets old code beside new.
MEASURED = os.environ.get("BENCH_PYTHON", sys.executable)


@dataclass
class Sink:
    process: subprocess.Popen[str]
    port: int

    def stats(self, *, clear: bool = False) -> dict[str, Any]:
        with urlopen(f"http://127.0.0.1:{self.port}/stats{'?clear' if clear else ''}") as answer:
            return json.load(answer)


@dataclass
class Platform:
    process: subprocess.Popen[bytes]
    port: int
    data: Path = Path()

    def ask(self, method: str, path: str, body: object = None) -> Any:
        request = Request(
            f"http://127.0.0.1:{self.port}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
        )
        with urlopen(request) as answer:
            return json.load(answer)

    def ask_text(self, method: str, path: str, text: str) -> bytes:
        """Ask with a body that is not JSON, and return the answer's bytes."""
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/yaml"}
        request = Request(
            f"http://127.0.0.1:{self.port}{path}", method=method, data=text.encode(), headers=headers
        )
        with urlopen(request) as answer:
            return bytes(answer.read())

    def now(self) -> float:
        """Return the clock that `await_metric` answers by."""
        return time.monotonic()

    def metric(self, name: str) -> float:
        """Return the sum of a metric over its labels."""
        with urlopen(f"http://127.0.0.1:{self.port}/metrics") as answer:
            text = answer.read().decode()
        found = re.findall(rf"^{name}(?:{{[^}}]*}})? ([\d.e+]+)$", text, re.MULTILINE)
        return sum(float(value) for value in found)

    def await_metric(self, name: str, least: float, deadline_s: float = 300.0) -> float:
        """Return the monotonic moment at which the metric reached `least`."""
        until = time.monotonic() + deadline_s
        while self.metric(name) < least:
            if time.monotonic() > until:
                raise TimeoutError(f"{name} is {self.metric(name)}, not {least}")
            time.sleep(0.1)  # each look costs the platform a few milliseconds
        return time.monotonic()


@contextmanager
def sink() -> Iterator[Sink]:
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("_sink.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield Sink(process, int(process.stdout.readline()))
    finally:
        process.kill()
        process.wait()


@contextmanager
def platform(*, is_public: bool = False) -> Iterator[Platform]:
    """Give a platform; with `is_public` others reach it, and so it shortens links."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as directory:
        settings = {
            "data": directory,
            "port": str(port),
            "account_id": ACCOUNT,
            "passcodes": PASSCODE,
            "api_token": TOKEN,
            "admin_email": "bench@example.com",
            "admin_password": "bench-bench-bench",
            "allow_private_targets": "yes",
            "log_level": "error",
            "public_url": f"http://127.0.0.1:{port}" if is_public else "",
        }
        environment = {f"TELLWIRE_{name.upper()}": value for name, value in settings.items()}
        process = subprocess.Popen([MEASURED, "-m", "tellwire", "run"], env={**os.environ, **environment})
        try:
            _await_port(process, port)
            yield Platform(process, port, Path(directory))
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def _await_port(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + START_S
    while True:
        try:
            urlopen(f"http://127.0.0.1:{port}/ready").close()
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def add_provider(platform: Platform, sink_port: int) -> None:
    """Make a default provider at the sink."""
    provider = platform.ask(
        "POST",
        "/api/providers",
        {
            "nickname": "sink",
            "request_type": "POST",
            "endpoint": f"http://127.0.0.1:{sink_port}/messages",
            "authentication": {"type": "none"},
            "headers": [["Authorization", "Bearer k"]],
            "parameters": {
                "type": "json",
                "template": '{"destination":"$$To","text":"$$Body","mid":"$$MessageID"}',
            },
            "is_default": True,
        },
    )
    assert provider["id"]


def set_up_campaign(platform: Platform, sink_port: int) -> None:
    """Make a provider at the sink and a campaign on "Order Placed" whose text is the event's own moment."""
    add_provider(platform, sink_port)
    campaign = platform.ask(
        "POST",
        "/api/campaigns",
        {
            "name": "bench",
            "event": "Order Placed",
            "content": {"text": "{{ Event.t | default: Profile.Name }}"},
        },
    )
    platform.ask("POST", f"/api/campaigns/{campaign['id']}/publish", {})


def upload(records: list[dict[str, Any]]) -> bytes:
    """Return the bytes of one upload request."""
    headers = {
        "X-CleverTap-Account-Id": ACCOUNT,
        "X-CleverTap-Passcode": PASSCODE,
        "Content-Type": "application/json",
    }
    return post("/1/upload", headers, json.dumps({"d": records}, separators=(",", ":")).encode())


def profiles(count: int) -> list[bytes]:
    """Return uploads of `count` profiles with numbers, 500 a request."""
    records = [
        {
            "identity": f"u{n}",
            "type": "profile",
            "profileData": {"Name": f"Name {n}", "Phone": f"+65912{n:05d}", "Plan": "gold"},
        }
        for n in range(count)
    ]
    return [upload(records[n : n + 500]) for n in range(0, count, 500)]


def order(n: int, **data: object) -> dict[str, Any]:
    """Return one event that the campaign answers."""
    return {
        "identity": f"u{n}",
        "type": "event",
        "evtName": "Order Placed",
        "evtData": {"Amount": 12.5, **data},
    }
