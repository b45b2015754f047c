"""A PDU's mandatory fields, declared once; reading, writing and explaining all follow from that.

The declaration compiles to one regular expression (read: one C call for all fields) and one format string
(write). When a body does not fit, the field at fault is the first whose prefix does not match.
Not here: TLVs, short_message and headers, which have lengths of their own (`codec`).
"""

import re
from itertools import groupby
from typing import Any, TypeAlias

import msgspec

from tellwire.gateway.smpp.commands import Status

Value: TypeAlias = str | int


class Field(msgspec.Struct, frozen=True):
    """One mandatory field: how it looks on the wire, and which command_status says that it does not."""

    name: str
    pattern: bytes
    template: str
    status: int

    @property
    def is_text(self) -> bool:
        """Whether this is a C-octet string; otherwise it is one octet."""
        return self.template != "%c"


def text(name: str, limit: int, status: int = Status.RSYSERR) -> Field:
    """A C-octet string of at most `limit` octets, NUL included."""
    return Field(name, rb"([^\0]{0,%d})\0" % (limit - 1), "%s\0", status)


def moment(name: str, status: int) -> Field:
    """A time: empty, or exactly 16 characters and a NUL (7.1.1)."""
    return Field(name, rb"((?:[^\0]{16})?)\0", "%s\0", status)


def octet(name: str, status: int = Status.RSYSERR) -> Field:
    """One octet."""
    return Field(name, rb"(.)", "%c", status)


class Misfit(msgspec.Struct, frozen=True):
    """Why a body could not be read."""

    field: str
    status: int


class Layout:
    """The mandatory fields of one PDU, in wire order."""

    def __init__(self, *fields: Field) -> None:
        self.fields = fields
        # Neighbouring octets are one group: fewer groups are read faster.
        runs = [(is_text, list(run)) for is_text, run in groupby(fields, lambda field: field.is_text)]
        self._match = re.compile(b"".join(_group(is_text, run) for is_text, run in runs), re.DOTALL).match
        self._kinds = [kind for is_text, run in runs for kind in ([True] * len(run) if is_text else [False])]
        self._template = "".join(field.template for field in fields)
        self._texts = sum(field.is_text for field in fields)

    def read(self, data: bytes, start: int) -> tuple[list[Any], int] | Misfit:
        """Return the values at `start` and where they end, or the field that does not fit."""
        match = self._match(data, start)
        if match is None:
            return self._misfit(data, start)
        values: list[Any] = []  # of `Value`; the codec appends what follows the fields
        for is_text, raw in zip(self._kinds, match.groups(), strict=True):
            if is_text:
                values.append(raw.decode("latin-1"))
            else:
                values += raw
        return values, match.end()

    def write(self, values: tuple[Value, ...]) -> bytes:
        """Return the fields as octets.

        Raises `ValueError` for a value that the wire cannot carry: too long, outside Latin-1, with a NUL.
        """
        written = (self._template % values).encode("latin-1")
        # A NUL inside a text would shift every later field: only the terminators and zero octets may be there.
        nuls = self._texts + values.count(0)
        match = self._match(written)
        if match is None or match.end() != len(written) or written.count(0) != nuls:
            raise ValueError(f"does not fit on the wire: {self._offender(values)}")
        return written

    def _misfit(self, data: bytes, start: int) -> Misfit:
        prefix = b""
        for field in self.fields:
            prefix += field.pattern
            if re.compile(prefix, re.DOTALL).match(data, start) is None:
                return Misfit(field.name, field.status)
        raise AssertionError("a body that misfits as a whole misfits at some field")

    def _offender(self, values: tuple[Value, ...]) -> str:
        for field, value in zip(self.fields, values, strict=True):
            written = (field.template % (value,)).encode("latin-1", "replace")
            if re.compile(field.pattern, re.DOTALL).fullmatch(written) is None:
                return field.name
        return "some field"


def _group(is_text: bool, run: list[Field]) -> bytes:  # noqa: FBT001  # groupby's key
    return b"".join(field.pattern for field in run) if is_text else b"(.{%d})" % len(run)
