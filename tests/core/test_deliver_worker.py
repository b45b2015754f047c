"""The deliver worker over the real back end, with a sender that the test holds in its hand."""

import asyncio
from datetime import timedelta

import pytest
from tests.builders import NOON, a_campaign, a_decision, a_message, a_number, a_provider
from tests.clock import Clock
from tests.waiting import HANG_S

from tellwire.kernel.failure import Accepted, Deferred, Refused, Unresolved
from tellwire.kernel.metrics import metrics
from tellwire.kernel.status import MessageStatus
from tellwire.platform.deliver import worker
from tellwire.platform.deliver.worker import LEASE, DeliverWorker
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.occasion import OccasionId
from tellwire.platform.model.profile import Profile, ProfileId, SuppressionChange
from tellwire.platform.model.provider import Batch, JsonParameters, ProviderId
from tellwire.platform.ports.catalog import DeleteProvider, PutAccount, PutCampaign, PutProvider
from tellwire.platform.ports.errors import Unavailable
from tellwire.platform.ports.ledger import Advance, Recorded, Recording
from tellwire.platform.ports.sender import TAKEN_BACK
from tellwire.platform.ports.stream import START, Position
from tellwire.wiring.backend import open_backend


class HeldSender:
    """Answers what the test says; `hold` a provider and its calls wait for `release`."""

    def __init__(self):
        self.calls = []
        self.outcome = Accepted()
        self.held = set()
        self.release = asyncio.Event()
        self.was_called = asyncio.Event()

    async def send(self, provider, messages, still_wanted=None):
        self.calls.append((provider.id, [message.id for message in messages]))
        self.was_called.set()
        if provider.id in self.held:
            await self.release.wait()
        return [self.outcome] * len(messages)


class World:
    def __init__(self, backend, begins=None):
        self.backend = backend
        self.clock = Clock()
        self.sender = HeldSender()
        self.position = START
        self.worker = DeliverWorker(
            messages=backend.messages,
            catalog=backend.catalog,
            stream=backend.stream,
            sender=self.sender,
            clock=self.clock,
            random=lambda: 0.5,
            **({} if begins is None else {"begins": begins}),
        )

    async def put(self, *changes):
        current = await self.backend.catalog.snapshot()
        await self.backend.catalog.save(changes, current.version)

    async def queue(self, count=1, **changed):
        messages = []
        for _ in range(count):
            occasion_id = OccasionId(f"{self.position + len(messages):024x}")
            messages.append(a_message(occasion_id=occasion_id, **changed))
        decisions = tuple(a_decision(message) for message in messages)
        after, self.position = self.position, Position(self.position + count)
        answer = await self.backend.ledger.record(
            Recording(decisions=decisions), Advance(partition=0, after=after, to=self.position)
        )
        assert isinstance(answer, Recorded)
        return messages

    async def standing(self, message):
        detail = await self.backend.reports.message(message.id)
        return detail.row.standing.status, detail

    async def until_sent(self, message):
        await self.until(message, MessageStatus.SENT)

    async def until(self, message, status):
        while (await self.standing(message))[0] is not status:
            await self.backend.stream.wait(0, START, 0.01)

    async def news(self):
        entries = await self.backend.stream.read(0, START, 1000)
        return [positioned.entry.name for positioned in entries]


@pytest.fixture
async def world(tmp_path):
    backend = await open_backend(tmp_path / "data")
    made = World(backend)
    await made.put(PutProvider(a_provider()), PutCampaign(a_campaign()))
    yield made
    await backend.close()


async def test_accepted_message_is_sent_and_other_campaigns_hear_of_it(world):
    await world.put(PutCampaign(a_campaign(id=CampaignId(2), event="notification sent")))
    [message] = await world.queue()

    assert await world.worker.step() == 1

    status, _ = await world.standing(message)
    assert status is MessageStatus.SENT
    assert await world.news() == ["Notification Sent"]
    assert await world.worker.step() == 0


async def test_refused_message_is_rejected_with_its_reason_and_never_tried_again(world):
    [message] = await world.queue()
    world.sender.outcome = Refused("the provider answered 400", "400")

    await world.worker.step()
    world.clock.advance(timedelta(hours=1))

    assert await world.worker.step() == 0
    status, detail = await world.standing(message)
    assert (status, detail.row.error_code) == (MessageStatus.REJECTED, "400")
    assert await world.news() == ["Notification Failed"]


