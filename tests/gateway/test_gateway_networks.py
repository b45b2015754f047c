"""Laws of the handset's network: what carriers tell of it (TLV 0x1503, 0x1504) is kept, shown and passed on."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest
from tests.builders import a_price
from tests.gateway.checklist_world import MESSAGES, PHONE, opened
from tests.gateway.gateway_world import SUB, Client, until_asked

from tellwire.gateway.accept.smpp_submits import facts_of
from tellwire.gateway.contract.receipts import MessageReport
from tellwire.gateway.main import Gateway
from tellwire.gateway.model.callback import DueCallback
from tellwire.gateway.model.smpp_address import SmppAddress
from tellwire.gateway.simulator.behaviour import Behaviour, Receipts
from tellwire.gateway.smpp.receipts import DeliveredReceipt
from tellwire.kernel.status import MessageStatus, Standing, StatusDetail

DELIVERED = Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_RECIPIENT)
CLOSED = "http://127.0.0.1:9"  # nobody listens, so the callback stays


def receipt(reference: str, mcc: str, mnc: str) -> DeliveredReceipt:
    return DeliveredReceipt(
        carrier_message_id=reference, standing=DELIVERED, at=datetime.now(UTC), mcc=mcc, mnc=mnc
    )


async def reference_of(gateway: Gateway) -> str:
    await until_asked(lambda: gateway._database.read(_reference))
    return await gateway._database.read(_reference) or ""


async def line(client: Client) -> dict[str, str]:
    _, job = await client.call("POST", f"{MESSAGES}/exports", {})
    shown: list[str] = []

    async def is_done() -> bool:
        _, told = await client.call("GET", f"{MESSAGES}/exports/{job['jobId']}")
        shown[:] = told.get("data", [])
        return bool(shown)

    await until_asked(is_done)
    [only] = csv.DictReader(io.StringIO(await client.read(shown[0])))
    return only


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (("525", "01"), ("SingTel", "525", "01")),
        (("525", "99"), ("", "525", "99")),
        (("x=1", "é"), ("", "", "")),
    ],
)
async def test_the_network_that_a_receipt_tells_is_in_the_export_and_goes_on_to_smpp_customers(
    tmp_path: Path, told: tuple[str, str], kept: tuple[str, str, str]
) -> None:
    silent = Behaviour(receipts=Receipts(lost_percent=100))
    async with opened(tmp_path, behaviour=silent) as (gateway, client):
        await gateway.accounts.save_prices("demo", [a_price(25_000, operator="SingTel", mcc="525", mnc="01")])
        await client.send(destination=PHONE, text="hi", dlrCallbackUrl=f"{CLOSED}/dlr")
        reference = await reference_of(gateway)

        await gateway._assembly.receipts.deliver("simulator", receipt(reference, *told))

        shown = await line(client)
        report = (await callback(gateway)).report
        assert isinstance(report, MessageReport)
        facts = facts_of(report, "u", SmppAddress(system_id="acme"), is_part=True)
        assert (shown["operator"], shown["mcc"], shown["mnc"]) == kept
        assert (facts.mcc, facts.mnc) == kept[1:]


async def test_the_network_of_a_receipt_before_its_answer_is_kept(tmp_path: Path) -> None:
    silent = Behaviour(receipts=Receipts(lost_percent=100))
    async with opened(tmp_path, behaviour=silent, pauses_carriers=True) as (gateway, _):
        await gateway._assembly.receipts.deliver("simulator", receipt("r-early", "525", "05"))

        assert await gateway._database.read(_early) == ("525", "05")


async def callback(gateway: Gateway) -> DueCallback:
    [first] = await gateway.stores.callbacks.due(
        f"{SUB} {CLOSED}", datetime.now(UTC) + timedelta(hours=1), 1, []
    )
    return first


def _reference(connection: apsw.Connection) -> str | None:
    return connection.execute("SELECT reference FROM part").get


def _early(connection: apsw.Connection) -> tuple[str, str]:
    [row] = connection.execute("SELECT mcc, mnc FROM early")
    return row
