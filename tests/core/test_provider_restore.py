"""What may be brought back, and until when."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from tests.builders import a_provider

from tellwire.platform.control.problem import Problem
from tellwire.platform.control.provider_restore import UNDO, restored
from tellwire.platform.model.campaign import CampaignSet

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def test_a_provider_comes_back_within_a_day_and_not_after() -> None:
    archived = a_provider(archived_at=NOW, lets_queued_go=True)
    newest = CampaignSet(version=1, campaigns={}, providers={archived.id: archived})

    back = restored(archived, newest, NOW + UNDO, is_default=True)

    assert back.archived_at is None
    assert not back.lets_queued_go
    assert back.is_default
    with pytest.raises(Problem, match="too_late"):
        restored(archived, newest, NOW + UNDO + timedelta(seconds=1), is_default=False)


def test_a_provider_in_use_is_not_brought_back() -> None:
    known = a_provider()

    with pytest.raises(Problem, match="in_use"):
        restored(known, CampaignSet(version=1, campaigns={}, providers={}), NOW, is_default=False)


def test_the_default_of_meanwhile_keeps_its_mark() -> None:
    archived = a_provider(archived_at=NOW)
    other = msgspec.structs.replace(a_provider(is_default=True), nickname="other")
    newest = CampaignSet(version=1, campaigns={}, providers={other.id: other})

    assert not restored(archived, newest, NOW, is_default=True).is_default
