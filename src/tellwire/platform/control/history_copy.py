"""The copy of the past that audiences are counted over: how it stands, making it anew, and Parquet files of it."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Stream

from tellwire.platform.control.audience_rules import answered
from tellwire.platform.control.desk import DeskDependency
from tellwire.platform.ports.audiences import Exported, Standing

PIECE: Final = 256 * 1024  # of a file that is sent


@get("/api/history", tags=["audiences"])
async def read(desk: DeskDependency) -> Standing:
    """Say how the copy stands: whether it answers, how far it is behind, and why it was last made anew."""
    return await desk.audiences.standing()


@post("/api/history/rebuild", status_code=202, tags=["audiences"])
async def rebuild(desk: DeskDependency) -> Standing:
    """Throw the copy away and read everything in anew. Audiences are not counted until that is done."""
    desk.audiences.make_anew()
    return await desk.audiences.standing()


@get("/api/history/export/{what:str}", tags=["audiences"])
async def export(what: FromPath[Exported], desk: DeskDependency) -> Stream:
    """Return people, or what they did, as a Parquet file."""
    directory = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="tellwire-history-"))
    try:
        file = directory / f"{what}.parquet"
        await answered(desk.audiences.export(what, file))
    except BaseException:
        await asyncio.to_thread(shutil.rmtree, directory)
        raise
    headers = {"content-disposition": f'attachment; filename="{what}.parquet"'}
    return Stream(_pieces(file, directory), media_type="application/vnd.apache.parquet", headers=headers)


HANDLERS: Final = [read, rebuild, export]


async def _pieces(file: Path, directory: Path) -> AsyncIterator[bytes]:
    """Yield a file, and delete it with its directory at the end, however that comes."""
    try:
        with await asyncio.to_thread(file.open, "rb") as opened:
            while piece := await asyncio.to_thread(opened.read, PIECE):
                yield piece
    finally:
        shutil.rmtree(directory, ignore_errors=True)
