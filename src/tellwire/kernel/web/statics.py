"""Serves the files of a package, read once into memory; not for files that change or that people upload.

There is no path from a request to the disk: a name is looked up in a dict. Every answer has an ETag and is asked
for again each time, where an unchanged file costs a 304, unless its address names its content (`FOREVER`).
"""

import gzip
import hashlib
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

import msgspec

from tellwire.kernel.web.asgi import Receive, Scope, Send, answer, header
from tellwire.kernel.web.dispatch import not_found

# What pages are made of; a file of another kind in the folder is a mistake and says so at start.
KINDS: Final = {
    ".html": b"text/html; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
    ".json": b"application/json",
    ".yaml": b"application/yaml; charset=utf-8",
    ".svg": b"image/svg+xml",
    ".png": b"image/png",
    ".ico": b"image/x-icon",
    ".woff2": b"font/woff2",
    ".txt": b"text/plain; charset=utf-8",
    ".webmanifest": b"application/manifest+json",
}
FRESH: Final = b"no-cache"
FOREVER: Final = b"public, max-age=31536000, immutable"
_UNNAMED: Final = frozenset({"VERSIONS"})  # plain text without a suffix
_PACKED: Final = frozenset({".html", ".js", ".css", ".json", ".yaml", ".svg", ".txt", ".webmanifest"})
_WORTH_PACKING: Final = 1024
_OK: Final = 200
_NOT_MODIFIED: Final = 304


class File(msgspec.Struct, frozen=True, kw_only=True):
    """One file in memory; `packed` is gzip, or empty where that gains nothing."""

    kind: bytes
    etag: bytes
    body: bytes
    packed: bytes = b""


def load_files(package: str, folder: str) -> dict[str, File]:
    """Return the files below `folder` of an importable package, by their path with slashes.

    Raises `ValueError` for a file of a kind that pages have no use for, `FileNotFoundError` without the folder.
    """
    return {path: file_of(path, body) for path, body in read_files(package, folder).items()}


def read_files(package: str, folder: str) -> dict[str, bytes]:
    """Return what is in the files below `folder`, by their path; `FileNotFoundError` without the folder."""
    by_path: dict[str, bytes] = {}
    _collect(files(package).joinpath(folder), "", by_path)
    return by_path


class Statics:
    """An ASGI app; behind a route `/x/*` the name is its `rest`, and a folder answers with its index.html."""

    def __init__(self, known: dict[str, File], *, cache: bytes = FRESH) -> None:
        self._files = known
        self._cache = cache

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one GET or HEAD."""
        name = scope.get("path_params", {}).get("rest", scope["path"].lstrip("/"))
        file = self._files.get(name) or self._files.get(f"{name}index.html" if _is_folder(name) else "")
        if file is None:
            await not_found(scope, receive, send)
            return
        await send_file(file, scope, send, cache=self._cache)


async def send_file(file: File, scope: Scope, send: Send, *, status: int = _OK, cache: bytes = FRESH) -> None:
    """Answer with one file: 304 if the client has it, packed if it can unpack."""
    headers = [(b"etag", file.etag), (b"cache-control", cache), (b"vary", b"accept-encoding")]
    if status == _OK and file.etag in (header(scope, b"if-none-match") or b""):
        await answer(send, _NOT_MODIFIED, kind=file.kind, headers=headers)
    elif file.packed and b"gzip" in (header(scope, b"accept-encoding") or b""):
        headers.append((b"content-encoding", b"gzip"))
        await answer(send, status, file.packed, kind=file.kind, headers=headers)
    else:
        await answer(send, status, file.body, kind=file.kind, headers=headers)


def _is_folder(name: str) -> bool:
    return not name or name.endswith("/")


def _collect(folder: Traversable, prefix: str, by_path: dict[str, bytes]) -> None:
    for entry in folder.iterdir():
        path = f"{prefix}{entry.name}"
        if entry.is_dir():
            _collect(entry, f"{path}/", by_path)
        elif not entry.name.startswith("."):
            by_path[path] = entry.read_bytes()


def file_of(path: str, body: bytes) -> File:
    """Return what is served under `path`. Raises `ValueError` for a kind that pages have no use for."""
    name = path.rpartition("/")[2]
    suffix = ".txt" if name in _UNNAMED else name[name.rfind(".") :]
    if suffix not in KINDS:
        raise ValueError(f"{path} is of no kind that pages use: {', '.join(KINDS)}")
    etag = b'"%s"' % hashlib.sha256(body).hexdigest()[:20].encode()
    packed = b""
    if suffix in _PACKED and len(body) >= _WORTH_PACKING:
        packed = gzip.compress(body, mtime=0)
    return File(kind=KINDS[suffix], etag=etag, body=body, packed=packed)
