"""What must be mended before a campaign can be published, field by field.

A field is named by where it stands in start, who and steps; `in_flat` has the names of the flat form.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final, TypeAlias

from tellwire.kernel.sms import compose
from tellwire.platform.compose.draft import PARTS_LIMIT, uses_body
from tellwire.platform.compose.links import as_shortened
from tellwire.platform.compose.template import is_personal, problem_of, roots_in
from tellwire.platform.decide.predicate import value_problem
from tellwire.platform.language.near import nearest
from tellwire.platform.language.placed_rules import placed_rules
from tellwire.platform.language.rule import every_rule
from tellwire.platform.model.account import Account
from tellwire.platform.model.behaviour import Entering
from tellwire.platform.model.campaign import IN_USE, Campaign, CampaignSet
from tellwire.platform.model.content import Content
from tellwire.platform.model.provider import Provider, ProviderId
from tellwire.platform.model.rule import Condition, Did, Edge, Has, Member, Rule
from tellwire.platform.model.start import (
    Moments,
    OnCall,
    OnEvent,
    OnMembership,
    OnSchedule,
    Start,
    event_of,
    where_of,
)
from tellwire.platform.model.step import (
    CallStep,
    SendStep,
    SplitStep,
    Step,
    UntilDate,
    WaitStep,
    placed_signals,
    placed_steps,
)
from tellwire.platform.model.system_event import DELIVERED, FAILED, SENT
from tellwire.platform.model.value import fold
from tellwire.platform.senders.tokens import TokenBlocks

Found: TypeAlias = Iterator[tuple[str, str]]

_AUTOMATIC: Final = frozenset(fold(name) for name in (SENT, DELIVERED, FAILED))
_CAMPAIGN_PROPERTIES: Final = frozenset(fold(name) for name in ("Campaign ID", "Campaign Name"))


def problems_of(
    campaign: Campaign, catalog: CampaignSet, blocks: Mapping[ProviderId, TokenBlocks], now: datetime
) -> dict[str, str]:
    """Return why the campaign cannot be published, by path in start, who and steps; empty if it can.

    `blocks` are the custom tokens of the providers that it would go through.
    """
    problems: dict[str, str] = {}
    for path, why in (
        *_basics(campaign, now),
        *_conditions(where_of(campaign.start), _where_places(campaign)),
        *_measured(campaign),
        *_ring(campaign.start),
        *_joins(campaign.start, catalog.account),
        *(one for place, rule in placed_rules(campaign) for one in _rule(rule, place, catalog.account)),
        *(
            found
            for place, step in placed_steps(campaign.steps)
            for found in _step(place, step, campaign.start, catalog, blocks)
        ),
    ):
        problems.setdefault(path, why)
    return problems


def _step(
    path: str,
    step: Step,
    start: Start,
    catalog: CampaignSet,
    blocks: Mapping[ProviderId, TokenBlocks],
) -> Found:
    if isinstance(step, SendStep):
        provider = catalog.provider_of(step)
        tokens = None if provider is None else blocks.get(provider.id)
        for below, why in (
            *_provider(step, provider),
            *_templates(step.content, start),
            *_text(step, provider, catalog),
            *(_inputs(step.content, tokens, provider) if tokens else ()),
        ):
            yield f"{path}.send.{below}", why
    elif isinstance(step, CallStep):
        for below, text in (
            ("body", step.body),
            *((f"headers.{name}", value) for name, value in step.headers),
        ):
            yield from _template(f"{path}.call.{below}", text, start)
    for place, signal in placed_signals(path, step):
        yield from _conditions(signal.where, (f"{place}.where[{n}]" for n in range(len(signal.where))))


def _rule(rule: Rule, path: str, account: Account) -> Found:
    """Check the conditions of a rule, and that there are the audiences which it names."""
    for place, one in every_rule(rule, path):
        if isinstance(one, Has):
            yield from _conditions((one.condition,), (place,))
        elif isinstance(one, Did):
            yield from _did(one, place)
        elif isinstance(one, Member) and one.audience not in account.audiences:
            yield f"{place}.member", _no_audience(one.audience, account)


def _did(did: Did, place: str) -> Found:
    """Check the conditions of a rule about behaviour, and that somebody has entered where it asks since when."""
    yield from _conditions(did.where, (f"{place}.where[{n}]" for n in range(len(did.where))))
    if isinstance(did.measure, Edge):
        yield from _conditions((did.measure.condition,), (f"{place}.{did.measure.which}",))
    if isinstance(did.window.begins, Entering) and not place.startswith("steps"):
        yield f"{place}.since", "Nobody has entered yet where this is asked: write it in a choose, or within."


def problems_of_audiences(account: Account) -> dict[str, str]:
    """Return what is wrong with the rules of audiences, by path: conditions, and audiences that are not there."""
    return {
        path: why
        for number, rule in enumerate(account.audiences.values())
        for path, why in _rule(rule, f"audiences[{number}].rule", account)
    }


def problems_of_rule(rule: Rule, path: str, account: Account) -> dict[str, str]:
    """Return what is wrong with a rule that stands at this path, by path."""
    return dict(_rule(rule, path, account))


def _joins(start: Start, account: Account) -> Found:
    if isinstance(start, OnMembership) and start.audience not in account.audiences:
        yield "start.joins", _no_audience(start.audience, account)


def _no_audience(name: str, account: Account) -> str:
    return f"There is no audience “{name}”{nearest(name, account.audiences)}."


def in_flat(campaign: Campaign, problems: Mapping[str, str]) -> dict[str, str]:
    """Return problems by path in the flat form."""
    return {_flat_path(campaign, path): why for path, why in problems.items()}


def _flat_path(campaign: Campaign, path: str) -> str:
    lists = (
        ("event_conditions", _where_places(campaign)),
        ("profile_conditions", (place for place, one in every_rule(campaign.who) if isinstance(one, Has))),
    )
    for name, places in lists:
        for n, place in enumerate(places):
            if path.startswith(f"{place}."):
                member = path.removeprefix(f"{place}.")
                return f"{name}[{n}].{'property' if member in _NAMES else 'value'}"
    prefix = next((one for one in _FLAT_NAMES if path == one or path.startswith(f"{one}.")), None)
    return path if prefix is None else _FLAT_NAMES[prefix] + path.removeprefix(prefix)


_SEND: Final = "steps[0].send"
_NAMES: Final = frozenset({"property", "profile"})  # of what a condition looks at
_FLAT_NAMES: Final = {  # the longer before what it begins with
    "start.event": "event",
    "start.where": "event_conditions",
    f"{_SEND}.through": "provider_id",
    _SEND: "content",
}


def _where_places(campaign: Campaign) -> Iterator[str]:
    return (f"start.where[{n}]" for n in range(len(where_of(campaign.start))))


def _basics(campaign: Campaign, now: datetime) -> Found:
    if not campaign.name:
        yield "name", "Give the campaign a name."
    if isinstance(campaign.start, OnEvent) and not campaign.start.event:
        yield "start.event", "Name the event that this campaign answers."
    if campaign.key and not (event_of(campaign.start) or isinstance(campaign.start, OnCall)):
        yield "key", "A key is a property of the entering event, and no event starts this campaign."
    yield from _dates_of_events(campaign)
    if _is_over(campaign, now):
        yield "start.at", "This moment has passed: nobody would be chosen."
    if campaign.ends_at is not None:
        if campaign.starts_at is not None and campaign.ends_at <= campaign.starts_at:
            yield "ends_at", "The end is before the start."
        elif campaign.ends_at <= now:
            yield "ends_at", "The end has passed already."


def _is_over(campaign: Campaign, now: datetime) -> bool:
    """Say whether every moment of its start was over when it began to run; those at the account's clock are not."""
    start = campaign.start
    if not isinstance(start, OnSchedule) or not isinstance(start.when, Moments):
        return False
    since = campaign.began_at if campaign.began_at is not None and campaign.state in IN_USE else now
    return all(moment.tzinfo is not None and moment <= since for moment in start.when.moments)


