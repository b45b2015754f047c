"""Customers over SMPP: lets them bind, takes their messages like those of HTTP, and brings them receipts and texts.

8x8 contract 6. A long text comes in parts, each of which is answered with an id once it is durable; whole, they are
one message. Its receipts go out once for each of those ids that asked for one.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final
from weakref import WeakValueDictionary

from tellwire.gateway.accept.acceptance import Acceptance
from tellwire.gateway.accept.smpp_submits import draft_of, facts_of, flaw_of, joined_draft, part_of
from tellwire.gateway.accept.submission import admit, make_umids
from tellwire.gateway.accounts.numbers import NumberBook
from tellwire.gateway.contract.drafts import Draft
from tellwire.gateway.contract.errors import STORE_FULL, ApiError
from tellwire.gateway.contract.receipts import InboundReport, MessageReport
from tellwire.gateway.limits import Buckets
from tellwire.gateway.model.account import Subaccount, is_among
from tellwire.gateway.model.number import SmppLogin
from tellwire.gateway.model.part import JoinedText
from tellwire.gateway.model.smpp_address import SCHEME, SmppAddress, read_address, write_address
from tellwire.gateway.smpp.accounts import BindGrant, CustomerSubmit
from tellwire.gateway.smpp.commands import Status
from tellwire.gateway.smpp.deliveries import receipt_sm, text_sms
from tellwire.gateway.smpp.dialect import Dialect
from tellwire.gateway.smpp.guard import BindGuard, network_of
from tellwire.gateway.smpp.pdu import DeliverSm
from tellwire.gateway.smpp.references import References
from tellwire.gateway.smpp.server import SmppServer
from tellwire.gateway.smpp.tls import TlsConfig
from tellwire.gateway.store.smpp_parts import SmppParts
from tellwire.kernel.clock import Clock
from tellwire.kernel.failure import Accepted, Outcome
from tellwire.kernel.secrets import verify_password
from tellwire.kernel.sms import compose
from tellwire.kernel.telemetry import log

LOOK_S: Final = 0.5
HASHES: Final = 2  # at once: other work needs threads, too
# Lines about refused binds that one address may write: some, then one a minute.
FAILURE_LINES: Final = 10.0
FAILURE_LINES_PER_S: Final = 1 / 60
_STATUSES: Final = {
    1002: Status.RINVDSTADR,
    1005: Status.RINVSRCADR,
    1004: Status.RINVMSGLEN,
    1006: Status.RINVEXPIRY,
    1201: Status.RSUBMITFAIL,
}


class SmppListener:
    """The SMPP server of the gateway: customers bind to it and submit."""

    def __init__(
        self,
        acceptance: Acceptance,
        numbers: NumberBook,
        parts: SmppParts,
        *,
        host: str,
        port: int,
        tls: TlsConfig | None,
        clock: Clock,
    ) -> None:
        self._acceptance = acceptance
        self._numbers = numbers
        self._parts = parts
        self._clock = clock
        self._dialect = Dialect()
        self._guard = BindGuard()
        # Each address's turn to have a password looked at; a lock lives while somebody holds it or waits for it.
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._hashing = asyncio.Semaphore(HASHES)
        self._failure_lines = Buckets(FAILURE_LINES_PER_S, burst=FAILURE_LINES)
        self._references = References()
        self.server = SmppServer(
            authenticate=self._authenticate,
            on_submit=self._take,
            host=host,
            port=port,
            tls=tls,
            dialect=self._dialect,
            clock=clock,
        )

    async def bring(self, url: str, report: MessageReport | InboundReport) -> Outcome:
        """Hand a receipt or a text to the customer that `url` (`smpp_address`) names.

        Accepted only when every deliver_sm of it was; what was taken in part is brought again as a whole.
        """
        address = read_address(url)
        outcome: Outcome = Accepted()
        for deliver in self._delivers(report, address):
            outcome = await self.server.deliver(address.system_id, deliver)
            if not isinstance(outcome, Accepted):
                return outcome
        return outcome

    async def run(self, on_back: Callable[[str, str], Awaitable[None]]) -> None:
        """Tell `on_back` the subaccount and URL of every customer who has just become bound, until cancelled."""
        known: set[str] = set()
        fresh: set[str] = set()
        while True:
            receiving = self.server.receiving
            before, fresh = fresh, receiving.keys() - known
            # Each bind is reported twice: a message that was put off as the bind came would else wait its whole time.
            for system_id in {receiving[bind] for bind in fresh | (before & receiving.keys())}:
                login = self._numbers.logins.get(system_id)
                if login is not None:
                    await on_back(login.subaccount, write_address(SmppAddress(system_id=system_id)))
            known = set(receiving)
            await asyncio.sleep(LOOK_S)

    async def join_late(self) -> None:
        """Send the texts whose missing parts are overdue as far as they came, but nothing that went already."""
        for text in await self._parts.overdue(self._clock.now()):
            subaccount = self._numbers.subaccount(text.parts[0].subaccount)
            if subaccount is None or await self._parts.went_before(text):
                await self._parts.drop(text.joint)
            else:
                await self._join(subaccount, text, self._clock.now())

    async def _authenticate(self, system_id: str, password: str, peer: str) -> BindGrant | int:
        """Refuse what is cheap to refuse first: by address, by what was tried from there, and then by a hash."""
        login = self._numbers.logins.get(system_id)
        if login is not None and login.addresses and not is_among(peer, login.addresses):
            self._note_failed(peer, "its address may not bind")
            return Status.RBINDFAIL
        async with self._turns.setdefault(network_of(peer), asyncio.Lock()):
            if self._guard.is_blocked(peer, system_id, self._now_s()):
                self._note_failed(peer, "too many wrong passwords")
                return Status.RBINDFAIL
            is_right = await self._is_right(login, password)
            self._guard.note(peer, system_id, self._now_s(), is_right=is_right)
        if login is None or not is_right:
            self._note_failed(peer, "")
            return Status.RINVPASWD
        return BindGrant(
            system_id=system_id,
            subject=login.subaccount,
            binds=login.binds,
            throughput_per_s=login.messages_per_s,
        )

    async def _is_right(self, login: SmppLogin | None, password: str) -> bool:
        hashed = None if login is None or not login.is_enabled else login.password
        async with self._hashing:
            return await asyncio.to_thread(verify_password, password, hashed)

    def _note_failed(self, peer: str, reason: str) -> None:
        """Log a refused bind, of each address once in a while: whoever guesses shall not write the log."""
        if not self._failure_lines.wait_s(peer, self._now_s()):
            log("login.failed", "warning", system=SCHEME, host=peer, reason=reason)

    def _now_s(self) -> float:
        return asyncio.get_running_loop().time()

    async def _take(self, grant: BindGrant, submit: CustomerSubmit) -> str | int:
        subaccount = self._numbers.subaccount(str(grant.subject))
        if subaccount is None:
            return Status.RINVSYSID
        now = self._clock.now()
        flaw = flaw_of(submit, now)
        if flaw is not None:
            return flaw
        umid = make_umids(now, os.urandom(16))[0]
        if submit.words.part_count > 1:
            return await self._take_part(grant, subaccount, submit, umid, now)
        return await self._accept(subaccount, draft_of(grant, submit, umid), umid, now)

    async def _take_part(
        self, grant: BindGrant, subaccount: Subaccount, submit: CustomerSubmit, umid: str, now: datetime
    ) -> str | int:
        kept = await self._parts.keep(part_of(grant, subaccount.id, submit, umid, now))
        if kept.whole is None:
            return kept.umid
        answer = await self._join(subaccount, kept.whole, now)
        return kept.umid if isinstance(answer, str) else answer

    async def _join(self, subaccount: Subaccount, text: JoinedText, now: datetime) -> str | int:
        """Take the parts that are there as one message; what can never be taken does not wait for ever."""
        umid = text.parts[0].umid
        answer = await self._accept(subaccount, joined_draft(text), umid, now, joint=text.joint)
        if isinstance(answer, int) and answer != _status(STORE_FULL):
            log(
                "message.failed", "warning", message_id=umid, status=answer, reason="its parts are no message"
            )
            await self._parts.drop(text.joint)
        return answer

    async def _accept(
        self,
        subaccount: Subaccount,
        draft: Draft,
        umid: str,
        now: datetime,
        joint: int | None = None,
    ) -> str | int:
        admission = admit([draft], [umid], self._acceptance.terms(subaccount), now)
        error = admission.first_error
        error = error or await self._acceptance.store(subaccount, admission, wire="smpp", joined=joint)
        return umid if error is None else _status(error)

    def _delivers(self, report: MessageReport | InboundReport, address: SmppAddress) -> list[DeliverSm]:
        if isinstance(report, InboundReport):
            return text_sms(
                report.source,
                report.destination,
                compose(report.body),
                reference=self._reference(report),
                dialect=self._dialect,
                message_id=report.umid,
            )
        umids = (report.client_id or report.umid).split()
        return [receipt_sm(facts_of(report, umid, address, is_part=len(umids) > 1)) for umid in umids]

    def _reference(self, report: InboundReport) -> int:
        """Return what joins a long text's parts, the same when it is brought again."""
        return self._references.of(f"{report.source} {report.destination}", int(report.umid[-12:], 16))


def _status(error: ApiError) -> int:
    return _STATUSES.get(error.code, Status.RSYSERR)
