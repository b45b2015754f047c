"""The form behind a survey's link, and the few words in its place before and after: one page without scripts. Pure.

The holder of the link may answer, once: nothing else is asked, so there is no cookie that a foreign page could use.
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from typing import Final

from tellwire.gateway.surveys.answers import Fields, FlawKind, field_of, filled
from tellwire.gateway.surveys.survey import WORDS_LIMIT, Question, Survey
from tellwire.kernel.web.asgi import Headers

# What the form adds to the tokens that all our pages share: larger than theirs, for thumbs.
_OWN_STYLE: Final = """
@layer page {
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 400 1.0625rem/1.5 var(--font); }
main { max-width: 34rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }
p { margin: 0 0 1rem; white-space: pre-line; }
form { display: grid; gap: 1rem; margin-top: 1.5rem; }
fieldset, .words { border: 1px solid var(--line); margin: 0; padding: 1rem; background: var(--surface);
  border-radius: var(--radius); min-inline-size: 0; }
legend { float: left; width: 100%; padding: 0; }
legend, .words > label { font-weight: 600; margin-bottom: .5rem; display: block; white-space: pre-line; }
legend + * { clear: both; }
.choice { display: flex; gap: .75rem; align-items: center; min-height: 3rem; padding: .25rem .5rem;
  border-radius: var(--radius-small); cursor: pointer; }
.choice:has(:checked) { background: var(--accent-soft); }
input[type=radio] { width: 1.375rem; height: 1.375rem; margin: 0; flex: none; accent-color: var(--accent-fill); }
textarea { display: block; width: 100%; min-height: 6rem; padding: .625rem; font: inherit; color: inherit;
  background: var(--surface); border: 1px solid var(--muted); border-radius: var(--radius); resize: vertical; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
button { min-height: 3rem; padding: .5rem 1.5rem; font: inherit; font-weight: 600; color: var(--on-accent);
  background: var(--accent-fill); border: 0; border-radius: var(--radius); cursor: pointer; }
.muted { color: var(--muted); font-weight: 400; }
.wrong { color: var(--bad); margin: .5rem 0 0; }
.errors { color: var(--bad); font-weight: 600; }
}
"""

_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-robots-tag", b"noindex, nofollow"),
    # The link is the key to the form: no other site hears of it.
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)
_WORDS: Final[dict[FlawKind, str]] = {
    "missing": "This question needs an answer.",
    "too long": f"This answer has more than {WORDS_LIMIT} characters. Please shorten it.",
}


def form_page(
    survey: Survey, shown: Mapping[str, str], fields: Fields, flaws: Mapping[str, FlawKind]
) -> bytes:
    """Return the form; after a submission with `flaws` it says so, and `fields` keep what was answered."""
    title = filled(survey.title, shown)
    heading = f"<h1>{escape(title)}</h1>"
    introduction = _paragraph(filled(survey.introduction, shown))
    summary = '<p class="errors" role="alert">Please look at the questions marked below.</p>' if flaws else ""
    questions = "".join(
        _question(question, filled(question.text, shown), fields, flaws.get(question.id))
        for question in survey.questions
    )
    return _page(
        survey.language,
        title,
        f'{heading}{introduction}<form method="post">{summary}{questions}<button>Send</button></form>',
    )


def thanks_page(survey: Survey, shown: Mapping[str, str]) -> bytes:
    """Return what stands in the place of an answered form."""
    words = filled(survey.thanks, shown) or "Your answers have been sent."
    return _page(survey.language, "Thank you", f"<h1>Thank you</h1>{_paragraph(words)}")


def gone_page() -> bytes:
    """Return what stands where there is no link, or no longer: which of them is nobody's business."""
    return _page(
        "en",
        "This link does not work",
        "<h1>This link does not work</h1><p>It has ended, or it was not copied whole.</p>",
    )


def notice_page(title: str, words: str) -> bytes:
    """Return a page that says one thing."""
    return _page("en", title, f"<h1>{escape(title)}</h1>{_paragraph(words)}")


@cache
def _style() -> str:
    return files("tellwire.kernel.web").joinpath("static", "tokens.css").read_text("utf-8") + _OWN_STYLE


@cache
def headers() -> Headers:
    """Return what goes with each page: the policy knows its one sheet by its hash."""
    digest = b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    return ((b"content-security-policy", policy.encode()), *_HEADERS)


def _page(language: str, title: str, content: str) -> bytes:
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="robots" content="noindex, nofollow">\n'
        f"<title>{escape(title)}</title>\n<style>{_style()}</style>\n</head>\n"
        f'<body>\n<main dir="auto">{content}</main>\n</body>\n</html>\n'
    ).encode("utf-8", "replace")


def _paragraph(words: str) -> str:
    return f"<p>{escape(words)}</p>" if words else ""


def _question(question: Question, text: str, fields: Fields, flaw: FlawKind | None) -> str:
    name = escape(field_of(question))
    value = fields.get(field_of(question), "")
    needs = " required" if question.is_required else ""
    optional = "" if question.is_required else ' <span class="muted">(optional)</span>'
    wrong = "" if flaw is None else f'<p class="wrong" id="{name}-wrong">{escape(_WORDS[flaw])}</p>'
    tie = "" if flaw is None else f' aria-invalid="true" aria-describedby="{name}-wrong"'
    if question.kind == "text":
        return (
            f'<div class="words"><label for="{name}">{escape(text)}{optional}</label>'
            f'<textarea id="{name}" name="{name}" maxlength="{WORDS_LIMIT}" rows="3"{needs}{tie}>'
            f"\n{escape(value)}</textarea>{wrong}</div>"
        )
    choices = "".join(
        f'<label class="choice"><input type="radio" name="{name}" value="{escape(choice.id)}"'
        f"{needs}{' checked' if choice.id == value else ''}{tie}><span>{escape(choice.text)}</span></label>"
        for choice in question.choices
    )
    return f"<fieldset><legend>{escape(text)}{optional}</legend><div>{choices}</div>{wrong}</fieldset>"
