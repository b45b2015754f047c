"""A gateway between customers who ask for receipts by part and carriers that fail as carriers do, for a while.

One carrier is in order, one goes silent under load (some connections answer enquiries, some nothing), one unbinds
politely in one segment with its answers. Whatever they do, every text arrives, and every part that asked for a
receipt gets one. `TELLWIRE_TEST_SOAK_S` is for how long customers write.
"""

import asyncio
import os
import random
from collections import Counter
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from tests.gateway.gateway_world import ADMIN, SUB, until, until_asked
from tests.gateway.smpp_world import QUICK, Peer, ScriptedCarrier

from tellwire.gateway.carriers.settling import Persistence
from tellwire.gateway.main import Gateway, GatewayOptions
from tellwire.gateway.model.number import SmppLogin
from tellwire.gateway.smpp import pdu
from tellwire.gateway.smpp.bind import LinkConfig
from tellwire.gateway.smpp.codec import encode
from tellwire.gateway.smpp.link import Link
from tellwire.gateway.smpp.pdu import DeliverSm, DeliverSmResp, Pdu, SubmitSm, SubmitSmResp
from tellwire.gateway.smpp.receipts import Deliver, DeliveredReceipt
from tellwire.gateway.smpp.states import Timers
from tellwire.kernel.failure import Accepted, Backoff, Outcome
from tellwire.kernel.secrets import hash_password

SOAK_S = float(os.environ.get("TELLWIRE_TEST_SOAK_S", "3"))  # longer at night
SETTLE_S = 60.0  # retries, rests and failovers until all is told
WRITING_EVERY_S = 0.01
TIMERS = Timers(response_s=0.5, enquire_s=0.5)
KINDS = ("steady", "silent", "polite")


class SoakCarrier:
    """A carrier that keeps the receipts it owes until they are acknowledged, over all its connections."""

    def __init__(self, name: str, chance: random.Random) -> None:
        self._name = name
        self._chance = chance
        self._taken = 0
        self.owed: dict[str, DeliverSm] = {}
        self.ends: Counter[str] = Counter()

    async def serve(self, peer: Peer) -> None:
        """One connection, until this carrier's habit ends it."""
        await peer.grant()
        told: dict[int, str] = {}
        patience = self._chance.randrange(5, 200) if self._name != "steady" else 1 << 60
        for identifier in list(self.owed):
            self._tell(peer, identifier, told)
        for _ in range(patience):
            said = await peer.next()
            if isinstance(said.body, DeliverSmResp):
                self._note_told(said, told)
            elif isinstance(said.body, SubmitSm):
                peer.writer.write(self._taking(said))
                self._tell(peer, f"{self._name}-{self._taken}", told)
            elif isinstance(said.body, pdu.EnquireLink):
                peer.say(pdu.EnquireLinkResp(), said.sequence)
        await (self._leave(peer) if self._name == "polite" else self._fall_silent(peer))

    def _taking(self, said: Pdu) -> bytes:
        submit = said.body
        assert isinstance(submit, SubmitSm)
        self._taken += 1
        identifier = f"{self._name}-{self._taken}"
        self.owed[identifier] = DeliverSm(
            source_addr=submit.destination_addr,
            destination_addr=submit.source_addr,
            esm_class=4,
            short_message=f"id:{identifier} stat:DELIVRD err:000".encode(),
        )
        return encode(SubmitSmResp(identifier), said.sequence)

    def _tell(self, peer: Peer, identifier: str, told: dict[int, str]) -> None:
        sequence = len(told) + 1
        told[sequence] = identifier
        peer.say(self.owed[identifier], sequence)

    def _note_told(self, said: Pdu, told: dict[int, str]) -> None:
        if said.status == 0:
            self.owed.pop(told[said.sequence], None)

    async def _leave(self, peer: Peer) -> None:
        """Unbind, and answer what is open in the same segment."""
        self.ends["unbound"] += 1
        answers = b""
        while self._chance.random() < 0.8:
            said = await peer.next()
            if isinstance(said.body, SubmitSm):
                answers += self._taking(said)
            elif isinstance(said.body, pdu.EnquireLink):
                break
        peer.writer.write(encode(pdu.Unbind(), 1 << 20) + answers)
        while True:  # until we hang up: who unbound waits for that
            await peer.next()

    async def _fall_silent(self, peer: Peer) -> None:
        self.ends["fell silent"] += 1
        answers_enquiries = self._chance.random() < 0.5
        while True:
            said = await peer.next()
            if answers_enquiries and isinstance(said.body, pdu.EnquireLink):
                peer.say(pdu.EnquireLinkResp(), said.sequence)


