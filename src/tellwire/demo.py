"""The whole way from event to phone, on one machine, ready to look at: platform, gateway, carrier and one handset.

What it sets up is what a user would: a subaccount, key and number in the gateway, a provider "Other (Generic)" as the
8x8 guide says, a campaign. With a data directory of its own choice everything is kept between starts.
"""

import asyncio
import os
import secrets
import shlex
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console

from tellwire.demo_screen import Ready, show_text, show_welcome
from tellwire.kernel.clock import SystemClock
from tellwire.kernel.http.client import HttpClient, HttpRequest
from tellwire.kernel.ids import new_id
from tellwire.kernel.secrets import Vault, new_key
from tellwire.platform.model.campaign import Campaign, CampaignId
from tellwire.platform.model.content import Content
from tellwire.platform.model.provider import JsonParameters, Provider, ProviderId, Sealed, SealedPair
from tellwire.platform.model.start import OnEvent
from tellwire.platform.model.step import SendStep
from tellwire.platform.ports.catalog import CatalogChange, PutCampaign, PutProvider, Stale
from tellwire.settings import Settings
from tellwire.wiring.gateway import RunningGateway, start_gateway
from tellwire.wiring.platform import RunningPlatform, start_platform

HANDSET = "+6591234567"
REPLY_NUMBER = "+6580000000"  # the sender ID is a name, which nobody can answer
SUBACCOUNT = "demo_hq"
SENDER_ID = "Tellwire"
NICKNAME = "Tellwire gateway"
EVENT = "Order Placed"
TEXT = (
    "Hi {{ Profile.Name | default: 'there' }}, thanks for your order of {{ Event.Item | default: 'goodies' }}! "
    "10% off your next one with code THANKS10."
)
KEPT = "demo.json"
ENVIRONMENT = "demo.env"


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line says. `data` None: a fresh temporary directory, gone at the end."""

    host: str = "127.0.0.1"
    port: int = 8800
    gateway_port: int = 8801
    data: Path | None = None
    ready_file: Path | None = None
    sends_sample: bool = True


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """Made at the first start, kept with the data."""

    account_id: str
    passcode: str
    admin_email: str
    admin_password: str
    api_token: str
    gateway_api_key: str
    gateway_admin_token: str


async def run_demo(options: Options, console: Console, stopping: asyncio.Event) -> None:
    """Run until `stopping` is set."""
    with tempfile.TemporaryDirectory(prefix="tellwire-demo-") as fresh:
        directory = options.data or Path(fresh)
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        credentials = _credentials(directory / KEPT)
        settings = _settings(options, directory, credentials)
        async with _running(settings) as (platform, gateway):
            ready = await _set_up(platform, gateway, credentials)
            gateway.on_text(HANDSET, lambda text: show_text(console, text))
            write_whole(directory / ENVIRONMENT, environment_of(ready).encode())
            if options.ready_file is not None:
                write_whole(options.ready_file, msgspec.json.format(msgspec.json.encode(ready)))
            show_welcome(console, ready, directory if options.data else None)
            if options.sends_sample and not gateway.has_text(HANDSET):  # once is enough of what is kept
                await _track_sample(ready)
            await stopping.wait()
            console.print("\nStopping.", style="dim")


def environment_of(ready: Ready) -> str:
    """Return lines for a shell that lead `tellwire` and `curl` to this demo."""
    values = {
        "TELLWIRE_URL": ready.platform_url,
        "TELLWIRE_API_TOKEN": ready.api_token,
        "TELLWIRE_ACCOUNT_ID": ready.account_id,
        "TELLWIRE_PASSCODE": ready.passcode,
        "GATEWAY_URL": ready.gateway_url,
        "GATEWAY_API_KEY": ready.gateway_api_key,
        "GATEWAY_ADMIN_TOKEN": ready.gateway_admin_token,
    }
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in values.items())


def sample_upload() -> dict[str, Any]:
    """Return a whole `/1/upload` body that leads to one message on the demo handset (CleverTap contract 4.2)."""
    return {
        "d": [
            {
                "identity": "ann",
                "type": "profile",
                "profileData": {"Name": "Ann", "Phone": HANDSET, "MSG-sms": True},
            },
            {
                "identity": "ann",
                "type": "event",
                "evtName": EVENT,
                "evtData": {"Item": "running shoes", "Amount": 89.5},
            },
        ]
    }


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads, so that whoever finds it finds all of it."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


@asynccontextmanager
async def _running(settings: Settings) -> AsyncIterator[tuple[RunningPlatform, RunningGateway]]:
    gateway = await start_gateway(settings)
    try:
        platform = await start_platform(
            settings, gateway_url=gateway.own_url, simulator_url=f"{gateway.url}/simulator/handsets"
        )
        try:
            yield platform, gateway
        finally:
            await platform.stop()
    finally:
        await gateway.stop()


def _credentials(kept: Path) -> Credentials:
    if kept.exists():
        return msgspec.json.decode(kept.read_bytes(), type=Credentials)
    credentials = Credentials(
        account_id=f"DEMO-{secrets.token_hex(4).upper()}",
        passcode=new_key("pass"),
        admin_email="admin@example.com",
        admin_password=secrets.token_urlsafe(12),
        api_token=new_key("tw"),
        gateway_api_key=new_key("gw"),
        gateway_admin_token=new_key("adm"),
    )
    write_whole(kept, msgspec.json.encode(credentials))
    return credentials


def _settings(options: Options, directory: Path, credentials: Credentials) -> Settings:
    return Settings(
        data=str(directory),
        log_level="warning",
        host=options.host,
        port=options.port,
        account_id=credentials.account_id,
        passcodes=(credentials.passcode,),
        api_token=credentials.api_token,
        admin_email=credentials.admin_email,
        admin_password=credentials.admin_password,
        allow_private_targets=True,  # the gateway stands on this very machine
        gateway_host=options.host,
        gateway_port=options.gateway_port,
        gateway_admin_token=credentials.gateway_admin_token,
        gateway_account="demo",
        simulator=True,
    )


async def _set_up(platform: RunningPlatform, gateway: RunningGateway, credentials: Credentials) -> Ready:
    """Make what is not there yet: subaccount, key, provider, campaign."""
    await gateway.ensure_access(SUBACCOUNT, credentials.gateway_api_key)
    await gateway.ensure_number(SUBACCOUNT, REPLY_NUMBER)
    provider = await _ensure_catalog(platform, gateway.url, credentials.gateway_api_key)
    await gateway.ensure_webhook(SUBACCOUNT, platform.callback_url(provider))
    return Ready(
        platform_url=platform.url,
        gateway_url=gateway.url,
        subaccount_id=SUBACCOUNT,
        handset=HANDSET,
        reply_number=REPLY_NUMBER,
        sample_upload=sample_upload(),
        **msgspec.structs.asdict(credentials),
    )


async def _ensure_catalog(platform: RunningPlatform, gateway_url: str, key: str) -> Provider:
    """Return the demo's provider, made or pointed at where the gateway stands this time."""
    catalog = platform.catalog
    current = await catalog.snapshot()
    now = SystemClock().now()
    endpoint = f"{gateway_url}/api/v1/subaccounts/{SUBACCOUNT}/messages/batch"
    kept = next((one for one in current.providers.values() if one.nickname == NICKNAME), None)
    changes: list[CatalogChange] = []
    if kept is None:
        provider = _provider(platform.vault, endpoint, key, now)
        campaign = _campaign(CampaignId(await catalog.next_campaign_id()), now)
        changes = [PutProvider(provider), PutCampaign(campaign)]
    else:
        provider = msgspec.structs.replace(kept, endpoint=endpoint, updated_at=now)
        changes = [PutProvider(provider)]
    if isinstance(await catalog.save(tuple(changes), current.version, by="the demo"), Stale):
        raise RuntimeError("somebody changed the demo's catalog while it started")  # noqa: TRY004 - no wrong type
    return provider


