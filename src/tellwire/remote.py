"""Asks a running platform over its own JSON API, for commands that look at or change what it holds."""

import shutil
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode

import msgspec

from tellwire.kernel.http.client import HttpClient, HttpRequest, NotSent, Unknown

TIMEOUT_S = 30.0
STREAM_TIMEOUT_S = 120.0  # between two lines of a long answer
ANSWER_LIMIT = 16 * 1024 * 1024  # an export of every campaign


class RemoteProblem(Exception):
    """The platform could not be asked, or said no; the message is fit to print."""


class Remote:
    """One platform: its address and API token."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._token = token

    async def get(self, path: str, **query: str) -> Any:
        """Return the JSON that a GET answers."""
        return msgspec.json.decode(await self._ask("GET", path, query))

    async def get_text(self, path: str) -> str:
        """Return the text that a GET answers."""
        return (await self._ask("GET", path, {})).decode()

    async def post_text(self, path: str, body: str, content_type: str, **query: str) -> Any:
        """Post a text and return the JSON answered."""
        return msgspec.json.decode(await self._ask("POST", path, query, body.encode(), content_type))

    async def delete(self, path: str) -> None:
        """Delete what stands at this address."""
        await self._ask("DELETE", path, {})

    async def post(self, path: str, body: Any = None, **query: str) -> Any:
        """Post a value as JSON, or nothing, and return the JSON answered."""
        if body is None:
            return msgspec.json.decode(await self._ask("POST", path, query))
        text = msgspec.json.encode(body)
        return msgspec.json.decode(await self._ask("POST", path, query, text, "application/json"))

    async def put(self, path: str, body: Any) -> Any:
        """Put a value as JSON, and return the JSON answered."""
        return msgspec.json.decode(
            await self._ask("PUT", path, {}, msgspec.json.encode(body), "application/json")
        )

    def post_lines(self, path: str, **query: str) -> Iterator[Any]:
        """Post nothing, and yield the JSON of each line of the answer as it comes."""
        request = urllib.request.Request(  # noqa: S310 - the address is the operator's own
            f"{self._url}{path}?{urlencode(query)}",
            data=b"",
            headers={"Authorization": f"Bearer {self._token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=STREAM_TIMEOUT_S) as answer:  # noqa: S310 - likewise
                for line in answer:
                    yield msgspec.json.decode(line)
        except HTTPError as problem:
            raise _refused(problem.code, problem.read(), self._url) from problem
        except (OSError, HTTPException) as trouble:
            reason = getattr(trouble, "reason", trouble)
            raise RemoteProblem(f"{self._url} does not answer: {reason}. Is it running?") from trouble

    def get_file(self, path: str, to: Path) -> int:
        """Write what a GET answers to a file that only its owner reads, and return its size in bytes."""
        request = urllib.request.Request(  # noqa: S310 - the address is the operator's own
            f"{self._url}{path}", headers={"Authorization": f"Bearer {self._token}"}
        )
        part = to.with_name(f"{to.name}.part")
        try:
            with (
                urllib.request.urlopen(request, timeout=STREAM_TIMEOUT_S) as answer,  # noqa: S310 - likewise
                part.open("wb") as file,
            ):
                part.chmod(0o600)
                shutil.copyfileobj(answer, file)
        except HTTPError as problem:
            raise _refused(problem.code, problem.read(), self._url) from problem
        except (URLError, HTTPException) as trouble:
            raise RemoteProblem(f"{self._url} does not answer: {trouble}. Is it running?") from trouble
        part.replace(to)
        return to.stat().st_size

    def get_lines(self, path: str, **query: str) -> Iterator[bytes]:
        """Yield the lines of a long answer as they come, each with its end."""
        filled = {name: value for name, value in query.items() if value}
        request = urllib.request.Request(  # noqa: S310 - the address is the operator's own
            f"{self._url}{path}?{urlencode(filled)}", headers={"Authorization": f"Bearer {self._token}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=STREAM_TIMEOUT_S) as answer:  # noqa: S310 - likewise
                yield from answer
        except HTTPError as problem:
            raise _refused(problem.code, problem.read(), self._url) from problem
        except (OSError, HTTPException) as trouble:
            reason = getattr(trouble, "reason", trouble)
            raise RemoteProblem(f"{self._url} does not answer: {reason}. Is it running?") from trouble

    async def _ask(
        self, method: str, path: str, query: dict[str, str], body: bytes = b"", content_type: str = ""
    ) -> bytes:
        http = HttpClient(allow_private=True, connections=1, timeout_s=TIMEOUT_S, answer_limit=ANSWER_LIMIT)
        await http.start()
        encoded = urlencode({name: value for name, value in query.items() if value})
        headers = [("Authorization", f"Bearer {self._token}")]
        if content_type:
            headers.append(("Content-Type", content_type))
        try:
            answer = await http.send(
                HttpRequest(
                    method=method,
                    url=f"{self._url}{path}{'?' if encoded else ''}{encoded}",
                    headers=tuple(headers),
                    body=body,
                )
            )
        except (NotSent, Unknown) as trouble:
            raise RemoteProblem(f"{self._url} does not answer: {trouble.reason}. Is it running?") from trouble
        finally:
            await http.close()
        if answer.status >= 400:
            raise _refused(answer.status, answer.body, self._url)
        return answer.body


def _refused(status: int, body: bytes, url: str) -> RemoteProblem:
    if status == 401:
        return RemoteProblem("The API token was not accepted. `tellwire config` shows where it is set.")
    return RemoteProblem(_said(body) or f"{url} answered {status}.")


def _said(body: bytes) -> str:
    """Return the sentence of an error answer, with the fields it names."""
    try:
        error = msgspec.json.decode(body)["error"]
        fields = "".join(f"\n  {path}: {why}" for path, why in (error.get("fields") or {}).items())
        return f"{error['message']}{fields}"
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError):
        return ""
