"""From drafts to messages ready for the store, and from the receipts of parts to one standing of the message.

Pure: ids, prices and the moment come from the caller. What a message looks like on a wire is `contract`'s part,
which carrier takes it is `routing`'s.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec.structs import replace

from tellwire.gateway.accept.links import Linker
from tellwire.gateway.contract.answers import QUEUED_STATUS, MessageAnswer, StatusAnswer
from tellwire.gateway.contract.drafts import Draft, Flaw, SurveyLink
from tellwire.gateway.contract.errors import ApiError
from tellwire.gateway.model.link import NewLink
from tellwire.gateway.model.message import NewMessage
from tellwire.kernel.clock import to_ms
from tellwire.kernel.sms import PART_LIMIT, Composition, Encoding, compose

# 8x8 both truncates and rejects beyond this; a cut text is dangerous, so we reject (8x8 contract, decision 9).
PARTS_LIMIT: Final = 10
_CHARACTERS_LIMIT: Final = PARTS_LIMIT * PART_LIMIT[Encoding.GSM7]
# How long a carrier and we try when the sender names no expiry: as long as receipts are awaited.
DEFAULT_VALIDITY: Final = timedelta(hours=48)
_VALIDITY_MS: Final = int(DEFAULT_VALIDITY.total_seconds() * 1000)

NO_ROUTE: Final = ApiError(status=400, code=1002, message="There is no route to this destination")
SENDER_REFUSED: Final = ApiError(
    status=400, code=1005, message="Invalid Source value. It may not send to this destination"
)
LATE_FOR_SURVEY: Final = ApiError(
    status=400, code=1011, message="Invalid Scheduled value. The survey will be closed by then"
)
TEXT_TOO_LONG: Final = ApiError(
    status=400, code=1004, message="Invalid Text value. Reached max allowed limit"
)


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Whose messages a request sends, what they get when their sender says nothing, and what they cost.

    `batch` is the id of the batch they came in, None for a single send. `route` gives the lane (the carrier whose
    queue it joins) and the price of one part, in millionths of `currency`, for a destination and a sender ID; no
    lane means that nobody takes it. `may_send` says whether a sender ID may send to a destination.
    `linker` puts short links into texts, None where there are none to put.
    """

    subaccount: str
    account: str
    default_source: str
    currency: str
    route: Callable[[str, str], tuple[str | None, int]]
    may_send: Callable[[str, str], bool] = lambda _source, _destination: True
    batch: str | None = None
    client_batch: str | None = None
    linker: Linker | None = None


class Admission(msgspec.Struct, frozen=True, kw_only=True):
    """The result of a request's items: the messages to store, and one answer for each item in its place."""

    accepted: list[NewMessage]
    links: list[NewLink]
    answers: list[MessageAnswer]
    first_error: ApiError | None
    rejected: list[tuple[int, str]] = []

    def name_repeated(self, repeated: Mapping[str, str]) -> None:
        """Let the answers of repeated messages (by umid) name the umid under which they were taken before."""
        self.answers[:] = [
            replace(answer, umid=repeated[answer.umid]) if answer.umid in repeated else answer
            for answer in self.answers
        ]


def admit(items: Iterable[Draft | Flaw], umids: Sequence[str], terms: Terms, now: datetime) -> Admission:
    """Return the messages that can be stored and the answers to all; every item has a umid, refused ones too."""
    composed = _Composer()
    accepted: list[NewMessage] = []
    links: list[NewLink] = []
    answers: list[MessageAnswer] = []
    first_error: ApiError | None = None
    rejected: list[tuple[int, str]] = []
    now_ms = to_ms(now)
    for item, umid, its_links in _linked(items, umids, terms.linker):
        made = item.error if isinstance(item, Flaw) else _made(item, umid, composed, terms, now_ms)
        if isinstance(made, NewMessage):
            accepted.append(made)
            links += its_links
            answers.append(_accepted(made))
        else:
            first_error = first_error or made
            rejected.append((made.code, made.message))
            answers.append(_rejected(item, umid, made))
    return Admission(
        accepted=accepted, links=links, answers=answers, first_error=first_error, rejected=rejected
    )


