"""Signing in and out, and the account's own particulars for copying into clients."""

from typing import Annotated, Any, cast

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.params import JSONBody

from tellwire.kernel.web.asgi import Scope
from tellwire.platform.control.access import address_of, cookie_header
from tellwire.platform.control.desk import Desk, DeskDependency
from tellwire.platform.control.problem import Problem


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """Who signs in."""

    email: Annotated[str, msgspec.Meta(max_length=254)]
    password: Annotated[str, msgspec.Meta(max_length=1024)]

    def __repr__(self) -> str:
        return f"SignIn({self.email})"


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Who is signed in, and to what. While `is_sending_paused` nothing is handed over to providers."""

    email: str
    account_id: str
    version: str
    is_sending_paused: bool = False


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """What clients need to send events here; only the admin and scripts with the API token may ask."""

    account_id: str
    upload_url: str
    passcode: str
    simulator_url: str | None = None


@post("/api/session", status_code=200, tags=["session"])
async def sign_in(
    request: Request[Any, Any, Any], data: JSONBody[SignIn], desk: DeskDependency
) -> Response[Session]:
    """Sign in: sets the session's cookie. After five wrong passwords in a minute an address must wait."""
    address = address_of(_scope(request))
    wait_s = desk.doorkeeper.wait_s(address)
    if wait_s:
        message = f"Too many wrong passwords. Try again in {wait_s} seconds."
        raise Problem(429, "too_many_tries", message, headers={"retry-after": str(wait_s)})
    cookie = await desk.doorkeeper.sign_in(data.email, data.password, address)
    if cookie is None:
        raise Problem(401, "wrong_credentials", "E-mail or password is wrong.")
    is_secure = request.scope["scheme"] == "https" or desk.options.public_url.startswith("https:")
    return Response(await _session(desk), headers={"set-cookie": cookie_header(cookie, is_secure=is_secure)})


@get("/api/session", tags=["session"])
async def session(request: Request[Any, Any, Any], desk: DeskDependency) -> Session:
    """Say who is signed in; 401 if nobody is."""
    if not desk.doorkeeper.is_signed_in(_scope(request)):
        raise Problem(401, "not_signed_in", "Nobody is signed in.")
    return await _session(desk)


@delete("/api/session", status_code=204, tags=["session"])
async def sign_out(request: Request[Any, Any, Any], desk: DeskDependency) -> Response[None]:
    """Sign out."""
    await desk.doorkeeper.sign_out(_scope(request))
    return Response(None, status_code=204, headers={"set-cookie": cookie_header("", is_secure=False)})


@get("/api/account", tags=["session"])
async def account(desk: DeskDependency) -> Account:
    """Return what clients need to send events to this account."""
    options = desk.options
    return Account(
        account_id=options.account_id,
        upload_url=f"{options.public_url}/1/upload",
        passcode=options.passcode,
        simulator_url=options.simulator_url,
    )


def _scope(request: Request[Any, Any, Any]) -> Scope:
    return cast("Scope", request.scope)  # the same dict, which the framework types more closely


async def _session(desk: Desk) -> Session:
    options = desk.options
    return Session(
        email=options.admin_email,
        account_id=options.account_id,
        version=options.version,
        is_sending_paused=(await desk.catalog.snapshot()).account.is_paused,
    )


HANDLERS = [sign_in, session, sign_out, account]
