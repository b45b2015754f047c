"""Decides a batch of the stream: a fold, in order, over what the ledger knew.

A profile record before an event is seen by it; an event meets only the campaigns that it starts (see `index`), each
at most once (the ledger keeps one decision for each pair, so a batch decided twice is recorded once).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import assert_never

import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.platform.compose.draft import Undrafted, draft
from tellwire.platform.decide.fold import People, phone_of
from tellwire.platform.decide.gates import GATES, Meeting, Standing, standing_of
from tellwire.platform.decide.index import Listeners, TriggerIndex
from tellwire.platform.decide.predicate import starts
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet
from tellwire.platform.model.codes import FAILED, GATE_NAMES, PASSED, GateName
from tellwire.platform.model.decision import Decision, GateResult, Send, Skip
from tellwire.platform.model.event import Entry, Event, LinkSubject, ProfileChange, SetValue, Subject
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.message import Message
from tellwire.platform.model.occasion import occasion_of
from tellwire.platform.model.profile import PHONE, Profile, ProfileId
from tellwire.platform.model.system_event import SENT
from tellwire.platform.model.value import Properties, fold
from tellwire.platform.ports.ledger import Activity, Recording


class Fold:
    """The fold over one batch: entries go in, one after the other; a recording comes out.

    `facts` answers `subjects_of` and `numbers_of` of the entries. `new_ids` gives an id for each subject that has no
    profile yet. `default_region` (ISO 3166-1) reads national numbers in `Phone`, None takes international ones only.
    """

    def __init__(
        self,
        *,
        facts: Facts,
        index: TriggerIndex,
        now: datetime,
        new_ids: Iterator[ProfileId],
        default_region: str | None = None,
    ) -> None:
        self._people = People(facts, new_ids, now, default_region)
        self._index = index
        self._now = now
        self._standings: dict[CampaignId, Standing] = {}
        self._activity: list[Activity] = []
        self._decisions: list[Decision] = []

    def decide(self, entry: Entry) -> Iterable[None]:
        """Decide one entry. Iterate the answer to its end: it gives way after each campaign that is asked."""
        if isinstance(entry, ProfileChange):
            self._people.apply(entry)
            return ()
        profile = self._people.profile_of(entry.subject)
        self._activity.append(Activity(profile.id, entry))
        listeners = self._index.listeners(entry.name)
        return () if listeners is None else self._meet(entry, profile, listeners)

    def recording(self) -> Recording:
        """Return all that the entries led to so far."""
        return Recording(
            profiles=self._people.changed(),
            suppressions=tuple(self._people.suppressions),
            activity=tuple(self._activity),
            decisions=tuple(self._decisions),
            dropped=tuple(self._people.dropped),
        )

    def _meet(self, event: Event, profile: Profile, listeners: Listeners) -> Iterator[None]:
        properties = decoded(event)
        for campaign in _candidates(listeners, properties):
            standing = self._standing(campaign)
            meeting = Meeting(event, properties, profile, standing, self._people.is_suppressed, self._now)
            decision = decide(meeting, self._index.catalog.version)
            if decision is not None:
                self._decisions.append(decision)
            yield

    def _standing(self, campaign: Campaign) -> Standing:
        standing = self._standings.get(campaign.id)
        if standing is None:
            standing = standing_of(campaign, self._index.provider_of(campaign.send), self._now)
            self._standings[campaign.id] = standing
        return standing


def decide_batch(
    entries: Iterable[Entry],
    *,
    facts: Facts,
    index: TriggerIndex,
    now: datetime,
    new_ids: Iterator[ProfileId],
    default_region: str | None = None,
) -> Recording:
    """Return all that these entries lead to, decided in one go; see `Fold`."""
    batch = Fold(facts=facts, index=index, now=now, new_ids=new_ids, default_region=default_region)
    for entry in entries:
        for _ in batch.decide(entry):
            pass
    return batch.recording()


def is_heard(entry: Entry, catalog: CampaignSet) -> bool:
    """Say whether an entry is looked at: all are, but for a `Notification Sent` that no campaign listens to.

    It is not shown on the profile (CleverTap contract 6.8). `deliver.news` makes none that nobody hears; here are those
    whose campaign stopped listening meanwhile, and those of older stores.
    """
    return not (isinstance(entry, Event) and entry.name == SENT) or bool(catalog.answering(SENT))


def subjects_of(entries: Iterable[Entry]) -> Sequence[Subject]:
    """Return every subject that these entries name, once."""
    found: dict[Subject, None] = {}
    for entry in entries:
        found[entry.subject] = None
        if isinstance(entry, ProfileChange):
            found.update((c.subject, None) for c in entry.changes if isinstance(c, LinkSubject))
    return list(found)


def numbers_of(entries: Iterable[Entry], default_region: str | None) -> Sequence[Msisdn]:
    """Return every phone number that these entries put into a profile, once."""
    found = (
        phone_of(change.value, default_region)
        for entry in entries
        if isinstance(entry, ProfileChange)
        for change in entry.changes
        if isinstance(change, SetValue) and fold(change.key) == _PHONE
    )
    return list({number: None for number in found if number is not None})


_PHONE = fold(PHONE)


def decide(meeting: Meeting, version: int) -> Decision | None:
    """Return one campaign's answer to one event, None if it does not start it; `version` is the catalog's."""
    trace: list[GateResult] = []
    try:
        if not starts(meeting.campaign.start, meeting.properties):
            return None
        verdict = _verdict(meeting, trace)
    except Exception as bug:  # noqa: BLE001 - one event that we cannot decide must not stop all that follow
        trace.append(GateResult(_gate_after(trace), FAILED, (type(bug).__name__,)))
        verdict = Skip(FAILED)
    return Decision(
        occasion_id=occasion_of(meeting.event),
        event_name=meeting.event.name,
        campaign_id=meeting.campaign.id,
        campaign_version=version,
        profile_id=meeting.profile.id,
        subject=meeting.event.subject,
        decided_at=meeting.now,
        trace=tuple(trace),
        verdict=verdict,
    )


def _gate_after(trace: Sequence[GateResult]) -> GateName:
    """Return the gate whose turn it is."""
    return GATE_NAMES[GATE_NAMES.index(trace[-1].gate) + 1] if trace else GATE_NAMES[0]


def _candidates(listeners: Listeners, properties: Properties) -> Sequence[Campaign]:
    """Return whom the index names; by an error of ours all, and each is then skipped or decided by itself."""
    try:
        return listeners.candidates(properties)
    except Exception:  # noqa: BLE001 - see `decide`
        return listeners.campaigns


def decoded(event: Event) -> Properties:
    """Return the event's properties; intake checked that they are an object, and one bad event stops no stream."""
    try:
        decoded = msgspec.json.decode(event.properties)
    except msgspec.DecodeError:
        return {}
    return decoded if isinstance(decoded, dict) else {}


def _verdict(meeting: Meeting, trace: list[GateResult]) -> Send | Skip:
    for gate in GATES:
        result = gate(meeting)
        trace.append(result)
        if not result.has_passed:
            return Skip(result.code)
    return _content(meeting, trace)


def _content(meeting: Meeting, trace: list[GateResult]) -> Send | Skip:
    """The last gate: write the message."""
    to, provider = meeting.profile.phone, meeting.standing.provider
    assert to is not None and provider is not None  # noqa: S101, PT018 - the gates before saw to it
    drafted = draft(
        campaign=meeting.campaign,
        send=meeting.standing.send,
        provider=provider,
        event=meeting.event,
        properties=meeting.properties,
        profile=meeting.profile,
        to=to,
        now=meeting.now,
    )
    match drafted:
        case Message():
            trace.append(GateResult("content", PASSED, (drafted.encoding, drafted.parts)))
            return Send(drafted)
        case Undrafted(code, values):
            trace.append(GateResult("content", code, values))
            return Skip(code)
        case _:
            assert_never(drafted)
