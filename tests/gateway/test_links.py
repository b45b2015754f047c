"""Short links: where they come into texts, what a click does, and what nobody can make them do."""

import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import a_price
from tests.clock import Clock
from tests.gateway.checklist_world import opened
from tests.gateway.gateway_world import ADMIN, SUB, Client, Receiver, shown, until, until_asked

from tellwire.gateway.accept.links import Linker
from tellwire.gateway.contract.drafts import Draft
from tellwire.gateway.main import Gateway
from tellwire.gateway.model.account import Account, Webhook
from tellwire.gateway.model.link import NewLink
from tellwire.kernel.links.in_text import cut_link
from tellwire.kernel.links.slugs import SLUG_LENGTH, Slugs, is_slug
from tellwire.kernel.links.web_url import URL_LIMIT, is_web_url

PHONE = "+6591230000"
TARGET = "https://shop.example/order/77?utm=sms&n=%C3%A9#top"
BASE = "https://gw.example"
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def shorten(text: str, entropy: bytes = b"e" * 32) -> tuple[str, list[NewLink]]:
    linker = Linker(BASE, Slugs(entropy, NOW), NOW, shortens=True)
    draft, links = linker.put(Draft(destination="6591230000", text=text), "u")
    return draft.text, links


@pytest.mark.parametrize(
    ("text", "targets", "pattern"),
    [
        ("no link", [], "no link"),
        ("Go to https://a.example/x.", ["https://a.example/x"], "Go to {}."),
        ("(https://a.example/x)!", ["https://a.example/x"], "({})!"),
        ("https://a.example/x_(y)", ["https://a.example/x_(y)"], "{}"),
        ("HTTP://A.example, HTTP://A.example", ["HTTP://A.example"], "{0}, {0}"),
        ("http://a.example http://b.example", ["http://a.example", "http://b.example"], "{} {}"),
        ('"https://a.example/"', ["https://a.example/"], '"{}"'),
        ("https://例え.example/道。", ["https://例え.example/道"], "{}。"),
        (
            "https:// http://:x ftp://a.example www.a.example",
            [],
            "https:// http://:x ftp://a.example www.a.example",
        ),
        (f"{BASE}/s/abc", [], f"{BASE}/s/abc"),
        ("https://a.example/" + "x" * URL_LIMIT, [], "https://a.example/" + "x" * URL_LIMIT),
    ],
)
def test_every_link_of_a_text_and_nothing_else_is_replaced(
    text: str, targets: list[str], pattern: str
) -> None:
    short, links = shorten(text)

    assert [link.target for link in links] == targets
    assert short == pattern.format(*(link.url for link in links))


@given(
    st.lists(
        st.sampled_from(
            ["https://a.example/é?x=(1)", "http://b.example", " ", ")", ".", "é", "\n", "https://"]
        )
    )
)
def test_putting_the_targets_back_gives_the_text_that_was(pieces: list[str]) -> None:
    text = "".join(pieces)

    short, links = shorten(text)
    for link in links:
        short = short.replace(link.url, link.target)

    assert short == text
    assert all(is_web_url(link.target) for link in links)


@given(st.text(alphabet="ab/.,;:!?)]}([{'", max_size=40))
def test_cutting_a_link_loses_nothing(found: str) -> None:
    link, rest = cut_link(found)

    assert link + rest == found


def test_slugs_differ_by_their_entropy_and_lie_together_by_their_time() -> None:
    first = Slugs(b"a" * 32, NOW)
    slugs = {first.make() for _ in range(1000)}
    others = {Slugs(bytes([byte]) * 32, NOW).make() for byte in range(90)}
    later = Slugs(b"a" * 32, NOW + timedelta(minutes=10)).make()

    assert len(slugs | others) == 1090
    assert all(is_slug(slug) and len(slug) == SLUG_LENGTH for slug in slugs)
    assert len({slug[:2] for slug in slugs | others}) == 1
    assert later[:2] not in {slug[:2] for slug in slugs}


