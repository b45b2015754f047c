"""Which JavaScript modules every page of an application loads, read from the modules themselves: to preload. Pure.

Browsers meet an import only when they have read the module that names it: ten modules in a row are ten round trips.
What is imported as `import("x")` belongs to one page, and is left to that page: all of it would triple a first visit.
"""

import posixpath
import re
from collections.abc import Mapping
from typing import Final

# `import ... from "x"`, `export ... from "x"` and `import "x"`.
_STATIC: Final = re.compile(
    r'(?:^|;)(?:(?:import|export)\b[\w\s{},*$]*?from\s*|import\s*)"([^"]+)"', re.MULTILINE
)


def modules_of(sources: Mapping[str, str], start: str, *, root: str) -> list[str]:
    """Return the names of all modules that `start` cannot do without, itself first.

    Names are paths among `sources`; an import that begins with `root` is one from the top.
    Raises `KeyError` for a module that is not there: a page that names it could not load.
    """
    names = [start]
    for name in names:  # which grows while it is read
        imports = (_named(name, path, root) for path in _STATIC.findall(sources[name]))
        names += [one for one in dict.fromkeys(imports) if one not in names]
    return names


def _named(name: str, path: str, root: str) -> str:
    if path.startswith(root):
        return path.removeprefix(root)
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
