"""The bodies of feedback, exports, webhook management, prices and balance (8x8 contract 2.7, 2.8, 3.6)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

import msgspec
from phonenumbers import country_code_for_region

from tellwire.gateway.contract.errors import MALFORMED, ApiError, invalid
from tellwire.gateway.contract.members import text_of
from tellwire.gateway.contract.moments import read_moment
from tellwire.gateway.contract.receipts import of_micro
from tellwire.kernel.address import parse_msisdn
from tellwire.kernel.choice.price import Price
from tellwire.kernel.links.web_url import is_web_url

MASK: Final = "***"
_COUNT_DIGITS: Final = 15
_DEFAULT_SPAN: Final = timedelta(days=7)
WEBHOOKS_LIMIT: Final = 1000


def _invalid(name: str) -> ApiError:
    return invalid(1000, f"Invalid {name} value")


class FeedbackWish(msgspec.Struct, frozen=True):
    """A sender's word on a message: did it lead to what it was sent for, and when (None: now)."""

    outcome: Literal["success", "failure"]
    at: datetime | None


class _WireFeedback(msgspec.Struct):
    outcome: Any = None
    timestamp: Any = None


def read_feedback(body: bytes) -> FeedbackWish | ApiError:
    """Return the feedback that a body holds."""
    try:
        wire = msgspec.json.decode(body, type=_WireFeedback)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return MALFORMED
    outcome = str(wire.outcome).lower()
    if outcome not in {"success", "failure"}:
        return _invalid("outcome")
    at = read_moment(wire.timestamp) if isinstance(wire.timestamp, str) else None
    if wire.timestamp is not None and at is None:
        return _invalid("timestamp")
    return FeedbackWish("success" if outcome == "success" else "failure", at)


class ExportWish(msgspec.Struct, frozen=True, kw_only=True):
    """Which messages to export: accepted in [`since`, `until`), `limit` 0 for all; no countries means every one."""

    since: datetime
    until: datetime
    destination: str | None = None
    countries: tuple[str, ...] = ()
    limit: int = 0


class _WireExport(msgspec.Struct):
    from_: Any = msgspec.field(default=None, name="from")
    to: Any = None
    phone_number: Any = msgspec.field(default=None, name="phoneNumber")
    countries: Any = None
    limit: Any = None


def read_export(body: bytes, now: datetime) -> ExportWish | ApiError:
    """Return the wish of an export job; an empty body wishes the last seven days."""
    try:
        wire = msgspec.json.decode(body or b"{}", type=_WireExport)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return MALFORMED
    midnight = datetime(now.year, now.month, now.day, tzinfo=UTC)
    since = _date(wire.from_, midnight - _DEFAULT_SPAN)
    until = _date(wire.to, now)
    if since is None or until is None:
        return _invalid("from" if since is None else "to")
    written = text_of(wire.phone_number)
    number = None if written is None else parse_msisdn(written)
    if wire.phone_number is not None and number is None:
        return _invalid("phoneNumber")
    countries = [] if wire.countries is None else wire.countries
    if not isinstance(countries, list) or not all(
        isinstance(one, str) and len(one) == 2 for one in countries
    ):
        return _invalid("countries")
    limit = _limit(wire.limit)
    if limit is None:
        return _invalid("limit")
    return ExportWish(
        since=since,
        until=until,
        destination=None if number is None else number.digits,
        countries=tuple(one.upper() for one in countries),
        limit=limit,
    )


def _limit(value: Any) -> int | None:
    """Return how many messages at most, 0 for all; None for what is no count."""
    digits = "0" if value is None or value == "" else text_of(value) or ""
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= _COUNT_DIGITS else None


def _date(value: Any, default: datetime) -> datetime | None:
    if value is None:
        return default
    return read_moment(value) if isinstance(value, str) and len(value) <= 40 else None


class WebhookWish(msgspec.Struct, frozen=True, kw_only=True):
    """One webhook to create or replace; `authorization` and the secret are in the clear, or `MASK` for "as it was"."""

    subaccount: str
    url: str
    authorization: str | None
    is_enabled: bool
    oauth: "OAuthWish | None"


class OAuthWish(msgspec.Struct, frozen=True, kw_only=True):
    """Client credentials for a webhook's token."""

    url: str
    client_id: str
    client_secret: str
    location: Literal["header", "body"]
    scope: str | None


class WireOAuth(msgspec.Struct, kw_only=True, rename="camel", omit_defaults=True):
    """`oauth` of a webhook on the wire."""

    url: str
    client_id: str
    client_secret: str
    credentials_location: str
    scope: str | None = None


class WireWebhook(msgspec.Struct, kw_only=True, rename="camel", omit_defaults=True):
    """A webhook on the wire; `type` of the Chat Apps host is read and ignored."""

    sub_account_id: str
    url: str | None = None
    http_authorization: str | None = None
    enabled: bool | None = None
    oauth: WireOAuth | None = None


