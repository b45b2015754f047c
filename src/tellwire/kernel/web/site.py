"""A web application of ours: its one page, and its files under an address that names their content.

    /static/<version>/<own>/main.js      the application's own files
    /static/<version>/shared/ui/app.js   those that all applications share

A version is a hash of all files, so browsers keep them for good and never mix two versions; only the page, which
names the version, is asked for again. Files that name others by `"/static/...` are written anew to name the same
version, or a module would be loaded twice.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import Final

from tellwire.kernel.web.asgi import Receive, Scope, Send, header
from tellwire.kernel.web.dispatch import Route, not_found, route
from tellwire.kernel.web.index import index_page
from tellwire.kernel.web.modules import modules_of
from tellwire.kernel.web.pages import Guarded
from tellwire.kernel.web.statics import FOREVER, File, Statics, file_of, load_files, send_file

SHARED: Final = "shared"
_ROOT: Final = b'"/static/'
_NAMING_OTHERS: Final = (".js", ".css")
_NAME: Final = re.compile(r":\w+")


class Site:
    """The page and files of one application; `pages` are the addresses it knows (`/campaigns/:id`), as `main.js` does.

    Another address that a browser asks a page for is a 404 with the page, which says so in its own words; what
    programs ask for is a plain 404.
    """

    def __init__(
        self, *, package: str, own: str, title: str, sheet: str, without_script: str, pages: Sequence[str]
    ) -> None:
        loaded = {
            **_under(own, load_files(package, "static")),
            **_under(SHARED, load_files("tellwire.kernel.web", "static")),
        }
        self.root = f"/static/{_version(loaded)}"
        self._files = {name: self._rooted(name, file) for name, file in loaded.items()}
        self._page = index_page(
            title=title,
            root=self.root,
            own=own,
            sheet=sheet,
            modules=modules_of(_sources(loaded), f"{own}/main.js", root="/static/"),
            without_script=without_script,
        )
        self._known = re.compile("|".join(f"{_NAME.sub('[^/]+', path)}/?" for path in pages))

    def file_routes(self) -> list[Route]:
        """Return the route of the files."""
        return [route("GET", f"{self.root}/*", Guarded(Statics(self._files, cache=FOREVER)))]

    async def page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the page, whatever the address."""
        await Guarded(self._answer)(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._known.fullmatch(scope["path"]):
            await send_file(self._page, scope, send)
        elif b"text/html" in (header(scope, b"accept") or b""):
            await send_file(self._page, scope, send, status=404)
        else:
            await not_found(scope, receive, send)

    def _rooted(self, name: str, file: File) -> File:
        if not name.endswith(_NAMING_OTHERS) or _ROOT not in file.body:
            return file
        return file_of(name, file.body.replace(_ROOT, b'"%s/' % self.root.encode()))


def _under(folder: str, files: dict[str, File]) -> dict[str, File]:
    return {f"{folder}/{name}": file for name, file in files.items()}


def _sources(files: dict[str, File]) -> dict[str, str]:
    return {name: file.body.decode() for name, file in files.items() if name.endswith(".js")}


def _version(files: dict[str, File]) -> str:
    content = hashlib.sha256()
    for name, file in sorted(files.items()):
        content.update(name.encode() + b"\0" + file.etag + b"\0")
    return content.hexdigest()[:12]
