"""Every setting once: type, default, unit, sentence. TOML and environment in, a frozen `Settings` out.

The reference page and `tellwire config` are made from this file. An environment variable is the setting's name in
capitals behind `TELLWIRE_`; it wins over the file.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

import msgspec

from tellwire.kernel.telemetry import Level

ENVIRONMENT_PREFIX = "TELLWIRE_"


class SettingsProblem(ValueError):
    """A setting is missing, unknown or of the wrong kind; the message names it and says what to do."""


def _setting(sentence: str, *, unit: str = "", is_secret: bool = False, **bounds: Any) -> msgspec.Meta:
    return msgspec.Meta(description=sentence, extra={"unit": unit, "is_secret": is_secret}, **bounds)


Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of them. Addresses are closed by default: both servers listen on this machine only."""

    data: Annotated[str, _setting("Directory that holds everything Tellwire keeps.")] = "data"
    log_level: Annotated[Level, _setting("Least severe log line written: debug, info, warning or error.")] = (
        "info"
    )

    host: Annotated[str, _setting("Address the platform listens on.")] = "127.0.0.1"
    port: Annotated[Port, _setting("Port the platform listens on; 0 takes a free one.")] = 8800
    public_url: Annotated[
        str, _setting("Where others reach the platform; callback URLs start with it. Empty: host and port.")
    ] = ""
    link_url: Annotated[
        str,
        _setting(
            "Where the platform's short links start: a short domain of your own that reaches it saves parts. "
            "Empty: public_url; without either links in texts stay as they are."
        ),
    ] = ""
    link_days: Annotated[
        int,
        _setting(
            "How long a short link leads somewhere: 0 for ever. Two years, because people scroll back, and a link"
            " costs some 300 bytes.",
            unit="days",
            ge=0,
            le=36_500,
        ),
    ] = 730
    trusted_proxies: Annotated[
        str,
        _setting(
            "Proxies (addresses or networks, separated by commas) whose X-Forwarded-For and -Proto both servers "
            "believe. Without it, everybody behind one has its address."
        ),
    ] = ""
    account_id: Annotated[str, _setting("Project id that clients send as X-CleverTap-Account-Id.")] = ""
    passcodes: Annotated[
        tuple[str, ...],
        _setting(
            "Passcodes that may upload, each of at least 8 characters; several, so that one can be changed.",
            is_secret=True,
        ),
    ] = ()
    lenient_passcodes: Annotated[
        tuple[str, ...],
        _setting(
            "Passcodes that may upload too, and whose records are mended rather than refused: for RudderStack, Segment "
            "and the like. Forbidden characters are taken out of names, and ts may be ISO 8601.",
            is_secret=True,
        ),
    ] = ()
    api_token: Annotated[
        str, _setting("Bearer token of the platform's own /api, at least 8 characters.", is_secret=True)
    ] = ""
    admin_email: Annotated[str, _setting("Who signs in to the dashboard.")] = ""
    admin_password: Annotated[
        str, _setting("The password of the same, at least 10 characters.", is_secret=True)
    ] = ""
    default_region: Annotated[
        str,
        _setting(
            "Country (ISO 3166-1, two letters) of phone numbers that come without one, and whose international "
            "prefix (0011, 011) is read. Empty: such numbers are refused."
        ),
    ] = ""
    uploads_at_once: Annotated[
        int,
        _setting("Uploads under way at once; one more is answered 429.", unit="requests", ge=1, le=100_000),
    ] = 2048
    event_types: Annotated[
        int,
        _setting(
            "Different events that may be uploaded; one of another name is refused with 528.",
            unit="event names",
            ge=1,
            le=100_000,
        ),
    ] = 512
    event_properties: Annotated[
        int, _setting("Properties that an uploaded event may have.", unit="properties", ge=1, le=512)
    ] = 100
    allow_private_targets: Annotated[
        bool, _setting("Let providers and webhooks stand on private and loopback addresses.")
    ] = False
    keep_days: Annotated[
        int,
        _setting(
            "How long events, decisions and messages are kept: 0 for ever, else 14 and more. Profiles and the sums of"
            " campaigns stay. A quarter, because people ask why they got a text within weeks, not years.",
            unit="days",
            ge=0,
            le=36_500,
        ),
    ] = 90
    history_memory_mb: Annotated[
        int,
        _setting(
            "Memory that counting audiences may take; what needs more goes to the disk.",
            unit="MB",
            ge=64,
            le=1_000_000,
        ),
    ] = 512
    history_threads: Annotated[
        int, _setting("Processors that counting audiences may take.", unit="threads", ge=1, le=256)
    ] = 2
    drain_s: Annotated[
        float, _setting("How long a stop waits for what is under way.", unit="seconds", gt=0, le=300)
    ] = 8.0

    gateway: Annotated[bool, _setting("Let `tellwire run` run the gateway in the same process.")] = False
    gateway_host: Annotated[str, _setting("Address the gateway listens on.")] = "127.0.0.1"
    gateway_port: Annotated[Port, _setting("Port the gateway listens on; 0 takes a free one.")] = 8801
    gateway_public_url: Annotated[
        str, _setting("Where others reach the gateway; short links start with it. Empty: host and port.")
    ] = ""
    gateway_link_url: Annotated[
        str,
        _setting(
            "Where short links start: a short domain of your own that reaches the gateway saves parts. "
            "Empty: gateway_public_url."
        ),
    ] = ""
    gateway_admin_token: Annotated[
        str,
        _setting(
            "Bearer token of the gateway's administration and of the simulator, at least 8 characters.",
            is_secret=True,
        ),
    ] = ""
    gateway_account: Annotated[str, _setting("Name of the gateway's first account.")] = "main"
    gateway_requests_per_s: Annotated[
        float,
        _setting("Requests that the gateway takes for one subaccount.", unit="a second", gt=0, le=1_000_000),
    ] = 1800.0
    gateway_requests_per_address_per_s: Annotated[
        float,
        _setting("Requests that the gateway takes from one address.", unit="a second", gt=0, le=1_000_000),
    ] = 3000.0
    gateway_requests_per_client_ip_per_min: Annotated[
        float,
        _setting(
            "Sends that name the same `clientIp`, for one subaccount; 0 for no limit.",
            unit="a minute",
            ge=0,
            le=1_000_000,
        ),
    ] = 0.0
    gateway_receipt_wait_h: Annotated[
        float,
        _setting(
            "How long after a message's last change a carrier's receipt still counts.",
            unit="hours",
            gt=0,
            le=720,
        ),
    ] = 48.0
    gateway_keep_days: Annotated[
        int,
        _setting(
            "How long the gateway keeps messages, texts from handsets and what became of them: 0 for ever, else 14"
            " and more. A quarter, because carriers' bills and complaints come within it.",
            unit="days",
            ge=0,
            le=36_500,
        ),
    ] = 90
    carriers: Annotated[
        str, _setting("TOML file that describes the gateway's carriers; see how to put it in front of one.")
    ] = ""
    smpp_host: Annotated[str, _setting("Address that SMPP customers bind to.")] = "127.0.0.1"
    smpp_port: Annotated[
        int, _setting("Port that SMPP customers bind to; 0: they cannot.", ge=0, le=65535)
    ] = 0
    smpp_certificate: Annotated[
        str, _setting("PEM file of the certificate for SMPP customers; empty: no TLS.")
    ] = ""
    smpp_certificate_key: Annotated[str, _setting("PEM file of that certificate's key.")] = ""
    simulator: Annotated[bool, _setting("Run the built-in simulated carrier with its handsets.")] = False
    behaviour: Annotated[
        str, _setting("TOML file that says how the simulated carrier behaves. Empty: it delivers everything.")
    ] = ""

    def __repr__(self) -> str:
        """Leave secrets out of logs and traces."""
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in shown(self))})"


