"""Bounds of what people write, declared once: forms, files, pages, the vocabulary and the reference read them here.

They are metadata on the fields of nouns, and hold wherever one is read, stored rows too: a bound may be loosened,
and is never tightened.
"""

from typing import Annotated, Final, TypeAlias

import msgspec

NAME_LIMIT: Final = 120
TEXT_LIMIT: Final = 4096  # characters of template; ten parts of rendered text are 1530

Name: TypeAlias = Annotated[str, msgspec.Meta(max_length=NAME_LIMIT)]
Template: TypeAlias = Annotated[str, msgspec.Meta(max_length=TEXT_LIMIT)]
Templates: TypeAlias = Annotated[tuple[Template, ...], msgspec.Meta(max_length=100)]
NamedTemplates: TypeAlias = Annotated[dict[Name, Template], msgspec.Meta(max_length=100)]
