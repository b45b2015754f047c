"""The posts to webhooks about links: a click, a survey's answers. Pure: ids and the moment come from the caller."""

from collections.abc import Sequence
from datetime import datetime

from tellwire.gateway.contract import clevertap
from tellwire.gateway.contract.happenings import Click, click_body
from tellwire.gateway.contract.surveys import Answer, answer_body
from tellwire.gateway.model.link import Clicked, Happening, Link, Owner
from tellwire.gateway.surveys.store import Submission
from tellwire.gateway.surveys.survey import Survey
from tellwire.kernel.clock import from_ms, to_ms


def click_of(link: Link, event_id: str, now: datetime) -> Clicked:
    """Return a click, for the subaccount's webhook and, where CleverTap sent the message, for CleverTap.

    `event_id` is a UUID. A `dlrCallbackUrl` gets receipts and nothing else (8x8 contract 3.3).
    """
    owner = link.owner
    if owner is None:
        return Clicked(slug=link.slug, happenings=[])
    click = Click(
        event_id=event_id,
        at=now,
        umid=link.umid,
        destination=owner.destination,
        short_url=link.url,
        target_url=link.target,
    )
    happenings = [
        Happening(
            seq=owner.seq,
            account=owner.account,
            subaccount=owner.subaccount,
            kind="clicked",
            at_ms=to_ms(now),
            body=click_body(click).decode(),
        )
    ]
    if owner.style == "clevertap" and owner.callback_url is not None:
        happenings.append(_for_clevertap(owner, owner.callback_url, click))
    return Clicked(slug=link.slug, happenings=happenings)


def submission_of(link: Link, survey: Survey, answers: Sequence[Answer], now: datetime) -> Submission:
    """Return an answered form, for the survey's own address or else the subaccount's webhook."""
    opened_ms = to_ms(now) if link.opened_ms is None else link.opened_ms
    return Submission(
        slug=link.slug,
        survey=survey.id,
        umid=link.umid,
        opened_ms=opened_ms,
        answered_ms=to_ms(now),
        answers=list(answers),
        happening=None
        if link.owner is None
        else _answered(link, link.owner, survey, answers, opened_ms, now),
    )


def _for_clevertap(owner: Owner, url: str, click: Click) -> Happening:
    body = clevertap.click_body(
        meta=owner.client_id or click.umid,
        ts=int(click.at.timestamp()),
        to_phone=f"+{owner.destination}",
        url=click.target_url,
        short_url=click.short_url,
    )
    return Happening(
        seq=owner.seq,
        account=owner.account,
        subaccount=owner.subaccount,
        kind="clicked",
        at_ms=to_ms(click.at),
        body=body.decode(),
        style="clevertap",
        url=url,
    )


def _answered(
    link: Link, owner: Owner, survey: Survey, answers: Sequence[Answer], opened_ms: int, now: datetime
) -> Happening:
    body = answer_body(link.umid, survey.id, link.variables, answers, opened=from_ms(opened_ms), answered=now)
    return Happening(
        seq=owner.seq,
        account=owner.account,
        subaccount=owner.subaccount,
        kind="answered",
        at_ms=to_ms(now),
        body=body.decode(),
        url=survey.url or None,
    )
