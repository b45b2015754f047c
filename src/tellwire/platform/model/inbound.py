"""A text that somebody wrote to us: whose it is, what it answers, and what it asks for."""

from typing import Final

import msgspec

from tellwire.platform.model.address import Address
from tellwire.platform.model.event import Event, ProfileChange, Subject
from tellwire.platform.model.message import Message
from tellwire.platform.model.profile import SuppressionChange
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.model.replies import Keyword

TEXT_KEPT: Final = 1_600  # characters: ten parts of GSM, the longest that carriers hand over
TEXTS_AN_HOUR: Final = (
    30  # of one number; what comes beyond is kept, and neither answered nor heard by campaigns
)
ANSWERS_A_DAY: Final = 6  # by itself, to one number: two machines that answer each other fall silent
HELPS_AN_HOUR: Final = 1  # of the same number


class Inbound(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One text, as it first came.

    `key` is what the provider calls it: the same text sent twice is one. `event` is what campaigns hear; `text` is more
    of the text than the event has. `to` is the number or name of ours that it was sent to, as the provider writes it.
    `newcomer` is there if nobody held the number: by it the number becomes somebody's.
    """

    key: str
    event: Event
    address: Address
    text: str
    provider_id: ProviderId
    to: str = ""
    message_id: str = ""
    campaign_id: int | None = None
    campaign_name: str = ""
    keyword: Keyword | None = None
    newcomer: ProfileChange | None = None

    @property
    def person(self) -> Subject:
        """Who wrote it."""
        return self.event.subject

    def __repr__(self) -> str:
        """Show nothing that a person wrote."""
        return f"Inbound({self.event.id} from {self.address})"


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """A text that came, the change of its number that it asks for, and the answer that it gets if it gets one."""

    inbound: Inbound
    change: SuppressionChange | None = None
    answer: Message | None = None


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A text as it is kept: as it first came. `is_heard` False: campaigns are not to answer it."""

    inbound: Inbound
    is_new: bool
    is_heard: bool = True
    is_answered: bool = False


class Recent(msgspec.Struct, frozen=True):
    """What came of a number before: how many texts in the last hour, and how each was answered in the last day.

    An answer is the keyword that it was for, and whether it was in the last hour.
    """

    texts: int = 0
    answers: tuple[tuple[str, bool], ...] = ()


def is_answered(
    arrival: Arrival, stood: SuppressionChange | None, recent: Recent, *, took_effect: bool
) -> bool:
    """Say whether a text is answered by itself, given what stood about its number before.

    A stop is confirmed if it suppressed the number, a start if it released it, each once; help is always answered.
    Bounds keep two machines from answering each other for ever.
    """
    if arrival.answer is None or not is_heard(recent) or len(recent.answers) >= ANSWERS_A_DAY:
        return False
    was_suppressed = stood is not None and stood.is_suppressed
    match arrival.inbound.keyword:
        case "stop":
            return took_effect and not was_suppressed
        case "start":
            return took_effect and was_suppressed
        case "help":
            helps = sum(keyword == "help" and is_late for keyword, is_late in recent.answers)
            return helps < HELPS_AN_HOUR
        case None:
            return False


def is_settled(
    arrival: Arrival, stood: SuppressionChange | None, *, took_effect: bool, is_answered: bool
) -> bool:
    """Say whether all that a text asks for was done by itself, so that nobody need read it.

    A stop is; "yes" is a start only to a number that was suppressed; a question for help wants its answer.
    """
    match arrival.inbound.keyword:
        case "stop":
            return True
        case "start":
            return took_effect and stood is not None and stood.is_suppressed
        case "help":
            return is_answered
        case None:
            return False


def is_heard(recent: Recent) -> bool:
    """Say whether campaigns are to hear another text of a number."""
    return recent.texts < TEXTS_AN_HOUR
