"""The one table of the administration: which path is answered by which handler, and what role it needs."""

from collections.abc import Awaitable, Callable, Sequence

from tellwire.gateway.accept.refused import RefusedRequests
from tellwire.gateway.accounts.accounts import AccountBook
from tellwire.gateway.accounts.numbers import NumberBook
from tellwire.gateway.admin.carriers import CarriersPage, Waiting
from tellwire.gateway.admin.endpoint import UNKNOWN, Gate, write
from tellwire.gateway.admin.inbound import InboundPage
from tellwire.gateway.admin.keys import ChangedKey, Keys, NewKey, SavedAccount, SavedSubaccount, TopUp
from tellwire.gateway.admin.messages import MessagesPage
from tellwire.gateway.admin.numbers import (
    NamedNumber,
    NamedSender,
    NumbersPage,
    SavedLogin,
    SavedNumber,
    SavedSender,
)
from tellwire.gateway.admin.overview import Overview
from tellwire.gateway.admin.people import People
from tellwire.gateway.admin.prices import NamedPrice, Prices, SavedPrice
from tellwire.gateway.admin.routing import RULES_LIMIT, DryRunWish, RoutesPage, SavedRules
from tellwire.gateway.admin.signing import ChangedPassword, ChangedPerson, NewPerson, Signing
from tellwire.gateway.admin.simulator import SimulatorPage
from tellwire.gateway.admin.surveys import SavedSurvey, SurveysPage
from tellwire.gateway.admin.watch import Watch
from tellwire.gateway.admin.webhooks import Named, SavedWebhook, Webhooks
from tellwire.gateway.carriers.choosing import Traffic
from tellwire.gateway.model.role import may
from tellwire.gateway.simulator.behaviour import Behaviour
from tellwire.gateway.simulator.handsets import Handsets
from tellwire.gateway.smpp.server import CustomerBind
from tellwire.gateway.store.callback_log import CallbackLog
from tellwire.gateway.store.flows import Flows
from tellwire.gateway.store.inbound_search import InboundSearch
from tellwire.gateway.store.people import PeopleStore
from tellwire.gateway.store.reports import Reports
from tellwire.gateway.store.volumes import Volumes
from tellwire.gateway.surveys.book import SurveyBook
from tellwire.gateway.surveys.store import SurveyStore
from tellwire.kernel.clock import Clock
from tellwire.kernel.sessions import SessionBook
from tellwire.kernel.sqlite import Database
from tellwire.kernel.tries import Judged
from tellwire.kernel.web.asgi import App, Receive, Scope, Send
from tellwire.kernel.web.changes import Changes
from tellwire.kernel.web.dispatch import Route, route

API = "/admin/api"


