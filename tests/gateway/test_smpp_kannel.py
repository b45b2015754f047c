"""Kannel (Debian's `kannel`) as a customer of our SMSC: texts, long texts, receipts and replies, over real SMPP."""

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from tests.gateway.smpp_world import until
from tests.ports import free_ports
from tests.waiting import HANG_S

from tellwire.gateway.simulator.behaviour import Behaviour, Login
from tellwire.gateway.simulator.carrier import Simulator
from tellwire.kernel.sms import Encoding

LISA = "6591230000"
LONG = "All work and no play makes Jack a dull boy. " * 6
CONFIGURATION = """
group = core
admin-port = {admin}
admin-password = test
smsbox-port = {box}
box-allow-ip = 127.0.0.1
dlr-storage = internal
log-level = 4

group = smsc
smsc = smpp
smsc-id = tellwire
host = 127.0.0.1
port = {smpp}
transceiver-mode = true
smsc-username = acme
smsc-password = secret
system-type = "smpp"
enquire-link-interval = 1
max-pending-submits = 50
reconnect-delay = 1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {send}

group = sendsms-user
username = test
password = test
concatenation = true
max-messages = 10

group = sms-service
keyword = default
get-url = "http://127.0.0.1:{web}/mo?from=%p&to=%P&text=%b&charset=%C"
max-messages = 0
"""


@pytest.fixture(scope="module", autouse=True)
def _kannel() -> None:
    """Say how to get Kannel where `scripts/engines` could not."""
    assert shutil.which("bearerbox", path=_path()), "Kannel is needed: apt-get install kannel"


def _path() -> str:
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


class Kannel:
    """Running bearerbox and smsbox, and what they told our web server."""

    def __init__(self) -> None:
        self.receipts: list[dict[str, str]] = []
        self.texts: list[dict[str, str]] = []
        self.admin, self.box, self.send, self.web = free_ports(4)

    async def take(self, request: web.Request) -> web.Response:
        (self.receipts if request.path == "/dlr" else self.texts).append(dict(request.query))
        return web.Response()

    async def status(self) -> str:
        async with aiohttp.ClientSession() as session:
            try:
                async with session.get(f"http://127.0.0.1:{self.admin}/status.txt?password=test") as answer:
                    return await answer.text()
            except aiohttp.ClientError:
                return ""

    async def sendsms(self, text: str, **fields: str) -> int:
        query = {
            "username": "test", "password": "test", "from": "ACME", "to": f"+{LISA}", "text": text, "dlr-mask": "31",
            "dlr-url": f"http://127.0.0.1:{self.web}/dlr?kind=%d&answer=%A", "charset": "UTF-8", **fields,
        }  # fmt: skip
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{self.send}/cgi-bin/sendsms", params=query) as answer,
        ):
            return answer.status


async def _eventually_bound(kannel: Kannel) -> None:
    async with asyncio.timeout(HANG_S):
        while "online" not in await kannel.status():  # noqa: ASYNC110  # another program's state tells nobody
            await asyncio.sleep(0.1)


async def _eventually_listening(port: int) -> None:
    async with asyncio.timeout(HANG_S):
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.1)


async def _box(name: str, configuration: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        name, str(configuration), cwd=configuration.parent, env={"PATH": _path()},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[tuple[Simulator, Kannel]]:
    simulator = Simulator(Behaviour(login=Login(system_id="acme", password="secret")))
    await simulator.start()
    kannel = Kannel()
    app = web.Application()
    app.router.add_get("/{any}", kannel.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", kannel.web).start()
    configuration = tmp_path / "kannel.conf"
    configuration.write_text(
        CONFIGURATION.format(
            admin=kannel.admin, box=kannel.box, send=kannel.send, smpp=simulator.port, web=kannel.web
        )
    )
    boxes = []
    try:
        boxes.append(await _box("bearerbox", configuration))
        await _eventually_listening(kannel.box)
        boxes.append(await _box("smsbox", configuration))
        await _eventually_listening(kannel.send)
        await _eventually_bound(kannel)
        yield simulator, kannel
    finally:
        for box in boxes:
            with contextlib.suppress(ProcessLookupError):
                box.kill()
            await box.wait()
        await runner.cleanup()
        await simulator.stop()


async def test_kannel_submits_and_gets_its_receipts_and_replies(world: tuple[Simulator, Kannel]) -> None:
    simulator, kannel = world

    assert await kannel.sendsms("Hello from Kannel €") == 202
    assert await kannel.sendsms(LONG) == 202
    assert await kannel.sendsms("Grüße ő", coding="2") == 202

    await until(lambda: len(simulator.handsets.get(LISA).messages) == 3)
    shown = {message.text: message for message in simulator.handsets.get(LISA).messages}
    assert set(shown) == {"Hello from Kannel €", LONG, "Grüße ő"}
    assert (len(shown[LONG].parts), shown["Grüße ő"].encoding) == (2, Encoding.UCS2)
    assert {message.source for message in shown.values()} == {"ACME"}
    # kind 8: accepted by the SMSC; 1: delivered to the phone
    await until(lambda: [one["kind"] for one in kannel.receipts].count("1") >= 3)

    simulator.reply(LISA, "71234", "Yes please", "0b4c2f0e-6f0e-4c6b-9d55-2d9c3a0a3c11")
    await until(lambda: kannel.texts)
    assert kannel.texts[0]["text"] == "Yes please"
    assert kannel.texts[0]["from"].lstrip("+") == LISA


async def test_kannels_enquiries_keep_the_session(world: tuple[Simulator, Kannel]) -> None:
    simulator, kannel = world
    loop = asyncio.get_running_loop()
    began = loop.time()

    await until(lambda: loop.time() - began > 2.5)  # two of its enquiries

    assert simulator.binds == 1
    assert "online" in await kannel.status()
