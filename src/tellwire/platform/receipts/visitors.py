"""Who asks for a short link: a person who goes there, or a machine that looks at where it leads. Pure.

A machine is
    HEAD                    whoever only asks where a link leads
    ahead of time           a browser that fetches what may be wanted next (Sec-Purpose, Purpose)
    a known agent           previews of messengers, mail and SMS scanners, crawlers: `_AGENTS`, by words of User-Agent
    a tool, after a HEAD    a library's name or none, within `AFTER_HEAD_MS` of a HEAD for that link from its address
    too fast                the third link of one message within `BURST_MS`: nobody taps so fast

A library's name alone proves nothing: people test with them, and apps open links with them. What pretends to be a
browser and fetches one link, as some scanners do, counts as a person: nothing in its request tells it apart.
"""

import re
from collections import OrderedDict
from functools import lru_cache
from typing import Final, Literal, TypeAlias, TypeVar

from tellwire.kernel.links.clicks import is_click

Key = TypeVar("Key")
Kept = TypeVar("Kept")
Visitor: TypeAlias = Literal["person", "look", "ahead", "agent", "scan", "burst"]

AFTER_HEAD_MS: Final = 2_000
BURST_MS: Final = 1_000
BURST_LINKS: Final = 3
REMEMBERED: Final = 10_000  # links that were looked at, and messages whose links were: the newest of each

# Words of the names that previews and scanners give themselves, as of 2026. Add one when a log shows it.
_AGENTS: Final = re.compile(
    r"bot\b|crawl|spider|slurp|preview|prefetch|scanner|monitor|headless|phantomjs|puppeteer|playwright|lighthouse"
    r"|facebookexternalhit|facebookcatalog|meta-externalagent|whatsapp/|telegram|twitter|slack|discord|skypeuripreview"
    r"|linkedin|pinterest|viber|\bline/|kakaotalk-scrap|snapchat|mattermost|embedly|iframely|vkshare|redditbot"
    r"|google-safety|google-read-aloud|googleother|google-inspectiontool|apis-google|feedfetcher|mediapartners"
    r"|bingpreview|yandex|baidu|petalbot|bytespider|applebot|duckduck|ahrefs|semrush|archive\.org"
    r"|proofpoint|mimecast|barracuda|symantec|messagelabs|forcepoint|fireeye|trendmicro|sophos|avast|virustotal"
    r"|urlscan|safebrowsing|safelinks|netcraft|phishtank|checkpoint|zscaler|cloudflare-radar|censys|zgrab|nmap|nuclei",
    re.IGNORECASE,
)
_TOOLS: Final = re.compile(
    r"^$|curl/|wget/|python|aiohttp|httpx|go-http-client|java/|apache-httpclient|okhttp|libwww|ruby|perl|php"
    r"|node-fetch|axios|undici|guzzle|postman|insomnia|restsharp|winhttp|powershell",
    re.IGNORECASE,
)
AGENT_LIMIT: Final = 512  # characters of a name that are looked at


class Visitors:
    """Tells visitors apart by their requests, and by what came shortly before: that is remembered within bounds."""

    def __init__(self) -> None:
        self._looked: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._taken: OrderedDict[str, dict[str, int]] = OrderedDict()

    def visitor(
        self, *, method: str, agent: str, purpose: bytes, address: str, slug: str, message_id: str, at_ms: int
    ) -> Visitor:
        """Return who asks for the link `slug` of a message at this moment."""
        if method != "GET":
            _remember(self._looked, (slug, address), at_ms)
            return "look"
        if not is_click(method, purpose):
            return "ahead"
        kind = _kind_of(agent[:AGENT_LIMIT])
        if kind == "agent":
            return "agent"
        looked_ms = self._looked.get((slug, address))
        if looked_ms is not None and at_ms - looked_ms < AFTER_HEAD_MS and kind == "tool":
            return "scan"
        return "burst" if self._is_burst(message_id, slug, at_ms) else "person"

    def _is_burst(self, message_id: str, slug: str, at_ms: int) -> bool:
        """Note a link of a message; say whether it is the third other one within the time."""
        before = self._taken.get(message_id, {})
        recent = {one: was_ms for one, was_ms in before.items() if at_ms - was_ms < BURST_MS}
        recent[slug] = at_ms
        _remember(self._taken, message_id, recent)
        return len(recent) >= BURST_LINKS


@lru_cache(maxsize=4_096)  # browsers are few, and the look costs more than all the rest
def _kind_of(agent: str) -> Literal["agent", "tool", "browser"]:
    if _AGENTS.search(agent):
        return "agent"
    return "tool" if _TOOLS.search(agent) else "browser"


def _remember(kept: OrderedDict[Key, Kept], key: Key, value: Kept) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > REMEMBERED:
        kept.popitem(last=False)
