"""Laws of `ports.reports`: what people see equals what was recorded."""

import asyncio
from collections import Counter
from datetime import timedelta

import msgspec
from conformance_harness import Backend
from conformance_nouns import (
    DELIVERED,
    LATER,
    LEASE,
    MAIN,
    NOW,
    QUEUED,
    READ,
    REJECTED,
    UNDELIVERED,
    activity,
    campaign,
    event,
    ids,
    message,
    number,
    profile,
    provider,
    queue,
    receipt,
    record,
    send,
    skip,
    subject,
)

from tellwire.kernel.status import MessageStatus, Standing
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.event import EventId, Subject
from tellwire.platform.model.message import GivenUp, HandedOver, MessageId, Settlement, TryAgain
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.ports.catalog import PutCampaign, PutProvider
from tellwire.platform.ports.ledger import Recording
from tellwire.platform.ports.message_reports import EventRow
from tellwire.platform.ports.traffic_reports import ProviderTraffic, TrafficHour, Trouble


async def test_recent_events_are_newest_first_and_paged(backend: Backend) -> None:
    await record(backend, Recording(activity=activity(*(event(n) for n in range(1, 8)))))

    first = await backend.reports.recent_events(3)
    second = await backend.reports.recent_events(3, before=first[-1].event.id)

    assert [row.event for row in first] == [event(7), event(6), event(5)]
    assert [row.event for row in second] == [event(4), event(3), event(2)]
    assert await backend.reports.recent_events(3, before="nobody") == []


async def test_an_event_tells_what_it_led_to(backend: Backend) -> None:
    decisions = (send(message(1)), send(message(1, campaign=2)), skip(1, campaign=3), skip(2))
    await record(backend, Recording(activity=activity(event(1), event(2)), decisions=decisions))

    row = await backend.reports.event(EventId("e000001"))

    assert row == EventRow(event=event(1), profile_id=ProfileId("profile-ann"), messages=2, skips=1)
    assert await backend.reports.event(EventId("nobody")) is None


async def test_every_campaigns_answer_is_kept_with_its_trace(backend: Backend) -> None:
    await backend.catalog.save((PutCampaign(campaign(1, "First")),), 0)
    await record(backend, Recording(decisions=(skip(1, campaign=2, code="suppression"), send(message(1)))))

    sent, skipped = await backend.reports.decisions(OccasionId("e000001"))

    assert (sent.campaign_id, sent.campaign_name, sent.message_id) == (1, "First", "e000001-1")
    assert (sent.code, sent.campaign_version, sent.decided_at) == ("", 3, NOW)
    assert sent.trace == send(message(1)).trace
    assert (skipped.campaign_id, skipped.message_id, skipped.code) == (2, None, "suppression")
    assert skipped.trace == skip(1, campaign=2, code="suppression").trace


async def test_a_profiles_events_are_its_own_newest_first_and_by_name(backend: Backend) -> None:
    await record(
        backend,
        Recording(
            activity=activity(event(1), event(2, name="Charged"), event(3))
            + activity(event(4, "bob"), who="bob")
        ),
    )
    ann = ProfileId("profile-ann")

    assert ids([row.event for row in await backend.reports.profile_events(ann, 10)]) == [
        "e000003",
        "e000002",
        "e000001",
    ]
    assert ids([row.event for row in await backend.reports.profile_events(ann, 1)]) == ["e000003"]
    named = await backend.reports.profile_events(ann, 10, name="order  PLACED")
    assert ids([row.event for row in named]) == ["e000003", "e000001"]


async def test_profiles_are_found_by_subject_and_number(backend: Backend) -> None:
    ann, bob = profile("ann", number(1)), profile("bob", number(1))
    await record(backend, Recording(profiles=(ann, bob, profile("cy", number(2)))))

    assert await backend.reports.profile(subject("bob")) == bob
    assert await backend.reports.profile(subject("nobody")) is None
    assert await backend.reports.profile_by_number(number(1)) == [ann, bob]


async def test_a_profile_that_was_merged_away_is_not_found(backend: Backend) -> None:
    device = Subject("device", "d1")
    await record(backend, Recording(profiles=(profile("guest", number(1), (device,)),)))
    ann = profile("ann", number(1), (subject("ann"), device))

    await record(backend, Recording(profiles=(ann,)))

    assert await backend.reports.profile_by_number(number(1)) == [ann]
    assert await backend.reports.profile(device) == ann


