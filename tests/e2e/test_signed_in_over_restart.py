"""Who is signed in stays so over a restart, also over kill -9, in dashboard and portal; signing out is for good."""

import json
import signal
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from tests.e2e.conftest import Demo

DASHBOARD = ("platform_url", "/api/session", "/api/campaigns")
PORTAL = ("gateway_url", "/admin/api/session", "/admin/api/overview")


def ask(demo: Demo, base: str, method: str, path: str, cookie: str = "", body: Any = None) -> tuple[int, str]:
    """Return the status and the cookie that was set, as a browser on our own page sees them."""
    headers = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin", "Cookie": cookie}
    data = None if body is None else json.dumps(body).encode()
    request = Request(demo.ready[base] + path, data=data, method=method, headers=headers)
    try:
        with urlopen(request, timeout=20) as answer:
            return answer.status, (answer.headers["Set-Cookie"] or "").partition(";")[0]
    except HTTPError as refused:
        return refused.code, ""


@pytest.mark.parametrize(("base", "door", "page"), [DASHBOARD, PORTAL], ids=["dashboard", "portal"])
def test_a_killed_process_signs_nobody_out_and_signing_out_is_for_good(
    start_demo, tmp_path, base, door, page
):
    demo = start_demo(tmp_path / "data")
    credentials = (
        {"email": demo.ready["admin_email"], "password": demo.ready["admin_password"]}
        if base == "platform_url"
        else {"token": demo.ready["gateway_admin_token"]}
    )
    status, stays = ask(demo, base, "POST", door, body=credentials)
    _, leaves = ask(demo, base, "POST", door, body=credentials)
    assert status == 200
    ask(demo, base, "DELETE", door, cookie=leaves)
    demo.stop(signal.SIGKILL)

    demo = start_demo(tmp_path / "data")

    assert ask(demo, base, "GET", page, cookie=stays)[0] == 200
    assert ask(demo, base, "GET", page, cookie=leaves)[0] == 401
    demo.stop()
