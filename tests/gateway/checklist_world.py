"""What the files of the contract's checklist share (8x8 contract 11): a clock to set forward, and names of paths."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
from tests.clock import Clock
from tests.gateway.gateway_world import ADMIN, KEY, SUB, Client

from tellwire.gateway.main import Gateway, GatewayOptions

PHONE = "+6591230000"
MESSAGES = f"/api/v1/subaccounts/{SUB}/messages"
ACCOUNT = "/api/v1/accounts/demo"


def later(clock: Clock, seconds: float) -> str:
    """The moment so many seconds from now, as a client writes it."""
    return (clock.now() + timedelta(seconds=seconds)).isoformat()


@asynccontextmanager
async def opened(
    data: Path, clock: Clock | None = None, **options: Any
) -> AsyncIterator[tuple[Gateway, Client]]:
    """Yield a running gateway with a subaccount and a key, and a client of it."""
    gateway = Gateway(
        GatewayOptions(data=data, admin_token=ADMIN, allow_private_targets=True, **options), clock=clock
    )
    await gateway.start()
    try:
        await gateway.ensure_subaccount(SUB)
        await gateway.ensure_api_key("test", KEY)
        async with aiohttp.ClientSession() as session:
            yield gateway, Client(session, f"http://127.0.0.1:{gateway.port}")
    finally:
        await gateway.stop()
