"""The endpoints that send surveys (8x8 contract 2.8): as any message, but the text is a template with a link."""

from tellwire.gateway.api.access import ApiAccess, Caller
from tellwire.gateway.api.sending import SendingApi
from tellwire.gateway.contract.errors import ApiError
from tellwire.gateway.contract.sending import Content
from tellwire.gateway.contract.surveys import SURVEY_CLOSED, UNKNOWN_SURVEY, survey_content
from tellwire.gateway.surveys.book import SurveyBook
from tellwire.kernel.web.asgi import Receive, Scope, Send


class SurveysApi:
    """Takes messages that lead to a survey of the caller's subaccount."""

    def __init__(self, access: ApiAccess, sending: SendingApi, surveys: SurveyBook) -> None:
        self._access = access
        self._sending = sending
        self._surveys = surveys

    async def single(self, scope: Scope, receive: Receive, send: Send) -> None:
        """`POST /api/v1/subaccounts/{sub}/surveys/{surveyId}/messages`."""
        entered = self._enter(scope)
        if isinstance(entered, ApiError):
            await self._sending.refuse(send, entered)
        else:
            await self._sending.take_single(scope, receive, send, *entered)

    async def batch(self, scope: Scope, receive: Receive, send: Send) -> None:
        """`POST /api/v1/subaccounts/{sub}/surveys/{surveyId}/messages/batch`."""
        entered = self._enter(scope)
        if isinstance(entered, ApiError):
            await self._sending.refuse(send, entered)
        else:
            await self._sending.take_batch(scope, receive, send, *entered)

    def _enter(self, scope: Scope) -> tuple[Caller, Content] | ApiError:
        caller = self._access.caller(scope)
        if isinstance(caller, ApiError):
            return caller
        survey = self._surveys.find(scope["path_params"]["survey"], caller.subaccount.id)
        if survey is None:
            return UNKNOWN_SURVEY
        if not survey.is_open(self._access.clock.now()):
            return SURVEY_CLOSED
        return caller, survey_content(survey.id, survey.closes_at)
