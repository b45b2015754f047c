"""The edges of delivering: the last moment, the last try and the last place in a request."""

from datetime import datetime, timedelta

import pytest
from tests.builders import NOON, a_campaign, a_message, a_provider

from tellwire.kernel.failure import Deferred, Unresolved
from tellwire.kernel.status import MessageStatus
from tellwire.platform.deliver.last_look import objection
from tellwire.platform.deliver.news import news_of
from tellwire.platform.deliver.outcome import settlement_of, stale, unasked, unusable
from tellwire.platform.deliver.pace import Pace
from tellwire.platform.deliver.request import requests_of
from tellwire.platform.model.campaign import CampaignId, CampaignSet, campaign_set
from tellwire.platform.model.message import Claimed, Dropped, GivenUp, HandedOver, TryAgain
from tellwire.platform.model.permission import Permission
from tellwire.platform.model.provider import Batch, Provider, ProviderId
from tellwire.platform.model.step import SendStep

SECOND = timedelta(seconds=1)
ALLOWED = Permission(is_suppressed=False, consents=())


@pytest.mark.parametrize(("spare_s", "kind"), [(0.0, GivenUp), (0.001, TryAgain)])
def test_a_try_at_the_very_moment_when_it_is_given_up_would_be_too_late(spare_s: float, kind: type) -> None:
    message = a_message(give_up_at=NOON + timedelta(seconds=10 + spare_s))

    settlement = settlement_of(Claimed(message, 1), Deferred("busy", "429", 10.0), NOON, 0.0)

    assert isinstance(settlement, kind)
    if isinstance(settlement, GivenUp):
        assert (settlement.standing.status, settlement.code) == (MessageStatus.EXPIRED, "too_late")
        assert settlement.was_tried


@pytest.mark.parametrize(
    ("attempt", "attempts", "words"), [(1, 1, "one try"), (2, 2, "2 tries"), (3, 3, "3 tries")]
)
def test_giving_up_says_after_how_many_tries(attempt: int, attempts: int, words: str) -> None:
    settlement = settlement_of(Claimed(a_message(attempts=attempts), attempt), Deferred("busy"), NOON, 0.5)

    assert isinstance(settlement, GivenUp)
    assert settlement.reason == f"given up after {words}: busy"
    assert settlement.was_tried


def test_the_first_wait_is_half_a_second_to_one_and_the_longest_five_minutes() -> None:
    message = a_message(attempts=100, repeats_unresolved=True)

    waits = [
        settlement.at - NOON
        for attempt, jitter in ((1, 0.0), (2, 0.0), (50, 0.0), (50, 0.999))
        if isinstance(
            settlement := settlement_of(Claimed(message, attempt), Unresolved(""), NOON, jitter), TryAgain
        )
    ]

    assert waits[:3] == [0.5 * SECOND, SECOND, 150 * SECOND]
    assert 299 * SECOND < waits[3] <= 300 * SECOND


def test_what_closes_without_a_try_says_so() -> None:
    closed = [stale(a_message()), unusable(a_message(), "provider_archived", "gone")]

    assert [one.was_tried for one in closed if isinstance(one, GivenUp)] == [False, False]
    assert unasked(a_message(), NOON) == TryAgain(
        message_id=a_message().id,
        at=NOON,
        code="not_sent",
        reason="whether it may still go could not be asked",
    )


@pytest.mark.parametrize(
    ("campaign", "code"),
    [
        ({"ends_at": NOON}, "campaign_ended"),
        ({"ends_at": NOON + SECOND}, None),
        ({"dropped_until": NOON}, None),
        ({"dropped_until": NOON + SECOND}, "campaign_stopped"),
        ({"dropped_until": NOON + SECOND, "ends_at": NOON}, "campaign_stopped"),
    ],
)
def test_a_campaign_ends_at_its_moment_and_a_stop_takes_what_was_written_before(
    campaign: dict[str, datetime], code: str | None
) -> None:
    dropped = objection(a_message(), ALLOWED, a_campaign(**campaign), NOON)

    assert (dropped.code if dropped else None) == code


@pytest.mark.parametrize(
    ("is_suppressed", "consents", "respects", "code"),
    [
        (True, (True,), False, "suppressed"),
        (False, (False,), True, "no_consent"),
        (False, (True, False), True, "no_consent"),
        (False, (False,), False, None),
        (False, (True, None), True, None),
        (False, (False,), None, "no_consent"),
    ],
)
def test_consent_is_asked_of_every_profile_unless_the_campaign_passes_it(
    is_suppressed: bool, consents: tuple[object, ...], respects: bool | None, code: str | None
) -> None:
    permission = Permission(is_suppressed=is_suppressed, consents=consents)  # type: ignore[arg-type]  # values
    campaign = None if respects is None else a_campaign(respects_consent=respects)

    dropped = objection(a_message(), permission, campaign, NOON)

    assert (dropped.code if dropped else None) == code


