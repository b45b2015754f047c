"""What saving one campaign costs beside 10,000 others: the writer writes it, and nobody reads the others again."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable
from datetime import UTC, datetime
from pathlib import Path

from bench._figures import RUNS, figure

from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet
from tellwire.platform.model.content import Content
from tellwire.platform.model.start import OnEvent
from tellwire.platform.model.step import SendStep
from tellwire.platform.ports.catalog import PutCampaign, Stale
from tellwire.wiring.backend import open_backend

OTHERS = 10_000
SAVES = 20
NOW = datetime(2026, 1, 31, tzinfo=UTC)


def campaign(number: int, greeting: str = "Hi") -> Campaign:
    return Campaign(
        id=CampaignId(number),
        name=f"c{number}",
        state="running",
        start=OnEvent(event=f"Event {number}"),
        steps=(SendStep(content=Content(text=greeting + " {{ Profile.Name | default: 'you' }}")),),
        created_at=NOW,
        updated_at=NOW,
    )


async def save_ms() -> float:
    """Return the mean of some saves, one after the other, each synced and a new version of the campaign."""
    with tempfile.TemporaryDirectory() as folder:
        backend = await open_backend(Path(folder))
        try:
            newest = await backend.catalog.snapshot()
            everybody = tuple(PutCampaign(campaign(n)) for n in range(1, OTHERS + 1))
            newest = await _saved(backend.catalog.save(everybody, newest.version))
            begun = time.perf_counter()
            for n in range(SAVES):
                change = PutCampaign(campaign(OTHERS // 2, f"Hello {n}"))
                newest = await _saved(backend.catalog.save((change,), newest.version))
            return (time.perf_counter() - begun) / SAVES * 1000
        finally:
            await backend.close()


async def _saved(saving: Awaitable[CampaignSet | Stale]) -> CampaignSet:
    answer = await saving
    assert isinstance(answer, CampaignSet)
    return answer


def main() -> None:
    values = [asyncio.run(save_ms()) for _ in range(RUNS)]
    figure("one campaign saved among 10,000, synced", values, "ms", 2.0, at_most=True)


if __name__ == "__main__":
    main()