async def test_while_the_account_is_paused_messages_wait_and_then_go(world):
    [message] = await world.queue()
    await world.put(PutAccount(Account(is_paused=True)))

    assert await world.worker.step() == 0
    assert (await world.standing(message))[0] is MessageStatus.QUEUED

    await world.put(PutAccount(Account()))
    assert await world.worker.step() == 1
    assert (await world.standing(message))[0] is MessageStatus.SENT


@pytest.mark.parametrize(
    "hindrance", [PutAccount(Account(is_paused=True)), None], ids=["paused", "no provider"]
)
async def test_while_nothing_may_go_the_worker_rests(tmp_path, monkeypatch, hindrance):
    monkeypatch.setattr(worker, "IDLE_WAIT_S", HANG_S)
    backend = await open_backend(tmp_path / "data")
    world = World(backend)
    if hindrance:
        await world.put(PutProvider(a_provider()), PutCampaign(a_campaign()), hindrance)
        await world.queue()
    looks, waiting, has_looked = [], backend.messages.waiting, asyncio.Event()

    async def looked():
        looks.append(None)
        has_looked.set()
        return await waiting()

    monkeypatch.setattr(backend.messages, "waiting", looked)
    running = asyncio.create_task(world.worker.run())
    await has_looked.wait()

    for _ in range(100):  # each as long as a round of a worker that never rests, or longer
        await backend.messages.contexts([])

    assert len(looks) == 1
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await backend.close()


async def test_deferred_message_waits_its_time_and_goes_then(world):
    [message] = await world.queue()
    world.sender.outcome = Deferred("busy", "429", 5.0)
    await world.worker.step()
    assert await world.worker.step() == 0

    world.clock.advance(timedelta(seconds=6))
    world.sender.outcome = Accepted()
    assert await world.worker.step() == 1

    assert (await world.standing(message))[0] is MessageStatus.SENT
    assert len(world.sender.calls) == 2


async def test_tries_end_and_the_message_does_not_end_silently(world):
    [message] = await world.queue()
    world.sender.outcome = Deferred("busy", "503")

    for _ in range(20):
        await world.worker.step()
        world.clock.advance(timedelta(minutes=6))

    status, detail = await world.standing(message)
    assert len(world.sender.calls) == 8
    assert status is MessageStatus.REJECTED
    assert "busy" in detail.row.description


async def test_silence_counts_as_sent_without_certainty(world):
    [message] = await world.queue()
    world.sender.outcome = Unresolved("no whole answer within 15 s")

    await world.worker.step()

    status, detail = await world.standing(message)
    assert status is MessageStatus.SENT
    assert "no whole answer" in detail.row.description + "".join(s.description for s in detail.timeline)


async def test_a_stale_message_expires_unsent(world):
    [message] = await world.queue(give_up_at=NOON + timedelta(minutes=1))
    world.clock.advance(timedelta(minutes=2))

    await world.worker.step()

    status, detail = await world.standing(message)
    assert (status, detail.timeline[-1].what) == (MessageStatus.EXPIRED, "given up without a try")
    assert world.sender.calls == []


async def test_messages_of_an_archived_provider_are_closed_and_say_so(world):
    [message] = await world.queue()
    await world.put(PutProvider(a_provider(archived_at=NOON)))

    await world.worker.step()

    status, detail = await world.standing(message)
    assert (status, detail.row.error_code) == (MessageStatus.REJECTED, "provider_archived")


async def test_batch_provider_gets_many_a_request_but_never_two_campaigns_in_one(world):
    batch = Batch(key="msgs", size=3)
    template = JsonParameters('{"msgs":[{"to":"$$To","text":"$$Body"}]}')
    await world.put(
        PutProvider(a_provider(batch=batch, parameters=template)), PutCampaign(a_campaign(id=CampaignId(13)))
    )
    await world.queue(4)
    await world.queue(2, campaign_id=CampaignId(13))

    await world.worker.step()

    assert sorted(len(ids) for _, ids in world.sender.calls) == [1, 2, 3]