def _dates_of_events(campaign: Campaign) -> Found:
    """Check that nobody waits for a date of an event where no event starts the campaign."""
    if event_of(campaign.start):
        return
    for place, step in placed_steps(campaign.steps):
        if (
            isinstance(step, WaitStep)
            and isinstance(step.until, UntilDate)
            and step.until.date.source == "event"
        ):
            yield (
                f"{place}.wait.until.date",
                "No event starts this campaign, so there is none that has a date.",
            )


def _measured(campaign: Campaign) -> Found:
    """Check that there is a goal where a split's winner is found by it."""
    for place, step in placed_steps(campaign.steps):
        if not isinstance(step, SplitStep) or step.winner is None:
            continue
        if step.winner.by == "goal" and campaign.goal is None:
            yield f"{place}.split[{len(step.shares)}].winner.by", "The campaign has no goal: give it one."


def _conditions(conditions: Iterable[Condition], places: Iterable[str]) -> Found:
    for condition, place in zip(conditions, places, strict=True):
        if not condition.property:
            yield f"{place}.{'profile' if _is_of_profile(place) else 'property'}", "Name the property."
        problem = value_problem(condition)
        if problem is not None:
            yield f"{place}.{condition.operator}", f"{condition.operator}: {problem}."


def _is_of_profile(place: str) -> bool:
    """Say whether a condition is one on the person, and not on an event."""
    return not place.rpartition(".")[2].startswith(("where[", "first", "last"))


