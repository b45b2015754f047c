"""What tests of the whole gateway need beside it: a customer, a receiver of callbacks, a look at the handset."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import msgspec
from aiohttp import web
from tests.waiting import until, until_asked  # noqa: F401 - what every test of this world begins with

from tellwire.gateway.main import Gateway
from tellwire.gateway.simulator.handsets import ShownMessage

KEY = "tw_test-key-abcdef"
ADMIN = "admin-token"
SUB = "demo_hq"


class Receiver:
    """A webhook receiver; `answers` are the statuses to give, the last one for ever."""

    def __init__(self) -> None:
        self.bodies: list[Any] = []
        self.headers: list[dict[str, str]] = []
        self.answers: list[int] = [200]
        self.before_answer: Callable[[], Awaitable[None]] | None = None
        self.on_raw: Callable[[bytes], None] = lambda _: None
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/{tail:.*}", self._take)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}/hook"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def states(self) -> list[tuple[str, str | None]]:
        return [(b["payload"]["status"]["state"], b["payload"]["status"].get("detail")) for b in self.bodies]

    async def _take(self, request: web.Request) -> web.Response:
        raw = await request.read()
        self.on_raw(raw)
        self.bodies.append(msgspec.json.decode(raw))
        self.headers.append(dict(request.headers))
        if self.before_answer is not None:
            await self.before_answer()
        status = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return web.Response(status=status)


class Client:
    """Calls the gateway as a customer does."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session = session
        self.base = base

    async def call(
        self, method: str, path: str, body: Any = None, *, key: str | None = KEY, raw: bytes | None = None
    ) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json"}
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        data = raw if raw is not None else None if body is None else msgspec.json.encode(body)
        async with self._session.request(method, self.base + path, data=data, headers=headers) as answer:
            content = await answer.read()
            self.headers = answer.headers
            return answer.status, msgspec.json.decode(content) if content else None

    async def read(self, url: str) -> str:
        """Return what stands at a link."""
        async with self._session.get(url) as answer:
            return await answer.text()

    async def send(self, *, sub: str = SUB, key: str | None = KEY, **members: Any) -> tuple[int, Any]:
        return await self.call("POST", f"/api/v1/subaccounts/{sub}/messages", members, key=key)

    async def batch(self, body: Any, *, sub: str = SUB, key: str | None = KEY) -> tuple[int, Any]:
        return await self.call("POST", f"/api/v1/subaccounts/{sub}/messages/batch", body, key=key)


def shown(gateway: Gateway, number: str) -> list[ShownMessage]:
    """Return the texts on a handset, newest last."""
    handset = gateway.handsets.find(number.removeprefix("+"))
    return [] if handset is None else list(handset.messages)
