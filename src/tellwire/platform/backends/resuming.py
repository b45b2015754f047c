"""What becomes of somebody who is overdue when their campaign goes on. Pure, and the same for every back end."""

import msgspec

from tellwire.platform.model.enrollment import Enrollment
from tellwire.platform.model.resumption import Resumption


def resumed(enrollment: Enrollment, resumption: Resumption, rank: int) -> Enrollment:
    """Return where somebody stands who is the `rank`-th of the overdue, from 0, in the order in which they were due.

    Whoever became due after they were counted is the last of those who are spread.
    """
    if resumption.overdue != "spread":
        return msgspec.structs.replace(enrollment, skips_overdue=resumption.overdue == "skip", turn_at=None)
    part = min(rank, resumption.people) / max(resumption.people, 1)
    due_at = max(enrollment.due_at, resumption.at + part * resumption.over)
    return msgspec.structs.replace(enrollment, due_at=due_at, skips_overdue=False, turn_at=due_at)
