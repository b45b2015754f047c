"""A running gateway whose every answer is held against the vendor's published file."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import msgspec
import pytest
from tests.gateway.conftest import gateway, receiver
from tests.gateway.gateway_world import KEY, Client
from tests.published.published_file import Published, read_published

from tellwire.gateway.main import Gateway

__all__ = ["gateway", "receiver"]


class CheckedClient(Client):
    """A customer who believes no answer that the published file does not allow."""

    def __init__(self, session: aiohttp.ClientSession, base: str, published: Published) -> None:
        super().__init__(session, base)
        self._published = published

    async def call(
        self, method: str, path: str, body: Any = None, *, key: str | None = KEY, raw: bytes | None = None
    ) -> tuple[int, Any]:
        status, answer = await super().call(method, path, body, key=key, raw=raw)
        content = b"" if answer is None else msgspec.json.encode(answer)
        self._published.check_answer(method, path, status, dict(self.headers), content)
        return status, answer


@pytest.fixture(scope="session")
def published() -> Published:
    return Published(read_published())


@pytest.fixture
async def client(gateway: Gateway, published: Published) -> AsyncIterator[CheckedClient]:
    async with aiohttp.ClientSession() as session:
        yield CheckedClient(session, f"http://127.0.0.1:{gateway.port}", published)
