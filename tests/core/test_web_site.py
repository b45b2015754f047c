"""Pages and files of our applications: one version at a time, kept by browsers for good, known addresses only."""

import gzip
import re
from importlib.resources import files
from typing import Any

import pytest

from tellwire.gateway.portal import pages as portal
from tellwire.kernel.web.asgi import Receive, Scope, Send, answer, json_answer
from tellwire.kernel.web.packed import Packed
from tellwire.platform.dashboard import app as dashboard


class Got:
    """An answer in pieces."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.body = b""


async def ask(app: Any, path: str, method: str = "GET", **headers: str) -> Got:
    got = Got()

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            got.status, got.headers = message["status"], dict(message["headers"])
        got.body += message.get("body", b"")

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    lines = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    await app({"type": "http", "method": method, "path": path, "headers": lines}, receive, send)
    return got


@pytest.mark.parametrize("path", ["/", "/live", "/campaigns/7/edit", "/menu/", list(dashboard.PAGES)[-4]])
async def test_a_page_loads_by_its_address_and_is_asked_for_again(path: str) -> None:
    got = await ask(dashboard.dashboard_app(), path)

    assert (got.status, got.headers[b"cache-control"]) == (200, b"no-cache")
    assert b"main.js" in got.body


@pytest.mark.parametrize(
    "path", ["/nowhere", "/campaigns/7/edit/x", "/.env", "/static/0/app/main.js", "/1x/y"]
)
async def test_an_address_that_no_page_has_is_404(path: str) -> None:
    plain = await ask(dashboard.dashboard_app(), path)
    browser = await ask(dashboard.dashboard_app(), path, accept="text/html,*/*")

    assert (plain.status, browser.status) == (404, 404)
    assert b"<html" not in plain.body
    assert b"<html" in browser.body  # the application says so in its own words


async def test_another_method_is_405_with_what_is_allowed() -> None:
    got = await ask(dashboard.dashboard_app(), "/campaigns", "POST")

    assert (got.status, got.headers[b"allow"]) == (405, b"GET, HEAD, OPTIONS")


async def test_every_file_that_a_page_names_is_of_one_version_and_kept_for_good() -> None:
    app = dashboard.dashboard_app()
    page = (await ask(app, "/live")).body.decode()
    names = set(re.findall(r'"(/static/[^"]+)"', page))

    answers = {name: await ask(app, name) for name in names}

    assert len({name.split("/")[2] for name in names}) == 1
    assert len(names) == 5  # more would each cost a first visit its own round trip
    for name, got in answers.items():
        assert got.status == 200, name
        assert got.headers[b"cache-control"] == b"public, max-age=31536000, immutable"
        for other in re.findall(rb'"(/static/[^"]+)"', got.body):
            assert other.decode().startswith("/".join(name.split("/")[:3])), name


@pytest.mark.parametrize("module", [dashboard, portal])
def test_the_server_knows_the_pages_that_the_browser_knows(module: Any) -> None:
    static = files(module.__package__).joinpath("static")
    places = static.joinpath("places.js").read_text()
    known = dict(re.findall(r'const (\w+) = "([^"]+)"', places))
    known |= {name: f"/portal/{end}" for name, end in re.findall(r'const (\w+) = at\("(\w+)"\)', places)}
    main = static.joinpath("main.js").read_text()
    named = re.findall(
        r'^    \[("[^"]+"|`[^`]+`|\w+), \(\) => import\("./pages/([^"]+).js"\)', main, re.MULTILINE
    )
    pages = {
        re.sub(r"\$\{(\w+)\}", lambda found: known[found[1]], known.get(one, one.strip('"`'))): page
        for one, page in named
    }

    assert len(pages) > 10
    home = re.search(r"home: (\w+)", main)
    assert home is not None
    assert {**pages, known.get("BASE", "/"): pages[known[home[1]]]} == module.PAGES


async def test_json_is_packed_for_who_can_unpack_and_streams_are_not() -> None:
    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        if scope["path"] == "/stream":
            await send(
                {
                    "type": "http.response.start",
                    "status": 200,
                    "headers": [(b"content-type", b"text/event-stream")],
                }
            )
            await send({"type": "http.response.body", "body": b"x" * 5000, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        elif scope["path"] == "/empty":
            await answer(send, 204)
        else:
            await json_answer(send, 200, b"[" + b"1," * int(scope["path"][1:]) + b"1]")

    packed = Packed(app)
    large, huge = [await ask(packed, f"/{size}", accept_encoding="gzip") for size in (2_000, 200_000)]
    small = await ask(packed, "/20", accept_encoding="gzip")
    plain = await ask(packed, "/2000")
    stream = await ask(packed, "/stream", accept_encoding="gzip")
    head = await ask(packed, "/2000", "HEAD", accept_encoding="gzip")

    assert large.headers[b"content-encoding"] == huge.headers[b"content-encoding"] == b"gzip"
    assert gzip.decompress(large.body) == plain.body
    assert int(large.headers[b"content-length"]) == len(large.body) < len(plain.body) / 10
    assert b"content-encoding" not in small.headers | plain.headers | stream.headers | head.headers
    assert len(stream.body) == 5000
    assert (await ask(packed, "/empty", accept_encoding="gzip")).status == 204