async def test_a_provider_that_hangs_does_not_hold_up_another(world):
    await world.put(PutProvider(a_provider(concurrency=2)))
    other = ProviderId("other")
    await world.put(PutProvider(a_provider(id=other, nickname="other", is_default=False)))
    world.sender.held = {ProviderId("acme")}
    await world.queue(10)
    [message] = await world.queue(provider_id=other)

    running = asyncio.create_task(world.worker.run())
    async with asyncio.timeout(HANG_S):
        await world.until_sent(message)

    assert len([call for call in world.sender.calls if call[0] == "acme"]) == 2
    world.sender.release.set()
    await world.worker.drain(5)
    running.cancel()


async def test_nothing_goes_before_it_may_begin_or_an_opt_out_answered_before_a_crash_would_be_unknown(world):
    is_caught_up = asyncio.Event()
    late = World(world.backend, begins=is_caught_up.wait)
    [message] = await late.queue()

    running = asyncio.create_task(late.worker.run())
    await late.worker.drain(5)  # a stop meanwhile does not wait for it
    await late.backend.stream.wait(0, START, 0.05)
    assert late.sender.calls == []
    running.cancel()

    again = World(world.backend, begins=is_caught_up.wait)
    running = asyncio.create_task(again.worker.run())
    is_caught_up.set()
    async with asyncio.timeout(HANG_S):
        await again.until_sent(message)
    running.cancel()


async def test_what_closes_within_a_moment_is_settled_together(world, monkeypatch):
    monkeypatch.setattr(worker, "GATHER_S", 0.2)
    settled, settle = [], world.backend.messages.settle
    messages = await world.queue(10)

    async def send(_provider, _messages, _still_wanted):
        world.sender.calls.append(None)
        for _ in range(5 * len(world.sender.calls)):  # each closes in another turn of the loop
            await asyncio.sleep(0)
        return [Accepted()]

    async def noted(settlements, now):
        settled.append(len(settlements))
        await settle(settlements, now)

    monkeypatch.setattr(world.sender, "send", send)
    monkeypatch.setattr(world.backend.messages, "settle", noted)
    running = asyncio.create_task(world.worker.run())
    async with asyncio.timeout(HANG_S):
        await world.until_sent(messages[-1])
    running.cancel()

    assert settled == [10]


async def test_drain_settles_what_is_under_way_and_claims_no_more(world):
    await world.put(PutProvider(a_provider(concurrency=1)))
    world.sender.held = {ProviderId("acme")}
    first, second = await world.queue(2)
    running = asyncio.create_task(world.worker.run())
    async with asyncio.timeout(HANG_S):
        await world.sender.was_called.wait()

    draining = asyncio.create_task(world.worker.drain(5))
    await asyncio.sleep(0)
    world.sender.release.set()
    await draining
    running.cancel()

    assert (await world.standing(first))[0] is MessageStatus.SENT
    assert (await world.standing(second))[0] is MessageStatus.QUEUED


async def test_a_claim_that_died_is_not_repeated_at_most_once_and_repeated_at_least_once(world):
    [once] = await world.queue()
    [repeated] = await world.queue(repeats_unresolved=True)
    shares = {ProviderId("acme"): 10}
    assert len((await world.backend.messages.claim(shares, world.clock.now(), LEASE)).taken) == 2
    world.clock.advance(LEASE + timedelta(seconds=1))

    await world.worker.step()
    world.clock.advance(timedelta(seconds=2))
    await world.worker.step()

    assert [ids for _, ids in world.sender.calls] == [[repeated.id]]
    assert (await world.standing(once))[0] is MessageStatus.SENT
    assert (await world.standing(repeated))[0] is MessageStatus.SENT


@pytest.mark.parametrize("jump", [timedelta(hours=3), timedelta(days=-3)], ids=["forward", "back"])
async def test_a_clock_that_jumps_closes_no_request_under_way(world, jump):
    world.sender.held = {ProviderId("acme")}
    [slow] = await world.queue(give_up_at=NOON + timedelta(days=9))
    running = asyncio.create_task(world.worker.run())
    async with asyncio.timeout(HANG_S):
        await world.sender.was_called.wait()

    world.clock.advance(jump)
    world.sender.was_called.clear()
    [other] = await world.queue(give_up_at=NOON + timedelta(days=9), created_at=NOON - timedelta(days=4))
    async with asyncio.timeout(HANG_S):
        await world.sender.was_called.wait()
    world.sender.release.set()
    async with asyncio.timeout(HANG_S):
        await world.until_sent(slow)
        await world.until_sent(other)
    running.cancel()

    for message in (slow, other):
        _, detail = await world.standing(message)
        assert [step.what for step in detail.timeline] == ["queued", "handed over"]
    assert len(world.sender.calls) == 2


