"""The endpoint to which HTTP carriers post their receipts; the secret in its path is all that they can show."""

from collections.abc import Mapping
from typing import Final

from tellwire.gateway.api.access import ApiAccess
from tellwire.gateway.callbacks.receipts import ReceiptIntake
from tellwire.gateway.carriers.http_provider import HttpCarrierConfig, receipt_format
from tellwire.gateway.contract.delivery_errors import read_code
from tellwire.gateway.contract.errors import MALFORMED, NOT_FOUND, STORE_FULL, ApiError
from tellwire.gateway.smpp.receipts import DeliveredReceipt
from tellwire.kernel.provider.receipt import ReadReceipt, ReceiptFormat, Unreadable, read_receipts
from tellwire.kernel.secrets import same
from tellwire.kernel.sqlite import StoreError
from tellwire.kernel.web.asgi import Receive, Scope, Send

BODY_LIMIT: Final = 256 * 1024


class CarrierReceiptsApi:
    """Takes receipts of HTTP carriers; 2xx is answered only after they are stored."""

    def __init__(
        self, access: ApiAccess, intake: ReceiptIntake, carriers: Mapping[str, HttpCarrierConfig]
    ) -> None:
        self._access = access
        self._intake = intake
        self._formats = {
            name: (config.receipts.token, receipt_format(config.receipts))
            for name, config in carriers.items()
            if config.receipts is not None
        }

    async def take(self, scope: Scope, receive: Receive, send: Send) -> None:
        """`POST|GET /carriers/{carrier}/receipts/{token}`."""
        form = self._format(scope)
        if form is None:
            await self._access.refuse(send, NOT_FOUND)
            return
        body = await self._access.body(scope, receive, BODY_LIMIT)
        if isinstance(body, ApiError):
            await self._access.refuse_unread(receive, send, body)
            return
        read = read_receipts(form, body, scope.get("query_string", b"").decode("latin-1"))
        if isinstance(read, Unreadable):
            await self._access.refuse(send, MALFORMED)
            return
        try:
            for receipt in read.receipts:
                await self._deliver(scope["path_params"]["carrier"], receipt)
        except StoreError:
            await self._access.refuse(send, STORE_FULL)
        else:
            await self._access.reply(send, {"status": "ok"})

    def _format(self, scope: Scope) -> ReceiptFormat | None:
        parameters = scope["path_params"]
        token, form = self._formats.get(parameters["carrier"], ("", None))
        return form if same(token, parameters["token"]) else None

    async def _deliver(self, carrier: str, receipt: ReadReceipt) -> None:
        await self._intake.deliver(
            carrier,
            DeliveredReceipt(
                carrier_message_id=receipt.id,
                standing=receipt.standing,
                error_code=read_code(receipt.error),
                at=self._access.clock.now(),
            ),
        )
