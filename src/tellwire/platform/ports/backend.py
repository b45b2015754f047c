"""All ports of one store. Only the wiring's opener and the conformance harness know which back end it is."""

from pathlib import Path
from typing import Protocol

from tellwire.kernel.sessions import SessionStore
from tellwire.platform.ports.audit import AuditLog
from tellwire.platform.ports.callees import Callees
from tellwire.platform.ports.calls import Calls
from tellwire.platform.ports.catalog import Catalog
from tellwire.platform.ports.consent import Consents
from tellwire.platform.ports.event_types import EventTypes
from tellwire.platform.ports.feed import Feed
from tellwire.platform.ports.history import History
from tellwire.platform.ports.inbox import Inbox
from tellwire.platform.ports.ledger import Ledger
from tellwire.platform.ports.links import Links
from tellwire.platform.ports.lists import Lists
from tellwire.platform.ports.messages import Messages
from tellwire.platform.ports.people import People
from tellwire.platform.ports.refusals import Refusals
from tellwire.platform.ports.reports import Reports
from tellwire.platform.ports.retention import Retention
from tellwire.platform.ports.runs import Runs
from tellwire.platform.ports.stream import Stream
from tellwire.platform.ports.views import Views


class Backend(Protocol):
    """An open store."""

    @property
    def stream(self) -> Stream:
        """What came in."""
        ...

    @property
    def ledger(self) -> Ledger:
        """What was decided, for the owner of a partition."""
        ...

    @property
    def messages(self) -> Messages:
        """Messages on their way."""
        ...

    @property
    def consents(self) -> Consents:
        """What is forbidden and allowed, and how it came."""
        ...

    @property
    def inbox(self) -> Inbox:
        """What people wrote."""
        ...

    @property
    def calls(self) -> Calls:
        """Calls of other systems on their way."""
        ...

    @property
    def callees(self) -> Callees:
        """Whom calls of the API name."""
        ...

    @property
    def catalog(self) -> Catalog:
        """Campaigns and providers."""
        ...

    @property
    def history(self) -> History:
        """Campaigns as they were."""
        ...

    @property
    def feed(self) -> Feed:
        """What a copy of the past is made from."""
        ...

    @property
    def links(self) -> Links:
        """Where short links lead."""
        ...

    @property
    def people(self) -> People:
        """People as somebody looks for them, and their erasure."""
        ...

    @property
    def lists(self) -> Lists:
        """Who is on lists of people."""
        ...

    @property
    def audit(self) -> AuditLog:
        """Who changed what."""
        ...

    @property
    def reports(self) -> Reports:
        """The read side."""
        ...

    @property
    def runs(self) -> Runs:
        """Runs of campaigns, and attempts of them."""
        ...

    @property
    def retention(self) -> Retention:
        """Forgetting what is old."""
        ...

    @property
    def event_types(self) -> EventTypes:
        """Names of events that uploads brought in."""
        ...

    @property
    def refusals(self) -> Refusals:
        """Traces of what was refused."""
        ...

    @property
    def sessions(self) -> SessionStore:
        """Who is signed in."""
        ...

    @property
    def views(self) -> Views:
        """Views of lists that people keep."""
        ...

    async def backup(self, to: Path) -> None:
        """Write a consistent copy of everything to the file `to`, while work goes on."""
        ...

    async def close(self) -> None:
        """Finish what was begun and let go of the store; a second call does nothing."""
        ...
