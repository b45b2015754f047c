"""A body that sends to named people, and the campaign that stands for its kind (CleverTap contract 4.9). Pure.

A text given by the caller is no campaign of its own: there is one campaign for each `tag_group`, provider and way of
sending, made at the first call of that kind. It starts by a call, and the call brings the words.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final, NamedTuple

from tellwire.platform.compose.template import problem_of, roots_in
from tellwire.platform.control.clevertap.callees import To, read_to
from tellwire.platform.control.clevertap.message_content import MessageContent, read_content, send_words
from tellwire.platform.control.clevertap.words import Words, refused
from tellwire.platform.model.bounds import NAME_LIMIT
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet
from tellwire.platform.model.start import OnCall

TAG_LIMIT: Final = 60
PREFIX: Final = "API: "
KINDS_LIMIT: Final = 200  # campaigns that sends make by themselves
_UNTAGGED: Final = "messages"
_BROUGHT: Final = "{{ ExternalTrigger.body }}"  # stands for the words that a call brings, where people look
_DIGEST: Final = 8  # characters of names that are cut, so that two of them differ


class Sending(NamedTuple):
    """A send to named people: `campaign_id` says that it counts for a campaign that there is."""

    to: To
    content: MessageContent
    tag_group: str
    provider: str | None
    campaign_id: int | None
    respects_caps: bool | None


def read_sending(body: Words) -> Sending:
    """Return what a body asks for. Raises a `Problem`."""
    sending = Sending(
        to=read_to(body),
        content=read_content(body),
        tag_group=body.text("tag_group", TAG_LIMIT) or "",
        provider=body.text("provider_nick_name", NAME_LIMIT),
        campaign_id=body.whole("campaign_id", 1, 2**63 - 1),
        respects_caps=body.flag("respect_frequency_caps"),
    )
    body.end()
    problem = problem_of(sending.content.body)
    if problem is not None:
        raise refused("content.body", f"Line {problem.line}: {problem.message}.")
    if not roots_in(sending.content.body).isdisjoint({"Event", "ExternalTrigger"}):
        raise refused("content.body", "No event and no trigger comes with this: name values of Profile.")
    return sending


def kind_of(sending: Sending) -> str:
    """Return the name of the campaign, and of its call, for sends like this one."""
    content = sending.content
    parts = [
        f"{PREFIX}{sending.tag_group or _UNTAGGED}",
        *([f"through {sending.provider}"] if sending.provider else []),
        *(["without caps"] if sending.respects_caps is False else []),
        *([f"template {content.template_id}"] if content.template_id else []),
        *(f"{name} {value}" for name, value in content.tokens.items()),
        *(["respelled"] if content.transliterate else []),
    ]
    name = ", ".join(parts)
    if len(name) <= NAME_LIMIT:
        return name
    digest = blake2b(name.encode(), digest_size=_DIGEST // 2).hexdigest()
    return f"{name[: NAME_LIMIT - _DIGEST - 1]} {digest}"


def campaign_words(sending: Sending) -> dict[str, Any]:
    """Return the campaign for sends like this one, in the language."""
    name = kind_of(sending)
    step = send_words(
        sending.content, _BROUGHT, sending.provider, respects_caps=sending.respects_caps is not False
    )
    return {
        "name": name,
        "start": {"call": name},
        "again": "beside",
        "labels": ["API", *([sending.tag_group] if sending.tag_group else [])],
        "steps": [{"id": "message", "send": step}],
    }


def kinds_in(newest: CampaignSet) -> dict[str, CampaignId]:
    """Return the campaigns that stand for kinds of sends, by the names of their calls; of two alike the first."""
    kinds: dict[str, CampaignId] = {}
    for campaign_id, one in sorted(newest.campaigns.items()):
        if isinstance(one.start, OnCall) and one.start.call.startswith(PREFIX):
            kinds.setdefault(one.start.call, campaign_id)
    return kinds


def demand_room(kinds: Mapping[str, CampaignId]) -> None:
    """Refuse one more kind of sends where there are as many as may be."""
    if len(kinds) >= KINDS_LIMIT:
        why = f"There are {len(kinds)} kinds of sends already: use a tag_group that there is."
        raise refused("tag_group", why, 409)


def demand_fit(sending: Sending, campaign: Campaign, newest: CampaignSet) -> None:
    """Refuse a send for a campaign that sends otherwise than the body says."""
    send, content = campaign.only_send, sending.content
    if send is None:
        message = (
            "This campaign has other steps than one message: trigger it by /1/send/externaltrigger.json."
        )
        raise refused("campaign_id", message)
    provider = newest.provider_of(send)
    if sending.provider is not None and (
        provider is None or provider.nickname.casefold() != sending.provider.casefold()
    ):
        raise refused("provider_nick_name", "The campaign sends through another provider.")
    if sending.respects_caps is not None and sending.respects_caps is ("caps" in send.passes):
        raise refused("respect_frequency_caps", "The campaign says otherwise: leave this out.")
    if content.template_id and content.template_id != send.content.template_id:
        raise refused("content.message_info.template_id", "The campaign has another template.")
    if content.transliterate and not send.content.transliterate:
        raise refused("content.unicode", "The campaign does not respell texts: leave this out.")
    for name, value in content.tokens.items():
        if send.content.tokens.get(name) != value:
            raise refused(f"content {name}", "The campaign says otherwise: leave this out.")
