"""Makes the message that answers an event: every template of the campaign rendered once, and the text counted.

Not for whether it may be sent at all: that is `decide.gates`. Called in the transaction of the decision, so what
comes out is what is sent, whatever happens to campaign or profile meanwhile.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, TypeAlias

import msgspec

from tellwire.platform.compose.links import Linked, shortened, utm_of
from tellwire.platform.compose.names import Names, entering_names
from tellwire.platform.compose.template import Aborted, Failed, Rendered, render
from tellwire.platform.model.address import Address
from tellwire.platform.model.campaign import Campaign, shortens
from tellwire.platform.model.channel import SMS, channel_of
from tellwire.platform.model.enrollment import Entrance
from tellwire.platform.model.link import LinkPolicy, Shortening
from tellwire.platform.model.message import Message, MessageId, message_id
from tellwire.platform.model.profile import Profile
from tellwire.platform.model.provider import JsonParameters, Provider
from tellwire.platform.model.step import SendStep
from tellwire.platform.model.value import Properties, Value

PARTS_LIMIT: Final = SMS.parts_limit
VALUE_LIMIT: Final = 1_024  # characters of a rendered token, variable or extra pair


class Undrafted(msgspec.Struct, frozen=True):
    """There is no message: `code` and `values` are those of the gate `content` in `model.codes`."""

    code: str
    values: tuple[Value, ...] = ()


Draft: TypeAlias = Message | Undrafted


class Undraftable(Exception):
    """A template of the campaign gave no value."""

    def __init__(self, undrafted: Undrafted) -> None:
        super().__init__(undrafted.code)
        self.undrafted = undrafted


def draft(
    *,
    campaign: Campaign,
    send: SendStep,
    provider: Provider,
    entrance: Entrance,
    properties: Properties,
    profile: Profile,
    to: Address,
    now: datetime,
    visit: int = 0,
    links: LinkPolicy | None = None,
    shortening: Shortening | None = None,
) -> Draft:
    """Return the message of this step of `campaign` for this person, or why there is none.

    `properties` are those of the entrance, decoded; a text that came with its call stands for the content's.
    `visit` is which visit of the step it is, from 0. All of the content is rendered with the same names; one template
    that aborts or fails is enough for no message (CleverTap contract 6.4). `links` is what the account says of links,
    and `shortening` how they are shortened: None leaves them as they are.
    """
    try:
        renderer = _Renderer(profile, entrance, properties, now)
        linker = _Linker(links or LinkPolicy(), shortening, now)
        return _drafted(renderer, linker, campaign, send, provider, entrance, profile, to, visit)
    except Undraftable as outcome:
        return outcome.undrafted


def uses_body(provider: Provider) -> bool:
    """Say whether the provider's request carries the text; one with only a template id need have none.

    Header values are sealed here and not looked at: a text does not travel in a header.
    """
    return any(_BODY.search(text) for text in _templates(provider))


_BODY: Final = re.compile(r"\$\$body(?![A-Za-z0-9_])", re.IGNORECASE)


class _Renderer:
    """Renders the templates of one draft over the same names."""

    def __init__(self, profile: Profile, entrance: Entrance, properties: Properties, now: datetime) -> None:
        self.now = now
        self._profile = Names(names_of(profile))
        self._event, self._call = entering_names(entrance, properties)

    def text(self, source: str) -> str:
        """Return what the template says, or raise `Undraftable`."""
        match render(source, self._profile, self._event, self.now, self._call):
            case Rendered(text):
                return text
            case Aborted():
                raise Undraftable(Undrafted("aborted"))
            case Failed(reason):
                raise Undraftable(Undrafted("template_failed", (reason,)))

    def value(self, name: str, source: str) -> str:
        """Return a rendered token, variable or pair, or raise `Undraftable`; `name` is for people."""
        text = self.text(source)
        if len(text) > VALUE_LIMIT:
            raise Undraftable(Undrafted("too_long", (name, VALUE_LIMIT)))
        return text


class _Linker:
    """Puts short links into the text of one draft, where they are wanted."""

    def __init__(self, policy: LinkPolicy, shortening: Shortening | None, now: datetime) -> None:
        self._policy = policy
        self._shortening = shortening
        self._now = now

    def linked(self, text: str, identifier: MessageId, send: SendStep, campaign: Campaign) -> Linked:
        """Return the text of the message of this id with its short links, if it is to have any."""
        if self._shortening is None or not self._policy.shorten or not shortens(campaign, send):
            return Linked(text, ())
        utm = utm_of(self._policy, send.content, campaign.name)
        return shortened(text, self._shortening, identifier, self._now, utm)


def names_of(profile: Profile) -> Properties:
    """Return what templates see of a profile: its properties, and its identity, which is how we name it."""
    identity = next((s.value for s in profile.subjects if s.kind == "identity"), None)
    if identity is None or "Identity" in profile.properties:
        return profile.properties
    return {**profile.properties, "Identity": identity}


def _drafted(
    renderer: _Renderer,
    linker: _Linker,
    campaign: Campaign,
    send: SendStep,
    provider: Provider,
    entrance: Entrance,
    profile: Profile,
    to: Address,
    visit: int,
) -> Message:
    content, policy, now = send.content, campaign.policy, renderer.now
    text = renderer.text(entrance.text or content.text)
    if not text.strip() and not (content.template_id and not uses_body(provider)):
        raise Undraftable(Undrafted("empty_text"))
    identifier = message_id(entrance.occasion_id, campaign.id, send.number, visit)
    linked = linker.linked(text, identifier, send, campaign)
    channel = channel_of(to)
    composition = channel.compose(linked.text, transliterate=content.transliterate)
    if len(composition.parts) > channel.parts_limit:
        raise Undraftable(Undrafted("too_long", (len(composition.parts),)))
    return Message(
        id=identifier,
        occasion_id=entrance.occasion_id,
        campaign_id=campaign.id,
        profile_id=profile.id,
        subject=entrance.subject,
        provider_id=provider.id,
        to=to,
        text=composition.text,
        encoding=composition.encoding,
        parts=len(composition.parts),
        template_id=content.template_id,
        template_variables=tuple(
            renderer.value("A template variable", v) for v in content.template_variables
        ),
        tokens={name: renderer.value(f"$${name}", value) for name, value in content.tokens.items()},
        extra={name: renderer.value(f"The pair “{name}”", value) for name, value in content.extra.items()},
        repeats_unresolved=policy.when_unresolved == "repeat",
        attempts=policy.attempts,
        give_up_at=now + timedelta(seconds=policy.give_up_after_s),
        created_at=now,
        depth=entrance.depth,
        step=send.id,
        links=linked.links,
    )


def _templates(provider: Provider) -> Iterable[str]:
    yield provider.endpoint
    if isinstance(provider.parameters, JsonParameters):
        yield provider.parameters.template
    else:
        for pair in provider.parameters.pairs:
            yield pair.value