def catalog(provider: Provider) -> CampaignSet:
    return campaign_set(1, [a_campaign()], [provider])


def claimed(count: int, **changed: object) -> list[Claimed]:
    return [Claimed(a_message(**changed), 1, ALLOWED) for _ in range(count)]


@pytest.mark.parametrize(("count", "sizes"), [(2, [2]), (3, [3]), (4, [3, 1]), (7, [3, 3, 1])])
def test_a_request_is_filled_to_its_size_and_no_further(count: int, sizes: list[int]) -> None:
    provider = a_provider(batch=Batch(key="list", size=3))

    requests, closed = requests_of(claimed(count), catalog(provider), NOON, 0.0)

    assert [len(request.claimed) for request in requests] == sizes
    assert closed == []


def test_without_batches_each_message_has_a_request() -> None:
    requests, _ = requests_of(claimed(3), catalog(a_provider()), NOON, 0.0)

    assert [len(request.claimed) for request in requests] == [1, 1, 1]


@pytest.mark.parametrize(
    ("message", "provider", "code"),
    [
        ({"give_up_at": NOON}, {}, "too_late"),
        ({"give_up_at": NOON + SECOND}, {}, None),
        ({}, {"archived_at": NOON}, "provider_archived"),
        ({}, {"archived_at": NOON, "lets_queued_go": True}, None),
        ({"provider_id": "other"}, {}, "provider_archived"),
    ],
)
def test_what_is_late_or_has_no_provider_closes_without_a_request(
    message: dict[str, object], provider: dict[str, object], code: str | None
) -> None:
    requests, closed = requests_of(claimed(1, **message), catalog(a_provider(**provider)), NOON, 0.0)

    codes = [settlement.code for _, settlement in closed if isinstance(settlement, GivenUp)]
    assert (len(requests), codes) == ((1, []) if code is None else (0, [code]))


def test_news_names_campaign_and_provider_while_they_are_there() -> None:
    one = claimed(1)[0]
    sent = HandedOver(message_id=one.message.id, reference="r")
    dropped = Dropped(message_id=one.message.id, code="suppressed", reason="why")
    later = unasked(one.message, NOON)

    heard = a_campaign(id=CampaignId(99), name="listener", state="running", event="Notification Sent")
    known = catalog(a_provider())
    listening = campaign_set(1, [*known.campaigns.values(), heard], list(known.providers.values()))

    told = news_of([(one, sent), (one, dropped), (one, later)], listening, NOON)
    bare = news_of([(one, sent)], campaign_set(1, [heard], []), NOON)

    assert [(event.name, event.may_trigger) for event in told] == [
        ("Notification Sent", True),
        ("Notification Failed", False),
    ]
    assert b"order thanks" in bytes(told[0].properties)
    assert b"acme" in bytes(told[0].properties)
    assert b"order thanks" not in bytes(bare[0].properties)


def test_a_pace_starts_with_one_saves_a_second_and_waits_for_the_next() -> None:
    pace = Pace(per_s=4, concurrency=100)

    first = pace.free(NOON)
    pace.start(1, 1)
    waits = [pace.wait_s()]
    later = [pace.free(NOON + timedelta(seconds=s)) for s in (0.125, 0.25, 0.5, 10.0, 5.0)]
    waits.append(pace.wait_s())

    assert (first, later) == (1, [0, 1, 2, 4, 4])
    assert waits == [0.25, 0.0]


def test_a_slow_pace_saves_one_whole_message_and_none_is_no_pace() -> None:
    slow, free = Pace(per_s=0.1, concurrency=5), Pace(per_s=0, concurrency=2)
    slow.free(NOON)
    free.start(3, 100)

    assert slow.free(NOON + timedelta(hours=1)) == 1
    assert (free.free(NOON), free.wait_s()) == (0, 0.0)
    free.end()
    free.end()
    assert free.free(NOON) == 1
    slow.start(1, 3)
    assert slow.wait_s() == pytest.approx(30.0)


def send(through: ProviderId | None = None) -> SendStep:
    return SendStep(through=through)


def test_a_campaign_without_a_provider_of_its_own_sends_through_the_default_one_while_it_is_in_use() -> None:
    used, archived, other = a_provider(), a_provider(archived_at=NOON), a_provider(is_default=False)

    found = [campaign_set(1, [], [one]).provider_of(send()) for one in (used, archived, other)]
    named = [campaign_set(1, [], [one]).provider_of(send(used.id)) for one in (used, archived, other)]

    assert found == [used, None, None]
    assert named == [used, None, other]
