"""Files of campaigns, read for a simulation: no server, settings, data or provider is needed. Pure.

Every campaign runs, except those that are stopped.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple

import msgspec

from tellwire.kernel.zones import zone_named
from tellwire.platform.control.campaign_check import problems_of
from tellwire.platform.control.catalog_yaml import BadDocument, Document, campaign_in, read_document
from tellwire.platform.control.yaml_lines import with_lines
from tellwire.platform.language.account import AccountForm, AudienceForm, read_account, read_audiences
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.account import Account
from tellwire.platform.model.campaign import Campaign, CampaignId, CampaignSet, campaign_set
from tellwire.platform.model.rule import Rule
from tellwire.platform.rehearse.simulation import STAND_IN

_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Rehearsed(NamedTuple):
    """What files of campaigns say."""

    campaigns: tuple[Campaign, ...]
    account: Account

    def with_zone(self, zone: str) -> "Rehearsed":
        """Return the same in another zone of the account. Raises `Unreadable`."""
        if zone_named(zone) is None:
            raise Unreadable({"zone": f"There is no time zone “{zone[:40]}”: write Europe/Berlin."})
        return self._replace(account=msgspec.structs.replace(self.account, zone=zone))


def read_files(files: Sequence[tuple[str, str]]) -> Rehearsed:
    """Return the campaigns and the account of these files, each its name and its text.

    Raises `BadDocument` with everything that is wrong with the first file that is wrong, each by its line.
    """
    documents = [(name, text, _document(name, text)) for name, text in files]
    audiences = _audiences(documents)
    account = Account(audiences=audiences)
    of_file = ""  # that says what the account is
    campaigns: list[Campaign] = []
    for name, text, document in documents:
        try:
            if document.account is not None:
                account, of_file = _account(document.account, audiences, of_file), name
            campaigns += _campaigns(
                document, audiences, {one.name.casefold() for one in campaigns}, len(campaigns)
            )
        except Unreadable as problem:
            raise _bad(name, text, problem.fields) from problem
    return Rehearsed(tuple(campaigns), account)


def _account(form: AccountForm, audiences: Mapping[str, Rule], of_file: str) -> Account:
    if of_file:
        raise Unreadable({"account": f"{of_file} says what the account is: there is one for all files."})
    return read_account(form, audiences)


def _document(name: str, text: str) -> Document:
    try:
        reading = read_document(text)
    except BadDocument as problem:
        raise BadDocument(f"{name}: {problem}", problem.fields) from problem
    if reading.mistakes:
        raise _bad(name, text, reading.mistakes)
    return reading.document


def _bad(name: str, text: str, fields: Mapping[str, str]) -> BadDocument:
    lines = [f"{name}: {path}: {why}" for path, why in with_lines(text, dict(fields)).items()]
    return BadDocument("\n".join(lines), fields)


def _audiences(documents: Sequence[tuple[str, str, Document]]) -> dict[str, Rule]:
    forms: list[AudienceForm] = []
    for name, text, document in documents:
        before, forms = len(forms), [*forms, *document.audiences]
        try:
            read_audiences(forms)
        except Unreadable as problem:
            raise _bad(name, text, _of_this_file(problem.fields, before)) from problem
    return read_audiences(forms)


def _of_this_file(fields: Mapping[str, str], before: int) -> dict[str, str]:
    """Return what is wrong with audiences by their places in a file, `before` it there were so many in others."""
    places = {path: _AUDIENCE.match(path) for path in fields}
    return {
        f"audiences[{max(int(place[1]) - before, 0)}]{path[place.end() :]}" if place else path: fields[path]
        for path, place in places.items()
    }


_AUDIENCE: Final = re.compile(r"audiences\[(\d+)\]")


def _campaigns(
    document: Document, audiences: Mapping[str, Rule], taken: set[str], number: int
) -> list[Campaign]:
    campaigns: list[Campaign] = []
    problems: dict[str, str] = {}
    catalog = campaign_set(1, [], [STAND_IN], Account(audiences=audiences))
    for place, entry in enumerate(document.campaigns):
        path, number = f"campaigns[{place}]", number + 1
        try:
            read = campaign_in(entry, None, CampaignId(number), _BEGINNING, {})
        except Unreadable as problem:
            problems |= {f"{path}.{field}".rstrip("."): why for field, why in problem.fields.items()}
            continue
        if read.name.casefold() in taken:
            problems[f"{path}.name"] = f"“{read.name}” is the name of another campaign."
        taken.add(read.name.casefold())
        problems |= {f"{path}.{field}": why for field, why in _wrong(read, catalog).items()}
        if entry.state != "stopped":
            campaigns.append(msgspec.structs.replace(read, state="running"))
    if problems:
        raise Unreadable(problems)
    return campaigns


def _wrong(campaign: Campaign, catalog: CampaignSet) -> dict[str, str]:
    """Return what is wrong with a campaign, whatever provider it goes through."""
    problems = problems_of(campaign, catalog, {}, _BEGINNING)
    return {path: why for path, why in problems.items() if not path.endswith(".through")}