async def test_messages_are_listed_newest_first_by_campaign_and_by_number(backend: Backend) -> None:
    await queue(backend, message(1), message(2, to=2), message(3, campaign=2), message(4, campaign=2, to=2))
    reports = backend.reports

    assert [r.id for r in await reports.recent_messages(3)] == ["e000004-2", "e000003-2", "e000002-1"]
    assert [r.id for r in await reports.recent_messages(9, before="e000003-2")] == ["e000002-1", "e000001-1"]
    of_campaign = await reports.recent_messages(9, campaign_id=CampaignId(2))
    assert [r.id for r in of_campaign] == ["e000004-2", "e000003-2"]
    assert [r.id for r in await reports.recent_messages(9, to=number(2))] == ["e000004-2", "e000002-1"]
    both = await reports.recent_messages(9, campaign_id=CampaignId(1), to=number(2))
    assert [r.id for r in both] == ["e000002-1"]
    assert await reports.recent_messages(9, before="nobody") == []


async def test_a_messages_story_is_told_in_order(backend: Backend) -> None:
    await backend.catalog.save((PutCampaign(campaign()), PutProvider(provider())), 0)
    await queue(backend, message(1))
    await backend.messages.claim({MAIN: 1}, LATER, LEASE)
    again = TryAgain(message_id=message(1).id, at=LATER, code="503", reason="busy")
    await backend.messages.settle([again], LATER)
    await backend.messages.claim({MAIN: 1}, LATER, LEASE)
    await backend.messages.settle([HandedOver(message_id=message(1).id, reference="ref-9")], LATER)
    await backend.messages.apply([receipt(message(1).id), receipt(message(1).id, READ)])

    detail = await backend.reports.message(message(1).id)

    assert detail is not None
    assert [(step.what, step.standing.status) for step in detail.timeline] == [
        ("queued", MessageStatus.QUEUED),
        ("due again after try 1", MessageStatus.QUEUED),
        ("handed over", MessageStatus.SENT),
        ("receipt", MessageStatus.DELIVERED),
        ("receipt", MessageStatus.READ),
    ]
    assert detail.timeline[1].code == "503"
    assert detail.text == message(1).text
    assert detail.row.provider_nickname == "The main one"
    assert detail.decision is not None
    assert detail.decision.message_id == message(1).id
    assert await backend.reports.message(MessageId("nobody")) is None


async def test_a_deleted_provider_is_called_by_its_id(backend: Backend) -> None:
    await queue(backend, message(1))

    (row,) = await backend.reports.recent_messages(1)

    assert (row.provider_nickname, row.campaign_name) == ("main", "")


async def test_the_funnel_equals_what_was_recorded(backend: Backend) -> None:
    messages = [message(n, campaign=1 + n % 2) for n in range(40)]
    skips = [skip(100 + n, campaign=1, code=f"code {n % 3}") for n in range(10)]
    await record(backend, Recording(decisions=(*(send(m) for m in messages), *skips)))
    claimed = (await backend.messages.claim({MAIN: 30}, LATER, LEASE)).taken
    await backend.messages.settle(
        [
            GivenUp(message_id=c.message.id, standing=REJECTED, code="21", reason="no")
            if n % 5 == 0
            else HandedOver(message_id=c.message.id)
            for n, c in enumerate(claimed)
        ],
        LATER,
    )
    await backend.messages.apply(
        [
            receipt(m.id, DELIVERED if n % 3 else UNDELIVERED, "" if n % 3 else "914")
            for n, m in enumerate(messages)
        ]
    )

    rows = await backend.reports.recent_messages(500)
    for funnel in await backend.reports.funnel([CampaignId(2), CampaignId(1), CampaignId(3)]):
        of_campaign = [row for row in rows if row.campaign_id == funnel.campaign_id]
        assert funnel.by_status == Counter(row.standing.status for row in of_campaign)
        assert funnel.errors == Counter(row.error_code for row in of_campaign if row.error_code)
        assert funnel.parts == sum(row.parts for row in of_campaign)
        refused = sum(row.standing.status is MessageStatus.REJECTED for row in of_campaign)
        assert funnel.sent_or_further == len(of_campaign) - refused
        assert funnel.skips == (
            Counter(f"code {n % 3}" for n in range(10)) if funnel.campaign_id == 1 else {}
        )


