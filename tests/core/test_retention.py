"""Laws of `kernel.retention` and of the loop that forgets by it."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import structlog
from tests.clock import Clock

from tellwire.kernel.forgetting import Forgetting
from tellwire.kernel.metrics import metrics
from tellwire.kernel.retention import Step, horizon
from tellwire.kernel.sqlite import Full
from tellwire.kernel.status import MessageStatus
from tellwire.kernel.telemetry import configure
from tellwire.settings import Settings
from tellwire.wiring.gateway import start_gateway
from tellwire.wiring.given import WiringProblem
from tellwire.wiring.platform import start_platform

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
KEEP = timedelta(days=90)
MOMENT = timedelta(milliseconds=1)


@pytest.fixture
def lines() -> Iterator[StringIO]:
    out = StringIO()
    configure(stream=out, pretty=False)
    yield out
    structlog.reset_defaults()


@pytest.mark.parametrize(("age", "is_old"), [(KEEP + MOMENT, True), (KEEP, False), (timedelta(0), False)])
def test_a_thing_is_old_when_it_came_before_the_horizon(age: timedelta, is_old: bool) -> None:
    assert horizon(NOW, KEEP).is_old(NOW - age) is is_old


@pytest.mark.parametrize(
    ("status", "moved_days_ago", "is_awaited", "is_over"),
    [
        (MessageStatus.DELIVERED, 11, False, True),
        (MessageStatus.SENT, 11, False, True),  # its receipt was lost on the way
        (MessageStatus.EXPIRED, 11, False, True),
        (MessageStatus.QUEUED, 5_000, False, False),
        (MessageStatus.READ, 5_000, True, False),
        (MessageStatus.DELIVERED, 9, False, False),
    ],
)
def test_a_message_is_over_when_nothing_can_follow(
    status: MessageStatus, moved_days_ago: int, is_awaited: bool, is_over: bool
) -> None:
    moved = NOW - timedelta(days=moved_days_ago)

    assert horizon(NOW, KEEP).is_over(status, moved, is_awaited=is_awaited) is is_over


def test_receipts_may_be_waited_for_longer() -> None:
    moved = NOW - timedelta(days=20)
    patient = horizon(NOW, KEEP, receipts_within=timedelta(days=30))

    assert not patient.is_over(MessageStatus.SENT, moved, is_awaited=False)


async def test_a_pass_goes_on_from_where_each_step_ended_and_counts_what_went() -> None:
    asked: list[tuple[datetime, int]] = []

    async def forget(now: datetime, after: int) -> Step:
        asked.append((now, after))
        return Step(rows={"made up": 2}, resume={0: 7, 7: 9}.get(after))

    await Forgetting({"things": forget}, clock=Clock(NOW), pause_s=0).run_once()

    assert asked == [(NOW, 0), (NOW, 7), (NOW, 9)]
    assert b'tellwire_rows_forgotten_total{table="made up"} 6.0' in metrics.render()


async def test_a_store_without_room_is_told_of_and_holds_up_no_other(lines: StringIO) -> None:
    others = asyncio.Event()

    async def full(_now: datetime, _after: int) -> Step:
        raise Full("no room")

    async def other(_now: datetime, _after: int) -> Step:
        others.set()
        return Step(rows={}, resume=None)

    await Forgetting({"full": full, "other": other}, clock=Clock(NOW), pause_s=0).run_once()

    assert others.is_set()
    assert "forgetting full" in lines.getvalue()


async def test_keeping_for_too_short_a_time_is_refused_before_anything_starts(tmp_path) -> None:
    words = dict.fromkeys(("account_id", "api_token", "admin_email", "admin_password"), "something-long")
    common = {
        "data": str(tmp_path / "data"),
        "passcodes": ("something-long",),
        "gateway_admin_token": "something-long",
        "simulator": True,
    }

    with pytest.raises(WiringProblem, match=r"keep_days is 13: .* 14 days or more, or 0"):
        await start_platform(Settings(**words, **common, keep_days=13))
    with pytest.raises(WiringProblem, match="gateway_keep_days is 1: "):
        await start_gateway(Settings(**words, **common, gateway_keep_days=1))
    assert not (tmp_path / "data").exists()
