"""The systems that `kannel` compares, each with processes of its own: our gateway, Kannel, and what they talk to."""

import asyncio
import gc
import json
import multiprocessing
import operator
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import uvloop
from bench._figures import cpu_s
from bench.gateway_accept import KEY, SUB, UNLIMITED, request

from tellwire.cli import GC_THRESHOLDS, SWITCH_INTERVAL_S
from tellwire.gateway.main import Gateway, GatewayOptions
from tellwire.gateway.smpp.bind import LinkConfig
from tellwire.kernel.telemetry import configure

PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"  # where Debian puts bearerbox and smsbox
# Kannel never syncs its spool, so memory is no less durable to it; and ext4 without a journal, which looks for five
# seconds at every inode that was deleted, would cost it 1.5 ms a message.
SPOOL = "/dev/shm" if Path("/dev/shm").is_dir() else None
START_S = 30.0
WINDOW = 50
BATCH = 1_000
# smsbox names the fate it wants told: 1 delivered, 2 not delivered, 8 taken by the carrier, 16 refused by it.
ENDINGS, ALL_CHANGES = 3, 27
KANNEL = """
group = core
admin-port = {admin}
admin-password = bench
smsbox-port = {box}
box-allow-ip = 127.0.0.1
dlr-storage = internal
store-type = spool
store-location = {folder}/spool
log-level = 4

group = smsc
smsc = smpp
smsc-id = sink
host = 127.0.0.1
port = {smpp}
transceiver-mode = true
smsc-username = bench
smsc-password = bench
system-type = ""
max-pending-submits = {window}

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {send}
log-level = 4

group = sendsms-user
username = bench
password = bench

group = sms-service
keyword = default
text = ""
"""


@dataclass
class Sink:
    """The carrier and webhook receiver, another process."""

    process: subprocess.Popen[str]
    smpp_port: int
    port: int

    def ask(self, path: str) -> bytes:
        with urlopen(f"http://127.0.0.1:{self.port}{path}") as answer:
            content: bytes = answer.read()
            return content

    def stats(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.ask("/stats"))
        return found

    def hook(self, query: str = "") -> str:
        return f"http://127.0.0.1:{self.port}/hook{query}"

    def until(
        self, name: str, is_reached: Callable[[float], bool], deadline_s: float = START_S
    ) -> dict[str, Any]:
        """Return what the sink saw once its figure `name` is what `is_reached` asks."""
        until = time.monotonic() + deadline_s
        while not is_reached((seen := self.stats())[name]):
            if time.monotonic() > until:
                raise TimeoutError(f"{name} is {seen[name]}")
            time.sleep(0.05)
        return seen


@dataclass
class Running:
    """A system under measurement: its processes, its port, and the bytes that send it one message."""

    pids: tuple[int, ...]
    port: int
    webhooks: int  # a message
    message: Callable[[int, str], bytes]

    def cpu_s(self) -> float:
        return sum(cpu_s(pid) for pid in self.pids)


@contextmanager
def sink() -> Iterator[Sink]:
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("_smpp_sink.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        smpp_port, port = map(int, process.stdout.readline().split())
        yield Sink(process, smpp_port, port)
    finally:
        process.kill()
        process.wait()


# Ours


@contextmanager
def tellwire(sink: Sink) -> Iterator[Running]:
    sink.until("binds", operator.not_)  # the system before is gone
    here, there = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        process = multiprocessing.get_context("spawn").Process(
            target=serve, args=(sink.smpp_port, folder, there)
        )
        process.start()
        try:
            if not here.poll(START_S):
                raise TimeoutError("the gateway does not start")
            port = here.recv()
            sink.until("binds", bool)
            yield Running((process.pid or 0,), port, 2, lambda n, text: single(sink, n, text))
        finally:
            process.kill()
            process.join()


def serve(smpp_port: int, folder: str, pipe: Connection) -> None:
    """Run a gateway tuned as `tellwire gateway` is, without limits on how often one key may ask."""
    configure(level="warning")
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    uvloop.run(_serve(smpp_port, folder, pipe))


async def _serve(smpp_port: int, folder: str, pipe: Connection) -> None:
    link = LinkConfig(host="127.0.0.1", port=smpp_port, system_id="bench", password="bench", window=WINDOW)
    gateway = Gateway(
        GatewayOptions(
            data=Path(folder),
            admin_token="x",
            has_simulator=False,
            carriers={"sink": (link,)},
            allow_private_targets=True,
            limits=UNLIMITED,
        )
    )
    await gateway.start()
    await gateway.ensure_subaccount(SUB)
    await gateway.ensure_api_key("bench", KEY)
    pipe.send(gateway.port)
    await asyncio.Event().wait()  # the parent kills us


def single(sink: Sink, n: int, text: str) -> bytes:
    return request("messages", json.dumps({**item(n, text), "dlrCallbackUrl": sink.hook()}).encode())


def batch(sink: Sink, first: int) -> bytes:
    items = [item(n, f"Hello number {n}") for n in range(first, first + BATCH)]
    body = {"messages": items, "template": {"dlrCallbackUrl": sink.hook()}}
    return request("messages/batch", json.dumps(body).encode())


def item(n: int, text: str) -> dict[str, str]:
    return {"destination": f"+659{n:07d}", "source": "ACME", "text": text}


# Kannel


@contextmanager
def kannel(sink: Sink, mask: int = ALL_CHANGES) -> Iterator[Running]:
    """Run Kannel with an empty spool; `mask` are the changes of a message that it tells the webhook."""
    sink.until("binds", operator.not_)
    with tempfile.TemporaryDirectory(dir=SPOOL) as folder, ExitStack() as boxes:
        admin, box, send = free_ports(3)
        (Path(folder) / "spool").mkdir()
        configuration = Path(folder) / "kannel.conf"
        configuration.write_text(
            KANNEL.format(admin=admin, box=box, send=send, smpp=sink.smpp_port, folder=folder, window=WINDOW)
        )
        bearerbox = boxes.enter_context(running("bearerbox", configuration, box))
        smsbox = boxes.enter_context(running("smsbox", configuration, send))
        sink.until("binds", bool)
        fates = 2 if mask == ALL_CHANGES else 1
        yield Running((bearerbox, smsbox), send, fates, lambda n, text: sendsms(sink, n, text, mask))


@contextmanager
def running(box: str, configuration: Path, port: int) -> Iterator[int]:
    """Run one of Kannel's two programs and give its process id once it listens."""
    program = shutil.which(box, path=PATH)
    if program is None:
        raise FileNotFoundError(box)
    process = subprocess.Popen(
        [program, str(configuration)],
        cwd=configuration.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        await_port(port)
        yield process.pid
    finally:
        process.kill()
        process.wait()


def sendsms(sink: Sink, n: int, text: str, mask: int) -> bytes:
    query = urlencode(
        {
            "username": "bench", "password": "bench", "from": "ACME", "to": f"+659{n:07d}", "text": text,
            "dlr-mask": mask, "dlr-url": sink.hook("?kind=%d"),
        }
    )  # fmt: skip
    return f"GET /cgi-bin/sendsms?{query} HTTP/1.1\r\nHost: bench\r\n\r\n".encode()


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        opened = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [one.getsockname()[1] for one in opened]


def await_port(port: int) -> None:
    until = time.monotonic() + START_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1.0).close()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
        else:
            return


def has_kannel() -> bool:
    found = all(shutil.which(box, path=PATH) for box in ("bearerbox", "smsbox"))
    if not found:
        print("Kannel is not here (apt-get install kannel): only our figures follow.", file=sys.stderr)
    return found
