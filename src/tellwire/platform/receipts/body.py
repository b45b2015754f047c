"""The objects in a callback's body: JSON or a form, in whatever encoding it comes. Pure.

JSON is UTF-8 by its standard, and forms mostly are; some vendors send what the handset sent. A reply that could not be
read would be a stop that nobody heard, so a body is read as what it says it is, then as what it looks like, and what is
left over as Windows-1252, in which every byte is a letter. A lone half of a surrogate pair becomes a question mark.
"""

import codecs
import json
import re
from contextlib import suppress
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec

FIELDS_LIMIT: Final = 200  # of a form
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What the web calls Latin-1 is Windows-1252 everywhere; other names of encodings that are none of texts are not taken.
_TAKEN: Final = re.compile(
    "utf-?(8|16(le|be)?)(-sig)?|us-ascii|ascii|(iso-?8859|latin)-?[0-9]+|windows-?125[0-8]|cp125[0-8]|gb(k|2312|18030)"
    "|big5|euc-(jp|kr)|shift_?jis|koi8-[ru]|tis-620|macintosh",
    re.IGNORECASE,
)

_decode = msgspec.json.Decoder(list[dict[str, Any]] | dict[str, Any]).decode


def objects_in(body: bytes, content_type: str = "") -> list[dict[str, Any]] | None:
    """Return the objects of a body, None if it is neither JSON with objects nor a form."""
    if "form" in content_type.casefold():
        return _form(body, content_type)
    objects = _json(body, content_type)
    if objects is not None or content_type:
        return objects
    return _form(body, content_type)


def text_in(body: bytes, content_type: str = "") -> str:
    """Return a body as text; nothing that comes in is without one."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    said = _CHARSET.search(content_type)
    for encoding in ("utf-8", said[1] if said else ""):
        if _TAKEN.fullmatch(encoding):
            with suppress(UnicodeDecodeError, LookupError):
                return body.decode(encoding)
    return body.decode("cp1252", "replace")


def _json(body: bytes, content_type: str) -> list[dict[str, Any]] | None:
    try:
        return _listed(_decode(body))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    try:
        value = json.loads(text_in(body, content_type), strict=False)
        return _listed(_decode(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")))
    except (ValueError, RecursionError):
        return None


def _listed(objects: list[dict[str, Any]] | dict[str, Any]) -> list[dict[str, Any]]:
    return objects if isinstance(objects, list) else [objects]


def _form(body: bytes, content_type: str) -> list[dict[str, Any]] | None:
    """Return the one object that a form is; escaped bytes are in the encoding of the rest."""
    said = _CHARSET.search(content_type)
    declared = said[1] if said and _TAKEN.fullmatch(said[1]) else "utf-8"
    with suppress(ValueError, LookupError):
        text = text_in(body, content_type).strip()
        for encoding, errors in ((declared, "strict"), ("utf-8", "strict"), ("cp1252", "replace")):
            with suppress(UnicodeDecodeError):
                pairs = parse_qsl(text, encoding=encoding, errors=errors, max_num_fields=FIELDS_LIMIT)
                return [dict(reversed(pairs))] if pairs else None
    return None
