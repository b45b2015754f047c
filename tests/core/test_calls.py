"""Calls of other systems: made once the step is reached, signed, tried again within bounds, never lost."""

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests.http_sink import Answer, http_sink
from tests.live import Live
from tests.rehearsing import at, campaign, event, profile

from tellwire.kernel.http.client import HttpClient
from tellwire.platform.deliver.calls import CallWorker
from tellwire.platform.deliver.webhook import WAITS, secret_text, settled, signed
from tellwire.platform.model.call import Call, CallAgain, CallEnded, CallId, DueCall
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.start import OnEvent
from tellwire.platform.model.step import CallStep

NINE = at("2026-06-01T09:00")
SECRET = b"k" * 32
CALL = Call(
    id=CallId("e1-1.tell"),
    campaign_id=CampaignId(1),
    step="tell",
    url="https://crm.example/x",
    body="{}",
    created_at=NINE,
)


def test_the_signature_is_that_of_the_standard() -> None:
    request = signed(DueCall(CALL, 0), SECRET, NINE)

    headers = dict(request.headers)
    content = f"e1-1.tell.{int(NINE.timestamp())}.{{}}".encode()
    wanted = base64.b64encode(hmac.new(SECRET, content, hashlib.sha256).digest()).decode()
    assert headers["webhook-id"] == "e1-1.tell"
    assert headers["webhook-timestamp"] == str(int(NINE.timestamp()))
    assert headers["webhook-signature"] == f"v1,{wanted}"
    assert headers["Content-Type"] == "application/json"
    assert base64.b64decode(secret_text(SECRET).removeprefix("whsec_")) == SECRET


def test_nobody_forges_a_signature_by_a_header_of_the_campaign() -> None:
    forged = msgspec.structs.replace(CALL, headers=(("Webhook-Id", "other"), ("Content-Type", "text/plain")))

    names = [name.lower() for name, _ in signed(DueCall(forged, 0), SECRET, NINE).headers]

    assert names.count("webhook-id") == names.count("content-type") == 1


@pytest.mark.parametrize("status", [None, 301, 404, 429, 500, 503])
def test_what_failed_is_tried_again_within_bounds(status: int | None) -> None:
    moments = []
    for tries in range(len(WAITS)):
        again = settled(DueCall(CALL, tries), status, NINE, lambda: 0.5)
        assert isinstance(again, CallAgain)
        moments.append(again.at - NINE)

    assert moments == sorted(moments)
    assert sum(moments, timedelta()) < timedelta(days=2)
    assert settled(DueCall(CALL, len(WAITS)), status, NINE, lambda: 0.5) == CallEnded(CALL.id, "failed")


def test_an_answer_ends_it() -> None:
    assert settled(DueCall(CALL, 3), 204, NINE, lambda: 0.5) == CallEnded(CALL.id, "done")
    assert settled(DueCall(CALL, 0), 410, NINE, lambda: 0.5) == CallEnded(CALL.id, "refused")


@pytest.fixture
async def http() -> AsyncIterator[HttpClient]:
    client = HttpClient(allow_private=True, connections=4)
    await client.start()
    yield client
    await client.close()


async def test_a_step_calls_once_and_again_until_it_is_had(tmp_path: Path, http: HttpClient) -> None:
    live = Live(tmp_path, NINE)
    await live.open()
    async with http_sink() as sink:
        body = '{"who": "{{ Profile.Name }}", "what": "{{ Event.item }}"}'
        tell = CallStep(
            id="tell",
            url=f"{sink.url}/seen",
            body=body,
            headers=(("X-Plan", "{{ Profile.Plan | default: 'none' }}"),),
        )
        broken = CallStep(id="broken", url=f"{sink.url}/never", body="{% abort %}{{ 1 | divided_by: 0 }}")
        await live.publish(campaign(OnEvent(event="Seen"), tell, broken, name="Calls"))
        await live.receive(
            profile("ann", "2026-06-01T09:00"), event("ann", "Seen", "2026-06-01T09:00", item="shoes")
        )
        worker = CallWorker(
            calls=live.backend.calls, http=http, secret=SECRET, clock=live.clock, random=lambda: 0.0
        )

        sink.answers = [Answer(status=500)]
        assert await worker.step() == 1
        assert await worker.step() == 0
        await live.close()
        await live.open()  # it waits in the store
        worker = CallWorker(
            calls=live.backend.calls, http=http, secret=SECRET, clock=live.clock, random=lambda: 0.0
        )
        live.clock.advance(WAITS[0])
        assert await worker.step() == 1
        live.clock.advance(timedelta(days=9))
        assert await worker.step() == 0

        first, second = sink.seen
        assert msgspec.json.decode(second.body) == {"who": "ann", "what": "shoes"}
        assert first.headers["webhook-id"] == second.headers["webhook-id"]
        assert second.headers["x-plan"] == "none"
        (funnel,) = await live.backend.reports.funnel([CampaignId(1)])
        assert funnel.calls == {"done": 1, "failed": 1}
    await live.close()
