"""Laws of `ports.links`: a link is there with its message, leads on until it ends, and its clicks are counted once."""

from datetime import timedelta

import msgspec
from conformance_harness import Backend
from conformance_nouns import NOW, activity, message, record, send

from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.event import Event
from tellwire.platform.model.link import ShortLink
from tellwire.platform.model.message import Message, MessageContext
from tellwire.platform.model.system_event import notification_clicked
from tellwire.platform.ports.ledger import Recording

SLUG, OTHER = "abcdefghijkl", "mnopqrstuvwx"
TARGET = "https://shop.example/a?b=ü"


def with_links(n: int, *links: ShortLink) -> Message:
    return msgspec.structs.replace(message(n), links=links)


async def clicked(backend: Backend, one: Message, slug: str, *marks: str) -> tuple[Event, ...]:
    context: MessageContext = (await backend.messages.contexts([one.id]))[one.id]
    short = f"https://exm.pl/l/{slug}"
    return tuple(
        notification_clicked(context, NOW, NOW, url=TARGET, short_url=short, mark=mark) for mark in marks
    )


async def test_a_link_is_found_with_its_message_and_leads_on_until_it_ends(backend: Backend) -> None:
    one = with_links(1, ShortLink(SLUG, TARGET, "utm_source=x", 1_000), ShortLink(OTHER, "http://b.example"))

    await record(backend, Recording(decisions=(send(one),)))

    found = await backend.links.find([SLUG, OTHER, "nobodyhasone"], NOW)
    assert (found[SLUG].message_id, found[SLUG].target, found[SLUG].members) == (
        one.id,
        TARGET,
        "utm_source=x",
    )
    later = one.created_at + timedelta(seconds=1)
    assert set(await backend.links.find([SLUG, OTHER], later)) == {OTHER}
    assert await backend.links.find([], NOW) == {}


async def test_a_decision_that_is_recorded_twice_has_its_links_once(backend: Backend) -> None:
    one = with_links(1, ShortLink(SLUG, TARGET))

    await record(backend, Recording(decisions=(send(one),)))
    await record(backend, Recording(decisions=(send(one),)))

    assert set(await backend.links.find([SLUG], NOW)) == {SLUG}


async def test_clicks_are_counted_each_and_once_a_message(backend: Backend) -> None:
    one = with_links(1, ShortLink(SLUG, TARGET), ShortLink(OTHER, TARGET))
    await record(backend, Recording(decisions=(send(one),)))
    first, again = await clicked(backend, one, SLUG, "1", "2")
    (other,) = await clicked(backend, one, OTHER, "3")

    await record(backend, Recording(activity=(*activity(first), *activity(again))))
    await record(backend, Recording(activity=activity(other)))

    found = await backend.links.find([SLUG, OTHER], NOW)
    assert (found[SLUG].clicks, found[OTHER].clicks) == (2, 1)
    (funnel,) = await backend.reports.funnel([CampaignId(1)])
    assert (funnel.clicked, funnel.clicks) == (1, 3)


async def test_links_that_ended_are_forgotten_and_others_stay(backend: Backend) -> None:
    links = (ShortLink(SLUG, TARGET, life_ms=1_000), ShortLink(OTHER, TARGET, life_ms=2**40))
    await record(backend, Recording(decisions=(send(with_links(1, *links)),)))
    later = NOW + timedelta(days=1)

    step = await backend.retention.forget_links(later, 0)

    assert (step.rows, step.resume) == ({"link": 1}, None)
    assert set(await backend.links.find([SLUG, OTHER], NOW)) == {OTHER}
