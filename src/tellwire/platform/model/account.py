"""What holds for the account as a whole, over all its campaigns."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

import msgspec

from tellwire.kernel.zones import zone_named
from tellwire.platform.model.guard import Limits, QuietHours
from tellwire.platform.model.link import LinkPolicy
from tellwire.platform.model.people_list import PeopleList
from tellwire.platform.model.replies import ReplyRules
from tellwire.platform.model.rule import Rule


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """The account: its time zone by name, its quiet hours, caps and holdout, and its audiences by name.

    An empty zone, and one that nobody knows, is UTC. `holdout` is a share of all people, in percent. While it
    `is_paused` nothing is handed over: campaigns decide, and their messages wait; those that were made before
    `dropped_until` are not sent. `version` counts how often it was saved. `lists` are those that there are, by name;
    `last_list` is the highest id that one ever had. `replies` is what is made of people's texts.
    """

    zone: str = ""
    quiet: tuple[QuietHours, ...] = ()
    limits: Limits = Limits()
    holdout: float = 0
    audiences: Mapping[str, Rule] = {}
    is_paused: bool = False
    dropped_until: datetime | None = None
    version: int = 0
    lists: tuple[PeopleList, ...] = ()
    last_list: int = 0
    links: LinkPolicy = LinkPolicy()
    replies: ReplyRules = ReplyRules()

    @property
    def clock(self) -> tzinfo:
        """The account's time zone."""
        return (self.zone and zone_named(self.zone)) or UTC
