"""Puts the API together: raw routes and the guard in front, the framework for everything else."""

import asyncio
from collections.abc import Callable
from typing import Any, Final, cast

import msgspec
from litestar import Litestar, Request
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme

from tellwire.kernel.clock import Clock
from tellwire.kernel.secrets import Vault
from tellwire.kernel.sessions import SessionBook
from tellwire.kernel.web.asgi import Headers, Receive, Scope, Send, json_answer
from tellwire.kernel.web.changes import Changes
from tellwire.kernel.web.dispatch import Dispatch, route
from tellwire.platform.control import (
    account,
    activity,
    audience_list,
    audience_questions,
    audit,
    calendar,
    campaign_bulk,
    campaign_calls,
    campaign_named,
    campaign_overdue,
    campaign_people,
    campaign_runs,
    campaign_table,
    campaign_test,
    campaign_trials,
    campaign_versions,
    campaign_why,
    campaigns,
    consent,
    conversations,
    explain,
    history_copy,
    keywords,
    lists,
    people,
    planning,
    preview,
    provider_traffic,
    providers,
    refusals,
    rehearsal,
    replaying,
    sessions,
    suppressions,
    transfer,
    views,
    vocabulary,
    walkthroughs,
    yaml_text,
)
from tellwire.platform.control.access import Admin, Doorkeeper, Guarded
from tellwire.platform.control.activity import LiveFeed
from tellwire.platform.control.desk import TESTS_A_MINUTE, ControlOptions, Desk, Rehearser
from tellwire.platform.control.documentation import Documentation, completed
from tellwire.platform.control.flaws import keeping
from tellwire.platform.control.pace import Pace
from tellwire.platform.control.problem import Problem, answer_bug, answer_framework, answer_problem, body_of
from tellwire.platform.control.watch import Watch
from tellwire.platform.intake.calling import Caller
from tellwire.platform.ports.audiences import Audiences
from tellwire.platform.ports.audit import AuditLog
from tellwire.platform.ports.catalog import Catalog
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

__all__ = ["Control", "ControlOptions", "control_app", "openapi_document"]

BODY_LIMIT: Final = 1024 * 1024  # bytes; the largest thing is a document to import
HANDLERS: Final = [
    *sessions.HANDLERS,
    *providers.HANDLERS,
    *provider_traffic.HANDLERS,
    *rehearsal.HANDLERS,
    *refusals.HANDLERS,
    *campaigns.HANDLERS,
    *campaign_bulk.HANDLERS,
    *campaign_named.HANDLERS,
    *campaign_table.HANDLERS,
    *campaign_versions.HANDLERS,
    *campaign_people.HANDLERS,
    *campaign_overdue.HANDLERS,
    *campaign_trials.HANDLERS,
    *campaign_test.HANDLERS,
    *campaign_why.HANDLERS,
    *campaign_calls.HANDLERS,
    *campaign_runs.HANDLERS,
    *account.HANDLERS,
    *audit.HANDLERS,
    *calendar.HANDLERS,
    *vocabulary.HANDLERS,
    *preview.HANDLERS,
    *activity.HANDLERS,
    *explain.HANDLERS,
    *replaying.HANDLERS,
    *planning.HANDLERS,
    *walkthroughs.HANDLERS,
    *transfer.HANDLERS,
    *lists.HANDLERS,
    *audience_questions.HANDLERS,
    *audience_list.HANDLERS,
    *history_copy.HANDLERS,
    *people.HANDLERS,
    *conversations.HANDLERS,
    *suppressions.HANDLERS,
    *consent.HANDLERS,
    *keywords.HANDLERS,
    *views.HANDLERS,
    *yaml_text.HANDLERS,
]


