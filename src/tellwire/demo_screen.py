"""What the demo shows in the terminal: where everything is, one line to paste, and each text as it arrives."""

import shlex
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from tellwire.gateway.simulator.handsets import ShownMessage


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """Where everything is, once everything answers; scripts get it as JSON in the ready file."""

    platform_url: str
    gateway_url: str
    account_id: str
    passcode: str
    admin_email: str
    admin_password: str
    api_token: str
    subaccount_id: str
    gateway_api_key: str
    gateway_admin_token: str
    handset: str
    reply_number: str
    sample_upload: dict[str, Any]


def curl_line(ready: Ready) -> str:
    """Return a line for a shell that tracks the sample event."""
    body = msgspec.json.encode(ready.sample_upload).decode()
    return (
        f"curl -sS {ready.platform_url}/1/upload -H 'X-CleverTap-Account-Id: {ready.account_id}' "
        f"-H 'X-CleverTap-Passcode: {ready.passcode}' -H 'Content-Type: application/json' -d {shlex.quote(body)}"
    )


def handset_url(ready: Ready) -> str:
    """Return the address of the handset's page; the key in it opens the simulator once and becomes a cookie."""
    number = ready.handset.removeprefix("+")
    return f"{ready.gateway_url}/simulator/handsets/{number}?key={ready.gateway_admin_token}"


def show_welcome(console: Console, ready: Ready, kept_in: Path | None) -> None:
    """Print addresses, credentials and the line to paste, so that nothing has to be looked up."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in (
        ("Dashboard", ready.platform_url),
        ("  sign in as", f"{ready.admin_email}   password {ready.admin_password}"),
        ("  API token", ready.api_token),
        ("Gateway", f"{ready.gateway_url}   subaccount {ready.subaccount_id}"),
        ("  portal", f"{ready.gateway_url}/portal/"),
        ("  admin token", ready.gateway_admin_token),
        ("  API key", ready.gateway_api_key),
        ("Handset", f"{ready.handset}   its replies to {ready.reply_number} come back"),
        (
            "Data",
            f"{kept_in}, kept" if kept_in else "a temporary directory, gone at the end (--data DIR keeps it)",
        ),
    ):
        table.add_row(name, Text(value))
    console.print()
    console.print(
        Panel(table, title="Tellwire is running", title_align="left", border_style="green", padding=(1, 2))
    )
    console.print("The handset's page (the key opens it):", style="bold")
    console.print(Text(handset_url(ready)), soft_wrap=True)
    console.print("\nTrack an event (paste this into another terminal):", style="bold")
    # No box and no wrapping by us: the terminal's own wrapping keeps the line whole when it is copied.
    console.print(Text(curl_line(ready)), soft_wrap=True)
    console.print("\nTexts on the handset appear here. Ctrl-C stops.", style="dim")


def show_text(console: Console, text: ShownMessage) -> None:
    """Print one text as a bubble with what it cost on the air."""
    parts = len(text.parts)
    cost = f"{text.encoding.spelling}, {parts} part{'s' if parts != 1 else ''}"
    bubble = Panel(
        Text(text.text),
        title=Text(text.source, style="bold"),
        title_align="left",
        subtitle=Text(cost, style="dim"),
        subtitle_align="right",
        width=min(64, console.width),
        border_style="blue",
        padding=(0, 1),
    )
    console.print()
    console.print(bubble)
