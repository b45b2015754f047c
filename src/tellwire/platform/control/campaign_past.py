"""Campaigns as they were when an event came, or when it was decided."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from tellwire.platform.control.no_answer import Past, listens
from tellwire.platform.model.campaign import CampaignId, CampaignSet
from tellwire.platform.model.campaign_version import Around, Moment, PublishedVersion
from tellwire.platform.model.decision import DecisionRecord
from tellwire.platform.model.event import Event
from tellwire.platform.ports.history import History


async def decided_with(
    history: History, decisions: Iterable[DecisionRecord]
) -> Mapping[CampaignId, PublishedVersion]:
    """Return the version that each decision on an occasion was made with, as far as they are kept."""
    return await _live(
        history,
        [
            Moment(campaign_id=one.campaign_id, at=one.decided_at, catalog_version=one.campaign_version)
            for one in decisions
        ],
    )


async def silent_then(
    history: History, newest: CampaignSet, event: Event, answered: Collection[CampaignId]
) -> list[Past]:
    """Return the campaigns that are or were for this event and have not answered, by id, as they were when it came.

    Those whose log has no line since run now as they ran then, so the others need not be asked.
    """
    listening = {campaign.id for campaign in newest.answering(event.name)}
    changed = await history.changed_since(event.received_at)
    asked = sorted(({*listening, *changed} & newest.campaigns.keys()) - set(answered))
    moments = [Moment(campaign_id=one, at=event.received_at) for one in asked]
    around = await history.around(moments)
    versions = await history.versions(_numbered(asked, around))
    pasts = [
        Past(
            campaign_id=one,
            name=newest.campaigns[one].name,
            live=versions.get((one, found.number or 0)),
            around=found,
        )
        for one, found in zip(asked, around, strict=True)
    ]
    return [past for past in pasts if _is_about(past, newest, event.name)]


def _is_about(past: Past, newest: CampaignSet, event_name: str) -> bool:
    was = past.live is not None and listens(past.live.campaign, event_name)
    return was or listens(newest.campaigns[past.campaign_id], event_name)


async def _live(history: History, moments: Sequence[Moment]) -> dict[CampaignId, PublishedVersion]:
    around = await history.around(moments)
    named = _numbered([one.campaign_id for one in moments], around)
    return {campaign_id: version for (campaign_id, _), version in (await history.versions(named)).items()}


def _numbered(ids: Iterable[CampaignId], around: Iterable[Around]) -> list[tuple[CampaignId, int]]:
    """Return the versions that were live."""
    return [
        (campaign_id, one.number)
        for campaign_id, one in zip(ids, around, strict=True)
        if one.number is not None
    ]
