"""What came in and was refused: the last records of uploads, and the last callbacks of each provider."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import FromPath, QueryParameter

from tellwire.platform.control.desk import DeskDependency
from tellwire.platform.control.shapes import RefusedRecordView, refused_record_view
from tellwire.platform.model.provider import ProviderId
from tellwire.platform.model.refused import RefusedCallback


class RefusedRecordList(msgspec.Struct, frozen=True, kw_only=True):
    """Refused records, newest first."""

    records: Sequence[RefusedRecordView]


class RefusedCallbackList(msgspec.Struct, frozen=True, kw_only=True):
    """Refused callbacks of one provider, newest first."""

    callbacks: Sequence[RefusedCallback]


@get("/api/refused-records", tags=["activity"])
async def list_refused_records(
    desk: DeskDependency, limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50
) -> RefusedRecordList:
    """List the newest records of uploads that were refused; the last 1,000 are kept."""
    return RefusedRecordList(
        records=[refused_record_view(one) for one in await desk.reports.refused_records(limit)]
    )


@get("/api/providers/{provider_id:str}/refused-callbacks", tags=["providers"])
async def list_refused_callbacks(provider_id: FromPath[str], desk: DeskDependency) -> RefusedCallbackList:
    """List the last 100 callbacks of a provider that were not taken, or not whole, and why."""
    return RefusedCallbackList(callbacks=await desk.reports.refused_callbacks(ProviderId(provider_id)))


HANDLERS = [list_refused_records, list_refused_callbacks]