async def test_a_providers_traffic_equals_what_became_of_its_messages(backend: Backend) -> None:
    hour_ago, today = NOW - timedelta(hours=1), [message(n) for n in range(20)]
    early = [msgspec.structs.replace(message(100 + n), created_at=hour_ago) for n in range(5)]
    other = msgspec.structs.replace(message(200), provider_id=ProviderId("other"))
    await queue(backend, *today, *early, other)
    claimed = (await backend.messages.claim({MAIN: 22}, LATER, LEASE)).taken
    await backend.messages.settle([_ending(n, c.message.id) for n, c in enumerate(claimed)], LATER)
    fates = (DELIVERED, UNDELIVERED, READ)
    await backend.messages.apply([receipt(m.id, fates[n % 3]) for n, m in enumerate([*early, *today[:8]])])

    main, others = await backend.reports.traffic(hour_ago)

    rows = [row for row in await backend.reports.recent_messages(500) if row.provider_id == MAIN]
    for hour, of_hour in zip(main.hours, (early, today), strict=True):
        ids = {m.id for m in of_hour}
        status = Counter(row.standing.status for row in rows if row.id in ids)
        assert hour.waiting == status["queued"]
        assert hour.delivered == status["delivered"] + status["read"]
        assert hour.failed == status["undelivered"] + status["rejected"]
        assert hour.taken == status["sent"] + hour.delivered + status["undelivered"]
    assert [hour.at for hour in main.hours] == [hour_ago, NOW]
    assert others == ProviderTraffic(provider_id=ProviderId("other"), hours=(TrafficHour(at=NOW, waiting=1),))
    (later, _) = await backend.reports.traffic(NOW)
    assert later.hours == main.hours[1:]


def _ending(n: int, message_id: MessageId) -> Settlement:
    if n % 4 == 0:
        return GivenUp(message_id=message_id, standing=REJECTED, code="400", reason="no")
    if n % 4 == 1:
        return TryAgain(message_id=message_id, at=LATER + LEASE, code="503", reason="busy")
    return HandedOver(message_id=message_id, is_certain=n % 4 == 2)


async def test_a_providers_last_trouble_and_last_success_are_told(backend: Backend) -> None:
    await queue(backend, *(message(n) for n in range(5)))
    at = [LATER + timedelta(seconds=n) for n in range(5)]
    endings: list[Settlement] = [
        TryAgain(message_id=message(0).id, at=LATER + LEASE, code="503", reason="busy", answer="{wait}"),
        HandedOver(message_id=message(1).id, reference="r", answer='{"result":"no"}'),
        HandedOver(message_id=message(2).id, is_certain=False, description="no answer"),
        GivenUp(
            message_id=message(3).id, standing=Standing(MessageStatus.EXPIRED), code="late", reason="old"
        ),
    ]
    await backend.messages.claim({MAIN: 5}, LATER, LEASE)
    told = []
    for moment, ending in zip(at, endings, strict=False):
        await backend.messages.settle([ending], moment)
        (of_main,) = await backend.reports.traffic(NOW)
        told.append((of_main.trouble, of_main.taken_at))
    await backend.messages.apply([receipt(message(1).id, UNDELIVERED, "914")])

    busy = Trouble(at=at[0], code="503", reason="busy", answer="{wait}")
    silent = Trouble(at=at[2], code="", reason="no answer")
    assert told == [(busy, None), (busy, at[1]), (silent, at[1]), (silent, at[1])]
    said = [await backend.reports.message(message(n).id) for n in (0, 1, 2)]
    assert [one and one.timeline[1].answer for one in said] == ["{wait}", '{"result":"no"}', ""]
    (of_main,) = await backend.reports.traffic(NOW + timedelta(days=1))
    assert (of_main.hours, of_main.trouble, of_main.taken_at) == ((), silent, at[1])


async def test_changes_begin_with_the_newest_few_and_go_on_with_what_is_new(backend: Backend) -> None:
    await record(backend, Recording(activity=activity(*(event(n) for n in range(1, 60)))))
    await queue(backend, message(1), message(2))

    begun = await backend.reports.changes("", 100)
    still = await backend.reports.changes(begun.cursor, 100)
    await record(backend, Recording(activity=activity(event(60)), decisions=(send(message(60)),)))
    await backend.messages.apply([receipt(message(1).id)])
    then = await backend.reports.changes(still.cursor, 100)

    assert begun.events[0].event == event(59)
    assert len(begun.events) == 20
    assert [row.id for row in begun.messages] == ["e000002-1", "e000001-1"]
    assert all(row in begun.events for row in still.events)
    assert then.events[0].event == event(60)
    standings = {row.id: row.standing for row in then.messages}
    assert (standings[message(60).id], standings[message(1).id]) == (QUEUED, DELIVERED)


