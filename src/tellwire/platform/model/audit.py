"""The audit log: who changed what and when, with each changed field before and after. Pure.

Secrets never come here: where a credential changed, both sides are its mask.
"""

from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

import msgspec

AuditKind: TypeAlias = Literal["campaign", "provider", "account", "audience", "list", "person"]
AuditWhat: TypeAlias = Literal[
    "created",
    "changed",
    "deleted",
    "published",
    "paused",
    "resumed",
    "stopped",
    "archived",
    "restored",
    "erased",
]
# What the change was part of; empty where somebody changed just this.
AuditWay: TypeAlias = Literal["", "import", "apply", "clone"]

TEXT_LIMIT: Final = 2_000  # characters of one side of a field that are kept
FIELDS_LIMIT: Final = 100  # of one change that are kept


class FieldDiff(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A field by its path (`steps.remind.send.text`), what it was and what it is; null where it is absent.

    Of a value longer than `TEXT_LIMIT` characters only the beginning is kept, as text; `before_length` or
    `after_length` is then the length of the whole. `is_secret`: it changed, and its values are not kept.
    """

    field: str
    before: Any = None
    after: Any = None
    before_length: int = 0
    after_length: int = 0
    is_secret: bool = False


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that somebody changed; the store adds who did it.

    `object_id` is the id of a campaign, provider or list, the name of an audience, the receipt of a person who was
    erased, and empty for the account.
    `name` is what the object was called then. `left_out` counts changed fields that are not kept.
    """

    kind: AuditKind
    object_id: str
    name: str
    what: AuditWhat
    at: datetime
    way: AuditWay = ""
    fields: tuple[FieldDiff, ...] = ()
    left_out: int = 0


class AuditLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the log; `seq` grows by time. `by` is who did it, empty if nobody is known.

    `catalog_version` is the catalog's number that the change made; 0 for what is not in the catalog.
    """

    seq: int
    by: str
    catalog_version: int
    deed: Deed
