"""Takes calls: whom a call names becomes entries of the stream, one for each person, before the call is answered.

Whom nobody knows is said in the answer, as far as that is known by then: the worker decides it, at the call's place
in the stream, so that somebody who was uploaded just before is known. Two calls are two occasions.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, TypeAlias

import msgspec

from tellwire.kernel.clock import Clock
from tellwire.kernel.ids import new_ids
from tellwire.kernel.metrics import metrics
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.event import CALLED, NO_PROPERTIES, Called, EventId, Subject
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.refused import NOBODY, RefusedRecord
from tellwire.platform.ports.callees import Callees
from tellwire.platform.ports.refusals import Refusals
from tellwire.platform.ports.stream import Position, Stream

PEOPLE_LIMIT: Final = 1_000  # of one call (CleverTap contract 4.9)
OCTETS_LIMIT: Final = 4 * 1024 * 1024  # of what one call writes: its values and text, once for each person
# How long an answer waits for the worker where somebody is not known: some steps of it.
WAIT_S: Final = 2.0
_LOOK_S: Final = (0.005, 0.1)  # between two looks at how far the worker is: at first, and at last


class Email(msgspec.Struct, frozen=True):
    """Somebody named by an e-mail address, which is no name of a profile but a property of it."""

    address: str

    @property
    def masked(self) -> str:
        """The address as traces show it."""
        _, _, host = self.address.rpartition("@")
        return f"{self.address[:1]}***@{host[:60]}"


Callee: TypeAlias = Subject | Email


class Calling(msgspec.Struct, frozen=True, kw_only=True):
    """A call: whom it names, for which campaigns, and what it brings; see `model.event.Called`."""

    callees: tuple[Callee, ...]
    campaigns: tuple[CampaignId, ...]
    values: msgspec.Raw = NO_PROPERTIES
    text: str = ""

    @property
    def octets(self) -> int:
        """About how many bytes this call writes."""
        return len(self.callees) * (len(self.values) + len(self.text.encode()))


class Unreached(msgspec.Struct, frozen=True):
    """Somebody whom a call names and who gets nothing by it: nobody has that name, or several have that address."""

    callee: Callee
    why: Literal["unknown", "several"]


class CallAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How many people the call was taken for, and who was not reached; `taken` is durable."""

    taken: int
    unreached: tuple[Unreached, ...] = ()


class Caller:
    """Takes calls. Nothing here asks whether the campaigns can be called: who makes a `Calling` has looked."""

    def __init__(
        self,
        *,
        stream: Stream,
        callees: Callees,
        refusals: Refusals,
        clock: Clock,
        entropy: Callable[[], int],
        wait_s: float = WAIT_S,
    ) -> None:
        self._stream = stream
        self._callees = callees
        self._refusals = refusals
        self._clock = clock
        self._entropy = entropy
        self._wait_s = wait_s

    async def call(self, calling: Calling) -> CallAnswer:
        """Make a call durable, and say whom it does not reach. Raises `StoreError`: then nobody was called."""
        named, unreached = await self._named([one for one in calling.callees if isinstance(one, Email)])
        wanted: dict[Subject, Callee] = {}
        for callee in calling.callees:
            subject = named.get(callee) if isinstance(callee, Email) else callee
            if subject is not None:
                wanted.setdefault(subject, callee)
        known = await self._callees.known(list(wanted))
        entries = self._entries(calling, _each_once(list(wanted), known))
        await self._stream.append(list(entries.values()))
        unknown = {subject: one.id for subject, one in entries.items() if subject not in known}
        unmet = await self._unmet(unknown)
        unreached += [Unreached(wanted[one], "unknown") for one in unmet]
        answer = CallAnswer(taken=len(entries) - len(unmet), unreached=tuple(unreached))
        _count(answer)
        return answer

    def _entries(self, calling: Calling, subjects: Sequence[Subject]) -> dict[Subject, Called]:
        now = self._clock.now()
        return {
            subject: Called(
                id=EventId(entry_id),
                subject=subject,
                campaigns=calling.campaigns,
                received_at=now,
                values=calling.values,
                text=calling.text,
            )
            for subject, entry_id in zip(subjects, new_ids(now, self._entropy(), len(subjects)), strict=True)
        }

    async def _named(self, emails: Sequence[Email]) -> tuple[Mapping[Email, Subject], list[Unreached]]:
        """Return whom these addresses name, and those that do not name one person."""
        if not emails:
            return {}, []
        addresses = [email.address for email in emails]
        named = await self._callees.of_emails(addresses)
        if len(named) < len(set(addresses)) and await self._is_decided():
            named = await self._callees.of_emails(addresses)
        people = {email: named.get(email.address, ()) for email in emails}
        unreached = [
            Unreached(email, "several" if people else "unknown")
            for email, people in people.items()
            if len(people) != 1
        ]
        await self._refusals.note_records([self._trace(one) for one in unreached])
        return {email: names[0] for email, names in people.items() if len(names) == 1}, unreached

    def _trace(self, unreached: Unreached) -> RefusedRecord:
        """Return the trace of an address that names nobody, or several: no entry of the stream tells of it."""
        assert isinstance(unreached.callee, Email)  # noqa: S101 - subjects are the worker's to refuse
        why = "nobody has it" if unreached.why == "unknown" else "several people have it"
        return RefusedRecord(
            at=self._clock.now(),
            subject=None,
            kind="call",
            event_name=CALLED,
            code=NOBODY,
            error=f"Called by the e-mail address {unreached.callee.masked}, but {why}.",
        )

    async def _unmet(self, calls: Mapping[Subject, EventId]) -> Sequence[Subject]:
        """Return those of these people who were not known when their call was decided; none if it is not yet."""
        if not calls or not await self._is_decided():
            return ()
        met = await self._callees.met(list(calls.values()))
        return [subject for subject, entry_id in calls.items() if entry_id not in met]

    async def _is_decided(self) -> bool:
        """Wait until all that is in the stream by now is decided; say whether that came in time."""
        ends = {partition: self._stream.last(partition) for partition in self._stream.partitions()}
        try:
            async with asyncio.timeout(self._wait_s):
                for partition, end in ends.items():
                    await self._pass(partition, end)
        except TimeoutError:
            return False
        return True

    async def _pass(self, partition: int, end: Position) -> None:
        pause, most = _LOOK_S
        while await self._callees.decided(partition) < end:
            await asyncio.sleep(pause)
            pause = min(2 * pause, most)


def _each_once(subjects: Sequence[Subject], known: Mapping[Subject, ProfileId]) -> Sequence[Subject]:
    """Return the first name of each person: who is called by two names is called once."""
    first: dict[ProfileId | Subject, Subject] = {}
    for subject in subjects:
        first.setdefault(known.get(subject, subject), subject)
    return list(first.values())


def _count(answer: CallAnswer) -> None:
    if answer.taken:
        metrics.count("tellwire_events_received_total", answer.taken, wire="call")
    for one in answer.unreached:
        metrics.count("tellwire_events_refused_total", wire="call", reason=one.why)
