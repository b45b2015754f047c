"""What the platform's `/metrics` say of things that wait."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.builders import an_event
from tests.clock import Clock

from tellwire.kernel.metrics import metrics
from tellwire.platform.model.event import Event, EventId
from tellwire.platform.ports.ledger import Advance, Recording
from tellwire.platform.ports.stream import START
from tellwire.wiring.backend import open_backend
from tellwire.wiring.gauges import PlatformGauges

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def event(number: int) -> Event:
    came = NOW - timedelta(seconds=90 - number)
    return an_event(id=EventId(f"e{number}"), occurred_at=came, received_at=came)


def shown(name: str, queue: str) -> float:
    line = next(
        line
        for line in metrics.render().decode().splitlines()
        if line.startswith(f'{name}{{queue="{queue}"}}')
    )
    return float(line.rpartition(" ")[2])


async def test_what_is_uploaded_and_not_decided_waits_and_lags(tmp_path: Path) -> None:
    backend = await open_backend(tmp_path)
    gauges = PlatformGauges(backend.stream, backend.ledger, backend.messages, Clock(NOW))
    await backend.stream.append([event(number) for number in range(3)])

    await gauges.read()
    waiting = shown("tellwire_waiting", "stream"), shown("tellwire_lag_seconds", "stream")
    await backend.ledger.record(Recording(), Advance(partition=0, after=START, to=backend.stream.last(0)))
    await gauges.read()
    decided = shown("tellwire_waiting", "stream"), shown("tellwire_lag_seconds", "stream")
    await backend.close()

    assert (waiting, decided) == ((3.0, 90.0), (0.0, 0.0))