async def test_claims_that_died_after_the_clock_went_back_are_not_kept_for_days(world):
    world.sender.held = {ProviderId("acme")}
    [first] = await world.queue(repeats_unresolved=True, give_up_at=NOON + timedelta(days=9))
    running = asyncio.create_task(world.worker.run())
    async with asyncio.timeout(HANG_S):
        await world.sender.was_called.wait()
    world.clock.advance(timedelta(days=-3))
    world.sender.was_called.clear()
    await world.queue(created_at=NOON - timedelta(days=4))
    async with asyncio.timeout(HANG_S):
        await world.sender.was_called.wait()
    running.cancel()

    claims = await world.backend.messages.claim({ProviderId("acme"): 9}, world.clock.now() + LEASE, LEASE)

    assert first.id in [one.message.id for one in claims.run_out]


async def test_what_a_standing_store_cannot_take_stays_ours_until_it_can(world, monkeypatch):
    [message] = await world.queue()
    settle, fails = world.backend.messages.settle, True

    async def failing_settle(*args):
        if fails:
            raise Unavailable("the disk is full")
        await settle(*args)

    monkeypatch.setattr(world.backend.messages, "settle", failing_settle)
    with pytest.raises(Unavailable, match="full"):
        await world.worker.step()
    world.clock.advance(LEASE * 2)
    with pytest.raises(Unavailable, match="full"):
        await world.worker.step()
    fails = False
    await world.worker.step()

    _, detail = await world.standing(message)
    assert [step.what for step in detail.timeline] == ["queued", "handed over"]


async def test_a_claim_in_the_making_is_not_lost_by_a_stop(world, monkeypatch):
    await world.queue(3)
    claim, is_claimed, may_go_on = world.backend.messages.claim, asyncio.Event(), asyncio.Event()

    async def slow_claim(*args):
        claimed = await claim(*args)
        is_claimed.set()
        await may_go_on.wait()
        return claimed

    monkeypatch.setattr(world.backend.messages, "claim", slow_claim)
    running = asyncio.create_task(world.worker.run())
    async with asyncio.timeout(HANG_S):
        await is_claimed.wait()

    draining = asyncio.create_task(world.worker.drain(5))
    await asyncio.sleep(0)
    may_go_on.set()
    await draining
    running.cancel()

    assert len(world.sender.calls) == 3


async def test_a_store_that_fails_to_claim_does_not_cut_off_what_is_under_way(world, monkeypatch):
    world.sender.held = {ProviderId("acme")}
    [message] = await world.queue()
    running = asyncio.create_task(world.worker.run())
    async with asyncio.timeout(HANG_S):
        await world.sender.was_called.wait()
    has_failed = asyncio.Event()

    async def broken_claim(*_):
        has_failed.set()
        raise Unavailable("the disk is away")

    monkeypatch.setattr(world.backend.messages, "claim", broken_claim)
    await world.queue()
    async with asyncio.timeout(HANG_S):
        await has_failed.wait()
    world.sender.release.set()
    async with asyncio.timeout(HANG_S):
        await world.until_sent(message)

    assert not running.done()
    running.cancel()


async def test_a_bug_in_the_sender_ends_one_request_and_not_the_worker(world, monkeypatch):
    messages = await world.queue(2)
    send = world.sender.send

    async def send_or_break(provider, some):
        if some[0].id == messages[0].id:
            raise KeyError("a bug")
        return await send(provider, some)

    monkeypatch.setattr(world.sender, "send", send_or_break)

    await world.worker.step()

    _, first = await world.standing(messages[0])
    assert first.timeline[-1].what == "perhaps handed over"
    assert (await world.standing(messages[1]))[0] is MessageStatus.SENT


