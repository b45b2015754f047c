"""The endpoints that take messages: single, batch, the partners' and the legacy aliases.

8x8 contract 2.1 to 2.4, 8.1 and 8.5. The answer is given only after the messages are durable; nothing refused is
charged.
"""

import os
from collections import Counter
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from tellwire.gateway.accept.acceptance import Acceptance
from tellwire.gateway.accept.refused import RefusedRequests
from tellwire.gateway.accept.submission import Admission, admit, make_umids
from tellwire.gateway.api.access import ApiAccess, Caller
from tellwire.gateway.contract.answers import BatchAnswer, MessageAnswer, bare_answer
from tellwire.gateway.contract.drafts import BatchRequest, Draft
from tellwire.gateway.contract.errors import ApiError
from tellwire.gateway.contract.sending import Content, plain_content, read_batch, read_single
from tellwire.gateway.contract.webengage import Rejection, accepted, read_submission, rejection_of
from tellwire.kernel.metrics import metrics
from tellwire.kernel.web.asgi import Receive, Scope, Send, json_answer

# A text of ten parts is 10 KB even when every character is escaped.
SINGLE_LIMIT: Final = 64 * 1024
# 10,000 messages of 3 KB each.
BATCH_LIMIT: Final = 32 * 1024 * 1024


class SendingApi:
    """Takes messages over HTTP."""

    def __init__(self, access: ApiAccess, acceptance: Acceptance, refused: RefusedRequests) -> None:
        self._access = access
        self._refused = refused
        self._acceptance = acceptance

    async def single(self, scope: Scope, receive: Receive, send: Send, *, takes_basic: bool = False) -> None:
        """`POST /api/v1/subaccounts/{sub}/messages` and its old name."""
        caller = self._access.caller(scope, takes_basic=takes_basic)
        if isinstance(caller, ApiError):
            await self.refuse(send, caller)
            return
        await self.take_single(scope, receive, send, caller)

    async def batch(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        *,
        takes_basic: bool = False,
        is_partner: bool = False,
    ) -> None:
        """`POST .../messages/batch` and its old names; `is_partner` for `.../partners/clevertap/batch`."""
        caller = self._access.caller(scope, takes_basic=takes_basic)
        if isinstance(caller, ApiError):
            await self.refuse(send, caller)
            return
        await self.take_batch(scope, receive, send, caller, is_partner=is_partner)

    async def take_single(
        self, scope: Scope, receive: Receive, send: Send, caller: Caller, content: Content = plain_content
    ) -> None:
        """Take one message of a caller who may send it; `content` reads what it says."""
        body = await self._access.body(scope, receive, SINGLE_LIMIT)
        if isinstance(body, ApiError):
            self._refused.note_error(body)
            await self._access.refuse_unread(receive, send, body)
            return
        now = self._access.clock.now()
        draft = read_single(body, now, content)
        answer = draft if isinstance(draft, ApiError) else await self._take(caller, draft, now)
        await self._reply(send, answer)

    async def take_batch(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        caller: Caller,
        content: Content = plain_content,
        *,
        is_partner: bool = False,
    ) -> None:
        """Take the messages of a caller who may send them; `content` reads what they say."""
        body = await self._access.body(scope, receive, BATCH_LIMIT)
        if isinstance(body, ApiError):
            self._refused.note_error(body)
            await self._access.refuse_unread(receive, send, body)
            return
        now = self._access.clock.now()
        request = read_batch(body, now, content, is_partner=is_partner)
        answer = request if isinstance(request, ApiError) else await self._take_all(caller, request, now)
        await self._reply(send, answer)

    async def refuse(self, send: Send, error: ApiError) -> None:
        """Answer and count a refusal."""
        metrics.count("tellwire_gateway_submissions_total", wire="http", outcome="refused")
        self._refused.note_error(error)
        await self._access.refuse(send, error)

    async def webengage(self, scope: Scope, receive: Receive, send: Send) -> None:
        """`POST .../partners/webengage`: WebEngage's private-provider contract (8x8 contract 8.5).

        Receipts go to the subaccount's webhook, in WebEngage's form.
        """
        caller = self._access.caller(scope, takes_basic=True)
        body = (
            caller if isinstance(caller, ApiError) else await self._access.body(scope, receive, SINGLE_LIMIT)
        )
        if isinstance(caller, ApiError):
            rejection: Rejection | None = self._rejection(caller)
        elif isinstance(body, ApiError):
            rejection = self._rejection(body)
        else:
            rejection = await self._take_from_webengage(caller, body)
        if rejection is None:
            await json_answer(send, 200, accepted())
        else:
            await json_answer(send, rejection.status, rejection.body)

    async def _take_from_webengage(self, caller: Caller, body: bytes) -> Rejection | None:
        submission = read_submission(body)
        if isinstance(submission, Rejection):
            return submission
        now = self._access.clock.now()
        draft = read_single(submission.body, now)
        if isinstance(draft, ApiError):
            return self._rejection(draft)
        draft = replace(draft, client_id=submission.message_id, style="webengage")
        answer = await self._take(caller, draft, now)
        return self._rejection(answer) if isinstance(answer, ApiError) else None

    def _rejection(self, error: ApiError) -> Rejection:
        self._refused.note_error(error)
        return rejection_of(error)

    async def _take(self, caller: Caller, draft: Draft, now: datetime) -> MessageAnswer | ApiError:
        """Return the answer to one message once it is durable, or why it is refused."""
        subaccount = caller.subaccount
        slow_down = self._access.quota_of_clients(subaccount.id, draft.client_ips)
        if slow_down is not None:
            return slow_down
        terms = self._acceptance.terms(subaccount, is_survey=draft.survey is not None)
        admission = admit([draft], make_umids(now, os.urandom(16)), terms, now)
        error = admission.first_error or await self._acceptance.store(subaccount, admission, wire="http")
        return error or admission.answers[0]

    async def _take_all(self, caller: Caller, request: BatchRequest, now: datetime) -> BatchAnswer | ApiError:
        """Return the answer to a batch once what is accepted of it is durable, or why nothing is."""
        subaccount = caller.subaccount
        slow_down = self._access.quota_of_clients(subaccount.id, request.client_ips)
        if slow_down is not None:
            return slow_down
        batch, *umids = make_umids(now, os.urandom(16 * (len(request.items) + 1)))
        terms = self._acceptance.terms(
            subaccount, batch, request.client_batch_id, is_survey=request.is_survey
        )
        admission = admit(request.items, umids, terms, now)
        error = await self._acceptance.store(subaccount, admission, wire="http")
        if request.is_bare:
            # The sender of one bare object looks at the status only (8x8 contract 2.4).
            error = error or admission.first_error
        if error is None:
            self._note_rejected(admission)
        return error or _batch_answer(batch, request, admission)

    def _note_rejected(self, admission: Admission) -> None:
        """Count the messages of a batch that were refused while others were taken."""
        refusals = Counter(admission.rejected)
        for (code, message), count in refusals.items():
            self._refused.note(code, message, count)

    async def _reply(self, send: Send, answer: MessageAnswer | BatchAnswer | ApiError) -> None:
        if isinstance(answer, ApiError):
            await self.refuse(send, answer)
        else:
            await self._access.reply(send, answer)


def _batch_answer(batch: str, request: BatchRequest, admission: Admission) -> BatchAnswer:
    accepted = len(admission.accepted)
    answer = BatchAnswer(
        batch_id=batch,
        client_batch_id=request.client_batch_id,
        accepted_count=accepted,
        rejected_count=len(admission.answers) - accepted,
        messages=admission.answers if request.wants_messages else None,
    )
    return bare_answer(answer, admission.answers[0]) if request.is_bare else answer
