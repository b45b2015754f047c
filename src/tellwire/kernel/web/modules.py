"""Which JavaScript modules a page loads, read from the modules themselves: for preloading all of them at once. Pure.

Browsers meet an import only when they have read the module that names it: ten modules in a row are ten round trips.
"""

import posixpath
import re
from collections.abc import Mapping
from typing import Final

# `import ... from "x"`, `export ... from "x"`, `import "x"` and, as the last of a module's, `import("x")`.
_STATIC: Final = re.compile(
    r'(?:^|;)(?:(?:import|export)\b[\w\s{},*$]*?from\s*|import\s*)"([^"]+)"', re.MULTILINE
)
_LATER: Final = re.compile(r'\bimport\("([^"]+)"\)')


def modules_of(sources: Mapping[str, str], start: str, *, root: str) -> list[str]:
    """Return the names of all modules that `start` needs, itself first, then those that it may load later.

    Names are paths among `sources`; an import that begins with `root` is one from the top.
    Raises `KeyError` for a module that is not there: a page that names it could not load.
    """
    names = [start]
    for how in (_STATIC, _LATER):
        for name in names:  # which grows while it is read, and is read anew for what may come later
            kinds = (_STATIC,) if how is _STATIC else (_STATIC, _LATER)
            found = [_named(name, path, root) for kind in kinds for path in kind.findall(sources[name])]
            names += [one for one in dict.fromkeys(found) if one not in names]
    return names


def _named(name: str, path: str, root: str) -> str:
    if path.startswith(root):
        return path.removeprefix(root)
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