async def test_messages_of_a_deleted_provider_are_closed_and_say_so(world):
    [message] = await world.queue()
    await world.put(DeleteProvider(ProviderId("acme")))

    running = asyncio.create_task(world.worker.run())
    async with asyncio.timeout(HANG_S):
        await world.until(message, MessageStatus.REJECTED)
    running.cancel()

    _, detail = await world.standing(message)
    assert detail.row.error_code == "provider_archived"
    assert "Notification Failed" in await world.news()


async def test_the_first_message_of_a_new_installation_does_not_wait_for_the_poll(tmp_path, monkeypatch):
    monkeypatch.setattr("tellwire.platform.deliver.worker.IDLE_WAIT_S", 60.0)
    backend = await open_backend(tmp_path / "data")
    world = World(backend)
    running = asyncio.create_task(world.worker.run())
    await asyncio.sleep(0)

    await world.put(PutProvider(a_provider()), PutCampaign(a_campaign()))
    [message] = await world.queue()

    async with asyncio.timeout(HANG_S):
        await world.until_sent(message)
    running.cancel()
    await backend.close()


# What may not go any more when its turn comes


async def say(world, *, consent=None, is_suppressed=None):
    """Record what the person of every message here says while it waits."""
    properties = {} if consent is None else {"MSG-sms": consent}
    person = Profile(id=ProfileId("p1"), subjects=(), properties=properties, created_at=NOON, updated_at=NOON)
    changes = (
        ()
        if is_suppressed is None
        else (SuppressionChange(address=a_number(), is_suppressed=is_suppressed, source="reply", at=NOON),)
    )
    after, world.position = world.position, Position(world.position + 1)
    recording = Recording(profiles=(person,), suppressions=changes)
    await world.backend.ledger.record(recording, Advance(partition=0, after=after, to=world.position))


async def refused(world, message):
    """Return why a message was refused, and the steps of its way."""
    status, detail = await world.standing(message)
    assert status is MessageStatus.REJECTED
    return detail.row.error_code, [step.what for step in detail.timeline]


async def test_who_opts_out_while_the_text_is_queued_does_not_get_it(world):
    messages = await world.queue(3)
    await say(world, consent=False)

    await world.worker.step()

    assert world.sender.calls == []
    for message in messages:
        assert await refused(world, message) == ("no_consent", ["queued", "taken back"])


async def test_who_opts_out_between_two_tries_does_not_get_it(world):
    [message] = await world.queue()
    world.sender.outcome = Deferred("busy", "503", 60.0)
    await world.worker.step()
    await say(world, is_suppressed=True)

    world.clock.advance(timedelta(seconds=70))
    await world.worker.step()

    assert len(world.sender.calls) == 1
    assert (await refused(world, message))[0] == "suppressed"


async def test_a_campaign_that_passes_consent_passes_it_at_the_last_look_and_never_a_suppression(world):
    await world.put(PutCampaign(a_campaign(respects_consent=False)))
    [code] = await world.queue()
    await say(world, consent=False)
    await world.worker.step()
    [other] = await world.queue()
    await say(world, consent=False, is_suppressed=True)

    await world.worker.step()

    assert (await world.standing(code))[0] is MessageStatus.SENT
    assert (await refused(world, other))[0] == "suppressed"


async def test_what_a_stopped_campaign_dropped_or_an_ended_one_left_does_not_go(world):
    stopped, ended = CampaignId(13), CampaignId(14)
    await world.put(
        PutCampaign(a_campaign(id=stopped, state="stopped", dropped_until=NOON + timedelta(seconds=1))),
        PutCampaign(a_campaign(id=ended, ends_at=NOON)),
    )
    [one], [other], [third] = [await world.queue(campaign_id=c) for c in (stopped, ended, CampaignId(12))]

    await world.worker.step()

    assert (await refused(world, one))[0] == "campaign_stopped"
    assert (await refused(world, other))[0] == "campaign_ended"
    assert (await world.standing(third))[0] is MessageStatus.SENT


async def test_what_was_dropped_is_told_and_answered_by_no_campaign(world):
    await world.queue()
    await say(world, consent=False)

    await world.worker.step()

    [told] = [positioned.entry for positioned in await world.backend.stream.read(0, START, 10)]
    assert (told.name, told.may_trigger) == ("Notification Failed", False)


