"""Export jobs in the store: what was wished, how far it is, until when its file is kept."""

from datetime import datetime
from typing import Final

import apsw
import msgspec

from tellwire.gateway.contract.management import ExportWish
from tellwire.gateway.model.export import Job, JobStatus
from tellwire.gateway.store.rows import read_rows
from tellwire.kernel.clock import from_ms, to_ms
from tellwire.kernel.sqlite import Database


class _Row(msgspec.Struct, frozen=True, array_like=True):
    id: str
    subaccount: str
    wish: ExportWish
    status: JobStatus
    token: str
    expires_ms: int


class Exports:
    """The export jobs of all subaccounts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, job: Job) -> None:
        """Store a new job."""
        await self._database.write(_add, job)

    async def move(self, job_id: str, status: JobStatus) -> bool:
        """Change a job's status; False when it is unknown or was cancelled meanwhile, and then it stays so."""
        return await self._database.write(_move, (job_id, status))

    async def find(self, subaccount: str, job_id: str) -> Job | None:
        """Return a job of the subaccount."""
        return _one(await self._database.read(_select, "id = ?1 AND subaccount = ?2", (job_id, subaccount)))

    async def of_token(self, subaccount: str, token: str) -> Job | None:
        """Return the job whose file a link names."""
        return _one(await self._database.read(_select, "token = ?1 AND subaccount = ?2", (token, subaccount)))

    async def unfinished(self) -> list[Job]:
        """Return the jobs that a stop left queued or running."""
        rows = await self._database.read(_select, "status IN ('queued', 'running')", ())
        return [_job(row) for row in rows]

    async def expired(self, now: datetime) -> list[Job]:
        """Return the jobs whose file is not kept any longer."""
        return [_job(row) for row in await self._database.read(_select, "expires_ms < ?1", (to_ms(now),))]

    async def forget(self, job_id: str) -> None:
        """Delete a job."""
        await self._database.write(_forget, job_id)


_ADD: Final = """
INSERT INTO export_job (id, subaccount, wish, status, token, expires_ms) VALUES (?, ?, ?, ?, ?, ?)
"""
_MOVE: Final = "UPDATE export_job SET status = ? WHERE id = ? AND status <> 'cancelled' RETURNING 1"
# The condition is one of the constants above, never outside words.
_SELECT: Final = """
SELECT json_group_array(json_array(id, subaccount, json(wish), status, token, expires_ms))
FROM export_job WHERE {condition}
"""


def _add(connection: apsw.Connection, jobs: list[Job]) -> list[None]:
    for job in jobs:
        wish = msgspec.json.encode(job.wish).decode()
        row = (job.id, job.subaccount, wish, job.status, job.token, to_ms(job.expires))
        connection.execute(_ADD, row)
    return [None] * len(jobs)


def _move(connection: apsw.Connection, moves: list[tuple[str, JobStatus]]) -> list[bool]:
    return [connection.execute(_MOVE, (status, job_id)).get is not None for job_id, status in moves]


def _forget(connection: apsw.Connection, job_ids: list[str]) -> list[None]:
    connection.executemany("DELETE FROM export_job WHERE id = ?", [(job_id,) for job_id in job_ids])
    return [None] * len(job_ids)


def _select(connection: apsw.Connection, condition: str, parameters: tuple[str | int, ...]) -> list[_Row]:
    return read_rows(connection, _SELECT.format(condition=condition), parameters, _Row)


def _one(rows: list[_Row]) -> Job | None:
    return _job(rows[0]) if rows else None


def _job(row: _Row) -> Job:
    return Job(
        id=row.id,
        subaccount=row.subaccount,
        wish=row.wish,
        status=row.status,
        token=row.token,
        expires=from_ms(row.expires_ms),
    )