def _provider(vault: Vault, endpoint: str, key: str, now: datetime) -> Provider:
    """Return the provider "Other (Generic)" just as the 8x8 guide has it typed (8x8 contract 8.1a)."""
    headers = (("Authorization", f"Bearer {key}"), ("Content-Type", "application/json"))
    return Provider(
        id=ProviderId(new_id(now, secrets.randbits(64))),
        nickname=NICKNAME,
        endpoint=endpoint,
        headers=tuple(SealedPair(name, Sealed(vault.seal(value))) for name, value in headers),
        parameters=JsonParameters(
            f'{{"source":"{SENDER_ID}","destination":"$$To","text":"$$Body","mid":"$$MessageID","encoding":"Auto"}}'
        ),
        is_default=True,
        callback_key=secrets.token_urlsafe(32),
        created_at=now,
        updated_at=now,
    )


def _campaign(campaign_id: CampaignId, now: datetime) -> Campaign:
    return Campaign(
        id=campaign_id,
        name="Order thanks",
        state="running",
        start=OnEvent(event=EVENT),
        steps=(SendStep(content=Content(text=TEXT)),),
        created_at=now,
        updated_at=now,
    )


async def _track_sample(ready: Ready) -> None:
    """Track one event as an app would: over HTTP, with the credentials that were printed."""
    http = HttpClient(allow_private=True, connections=1)
    await http.start()
    try:
        answer = await http.send(
            HttpRequest(
                method="POST",
                url=f"{ready.platform_url}/1/upload",
                headers=(
                    ("X-CleverTap-Account-Id", ready.account_id),
                    ("X-CleverTap-Passcode", ready.passcode),
                    ("Content-Type", "application/json"),
                ),
                body=msgspec.json.encode(ready.sample_upload),
            )
        )
        if answer.status != 200:
            raise RuntimeError(f"the sample event was answered {answer.status}: {answer.body!r}")
    finally:
        await http.close()
