"""Reads an object of a body word by word: what nobody has read at its end is refused by its name. Pure."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from tellwire.kernel.json_place import json_mistake
from tellwire.platform.control.problem import Problem

_decode: Final = msgspec.json.Decoder(dict[str, Any]).decode
_SHOWN: Final = 40  # characters of a word that is shown back


def refused(path: str, why: str, status: int = 400) -> Problem:
    """Return the refusal of a word of the body; `why` is a sentence."""
    return Problem(status, "invalid", f"{path}: {why}" if path else why)


def object_in(body: bytes) -> "Words":
    """Return a body's object. Raises `Problem`."""
    try:
        return Words(_decode(body))
    except (RecursionError, UnicodeDecodeError):
        raise refused("", "The body has to be UTF-8, and nest less deeply.") from None
    except msgspec.ValidationError:
        raise refused("", "The body has to be a JSON object.") from None
    except msgspec.DecodeError as error:
        raise refused("", f"The body has to be whole, valid JSON: {json_mistake(body, error)}.") from None


class Words:
    """One object: each method reads a word, None if it is absent or null, and refuses what is of another kind."""

    def __init__(self, value: Mapping[str, Any], path: str = "") -> None:
        self._value = value
        self._path = path
        self._read: set[str] = set()

    def path(self, name: str) -> str:
        """Return where a word stands."""
        return f"{self._path}.{name}" if self._path else name

    def refused(self, name: str, why: str) -> Problem:
        """Return the refusal of a word of this object."""
        return refused(self.path(name), why)

    def names(self) -> list[str]:
        """Return the words that are there and not null, as they are spelled."""
        return [name for name, value in self._value.items() if value is not None]

    def any(self, name: str) -> Any:
        """Return a word of any kind."""
        self._read.add(name)
        return self._value.get(name)

    def text(self, name: str, limit: int) -> str | None:
        """Return a text without spaces around it; an empty one is None."""
        value = self.any(name)
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > limit:
            raise self.refused(name, f"This has to be a text of at most {limit} characters.")
        return value.strip() or None

    def demand(self, name: str, limit: int) -> str:
        """Return a text that has to be there."""
        value = self.text(name, limit)
        if value is None:
            raise self.refused(name, "This is missing.")
        return value

    def flag(self, name: str) -> bool | None:
        """Return true or false."""
        value = self.any(name)
        if value is not None and not isinstance(value, bool):
            raise self.refused(name, "This has to be true or false.")
        return value

    def whole(self, name: str, least: int, most: int) -> int | None:
        """Return a whole number, which may be written as a text."""
        value = self.any(name)
        if value is None:
            return None
        number = whole_number(value)
        if number is None or not least <= number <= most:
            raise self.refused(name, f"This has to be a whole number from {least} to {most}.")
        return number

    def object(self, name: str) -> "Words | None":
        """Return an object."""
        value = self.any(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.refused(name, "This has to be an object.")
        return Words(value, self.path(name))

    def objects(self, name: str, most: int) -> "list[Words]":
        """Return a list of objects."""
        items = self.items(name, most)
        if not all(isinstance(one, dict) for one in items):
            raise self.refused(name, "This has to be a list of objects.")
        return [Words(one, f"{self.path(name)}[{n}]") for n, one in enumerate(items)]

    def items(self, name: str, most: int) -> list[Any]:
        """Return a list of anything, empty if it is absent."""
        value = self.any(name)
        if value is None:
            return []
        if not isinstance(value, list) or len(value) > most:
            raise self.refused(name, f"This has to be a list of at most {most}.")
        return value

    def texts(self, name: str, most: int, limit: int) -> list[str]:
        """Return a list of texts."""
        items = self.items(name, most)
        if not all(isinstance(one, str) and len(one) <= limit for one in items):
            raise self.refused(name, f"This has to be a list of texts of at most {limit} characters.")
        return items

    def pass_over(self, *names: str) -> None:
        """Read words that mean nothing here, whatever they say."""
        self._read.update(names)

    def end(self) -> None:
        """Refuse the first word that nobody has read."""
        for name in self.names():
            if name not in self._read:
                raise refused(self.path(name[:_SHOWN]), "This cannot be honoured here, so nothing was done.")


def whole_number(value: Any) -> int | None:
    """Return a whole number, written as one or as a text of digits; None for anything else."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) <= 18:
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
