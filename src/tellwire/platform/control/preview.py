"""What a message would look like: rendered over given properties, counted in parts, nothing stored."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final

import msgspec
from litestar import post
from litestar.params import JSONBody

from tellwire.kernel.links.members import with_members
from tellwire.kernel.sms import PART_LIMIT, WHOLE_LIMIT, Composition, Encoding, Part, compose
from tellwire.platform.compose.links import Linked, as_shortened
from tellwire.platform.compose.names import Names
from tellwire.platform.compose.template import Aborted, Failed, Rendered, TemplateProblem, problem_of, render
from tellwire.platform.control.desk import DeskDependency
from tellwire.platform.model.campaign import CampaignSet
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


class PreviewLink(msgspec.Struct, frozen=True, kw_only=True):
    """A short link as it stands in the text, as long as those of people, and where it leads."""

    short: str
    target: str


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What would be sent. `limit_per_part` is in units: septets, or UTF-16 code units for UCS-2.

    `links` are the short ones in the text, of which each person has others; `unshortened` is a sentence that says why
    the links of the text stay as they are, empty if they do not or there are none.
    """

    text: str
    aborted: bool
    error: TemplateProblem | None
    encoding: Encoding
    parts: Sequence[Part]
    limit_per_part: int
    forced_by: ForcedBy | None
    transliterated_text: str
    transliterated_parts: int
    links: tuple[PreviewLink, ...] = ()
    unshortened: str = ""


@post("/api/campaigns/preview", status_code=200, tags=["campaigns"])
async def preview(data: JSONBody[PreviewRequest], desk: DeskDependency) -> Preview:
    """Render a message and count its parts. A wrong template is an `error`, not a refusal."""
    return previewed(data, desk.clock.now(), await desk.catalog.snapshot())


def previewed(data: PreviewRequest, now: datetime, catalog: CampaignSet | None = None) -> Preview:
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
    linked, unshortened = _linked(text, data.content, catalog or CampaignSet(version=0))
    text = linked.text
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
        links=tuple(
            PreviewLink(
                short=f"{catalog.shortening.prefix}{link.slug}",
                target=with_members(link.target, link.members),
            )
            for link in linked.links
            if catalog is not None and catalog.shortening is not None
        ),
        unshortened=unshortened,
    )


def _linked(text: str, content: Content, catalog: CampaignSet) -> tuple[Linked, str]:
    """Return a text with its short links in it, and why there are none though it has links."""
    as_written = Linked(text, ())
    if "://" not in text:
        return as_written, ""
    if content.shorten is False:
        return as_written, "This text keeps its links as they are: clicks on them are not known."
    if not catalog.account.links.shorten:
        return as_written, "The account keeps links as they are: clicks on them are not known."
    if catalog.shortening is None:
        return as_written, NO_ADDRESS
    return as_shortened(text, catalog.shortening), ""


NO_ADDRESS: Final = (
    "Links stay as they are, and clicks on them are not known: nobody could reach short ones. "
    "Set public_url, or link_url, to an address at which phones reach Tellwire."
)


def _forced_by(composition: Composition) -> ForcedBy | None:
    char = composition.forced_by
    if char is None:
        return None
    name = unicodedata.name(char, f"U+{ord(char):04X}").capitalize()
    return ForcedBy(char=char, name=name, index=max(composition.text.find(char), 0))


HANDLERS = [preview]
