"""The endpoints of texts from handsets: the search, and one text with the posts of it to customers."""

from functools import partial
from typing import Any, Final

from tellwire.gateway.admin.endpoint import UNKNOWN, Ask, is_number, wrong
from tellwire.gateway.admin.looking import look
from tellwire.gateway.admin.messages import digits_in, hours_in
from tellwire.gateway.admin.privacy import NUMBER_LEAST, shown_number, shown_url
from tellwire.gateway.store.inbound_search import InboundSearch, TextRow, TextWhole, WantedTexts
from tellwire.gateway.store.reports import NEWEST
from tellwire.kernel.address import parse_msisdn
from tellwire.kernel.clock import Clock, from_ms, to_ms
from tellwire.kernel.sms import compose

PAGE: Final = 50


class InboundPage:
    """Texts as people look for them."""

    def __init__(self, texts: InboundSearch, *, clock: Clock) -> None:
        self._texts = texts
        self._clock = clock

    async def search(self, ask: Ask) -> object:
        """`GET /admin/api/inbound?q&subaccount&hours&before`: newest first, `next` to go on.

        Numbers are masked; the beginning of a text is shown to those who may see it.

        `q` is a umid, or digits of the handset's or of our number.
        """
        before = ask.query.get("before", "")
        if before and not is_number(before):
            return wrong(before="This is no place in the list.")
        wanted = _wanted(ask, self._clock)
        page = await look(partial(self._texts.search, wanted), int(before) if before else NEWEST, PAGE)
        return {
            "texts": [
                {**_listed(row, is_full=False), "beginning": row.beginning if ask.sees_private else None}
                for row in page.rows
                if _may_find(ask, wanted, row)
            ],
            "next": None if page.next_seq is None else str(page.next_seq),
            "reached": page.reached,
        }

    async def show(self, ask: Ask) -> object:
        """`GET /admin/api/inbound/{umid}`: number and text in full for those who may see them."""
        text = await self._texts.text(ask.path["umid"])
        return UNKNOWN if text is None else _whole(text, is_private=not ask.sees_private)


def _wanted(ask: Ask, clock: Clock) -> WantedTexts:
    words = ask.query.get("q", "").strip()[:128]
    digits = digits_in(words)
    since = hours_in(ask)
    return WantedTexts(
        umid=words.lower() if words and not digits else None,
        digits=digits or None,
        subaccount=ask.query.get("subaccount") or None,
        since_ms=None if since is None else to_ms(clock.now() - since),
    )


def _may_find(ask: Ask, wanted: WantedTexts, row: TextRow) -> bool:
    """Say whether a row is found for the caller: viewers find whole numbers, or they could guess piece by piece."""
    digits = wanted.digits
    return ask.sees_private or digits is None or digits == row.source or digits in row.destination


def _handset(source: str, *, is_full: bool) -> str:
    """Return who wrote: a number as the caller may see it; a short code or a word is nobody's number."""
    is_number = source.isdecimal() and NUMBER_LEAST <= len(source) <= 15
    return shown_number(source, is_full=is_full) if not source or is_number else source


def _forwarding(row: TextRow) -> str:
    """Return the state of a text's callbacks; "nobody": there was no webhook or login, or their log is forgotten."""
    if row.waiting:
        return "waiting"
    if row.taken:
        return "taken"
    return "given_up" if row.given_up else "nobody"


def _listed(row: TextRow, *, is_full: bool) -> dict[str, Any]:
    return {
        "umid": row.umid,
        "received_at": from_ms(row.received_ms),
        "account": row.account,
        "subaccount": row.subaccount,
        "carrier": row.carrier,
        "from": _handset(row.source, is_full=is_full),
        "to": f"+{row.destination}" if parse_msisdn(row.destination) else row.destination,
        "encoding": row.encoding,
        "parts": row.parts,
        "is_whole": bool(row.is_whole),
        "told": _forwarding(row),
    }


def _whole(text: TextWhole, *, is_private: bool) -> dict[str, Any]:
    cut = compose(text.body, text.row.encoding).parts if text.row.is_whole else ()
    return {
        **_listed(text.row, is_full=not is_private),
        "is_private": is_private,
        "text": None if is_private else text.body,
        "units": [part.units for part in cut],
        "tries": [
            {
                "id": tried.id,
                "at": from_ms(tried.at_ms),
                "url": shown_url(tried.url, is_full=not is_private),
                "attempt": tried.attempt,
                "status": tried.status,
                "reason": tried.reason,
                "is_over": bool(tried.is_over),
            }
            for tried in text.tries
        ],
        "callbacks": [
            {
                "id": waiting.id,
                "url": shown_url(waiting.url, is_full=not is_private),
                "attempts": waiting.attempts,
                "due_at": from_ms(waiting.due_ms) if waiting.due_ms else None,
            }
            for waiting in text.callbacks
        ],
    }
