"""The endpoints of export jobs and the download of their files (8x8 contract 2.7)."""

import asyncio
from typing import Any, BinaryIO, Final

from tellwire.gateway.api.access import ApiAccess
from tellwire.gateway.callbacks.exports import ExportJobs
from tellwire.gateway.contract.errors import INVALID_JOB, NOT_FOUND, ApiError, quota_exceeded
from tellwire.gateway.contract.management import read_export
from tellwire.gateway.contract.moments import write_moment
from tellwire.gateway.model.export import Job
from tellwire.gateway.store.exports import Exports
from tellwire.kernel.web.asgi import Receive, Scope, Send, header

BODY_LIMIT: Final = 64 * 1024
CHUNK: Final = 256 * 1024
BUSY_S: Final = 60


class ExportsApi:
    """Starts, shows and cancels the caller's jobs; a download needs its link only, which is a secret itself."""

    def __init__(
        self, access: ApiAccess, jobs: ExportJobs, exports: Exports, *, public_url: str = ""
    ) -> None:
        """Links start with `public_url`, or with the address that the caller asked when there is none."""
        self._public_url = public_url.rstrip("/")
        self._access = access
        self._jobs = jobs
        self._exports = exports

    async def start(self, scope: Scope, receive: Receive, send: Send) -> None:
        """`POST .../messages/exports`."""
        caller = self._access.caller(scope)
        if isinstance(caller, ApiError):
            await self._access.refuse(send, caller)
            return
        body = await self._access.body(scope, receive, BODY_LIMIT)
        if isinstance(body, ApiError):
            await self._access.refuse_unread(receive, send, body)
            return
        wish = read_export(body, self._access.clock.now())
        if isinstance(wish, ApiError):
            await self._access.refuse(send, wish)
            return
        job = await self._jobs.add(caller.subaccount.id, wish)
        if job is None:
            await self._access.refuse(send, quota_exceeded(BUSY_S))
            return
        await self._access.reply(send, {"jobId": job.id}, status=202)

    async def show(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """`GET .../messages/exports/{jobId}`."""
        job = await self._job(scope)
        if isinstance(job, ApiError):
            await self._access.refuse(send, job)
            return
        shown: dict[str, Any] = {"status": job.status}
        if job.status == "succeeded":
            link = f"/api/v1/subaccounts/{job.subaccount}/messages/download/{job.token}"
            shown |= {
                "data": [(self._public_url or _base(scope)) + link],
                "expires": write_moment(job.expires),
            }
        await self._access.reply(send, shown)

    async def cancel(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """`DELETE .../messages/exports/{jobId}`."""
        job = await self._job(scope)
        if isinstance(job, ApiError):
            await self._access.refuse(send, job)
            return
        await self._exports.move(job.id, "cancelled")
        await asyncio.to_thread(self._jobs.file_of(job).unlink, missing_ok=True)
        await self._access.reply_empty(send, 204)

    async def download(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """`GET .../messages/download/{token}`: the CSV."""
        parameters = scope["path_params"]
        job = await self._exports.of_token(parameters["sub"], parameters["token"])
        is_there = job is not None and job.status == "succeeded" and job.expires > self._access.clock.now()
        if job is None or not is_there:
            await self._access.refuse(send, NOT_FOUND)
            return
        try:
            file = self._jobs.file_of(job).open("rb")
        except FileNotFoundError:  # cancelled, or swept away, while we looked
            await self._access.refuse(send, NOT_FOUND)
            return
        with file:
            await _send_file(send, file)

    async def _job(self, scope: Scope) -> Job | ApiError:
        caller = self._access.caller(scope)
        if isinstance(caller, ApiError):
            return caller
        return await self._exports.find(caller.subaccount.id, scope["path_params"]["job"]) or INVALID_JOB


def _base(scope: Scope) -> str:
    """Return the address under which the caller reached us."""
    host = (header(scope, b"host") or b"localhost").decode("latin-1")
    return f"{scope.get('scheme', 'http')}://{host}"


async def _send_file(send: Send, file: BinaryIO) -> None:
    headers = [
        (b"content-type", b"text/csv; charset=utf-8"),
        (b"content-disposition", b'attachment; filename="messages.csv"'),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    while chunk := await asyncio.to_thread(file.read, CHUNK):
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})