def read_webhooks(body: bytes) -> list[WebhookWish] | ApiError:
    """Return the webhooks that a body (an array, or one object) wants created or replaced.

    What could never be posted is refused here, where somebody reads the answer.
    """
    wires = _read_wires(body)
    if isinstance(wires, ApiError):
        return wires
    wishes: list[WebhookWish] = []
    for wire in wires:
        if wire.url is None or not is_web_url(wire.url):
            return _invalid("url")
        if wire.http_authorization is not None and not wire.http_authorization.isprintable():
            return _invalid("httpAuthorization")
        oauth = None if wire.oauth is None else _oauth(wire.oauth)
        if isinstance(oauth, ApiError):
            return oauth
        wishes.append(
            WebhookWish(
                subaccount=wire.sub_account_id,
                url=wire.url,
                authorization=wire.http_authorization or None,
                is_enabled=wire.enabled is not False,
                oauth=oauth,
            )
        )
    return wishes


def read_webhook_scopes(body: bytes) -> list[str] | ApiError:
    """Return the scopes (`*` is one of its own) whose webhooks a body wants deleted."""
    wires = _read_wires(body)
    return wires if isinstance(wires, ApiError) else [wire.sub_account_id for wire in wires]


def _read_wires(body: bytes) -> list[WireWebhook] | ApiError:
    try:
        # Not strict: "false" and 0 are as good as false (8x8 contract 0.1, item 9).
        read = msgspec.json.decode(body, type=list[WireWebhook] | WireWebhook, strict=False)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return MALFORMED
    wires = [read] if isinstance(read, WireWebhook) else read
    return wires if len(wires) <= WEBHOOKS_LIMIT else _invalid("body")


def _oauth(wire: WireOAuth) -> OAuthWish | ApiError:
    if not is_web_url(wire.url):
        return _invalid("oauth.url")
    location = wire.credentials_location.lower()
    if location not in {"header", "body"}:
        return _invalid("oauth.credentialsLocation")
    return OAuthWish(
        url=wire.url,
        client_id=wire.client_id,
        client_secret=wire.client_secret,
        location="header" if location == "header" else "body",
        scope=wire.scope,
    )


class PriceQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The query of a price list; None is everything."""

    country: str | None = None
    mcc: str | None = None
    mnc: str | None = None
    direction: str | None = None

    def matches(self, price: Price) -> bool:
        """Say whether a price is asked for."""
        return (
            (self.country is None or self.country.upper() == price.country)
            and (self.mcc is None or _is_same_code(self.mcc, price.mcc))
            and (self.mnc is None or _is_same_code(self.mnc, price.mnc))
            and (self.direction is None or self.direction.lower() == price.direction)
        )


def _is_same_code(wanted: str, own: str) -> bool:
    """Compare network codes as numbers: a query has them as integers, an answer as texts, so 1 is "01"."""
    return len(wanted) <= 8 and wanted.isdecimal() and own.isdecimal() and int(wanted) == int(own)


def price_list(subaccounts: Iterable[str], prices: Iterable[Price], currency: str) -> bytes:
    """Return the price list's JSON: every subaccount of an account pays the same."""
    listed = list(prices)
    lists = {
        "outbound": {"countries": _countries(listed, "outbound", currency)},
        "inbound": {"countries": _countries(listed, "inbound", currency)},
    }
    return _encode({"subAccounts": [{"subAccountId": one, **lists} for one in subaccounts]})


def balance(amount_micro: int, currency: str) -> bytes:
    """Return the balance's JSON."""
    return _encode({"balance": of_micro(amount_micro), "currency": currency})


_encode = msgspec.json.Encoder(decimal_format="number").encode


def _countries(prices: list[Price], direction: str, currency: str) -> list[dict[str, Any]]:
    countries: dict[str, dict[str, Any]] = {}
    for price in prices:
        if price.direction != direction:
            continue
        country = countries.setdefault(
            price.country,
            {
                "alpha2Code": price.country,
                "countryName": price.country_name,
                "dialingPrefix": f"+{country_code_for_region(price.country) or price.prefix}",
            },
        )
        amount: dict[str, Any] = {"amount": of_micro(price.part_micro), "currency": currency}
        if direction == "outbound":
            country.setdefault("operators", []).append(_operator(price, amount))
        else:
            country.setdefault("numberTypes", []).append({"type": "longcode", "defaultPrice": amount})
    return list(countries.values())


def _operator(price: Price, amount: dict[str, Any]) -> dict[str, Any]:
    return {
        "operatorName": price.operator or "All operators",
        "operatorId": _operator_id(price),
        "hni": [{"mcc": price.mcc, "mnc": price.mnc}] if price.mcc else [],
        "price": amount,
    }


def _operator_id(price: Price) -> int:
    """Return a number for an operator, as 8x8 has one: 525001 for MCC 525 and MNC 01, else its prefix."""
    if price.mcc.isdecimal() and price.mnc.isdecimal():
        return int(price.mcc) * 1000 + int(price.mnc)
    return int(price.prefix) if price.prefix.isdecimal() else 0
