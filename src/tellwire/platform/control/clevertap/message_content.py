"""`content` of a text message, and through whom it goes, as a send step (CleverTap contract 4.8, 4.9). Pure.

`title` means nothing for a text message: CleverTap's own client adds one because its check demands it (contract 5.4).
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from tellwire.platform.control.clevertap.words import Words, refused
from tellwire.platform.model.bounds import NAME_LIMIT, TEXT_LIMIT
from tellwire.platform.model.provider import Provider
from tellwire.platform.senders.tokens import TokenBlocks

# Words that name a sender or a registration (DLT): they are handed to a provider that asks for a token of that name.
_TOKENS: Final = ("sender_id", "entity_id", "pe_id")


class MessageContent(NamedTuple):
    """What is said, by which template and tokens, and whether characters that GSM 7-bit lacks are respelled."""

    body: str
    template_id: str
    tokens: Mapping[str, str]
    transliterate: bool


def read_content(body: Words) -> MessageContent:
    """Return the `content` of a body. Raises a `Problem`."""
    content = body.object("content")
    if content is None:
        raise body.refused("content", "This is missing.")
    text, tokens, template_id = content.any("body"), dict[str, str](), ""
    if not isinstance(text, str) or not text.strip():
        raise content.refused("body", "Write the message.")
    if len(text) > TEXT_LIMIT:
        raise content.refused("body", f"This is longer than {TEXT_LIMIT} characters.")
    is_unicode = content.flag("unicode")
    info = content.object("message_info")
    if info is not None:
        template_id = info.text("template_id", NAME_LIMIT) or ""
    for name in _TOKENS:
        where = content if name == "sender_id" else info
        value = None if where is None else where.text(name, NAME_LIMIT)
        if value is not None and "{" in value and where is not None:
            raise where.refused(name, "This is no template: a brace cannot stand in it.")
        if value is not None:
            tokens[name] = value
    if info is not None:
        info.end()
    content.pass_over("title")
    content.end()
    return MessageContent(text, template_id, tokens, transliterate=is_unicode is False)


def send_words(
    content: MessageContent, text: str, provider: str | None, *, respects_caps: bool
) -> dict[str, Any]:
    """Return a send step of the language, with `text` as its words."""
    words: dict[str, Any] = {
        "text": text,
        "transliterate": content.transliterate,
        "template_id": content.template_id,
        "tokens": content.tokens,
        "passes": [] if respects_caps else ["caps"],
    }
    if provider is not None:
        words["through"] = provider
    return words


def demand_taken(content: MessageContent, provider: Provider | None, blocks: TokenBlocks | None) -> None:
    """Refuse what the provider's requests have no place for. Without a provider that is said by the check of all."""
    if provider is None or blocks is None:
        return
    taken = {name.casefold() for name in (*blocks.message, *blocks.header, *blocks.global_)}
    for name in content.tokens:
        if name not in taken:
            path = "content.sender_id" if name == "sender_id" else f"content.message_info.{name}"
            raise refused(path, f"The provider “{provider.nickname}” has no $${name} in its requests.")
    if content.template_id and not blocks.uses_template_id:
        why = f"The provider “{provider.nickname}” takes no template id."
        raise refused("content.message_info.template_id", why)
