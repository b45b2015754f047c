"""What is wrong with a provider's form, field by field, as far as it can be known before a message is sent."""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias
from urllib.parse import SplitResult, urlsplit

from tellwire.kernel.provider.json_body import compile_json, read_document
from tellwire.kernel.provider.pieces import BadTemplate
from tellwire.platform.control.provider_form import (
    BasicForm,
    FormForm,
    JsonForm,
    NoneForm,
    OAuth2Form,
    ProviderForm,
    QueryForm,
)
from tellwire.platform.language.names import unfit
from tellwire.platform.model.provider import (
    FormParameters,
    JsonParameters,
    Parameters,
    Provider,
    QueryParameters,
)
from tellwire.platform.senders.template import compile_template
from tellwire.platform.senders.tokens import PERSONAL, TOKEN, names_in, texts_of

Found: TypeAlias = Iterator[tuple[str, str]]

NICKNAME_TAKEN: Final = "Another provider has this nickname."

_HEADER_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}")  # a token of RFC 9110, 5.6.2
_PLACEHOLDER: Final = re.compile(r"\bYOUR_[A-Z]+(?:_[A-Z]+)*\b")  # what a preset leaves to the customer
_OURS: Final = frozenset({"host", "content-length", "transfer-encoding", "connection", "expect", "upgrade"})


class Targets:
    """Which private addresses a provider may have: any, or none but that of the gateway in this very process."""

    def __init__(self, gateway_url: str | None = None, *, is_any_allowed: bool = False) -> None:
        own = urlsplit(gateway_url or "")
        self._own = (own.hostname, _port_of(own))
        self._is_any_allowed = is_any_allowed

    def may_be(self, host: str, port: int) -> bool:
        """Say whether requests may go there, as far as the address tells; each connection is checked anew."""
        return self._is_any_allowed or not _is_private(host) or (host, port) == self._own


def problems_of_form(form: ProviderForm, *, targets: Targets, taken: Iterable[str] = ()) -> dict[str, str]:
    """Return why fields cannot stay, by path; empty if all is well.

    Secrets are in it, as `provider_secrets` puts them back; `targets` says where it may be; `taken` are the
    nicknames of other providers.
    """
    problems: dict[str, str] = {}
    for path, why in (
        *_placeholders(form),
        *_nickname(form, taken),
        *_url("endpoint", form.endpoint, targets=targets),
        *_request_type(form),
        *_authentication(form, targets=targets),
        *_headers(form),
        *_json(form),
        *_tokens(form),
        *_batch(form),
    ):
        problems.setdefault(path, why)
    return problems


