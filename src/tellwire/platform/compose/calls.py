"""Makes the request of a step that calls another system: its body and headers are rendered once. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from tellwire.platform.compose.draft import names_of
from tellwire.platform.compose.names import Names, entering_names
from tellwire.platform.compose.template import Rendered, render
from tellwire.platform.model.call import Call, call_id
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.enrollment import Entrance, enrollment_id
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.step import CallStep
from tellwire.platform.model.value import Properties

BODY_LIMIT: Final = 64 * 1024  # characters of a rendered body
HEADER_LIMIT: Final = 4_096  # of one rendered header


def made_call(
    step: CallStep,
    campaign_id: CampaignId,
    entrance: Entrance,
    properties: Properties,
    profile: Profile,
    now: datetime,
    visit: int,
) -> Call | None:
    """Return the call of a step, None if a template gives nothing or too much. `properties` are the entrance's."""
    names = Names(names_of(profile)), *entering_names(entrance, properties)
    body = _rendered(step.body, names, now, BODY_LIMIT)
    headers = {name: _rendered(value, names, now, HEADER_LIMIT) for name, value in step.headers}
    if body is None or not _all_there(headers):
        return None
    return Call(
        id=call_id(enrollment_id(entrance.occasion_id, campaign_id), step.id, visit),
        campaign_id=campaign_id,
        step=step.id,
        url=step.url,
        body=body,
        headers=tuple((name, value) for name, value in headers.items() if value is not None),
        created_at=now,
    )


def _rendered(source: str, names: tuple[Names, Names, Names], now: datetime, limit: int) -> str | None:
    profile, event, call = names
    match render(source, profile, event, now, call):
        case Rendered(text) if len(text) <= limit:
            return text
        case _:
            return None


def _all_there(headers: Mapping[str, str | None]) -> bool:
    """Say whether each header has a value that stands on one line."""
    return all(value is not None and value.isprintable() for value in headers.values())
