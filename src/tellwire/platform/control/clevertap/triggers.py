"""A body of the external trigger: whom, which campaigns, which values (CleverTap contract 4.10). Pure."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from tellwire.platform.control.clevertap.callees import To, read_to
from tellwire.platform.control.clevertap.words import Words, whole_number
from tellwire.platform.intake.call_values import BadValues, values_of
from tellwire.platform.intake.calling import Calling
from tellwire.platform.model.campaign import CampaignId

CAMPAIGNS_LIMIT: Final = 5


class Trigger(NamedTuple):
    """A call of campaigns by their ids; whom it names that cannot be read stands in `to`."""

    to: To
    campaigns: tuple[int, ...]
    calling: Calling


def read_trigger(body: Words, *, is_many: bool) -> Trigger:
    """Return what a body asks for; `is_many` is the wire that names a list of campaigns. Raises a `Problem`."""
    to = read_to(body)
    ids = _list(body) if is_many else (_id(body, "campaign_id", body.any("campaign_id")),)
    values = body.object("ExternalTrigger")
    try:
        written = values_of({} if values is None else {name: values.any(name) for name in values.names()})
    except BadValues as problem:
        raise body.refused("ExternalTrigger", str(problem)) from problem
    body.end()
    campaigns = tuple(CampaignId(one) for one in ids)
    return Trigger(to, ids, Calling(callees=to.callees, campaigns=campaigns, values=written))


def _list(body: Words) -> tuple[int, ...]:
    written: Sequence[object] = body.items("campaign_id_list", CAMPAIGNS_LIMIT)
    if not written:
        raise body.refused("campaign_id_list", f"Name one to {CAMPAIGNS_LIMIT} campaigns.")
    ids = [_id(body, f"campaign_id_list[{n}]", one) for n, one in enumerate(written)]
    return tuple(dict.fromkeys(ids))


def _id(body: Words, name: str, written: object) -> int:
    """Return the number of a campaign, which may be written as a text."""
    number = whole_number(written)
    if number is None:
        raise body.refused(name, "This has to be the id of a campaign, as a number or a text.")
    return number
