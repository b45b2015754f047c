"""Campaigns over a story, on a virtual clock: the very machine that decides live, with nothing around it. Pure.

The clock starts at the first record, and a record is received at its own moment. At equal moments the records come
first, in the order of the file, then those who are due, campaigns in the order of their files. A message is followed
by `Notification Sent`, and by nothing else unless the story says so.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, TypeAlias, assert_never

import msgspec

from tellwire.kernel.clock import to_ms
from tellwire.platform.decide.batch import Noted, Outcome
from tellwire.platform.decide.engine import Fold
from tellwire.platform.decide.index import index_of
from tellwire.platform.decide.send_gates import identity_of
from tellwire.platform.model.account import Account
from tellwire.platform.model.address import whole
from tellwire.platform.model.campaign import Campaign, CampaignId, campaign_set
from tellwire.platform.model.decision import Decision, GateResult, Hold, Send, Skip
from tellwire.platform.model.enrollment import Left
from tellwire.platform.model.event import Event, Subject
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.link import Shortening
from tellwire.platform.model.message import Message, MessageContext
from tellwire.platform.model.profile import Profile, ProfileId
from tellwire.platform.model.provider import Provider, ProviderId, QueryParameters
from tellwire.platform.model.system_event import (
    CLICKED,
    DELIVERED,
    FAILED,
    REPLIED,
    context_of_sent,
    notification_clicked,
    notification_delivered,
    notification_failed,
    notification_replied,
    notification_sent,
)
from tellwire.platform.model.value import fold
from tellwire.platform.rehearse.story import Line, News, Received, Refused

_TICK: Final = timedelta(microseconds=1)  # the finest step of the clock
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)

Verdict = Literal["send", "skip", "hold", "exit", "wait", "set", "call"]


class OutputLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a simulation's output: an answer at a send, an entry refused, or an enrollment that ended."""

    at: str
    identity: str
    campaign: str
    step: str | None
    verdict: Verdict
    code: str | None = None
    text: str | None = None
    parts: int | None = None
    to: str | None = None


Output: TypeAlias = OutputLine | Refused


def simulate(
    campaigns: Iterable[Campaign],
    story: Iterable[Line],
    *,
    until: datetime,
    account: Account | None = None,
    default_region: str | None = None,
    is_delivered: bool = False,
    is_traced: bool = False,
    turns: int | None = None,
    shortening: Shortening | None = None,
) -> Iterator[Output]:
    """Yield what the campaigns would have done, in the order of time, until this moment, which is included.

    `is_delivered` lets the handset have every message at once. `is_traced` also tells of each wait, set and call.
    Records that an upload would refuse are among the lines. `shortening` None leaves links as they are. Raises
    `TooLong` after so many `turns` of people who were due, if a number is given.
    """
    machine = Machine(
        tuple(campaigns),
        account or Account(),
        default_region,
        is_delivered=is_delivered,
        is_traced=is_traced,
        turns=turns,
        shortening=shortening,
    )
    for line in story:
        if isinstance(line, Refused):
            yield line
        elif line.at > until:
            break
        else:
            yield from machine.take(line)
    yield from machine.wait(until + _TICK)


class TooLong(Exception):
    """People went on more often than there is room for: a few repeats within repeats go on for years."""


