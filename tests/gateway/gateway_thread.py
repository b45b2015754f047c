"""A whole gateway on a loop of its own thread, for clients that block: schemathesis calls through `requests`."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.gateway.gateway_world import ADMIN, KEY, SUB

from tellwire.gateway.api.access import Limits
from tellwire.gateway.main import Gateway, GatewayOptions
from tellwire.gateway.surveys.survey import Question, Survey

STOP_S = 20.0


@contextmanager
def gateway_in_thread(data: Path, *, limits: Limits | None = None) -> Iterator[str]:
    """Yield the address of a running gateway, which no limit of rate slows down unless one is given."""
    endless = Limits(requests_per_s=1e6, requests_per_address_per_s=1e6, details_per_s=1e6)
    options = GatewayOptions(data=data, admin_token=ADMIN, limits=limits or endless)
    gateway = Gateway(options)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="gateway")
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(_open(gateway), loop).result(STOP_S)
        try:
            yield f"http://127.0.0.1:{gateway.port}"
        finally:
            asyncio.run_coroutine_threadsafe(gateway.stop(), loop).result(STOP_S)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(STOP_S)
        loop.close()


async def _open(gateway: Gateway) -> None:
    await gateway.start()
    await gateway.ensure_subaccount(SUB)
    await gateway.ensure_api_key("test", KEY)
    question = Question(id="1", text="How was it?", kind="text")
    await gateway.surveys.save(Survey(id="nps", subaccount=SUB, title="Survey", questions=(question,)))
