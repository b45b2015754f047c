"""The words by which people stop, start and ask for help: the known ones, and what a text would mean."""

from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
from litestar import get
from litestar.params import QueryParameter

from tellwire.platform.control.desk import DeskDependency
from tellwire.platform.model.replies import ANSWERS, Keyword
from tellwire.platform.receipts.keywords import keyword_of, rows


class KeywordRowView(msgspec.Struct, frozen=True, kw_only=True):
    """Words of one language. Without `countries` they count everywhere; `required` ones cannot be taken away there."""

    language: str
    countries: Sequence[str]
    required: bool
    stop: Sequence[str]
    start: Sequence[str]
    help: Sequence[str]


class KeywordsView(msgspec.Struct, frozen=True, kw_only=True):
    """The known words, and the texts that answer where the account has none of its own.

    The account's own words and texts are `replies` of `/api/account-settings`.
    """

    rows: Sequence[KeywordRowView]
    answers: dict[Keyword, str]


class Meaning(msgspec.Struct, frozen=True, kw_only=True):
    """What a text means, null if it is no keyword."""

    keyword: Keyword | None


@get("/api/keywords", tags=["consent"])
async def read_keywords() -> KeywordsView:
    """Return the words that are known, by language and country."""
    return KeywordsView(
        rows=[
            KeywordRowView(
                language=row.language,
                countries=row.countries,
                required=row.required,
                stop=row.stop,
                start=row.start,
                help=row.help,
            )
            for row in rows()
        ],
        answers=ANSWERS,
    )


@get("/api/keywords/meaning", tags=["consent"])
async def read_meaning(
    desk: DeskDependency,
    text: Annotated[str, QueryParameter(max_length=1_600)],
    country: Annotated[str, QueryParameter(max_length=2)] = "",
) -> Meaning:
    """Say what a whole text of a number of this country would mean, by the account's own words too."""
    rules = (await desk.catalog.snapshot()).account.replies
    return Meaning(keyword=keyword_of(text, country.upper() or None, rules))


HANDLERS: Final = [read_keywords, read_meaning]