class Customer:
    """Writes texts of one to three parts and remembers which of them asked for receipts."""

    def __init__(self, port: int, chance: random.Random) -> None:
        self.texts = 0
        self.offered = 0
        self.asked: set[str] = set()
        self.unasked: set[str] = set()
        self.refused: list[Outcome] = []
        self.told: Counter[str] = Counter()
        self._chance = chance
        config = LinkConfig(host="127.0.0.1", port=port, system_id="acme", password="s3cret")
        self.link = Link(name="acme", config=config, on_results=self._results, on_deliver=self._deliver)

    async def write(self, seconds: float) -> None:
        end_s = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < end_s:
            self._submit(self._chance.randrange(1, 4))
            await asyncio.sleep(WRITING_EVERY_S)  # the pace of the customer, not a wait for something

    def _submit(self, parts: int) -> None:
        asking = {"all": range(parts), "first": [0], "last": [parts - 1], "none": []}
        asks = asking[self._chance.choice(list(asking))]
        self.texts += 1
        for number in range(parts):
            header = bytes([5, 0, 3, self.texts % 256, parts, number + 1]) if parts > 1 else b""
            message = SubmitSm(
                source_addr="ACME",
                dest_ton=1,
                dest_npi=1,
                destination_addr=f"65912{self.texts % 20:05d}",
                esm_class=0x40 if header else 0,
                registered_delivery=int(number in asks),
                short_message=header + f"{self.texts} ".encode() + b"x" * 100,
            )
            self.link.submit(number in asks, message)
            self.offered += 1

    def _results(self, results: list[tuple[object, Outcome]]) -> None:
        for asks, outcome in results:
            if isinstance(outcome, Accepted):
                (self.asked if asks else self.unasked).add(outcome.reference)
            else:
                self.refused.append(outcome)

    async def _deliver(self, deliver: Deliver) -> None:
        assert isinstance(deliver, DeliveredReceipt)
        assert deliver.standing.status.value == "delivered"
        self.told[deliver.carrier_message_id] += 1


@pytest.mark.timeout(SOAK_S + 3 * SETTLE_S)
async def test_every_text_arrives_and_every_part_that_asked_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tellwire.gateway.smpp.stall.FIRST_REST_S", 0.5)
    monkeypatch.setattr("tellwire.gateway.smpp.stall.LONGEST_REST_S", 2.0)
    monkeypatch.setattr("tellwire.gateway.carriers.choosing.FAILOVER_S", 0.3)
    chance = random.Random("soak")
    carriers = {name: SoakCarrier(name, chance) for name in KINDS}
    async with AsyncExitStack() as stack:
        configs = {}
        for name, carrier in carriers.items():
            listening = await stack.enter_async_context(ScriptedCarrier(carrier.serve).listening())
            configs[name] = (
                LinkConfig(
                    host="127.0.0.1",
                    port=listening.port,
                    system_id=name,
                    window=10,
                    timers=TIMERS,
                    reconnect=QUICK,
                ),
            )
        gateway = await started(tmp_path, configs)
        stack.push_async_callback(gateway.stop)
        customer = Customer(gateway.smpp.server.port, chance)
        running = asyncio.create_task(customer.link.run())
        await until(lambda: customer.link.state.phase == "bound")

        await customer.write(SOAK_S)
        await until(lambda: len(customer.asked) + len(customer.unasked) == customer.offered, SETTLE_S)
        await until_asked(lambda: has_ended(gateway, customer.texts), SETTLE_S)
        await until(lambda: customer.told.keys() >= customer.asked, SETTLE_S)
        await customer.link.close()
        await running

    assert customer.refused == []
    assert customer.told.keys() == customer.asked
    assert carriers["silent"].ends["fell silent"]
    assert carriers["polite"].ends["unbound"]


async def started(data: Path, configs: dict[str, tuple[LinkConfig, ...]]) -> Gateway:
    hard = Persistence(backoff=Backoff(first_s=0.1, longest_s=0.5, attempts=1 << 30))
    gateway = Gateway(
        GatewayOptions(
            data=data,
            admin_token=ADMIN,
            smpp_port=0,
            has_simulator=False,
            carriers=configs,
            persistence=dict.fromkeys(configs, hard),
            keep=timedelta(days=1),
        )
    )
    await gateway.start()
    await gateway.ensure_subaccount(SUB)
    login = SmppLogin(system_id="acme", subaccount=SUB, password=hash_password("s3cret"), messages_per_s=2000)
    await gateway.numbers.save_logins([login])
    return gateway


async def has_ended(gateway: Gateway, texts: int) -> bool:
    return await gateway.standings() == {"delivered": texts}
