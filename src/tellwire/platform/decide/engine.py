"""Decides a batch of the stream: a fold, in order, over what the ledger knew.

A profile record before an event is seen by it; an event meets only the campaigns that listen to its name, each at
most once (the ledger keeps one decision for each pair, so a batch decided twice is recorded once).
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final, assert_never

import msgspec

from tellwire.kernel.address import Msisdn
from tellwire.platform.compose.draft import Undrafted, draft
from tellwire.platform.decide.fold import People, phone_of
from tellwire.platform.decide.gates import GATES, Occasion
from tellwire.platform.model.campaign import Campaign, CampaignSet
from tellwire.platform.model.decision import Decision, GateResult, Send, Skip
from tellwire.platform.model.event import Entry, Event, LinkSubject, ProfileChange, SetValue, Subject
from tellwire.platform.model.facts import Facts
from tellwire.platform.model.message import Message
from tellwire.platform.model.profile import PHONE, ProfileId
from tellwire.platform.model.system_event import SENT
from tellwire.platform.model.value import Properties, fold
from tellwire.platform.ports.ledger import Activity, Recording

FAILED: Final = "failed"  # the code of a skip that a bug caused; the worker makes a noise about it


def decide_batch(
    entries: Iterable[Entry],
    *,
    facts: Facts,
    catalog: CampaignSet,
    now: datetime,
    new_ids: Iterator[ProfileId],
    default_region: str | None = None,
) -> Recording:
    """Return all that these entries lead to.

    `facts` answers `subjects_of` and `numbers_of` these entries. `new_ids` gives an id for each subject that has no
    profile yet. `default_region` (ISO 3166-1) reads national numbers in `Phone`, None takes international ones only.
    """
    people = People(facts, new_ids, now, default_region)
    activity: list[Activity] = []
    decisions: list[Decision] = []
    for entry in entries:
        if isinstance(entry, ProfileChange):
            people.apply(entry)
            continue
        activity.append(Activity(people.profile_of(entry.subject).id, entry))
        if listening := catalog.answering(entry.name):
            decisions += _answers(entry, listening, people, catalog, now)
    return Recording(
        profiles=people.changed(),
        suppressions=tuple(people.suppressions),
        activity=tuple(activity),
        decisions=tuple(decisions),
        dropped=tuple(people.dropped),
    )


def heard(entries: Iterable[Entry], catalog: CampaignSet) -> list[Entry]:
    """Return the entries without `Notification Sent` that no campaign listens to.

    Every message makes one, and it is not shown on the profile (CleverTap contract 6.8): what nobody hears need not
    be looked up and kept a second time.
    """
    if catalog.answering(SENT):
        return list(entries)
    return [entry for entry in entries if not (isinstance(entry, Event) and entry.name == SENT)]


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


def decide(occasion: Occasion, version: int) -> Decision:
    """Return one campaign's answer to one event; `version` is the catalog's."""
    trace: list[GateResult] = []
    try:
        verdict = _verdict(occasion, trace)
    except Exception as bug:  # noqa: BLE001 - one event that we cannot decide must not stop all that follow
        verdict = Skip(
            FAILED, f"Deciding failed by an error of ours ({type(bug).__name__}): please report it."
        )
    return Decision(
        event_id=occasion.event.id,
        event_name=occasion.event.name,
        campaign_id=occasion.campaign.id,
        campaign_version=version,
        profile_id=occasion.profile.id,
        subject=occasion.event.subject,
        decided_at=occasion.now,
        trace=tuple(trace),
        verdict=verdict,
    )


def _answers(
    event: Event, listening: Iterable[Campaign], people: People, catalog: CampaignSet, now: datetime
) -> Iterator[Decision]:
    properties = _decoded(event)
    profile = people.profile_of(event.subject)
    for campaign in listening:
        provider = catalog.provider_of(campaign)
        occasion = Occasion(event, properties, profile, campaign, provider, people.is_suppressed, now)
        yield decide(occasion, catalog.version)


def _decoded(event: Event) -> Properties:
    """Return the event's properties; intake checked that they are an object, and one bad event stops no stream."""
    try:
        decoded = msgspec.json.decode(event.properties)
    except msgspec.DecodeError:
        return {}
    return decoded if isinstance(decoded, dict) else {}


def _verdict(occasion: Occasion, trace: list[GateResult]) -> Send | Skip:
    for gate in GATES:
        check = gate(occasion)
        trace.append(check.result)
        if check.skip is not None:
            return check.skip
    return _content(occasion, trace)


def _content(occasion: Occasion, trace: list[GateResult]) -> Send | Skip:
    """The last gate: write the message."""
    to, provider = occasion.profile.phone, occasion.provider
    assert to is not None and provider is not None  # noqa: S101, PT018 - the gates before saw to it
    drafted = draft(
        campaign=occasion.campaign,
        provider=provider,
        event=occasion.event,
        properties=occasion.properties,
        profile=occasion.profile,
        to=to,
        now=occasion.now,
    )
    match drafted:
        case Message():
            parts = "1 part" if drafted.parts == 1 else f"{drafted.parts} parts"
            trace.append(GateResult("content", has_passed=True, saw=f"{drafted.encoding.spelling}, {parts}"))
            return Send(drafted)
        case Undrafted(code, reason):
            trace.append(GateResult("content", has_passed=False, saw=reason, wanted="a text to send"))
            return Skip(code, reason)
        case _:
            assert_never(drafted)