def _ring(start: Start) -> Found:
    """A campaign on every message's fate would answer the messages of all campaigns, and theirs again."""
    named, event = {fold(condition.property) for condition in where_of(start)}, event_of(start)
    if fold(event) in _AUTOMATIC and not named & _CAMPAIGN_PROPERTIES:
        yield (
            "start.where",
            f"Every message causes a “{event}”: add a condition on its Campaign ID or Campaign Name.",
        )


def _provider(send: SendStep, provider: Provider | None) -> Found:
    if provider is None:
        if send.through is None:
            yield "through", "There is no default provider: mark one as default, or choose one here."
        else:
            yield "through", "This provider is archived or gone: choose another one."


def _templates(content: Content, start: Start) -> Found:
    named = [
        ("text", content.text),
        *((f"template_variables[{n}]", text) for n, text in enumerate(content.template_variables)),
        *((f"tokens.{name}", text) for name, text in content.tokens.items()),
        *((f"extra.{name}", text) for name, text in content.extra.items()),
    ]
    for path, text in named:
        yield from _template(path, text, start)


def _template(path: str, text: str, start: Start) -> Found:
    """Check one template: that it can be read, and that what it names is there where this campaign starts."""
    problem = problem_of(text)
    if problem is not None:
        yield path, f"Line {problem.line}: {problem.message}."
    elif "{" in text:
        roots, is_called = roots_in(text), isinstance(start, OnCall)
        if is_called and "Event" in roots:
            yield path, "No event starts this campaign: what a call brings is ExternalTrigger."
        elif not is_called and "ExternalTrigger" in roots:
            yield path, "No call starts this campaign, so nothing is brought as ExternalTrigger."


def _text(step: SendStep, provider: Provider | None, catalog: CampaignSet) -> Found:
    content, shortening = step.content, catalog.shortening
    needs_no_text = bool(content.template_id) and provider is not None and not uses_body(provider)
    if not content.text.strip() and not needs_no_text:
        yield "text", "Write the message."
    if "{" not in content.text:
        text = content.text
        if shortening is not None and catalog.account.links.shorten and content.shorten is not False:
            text = as_shortened(text, shortening).text
        parts = len(compose(text, transliterate=content.transliterate).parts)
        if parts > PARTS_LIMIT:
            yield "text", f"This is {parts} parts; at most {PARTS_LIMIT} are sent."


def _inputs(content: Content, blocks: TokenBlocks, provider: Provider | None) -> Found:
    """Check what the provider asks of its campaigns (CleverTap contract 1.4 and 1.5)."""
    given = {name.casefold(): text for name, text in content.tokens.items()}
    for name in (*blocks.message, *blocks.header, *blocks.global_):
        if not given.get(name.casefold(), "").strip():
            yield f"tokens.{name}", f"The provider asks for a value of $${name}."
    if blocks.uses_template_id and not content.template_id.strip():
        yield "template_id", "The provider asks for a template ID."
    is_batched = provider is not None and provider.batch is not None
    for name in (*blocks.global_, *(blocks.header if is_batched else ())):
        if is_personal(given.get(name.casefold(), "")):
            yield (
                f"tokens.{name}",
                f"$${name} is sent once for many people: no Profile or Event in it.",
            )
