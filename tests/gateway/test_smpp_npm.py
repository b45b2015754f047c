"""Our two ends against the npm package `smpp`, as an SMSC and as an ESME. Node.js 18 or newer and npm are needed."""

import asyncio
import contextlib
import json
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.gateway.smpp_world import linked, until
from tests.waiting import HANG_S

from tellwire.gateway.smpp.accounts import BindGrant, CustomerSubmit
from tellwire.gateway.smpp.commands import Status
from tellwire.gateway.smpp.deliveries import ReceiptFacts, receipt_sm
from tellwire.gateway.smpp.dialect import Dialect
from tellwire.gateway.smpp.receipts import DeliveredReceipt, Inbound
from tellwire.gateway.smpp.server import SmppServer
from tellwire.gateway.smpp.submission import submit_pdus
from tellwire.kernel.address import msisdn_of_digits, parse_sender_id
from tellwire.kernel.failure import Accepted, Refused
from tellwire.kernel.sms import compose

PEERS = Path(__file__).parent / "peers"
NOW = datetime.now(UTC)
INSTALL_S = 600.0
pytestmark = pytest.mark.timeout(INSTALL_S + 2 * HANG_S)  # whichever test comes first installs the peers
LONG = "All work and no play makes Jack a dull boy. " * 6


class Node:
    """A running peer: what it said so far, and its standard input."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said: list[dict[str, object]] = []

    async def listen(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.said.append(json.loads(line))

    def of(self, key: str) -> list[dict[str, object]]:
        return [one for one in self.said if key in one]


@pytest.fixture(scope="module", autouse=True)
def _peers() -> None:
    """Install what package-lock.json says, once."""
    assert shutil.which("node"), "node is needed: apt-get install nodejs npm"
    if not (PEERS / "node_modules" / "smpp").exists():
        asyncio.run(_install())


async def _install() -> None:
    process = await asyncio.create_subprocess_exec("npm", "ci", "--no-audit", "--no-fund", cwd=PEERS)
    assert await asyncio.wait_for(process.wait(), INSTALL_S) == 0, f"run it yourself: cd {PEERS} && npm ci"


@contextlib.asynccontextmanager
async def node(script: str, *arguments: str) -> AsyncIterator[Node]:
    process = await asyncio.create_subprocess_exec(
        "node", "--no-deprecation", script, *arguments, cwd=PEERS,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    peer = Node(process)
    listening = asyncio.create_task(peer.listen())
    try:
        yield peer
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await listening


@contextlib.asynccontextmanager
async def smsc() -> AsyncIterator[tuple[Node, int]]:
    async with node("smsc.js") as peer:
        await until(lambda: peer.of("port"))
        yield peer, int(str(peer.of("port")[0]["port"]))


@pytest.mark.parametrize("concatenation", ["udh8", "udh16", "sar", "payload"])
async def test_npm_smpp_as_smsc_understands_us_and_we_it(concatenation: str) -> None:
    dialect = Dialect(concatenation=concatenation)  # type: ignore[arg-type]  # a literal
    sender, lisa = parse_sender_id("ACME"), msisdn_of_digits("6591230000")
    assert sender is not None
    texts = ["Hello", "Grüße ő", LONG]
    submits = [
        submit
        for text in texts
        for submit in submit_pdus(
            sender, lisa, compose(text), reference=7, dialect=dialect, now=NOW, expires_at=NOW
        )
    ]

    async with smsc() as (peer, port), linked(port, dialect=dialect) as world:
        await world.bound()
        for token, submit in enumerate(submits):
            world.link.submit(token, submit)
        await until(lambda: len(world.delivered) == 2 * len(submits))

        assert {type(result) for result in world.results.values()} == {Accepted}
        receipts = [one for one in world.delivered if isinstance(one, DeliveredReceipt)]
        assert {one.carrier_message_id for one in receipts} == {
            result.reference for result in world.results.values() if isinstance(result, Accepted)
        }
        assert {one.text for one in world.delivered if isinstance(one, Inbound)} == {"Grüße ő"}
        await until(
            lambda: len(peer.of("submit")) == len(submits)
        )  # its words come by a pipe, behind the wire
        seen = peer.of("submit")
        assert [one["text"] or one["payload"] for one in seen[:2]] == texts[:2]
        assert "".join(str(one["text"] or one["payload"]) for one in seen[2:]) == LONG
        assert {one["from"] for one in seen} == {"ACME"}
        await until(lambda: len(peer.of("receipt")) == len(submits))
        assert {one["status"] for one in peer.of("receipt")} == {0}

        await world.link.drain(5.0)
        await until(lambda: peer.of("unbound"))


async def test_npm_smpps_refusals_are_understood() -> None:
    sender = parse_sender_id("ACME")
    assert sender is not None
    (submit,) = submit_pdus(
        sender, msisdn_of_digits("6591230099"), compose("x"), reference=1, dialect=Dialect(), now=NOW
    )

    async with smsc() as (_, port), linked(port) as world:
        await world.bound()
        world.link.submit("a", submit)
        await until(lambda: world.results)
        assert world.results["a"] == Refused("the carrier answered ESME_RINVDSTADR", "15")

    async with smsc() as (_, port), linked(port, password="wrong") as world:
        await until(lambda: any("ESME_RINVPASWD" in reason for reason in world.reasons))


async def test_npm_smpp_as_customer_submits_and_gets_receipts() -> None:
    submits: list[CustomerSubmit] = []

    async def authenticate(system_id: str, password: str, _: str) -> BindGrant | int:
        return BindGrant(system_id=system_id) if password == "secret" else Status.RINVPASWD

    async def on_submit(_: BindGrant, submit: CustomerSubmit) -> str | int:
        submits.append(submit)
        return f"umid-{len(submits)}"

    server = SmppServer(authenticate=authenticate, on_submit=on_submit, refusal_delay_s=0.0)
    await server.start()
    try:
        async with node("esme.js", str(server.port), "wrong") as peer:
            await until(lambda: peer.of("closed"))
            assert peer.of("bind")[0]["bind"] == Status.RINVPASWD

        async with node("esme.js", str(server.port), "secret") as peer:
            await until(lambda: len(peer.of("submitted")) == 4)
            facts = ReceiptFacts(
                message_id="umid-1", source="ACME", destination="6591230000", stat="DELIVRD", error=0,
                submitted_at=NOW, done_at=NOW,
            )  # fmt: skip
            assert await server.deliver("acme", receipt_sm(facts)) == Accepted()

            assert peer.of("bind")[0] == {"bind": 0, "peer": "tellwire"}
            assert {str(one["submitted"]): one["status"] for one in peer.of("submitted")} == {
                "plain": 0, "ucs2": 0, "payload": 0, "bad": Status.RINVDSTADR,
            }  # fmt: skip
            assert [submit.words.text for submit in submits] == ["Hello from npm", "Grüße ő 👋", LONG]
            await until(lambda: peer.of("deliver"))
            told = peer.of("deliver")[0]
            assert (told["esm"], told["id"], told["state"], told["from"]) == (4, "umid-1", 2, "6591230000")

            await server.drain(5.0)
            await until(lambda: peer.of("unbound"))
    finally:
        await server.stop()
