"""The one HTML page of a web application of ours: its head, and the element that its JavaScript draws into.

Every address of an application answers it; which page it becomes, `main.js` reads from the address.
"""

from collections.abc import Sequence
from html import escape
from typing import Final

from tellwire.kernel.web.statics import File, file_of

_SHEETS: Final = ("shared/tokens.css", "shared/base.css", "shared/shell.css", "shared/kit.css")


def index_page(
    *, title: str, root: str, own: str, sheet: str, modules: Sequence[str], without_script: str
) -> File:
    """Return the page of the application whose files are served below `root/own`, with its `sheet` and `main.js`.

    `modules` are those without which no page of it works: the browser asks for all of them at once.
    `title` is what the application is called; `without_script` is the sentence for a browser that runs none.
    """
    sheets = (*_SHEETS, f"{own}/{sheet}")
    lines = (
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{escape(title)}</title>",
        f'<script src="{root}/shared/ui/theme-early.js"></script>',
        f'<link rel="icon" href="{root}/shared/mark.svg" type="image/svg+xml">',
        *(f'<link rel="stylesheet" href="{root}/{path}">' for path in sheets),
        *(f'<link rel="modulepreload" href="{root}/{path}">' for path in modules),
        f'<script type="module" src="{root}/{own}/main.js"></script>',
        "</head>",
        "<body>",
        '<div id="app"></div>',
        f"<noscript><p>{escape(without_script)}</p></noscript>",
        "</body>",
        "</html>",
        "",
    )
    return file_of("index.html", "\n".join(lines).encode())
