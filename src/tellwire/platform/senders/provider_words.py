"""What a provider itself said in its answer: cut and masked to be kept, and its own code and message found in it. Pure.

An answer may echo what it was asked: credentials, the recipient's number, the text. None of that is kept.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from urllib.parse import quote, quote_plus

import msgspec

from tellwire.kernel.failure import Accepted, Deferred, Outcome, Refused, Unresolved
from tellwire.kernel.http.client import HttpRequest
from tellwire.platform.model.address import ChannelUser, identifier_of
from tellwire.platform.model.message import Message
from tellwire.platform.senders.masking import MASK, masked_answer

KEPT_LIMIT: Final = 500  # bytes kept of an answer: a code and a sentence are in its beginning
_LONGEST_CHARACTER: Final = 4  # bytes in UTF-8
_LOOKED_AT: Final = 8192  # bytes that are masked before the cut, so that nothing is cut in its middle
_SENTENCE_LIMIT: Final = 160  # characters of a provider's message that stand in a reason
_TAIL: Final = 7  # digits that make a number a person's: national forms leave out what stands before
_PROBE: Final = 8  # characters by which an echoed text is found; it may be cut after them
_SHORTEST_ECHO: Final = 4  # what is shorter stands in an answer by chance

_NUMBER: Final = re.compile(r"\+?\d(?:[ .()/-]{0,2}\d){6,}")
_ASCII_WORD: Final = re.compile(r"[A-Za-z0-9]{4,}")  # every way of escaping leaves it as it is


class ProviderWords(msgspec.Struct, frozen=True):
    """A provider's own code and message; each is empty when its answer has none."""

    code: str = ""
    message: str = ""


def kept_answer(body: bytes, request: HttpRequest, messages: Sequence[Message]) -> str:
    """Return the beginning of an answer to `request`, without credentials and without what was written to whom."""
    text = masked_answer(body[:_LOOKED_AT].decode(errors="replace"), request)
    for written in _written(messages):
        text = _without(text, written)
    return _cut(_without_numbers(text, messages)).strip()


def _cut(text: str) -> str:
    if len(text) * _LONGEST_CHARACTER <= KEPT_LIMIT:
        return text
    return text.encode()[:KEPT_LIMIT].decode(errors="ignore")


def worded(outcome: Outcome, answer: str) -> Outcome:
    """Return the outcome with the answer that it was read from, the provider's own words in its reason."""
    if not answer:
        return outcome
    match outcome:
        case Accepted():
            return msgspec.structs.replace(outcome, answer=answer)
        case Refused() | Deferred() | Unresolved():
            own = sentence_of(words_of(answer))
            reason = f"{outcome.reason}: {own}" if own else outcome.reason
            return msgspec.structs.replace(outcome, answer=answer, reason=reason)


def sentence_of(words: ProviderWords) -> str:
    """Return a provider's words as they stand behind a colon: the message, with the code in brackets."""
    if words.message and words.code:
        return f"{words.message} ({words.code})"
    return words.message or (f"code {words.code}" if words.code else "")


# In the order of how likely a member of that name is the sentence (or code) that people look for.
_MESSAGES: Final = (
    *("error-text", "error_text", "errorText", "error_message", "errorMessage", "error_description"),
    *("message", "msg", "description", "detail", "reason", "text", "title", "error", "errors", "result"),
)
_CODES: Final = ("error_code", "errorCode", "error-code", "code", "messageId", "status")
_TAGS: Final = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)


def words_of(answer: str) -> ProviderWords:
    """Return the provider's own code and message out of an answer as it was kept, perhaps cut in its middle."""
    if answer.startswith(("{", "[")):
        code = next((text for text in _members(answer, _CODES) if any(c.isdigit() for c in text)), "")
        message = next((text for text in _members(answer, _MESSAGES) if text not in {code, MASK}), "")
        return ProviderWords(code=code[:32], message=_sentence(message))
    return ProviderWords(message=_sentence(html.unescape(_TAGS.sub(" ", answer))))


def _members(answer: str, names: Iterable[str]) -> Iterator[str]:
    """Give the texts and numbers of members called so. By pattern: what was cut is JSON no more."""
    for name in names:
        for found in re.finditer(rf'"{name}"\s*:\s*(?:\[\s*)?(?:"((?:[^"\\]|\\.)*)|(-?\d+))', answer):
            if text := _unescaped(found[1]) if found[1] is not None else found[2]:
                yield text


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"', strict=False))
    except ValueError:
        return text


def _sentence(text: str) -> str:
    bare = " ".join(text.split()).rstrip(".")
    return bare if len(bare) <= _SENTENCE_LIMIT else f"{bare[:_SENTENCE_LIMIT]}…"


def _written(messages: Sequence[Message]) -> Iterator[str]:
    for message in messages:
        yield message.text
        if isinstance(message.to, ChannelUser):  # numbers are masked in every spelling, see below
            yield message.to.id
        yield from message.template_variables
        yield from message.tokens.values()
        yield from message.extra.values()


def _without(text: str, written: str) -> str:
    """Mask what was written to a person where it is echoed, in whatever way it is escaped and wherever it is cut."""
    word = _ASCII_WORD.search(written)
    if len(written) < _SHORTEST_ECHO or (word is not None and word[0] not in text):
        return text
    forms = _escaped(written)
    for form in forms:
        start = text.find(form[:_PROBE])
        while start >= 0:
            end = start + max(_common(text[start:], other) for other in forms)
            text = f"{text[:start]}{MASK}{text[end:]}"
            start = text.find(form[:_PROBE], start + len(MASK))
    return text


def _escaped(written: str) -> set[str]:
    plain, ascii_only = (json.dumps(written, ensure_ascii=is_ascii)[1:-1] for is_ascii in (False, True))
    slashed = (form.replace("/", "\\/") for form in (plain, ascii_only))  # as PHP writes JSON
    return {written, plain, ascii_only, *slashed, quote(written), quote_plus(written), html.escape(written)}


def _common(text: str, form: str) -> int:
    """Return how many characters two texts have in common at their beginning."""
    pairs = enumerate(zip(text, form, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(text), len(form)))


def _without_numbers(text: str, messages: Sequence[Message]) -> str:
    if _NUMBER.search(text) is None:
        return text
    tails = {identifier_of(message.to)[-_TAIL:] for message in messages}

    def masked(found: re.Match[str]) -> str:
        digits = "".join(c for c in found[0] if c.isdigit())
        is_theirs = any(digits[at : at + _TAIL] in tails for at in range(len(digits) - _TAIL + 1))
        return MASK if is_theirs else found[0]

    return _NUMBER.sub(masked, text)
