"""What a message is made of: Liquid over `Profile.*` and `Event.*`."""

from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from tellwire.platform.model.bounds import Name, NamedTemplates, Template, Templates
from tellwire.platform.model.link import Utm


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What is written.

    `tokens` gives each custom `$$name` of the provider its value, `global_tokens` those outside a batch's key;
    `extra` are ad-hoc pairs of this campaign only; all are Liquid, the global ones without `Profile` and `Event`.
    Links are shortened where `shorten` does not say no; see `SendStep.before_links` too.
    """

    text: Annotated[Template, msgspec.Meta(description="The message, in Liquid over Profile and Event.")] = ""
    transliterate: Annotated[
        bool, msgspec.Meta(description="Whether characters that GSM 7-bit lacks are respelled.")
    ] = False
    template_id: Annotated[
        Name, msgspec.Meta(description="The id of a template that the provider has registered.")
    ] = ""
    template_variables: Annotated[
        Templates, msgspec.Meta(description="The variables of that template, in Liquid.")
    ] = ()
    tokens: Annotated[
        NamedTemplates, msgspec.Meta(description="The value of each `$$name` that the provider asks for.")
    ] = {}
    extra: Annotated[NamedTemplates, msgspec.Meta(description="Pairs of this campaign only, by name.")] = {}
    shorten: Annotated[
        bool | UnsetType,
        msgspec.Meta(
            description="Whether each link of the text becomes a short one, whose clicks are counted."
        ),
    ] = UNSET
    utm: Utm | UnsetType = UNSET
