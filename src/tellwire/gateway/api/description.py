"""`GET /api/openapi.json`: the customers' API described, for tools that read such a document.

The document itself is two YAML files under `contract/openapi`; `tests/gateway/test_openapi.py` holds the gateway's
answers against it.
"""

import asyncio
from functools import lru_cache
from importlib.resources import files

import msgspec
import yaml

from tellwire.kernel.web.asgi import Receive, Scope, Send, json_answer
from tellwire.kernel.web.dispatch import Route, route


def description_routes() -> list[Route]:
    """Return the route of the description, which anybody may read."""
    return [route("GET", "/api/openapi.json", _show)]


async def _show(_scope: Scope, _receive: Receive, send: Send) -> None:
    await json_answer(send, 200, await asyncio.to_thread(openapi_document))


@lru_cache(maxsize=1)
def openapi_document() -> bytes:
    """Return the document as JSON; the first time takes a tenth of a second."""
    document: dict[str, object] = {}
    for name in ("paths.yaml", "components.yaml"):
        part = files("tellwire.gateway.contract").joinpath("openapi", name).read_text("utf-8")
        document |= yaml.safe_load(part)
    # What begins with x- only spares the YAML from saying everything twice.
    return msgspec.json.encode({name: part for name, part in document.items() if not name.startswith("x-")})
