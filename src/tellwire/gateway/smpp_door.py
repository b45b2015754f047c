"""Customers over SMPP: lets them bind, takes their messages like those of HTTP, and brings them receipts and texts.

8x8 contract 6. A long text comes in parts, each of which is answered with an id once it is durable; whole, they are
one message. Its receipts go out once for each of those ids.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from tellwire.gateway.acceptance import Acceptance
from tellwire.gateway.contract.drafts import Draft
from tellwire.gateway.contract.errors import ApiError
from tellwire.gateway.contract.members import settled_digits
from tellwire.gateway.contract.receipts import InboundReport, MessageReport
from tellwire.gateway.directory import Subaccount, is_among
from tellwire.gateway.numbers import NumberBook
from tellwire.gateway.smpp.accounts import BindGrant, CustomerSubmit
from tellwire.gateway.smpp.commands import Status
from tellwire.gateway.smpp.deliveries import ReceiptFacts, receipt_sm, stat_of, text_sms
from tellwire.gateway.smpp.dialect import Dialect
from tellwire.gateway.smpp.pdu import DeliverSm
from tellwire.gateway.smpp.server import SmppServer
from tellwire.gateway.smpp.tls import TlsConfig
from tellwire.gateway.store.acceptance import JoinedParts
from tellwire.gateway.store.smpp_parts import SmppParts, SubmittedPart
from tellwire.gateway.submission import admit, make_umids
from tellwire.kernel.address import parse_sender_id
from tellwire.kernel.clock import Clock
from tellwire.kernel.failure import Accepted, Outcome
from tellwire.kernel.secrets import verify_password
from tellwire.kernel.sms import compose
from tellwire.kernel.telemetry import log

SCHEME: Final = "smpp"
LOOK_S: Final = 0.5
_STATUSES: Final = {
    1002: Status.RINVDSTADR,
    1005: Status.RINVSRCADR,
    1004: Status.RINVMSGLEN,
    1006: Status.RINVEXPIRY,
    1201: Status.RSUBMITFAIL,
}


class SmppDoor:
    """The SMPP face of the gateway."""

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
        """Hand a receipt or a text to the customer that `url` (`smpp://system_id`) names.

        Accepted only when every deliver_sm of it was; what was taken in part is brought again as a whole.
        """
        system_id = url.removeprefix(f"{SCHEME}://")
        outcome: Outcome = Accepted()
        for deliver in self._delivers(report):
            outcome = await self.server.deliver(system_id, deliver)
            if not isinstance(outcome, Accepted):
                return outcome
        return outcome

    async def run(self, on_back: Callable[[str, str], Awaitable[None]]) -> None:
        """Tell `on_back` the subaccount and URL of every customer who has just become bound, until cancelled."""
        known: set[str] = set()
        while True:
            bound = {bind.system_id for bind in self.server.binds if bind.kind != "transmitter"}
            for system_id in bound - known:
                login = self._numbers.logins.get(system_id)
                if login is not None:
                    await on_back(login.subaccount, f"{SCHEME}://{system_id}")
            known = bound
            await asyncio.sleep(LOOK_S)

    async def join_late(self) -> None:
        """Send the texts whose missing parts are overdue as far as they came."""
        for key in await self._parts.overdue(self._clock.now()):
            subaccount = self._numbers.subaccount(key.subaccount)
            if subaccount is not None:
                await self._join(subaccount, key, await self._parts.of(key), self._clock.now())

    async def _authenticate(self, system_id: str, password: str, peer: str) -> BindGrant | int:
        login = self._numbers.logins.get(system_id)
        hashed = None if login is None else login.password
        is_right = await asyncio.to_thread(verify_password, password, hashed)
        if login is None or not is_right or not login.is_enabled:
            log("login.failed", "warning", system=SCHEME, host=peer)
            return Status.RINVPASWD
        if login.addresses and not is_among(peer, login.addresses):
            log("login.failed", "warning", system=SCHEME, host=peer, reason="its address may not bind")
            return Status.RBINDFAIL
        return BindGrant(
            system_id=system_id,
            subject=login.subaccount,
            binds=login.binds,
            throughput_per_s=login.messages_per_s,
        )

    async def _take(self, grant: BindGrant, submit: CustomerSubmit) -> str | int:
        subaccount = self._numbers.subaccount(str(grant.subject))
        if subaccount is None:
            return Status.RINVSYSID
        flaw = _flaw(submit)
        if flaw is not None:
            return flaw
        now = self._clock.now()
        umid = make_umids(now, os.urandom(16))[0]
        if submit.words.part_count > 1:
            return await self._take_part(grant, subaccount, submit, umid, now)
        draft = _draft(submit, f"{SCHEME}://{grant.system_id}", umid)
        return await self._accept(subaccount, draft, umid, now)

    async def _take_part(
        self, grant: BindGrant, subaccount: Subaccount, submit: CustomerSubmit, umid: str, now: datetime
    ) -> str | int:
        words = submit.words
        key = JoinedParts(
            subaccount=subaccount.id,
            system_id=grant.system_id,
            source=submit.source,
            destination=settled_digits(submit.destination),
            reference=words.reference,
            total=words.part_count,
            wants_receipt=submit.wants_receipt,
        )
        part = SubmittedPart(key=key, number=words.part_number, umid=umid, body=words.text, received=now)
        whole = await self._parts.keep(part)
        if whole is None:
            return umid
        answer = await self._join(subaccount, key, whole, now)
        return umid if isinstance(answer, str) else answer

    async def _join(
        self, subaccount: Subaccount, key: JoinedParts, parts: list[tuple[str, str]], now: datetime
    ) -> str | int:
        umids = " ".join(umid for umid, _ in parts)
        url = f"{SCHEME}://{key.system_id}" if key.wants_receipt else None
        draft = Draft(
            destination=key.destination,
            source=key.source,
            text="".join(body for _, body in parts),
            client_id=umids,
            callback_url=url,
            style="8x8" if url is None else "smpp",
        )
        return await self._accept(subaccount, draft, parts[0][0], now, joined=key)

    async def _accept(
        self,
        subaccount: Subaccount,
        draft: Draft,
        umid: str,
        now: datetime,
        joined: JoinedParts | None = None,
    ) -> str | int:
        admission = admit([draft], [umid], self._acceptance.terms(subaccount), now)
        error = admission.first_error
        error = error or await self._acceptance.store(subaccount, admission, wire="smpp", joined=joined)
        return umid if error is None else _status(error)

    def _delivers(self, report: MessageReport | InboundReport) -> list[DeliverSm]:
        if isinstance(report, InboundReport):
            return text_sms(
                report.source,
                report.destination,
                compose(report.body),
                reference=int(report.umid[-4:], 16),
                dialect=self._dialect,
                message_id=report.umid,
            )
        umids = (report.client_id or report.umid).split()
        return [receipt_sm(_facts(report, umid, single=len(umids) > 1)) for umid in umids]


def _flaw(submit: CustomerSubmit) -> int | None:
    """Return the status for an address that HTTP's customers could not use either."""
    if submit.destination.startswith("0"):
        return Status.RINVDSTADR
    if submit.source and parse_sender_id(submit.source) is None:
        return Status.RINVSRCADR
    return None


def _draft(submit: CustomerSubmit, url: str, umid: str) -> Draft:
    return Draft(
        destination=settled_digits(submit.destination),
        source=submit.source,
        text=submit.words.text.replace("\0", ""),
        client_id=umid if submit.wants_receipt else None,
        scheduled=submit.deliver_at,
        expiry=submit.expires_at,
        callback_url=url if submit.wants_receipt else None,
        style="smpp" if submit.wants_receipt else "8x8",
    )


def _facts(report: MessageReport, umid: str, *, single: bool) -> ReceiptFacts:
    return ReceiptFacts(
        message_id=umid,
        source=report.source,
        destination=report.destination,
        stat=stat_of(report.standing),
        error=report.error_code,
        submitted_at=report.created or report.at,
        done_at=report.at,
        parts=1 if single else report.parts,
        mcc=report.mcc,
        mnc=report.mnc,
    )


def _status(error: ApiError) -> int:
    return _STATUSES.get(error.code, Status.RSYSERR)