async def test_dropping_takes_nothing_of_the_providers_pace(world):
    await world.put(PutProvider(a_provider(per_s=1)))
    await world.queue(3)
    await say(world, consent=False)
    for _ in range(3):
        await world.worker.step()
    await say(world, consent=True)
    [wanted] = await world.queue()

    await world.worker.step()

    assert (await world.standing(wanted))[0] is MessageStatus.SENT


async def test_who_opts_out_while_a_batch_waits_for_its_token_is_left_out_of_it(world, monkeypatch):
    monkeypatch.setattr("tellwire.platform.deliver.worker.LOOKED_S", -1.0)
    batch = Batch(key="msgs", size=3)
    template = JsonParameters('{"msgs":[{"to":"$$To","text":"$$Body"}]}')
    await world.put(PutProvider(a_provider(batch=batch, parameters=template)))
    [gone] = await world.queue()
    [stays] = await world.queue(profile_id=ProfileId("p2"), to=a_number("+6591239999"))
    asked = []

    async def slow_send(provider, messages, still_wanted):
        await say(world, consent=False)  # its token took that long
        wanted = await still_wanted(messages)
        asked.extend(message.id for message in wanted)
        return [Accepted() if message in wanted else TAKEN_BACK for message in messages]

    monkeypatch.setattr(world.sender, "send", slow_send)
    await world.worker.step()

    assert asked == [stays.id]
    assert await refused(world, gone) == ("no_consent", ["queued", "taken back"])
    assert (await world.standing(stays))[0] is MessageStatus.SENT


async def test_what_cannot_be_looked_at_again_waits_and_does_not_go(world, monkeypatch):
    monkeypatch.setattr("tellwire.platform.deliver.worker.LOOKED_S", -1.0)
    permissions, fails = world.backend.messages.permissions, True

    async def failing(messages):
        if fails:
            raise Unavailable("the disk is away")
        return await permissions(messages)

    async def send(_provider, messages, still_wanted):
        wanted = await still_wanted(messages)
        return [Accepted() if message in wanted else TAKEN_BACK for message in messages]

    monkeypatch.setattr(world.backend.messages, "permissions", failing)
    monkeypatch.setattr(world.sender, "send", send)
    [message] = await world.queue()
    await world.worker.step()
    assert (await world.standing(message))[0] is MessageStatus.QUEUED
    fails = False
    world.clock.advance(timedelta(seconds=2))

    await world.worker.step()

    assert (await world.standing(message))[0] is MessageStatus.SENT


async def test_a_look_that_is_young_is_believed(world, monkeypatch):
    async def no_look(_messages):
        pytest.fail("the store was asked a second time")

    monkeypatch.setattr(world.backend.messages, "permissions", no_look)
    [message] = await world.queue()

    async def send(_provider, messages, still_wanted):
        return [Accepted() for _ in await still_wanted(messages)]

    monkeypatch.setattr(world.sender, "send", send)
    await world.worker.step()

    assert (await world.standing(message))[0] is MessageStatus.SENT


async def test_a_sending_that_no_campaign_hears_of_makes_no_event(world):
    await world.put(PutCampaign(a_campaign(id=CampaignId(2), event="Notification Sent", state="stopped")))
    [message] = await world.queue()

    await world.worker.step()

    assert (await world.standing(message))[0] is MessageStatus.SENT
    assert await world.news() == []


async def test_a_claim_that_died_is_told_and_counted_as_a_silence_is(world):
    await world.put(PutCampaign(a_campaign(id=CampaignId(2), event="Notification Sent")))
    [died] = await world.queue()
    await world.backend.messages.claim({ProviderId("acme"): 9}, world.clock.now(), LEASE)
    world.clock.advance(LEASE)
    before = handed_over()

    await world.worker.step()

    _, detail = await world.standing(died)
    assert [step.what for step in detail.timeline] == ["queued", "perhaps handed over"]
    assert await world.news() == ["Notification Sent"]
    assert handed_over() == before + 1


def handed_over():
    line = 'tellwire_messages_total{outcome="handed_over",provider="acme"} '
    found = [text for text in metrics.render().decode().splitlines() if text.startswith(line)]
    return float(found[0].removeprefix(line)) if found else 0.0
