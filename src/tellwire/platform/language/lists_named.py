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
        for name in _lists_through(campaign.start.audience, audiences, seen):
            yield "start.joins", name
    for path, rule in placed_rules(campaign):
        yield from _lists_in(rule, path, audiences, seen)


def _lists_in(
    rule: Rule, path: str, audiences: Mapping[str, Rule], seen: set[str]
) -> Iterator[tuple[str, str]]:
    for place, one in every_rule(rule, path):
        match one:
            case Listed(name):
                yield f"{place}.listed", name
            case Member(audience):
                for name in _lists_through(audience, audiences, seen):
                    yield f"{place}.member", name
            case _:
                pass


def _lists_through(audience: str, audiences: Mapping[str, Rule], seen: set[str]) -> Iterator[str]:
    if audience in audiences and audience not in seen:
        seen.add(audience)
        yield from (name for _, name in _lists_in(audiences[audience], "", audiences, seen))
