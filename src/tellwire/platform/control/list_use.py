"""Lists in an account: making them, who looks at them, and names of lists that are none. Pure."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from tellwire.platform.decide.listing import joined_by
from tellwire.platform.language.lists_named import lists_in, lists_of
from tellwire.platform.language.near import nearest
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import IN_USE, Campaign, CampaignSet
from tellwire.platform.model.people_list import LISTS_LIMIT, ListId, PeopleList, by_folded_name
from tellwire.platform.model.rule import Rule
from tellwire.platform.model.value import fold


class TooMany(Exception):
    """The account has as many lists as it may."""


def with_lists(account: Account, names: Iterable[str]) -> Account:
    """Return the account with a list of each of these names; those that it has stay. Raises `TooMany`."""
    known, lists, last = set(by_folded_name(account.lists)), list(account.lists), account.last_list
    for name in names:
        if fold(name) not in known:
            last += 1
            known.add(fold(name))
            lists.append(PeopleList(id=ListId(last), name=name.strip()))
    if len(lists) > LISTS_LIMIT:
        raise TooMany
    return msgspec.structs.replace(account, lists=tuple(lists), last_list=last)


def unknown_lists(campaign: Campaign, account: Account) -> dict[str, str]:
    """Return which lists a campaign looks at that are none, by path, with what was perhaps meant."""
    return _unknown(lists_of(campaign, account.audiences), account)


def unknown_in_rule(rule: Rule, path: str, account: Account) -> dict[str, str]:
    """Return which lists a rule at this path looks at that are none, by path."""
    return _unknown(lists_in(rule, path, {}), account)


def unknown_in_audiences(account: Account) -> dict[str, str]:
    """Return which lists audiences look at that are none, by the place of the rule."""
    rules = enumerate(account.audiences.values())
    return _unknown(
        (one for number, rule in rules for one in lists_in(rule, f"audiences[{number}].rule", {})), account
    )


def _unknown(named: Iterable[tuple[str, str]], account: Account) -> dict[str, str]:
    """Return those of the names that are none, by path; most rules name no list, and cost nothing."""
    places = list(named)
    known = by_folded_name(account.lists) if places else {}
    return {path: _no_list(name, account) for path, name in places if fold(name) not in known}


def _no_list(name: str, account: Account) -> str:
    return f"There is no list “{name}”{nearest(name, [one.name for one in account.lists]) or '.'}"


def is_joined(one: PeopleList, newest: CampaignSet) -> bool:
    """Say whether somebody may enter a campaign in use because a list changes."""
    return any(
        fold(one.name) in joined_by(campaign, newest.account)
        for campaign in newest.campaigns.values()
        if campaign.state in IN_USE
    )


def users_of_lists(newest: CampaignSet) -> Mapping[str, Sequence[str]]:
    """Return what looks at each list, by its folded name, in words: audiences, and campaigns in use."""
    users: dict[str, list[str]] = {}
    audiences = newest.account.audiences
    asking = [
        *((f"the audience “{name}”", lists_in(rule, "", {})) for name, rule in audiences.items()),
        *(
            (f"the campaign “{campaign.name}”", lists_of(campaign, audiences))
            for campaign in newest.campaigns.values()
            if campaign.state in IN_USE
        ),
    ]
    for user, named in asking:
        for name in {fold(name) for _, name in named}:
            users.setdefault(name, []).append(user)
    return users
