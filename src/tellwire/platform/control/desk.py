"""What the endpoints may reach: the ports they read and write, and the few words of this installation."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol, TypeAlias

import msgspec
from litestar.di import NamedDependency

from tellwire.kernel.clock import Clock
from tellwire.kernel.secrets import Vault
from tellwire.platform.control.access import Doorkeeper
from tellwire.platform.control.audit_deeds import deeds_of
from tellwire.platform.control.pace import Pace
from tellwire.platform.control.problem import Problem
from tellwire.platform.intake.calling import Caller
from tellwire.platform.model.audit import AuditWay, Deed
from tellwire.platform.model.campaign import CampaignSet
from tellwire.platform.model.message import Message
from tellwire.platform.model.provider import Provider
from tellwire.platform.ports.audiences import Audiences
from tellwire.platform.ports.audit import AuditLog
from tellwire.platform.ports.catalog import Catalog, CatalogChange, Stale
from tellwire.platform.ports.consent import Consents
from tellwire.platform.ports.event_types import EventTypes
from tellwire.platform.ports.history import History
from tellwire.platform.ports.inbox import Inbox
from tellwire.platform.ports.links import Links
from tellwire.platform.ports.lists import Lists
from tellwire.platform.ports.people import People
from tellwire.platform.ports.reports import Reports
from tellwire.platform.ports.runs import Runs
from tellwire.platform.ports.stream import Stream
from tellwire.platform.ports.views import Views
from tellwire.platform.senders.generic import Rehearsal

CHANGES_AT_ONCE = 20  # whose fields are compared in the loop: some 0.2 ms each
TESTS_A_MINUTE = 10  # of one person: enough to try every branch, too few to send a campaign by hand
SAVE_TRIES = 5  # of a change that does not care what else was saved meanwhile


class Rehearser(Protocol):
    """Sends one message and tells all about it."""

    async def rehearse(self, provider: Provider, message: Message) -> Rehearsal:
        """Send, and return request, answer and outcome with credentials masked."""
        ...


class ControlOptions(msgspec.Struct, frozen=True, kw_only=True):
    """The words of this installation.

    `public_url` is where others reach the platform, without a slash at its end. `simulator_url` is the page of the
    demo's handset, or None. `gateway_url` is where the gateway of this process answers, None if there is none: a
    provider may be there though its address is private. `default_region` reads national phone numbers, None takes
    international ones only. `secrets_given` are the values that an import may name as `${NAME}`.
    """

    account_id: str
    passcode: str
    admin_email: str
    admin_password: str
    api_token: str
    public_url: str
    version: str
    simulator_url: str | None = None
    gateway_url: str | None = None
    default_region: str | None = None
    allow_private_targets: bool = False
    secrets_given: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"ControlOptions({self.public_url})"


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """All of it, handed to each endpoint. `author` is who asks, as the log of a campaign names them.

    `test_pace` holds up who sends too many tests of campaigns.
    """

    catalog: Catalog
    history: History
    audit: AuditLog
    event_types: EventTypes
    reports: Reports
    lists: Lists
    audiences: Audiences
    consents: Consents
    inbox: Inbox
    runs: Runs
    people: People
    links: Links
    stream: Stream
    views: Views
    vault: Vault
    clock: Clock
    rehearser: Rehearser
    doorkeeper: Doorkeeper
    caller: Caller
    options: ControlOptions
    test_pace: Pace
    author: str = ""


DeskDependency: TypeAlias = NamedDependency[Desk]


async def save(
    desk: Desk, decide: Callable[[CampaignSet], Iterable[CatalogChange]], way: AuditWay = ""
) -> CampaignSet:
    """Save what `decide` wants of the newest version; again, if somebody saved something else in between.

    What it changes is written to the audit log with it; `way` says what the change is part of.

    `decide` may raise a `Problem`; it is asked anew each time, so it sees what the other one saved.
    """
    for _ in range(SAVE_TRIES):
        newest = await desk.catalog.snapshot()
        changes = tuple(decide(newest))
        deeds = await _deeds(desk, newest, changes, way)
        saved = await desk.catalog.save(changes, newest.version, desk.author, deeds)
        if not isinstance(saved, Stale):
            return saved
    raise Problem(409, "busy", "Others are saving at the same time. Try again in a moment.")


async def _deeds(
    desk: Desk, newest: CampaignSet, changes: tuple[CatalogChange, ...], way: AuditWay
) -> tuple[Deed, ...]:
    """Return what the audit log will say; of a large import beside the loop, which others need meanwhile."""
    now = desk.clock.now()
    if len(changes) <= CHANGES_AT_ONCE:
        return deeds_of(newest, changes, desk.vault, now, way)
    return await asyncio.to_thread(deeds_of, newest, changes, desk.vault, now, way)
