"""The one HTML page of a web application of ours: its head, and the element that its JavaScript draws into.

Every address of an application answers it; which page it becomes, `main.js` reads from the address.
"""

from html import escape
from typing import Final

from tellwire.kernel.web.bundle import FOLDER
from tellwire.kernel.web.statics import File, file_of

EARLY: Final = "shared/ui/theme-early.js"


def index_page(*, title: str, root: str, own: str, page: str, without_script: str) -> File:
    """Return the page of the application whose files are served below `root`, and whose `main.js` is in `own`.

    `page` is the module that it becomes here: the browser asks for it at once, and not after `main.js` has run.
    `title` is what the application is called; `without_script` is the sentence for a browser that runs none.
    """
    bundles = f"{root}/{FOLDER}"
    lines = (
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{escape(title)}</title>",
        f'<script src="{root}/{EARLY}"></script>',
        f'<link rel="stylesheet" href="{bundles}/{own}/all.css">',
        f'<script type="module" src="{bundles}/{own}/main.js"></script>',
        f'<link rel="modulepreload" href="{bundles}/{own}/pages/{page}.js">',
        f'<link rel="icon" href="{root}/shared/mark.svg" type="image/svg+xml">',
        "</head>",
        "<body>",
        '<div id="app"></div>',
        f"<noscript><p>{escape(without_script)}</p></noscript>",
        "</body>",
        "</html>",
        "",
    )
    return file_of("index.html", "\n".join(lines).encode())