def _linked(
    items: Iterable[Draft | Flaw], umids: Sequence[str], linker: Linker | None
) -> Iterator[tuple[Draft | Flaw, str, Sequence[NewLink]]]:
    """Yield every item with its umid and its short links, which stand in its text: parts are counted after that."""
    for item, umid in zip(items, umids, strict=False):
        if linker is None or isinstance(item, Flaw):
            yield item, umid, ()
        else:
            draft, links = linker.put(item, umid)
            yield draft, umid, links


class _Composer:
    """Composes each different text of a request once: a shared batch has one text and ten thousand messages."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, Encoding | None], Composition | None] = {}

    def __call__(self, text: str, encoding: Encoding | None) -> Composition | None:
        """Return the composition, None for more than `PARTS_LIMIT` parts."""
        key = (text, encoding)
        if key not in self._known:
            self._known[key] = _compose_within_limit(text, encoding)
        return self._known[key]


def _compose_within_limit(text: str, encoding: Encoding | None) -> Composition | None:
    if len(text) > _CHARACTERS_LIMIT:
        return None
    composition = compose(text, encoding)
    return composition if len(composition.parts) <= PARTS_LIMIT else None


def _made(draft: Draft, umid: str, composed: _Composer, terms: Terms, now_ms: int) -> NewMessage | ApiError:
    if draft.survey is not None and _is_late(draft.survey, draft.scheduled):
        return LATE_FOR_SURVEY
    composition = composed(draft.text, draft.encoding)
    if composition is None:
        return TEXT_TOO_LONG
    source = draft.source or terms.default_source
    if not terms.may_send(source, draft.destination):
        return SENDER_REFUSED
    lane, part_price_micro = terms.route(draft.destination, source)
    if lane is None:
        return NO_ROUTE
    parts = len(composition.parts)
    due_ms = None if draft.scheduled is None else to_ms(draft.scheduled)
    return NewMessage(
        umid=umid,
        account=terms.account,
        subaccount=terms.subaccount,
        batch=terms.batch,
        client_batch=terms.client_batch,
        created_ms=now_ms,
        source=source,
        destination=draft.destination,
        body=composition.text,
        encoding=composition.encoding,
        parts=parts,
        client_id=draft.client_id,
        due_ms=due_ms,
        expiry_ms=_expiry_ms(draft, now_ms if due_ms is None else due_ms),
        callback_url=draft.callback_url,
        style=draft.style,
        is_tracked=draft.tracked,
        price_micro=parts * part_price_micro,
        currency=terms.currency,
        lane=lane,
    )


def _is_late(survey: SurveyLink, scheduled: datetime | None) -> bool:
    return survey.closes_at is not None and scheduled is not None and scheduled >= survey.closes_at


def _expiry_ms(draft: Draft, due_ms: int) -> int:
    return to_ms(draft.expiry) if draft.expiry is not None else due_ms + _VALIDITY_MS


def _accepted(message: NewMessage) -> MessageAnswer:
    return MessageAnswer(
        umid=message.umid,
        client_message_id=message.client_id,
        destination=message.destination,
        encoding=message.encoding,
        status=QUEUED_STATUS,
    )


def _rejected(item: Draft | Flaw, umid: str, error: ApiError) -> MessageAnswer:
    encoding = item.encoding if isinstance(item, Draft) else None
    return MessageAnswer(
        umid=umid,
        client_message_id=item.client_id,
        destination=item.destination if isinstance(item, Flaw) else item.written or item.destination,
        encoding=(encoding or Encoding.GSM7).value,
        status=StatusAnswer(code="REJECTED", description=error.message),
    )


def make_umids(now: datetime, entropy: bytes) -> list[str]:
    """Return one UUID (version 7) for each 16 bytes of `entropy`.

    Version 7 and not 4: ids of one moment lie beside each other in the store's index, so that a batch of ten
    thousand touches a few pages of it and not ten thousand.
    """
    stamp = f"{to_ms(now):012x}"
    head = f"{stamp[:8]}-{stamp[8:]}-7"
    digits = entropy.hex()
    return [
        f"{head}{digits[i : i + 3]}-{'89ab'[entropy[i // 2 + 2] & 3]}{digits[i + 6 : i + 9]}"
        f"-{digits[i + 9 : i + 21]}"
        for i in range(0, len(digits), 32)
    ]
