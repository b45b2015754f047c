"""What a message would look like: rendered over given properties, counted in parts, nothing stored."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from litestar import post
from litestar.params import JSONBody

from tellwire.kernel.sms import PART_LIMIT, WHOLE_LIMIT, Composition, Encoding, Part, compose
from tellwire.platform.compose.names import Names
from tellwire.platform.compose.template import Aborted, Failed, Rendered, TemplateProblem, problem_of, render
from tellwire.platform.control.desk import DeskDependency
from tellwire.platform.model.content import Content
from tellwire.platform.model.value import Value

PREVIEW_LIMIT = 20_000  # characters that are counted; ten parts are at most 1,530


class PreviewRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Content, and the event and profile to render it over."""

    content: Content
    event_name: Annotated[str, msgspec.Meta(max_length=120)] = ""
    event_properties: Annotated[dict[str, Value], msgspec.Meta(max_length=512)] = {}
    profile_properties: Annotated[dict[str, Value], msgspec.Meta(max_length=512)] = {}


class ForcedBy(msgspec.Struct, frozen=True, kw_only=True):
    """The first character that GSM 7-bit lacks; `index` counts characters of the text from 0."""

    char: str
    name: str
    index: int


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What would be sent. `limit_per_part` is in units: septets, or UTF-16 code units for UCS-2."""

    text: str
    aborted: bool
    error: TemplateProblem | None
    encoding: Encoding
    parts: Sequence[Part]
    limit_per_part: int
    forced_by: ForcedBy | None
    transliterated_text: str
    transliterated_parts: int


@post("/api/campaigns/preview", status_code=200, tags=["campaigns"])
async def preview(data: JSONBody[PreviewRequest], desk: DeskDependency) -> Preview:
    """Render a message and count its parts. A wrong template is an `error`, not a refusal."""
    return previewed(data, desk.clock.now())


def previewed(data: PreviewRequest, now: datetime) -> Preview:
    """Return the preview at this moment."""
    text, error, aborted = "", problem_of(data.content.text), False
    if error is None:
        profile, event = Names(data.profile_properties), Names(data.event_properties)
        match render(data.content.text, profile, event, now, event):  # what comes in, by either name
            case Rendered(rendered):
                text = rendered[:PREVIEW_LIMIT]
            case Aborted():
                aborted = True
            case Failed(reason):
                error = TemplateProblem(line=1, message=reason)
    plain, respelled = compose(text), compose(text, transliterate=True)
    chosen = respelled if data.content.transliterate else plain
    return Preview(
        text=chosen.text,
        aborted=aborted,
        error=error,
        encoding=chosen.encoding,
        parts=chosen.parts,
        limit_per_part=(WHOLE_LIMIT if len(chosen.parts) == 1 else PART_LIMIT)[chosen.encoding],
        forced_by=_forced_by(chosen),
        transliterated_text=respelled.text,
        transliterated_parts=len(respelled.parts),
    )


def _forced_by(composition: Composition) -> ForcedBy | None:
    char = composition.forced_by
    if char is None:
        return None
    name = unicodedata.name(char, f"U+{ord(char):04X}").capitalize()
    return ForcedBy(char=char, name=name, index=max(composition.text.find(char), 0))


HANDLERS = [preview]