def problems_of_template(provider: Provider, headers: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Return why no request can be made of a provider whose form is well; `headers` are its own, opened."""
    try:
        compile_template(provider, headers)
    except BadTemplate as problem:
        field = "batch" if str(problem).startswith("Batch") else "parameters"
        return {f"{field}.key" if field == "batch" else f"{field}.template": str(problem)}
    if provider.batch is None:
        return {}
    texts = texts_of(provider, [value for _, value in headers])
    astray = [name for name in names_in([*texts.header, *texts.global_]) if name.casefold() in PERSONAL]
    if astray:  # contract 1.4: what stands outside the batch key cannot be personalised
        why = f"$${astray[0]} is another one for each message: put it into the element of “{provider.batch.key}”."
        return {"batch.key": why}
    return {}


def warnings_of(provider: Provider, headers: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Return what is saved all the same and probably not meant, by path; `headers` are its own, opened."""
    warnings: dict[str, str] = {}
    for position, (name, value) in enumerate(headers):
        if name.casefold() == "content-type" and (
            why := _contradiction(provider.parameters, value.casefold())
        ):
            warnings[f"headers[{position}][1]"] = why
    used = {name.casefold() for name in _names(provider, headers)}
    if "messageid" not in used:
        warnings["parameters"] = (
            "$$MessageID is not used: receipts cannot be matched, and messages stay at “sent”."
        )
    return warnings


def _names(provider: Provider, headers: tuple[tuple[str, str], ...]) -> list[str]:
    match provider.parameters:
        case JsonParameters(template=template):
            texts = [template]
        case QueryParameters(pairs=pairs) | FormParameters(pairs=pairs):
            texts = [text for pair in pairs for text in (pair.name, pair.value)]
    return names_in([provider.endpoint, *texts, *(value for _, value in headers)])


def _contradiction(parameters: Parameters, value: str) -> str:
    """Return how a Content-Type contradicts what is sent, empty if it does not."""
    match parameters:
        case JsonParameters() if "json" not in value:
            return "The body is JSON, and this header says otherwise: the provider may not read it."
        case FormParameters() if "form" not in value:
            return "The body is a form, and this header says otherwise: the provider may not read it."
        case QueryParameters():
            return "A GET request has no body, so this header says nothing."
    return ""


def _placeholders(form: ProviderForm) -> Found:
    """Name what a preset left open; it would otherwise only be found by the provider's refusal."""
    texts = {"endpoint": form.endpoint}
    match form.authentication:
        case BasicForm(username=username, password=password):
            texts |= {"authentication.username": username, "authentication.password": password}
        case OAuth2Form() | NoneForm():
            pass
    texts |= {f"headers[{position}][1]": value for position, (_, value) in enumerate(form.headers)}
    texts |= {_main_field(form): "\n".join(_parameter_texts(form))}
    for path, text in texts.items():
        if place := _PLACEHOLDER.search(text):
            yield path, f"Put your own in place of {place[0]}."


def _nickname(form: ProviderForm, taken: Iterable[str]) -> Found:
    nickname = form.nickname.strip()
    if not nickname:
        yield "nickname", "Give the provider a nickname; campaigns choose it by that."
    elif why := unfit(nickname):
        yield "nickname", why
    if nickname.casefold() in {name.casefold() for name in taken}:
        yield "nickname", NICKNAME_TAKEN


def _request_type(form: ProviderForm) -> Found:
    if (form.request_type == "GET") is not isinstance(form.parameters, QueryForm):
        yield "parameters.type", "GET takes query parameters; POST takes a form or JSON."


def _url(path: str, text: str, *, targets: Targets) -> Found:
    """Check an address, with or without tokens in it."""
    if not text.strip():
        yield path, "Enter the address, as https://sms.example.com/send."
        return
    try:
        parts = urlsplit(TOKEN.sub("0", text.strip()))
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        yield path, "This is no web address."
        return
    if parts.scheme not in {"http", "https"} or not host or re.search(r"\s", text.strip()):
        yield path, "The address starts with https:// (or http://) and a host name."
    elif TOKEN.search(urlsplit(text.strip()).netloc):
        yield path, "Tokens may stand in the path and query, not in the host."
    elif "#" in text:
        yield path, "What follows a # is never sent to a server: write the address without it."
    elif parts.username or parts.password:
        yield path, "Credentials do not belong in the address: use Authentication or a header."
    elif not targets.may_be(host, _port_of(parts)):
        yield path, "Private and loopback addresses are refused (setting allow_private_targets)."


def _port_of(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


def _authentication(form: ProviderForm, *, targets: Targets) -> Found:
    match form.authentication:
        case NoneForm():
            return
        case BasicForm(username=username, password=password):
            if not username or ":" in username:
                yield "authentication.username", "Enter the user name; it has no colon in it."
            if not password:
                yield "authentication.password", "Enter the password."
        case OAuth2Form() as oauth:
            yield from _url("authentication.token_url", oauth.token_url, targets=targets)
            if not oauth.client_id:
                yield "authentication.client_id", "Enter the client ID."
            if not oauth.client_secret:
                yield "authentication.client_secret", "Enter the client secret."


def _headers(form: ProviderForm) -> Found:
    for position, (name, value) in enumerate(form.headers):
        path = f"headers[{position}]"
        if not _HEADER_NAME.fullmatch(name.strip()):
            yield f"{path}[0]", "A header's name has letters, digits and dashes only."
        elif name.strip().casefold() in _OURS:
            yield f"{path}[0]", "This header is set by the connection itself."
        if any(ord(c) < 32 or ord(c) > 255 or ord(c) == 127 for c in value):  # what HTTP can carry
            yield f"{path}[1]", "A header's value is one line of Latin letters."


def _json(form: ProviderForm) -> Found:
    """Check the body beside everything else: mistakes in it are not found one save later."""
    if not isinstance(form.parameters, JsonForm):
        return
    try:
        compile_json(read_document(form.parameters.template), TOKEN)
    except BadTemplate as problem:
        yield "parameters.template", str(problem)


def _tokens(form: ProviderForm) -> Found:
    texts = [form.endpoint, *(value for _, value in form.headers), *_parameter_texts(form)]
    used = {name.casefold() for name in names_in(texts)}
    if "to" not in used:
        yield _main_field(form), "The recipient is missing: put $$To where the provider wants the number."
    if not used & {"body", "templateid"}:
        yield (
            _main_field(form),
            "The text is missing: put $$Body (or $$TemplateID) where the provider wants it.",
        )


def _batch(form: ProviderForm) -> Found:
    if form.batch is None:
        return
    if not isinstance(form.parameters, JsonForm):
        yield "batch", "Batch needs JSON parameters."
    elif not form.batch.key.strip():
        yield "batch.key", "Name the array that holds the records."


def _parameter_texts(form: ProviderForm) -> list[str]:
    match form.parameters:
        case JsonForm(template=template):
            return [template]
        case QueryForm(pairs=pairs) | FormForm(pairs=pairs):
            return [text for pair in pairs for text in pair]


def _main_field(form: ProviderForm) -> str:
    return "parameters.template" if isinstance(form.parameters, JsonForm) else "parameters.pairs"