def load(
    file: Path | None, environment: Mapping[str, str], overrides: Mapping[str, Any] | None = None
) -> Settings:
    """Return the settings of a TOML file, then the environment, then `overrides`; each wins over those before.

    Raises `SettingsProblem`.
    """
    values: dict[str, Any] = _read(file) if file is not None else {}
    names = set(Settings.__struct_fields__)
    for variable, text in environment.items():
        name = variable.removeprefix(ENVIRONMENT_PREFIX).lower()
        if variable.startswith(ENVIRONMENT_PREFIX) and name in names:
            values[name] = _parsed(name, text)
    values |= overrides or {}
    try:
        return msgspec.convert(values, Settings)
    except msgspec.ValidationError as problem:
        raise SettingsProblem(f"{problem}. `tellwire config` lists every setting with its kind.") from problem


def described() -> list[tuple[str, str, Any, str, str, bool]]:
    """Return name, kind, default, unit, sentence and whether it is secret, of every setting in order."""
    rows = []
    defaults = dict(zip(Settings.__struct_fields__, Settings.__struct_defaults__, strict=True))
    for name, hint in get_type_hints(Settings, include_extras=True).items():
        kind, *metas = get_args(hint)
        meta = next(m for m in metas if m.extra is not None)
        label = "list of text" if kind == tuple[str, ...] else {str: "text", int: "number", bool: "yes or no"}
        kind_word = (
            label if isinstance(label, str) else label.get(kind, "text" if kind == Level else "number")
        )
        rows.append(
            (name, kind_word, defaults[name], meta.extra["unit"], meta.description, meta.extra["is_secret"])
        )
    return rows


def shown(settings: Settings) -> list[tuple[str, Any]]:
    """Return every setting with its value as people may see it: secrets print as `***`."""
    secret = {name for name, *_, is_secret in described() if is_secret}
    values = msgspec.structs.asdict(settings)
    return [(name, "***" if name in secret and value else value) for name, value in values.items()]


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text())
    except FileNotFoundError as problem:
        raise SettingsProblem(
            f"There is no {file}. `tellwire init` writes one with fresh credentials."
        ) from problem
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise SettingsProblem(f"{file} cannot be read: {problem}") from problem


def _parsed(name: str, text: str) -> Any:
    """Read an environment variable as the kind its setting has."""
    kind = next(kind for known, kind, *_ in described() if known == name)
    if kind == "list of text":
        return [item for item in text.split(",") if item]
    if kind == "yes or no":
        word = text.strip().casefold()
        if word not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
            raise SettingsProblem(
                f"{ENVIRONMENT_PREFIX}{name.upper()} is yes or no (true or false), not {text!r}."
            )
        return word in {"1", "true", "yes", "on"}
    if kind == "number":
        try:
            return float(text) if "." in text else int(text)
        except ValueError as problem:
            raise SettingsProblem(
                f"{ENVIRONMENT_PREFIX}{name.upper()} is a number, not {text!r}."
            ) from problem
    return text
