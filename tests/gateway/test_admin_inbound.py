"""Texts from handsets as an operator looks for them: found, joined, and who was told."""

from pathlib import Path
from typing import Any

from tests.gateway.gateway_world import ADMIN, SUB, Client, Receiver, until
from tests.waiting import until_asked

from tellwire.gateway.accept.submission import make_umids
from tellwire.gateway.main import Gateway
from tellwire.gateway.model.account import Webhook
from tellwire.gateway.model.inbound import InboundPart
from tellwire.gateway.model.number import VirtualNumber
from tellwire.gateway.store.inbound import Inbound
from tellwire.gateway.store.inbound_search import InboundSearch, WantedTexts
from tellwire.gateway.store.reports import NEWEST
from tellwire.gateway.store.schema import MIGRATIONS
from tellwire.kernel.clock import SystemClock
from tellwire.kernel.sqlite import Database

PHONE = "+6591230000"
VIRTUAL = "6580001111"


async def admin(client: Client, path: str) -> tuple[int, Any]:
    return await client.call("GET", f"/admin/api{path}", key=ADMIN)


async def own_number(gateway: Gateway, url: str | None) -> None:
    await gateway.numbers.save_numbers([VirtualNumber(number=VIRTUAL, subaccount=SUB)])
    if url is not None:
        await gateway.accounts.save_webhook(Webhook(id=0, account="demo", subaccount=SUB, url=url))


def write(gateway: Gateway, text: str, source: str = PHONE[1:]) -> None:
    assert gateway.carriers.simulator is not None
    gateway.carriers.simulator.reply(source, VIRTUAL, text, "")


async def listed(client: Client, query: str = "", *, told: str | None = None, many: int = 1) -> list[Any]:
    """Return the list once it has so many texts, all of them `told` so."""
    found: list[Any] = []

    async def is_there() -> bool:
        _, page = await admin(client, f"/inbound{query}")
        found[:] = page["texts"]
        return len(found) == many and (told is None or all(text["told"] == told for text in found))

    await until_asked(is_there)
    return found


async def test_a_long_text_is_listed_once_and_shown_joined_with_who_was_told(
    gateway: Gateway, client: Client, receiver: Receiver
) -> None:
    await own_number(gateway, receiver.url)
    text = "Where is my parcel? " * 14

    write(gateway, text)
    await until(lambda: receiver.bodies)
    row = (await listed(client, told="taken"))[0]
    _, whole = await admin(client, f"/inbound/{row['umid']}")

    assert (row["from"], row["to"], row["subaccount"]) == ("+65******00", f"+{VIRTUAL}", SUB)
    assert (row["parts"], row["is_whole"]) == (2, True)
    assert (row["from"], row["beginning"]) == ("+65******00", text[:160])
    assert (whole["from"], whole["text"]) == (PHONE, text)
    assert whole["units"] == [153, 127]
    assert [(tried["url"], tried["status"]) for tried in whole["tries"]] == [(receiver.url, 200)]


async def test_a_text_nobody_was_told_of_says_so(gateway: Gateway, client: Client) -> None:
    await own_number(gateway, None)

    write(gateway, "Hello?")
    row = (await listed(client))[0]

    assert row["told"] == "nobody"


async def test_texts_are_found_by_either_number_by_umid_by_subaccount_and_by_time(
    gateway: Gateway, client: Client
) -> None:
    await own_number(gateway, None)
    write(gateway, "one")
    write(gateway, "two", source="4915112345678")
    both = await listed(client, many=2)
    umid = both[0]["umid"]

    for query, many in (
        ("?q=5112345", 1), ("?q=%2B65+9123+0000", 1), ("?q=0001111", 2), (f"?q={umid.upper()}", 1), ("?q=none", 0),
        (f"?subaccount={SUB}", 2), ("?subaccount=other", 0), ("?hours=1", 2),
    ):  # fmt: skip
        _, page = await admin(client, f"/inbound{query}")
        assert len(page["texts"]) == many, query

    status, refused = await admin(client, "/inbound?before=x")
    assert (status, list(refused["error"]["fields"])) == (422, ["before"])
    assert (await admin(client, "/inbound/none"))[0] == 404


async def test_a_search_goes_on_where_it_stopped(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "g.db", MIGRATIONS)
    inbound, search = Inbound(database), InboundSearch(database)
    for number in range(5):
        await inbound.take(text_number(number))

    pages, place = [], NEWEST
    while True:
        found = await search.search(WantedTexts(digits="6591"), place, 2)
        pages.append([row.source for row in found.rows])
        if found.next_seq is None:
            break
        place = found.next_seq
    await database.close()

    assert pages == [["65910004", "65910003"], ["65910002", "65910001"], ["65910000"]]


def text_number(number: int) -> InboundPart:
    return InboundPart(
        umid=make_umids(SystemClock().now(), bytes([number] * 16))[0],
        carrier="c",
        source=f"6591000{number}",
        destination="12345",
        body="Hi",
        encoding="GSM7",
        received=SystemClock().now(),
        owner=None,
    )
