"""What changing the account would do, in sentences. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from tellwire.platform.language.placed_rules import placed_rules
from tellwire.platform.language.rule import every_rule
from tellwire.platform.language.scalars import write_per
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import IN_USE, Campaign
from tellwire.platform.model.replies import Keyword, ReplyRules
from tellwire.platform.model.rule import Member
from tellwire.platform.model.start import OnMembership, OnSchedule


def effects_of(before: Account, after: Account, campaigns: Sequence[Campaign]) -> list[str]:
    """Return what differs for people and campaigns if the account changes so; empty if nothing does."""
    in_use = [campaign for campaign in campaigns if campaign.state in IN_USE]
    return [
        *_zone(before, after, in_use),
        *_quiet(before, after, in_use),
        *_limits(before, after, in_use),
        *_holdout(before, after, in_use),
        *_links(before, after, in_use),
        *_audiences(before, after, in_use),
        *_replies(before.replies, after.replies),
    ]


def audiences_used(campaigns: Sequence[Campaign]) -> Mapping[str, Sequence[str]]:
    """Return the audiences that campaigns in use name, each with the names of those campaigns."""
    used: dict[str, list[str]] = {}
    for campaign in campaigns:
        if campaign.state in IN_USE:
            for name in _named(campaign):
                used.setdefault(name, []).append(campaign.name)
    return used


def _named(campaign: Campaign) -> frozenset[str]:
    members = {
        one.audience
        for _, rule in placed_rules(campaign)
        for _, one in every_rule(rule)
        if isinstance(one, Member)
    }
    start = campaign.start
    return frozenset(members | ({start.audience} if isinstance(start, OnMembership) else set()))


def _zone(before: Account, after: Account, in_use: Sequence[Campaign]) -> Iterator[str]:
    if (before.zone or "UTC") == (after.zone or "UTC"):
        return
    schedules = sum(isinstance(campaign.start, OnSchedule) for campaign in in_use)
    yield f"Days and times of the account are those of {after.zone or 'UTC'} from then on."
    if schedules:
        yield f"{_count(schedules, 'schedule')} may come at other moments: what is planned is planned anew."


def _quiet(before: Account, after: Account, in_use: Sequence[Campaign]) -> Iterator[str]:
    if before.quiet == after.quiet:
        return
    which = _count(len(in_use), "campaign")
    if after.quiet:
        yield f"The quiet hours hold for every next message of {which}; one that waits keeps its moment."
    else:
        yield f"There are no quiet hours for all: the next messages of {which} go at any hour."


def _limits(before: Account, after: Account, in_use: Sequence[Campaign]) -> Iterator[str]:
    was, now, which = before.limits, after.limits, _count(len(in_use), "campaign")
    if was.per_person != now.per_person:
        caps = " and ".join(f"{write_per(cap).replace(' per ', ' in ')}" for cap in now.per_person)
        yield (
            f"One person gets at most {caps}, of {which} together; what they got before counts."
            if caps
            else f"{which} may write to one person as often as each says itself."
        )
    if was.gap != now.gap:
        yield (
            f"Between two messages to one person, of whatever campaign, lie at least {now.gap}."
            if now.gap
            else "Two messages to one person may follow each other at once."
        )


def _holdout(before: Account, after: Account, in_use: Sequence[Campaign]) -> Iterator[str]:
    if before.holdout == after.holdout:
        return
    which = _count(len(in_use), "campaign")
    if not after.holdout:
        yield f"Nobody is held out of all campaigns any more: {which} may write to those who were."
    else:
        more = "more" if after.holdout > before.holdout else "fewer"
        yield f"{after.holdout:g} % of all people are held out of {which}, {more} than before."


def _links(before: Account, after: Account, in_use: Sequence[Campaign]) -> Iterator[str]:
    which = _count(len(in_use), "campaign")
    if before.links.shorten != after.links.shorten:
        if after.links.shorten:
            yield f"Links in the next texts of {which} are shortened, where the campaign does not say otherwise."
        else:
            yield f"No link of the next texts of {which} is shortened, and no click on it is known."
    if before.links.utm != after.links.utm:
        names = ", ".join(f"utm_{name}" for name in after.links.utm)
        yield (
            f"Short links of the next texts append {names}."
            if names
            else "Short links append nothing any more."
        )


def _audiences(before: Account, after: Account, in_use: Sequence[Campaign]) -> Iterator[str]:
    used = audiences_used(in_use)
    for name, rule in after.audiences.items():
        if name in before.audiences and before.audiences[name] != rule and name in used:
            campaigns = used[name]
            others = f" and {len(campaigns) - 1} more" if len(campaigns) > 1 else ""
            yield f"Who belongs to “{name}” is asked anew by “{campaigns[0]}”{others}, from the next person on."


_MEANING: Final[Mapping[Keyword, str]] = {"stop": "stop", "start": "start", "help": "a question for help"}


def _replies(before: ReplyRules, after: ReplyRules) -> Iterator[str]:
    for keyword, words in _MEANING.items():
        was, is_now = before.of(keyword), after.of(keyword)
        if added := [word for word in is_now.words if word not in was.words]:
            yield f"A text that is nothing but {_or(added)} means {words}."
        if gone := [word for word in was.words if word not in is_now.words]:
            yield f"{_or(gone)} means {words} no more, unless everybody knows the word."
        if before.answer_to(keyword) != after.answer_to(keyword):
            text = after.answer_to(keyword)
            yield (
                f"A text that means {words} is answered: “{text}”"
                if text
                else (f"A text that means {words} is not answered.")
            )
    if left := [word for word in after.without if word not in before.without]:
        yield f"{_or(left)} means nothing here, but in countries where carriers require it."


def _or(words: Sequence[str]) -> str:
    return " or ".join(f"“{word}”" for word in words)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'} in use"
