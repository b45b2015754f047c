"""The command line: `tellwire COMMAND`. The only reader of argv; every command is a function below."""

import asyncio
import gc
import os
import resource
import secrets
import signal
import sys
from collections.abc import Awaitable, Callable
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import msgspec
import uvloop
from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from tellwire import demo as demonstration
from tellwire.asking import ASKING
from tellwire.backup import backup_data
from tellwire.consents import CONSENT, SUPPRESSIONS
from tellwire.gateway.simulator.main import StandaloneSimulator
from tellwire.kernel.secrets import new_key
from tellwire.kernel.sqlite import StoreError
from tellwire.kernel.telemetry import configure
from tellwire.options import Config, settings_file, settings_of
from tellwire.past import AUDIENCES, HISTORY
from tellwire.people_lists import LISTS
from tellwire.remote import RemoteProblem
from tellwire.settings import Settings, SettingsProblem, described, load, shown
from tellwire.simulating import SimulationProblem, run_simulation, write_lines
from tellwire.steering import STEERING
from tellwire.wiring.gateway import RunningGateway, start_gateway
from tellwire.wiring.given import WiringProblem, read_behaviour_file
from tellwire.wiring.platform import RunningPlatform, start_platform

# The writer thread and the event loop hand the GIL to each other; at the default 5 ms each hand-over of a busy
# loop would cost a commit that long (docs/decisions/0002).
SWITCH_INTERVAL_S = 0.0005
# Batches make thousands of short-lived objects and no rings: with the default thresholds the collector took more
# than half of the time it takes to read two thousand profiles (4.0 against 1.5 us each).
GC_THRESHOLDS = (50_000, 20, 100)
# Each connection is a file, and the usual soft limit of 1024 is below what one server may hold.
OPEN_FILES = 65_536

app = App(
    name="tellwire",
    help="From an app's event to a text on the right phone.",
    version=version("tellwire"),
)


def main() -> None:
    """Run the command line."""
    try:
        app()
    except (SettingsProblem, RemoteProblem, WiringProblem, StoreError, UnicodeDecodeError) as problem:
        _fail(str(problem))
    except OSError as problem:  # a port that is taken, a full disk, a file that is not there
        _fail(_in_one_line(problem))


@app.command
def demo(
    *,
    host: str = "127.0.0.1",
    port: int = 8800,
    gateway_port: int = 8801,
    data: Path | None = None,
    ready_file: Path | None = None,
    sample: Annotated[bool, Parameter(negative="--no-sample")] = True,
) -> None:
    """Run platform, gateway, carrier and handset in one process, and track one sample event.

    Parameters
    ----------
    host
        Address both servers listen on.
    port
        Port of the platform; 0 takes a free one.
    gateway_port
        Port of the gateway; 0 takes a free one.
    data
        Directory that keeps everything between starts. Without it a temporary one is used.
    ready_file
        File that is written, whole, when everything answers: addresses and credentials as JSON.
    sample
        Track one sample event at the start, unless the handset has a text already.
    """
    options = demonstration.Options(
        host=host, port=port, gateway_port=gateway_port, data=data, ready_file=ready_file, sends_sample=sample
    )
    configure(level="warning")
    _run(lambda stopping: demonstration.run_demo(options, Console(), stopping))


@app.command
def run(*, config: Config = None) -> None:
    """Run the platform (and the gateway beside it, when the setting `gateway` says so)."""
    settings = settings_of(config)
    file = config or settings_file()
    _run(lambda stopping: _serve(settings, file, stopping, with_platform=True, with_gateway=settings.gateway))


@app.command
def gateway(*, config: Config = None) -> None:
    """Run the gateway alone."""
    settings = settings_of(config)
    file = config or settings_file()
    _run(lambda stopping: _serve(settings, file, stopping, with_platform=False, with_gateway=True))


@app.command
def simulator(
    *,
    host: str = "127.0.0.1",
    smpp_port: int = 2775,
    port: int = 8802,
    key: str = "",
    behaviour: Path | None = None,
) -> None:
    """Run the simulated carrier on its own: an SMSC over SMPP 3.4, with handsets to look at.

    Parameters
    ----------
    host
        Address both ports listen on.
    smpp_port
        Port that gateways and other ESMEs bind to; 0 takes a free one.
    port
        Port of the handsets' pages and JSON; 0 takes a free one.
    key
        Bearer token, or `?key=`, that opens the handsets. Without it a fresh one is made and printed.
    behaviour
        TOML file that says how the carrier behaves; without it all is delivered, quickly.
    """
    configure(level="warning")
    manners = read_behaviour_file(behaviour)
    opened = key or new_key("sim")
    _run(
        lambda stopping: _simulate(
            StandaloneSimulator(manners, host=host, smpp_port=smpp_port, port=port, key=opened),
            host,
            opened,
            stopping,
        )
    )


@app.command
def init(directory: Path = Path(), *, data: Path | None = None) -> None:
    """Write a tellwire.toml with fresh credentials, readable by its owner only.

    Parameters
    ----------
    directory
        Where the file goes; made if it is not there.
    data
        Where everything will be kept; else `data` beside the file.
    """
    file = directory / "tellwire.toml"
    if file.exists():
        _fail(f"{file} is there already; it is left as it is.")
    directory.mkdir(parents=True, exist_ok=True)
    values = {
        "data": str((data or directory / "data").resolve()),
        "account_id": f"TW-{secrets.token_hex(4).upper()}",
        "passcodes": [new_key("pass")],
        "api_token": new_key("tw"),
        "admin_email": "admin@example.com",
        "admin_password": secrets.token_urlsafe(15),
        "gateway_admin_token": new_key("adm"),
    }
    lines = "".join(f"{name} = {msgspec.json.encode(value).decode()}\n" for name, value in values.items())
    demonstration.write_whole(file, lines.encode())
    written = load(file, {})
    _say(
        f"Wrote {file}. Start with:\n  tellwire run --config {file}",
        f"Then sign in at http://{written.host}:{written.port} as {written.admin_email}; "
        f"the password is admin_password in {file}.",
    )


