"""The endpoints about messages that were sent: details, cancelling, feedback, erasure (8x8 contract 2.5, 2.6, 2.8)."""

from typing import Final
from uuid import UUID

from tellwire.gateway.api.access import ApiAccess, Caller
from tellwire.gateway.contract.details import details_body, inbound_details_body
from tellwire.gateway.contract.errors import INVALID_UMID, MESSAGE_NOT_FOUND, ApiError
from tellwire.gateway.contract.management import read_feedback
from tellwire.gateway.model.message import Cancel, Feedback
from tellwire.gateway.store.inbound_records import InboundRecords
from tellwire.gateway.store.records import Records
from tellwire.kernel.web.asgi import Receive, Scope, Send, json_answer

FEEDBACK_LIMIT: Final = 4096


class MessagesApi:
    """Answers about messages of the caller's subaccount, and of no other."""

    def __init__(self, access: ApiAccess, records: Records, inbound: InboundRecords) -> None:
        self._access = access
        self._records = records
        self._inbound = inbound

    async def details(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """`GET .../messages/{umid}`, at most once a second for a subaccount; of texts from handsets, too."""
        named = self._named(scope, "umid")
        if isinstance(named, ApiError):
            await self._access.refuse(send, named)
            return
        caller, umid = named
        slow_down = self._access.quota_of_details(caller.subaccount.id)
        if slow_down is not None:
            await self._access.refuse(send, slow_down)
            return
        body = await self._details(caller.subaccount.id, umid)
        if body is None:
            await self._access.refuse(send, MESSAGE_NOT_FOUND)
        else:
            await json_answer(send, 200, body)

    async def _details(self, subaccount: str, umid: str) -> bytes | None:
        sent = await self._records.find(subaccount, umid)
        if sent is not None:
            return details_body(sent.report, sent.encoding, sent.created)
        received = await self._inbound.find(subaccount, umid)
        return None if received is None else inbound_details_body(received.report, received.currency)

    async def cancel(self, scope: Scope, _receive: Receive, send: Send, *, takes_basic: bool = False) -> None:
        """`DELETE .../messages/{umid}`: a message that was sent already is as good as unknown (decision 15)."""
        named = self._named(scope, "umid", takes_basic=takes_basic)
        if isinstance(named, ApiError):
            await self._access.refuse(send, named)
            return
        caller, umid = named
        cancel = Cancel(subaccount=caller.subaccount.id, umid=umid, now=self._access.clock.now())
        count = await self._records.cancel(cancel)
        if count:
            await self._access.reply(send, {"cancelledCount": count})
        else:
            await self._access.refuse(send, MESSAGE_NOT_FOUND)

    async def cancel_batch(
        self, scope: Scope, _receive: Receive, send: Send, *, takes_basic: bool = False
    ) -> None:
        """`DELETE .../messages/batch/{batchId}`: the count may be 0."""
        named = self._named(scope, "batch", takes_basic=takes_basic)
        if isinstance(named, ApiError):
            await self._access.refuse(send, named)
            return
        caller, batch = named
        cancel = Cancel(subaccount=caller.subaccount.id, batch=batch, now=self._access.clock.now())
        await self._access.reply(send, {"cancelledCount": await self._records.cancel(cancel)})

    async def feedback(self, scope: Scope, receive: Receive, send: Send) -> None:
        """`POST .../messages/{umid}/feedback`."""
        named = self._named(scope, "umid")
        if isinstance(named, ApiError):
            await self._access.refuse(send, named)
            return
        caller, umid = named
        body = await self._access.body(scope, receive, FEEDBACK_LIMIT)
        if isinstance(body, ApiError):
            await self._access.refuse_unread(receive, send, body)
            return
        wish = read_feedback(body)
        if isinstance(wish, ApiError):
            await self._access.refuse(send, wish)
            return
        at = wish.at or self._access.clock.now()
        feedback = Feedback(subaccount=caller.subaccount.id, umid=umid, outcome=wish.outcome, at=at)
        if await self._records.note_feedback(feedback):
            await self._access.reply_empty(send)
        else:
            await self._access.refuse(send, MESSAGE_NOT_FOUND)

    async def erase(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """`DELETE .../messages/{umid}/pii`: noted now, done as soon as nothing has to be sent any more."""
        named = self._named(scope, "umid")
        if isinstance(named, ApiError):
            await self._access.refuse(send, named)
            return
        caller, umid = named
        if not await self._records.ask_erasure(caller.subaccount.id, umid):
            await self._access.refuse(send, MESSAGE_NOT_FOUND)
            return
        await self._records.erase(self._access.clock.now())
        await self._access.reply_empty(send, 202)

    def _named(self, scope: Scope, name: str, *, takes_basic: bool = False) -> tuple[Caller, str] | ApiError:
        """Return the caller and the UUID that the path names, in lower case."""
        caller = self._access.caller(scope, takes_basic=takes_basic)
        if isinstance(caller, ApiError):
            return caller
        try:
            return caller, str(UUID(scope["path_params"][name]))
        except ValueError:
            return INVALID_UMID
