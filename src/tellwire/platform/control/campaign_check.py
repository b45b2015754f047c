"""What must be mended before a campaign can be published, field by field."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final, TypeAlias

from tellwire.kernel.sms import compose
from tellwire.platform.compose.draft import PARTS_LIMIT, uses_body
from tellwire.platform.compose.template import is_personal, problem_of
from tellwire.platform.decide.predicate import value_problem
from tellwire.platform.model.campaign import Campaign, CampaignSet, Content
from tellwire.platform.model.provider import Provider
from tellwire.platform.model.rule import Condition
from tellwire.platform.model.system_event import DELIVERED, FAILED, SENT
from tellwire.platform.model.value import fold
from tellwire.platform.senders.tokens import TokenBlocks

Found: TypeAlias = Iterator[tuple[str, str]]

_AUTOMATIC: Final = frozenset(fold(name) for name in (SENT, DELIVERED, FAILED))
_CAMPAIGN_PROPERTIES: Final = frozenset(fold(name) for name in ("Campaign ID", "Campaign Name"))


def problems_of(
    campaign: Campaign, catalog: CampaignSet, blocks: TokenBlocks | None, now: datetime
) -> dict[str, str]:
    """Return why the campaign cannot be published, by path; empty if it can.

    `blocks` are the custom tokens of the provider that it would go through, None if there is no provider.
    """
    found: dict[str, str] = {}
    for path, why in (
        *_basics(campaign, now),
        *_conditions("event_conditions", campaign.event_conditions),
        *_conditions("profile_conditions", campaign.profile_conditions),
        *_ring(campaign),
        *_provider(campaign, catalog),
        *_templates(campaign.content),
        *_text(campaign.content, catalog.provider_of(campaign)),
        *(_inputs(campaign.content, blocks, catalog.provider_of(campaign)) if blocks else ()),
    ):
        found.setdefault(path, why)
    return found


def _basics(campaign: Campaign, now: datetime) -> Found:
    if not campaign.name:
        yield "name", "Give the campaign a name."
    if not campaign.event:
        yield "event", "Name the event that this campaign answers."
    if campaign.ends_at is not None:
        if campaign.starts_at is not None and campaign.ends_at <= campaign.starts_at:
            yield "ends_at", "The end is before the start."
        elif campaign.ends_at <= now:
            yield "ends_at", "The end has passed already."


def _conditions(field: str, conditions: tuple[Condition, ...]) -> Found:
    for position, condition in enumerate(conditions):
        if not condition.property:
            yield f"{field}[{position}].property", "Name the property."
        problem = value_problem(condition)
        if problem is not None:
            yield f"{field}[{position}].value", f"{condition.operator}: {problem}."


def _ring(campaign: Campaign) -> Found:
    """A campaign on every message's fate would answer the messages of all campaigns, and theirs again."""
    named = {fold(condition.property) for condition in campaign.event_conditions}
    if fold(campaign.event) in _AUTOMATIC and not named & _CAMPAIGN_PROPERTIES:
        yield (
            "event_conditions",
            f"Every message causes a “{campaign.event}”: add a condition on its Campaign ID or Campaign Name.",
        )


def _provider(campaign: Campaign, catalog: CampaignSet) -> Found:
    if catalog.provider_of(campaign) is None:
        if campaign.provider_id is None:
            yield "provider_id", "There is no default provider: mark one as default, or choose one here."
        else:
            yield "provider_id", "This provider is archived or gone: choose another one."


def _templates(content: Content) -> Found:
    named = [
        ("content.text", content.text),
        *((f"content.template_variables[{n}]", text) for n, text in enumerate(content.template_variables)),
        *((f"content.tokens.{name}", text) for name, text in content.tokens.items()),
        *((f"content.extra.{name}", text) for name, text in content.extra.items()),
    ]
    for path, text in named:
        problem = problem_of(text)
        if problem is not None:
            yield path, f"Line {problem.line}: {problem.message}."


def _text(content: Content, provider: Provider | None) -> Found:
    needs_no_text = bool(content.template_id) and provider is not None and not uses_body(provider)
    if not content.text.strip() and not needs_no_text:
        yield "content.text", "Write the message."
    if "{" not in content.text:
        parts = len(compose(content.text, transliterate=content.transliterate).parts)
        if parts > PARTS_LIMIT:
            yield "content.text", f"This is {parts} parts; at most {PARTS_LIMIT} are sent."


def _inputs(content: Content, blocks: TokenBlocks, provider: Provider | None) -> Found:
    """Check what the provider asks of its campaigns (CleverTap contract 1.4 and 1.5)."""
    given = {name.casefold(): text for name, text in content.tokens.items()}
    for name in (*blocks.message, *blocks.header, *blocks.global_):
        if not given.get(name.casefold(), "").strip():
            yield f"content.tokens.{name}", f"The provider asks for a value of $${name}."
    if blocks.uses_template_id and not content.template_id.strip():
        yield "content.template_id", "The provider asks for a template ID."
    is_batched = provider is not None and provider.batch is not None
    for name in (*blocks.global_, *(blocks.header if is_batched else ())):
        if is_personal(given.get(name.casefold(), "")):
            yield (
                f"content.tokens.{name}",
                f"$${name} is sent once for many people: no Profile or Event in it.",
            )
