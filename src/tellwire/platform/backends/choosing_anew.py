"""Whether a change of the account lets an audience that is being taken down begin anew. Pure, for every back end."""

from collections.abc import Iterator, Mapping
from typing import Any

from tellwire.platform.language.rule import every_rule
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.people_list import by_folded_name
from tellwire.platform.model.rule import Listed, Member, Rule
from tellwire.platform.model.value import fold


def chooses_anew(campaign: Campaign, before: Account, after: Account) -> bool:
    """Say whether an audience of the campaign may be for others by the new account than by the old one."""
    return _goes_by(campaign, before) != _goes_by(campaign, after)


def _goes_by(campaign: Campaign, account: Account) -> tuple[Any, ...]:
    """Return what an audience depends on beside campaign and people: the day, audiences, which lists are meant."""
    if campaign.who is None:
        return (account.zone,)
    named = dict(_audiences(campaign.who, account.audiences, {}))
    rules = [campaign.who, *(rule for rule in named.values() if rule is not None)]
    lists = by_folded_name(account.lists)
    list_ids = {
        one.list: known and known.id
        for rule in rules
        for _, one in every_rule(rule)
        if isinstance(one, Listed)
        for known in [lists.get(fold(one.list))]
    }
    return account.zone, named, list_ids


def _audiences(
    rule: Rule, audiences: Mapping[str, Rule], seen: dict[str, Rule | None]
) -> Iterator[tuple[str, Rule | None]]:
    """Yield the audiences that a rule is made of, itself or through others, each once."""
    for _, one in every_rule(rule):
        if isinstance(one, Member) and one.audience not in seen:
            other = seen[one.audience] = audiences.get(one.audience)
            yield one.audience, other
            if other is not None:
                yield from _audiences(other, audiences, seen)