class Administration:
    """The portal's side of a gateway: `load` it, then serve `routes`."""

    def __init__(
        self,
        *,
        database: Database,
        book: AccountBook,
        callback_log: CallbackLog,
        redeliver: Callable[[int], Awaitable[bool]],
        numbers: NumberBook,
        surveys: SurveyBook,
        customers: Callable[[], Sequence[CustomerBind]],
        traffic: Traffic,
        waiting: Waiting,
        handsets: Handsets,
        behaviour: Behaviour | None,
        is_admin_token: Callable[[str], bool],
        refused: RefusedRequests,
        judge_token: Callable[[str, str], Judged],
        sessions: SessionBook,
        clock: Clock,
    ) -> None:
        self._people = People(PeopleStore(database), clock=clock)
        self._watch = Watch(database)
        self._gate = Gate(self._people, sessions, judge_token=judge_token, on_change=self._notice)
        self.changes = Changes(self._watch.look, may_stay=self._gate.may_stay)
        self._signing = Signing(self._gate, self._people, sessions, is_admin_token=is_admin_token)
        volumes = Volumes(database)
        self._keys = Keys(book)
        self._prices = Prices(book)
        self._numbers = NumbersPage(numbers, book, customers)
        self._routing = RoutesPage(traffic, book, Flows(database), clock=clock)
        self._surveys = SurveysPage(surveys, SurveyStore(database), book, clock=clock)
        self._webhooks = Webhooks(book, volumes, callback_log, redeliver)
        self._messages = MessagesPage(Reports(database), clock=clock)
        self._inbound = InboundPage(InboundSearch(database), clock=clock)
        self._carriers = CarriersPage(traffic, waiting, clock=clock)
        self._overview = Overview(
            book, volumes, self._messages, self._carriers, waiting, refused=refused, clock=clock
        )
        self._simulator = SimulatorPage(handsets, behaviour)

    async def load(self) -> None:
        """Read who may sign in."""
        await self._people.load()

    def sees_handsets(self, scope: Scope) -> bool:
        """Say whether a request comes from somebody signed in who may see numbers and texts, simulated ones too."""
        person = self._gate.signed_in(scope)
        return person is not None and may(person.role, "developer")

    def routes(self) -> list[Route]:
        """Return every route of the administration's API."""
        return [
            *self._door_routes(),
            *self._account_routes(),
            *self._webhook_routes(),
            *self._number_routes(),
            *self._survey_routes(),
            *self._traffic_routes(),
            route("GET POST PUT DELETE", f"{API}/*", _unknown),
        ]

    def _notice(self, topic: str) -> None:
        self.changes.notice(topic)

    def _door_routes(self) -> list[Route]:
        signing, endpoint = self._signing, self._gate.endpoint
        return [
            route("POST", f"{API}/session", signing.sign_in),
            route("GET", f"{API}/session", signing.show),
            route("DELETE", f"{API}/session", signing.sign_out),
            route("GET", f"{API}/changes", self._gate.stream("viewer", self.changes.feed)),
            route("POST", f"{API}/password", endpoint("viewer", signing.change_password, ChangedPassword)),
            route("GET", f"{API}/people", endpoint("owner", signing.show_all)),
            route("POST", f"{API}/people", endpoint("owner", signing.add, NewPerson)),
            route("PUT", f"{API}/people/{{email}}", endpoint("owner", signing.change, ChangedPerson)),
            route("DELETE", f"{API}/people/{{email}}", endpoint("owner", signing.delete)),
        ]

    def _account_routes(self) -> list[Route]:
        keys, prices, endpoint = self._keys, self._prices, self._gate.endpoint
        return [
            route("GET", f"{API}/accounts", endpoint("viewer", keys.accounts)),
            *_named("PUT", f"{API}/accounts/{{id}}", endpoint("owner", keys.save_account, SavedAccount)),
            route("POST", f"{API}/accounts/{{id}}/balance", endpoint("owner", keys.top_up, TopUp)),
            *_named(
                "PUT", f"{API}/subaccounts/{{id}}", endpoint("owner", keys.save_subaccount, SavedSubaccount)
            ),
            route("GET", f"{API}/prices", endpoint("viewer", prices.show_all)),
            route("PUT", f"{API}/prices", endpoint("owner", prices.save, SavedPrice)),
            route("DELETE", f"{API}/prices", endpoint("owner", prices.delete, NamedPrice)),
            route("GET", f"{API}/keys", endpoint("viewer", keys.keys)),
            route("POST", f"{API}/keys", endpoint("developer", keys.make_key, NewKey)),
            route("PUT", f"{API}/keys/{{id}}", endpoint("developer", keys.change_key, ChangedKey)),
            route("DELETE", f"{API}/keys/{{id}}", endpoint("developer", keys.delete_key)),
        ]

    def _webhook_routes(self) -> list[Route]:
        hooks, endpoint = self._webhooks, self._gate.endpoint
        return [
            route("GET", f"{API}/webhooks", endpoint("viewer", hooks.show_all)),
            route("PUT", f"{API}/webhooks", endpoint("developer", hooks.save, SavedWebhook)),
            route("DELETE", f"{API}/webhooks", endpoint("developer", hooks.delete, Named)),
            route("GET", f"{API}/webhooks/log", endpoint("viewer", hooks.log)),
            route("POST", f"{API}/webhooks/log/{{id}}/again", endpoint("developer", hooks.again)),
            route("POST", f"{API}/webhooks/signing-key", endpoint("developer", hooks.new_signing_key, Named)),
        ]

    def _number_routes(self) -> list[Route]:
        numbers, endpoint = self._numbers, self._gate.endpoint
        login = f"{API}/numbers/logins/{{system_id}}"
        return [
            route("GET", f"{API}/numbers", endpoint("viewer", numbers.show_all)),
            route("PUT", f"{API}/numbers/senders", endpoint("developer", numbers.save_sender, SavedSender)),
            route(
                "DELETE", f"{API}/numbers/senders", endpoint("developer", numbers.delete_sender, NamedSender)
            ),
            route("PUT", f"{API}/numbers/virtual", endpoint("owner", numbers.save_number, SavedNumber)),
            route("DELETE", f"{API}/numbers/virtual", endpoint("owner", numbers.delete_number, NamedNumber)),
            *_named("PUT", login, endpoint("developer", numbers.save_login, SavedLogin)),
            route("POST", f"{login}/password", endpoint("developer", numbers.new_password)),
            route("DELETE", login, endpoint("developer", numbers.delete_login)),
        ]

    def _survey_routes(self) -> list[Route]:
        surveys, endpoint = self._surveys, self._gate.endpoint
        one = f"{API}/surveys/{{id}}"
        return [
            route("GET", f"{API}/surveys", endpoint("viewer", surveys.show_all)),
            route("GET", one, endpoint("viewer", surveys.show)),
            *_named("PUT", one, endpoint("developer", surveys.save, SavedSurvey)),
            route("DELETE", one, endpoint("developer", surveys.delete)),
            route("GET", f"{one}/answers", endpoint("viewer", surveys.answers)),
            route("GET", f"{one}/answers.csv", endpoint("developer", surveys.csv)),
        ]

    def _traffic_routes(self) -> list[Route]:
        endpoint = self._gate.endpoint
        return [
            route("GET", f"{API}/overview", endpoint("viewer", self._overview.show)),
            route("GET", f"{API}/messages", endpoint("viewer", self._messages.search)),
            route("GET", f"{API}/messages.csv", endpoint("viewer", self._messages.csv)),
            route("GET", f"{API}/messages/{{umid}}", endpoint("viewer", self._messages.show)),
            route("GET", f"{API}/inbound", endpoint("viewer", self._inbound.search)),
            route("GET", f"{API}/inbound/{{umid}}", endpoint("viewer", self._inbound.show)),
            route("GET", f"{API}/carriers", endpoint("viewer", self._carriers.show_all)),
            route("POST", f"{API}/carriers/{{name}}/connect", endpoint("owner", self._carriers.connect)),
            route(
                "POST", f"{API}/carriers/{{name}}/disconnect", endpoint("owner", self._carriers.disconnect)
            ),
            route("GET", f"{API}/routes", endpoint("viewer", self._routing.show)),
            route(
                "PUT", f"{API}/routes", endpoint("owner", self._routing.save, SavedRules, limit=RULES_LIMIT)
            ),
            route(
                "POST",
                f"{API}/routes/preview",
                endpoint("owner", self._routing.preview, SavedRules, limit=RULES_LIMIT),
            ),
            route("POST", f"{API}/routes/dry-run", endpoint("viewer", self._routing.dry_run, DryRunWish)),
            route("GET", f"{API}/simulator", endpoint("viewer", self._simulator.show)),
        ]


def _named(methods: str, pattern: str, app: App) -> tuple[Route, Route]:
    """Return the route of a thing that is named in its address, and one for a name that was left empty.

    The handler then says that the name is missing, instead of somebody else that there is no such thing.
    """
    return route(methods, pattern, app), route(methods, pattern[: pattern.rindex("{")], app)


async def _unknown(_scope: Scope, _receive: Receive, send: Send) -> None:
    await write(send, UNKNOWN)
