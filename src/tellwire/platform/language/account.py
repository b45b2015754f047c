"""What a file says of the account, and the audiences and lists that it names."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import msgspec

from tellwire.kernel.zones import zone_named
from tellwire.platform.language.guard import (
    LimitsForm,
    QuietForms,
    read_limits,
    read_quiet,
    write_limits,
    write_quiet,
)
from tellwire.platform.language.names import no_name
from tellwire.platform.language.replies import RepliesForm, read_replies, write_replies
from tellwire.platform.language.rule import RuleForm, every_rule, read_rule, write_rule
from tellwire.platform.language.unreadable import Unreadable
from tellwire.platform.model.account import Account
from tellwire.platform.model.bounds import Name
from tellwire.platform.model.guard import Limits
from tellwire.platform.model.link import LinkPolicy, Utm
from tellwire.platform.model.rule import Member, Rule


class LinksForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What holds for the links of all texts: whether any is shortened, and which UTM members they get."""

    shorten: bool = True
    utm: Utm = {}


class AccountForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The account: its time zone, and what holds for all campaigns."""

    zone: Name | None = None
    quiet: QuietForms | None = None
    limits: LimitsForm | None = None
    holdout: Annotated[float, msgspec.Meta(ge=0, le=100)] = 0
    links: LinksForm | None = None
    replies: RepliesForm | None = None


class AudienceForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A named rule."""

    name: Name
    rule: RuleForm


class ListForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list of people, which is uploaded."""

    name: Name


def read_account(form: AccountForm | None, audiences: Mapping[str, Rule], path: str = "account") -> Account:
    """Return the account that a form means, the plain one without a form. Raises `Unreadable`."""
    if form is None:
        return Account(audiences=audiences)
    if form.zone is not None and zone_named(form.zone) is None:
        raise Unreadable({f"{path}.zone": f"There is no time zone “{form.zone[:40]}”: write Europe/Berlin."})
    return Account(
        zone=form.zone or "",
        quiet=() if form.quiet is None else read_quiet(form.quiet, f"{path}.quiet"),
        limits=Limits() if form.limits is None else read_limits(form.limits, f"{path}.limits"),
        holdout=form.holdout,
        audiences=audiences,
        links=LinkPolicy()
        if form.links is None
        else msgspec.convert(form.links, LinkPolicy, from_attributes=True),
        replies=read_replies(form.replies, f"{path}.replies"),
    )


def write_account(account: Account) -> AccountForm:
    """Return the form of an account, without its audiences."""
    return AccountForm(
        zone=account.zone or None,
        quiet=write_quiet(account.quiet) or None,
        limits=None if account.limits == Limits() else write_limits(account.limits),
        holdout=account.holdout,
        links=None
        if account.links == LinkPolicy()
        else LinksForm(shorten=account.links.shorten, utm=account.links.utm),
        replies=write_replies(account.replies),
    )


def write_audiences(audiences: Mapping[str, Rule]) -> tuple[AudienceForm, ...]:
    """Return the forms of audiences."""
    return tuple(AudienceForm(name=name, rule=write_rule(rule)) for name, rule in audiences.items())


def read_audiences(forms: Sequence[AudienceForm], path: str = "audiences") -> dict[str, Rule]:
    """Return the rules of audiences by their names. Raises `Unreadable`, also where one is made of itself."""
    audiences: dict[str, Rule] = {}
    for number, form in enumerate(forms):
        name = form.name.strip()
        if why := no_name(name, "audience"):
            raise Unreadable({f"{path}[{number}].name": why})
        if name in audiences:
            raise Unreadable({f"{path}[{number}].name": f"“{name}” is the name of another audience."})
        audiences[name] = read_rule(form.rule, f"{path}[{number}].rule")
    for number, name in enumerate(audiences):
        if name in _members(audiences, audiences[name], set()):
            raise Unreadable(
                {f"{path}[{number}].rule": f"“{name}” is made of itself: nobody can say who belongs."}
            )
    return audiences


def _members(audiences: Mapping[str, Rule], rule: Rule, seen: set[str]) -> set[str]:
    """Return the names of all audiences that a rule is made of, itself or through others."""
    for _, one in every_rule(rule):
        if isinstance(one, Member) and one.audience not in seen:
            seen.add(one.audience)
            if one.audience in audiences:
                _members(audiences, audiences[one.audience], seen)
    return seen
