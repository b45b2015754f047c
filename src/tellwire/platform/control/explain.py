"""Why somebody got a message, or did not: for an event, or for a campaign whatever starts it."""

from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
from litestar import get
from litestar.params import QueryParameter

from tellwire.kernel.address import parse_msisdn
from tellwire.platform.control.campaign_demands import known_campaign
from tellwire.platform.control.consent import lines_about, lines_of_number
from tellwire.platform.control.desk import Desk, DeskDependency
from tellwire.platform.control.explain_campaign import explained_campaign, explained_for_nobody
from tellwire.platform.control.explain_event import explained_event
from tellwire.platform.control.explain_shapes import Explanation
from tellwire.platform.control.problem import invalid
from tellwire.platform.control.shapes import BY, ProfileView, refused_record_view
from tellwire.platform.model.event import EventId, Subject
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.refused import RefusedRecord

REFUSED_SHOWN: Final = 5  # newest first; the list of all is `/api/refused-records`
LARGEST_ID: Final = 2**53
Text = Annotated[str, QueryParameter(max_length=256)]
CampaignNumber = Annotated[int | None, QueryParameter(ge=1, le=LARGEST_ID)]


@get("/api/explain", tags=["activity"])
async def explain(
    desk: DeskDependency,
    identity: Text = "",
    object_id: Text = "",
    phone: Text = "",
    event: Text = "",
    campaign: CampaignNumber = None,
) -> Explanation:
    """Explain what became of an event: name a person and an event's name or id, or an event's id alone.

    With `campaign`, and without an event, explain how that campaign starts for the person, and all that it did.
    """
    if campaign is not None and not event:
        explanation = await _of_campaign(desk, campaign, identity, object_id, phone)
    else:
        explanation = await _found(desk, identity, object_id, phone, event)
        if campaign is not None:
            explanation = _only(explanation, campaign)
    explanation = await _with_consent(desk, explanation, phone)
    named = (
        [Subject("identity", identity)] if identity else [Subject("device", object_id)] if object_id else []
    )
    known = explanation.profile.subjects if explanation.profile else ()
    subjects = {*named, *(Subject(one.kind, one.value) for one in known)}
    refused = (
        await desk.reports.refused_records(REFUSED_SHOWN, sorted(subjects, key=_key)) if subjects else []
    )
    if not refused:
        return explanation
    return msgspec.structs.replace(
        explanation,
        note=f"{explanation.note} {_refusal_in_words(refused)}",
        refused=[refused_record_view(one) for one in refused],
    )


async def _with_consent(desk: Desk, explanation: Explanation, phone: str) -> Explanation:
    """Add what the consent ledger has of the person; of a number that nobody has too: a STOP may come first."""
    known = explanation.profile
    profile = None if known is None or not known.subjects else await desk.reports.profile(_first(known))
    number = parse_msisdn(phone, desk.options.default_region) if phone else None
    if profile is not None:
        lines = await lines_about(desk.consents, profile)
    elif number is not None:
        lines = await lines_of_number(desk.consents, number)
    else:
        return explanation
    return msgspec.structs.replace(explanation, consent=lines)


def _first(profile: ProfileView) -> Subject:
    return Subject(profile.subjects[0].kind, profile.subjects[0].value)


def _key(subject: Subject) -> str:
    return subject.key


def _refusal_in_words(refused: Sequence[RefusedRecord]) -> str:
    newest = refused[0]
    what = f"{newest.kind} record" if newest.kind else "record"
    return f"A {what} of theirs was refused at {newest.at:%Y-%m-%d %H:%M:%S} UTC: {newest.error}"


async def _found(desk: Desk, identity: str, object_id: str, phone: str, event: str) -> Explanation:
    row = await desk.reports.event(EventId(event)) if event else None
    profiles = await _profiles(desk, identity, object_id, phone)
    if profiles is None:
        if row is None:
            raise invalid(
                {"identity": "Name a person (identity, object_id or phone), or give an event's id."}
            )
        found = await desk.reports.profile(row.event.subject)
        profiles = [found] if found else []
    elif not profiles:
        return await _nobody(desk, phone)
    profile = next(
        (p for p in profiles if row is not None and p.id == row.profile_id), next(iter(profiles), None)
    )
    if profile is not None and row is None and event:
        row = next(iter(await desk.reports.profile_events(profile.id, 1, event)), None)
    return await explained_event(desk, profile, row, event, [p for p in profiles if p is not profile])


async def _of_campaign(
    desk: Desk, campaign_id: int, identity: str, object_id: str, phone: str
) -> Explanation:
    campaign = known_campaign(await desk.catalog.snapshot(), campaign_id)
    profiles = await _profiles(desk, identity, object_id, phone)
    if profiles is None:
        raise invalid({"identity": "Name a person: identity, object_id or phone."})
    if not profiles:
        return await explained_for_nobody(desk, campaign, (await _nobody(desk, phone)).note)
    return await explained_campaign(desk, campaign, profiles[0], profiles[1:])


def _only(explanation: Explanation, campaign_id: int) -> Explanation:
    """Return an explanation with the answers of one campaign alone."""
    campaigns = [one for one in explanation.campaigns if one.id == campaign_id]
    return msgspec.structs.replace(explanation, campaigns=campaigns)


async def _profiles(desk: Desk, identity: str, object_id: str, phone: str) -> list[Profile] | None:
    """Return the profiles that were asked for, None if none was asked for."""
    if identity or object_id:
        subject = Subject("identity", identity) if identity else Subject("device", object_id)
        found = await desk.reports.profile(subject)
        return [found] if found else []
    if not phone:
        return None
    number = parse_msisdn(phone, desk.options.default_region)
    if number is None:
        raise invalid({"phone": "This is no phone number. Write it with its country code, as +65 9123 4567."})
    return await desk.reports.profile_by_number(number)


async def _nobody(desk: Desk, phone: str) -> Explanation:
    """Say that nobody is known, and what stands about the number if that was asked for: a STOP may come first."""
    number = parse_msisdn(phone, desk.options.default_region) if phone else None
    last = None if number is None else await desk.reports.suppression(number)
    note = "Nobody is known by that name or number: no event or profile of theirs has come."
    if last is not None and last.is_suppressed:
        note += f" The number is suppressed, {BY[last.source]}: nothing is sent to it."
    return Explanation(note=note)


HANDLERS = [explain]
