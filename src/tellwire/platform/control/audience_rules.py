"""Rules as questions about audiences bring them: read, checked, and taken apart into their lines."""

from collections.abc import Awaitable, Sequence
from typing import NamedTuple, TypeVar

from tellwire.platform.control.campaign_check import problems_of_rule
from tellwire.platform.control.list_use import unknown_in_rule
from tellwire.platform.control.problem import Problem, invalid
from tellwire.platform.language.rule import RuleForm, every_rule, read_rule
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.account import Account
from tellwire.platform.model.behaviour import Entering
from tellwire.platform.model.rule import Did, Rule
from tellwire.platform.ports.audiences import HistoryLoading, HistoryProblem

T = TypeVar("T")
RETRY_S = 5  # after which to ask again, if the copy is being made


class Line(NamedTuple):
    """A rule within a rule, and where it stands there: `rule.all[0]`."""

    path: str
    rule: Rule


def rule_of(form: RuleForm, account: Account, path: str = "rule") -> Rule:
    """Return the rule that a form means. Raises a `Problem` with all that is wrong with it."""
    try:
        rule = read_rule(form, path)
    except Unreadable as problem:
        raise invalid(problem.fields) from problem
    problems = {
        **_entering(rule, path),
        **problems_of_rule(rule, path, account),
        **unknown_in_rule(rule, path, account),
    }
    if problems:
        raise invalid(problems)
    return rule


def _entering(rule: Rule, path: str) -> dict[str, str]:
    """Return where a rule asks since when somebody is inside a campaign: outside of one nobody is."""
    why = "Nobody has entered anything here: `since: entering` is for campaigns. Write within, or a day."
    return {
        f"{place}.since": why
        for place, one in every_rule(rule, path)
        if isinstance(one, Did) and isinstance(one.window.begins, Entering)
    }


def lines_of(rule: Rule, path: str = "rule") -> Sequence[Line]:
    """Return a rule and all rules in it."""
    return [Line(place, one) for place, one in every_rule(rule, path)]


async def answered(question: Awaitable[T]) -> T:
    """Return the answer to a question about audiences. Raises a `Problem` if it cannot be answered now."""
    try:
        return await question
    except HistoryLoading as loading:
        message = (
            "What people did is being read in anew: ask again in a moment. /api/history says how far it is."
        )
        raise Problem(503, "loading", message, headers={"retry-after": str(RETRY_S)}) from loading
    except HistoryProblem as problem:
        message = f"This could not be counted now: {problem}. Ask again in a moment."
        raise Problem(503, "busy", message, headers={"retry-after": str(RETRY_S)}) from problem
