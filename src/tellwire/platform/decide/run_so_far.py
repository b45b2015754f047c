"""What one run of a schedule did so far, counted while a batch is decided. Pure."""

from collections import Counter
from typing import Any, Final

import msgspec

from tellwire.platform.model.address import Address
from tellwire.platform.model.campaign import CampaignId
from tellwire.platform.model.profile import ProfileId
from tellwire.platform.model.run import RunFigures, RunRecord

_FIGURES: Final = RunFigures.__struct_fields__


class RunSoFar(RunFigures):
    """The figures of a run that go on; what is counted by code begins at 0.

    `numbers` has who was written to at which number.
    """

    numbers: dict[Address, ProfileId] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        self.chosen = Counter(self.chosen)
        self.refused, self.skipped, self.lost = map(Counter, (self.refused, self.skipped, self.lost))


def run_of(record: RunRecord) -> RunSoFar:
    """Return a run as it was recorded, without its numbers."""
    return RunSoFar(**{name: getattr(record, name) for name in _FIGURES})


def record_of(campaign_id: CampaignId, name: str, run: RunSoFar) -> RunRecord:
    """Return a run as it is recorded."""
    figures = {field: _kept(getattr(run, field)) for field in _FIGURES}
    return RunRecord(campaign_id=campaign_id, run=name, **figures)


def _kept(value: Any) -> Any:
    """Return a figure that nobody counts on."""
    return dict(value) if isinstance(value, Counter) else value
