"""An export that a customer asked for."""

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from tellwire.gateway.contract.management import ExportWish

JobStatus: TypeAlias = Literal["queued", "running", "succeeded", "failed", "cancelled", "empty"]


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One export; `token` names its file and is the secret of its link."""

    id: str
    subaccount: str
    wish: ExportWish
    status: JobStatus
    token: str
    expires: datetime