class Clicker:
    """Follows links as browsers do, but no further than to where they are sent."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def __call__(self, url: str, method: str = "GET", **headers: str) -> tuple[int, str | None]:
        async with self._session.request(method, url, headers=headers, allow_redirects=False) as answer:
            return answer.status, answer.headers.get("Location")


@pytest.fixture
async def click() -> Any:
    async with aiohttp.ClientSession() as session:
        yield Clicker(session)


async def shortening(gateway: Gateway, receiver: Receiver) -> None:
    await gateway.accounts.set_shortens_links(SUB, shortens_links=True)
    await gateway.accounts.save_webhook(Webhook(id=0, account="demo", subaccount=SUB, url=receiver.url))


async def link_on_handset(gateway: Gateway) -> str:
    await until(lambda: shown(gateway, PHONE))
    return shown(gateway, PHONE)[-1].text.rpartition(" ")[2]


def clicks(receiver: Receiver) -> list[Any]:
    return [body for body in receiver.bodies if body["eventType"] == "short_url_clicked"]


async def test_a_click_leads_on_and_is_told(
    gateway: Gateway, client: Client, receiver: Receiver, click: Clicker
) -> None:
    await shortening(gateway, receiver)

    _, sent = await client.send(destination=PHONE, text=f"Track it: {TARGET}")
    short = await link_on_handset(gateway)
    answers = [await click(short), await click(short)]
    await until(lambda: len(clicks(receiver)) == 2)

    assert short.startswith(f"{client.base}/s/")
    assert answers == [(302, TARGET)] * 2
    first, second = clicks(receiver)
    assert first["payload"].pop("eventId") != second["payload"].pop("eventId")
    assert uuid.UUID(sent["umid"])
    del first["payload"]["occurredAt"]
    assert first == {
        "namespace": "SMS",
        "eventType": "short_url_clicked",
        "description": "Short URL from SMS clicked",
        "payload": {
            "umid": sent["umid"],
            "destination": PHONE,
            "shortUrl": short,
            "targetUrl": TARGET,
        },
    }


async def test_what_nobody_followed_is_no_click(
    gateway: Gateway, client: Client, receiver: Receiver, click: Clicker
) -> None:
    await shortening(gateway, receiver)
    await client.send(destination=PHONE, text=f"Track it: {TARGET}")
    short = await link_on_handset(gateway)

    ahead = await click(short, **{"Sec-Purpose": "prefetch;prerender"})
    head = await click(short, "HEAD")
    followed = await click(short)
    await until(lambda: clicks(receiver))

    assert [ahead, head, followed] == [(302, TARGET)] * 3
    assert len(clicks(receiver)) == 1


async def test_a_link_that_nobody_made_leads_nowhere(
    gateway: Gateway, client: Client, receiver: Receiver, click: Clicker
) -> None:
    await shortening(gateway, receiver)
    await client.send(destination=PHONE, text=f"Track it: {TARGET}")
    short = await link_on_handset(gateway)
    other = short[:-1] + ("a" if short[-1] != "a" else "b")

    found = [
        await click(url)
        for url in (
            other,
            f"{client.base}/s/x",
            f"{client.base}/s/https:%2F%2Fevil.example",
            f"{short}?to=https://evil",
        )
    ]
    posted = await click(short, "POST")

    assert found == [(404, None)] * 3 + [(302, TARGET)]
    assert posted == (404, None)


async def test_parts_and_price_are_those_of_the_text_that_is_sent(
    gateway: Gateway, client: Client, receiver: Receiver
) -> None:
    await gateway.accounts.save_prices("demo", [a_price(10_000)])
    await shortening(gateway, receiver)
    long = "https://shop.example/" + "x" * 400

    await client.send(destination=PHONE, text=f"Look: {long}")
    await until(lambda: len(receiver.bodies) == 2)

    assert receiver.bodies[0]["payload"]["smsCount"] == 1
    assert receiver.bodies[0]["payload"]["price"]["total"] == 0.01


async def test_texts_stay_as_they_are_until_the_subaccount_wants_short_links(
    gateway: Gateway, client: Client
) -> None:
    await client.send(destination=PHONE, text=f"Track it: {TARGET}")

    assert await link_on_handset(gateway) == TARGET


async def test_what_was_refused_or_taken_before_leaves_no_link(
    gateway: Gateway, client: Client, receiver: Receiver
) -> None:
    await shortening(gateway, receiver)
    await gateway.accounts.ensure_account(Account(id="demo", name="demo", is_prepaid=True, currency="EUR"))
    await gateway.accounts.save_prices("demo", [a_price(10_000)])
    await gateway.accounts.set_takes_once(SUB, takes_once=True)

    poor, _ = await client.send(destination=PHONE, text=TARGET)
    await gateway.accounts.add_balance("demo", 1_000_000)
    for _ in range(2):
        await client.send(destination=PHONE, text=TARGET, clientMessageId="once")
    links = await gateway._database.read(lambda db: db.execute("SELECT count(*) FROM link").get)

    assert poor == 403
    assert links == 1


async def test_clevertap_hears_of_clicks_in_its_own_form(
    gateway: Gateway, client: Client, receiver: Receiver, click: Clicker
) -> None:
    await gateway.accounts.set_shortens_links(SUB, shortens_links=True)
    message = {"destination": PHONE, "text": TARGET, "mid": "m.1", "partnerCallbackUrl": receiver.url}
    await client.call("POST", f"/api/v1/subaccounts/{SUB}/partners/clevertap/batch", {"msgs": [message]})
    short = await link_on_handset(gateway)
    await until(lambda: receiver.bodies)

    await click(short)
    await until(lambda: len(receiver.bodies) == 2)

    [group] = receiver.bodies[1]
    [item] = group["data"]
    assert group["event"] == "clicked"
    assert item.pop("ts") > 0
    assert item == {"meta": "m.1", "toPhone": PHONE, "url": TARGET, "shortUrl": short}


async def test_a_click_is_told_after_the_receipts_of_its_message_and_again_until_it_is_taken(
    tmp_path: Path, receiver: Receiver, click: Clicker
) -> None:
    clock = Clock.running()
    receiver.answers = [200, 200, 500, 200]
    async with opened(tmp_path, clock) as (gateway, client):
        await shortening(gateway, receiver)
        await client.send(destination=PHONE, text=TARGET)
        short = await link_on_handset(gateway)
        await until(lambda: len(receiver.bodies) == 2)
        await click(short)
        await until(lambda: len(receiver.bodies) == 3)
        clock.advance(2)
        await until(lambda: len(receiver.bodies) == 4)

        async def is_logged() -> bool:
            _, page = await client.call("GET", "/admin/api/webhooks/log", key=ADMIN)
            return [one["event"] for one in page["tries"]] == ["clicked", "clicked", "delivered", "sent"]

        await until_asked(is_logged)
        _, page = await client.call("GET", "/admin/api/webhooks/log", key=ADMIN)
        again, _ = await client.call(
            "POST", f"/admin/api/webhooks/log/{page['tries'][0]['id']}/again", {}, key=ADMIN
        )
        await until(lambda: len(receiver.bodies) == 5)

    assert again == 204
    assert receiver.bodies[2] == receiver.bodies[3] == receiver.bodies[4]


async def test_links_end_after_ninety_days_and_are_forgotten(tmp_path: Path, click: Clicker) -> None:
    clock = Clock.running()
    async with opened(tmp_path, clock) as (gateway, client):
        await gateway.accounts.set_shortens_links(SUB, shortens_links=True)
        await client.send(destination=PHONE, text=TARGET)
        short = await link_on_handset(gateway)
        clock.advance(90 * 86400 - 60)
        before = await click(short)
        clock.advance(61)
        after = await click(short)

    assert (before, after) == ((302, TARGET), (404, None))
