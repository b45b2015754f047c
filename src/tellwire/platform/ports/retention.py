"""Forgetting what is old: the stream, what profiles did and what was decided, messages with their timelines."""

from datetime import datetime
from typing import Protocol

from tellwire.kernel.retention import Horizon, Step


class Retention(Protocol):
    """Each call is one small transaction; repeating it, or dying in the middle of it, does no harm.

    Nothing younger than the horizon goes, and nothing that still matters: entries that were not decided, messages
    that wait or whose receipts may still come. Profiles, suppressions, the catalog and the counters of funnels stay.
    Positions, and the order of what comes later, are as if nothing had gone.
    `after` is 0 at first, then the `resume` of the step before.
    """

    async def forget_stream(self, horizon: Horizon, after: int) -> Step:
        """Delete entries that were decided, with the ids by which a repeated one is known."""
        ...

    async def forget_activity(self, horizon: Horizon, after: int) -> Step:
        """Delete events of profiles, with the decisions that they met."""
        ...

    async def forget_messages(self, horizon: Horizon, after: int) -> Step:
        """Delete messages that are over, with their timelines. A receipt for one that is gone is for nobody."""
        ...

    async def forget_journeys(self, horizon: Horizon, after: int) -> Step:
        """Delete how people left campaigns, what runs of schedules did, and decisions that no event led to.

        Where people stand now stays, however long.
        """
        ...

    async def forget_lists(self, after: int) -> Step:
        """Delete who was on lists that are gone, however young: nobody can ask for them any more."""
        ...

    async def forget_links(self, now: datetime, after: int) -> Step:
        """Delete short links that have ended."""
        ...

    async def forget_refused(self, horizon: Horizon, after: int) -> Step:
        """Delete the traces of refused records and callbacks; there are few of them."""
        ...

    async def forget_history(self, horizon: Horizon, after: int) -> Step:
        """Delete lines of campaigns' logs that are older than events, and versions that only such lines name.

        Stays: what was so when the oldest event or decision came that is kept, and what is so now.
        """
        ...

    async def forget_inbound(self, horizon: Horizon, after: int) -> Step:
        """Delete texts of people. The consent ledger stays: it is the proof of what they asked for."""
        ...

    async def forget_audit(self, horizon: Horizon, after: int) -> Step:
        """Delete old lines of the audit log."""
        ...
