"""Carriers as a TOML file: a table a carrier, over SMPP or over HTTP. Pure: text in, typed values or a sentence out.

    [acme]
    kind = "smpp"
    host = "smpp.acme.example"
    port = 2776
    system_id = "me"
    password = "${TELLWIRE_SECRET_ACME}"     # from the environment
    bind = "transmitter+receiver"            # for centres without transceivers, else leave it out
    binds = 2                                # sessions of this login
    cost = "0.012"                           # what a part costs you, in your own currency
    repeats_unanswered = false               # what was sent and not answered counts as sent; true: it goes again
    [acme.tls]
    minimum = "1.3"
    [acme.dialect]
    concatenation = "sar"

The other keys of an SMPP table are those of `LinkConfig`, of `[x.dialect]` those of `Dialect`, and of a table with
`kind = "http"` those of `HttpCarrierConfig`. How the dialect's numbers and octets are written is `dialect_file`'s part.
A key that nothing knows is a mistake and is named.
"""

import re
import ssl
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from tellwire.gateway.carriers.dialect_file import converted_dialect
from tellwire.gateway.carriers.http_provider import HttpCarrierConfig, compile_provider
from tellwire.gateway.carriers.settling import Persistence
from tellwire.gateway.smpp.bind import LinkConfig
from tellwire.gateway.smpp.dialect import Dialect
from tellwire.gateway.smpp.states import Timers
from tellwire.gateway.smpp.tls import TlsConfig
from tellwire.kernel.failure import Backoff

CARRIERS_LIMIT = 100
BINDS_LIMIT = 100
PAIR = "transmitter+receiver"  # for centres without transceivers: `binds` of each
_MICRO = 1_000_000
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_PLACE = re.compile(r"\$\{(\w+)\}")
_TABLES: dict[str, type[msgspec.Struct]] = {
    "tls": TlsConfig,
    "timers": Timers,
    "reconnect": Backoff,
    "dialect": Dialect,
}
_MINIMUM = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


class BadCarrierFile(ValueError):
    """The file describes no carriers; the message names the table and says what is wrong."""


class CarrierSet(msgspec.Struct, frozen=True, kw_only=True):
    """All carriers of a file: SMPP binds and HTTP providers by name.

    By name, too: what a part costs, in millionths, and how hard to try.
    """

    smpp: dict[str, tuple[LinkConfig, ...]] = {}
    http: dict[str, HttpCarrierConfig] = {}
    costs: dict[str, int] = {}
    persistence: dict[str, Persistence] = {}


def read_carriers(text: str, environment: Mapping[str, str]) -> CarrierSet:
    """Return the carriers that a TOML text describes; `environment` has the values that `${NAME}` may name.

    Raises `BadCarrierFile`.
    """
    try:
        tables: Any = msgspec.toml.decode(text)
    except msgspec.DecodeError as problem:
        raise BadCarrierFile(f"it is no TOML: {problem}") from problem
    if len(tables) > CARRIERS_LIMIT:
        raise BadCarrierFile(f"it has {len(tables)} carriers; at most {CARRIERS_LIMIT} are taken")
    carriers = CarrierSet()
    for name, table in tables.items():
        if not _NAME.fullmatch(name) or not isinstance(table, dict):
            raise BadCarrierFile(f"[{name}]: a carrier is a table with a short name of a-z, 0-9, - and _")
        try:
            _read_one(name, _filled(table, environment), carriers)
        except (msgspec.ValidationError, ValueError, TypeError) as problem:
            raise BadCarrierFile(f"[{name}]: {problem}") from problem
    return carriers


def _read_one(name: str, table: dict[str, Any], carriers: CarrierSet) -> None:
    kind = table.pop("kind", "smpp")
    carriers.costs[name] = _micro(table.pop("cost", "0"))
    repeats = table.pop("repeats_unanswered", True)
    if not isinstance(repeats, bool):
        raise TypeError("repeats_unanswered is true or false")
    carriers.persistence[name] = Persistence(repeats_unanswered=repeats)
    if kind == "http":
        carriers.http[name] = msgspec.convert(table, HttpCarrierConfig)
        compile_provider(carriers.http[name])  # what it cannot make of the table is said here
    elif kind == "smpp":
        carriers.smpp[name] = _binds(table)
    else:
        raise ValueError(f'kind is "smpp" or "http", not {kind!r}')


def _binds(table: dict[str, Any]) -> tuple[LinkConfig, ...]:
    binds = table.pop("binds", 1)
    if not isinstance(binds, int) or not 1 <= binds <= BINDS_LIMIT:
        raise ValueError(f"binds is a number from 1 to {BINDS_LIMIT}")
    _check_keys("", table, LinkConfig)
    for name, kind in _TABLES.items():
        _check_keys(f"{name}.", table.get(name, {}), kind)
    if "tls" in table:
        table["tls"] = {**table["tls"], "minimum": _minimum(table["tls"])}
    if "dialect" in table:
        table["dialect"] = converted_dialect(table["dialect"])
    kinds = ("transmitter", "receiver") if table.get("bind") == PAIR else (table.get("bind", "transceiver"),)
    return tuple(msgspec.convert({**table, "bind": kind}, LinkConfig) for kind in kinds) * binds


def _check_keys(prefix: str, table: Any, kind: type[msgspec.Struct]) -> None:
    unknown = table.keys() - set(kind.__struct_fields__) if isinstance(table, dict) else set()
    if unknown:
        raise ValueError(f"there is no key {', '.join(prefix + name for name in sorted(unknown))}")


def _minimum(tls: dict[str, Any]) -> int:
    version = tls.get("minimum", "1.2")
    if version not in _MINIMUM:
        raise ValueError('tls.minimum is "1.2" or "1.3"')
    return _MINIMUM[version].value


def _micro(cost: object) -> int:
    """Return a price written as text (floats do not add up) in millionths."""
    try:
        micro = Decimal(str(cost)) * _MICRO
    except InvalidOperation:
        raise ValueError(f'cost is a price as text, such as "0.012", not {cost!r}') from None
    if not micro.is_finite() or micro < 0 or micro != micro.to_integral_value():
        raise ValueError("cost is 0 or more, with at most six decimals")
    return int(micro)


def _filled(value: Any, environment: Mapping[str, str]) -> Any:
    """Return the value with each `${NAME}` replaced; a name that the environment lacks is a mistake."""
    match value:
        case str():
            return _PLACE.sub(lambda place: _value_of(place[1], environment), value)
        case dict():
            return {key: _filled(item, environment) for key, item in value.items()}
        case list():
            return [_filled(item, environment) for item in value]
        case _:
            return value


def _value_of(name: str, environment: Mapping[str, str]) -> str:
    if name not in environment:
        raise ValueError(f"{name} is not set in the environment")
    return environment[name]
