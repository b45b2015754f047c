"""The endpoints of an account: prices, balance, webhooks (8x8 contract 2.8, 3.6)."""

from typing import Final

from tellwire.gateway.accounts.accounts import AccountBook
from tellwire.gateway.accounts.webhook_secrets import Unkept, with_kept_secrets
from tellwire.gateway.api.access import ApiAccess
from tellwire.gateway.contract.errors import (
    FOREIGN_ACCOUNT,
    FOREIGN_SUBACCOUNT,
    NOT_PREPAID,
    ApiError,
    invalid,
)
from tellwire.gateway.contract.management import (
    MASK,
    OAuthWish,
    PriceQuery,
    WebhookWish,
    WireOAuth,
    WireWebhook,
    balance,
    price_list,
    read_webhook_scopes,
    read_webhooks,
)
from tellwire.gateway.model.account import WHOLE_ACCOUNT, Account, OAuth, Webhook
from tellwire.kernel.web.asgi import Receive, Scope, Send, json_answer, query

WEBHOOKS_BODY_LIMIT: Final = 1024 * 1024


class AccountApi:
    """Answers for the account of the caller's key; a path that names another one is refused."""

    def __init__(self, access: ApiAccess, book: AccountBook) -> None:
        self._access = access
        self._book = book

    async def prices(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """`GET /api/v1/accounts/{acc}/prices`."""
        account = self._account(scope)
        if isinstance(account, ApiError):
            await self._access.refuse(send, account)
            return
        wanted = query(scope)
        wish = PriceQuery(
            country=wanted.get("country"),
            mcc=wanted.get("mcc"),
            mnc=wanted.get("mnc"),
            direction=wanted.get("direction"),
        )
        subaccounts = self._subaccounts(account.id)
        named = wanted.get("subAccountId")
        if named is not None and named not in subaccounts:
            await self._access.refuse(send, FOREIGN_SUBACCOUNT)
            return
        prices = [price for price in self._book.tariff(account.id).prices if wish.matches(price)]
        chosen = subaccounts if named is None else [named]
        await json_answer(send, 200, price_list(chosen, prices, account.currency))

    async def balance(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """`GET /api/v1/accounts/{acc}/balance`, of prepaid accounts only."""
        account = self._account(scope)
        if isinstance(account, Account) and not account.is_prepaid:
            account = NOT_PREPAID
        if isinstance(account, ApiError):
            await self._access.refuse(send, account)
            return
        amount_micro = await self._book.balance_micro(account.id)
        await json_answer(send, 200, balance(amount_micro, account.currency))

    async def webhooks(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """`GET /api/v1/accounts/{acc}/webhooks`, secrets masked."""
        account = self._account(scope)
        if isinstance(account, ApiError):
            await self._access.refuse(send, account)
            return
        listed = [
            _shown(hook) for hook in self._book.directory().webhooks.values() if hook.account == account.id
        ]
        await self._access.reply(send, listed)

    async def save_webhooks(self, scope: Scope, receive: Receive, send: Send) -> None:
        """`POST /api/v1/accounts/{acc}/webhooks`: all of the array or none of it."""
        account = self._account(scope)
        body = await self._body(account, scope, receive, send)
        if isinstance(account, ApiError) or body is None:
            return
        wishes = read_webhooks(body)
        if not isinstance(wishes, ApiError):
            foreign = {wish.subaccount for wish in wishes} - {WHOLE_ACCOUNT, *self._subaccounts(account.id)}
            wishes = FOREIGN_SUBACCOUNT if foreign else wishes
        if isinstance(wishes, ApiError):
            await self._access.refuse(send, wishes)
            return
        hooks = self._webhooks(account.id, wishes)
        if isinstance(hooks, ApiError):
            await self._access.refuse(send, hooks)
            return
        await self._book.save_webhooks(hooks)
        await self._access.reply_empty(send)

    async def delete_webhooks(self, scope: Scope, receive: Receive, send: Send) -> None:
        """`DELETE /api/v1/accounts/{acc}/webhooks`: `*` means the account's own and is no wildcard."""
        account = self._account(scope)
        body = await self._body(account, scope, receive, send)
        if isinstance(account, ApiError) or body is None:
            return
        scopes = read_webhook_scopes(body)
        if isinstance(scopes, ApiError):
            await self._access.refuse(send, scopes)
            return
        await self._book.delete_webhooks(account.id, scopes)
        await self._access.reply_empty(send)

    def _account(self, scope: Scope) -> Account | ApiError:
        key = self._access.key(scope)
        if isinstance(key, ApiError):
            return key
        if scope["path_params"]["acc"] != key.account:
            return FOREIGN_ACCOUNT
        return self._book.directory().accounts[key.account]

    def _subaccounts(self, account: str) -> list[str]:
        return [one.id for one in self._book.directory().subaccounts.values() if one.account == account]

    async def _body(
        self, account: Account | ApiError, scope: Scope, receive: Receive, send: Send
    ) -> bytes | None:
        """Return the body of a caller who may send one; else answer the refusal and return None."""
        if isinstance(account, ApiError):
            await self._access.refuse(send, account)
            return None
        body = await self._access.body(scope, receive, WEBHOOKS_BODY_LIMIT)
        if isinstance(body, ApiError):
            await self._access.refuse_unread(receive, send, body)
            return None
        return body

    def _webhooks(self, account: str, wishes: list[WebhookWish]) -> list[Webhook] | ApiError:
        """Return the webhooks that are wished; a masked secret, as our own answer shows it, stays what it was."""
        hooks = []
        for wish in wishes:
            stored = self._book.webhook(account, wish.subaccount)
            hook = with_kept_secrets(_webhook(account, wish, stored), stored)
            if isinstance(hook, Unkept):
                return _UNKEPT[hook.field]
            hooks.append(hook)
        return hooks


_UNKEPT: Final = {
    "authorization": invalid(1000, "Invalid httpAuthorization value"),
    "client_secret": invalid(1000, "Invalid oauth.clientSecret value"),
}


def _webhook(account: str, wish: WebhookWish, stored: Webhook | None) -> Webhook:
    return Webhook(
        id=0,
        account=account,
        subaccount=wish.subaccount,
        url=wish.url,
        is_enabled=wish.is_enabled,
        authorization=wish.authorization,
        oauth=None if wish.oauth is None else _oauth(wish.oauth),
        signing_key=None if stored is None else stored.signing_key,
    )


def _oauth(wish: OAuthWish) -> OAuth:
    return OAuth(
        url=wish.url,
        client_id=wish.client_id,
        client_secret=wish.client_secret,
        credentials_location=wish.location,
        scope=wish.scope,
    )


def _shown(webhook: Webhook) -> WireWebhook:
    oauth = webhook.oauth
    return WireWebhook(
        sub_account_id=webhook.subaccount,
        url=webhook.url,
        http_authorization=None if webhook.authorization is None else MASK,
        enabled=webhook.is_enabled,
        oauth=None
        if oauth is None
        else WireOAuth(
            url=oauth.url,
            client_id=oauth.client_id,
            client_secret=MASK,
            credentials_location=oauth.credentials_location,
            scope=oauth.scope,
        ),
    )
