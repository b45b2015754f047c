"""The proof that a request comes from the provider: a header with an HMAC of the body. Pure.

The gateway's HTTP carriers prove themselves by the secret in the address alone (`kernel.secrets.same`); this is the
place for what a provider signs.
"""

import base64
import hmac
from typing import Literal

import msgspec


class SignatureRule(msgspec.Struct, frozen=True, kw_only=True):
    """Which header holds the HMAC of the body, and how it is written; `prefix` stands before it, as `sha256=`."""

    header: str
    digest: Literal["sha1", "sha256", "sha512"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: str = ""


def is_signed(rule: SignatureRule, secret: bytes, body: bytes, header: str) -> bool:
    """Say whether the value of `rule.header` proves the body, in a time that does not tell how much was right."""
    made = hmac.new(secret, body, rule.digest).digest()
    text = made.hex() if rule.encoding == "hex" else base64.b64encode(made).decode()
    shown = header.strip()
    if rule.encoding == "hex":
        text, shown = (rule.prefix + text).lower(), shown.lower()
    else:
        text = rule.prefix + text
    return hmac.compare_digest(text.encode(), shown.encode(errors="replace"))
