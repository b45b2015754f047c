"""A gateway in a process of its own, for tests that kill it: `python -m tests.gateway.gateway_child DATA SMPP PORT`."""

import asyncio
import sys
from pathlib import Path

from tests.gateway.gateway_world import ADMIN, KEY, SUB

from tellwire.gateway.main import Gateway, GatewayOptions
from tellwire.gateway.simulator.carrier import Simulator


async def main(data: str, smpp_port: str, port: str) -> None:
    link = Simulator(port=int(smpp_port)).link_config()
    gateway = Gateway(
        GatewayOptions(
            data=Path(data),
            admin_token=ADMIN,
            port=int(port),
            has_simulator=False,
            carriers={"carrier": (link,)},
            allow_private_targets=True,
        )
    )
    await gateway.start()
    await gateway.ensure_subaccount(SUB)
    await gateway.ensure_api_key("test", KEY)
    print("ready", flush=True)  # noqa: T201 - the parent waits for this word
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
