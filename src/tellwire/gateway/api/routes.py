"""Which path is answered by which endpoint: the one table of the gateway's HTTP endpoints."""

from functools import partial

from tellwire.gateway.accept.links import PATH
from tellwire.gateway.api.access import ApiAccess
from tellwire.gateway.api.account import AccountApi
from tellwire.gateway.api.carrier_receipts import CarrierReceiptsApi
from tellwire.gateway.api.exports import ExportsApi
from tellwire.gateway.api.links import LinksApi
from tellwire.gateway.api.messages import MessagesApi
from tellwire.gateway.api.sending import SendingApi
from tellwire.gateway.api.surveys import SurveysApi
from tellwire.gateway.contract.errors import METHOD_NOT_ALLOWED, NOT_FOUND
from tellwire.kernel.web.asgi import App, Headers, Receive, Scope, Send
from tellwire.kernel.web.dispatch import Dispatch, Route, not_found, route


def sending_routes(api: SendingApi) -> list[Route]:
    """Return the routes that take messages, under their names of today and of Wavecell's time (8x8 contract 2.3).

    Wavecell's clients may show their key as the password of Basic authentication (8x8 contract 1).
    """
    sub = "/api/v1/subaccounts/{sub}"
    return [
        route("POST", f"{sub}/messages", api.single),
        route("POST", f"{sub}/messages/batch", api.batch),
        route("POST", f"{sub}/partners/clevertap/batch", partial(api.batch, is_partner=True)),
        route("POST", f"{sub}/partners/webengage", api.webengage),
        route("POST", "/sms/v1/{sub}/single", partial(api.single, takes_basic=True)),
        route("POST", "/sms/v1/{sub}/many", partial(api.batch, takes_basic=True)),
        route("POST", "/sms/v1/{sub}/many/compact", partial(api.batch, takes_basic=True)),
    ]


def message_routes(api: MessagesApi) -> list[Route]:
    """Return the routes about messages that were sent."""
    sub = "/api/v1/subaccounts/{sub}/messages"
    return [
        route("GET", f"{sub}/{{umid}}", api.details),
        route("DELETE", f"{sub}/{{umid}}", api.cancel),
        route("DELETE", f"{sub}/batch/{{batch}}", api.cancel_batch),
        route("POST", f"{sub}/{{umid}}/feedback", api.feedback),
        route("DELETE", f"{sub}/{{umid}}/pii", api.erase),
        route("DELETE", "/sms/v1/{sub}/single/{umid}", partial(api.cancel, takes_basic=True)),
        route("DELETE", "/sms/v1/{sub}/many/{batch}", partial(api.cancel_batch, takes_basic=True)),
    ]


def export_routes(api: ExportsApi) -> list[Route]:
    """Return the routes of export jobs."""
    sub = "/api/v1/subaccounts/{sub}/messages"
    return [
        route("POST", f"{sub}/exports", api.start),
        route("GET", f"{sub}/exports/{{job}}", api.show),
        route("DELETE", f"{sub}/exports/{{job}}", api.cancel),
        route("GET", f"{sub}/download/{{token}}", api.download),
    ]


def account_routes(api: AccountApi) -> list[Route]:
    """Return the routes of an account."""
    account = "/api/v1/accounts/{acc}"
    return [
        route("GET", f"{account}/prices", api.prices),
        route("GET", f"{account}/balance", api.balance),
        route("GET", f"{account}/webhooks", api.webhooks),
        route("POST", f"{account}/webhooks", api.save_webhooks),
        route("DELETE", f"{account}/webhooks", api.delete_webhooks),
    ]


def survey_routes(api: SurveysApi) -> list[Route]:
    """Return the routes that send surveys."""
    survey = "/api/v1/subaccounts/{sub}/surveys/{survey}/messages"
    return [route("POST", survey, api.single), route("POST", f"{survey}/batch", api.batch)]


def link_routes(api: LinksApi) -> list[Route]:
    """Return the routes of short links, for people with a browser."""
    path = f"{PATH}{{slug}}"
    return [route("GET", path, api.follow), route("POST", path, api.submit)]


def carrier_routes(api: CarrierReceiptsApi) -> list[Route]:
    """Return the route of HTTP carriers' receipts."""
    return [route("GET POST", "/carriers/{carrier}/receipts/{token}", api.take)]


def gateway_app(access: ApiAccess, routes: list[Route]) -> App:
    """Return the whole application; a path or method that nobody knows gets 8x8's error object."""

    async def unknown(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await access.refuse(send, NOT_FOUND)
        else:
            await not_found(scope, receive, send)

    async def refuse_method(send: Send, headers: Headers) -> None:
        await access.refuse(send, METHOD_NOT_ALLOWED, headers)

    return Dispatch(routes, unknown, refuse_method=refuse_method)
