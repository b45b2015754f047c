"""Which lists rules look at: themselves, or through the audiences that they name."""

from collections.abc import Iterator, Mapping

from tellwire.platform.language.placed_rules import placed_rules
from tellwire.platform.language.rule import every_rule
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.rule import Listed, Member, Rule
from tellwire.platform.model.start import OnMembership


def lists_in(rule: Rule, path: str, audiences: Mapping[str, Rule]) -> Iterator[tuple[str, str]]:
    """Yield the names of the lists that a rule looks at, each with where it is asked; an audience is gone into once."""
    yield from _lists_in(rule, path, audiences, set())


def lists_of(campaign: Campaign, audiences: Mapping[str, Rule]) -> Iterator[tuple[str, str]]:
    """Yield the names of the lists that a campaign looks at, each with where it is asked."""
    seen: set[str] = set()
    if isinstance(campaign.start, OnMembership):
        yield from _lists_in(Member(campaign.start.audience), "start.joins", audiences, seen)
    for path, rule in placed_rules(campaign):
        yield from _lists_in(rule, path, audiences, seen)


def _lists_in(
    rule: Rule, path: str, audiences: Mapping[str, Rule], seen: set[str]
) -> Iterator[tuple[str, str]]:
    for place, one in every_rule(rule, path):
        match one:
            case Listed(name):
                yield place, name
            case Member(name) if name in audiences and name not in seen:
                seen.add(name)
                for _, below in _lists_in(audiences[name], "", audiences, seen):
                    yield place, below
            case _:
                pass
