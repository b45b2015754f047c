"""The endpoints of webhooks: where receipts go, with which credentials, and what waits to be taken."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final, Literal

import msgspec

from tellwire.gateway.accounts.accounts import AccountBook
from tellwire.gateway.accounts.webhook_secrets import Unkept, with_kept_secrets
from tellwire.gateway.admin.endpoint import UNKNOWN, Ask, Problem, flaws, is_number, wrong
from tellwire.gateway.admin.privacy import shown_url
from tellwire.gateway.contract.management import MASK
from tellwire.gateway.model.account import WHOLE_ACCOUNT, OAuth, Webhook
from tellwire.gateway.store.callback_log import CallbackLog, LogQuery
from tellwire.gateway.store.volumes import Volumes

PAGE: Final = 50
_UNKEPT: Final = "Enter this again: a stored secret is kept only while scheme, host and port stay."
_FIELDS: Final = {"authorization": "authorization", "client_secret": "oauth.client_secret"}

Text = Annotated[str, msgspec.Meta(max_length=2048)]


class SavedOAuth(msgspec.Struct, kw_only=True, frozen=True):
    """Client credentials for a token (8x8 contract 3.6)."""

    url: Text
    client_id: Text
    client_secret: Text
    credentials_location: Literal["header", "body"] = "header"
    scope: Text | None = None


class SavedWebhook(msgspec.Struct, kw_only=True, frozen=True):
    """A webhook as the form has it; secrets that are `MASK` stay as they are stored."""

    account: Text
    subaccount: Text
    url: Text
    is_enabled: bool = True
    authorization: Text | None = None
    oauth: SavedOAuth | None = None


class Named(msgspec.Struct, kw_only=True, frozen=True):
    """Which webhook."""

    account: Text
    subaccount: Text


class Webhooks:
    """Where receipts go, and what became of them; `redeliver` posts the callback of a logged try once more."""

    def __init__(
        self,
        book: AccountBook,
        volumes: Volumes,
        log: CallbackLog,
        redeliver: Callable[[int], Awaitable[bool]],
    ) -> None:
        self._book = book
        self._volumes = volumes
        self._log = log
        self._redeliver = redeliver

    async def show_all(self, _ask: Ask) -> object:
        """`GET /admin/api/webhooks`: secrets masked."""
        waiting = await self._volumes.callbacks_waiting()
        hooks = self._book.directory().webhooks.values()
        return {
            "webhooks": [_shown(hook) for hook in sorted(hooks, key=lambda hook: hook.subaccount)],
            "waiting": [
                {"subaccount": lane.partition(" ")[0], "origin": lane.partition(" ")[2], "count": count}
                for lane, count in sorted(waiting.items(), key=lambda pair: -pair[1])
            ],
        }

    async def save(self, ask: Ask) -> object:
        """`PUT /admin/api/webhooks`: creates or replaces the webhook of its scope."""
        saved: SavedWebhook = ask.body
        if problem := self._flaws(saved):
            return problem
        kept = self._book.webhook(saved.account, saved.subaccount)
        wished = Webhook(
            id=0,
            account=saved.account,
            subaccount=saved.subaccount,
            url=saved.url.strip(),
            is_enabled=saved.is_enabled,
            authorization=saved.authorization or None,
            oauth=_oauth(saved.oauth),
            signing_key=kept.signing_key if kept else None,
        )
        webhook = with_kept_secrets(wished, kept)
        if isinstance(webhook, Unkept):
            return wrong(**{_FIELDS[webhook.field]: _UNKEPT})
        await self._book.save_webhook(webhook)
        return _shown(webhook)

    async def delete(self, ask: Ask) -> object:
        """`DELETE /admin/api/webhooks`."""
        named: Named = ask.body
        if self._book.webhook(named.account, named.subaccount) is None:
            return UNKNOWN
        await self._book.delete_webhook(named.account, named.subaccount)
        return None

    async def new_signing_key(self, ask: Ask) -> object:
        """`POST /admin/api/webhooks/signing-key`: the one answer that holds it; the old one ends at once."""
        named: Named = ask.body
        hook = self._book.webhook(named.account, named.subaccount)
        if hook is None:
            return UNKNOWN
        key = f"whsec_{secrets.token_urlsafe(32)}"
        await self._book.save_webhook(msgspec.structs.replace(hook, signing_key=key))
        return {"signing_key": key}

    async def log(self, ask: Ask) -> object:
        """`GET /admin/api/webhooks/log?subaccount&umid&failed&before`: the newest tries first."""
        before = ask.query.get("before", "")
        if before and not is_number(before):
            return wrong(before="This is no place in the log.")
        wished = LogQuery(
            subaccount=ask.query.get("subaccount") or None,
            umid=ask.query.get("umid") or None,
            only_failed=bool(ask.query.get("failed")),
            before_id=int(before) if before else None,
            limit=PAGE,
        )
        tries = await self._log.page(wished)
        shown = [
            msgspec.structs.replace(one, url=shown_url(one.url, is_full=ask.sees_private)) for one in tries
        ]
        return {"tries": shown, "next": str(tries[-1].id) if len(tries) == PAGE else None}

    async def again(self, ask: Ask) -> object:
        """`POST /admin/api/webhooks/log/{id}/again`: after what waits of the same message already."""
        identifier = ask.path["id"]
        is_queued = is_number(identifier) and await self._redeliver(int(identifier))
        return None if is_queued else UNKNOWN

    def _flaws(self, saved: SavedWebhook) -> Problem | None:
        directory = self._book.directory()
        known = saved.account in directory.accounts
        subaccount = directory.subaccounts.get(saved.subaccount)
        is_own = subaccount is not None and subaccount.account == saved.account
        return flaws(
            account=not known and "There is no such account.",
            subaccount=known
            and saved.subaccount != WHOLE_ACCOUNT
            and not is_own
            and "The account has no such subaccount; * is all that have none of their own.",
            url=not _is_url(saved.url) and "Write a whole address, such as https://example.com/receipts.",
            **_flaws_of_credentials(saved),
        )


def _oauth(said: SavedOAuth | None) -> OAuth | None:
    if said is None:
        return None
    return OAuth(
        url=said.url.strip(),
        client_id=said.client_id,
        client_secret=said.client_secret,
        credentials_location=said.credentials_location,
        scope=said.scope or None,
    )


def _shown(webhook: Webhook) -> dict[str, Any]:
    oauth = webhook.oauth
    return {
        "account": webhook.account,
        "subaccount": webhook.subaccount,
        "url": webhook.url,
        "is_enabled": webhook.is_enabled,
        "authorization": None if webhook.authorization is None else MASK,
        "oauth": None
        if oauth is None
        else {
            "url": oauth.url,
            "client_id": oauth.client_id,
            "client_secret": MASK,
            "credentials_location": oauth.credentials_location,
            "scope": oauth.scope,
        },
        "is_signed": webhook.signing_key is not None,
    }


def _flaws_of_credentials(saved: SavedWebhook) -> dict[str, str | bool | None]:
    if saved.authorization and saved.oauth:
        return {"authorization": "Use either a fixed Authorization or OAuth 2, not both."}
    return {
        "authorization": saved.authorization
        and not saved.authorization.isprintable()
        and "A header has no line breaks.",
        "oauth.url": saved.oauth is not None
        and not _is_url(saved.oauth.url)
        and "Write the whole address of the token server.",
    }


def _is_url(text: str) -> bool:
    return text.strip().startswith(("http://", "https://")) and len(text.strip()) > len("https://")
