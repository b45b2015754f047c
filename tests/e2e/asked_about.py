"""Campaigns that are asked about: why she got one or never entered, and why so few did."""

from typing import Any, Final

from tests.e2e.control_client import Platform

GOLD: Final = {"all": [{"profile": "Plan", "equals": "gold"}]}
SEND: Final = [{"id": "say", "send": {"text": "Hi {{ Profile.Name }}"}}]


async def published(platform: Platform, **fields: Any) -> int:
    """Save a campaign and publish it; return its number."""
    saved = await platform.api.post("/api/campaigns", {"name": "Asked about", "steps": SEND, **fields})
    await platform.api.post(f"/api/campaigns/{saved['id']}/publish", {})
    number: int = saved["id"]
    return number
