"""Ready-made beginnings of a provider, from `senders/presets/*.toml`: a vendor's request form as its guide gives it.

What only the customer knows stands there as `YOUR_...`, and a form that still has such a word is not saved.
What this installation knows, `{gateway_url}` and `{callback_url}`, is filled in when the presets are asked for.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec

from tellwire.platform.control.provider_form import ProviderForm

OURS: Final = "gateway"  # only offered where a gateway runs in the same process
NAMES: Final = (
    OURS,
    "8x8",
    "8x8-partner",
    "bird",
    "infobip",
    "messagebird",
    "plivo",
    "twilio",
    "vonage",
)


class Preset(msgspec.Struct, frozen=True, kw_only=True):
    """A beginning: `form` fills the page, `note` says what to know about it, `docs` is where the vendor says so."""

    key: str
    name: str
    note: str
    docs: str
    form: ProviderForm


def presets(*, callback_url: str, gateway_url: str | None) -> list[Preset]:
    """Return the presets in the order in which they are offered, with this installation's own words filled in."""
    words = {"{callback_url}": callback_url, "{gateway_url}": gateway_url or ""}
    offered = (name for name in NAMES if gateway_url or name != OURS)
    return [msgspec.convert({**_filled(_read(name), words), "key": name}, Preset) for name in offered]


@cache
def _read(name: str) -> dict[str, Any]:
    text = files("tellwire.platform.senders").joinpath("presets", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _filled(value: Any, words: Mapping[str, str]) -> Any:
    match value:
        case str():
            for word, meaning in words.items():
                value = value.replace(word, meaning)
            return value
        case list():
            return [_filled(item, words) for item in value]
        case dict():
            return {key: _filled(item, words) for key, item in value.items()}
        case _:
            return value
