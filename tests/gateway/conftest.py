"""A whole gateway for a test: its store on a temporary path, its simulated carrier, a receiver of callbacks."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from tests.gateway.gateway_world import ADMIN, KEY, SUB, Client, Receiver

from tellwire.gateway.main import Gateway, GatewayOptions


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    await receiver.start()
    yield receiver
    await receiver.stop()


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    options = GatewayOptions(data=tmp_path, admin_token=ADMIN, allow_private_targets=True)
    gateway = Gateway(options)
    await gateway.start()
    await gateway.ensure_subaccount(SUB)
    await gateway.ensure_api_key("test", KEY)
    yield gateway
    await gateway.stop()


@pytest.fixture
async def client(gateway: Gateway) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(session, f"http://127.0.0.1:{gateway.port}")
