"""Puts the stored secret in place of `***` in a saved webhook, if the server is the one it was stored for. Pure."""

from typing import Literal

import msgspec

from tellwire.gateway.contract.management import MASK
from tellwire.gateway.model.account import Webhook
from tellwire.kernel.origin import is_same_origin


class Unkept(msgspec.Struct, frozen=True):
    """A masked secret that has to be entered: none is stored, or its server (scheme, host, port) is another one."""

    field: Literal["authorization", "client_secret"]


def with_kept_secrets(wished: Webhook, stored: Webhook | None) -> Webhook | Unkept:
    """Return the webhook with its masked secrets put back."""
    stays = stored is not None and is_same_origin(wished.url, stored.url)
    if wished.authorization == MASK:
        if stored is None or not stays or stored.authorization is None:
            return Unkept("authorization")
        wished = msgspec.structs.replace(wished, authorization=stored.authorization)
    oauth = wished.oauth
    if oauth is not None and oauth.client_secret == MASK:
        old = stored.oauth if stored is not None and stays else None
        if old is None or not is_same_origin(oauth.url, old.url):
            return Unkept("client_secret")
        kept = msgspec.structs.replace(oauth, client_secret=old.client_secret)
        wished = msgspec.structs.replace(wished, oauth=kept)
    return wished
