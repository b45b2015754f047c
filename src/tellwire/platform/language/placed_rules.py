"""The rules of a campaign, each with where it stands."""

from collections.abc import Iterator

from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.rule import Rule
from tellwire.platform.model.step import ChooseStep, placed_steps


def placed_rules(campaign: Campaign) -> Iterator[tuple[str, Rule]]:
    """Yield the rules of a campaign, each with where it stands."""
    if campaign.who is not None:
        yield "who", campaign.who
    for path, step in placed_steps(campaign.steps):
        if isinstance(step, ChooseStep):
            for number, branch in enumerate(step.branches):
                if branch.rule is not None:
                    yield f"{path}.choose[{number}].if", branch.rule