@app.command
def config(*, config: Config = None) -> None:
    """Print every setting with its value; secrets print as ***."""
    sentences = {name: (sentence, unit) for name, _, _, unit, sentence, _ in described()}
    table = Table("setting", "value", "what it is", box=None, pad_edge=False)
    for name, value in shown(settings_of(config)):
        sentence, unit = sentences[name]
        table.add_row(name, f"{value} {unit}".strip(), sentence)
    Console().print(table)


@app.command
def backup(to: Path, *, config: Config = None, data: Path | None = None) -> None:
    """Copy the stores, their keys and the settings file to a new directory, while Tellwire runs or not.

    Parameters
    ----------
    to
        Directory to make; it must not be there.
    data
        The data directory to copy, if not the settings' own.
    """
    file = config or (None if data else settings_file())
    copied = backup_data(data or Path(settings_of(config).data), to, settings_file=file)
    sentence = f"Copied {', '.join(copied)} to {to}. To restore, start with it as the data directory."
    Console().print(sentence, soft_wrap=True, highlight=False)


for _name, _command in {**ASKING, **STEERING}.items():
    app.command(_command, name=_name)
for _group in (LISTS, SUPPRESSIONS, CONSENT, AUDIENCES, HISTORY):
    app.command(_group)


@app.command
def simulate(
    *files: Path,
    events: Path,
    until: str,
    form: Annotated[Literal["ndjson", "text"], Parameter(name="--format")] = "text",
    zone: str = "",
    region: str | None = None,
    receipts: Literal["none", "delivered"] = "none",
    trace: bool = False,
    link_url: str = "",
) -> None:
    """Say what campaigns would do over a file of events, on a virtual clock; nothing is sent.

    Parameters
    ----------
    files
        YAML files of campaigns, in the language of `tellwire import`; every one runs that is not stopped.
    events
        NDJSON: a record of /1/upload a line, in order of `ts`.
    until
        Moment at which the clock stops, included: 2026-06-30T12:00:00Z. Without an offset it is UTC.
    form
        ndjson: one JSON object a line. text: the same for people.
    zone
        The account's time zone, in place of the files'.
    region
        Country that reads phone numbers without a country code, as SG.
    receipts
        delivered: every handset has its message at once.
    trace
        Also say when a wait began, and what `set` and `call` did.
    link_url
        Where short links start, as the setting of the same name has it. Without it links stay as they are written.
    """
    try:
        lines = run_simulation(
            files,
            events,
            until,
            zone=zone,
            region=region,
            is_delivered=receipts == "delivered",
            is_traced=trace,
            link_url=link_url,
        )
        write_lines(lines, form)
    except SimulationProblem as problem:
        sys.stderr.write(f"{problem}\n")
        raise SystemExit(2) from problem


async def _simulate(carrier: StandaloneSimulator, host: str, key: str, stopping: asyncio.Event) -> None:
    await carrier.start()
    console = Console()
    console.print(f"SMSC       {host}:{carrier.smpp_port}, any system_id", soft_wrap=True, highlight=False)
    console.print(
        f"Handsets   http://{host}:{carrier.port}/simulator/handsets?key={key}",
        soft_wrap=True,
        highlight=False,
    )
    await stopping.wait()
    await carrier.stop()


async def _serve(
    settings: Settings, file: Path | None, stopping: asyncio.Event, *, with_platform: bool, with_gateway: bool
) -> None:
    running: list[RunningGateway | RunningPlatform] = []
    place = f"in {file}" if file else "in the environment"
    try:
        gateway = await start_gateway(settings, has_platform=with_platform) if with_gateway else None
        if gateway is not None:
            running.append(gateway)
            _say(f"Gateway    {gateway.url}/portal/   (sign in with gateway_admin_token {place})")
        if with_platform:
            running.append(await start_platform(settings, gateway_url=gateway.own_url if gateway else ""))
            who = f"sign in as {settings.admin_email}, with admin_password {place}"
            _say(f"Dashboard  {running[-1].url}   ({who})")
        await stopping.wait()
    finally:
        for one in reversed(running):
            await one.stop()


def _run(program: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run until SIGTERM or SIGINT; the second one ends it at once, as kill would."""
    _tune()

    async def whole() -> None:
        stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, lambda: os._exit(130) if stopping.is_set() else stopping.set())
        await program(stopping)

    uvloop.run(whole())


def _tune() -> None:
    """Set what the interpreter and the system leave to the program: see the constants above."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _in_one_line(problem: OSError) -> str:
    """Return what the system could not do, and to what file; an error of our own has its own words."""
    if problem.strerror is None:
        return str(problem)
    what = f"{problem.filename}: " if problem.filename else ""
    return f"{what}{problem.strerror[:1].upper()}{problem.strerror[1:]}."


def _say(*lines: str) -> None:
    for line in lines:
        Console().print(line, soft_wrap=True, highlight=False, markup=False)


def _fail(message: str) -> NoReturn:
    Console(stderr=True).print(message, style="red", highlight=False, soft_wrap=True, markup=False)
    raise SystemExit(1)