class Control:
    """An ASGI app for everything below `/api`, and the loops that feed its pages."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        may_stay = desk.doorkeeper.may_stay
        self._live = LiveFeed(desk.reports, may_stay=may_stay)
        self._changes = Changes(Watch(desk.catalog, desk.reports, desk.inbox).look, may_stay=may_stay)
        framework = _framework(lambda: desk, desk.options.version)
        documentation = Documentation(framework)
        routes = [
            route("GET", "/api/live", self._live.feed),
            route("GET", "/api/changes", self._changes.feed),
            *documentation.routes(),
        ]
        framework_app: Any = framework  # which types scopes more closely
        dispatch = Dispatch(routes, framework_app, refuse_method=_refuse_method)
        self._app = Guarded(dispatch, desk.doorkeeper, lambda: desk.options.public_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI scope."""
        await self._app(scope, keeping(scope, receive), send)

    async def run(self) -> None:
        """Tell pages what is new, until cancelled."""
        async with asyncio.TaskGroup() as loops:
            loops.create_task(self._live.run())
            loops.create_task(self._changes.run())

    async def drain(self) -> None:
        """End the streams of pages, which would otherwise hold up a stop."""
        self._live.feed.close()
        self._changes.feed.close()


async def _refuse_method(send: Send, headers: Headers) -> None:
    body = body_of("method_not_allowed", "This address does not take that method.")
    await json_answer(send, 405, body, headers=headers)


def control_app(
    *,
    catalog: Catalog,
    history: History,
    audit_log: AuditLog,
    event_types: EventTypes,
    reports: Reports,
    people_lists: Lists,
    audiences: Audiences,
    consents: Consents,
    inbox: Inbox,
    runs: Runs,
    profiles: People,
    links: Links,
    stream: Stream,
    views: Views,
    vault: Vault,
    clock: Clock,
    sender: Rehearser,
    caller: Caller,
    session_book: SessionBook,
    options: ControlOptions,
) -> Control:
    """Return the API on these ports. `sender` sends test messages, `caller` takes calls of campaigns."""
    admin = Admin(email=options.admin_email, password=options.admin_password, api_token=options.api_token)
    return Control(
        Desk(
            catalog=catalog,
            history=history,
            audit=audit_log,
            event_types=event_types,
            reports=reports,
            lists=people_lists,
            audiences=audiences,
            consents=consents,
            inbox=inbox,
            runs=runs,
            people=profiles,
            links=links,
            stream=stream,
            views=views,
            vault=vault,
            clock=clock,
            rehearser=sender,
            caller=caller,
            doorkeeper=Doorkeeper(admin, session_book, clock),
            options=options,
            test_pace=Pace(lambda: clock.now().timestamp(), TESTS_A_MINUTE),
        )
    )


def openapi_document() -> dict[str, Any]:
    """Return the description of the API without a server or a store behind it; `scripts/openapi` prints it."""

    def no_desk() -> Desk:
        raise RuntimeError("Only the description is made here: no request is answered.")

    return completed(_framework(no_desk, version="").openapi_schema.to_schema())


def _framework(desk: Callable[[], Desk], version: str) -> Litestar:
    def the_desk(request: Request[Any, Any, Any]) -> Desk:
        shared, scope = desk(), cast("Scope", request.scope)
        return msgspec.structs.replace(shared, author=shared.doorkeeper.author(scope))

    handlers: Any = {Problem: answer_problem, HTTPException: answer_framework, Exception: answer_bug}
    return Litestar(
        HANDLERS,
        dependencies={"desk": Provide(the_desk, sync_to_thread=False)},
        exception_handlers=handlers,
        response_headers={"cache-control": "no-store", "x-content-type-options": "nosniff"},
        request_max_body_size=BODY_LIMIT,
        logging_config=None,
        openapi_config=OpenAPIConfig(
            title="Tellwire",
            version=version,
            description="Campaigns, providers, and what became of events. JSON in and out; times are UTC.",
            use_handler_docstrings=True,
            render_plugins=[],
            components=Components(security_schemes={"token": SecurityScheme(type="http", scheme="bearer")}),
            security=[{"token": []}],
        ),
    )