class Machine:
    """The fold, its clock, and the messages that news may be about.

    `lists` are those that the campaigns look at, and `lines` what they ask of behaviour.

    `turns` is how often people who are due may go on before it raises `TooLong`; None is without end.
    """

    def __init__(
        self,
        campaigns: tuple[Campaign, ...],
        account: Account,
        default_region: str | None,
        *,
        is_delivered: bool = False,
        is_traced: bool = False,
        notes_steps: bool = False,
        turns: int | None = None,
        shortening: Shortening | None = None,
    ) -> None:
        catalog = campaign_set(1, list(campaigns), [STAND_IN], account, shortening and shortening.rehearsed())
        index = index_of(catalog, stand_in=STAND_IN)
        self.lists = list(index.lists.ids.values())
        self.lines = list(index.lines.by_key.values())
        self._names = {campaign.id: campaign.name for campaign in campaigns}
        self._fold = Fold(
            facts=Facts(counted=frozenset(index.lines.by_key)),
            index=index,
            now=_EVER,
            new_ids=map(ProfileId, map("{:024x}".format, _count())),
            default_region=default_region,
            account=account,
            is_traced=is_traced,
            notes_all=True,
            notes_steps=notes_steps,
        )
        self._is_delivered = is_delivered
        self._is_open = False
        self._told = 0
        self._turns = turns
        self._last: dict[tuple[Subject, str, str], MessageContext] = {}

    @property
    def outcomes(self) -> Sequence[Outcome]:
        """What was decided and who left so far, in the order of time."""
        return self._fold.outcomes

    def named(self, subject: Subject) -> Profile | None:
        """Return the profile that a subject names now, None if it names none."""
        return self._fold.named(subject)

    def learn(self, facts: Facts) -> None:
        """Know these people from before the story."""
        self._fold.learn(facts)

    def remember(self, event: Event) -> None:
        """Count an event of before the story for the rules that ask, and decide nothing."""
        self._fold.remember(event)

    def begin(self, at: datetime) -> None:
        """Let everything begin at this moment, unless it has."""
        if not self._is_open:
            self._is_open = True
            self._fold.begin(at)

    def meet_everybody(self, campaign_id: CampaignId, at: datetime) -> Iterator[OutputLine]:
        """Let a campaign that goes by people meet all who are known, as it does live when it is published."""
        self._fold.turn_to(at)
        self._fold.meet_everybody(campaign_id, at)
        yield from self._tell()

    def take(self, line: Received | News) -> Iterator[OutputLine]:
        """Receive a record, after those who were due before it; with the first one everything begins."""
        self.begin(line.at)
        yield from self.wait(line.at)
        self._fold.turn_to(line.at)
        match line:
            case Received(entries=entries):
                for entry in entries:
                    for _ in self._fold.decide(entry):
                        pass
            case News():
                event = self._event(line)
                if event is not None:
                    self._hear(event)
            case _:
                assert_never(line)
        yield from self._tell()

    def wait(self, before: datetime) -> Iterator[OutputLine]:
        """Let those who are due before this moment go on. Raises `TooLong`."""
        for _ in self._fold.fire(before, follows=True):
            yield from self._tell()
            if self._turns is not None:
                self._turns -= 1
                if self._turns < 0:
                    raise TooLong

    def give(self, turns: int) -> None:
        """Let people go on so many times more, where that is counted."""
        if self._turns is not None:
            self._turns += turns

    def _hear(self, event: Event) -> None:
        for _ in self._fold.decide(event):
            pass

    def _tell(self) -> Iterator[OutputLine]:
        """Yield what was decided since, and let each message be sent."""
        while self._told < len(self._fold.outcomes):
            outcome = self._fold.outcomes[self._told]
            self._told += 1
            match outcome:
                case Decision():
                    yield self._decided(outcome)
                    if isinstance(outcome.verdict, Send):
                        self._send(outcome, outcome.verdict.message)
                case Left():
                    yield self._left(outcome)
                case Noted(kind=kind):
                    if kind != "come":
                        yield self._noted(outcome, kind)
                case _:
                    assert_never(outcome)

    def _send(self, decision: Decision, message: Message) -> None:
        """Let the provider have a message, and the handset too where that was asked for."""
        name, at = self._names[decision.campaign_id], decision.decided_at
        context = context_of_sent(message, name, STAND_IN.nickname)
        self._last[context.subject, fold(name), decision.step] = context
        self._hear(notification_sent(context, at, at))
        if self._is_delivered:
            self._hear(notification_delivered(context, at, at))

    def _event(self, news: News) -> Event | None:
        """Return the event that news of a message makes, None if there was no such message."""
        context = self._message(news)
        return None if context is None else event_about(context, news)

    def _message(self, news: News) -> MessageContext | None:
        """Return the last message of a step to whoever has that name now, under whichever name it was sent."""
        profile = self._fold.named(news.subject)
        names = () if profile is None else profile.subjects
        sent = (self._last.get((name, fold(news.campaign), news.step)) for name in names)
        return max((one for one in sent if one), key=lambda one: one.created_at, default=None)

    def _decided(self, decision: Decision) -> OutputLine:
        line = OutputLine(
            at=written(decision.decided_at),
            identity=self._identity(decision.profile_id),
            campaign=self._names[decision.campaign_id],
            step=decision.step or None,
            verdict="skip",
        )
        match decision.verdict:
            case Send(message):
                return msgspec.structs.replace(
                    line, verdict="send", text=message.text, parts=message.parts, to=whole(message.to)
                )
            case Hold(code):
                return msgspec.structs.replace(line, verdict="hold", code=code)
            case Skip():
                return msgspec.structs.replace(line, code=code_of(decision.trace[-1]))
            case _:
                assert_never(decision.verdict)

    def _left(self, left: Left) -> OutputLine:
        enrollment = left.enrollment
        return OutputLine(
            at=written(left.at),
            identity=self._identity(enrollment.profile_id),
            campaign=self._names[enrollment.campaign_id],
            step=left.step,
            verdict="exit",
            code=left.reason,
        )

    def _noted(self, noted: Noted, kind: Literal["wait", "set", "call"]) -> OutputLine:
        return OutputLine(
            at=written(noted.at),
            identity=self._identity(noted.profile_id),
            campaign=self._names[noted.campaign_id],
            step=noted.step,
            verdict=kind,
        )

    def _identity(self, profile_id: ProfileId) -> str:
        profile = self._fold.profile(profile_id)
        return "" if profile is None else identity_of(profile)


def event_about(context: MessageContext, news: News) -> Event | None:
    """Return the event that news of this message makes; None if a story does not tell such."""
    at, said = news.at, news.properties
    match news.event:
        case _ if news.event == fold(DELIVERED):
            return notification_delivered(context, at, at)
        case _ if news.event == fold(FAILED):
            code, error = str(said.get("Error Code", "")), str(said.get("Error", ""))
            return notification_failed(context, at, at, code=code, error=error)
        case _ if news.event == fold(CLICKED):
            return notification_clicked(context, at, at, url=str(said.get("wzrk_c2a", "")))
        case _ if news.event == fold(REPLIED):
            return notification_replied(context, at, at, text=str(said.get("Incoming text", "")))
        case _:
            return None


def code_of(result: GateResult) -> str:
    """Return the code of a refusal as the output has it: one for all that may be wrong with the words."""
    match result.gate:
        case "content":
            return "content"
        case "profile_conditions":
            return "not_in_who"
        case _:
            return result.code


def written(at: datetime) -> str:
    """Return a moment in UTC with milliseconds and Z."""
    ms = to_ms(at)
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{ms % 1000:03d}Z"


def _count() -> Iterator[int]:
    number = 0
    while True:
        number += 1
        yield number


# Nothing is sent, so one provider does for all: what a campaign writes is the same through each.
STAND_IN: Final = Provider(
    id=ProviderId("simulated"),
    nickname="simulated",
    endpoint="https://simulated.invalid/?text=$$Body",
    parameters=QueryParameters(),
    is_default=True,
    callback_key="-",
    created_at=_EVER,
    updated_at=_EVER,
)
