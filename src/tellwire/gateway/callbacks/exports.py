"""Writes the CSV files of export jobs, one job after the other, a page of messages at a time."""

import asyncio
import os
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

from tellwire.gateway.contract.details import country_of, csv_head, csv_lines, inbound_csv_lines
from tellwire.gateway.contract.management import ExportWish
from tellwire.gateway.model.export import Job, JobStatus
from tellwire.gateway.store.exports import Exports
from tellwire.gateway.store.inbound_records import InboundRecords
from tellwire.gateway.store.records import Records, Wish
from tellwire.kernel.clock import Clock, to_ms
from tellwire.kernel.retention import Step
from tellwire.kernel.telemetry import log

KEPT: Final = timedelta(days=30)  # 8x8 contract 2.7: a link lives one month
QUEUE_LIMIT: Final = 1_000
T = TypeVar("T")


class ExportJobs:
    """Takes export jobs and works them off; files lie in `folder`, each under its link's secret."""

    def __init__(
        self,
        exports: Exports,
        records: Records,
        inbound: InboundRecords,
        folder: Path,
        *,
        clock: Clock,
    ) -> None:
        self._exports = exports
        self._records = records
        self._inbound = inbound
        self._folder = folder
        self._clock = clock
        self._queue: asyncio.Queue[Job] = asyncio.Queue(QUEUE_LIMIT)

    async def add(self, subaccount: str, wish: ExportWish) -> Job | None:
        """Queue a job; None when too many wait already."""
        if self._queue.full():
            return None
        job = Job(
            id=secrets.token_hex(32),
            subaccount=subaccount,
            wish=wish,
            status="queued",
            token=secrets.token_hex(32),
            expires=self._clock.now() + KEPT,
        )
        await self._exports.add(job)
        await self._queue.put(job)
        return job

    def file_of(self, job: Job) -> Path:
        """Return where a job's file lies, or will."""
        return self._folder / f"{job.token}.csv"

    async def run(self) -> None:
        """Work off what a stop left, then what comes, until cancelled."""
        await asyncio.to_thread(self._folder.mkdir, mode=0o700, parents=True, exist_ok=True)
        for job in await self._exports.unfinished():
            await self._work(job)
        while True:
            await self._work(await self._queue.get())

    async def forget(self, now: datetime, _after: int) -> Step:
        """Delete the jobs whose month is over, with their files."""
        expired = await self._exports.expired(now)
        for job in expired:
            await asyncio.to_thread(self.file_of(job).unlink, missing_ok=True)
            await self._exports.forget(job.id)
        return Step(rows={"export_job": len(expired)}, resume=None)

    async def _work(self, job: Job) -> None:
        if not await self._exports.move(job.id, "running"):
            return
        status: JobStatus = "failed"
        try:
            status = "succeeded" if await self._write(job) else "empty"
        except OSError as error:
            log("store.full", "error", where="export", error=error)
        await self._exports.move(job.id, status)

    async def _write(self, job: Job) -> int:
        """Write the whole file, then give it its name; returns how many messages are in it.

        First what was sent, then what came from handsets, each in its order.
        """
        partial = self.file_of(job).with_suffix(".partial")
        await asyncio.to_thread(_begin, partial)
        count = await self._write_sent(job, partial)
        count = await self._write_received(job, partial, count)
        await asyncio.to_thread(partial.replace, self.file_of(job))
        return count

    async def _write_sent(self, job: Job, file: Path) -> int:
        count, after = 0, 0
        while _has_room(job.wish, count) and (page := await self._records.page(_store_wish(job), after)):
            chosen = _chosen(page, job.wish, count, lambda one: one.report.destination)
            lines = [(one.report, one.encoding, one.created) for one in chosen]
            await asyncio.to_thread(_append, file, csv_lines, lines)
            count, after = count + len(chosen), page[-1].seq
        return count

    async def _write_received(self, job: Job, file: Path, count: int) -> int:
        after = 0
        while _has_room(job.wish, count) and (page := await self._inbound.page(_store_wish(job), after)):
            chosen = _chosen(page, job.wish, count, lambda one: one.report.source)
            lines = [(one.report, one.currency) for one in chosen]
            await asyncio.to_thread(_append, file, inbound_csv_lines, lines)
            count, after = count + len(chosen), page[-1].seq
        return count


def _store_wish(job: Job) -> Wish:
    return Wish(
        subaccount=job.subaccount,
        since_ms=to_ms(job.wish.since),
        until_ms=to_ms(job.wish.until),
        destination=job.wish.destination,
    )


def _has_room(wish: ExportWish, count: int) -> bool:
    return not wish.limit or count < wish.limit


def _chosen(page: list[T], wish: ExportWish, count: int, number_of: Callable[[T], str]) -> list[T]:
    countries = wish.countries
    chosen = [one for one in page if not countries or country_of(number_of(one)) in countries]
    return chosen[: wish.limit - count] if wish.limit else chosen


def _begin(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(csv_head())


def _append(path: Path, written: Callable[[Iterable[T]], str], lines: list[T]) -> None:
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(written(lines))
