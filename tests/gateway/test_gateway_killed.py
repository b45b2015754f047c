"""kill -9 at any moment: nothing accepted is lost, little is repeated, every receipt is called back."""

import asyncio
import signal
import sys
from pathlib import Path

import aiohttp
import pytest
from tests.gateway.gateway_world import Client, Receiver, until
from tests.ports import free_port
from tests.waiting import HANG_S

from tellwire.gateway.simulator.behaviour import Answers, Behaviour
from tellwire.gateway.simulator.carrier import Simulator

COUNT = 5000
WINDOW = 50
SLOWEST_S = 240.0  # two receipts of each message, told and stored; 10 s where nothing else runs


async def start(data: Path, simulator: Simulator, port: int) -> asyncio.subprocess.Process:
    arguments = [str(data), str(simulator.port), str(port)]
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.gateway.gateway_child", *arguments,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    assert child.stdout is not None
    async with asyncio.timeout(HANG_S):
        while (line := await child.stdout.readline()) != b"ready\n":
            assert line, "the gateway ended before it was ready"
    return child


@pytest.mark.timeout(2 * SLOWEST_S)
@pytest.mark.parametrize("kills_at", [0, COUNT // 2])
async def test_a_killed_gateway_loses_nothing(tmp_path: Path, receiver: Receiver, kills_at: int) -> None:
    simulator = Simulator(Behaviour(answers=Answers(throughput_per_s=2000)))
    await simulator.start()
    port = free_port()
    child = await start(tmp_path, simulator, port)
    async with aiohttp.ClientSession() as session:
        client = Client(session, f"http://127.0.0.1:{port}")
        messages = [
            {"destination": f"+65912{n:05d}", "text": str(n), "clientMessageId": str(n)} for n in range(COUNT)
        ]
        template = {"dlrCallbackUrl": receiver.url}
        _, answer = await client.batch({"messages": messages, "template": template})
    assert answer["acceptedCount"] == COUNT

    await until(lambda: simulator.counters.shown >= kills_at)
    child.send_signal(signal.SIGKILL)
    await child.wait()
    child = await start(tmp_path, simulator, port)

    await until(lambda: len(delivered(receiver)) == COUNT, deadline_s=SLOWEST_S)
    child.send_signal(signal.SIGKILL)
    await child.wait()
    await simulator.stop()
    assert simulator.counters.shown - COUNT <= WINDOW


def delivered(receiver: Receiver) -> set[str]:
    return {
        body["payload"]["clientMessageId"]
        for body in receiver.bodies
        if body["payload"]["status"].get("detail") == "delivered_to_recipient"
    }
