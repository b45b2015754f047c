"""The nouns of outgoing HTTP: a request, its answer, and the two ways of having none.

Not for sending: `http.py` does that, and is where other packages import these names from.
"""

from collections.abc import Iterator, Mapping

import msgspec


class HttpRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One request; headers in the order they are written, `url` absolute, http or https."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def __repr__(self) -> str:
        """Show neither credentials nor texts nor numbers: they may stand in URL, headers and body."""
        return f"HttpRequest({self.method}, {len(self.body)} bytes)"


class HttpAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One answer; `headers` finds names in any case, `body` is at most the client's `answer_limit` long."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    truncated: bool = False

    def __repr__(self) -> str:
        """Leave out what the other side says: it may echo the request."""
        return f"HttpAnswer({self.status}, {len(self.body)} bytes)"


class Headers(Mapping[str, str]):
    """An answer's headers as they came, decoded when asked for; of a name that came twice, the first."""

    __slots__ = ("_raw",)

    def __init__(self, raw: dict[bytes, bytes]) -> None:
        self._raw = raw  # by lower-case name

    def __getitem__(self, name: str) -> str:
        """Return the value of a header, its name in any case."""
        return self._raw[name.lower().encode("latin-1", "replace")].decode("latin-1")

    def __iter__(self) -> Iterator[str]:
        """Go through the names, in lower case."""
        return (name.decode("latin-1") for name in self._raw)

    def __len__(self) -> int:
        """Return how many different names came."""
        return len(self._raw)


class NotSent(Exception):
    """Surely not sent; `reason` is a sentence without secrets, `is_final` that waiting does not mend it."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final


class Unknown(Exception):
    """Perhaps sent; `reason` is a sentence without secrets."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
