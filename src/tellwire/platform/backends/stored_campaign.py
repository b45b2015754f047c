"""Campaigns as stores keep them, and as earlier releases kept them: flat. Pure, for every back end.

A row in the old form is read as start, who and steps; it is written anew when somebody saves it. One that was
published before links were shortened has the mark `links_before`, and its links stay as they are.
"""

from datetime import datetime
from typing import Final

import msgspec

from tellwire.platform.language.shortening import of_before
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignState, Course
from tellwire.platform.model.content import Content
from tellwire.platform.model.flat import Flat, structure_of
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.model.rule import Conditions, Rule
from tellwire.platform.model.start import Start
from tellwire.platform.model.step import Step


def read_campaign(text: str | msgspec.Raw) -> Campaign:
    """Return the campaign of one row's JSON."""
    return _campaign(_ONE.decode(text))


def read_campaigns(text: str) -> list[Campaign]:
    """Return the campaigns of a JSON array of rows."""
    return [_campaign(stored) for stored in _MANY.decode(text)]


class _Stored(Course, frozen=True, kw_only=True):
    """A row in either form; an old one has no start."""

    id: CampaignId
    state: CampaignState = "draft"
    start: Start | None = None
    who: Rule | None = None
    steps: tuple[Step, ...] = ()
    created_at: datetime
    updated_at: datetime
    event: str = ""
    event_conditions: Conditions = ()
    profile_conditions: Conditions = ()
    respects_consent: bool = True
    provider_id: ProviderId | None = None
    content: Content = Content()
    links_before: bool = False


_ONE: Final = msgspec.json.Decoder(_Stored)
_MANY: Final = msgspec.json.Decoder(list[_Stored])
_FIELDS: Final = Campaign.__struct_fields__


def _campaign(stored: _Stored) -> Campaign:
    fields = {name: getattr(stored, name) for name in _FIELDS}
    if stored.start is None:
        flat = Flat(**{name: getattr(stored, name) for name in Flat.__struct_fields__})
        fields |= structure_of(flat)._asdict()
    campaign = Campaign(**fields)
    return of_before(campaign) if stored.links_before else campaign