async def test_a_page_that_follows_misses_nothing_whatever_is_committed_when(backend: Backend) -> None:
    """Deciding, settling and receipts at once, and a reader between them."""
    standings: dict[str, Standing] = {}
    events: set[str] = set()
    cursor = (await backend.reports.changes("", 1)).cursor

    async def follow() -> None:
        nonlocal cursor
        changes = await backend.reports.changes(cursor, 500)
        cursor = changes.cursor
        events.update(row.event.id for row in changes.events)
        standings.update((row.id, row.standing) for row in changes.messages)

    async def decide() -> None:
        for n in range(60):
            await record(backend, Recording(activity=activity(event(n)), decisions=(send(message(n)),)))

    async def deliver() -> None:
        while len(await backend.reports.recent_messages(60)) < 60 or await backend.messages.waiting():
            claims = await backend.messages.claim({MAIN: 7}, LATER, LEASE)
            await backend.messages.settle([HandedOver(message_id=c.message.id) for c in claims.taken], LATER)

    async def receive() -> None:
        for n in range(60):
            await backend.messages.apply([receipt(message(n // 2).id)])

    async with asyncio.TaskGroup() as tasks:
        work = [tasks.create_task(one()) for one in (decide, deliver, receive)]
        while not all(one.done() for one in work):
            await follow()
    await follow()

    rows = await backend.reports.recent_messages(100)
    assert standings == {row.id: row.standing for row in rows}
    assert events == {event(n).id for n in range(60)}


async def test_changes_are_bounded_and_a_strange_cursor_begins_anew(backend: Backend) -> None:
    begun = await backend.reports.changes("", 5)
    await record(backend, Recording(activity=activity(*(event(n) for n in range(1, 60)))))

    then = await backend.reports.changes(begun.cursor, 5)
    strange = await backend.reports.changes("{]", 5)

    assert [row.event for row in then.events] == [event(n) for n in (59, 58, 57, 56, 55)]
    assert (await backend.reports.changes(then.cursor, 5)).events == ()
    assert strange.events == then.events


async def test_lists_are_bounded(backend: Backend) -> None:
    await record(backend, Recording(activity=activity(*(event(n) for n in range(600)))))

    assert len(await backend.reports.recent_events(10_000)) == 500
    assert await backend.reports.recent_events(-1) == []


async def test_a_campaigns_hours_equal_what_was_decided_and_became_of_it(backend: Backend) -> None:
    one, two, none = CampaignId(1), CampaignId(2), CampaignId(3)
    early = [msgspec.structs.replace(message(100 + n), created_at=NOW - timedelta(hours=2)) for n in range(4)]
    today = [message(n, campaign=1 + n % 2) for n in range(10)]
    skips = [skip(200 + n, campaign=1, code="consent" if n else "content") for n in range(3)]
    await record(backend, Recording(decisions=(*map(send, early), *map(send, today), *skips)))
    claimed = await backend.messages.claim({MAIN: 9}, LATER, LEASE)
    await backend.messages.settle([_ending(n, c.message.id) for n, c in enumerate(claimed.taken)], LATER)
    await backend.messages.apply([receipt(m.id, DELIVERED) for m in [*early[:2], *today[:4]]])

    found = await backend.reports.campaign_hours([two, one, none], NOW - timedelta(hours=2))

    rows = await backend.reports.recent_messages(500)
    for hours in found[:2]:
        for hour in hours.hours:
            of_hour = [
                row
                for row in rows
                if row.campaign_id == hours.campaign_id
                and hour.at <= row.created_at < hour.at + timedelta(hours=1)
            ]
            assert hour.by_status == Counter(row.standing.status for row in of_hour)
            refused = sum(row.standing.status in {"queued", "rejected"} for row in of_hour)
            assert hour.taken == len(of_hour) - refused
    assert [hour.at for hour in found[1].hours] == [NOW - timedelta(hours=2), NOW]
    assert found[1].hours[1].skips == {"content": 1, "consent": 2}
    assert (found[1].last_at, found[2].last_at, found[2].hours) == (NOW, None, ())
    (later,) = await backend.reports.campaign_hours([one], NOW)
    assert later.hours == found[1].hours[1:]


async def test_a_campaigns_series_counts_what_it_made_in_each_span(backend: Backend) -> None:
    one, two, none = CampaignId(1), CampaignId(2), CampaignId(3)
    ages_h = (50, 30, 26, 25, 1, 0)  # of the messages of the first campaign
    aged = [
        msgspec.structs.replace(message(100 + n), created_at=NOW - timedelta(hours=hours))
        for n, hours in enumerate(ages_h)
    ]
    await record(backend, Recording(decisions=(*map(send, aged), send(message(1, campaign=2)), skip(9))))
    await backend.messages.apply([receipt(one.id, DELIVERED) for one in aged[:3]])

    found = await backend.reports.campaign_series([two, one, none], NOW - timedelta(hours=48), 24, 3)

    assert [series.campaign_id for series in found] == [two, one, none]
    assert [series.messages for series in found] == [(0, 0, 1), (3, 1, 1), (0, 0, 0)]
    assert [series.last_message_at for series in found] == [message(1).created_at, NOW, None]


async def test_only_the_last_days_of_a_campaign_are_kept_by_the_hour(backend: Backend) -> None:
    old = msgspec.structs.replace(message(1), created_at=NOW - timedelta(days=16))
    await queue(backend, old)
    await queue(backend, message(2))

    (found,) = await backend.reports.campaign_hours([CampaignId(1)], NOW - timedelta(days=30))

    assert [hour.at for hour in found.hours] == [NOW]
