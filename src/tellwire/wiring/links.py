"""How this installation makes short links, and what follows them."""

from datetime import timedelta
from typing import Final

from tellwire.kernel.clock import Clock
from tellwire.kernel.lifecycle import Supervisor
from tellwire.kernel.secrets import Vault
from tellwire.platform.model.link import PATH, Shortening
from tellwire.platform.ports.backend import Backend
from tellwire.platform.receipts.clicks import ClickRecorder
from tellwire.platform.receipts.link_api import LinkApi
from tellwire.platform.receipts.link_book import LinkBook
from tellwire.settings import Settings

PURPOSE: Final = "links"  # of the secret that slugs are made of
_DAY_MS: Final = timedelta(days=1) // timedelta(milliseconds=1)


def link_prefix(settings: Settings) -> str:
    """Return the address that the platform's short links begin with; empty where nobody could reach them."""
    base = (settings.link_url or settings.public_url).rstrip("/")
    return base + PATH if base else ""


def shortening_of(settings: Settings, vault: Vault) -> Shortening | None:
    """Return how short links are made, None where nobody could reach them."""
    prefix = link_prefix(settings)
    if not prefix:
        return None
    life_ms = settings.link_days * _DAY_MS if settings.link_days else None
    return Shortening(prefix=prefix, key=vault.derived(PURPOSE), life_ms=life_ms)


def link_api(settings: Settings, backend: Backend, workers: Supervisor, clock: Clock) -> LinkApi:
    """Return what follows short links, also those of a time when they began elsewhere."""
    recorder = ClickRecorder(backend.stream, backend.catalog, clock, link_prefix(settings) or PATH)
    workers.add("clicks", recorder.run, drain=recorder.drain)
    return LinkApi(LinkBook(backend.links, clock), recorder, clock)
