"""A web application of ours: its one page, and its files under an address that names their content.

    /static/<version>/bundle/<own>/main.js        what all its pages need, in one file
    /static/<version>/bundle/<own>/pages/live.js  what one page needs beyond
    /static/<version>/bundle/<own>/all.css        its sheets
    /static/<version>/<own>/... and /shared/...   other files, its own and those that all applications share

A version is a hash of all files, so browsers keep them for good and never mix two versions; only the page, which
names the version, is asked for again. Files that name others by `"/static/...` are written anew to name the same
version, or a module would be loaded twice.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import Final

from tellwire.kernel.web.asgi import Receive, Scope, Send, header
from tellwire.kernel.web.bundle import FOLDER, bundles_of
from tellwire.kernel.web.dispatch import Route, not_found, route
from tellwire.kernel.web.index import EARLY, index_page
from tellwire.kernel.web.pages import Guarded
from tellwire.kernel.web.statics import FOREVER, Statics, file_of, read_files, send_file

SHARED: Final = "shared"
MISSING: Final = "missing"
_SHEETS: Final = ("shared/tokens.css", "shared/base.css", "shared/shell.css", "shared/kit.css")
_ROOT: Final = b'"/static/'
_NAMING_OTHERS: Final = (".js", ".css")
_NAME: Final = re.compile(r":\w+")


class Site:
    """The page and files of one application.

    `pages` has for each address it knows (`/campaigns/:id`) the module below `pages/`, as `main.js` does. `base` is
    where its files are. Another address that a browser asks a page for is a 404 with the page, which says so in its
    own words; what programs ask for is a plain 404.
    """

    def __init__(
        self,
        *,
        package: str,
        own: str,
        title: str,
        sheet: str,
        without_script: str,
        pages: Mapping[str, str],
        base: str = "/static",
    ) -> None:
        files = {
            **_under(own, read_files(package, "static")),
            **_under(SHARED, read_files("tellwire.kernel.web", "static")),
        }
        self.root = f"{base}/{_version(files)}"
        served = {**_bundled(files, own, sheet), **_alone(files)}
        self._files = {name: file_of(name, self._rooted(name, body)) for name, body in served.items()}
        self._pages = {
            page: index_page(title=title, root=self.root, own=own, page=page, without_script=without_script)
            for page in (*pages.values(), MISSING)
        }
        self._known = [(re.compile(f"{_NAME.sub('[^/]+', path)}/?"), page) for path, page in pages.items()]

    def file_routes(self) -> list[Route]:
        """Return the route of the files."""
        return [route("GET", f"{self.root}/*", Guarded(Statics(self._files, cache=FOREVER)))]

    async def page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the page, whatever the address."""
        await Guarded(self._answer)(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        page = next((page for path, page in self._known if path.fullmatch(scope["path"])), None)
        if page:
            await send_file(self._pages[page], scope, send)
        elif b"text/html" in (header(scope, b"accept") or b""):
            await send_file(self._pages[MISSING], scope, send, status=404)
        else:
            await not_found(scope, receive, send)

    def _rooted(self, name: str, body: bytes) -> bytes:
        if not name.endswith(_NAMING_OTHERS):
            return body
        return body.replace(_ROOT, b'"%s/' % self.root.encode())


def _under(folder: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"{folder}/{name}": body for name, body in files.items()}


def _bundled(files: Mapping[str, bytes], own: str, sheet: str) -> dict[str, bytes]:
    """Return the modules and the sheets of an application in few files."""
    sources = {name: body.decode() for name, body in files.items() if name.endswith(".js")}
    bundles = {name: text.encode() for name, text in bundles_of(sources, f"{own}/main.js").items()}
    sheets = b"\n".join(files[name] for name in (*_SHEETS, f"{own}/{sheet}"))
    return {**bundles, f"{FOLDER}/{own}/all.css": sheets}


def _alone(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what is served as it is: all but modules."""
    return {name: body for name, body in files.items() if name == EARLY or not name.endswith(".js")}


def _version(files: Mapping[str, bytes]) -> str:
    content = hashlib.sha256()
    for name, body in sorted(files.items()):
        content.update(name.encode() + b"\0" + hashlib.sha256(body).digest())
    return content.hexdigest()[:12]
