"""Serves the gallery of the kit's pieces with the headers of a real page; not a part of the product.

`scripts/gallery [PORT]` runs it; tests use `serving`.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from tellwire.kernel.web.pages import POLICY
from tellwire.kernel.web.statics import KINDS

HERE: Final = Path(__file__).parent
SHARED: Final = HERE.parents[1] / "src" / "tellwire" / "kernel" / "web" / "static"
APP: Final = HERE.parents[1] / "src" / "tellwire" / "platform" / "dashboard" / "static"
_ROOTS: Final = {"/static/shared/": SHARED, "/static/app/": APP, "/static/gallery/": HERE}
_PORT: Final = 8099


class Handler(BaseHTTPRequestHandler):
    """Answers `/` with the gallery's page, and its files, the kernel's and the dashboard's, read anew each time."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer one GET."""
        file = _file_of(self.path.partition("?")[0])
        kind = KINDS.get(file.suffix) if file is not None and file.is_file() else None
        body = file.read_bytes() if file is not None and kind is not None else b""
        self.send_response(HTTPStatus.OK if kind else HTTPStatus.NOT_FOUND)
        self.send_header("content-type", (kind or b"text/plain").decode())
        self.send_header("content-length", str(len(body)))
        self.send_header("content-security-policy", POLICY.decode())
        self.send_header("cache-control", "no-cache")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: a page asks for forty files."""


def _file_of(path: str) -> Path | None:
    """Return the file of an address; None for one outside of what is served."""
    if path == "/":
        return HERE / "index.html"
    for prefix, root in _ROOTS.items():
        file = (root / path.removeprefix(prefix)).resolve()
        if path.startswith(prefix) and file.is_relative_to(root):
            return file
    return None


@contextmanager
def serving(port: int = 0) -> Iterator[str]:
    """Serve on this port of the loopback address, or on a free one; gives the address."""
    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def main() -> None:
    """Serve until Ctrl C."""
    with serving(int(sys.argv[1]) if len(sys.argv) > 1 else _PORT) as url:
        sys.stdout.write(f"The gallery is at {url}. Ctrl C ends it.\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
