"""A campaign in words of the language becomes the form that pages and files fill in too. Pure."""

from typing import Any

import msgspec

from tellwire.platform.control.campaign_form import CampaignForm
from tellwire.platform.control.problem import invalid


def form_of(words: dict[str, Any]) -> CampaignForm:
    """Return the form of a campaign that is written in words of the language. Raises a `Problem`."""
    try:
        return msgspec.convert(words, CampaignForm)
    except msgspec.ValidationError as error:
        why, _, path = str(error).partition(" - at `$.")
        raise invalid({path.removesuffix("`") or "name": f"{why}."}) from error
