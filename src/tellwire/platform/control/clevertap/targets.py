"""A body of create.json becomes a campaign of the language (CleverTap contract 4.8). Pure.

Every word is honoured, or refused by its name. `devices`, `app_name` and `send_to_all_devices` are about push messages
and mean nothing for a text message; CleverTap's own client adds the first because its check demands it (5.4).
"""

import re
from datetime import datetime
from typing import Any, Final, NamedTuple

from tellwire.platform.control.clevertap.audience import read_audience
from tellwire.platform.control.clevertap.message_content import MessageContent, read_content, send_words
from tellwire.platform.control.clevertap.moments import WEEKDAYS, When, read_when, weekday
from tellwire.platform.control.clevertap.words import Words, refused
from tellwire.platform.model.account import Account
from tellwire.platform.model.bounds import NAME_LIMIT
from tellwire.platform.model.campaign import Campaign
from tellwire.platform.model.start import Moments, OnSchedule

_OF_PUSH: Final = ("devices", "app_name", "send_to_all_devices")
_LABELS: Final = 50
_HOURS_LIMIT: Final = 10  # spans of quiet hours on one day
_AMOUNT: Final = 1_000_000_000
_SPAN: Final = re.compile(r"(\d{1,3})([mhdw]|M)", re.ASCII)
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks", "M": "months"}


class Target(NamedTuple):
    """A target: the campaign in the language, and what is to be done about it besides."""

    words: dict[str, Any]
    content: MessageContent
    only_estimates: bool
    estimates: bool
    is_draft: bool


def read_target(body: Words, account: Account) -> Target:
    """Return what a body asks for. Raises a `Problem`."""
    mode = body.demand("target_mode", NAME_LIMIT)
    if mode.casefold() != "sms":
        raise body.refused("target_mode", "Only sms is sent here.")
    name, who, content = body.demand("name", NAME_LIMIT), read_audience(body, account), read_content(body)
    when, provider = read_when(body), body.text("provider_nick_name", NAME_LIMIT)
    respects_caps = body.flag("respect_frequency_caps") is not False
    words: dict[str, Any] = {
        "name": name,
        "start": when.start,
        "steps": [
            {
                "id": "message",
                "send": send_words(content, content.body, provider, respects_caps=respects_caps),
            }
        ],
        "holdout": _holdout(body),
        "limits": _limits(body, when),
        "quiet": _quiet(body),
        "labels": body.texts("labels", _LABELS, NAME_LIMIT),
    }
    if who is not None:
        words["who"] = who
    goal = _goal(body)
    if goal is not None:
        words["goal"] = goal
    target = Target(
        words=words,
        content=content,
        only_estimates=body.flag("estimate_only") is True,
        estimates=body.flag("skip_estimate") is not True,
        is_draft=body.flag("draft") is True,
    )
    if body.items("subscription_groups", _LABELS):
        raise body.refused("subscription_groups", "There are no subscription groups for text messages.")
    body.pass_over(*_OF_PUSH)
    body.end()
    return target


def demand_ahead(campaign: Campaign, account: Account, now: datetime) -> None:
    """Refuse a target whose moments have all passed by the account's clock. Raises a `Problem`."""
    start = campaign.start
    if not isinstance(start, OnSchedule) or not isinstance(start.when, Moments) or start.is_personal:
        return
    moments = (one if one.tzinfo else one.replace(tzinfo=account.clock) for one in start.when.moments)
    if all(moment <= now for moment in moments):
        raise refused("when", "This moment has passed: nobody would be chosen.")


def _holdout(body: Words) -> int:
    """Return the share of those who are only followed: a control group of this campaign alone."""
    group = body.object("control_group")
    if group is None:
        return 0
    kind = (group.text("type", NAME_LIMIT) or "campaign").casefold()
    if kind == "none":
        group.end()
        return 0
    if kind not in {"campaign", "target"}:
        why = "This has to be campaign: the control group of the account is set in its settings."
        raise group.refused("type", why)
    share = group.whole("percentage", 1, 99)
    if share is None:
        raise group.refused("percentage", "This is missing.")
    group.end()
    return share


def _limits(body: Words, when: When) -> dict[str, Any]:
    overall = body.whole("users_limit_overall", 1, _AMOUNT)
    per_run = body.whole("users_limit_per_run", 1, _AMOUNT)
    if overall is not None and (when.is_recurring or isinstance(when.start["at"], list)):
        why = "This is honoured for one run: limit each run by users_limit_per_run."
        raise body.refused("users_limit_overall", why)
    limits = [limit for limit in (overall, per_run) if limit is not None]
    return {
        **({"per_run": min(limits)} if limits else {}),
        **({"cut_off": when.cut_off} if when.cut_off else {}),
    }


def _goal(body: Words) -> dict[str, Any] | None:
    goal = body.object("conversion_goal")
    if goal is None:
        return None
    written = goal.demand("conversion_time", NAME_LIMIT)
    span = _SPAN.fullmatch(written if written.endswith("M") else written.lower())
    if span is None:
        raise goal.refused("conversion_time", "This has to be a time as 30m, 2H, 3D, 1W or 2M.")
    words = {
        "event": goal.demand("event_name", NAME_LIMIT),
        "within": f"{int(span[1])} {_UNITS[span[2]]}",
        "revenue": goal.text("revenue_property", NAME_LIMIT) or "",
    }
    goal.end()
    return words


def _quiet(body: Words) -> list[dict[str, Any]]:
    """Return the hours at which nobody is written to; spans that all days share are said once."""
    dnd = body.object("dnd")
    if dnd is None:
        return []
    state, zone = dnd.text("message_state", NAME_LIMIT) or "delay", dnd.text("dnd_timezone", NAME_LIMIT)
    if state not in {"delay", "discard"}:
        raise dnd.refused("message_state", "This has to be delay or discard.")
    if zone not in {None, "user_timezone", "account_timezone"}:
        raise dnd.refused("dnd_timezone", "This has to be user_timezone or account_timezone.")
    info = dnd.object("dnd_info")
    if info is None:
        raise dnd.refused("dnd_info", "This is missing: hours by day of the week.")
    dnd.end()
    days: dict[tuple[str, str], list[str]] = {}
    for name in info.names():
        day = weekday(info, name, name)
        for hours in info.objects(name, _HOURS_LIMIT):
            span = hours.demand("from", NAME_LIMIT), hours.demand("to", NAME_LIMIT)
            hours.end()
            days.setdefault(span, []).append(day)
    return [
        {
            "from": begins,
            "to": ends,
            "days": [] if len(set(which)) == len(WEEKDAYS) else which,
            "zone": "account" if zone == "account_timezone" else "person",
            "then": state,
        }
        for (begins, ends), which in days.items()
    ]
