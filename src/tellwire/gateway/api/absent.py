"""Endpoints of 8x8 that this gateway does not have; the answer says so, after the caller is known.

Surveys need an 8x8 product (forms, short links) that is not a gateway's (8x8 contract 2.8).
"""

from tellwire.gateway.api.door import Door
from tellwire.gateway.contract.errors import NOT_IMPLEMENTED, ApiError
from tellwire.kernel.web.asgi import Receive, Scope, Send


class AbsentApi:
    """Answers 2001 to who may ask at all."""

    def __init__(self, door: Door) -> None:
        self._door = door

    async def survey(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """`POST .../surveys/{surveyId}/messages` and `.../messages/batch`."""
        caller = self._door.caller(scope)
        await self._door.refuse(send, caller if isinstance(caller, ApiError) else NOT_IMPLEMENTED)
