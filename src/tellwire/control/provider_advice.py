"""What to do about a provider that does not take messages, by the code of its last trouble. Pure.

Codes are those of a message's timeline: an HTTP status, or a word of ours (`senders`, `kernel/verdict`); the empty
one stands for silence after a request had left.
"""

from collections.abc import Mapping
from typing import Final

ADVICE: Final[Mapping[str, str]] = {
    "": "It may be slow or overloaded. Whether such messages went out, its receipts and its own log tell.",
    "400": "Compare the request of a test message with the provider's guide: a field is missing or wrong.",
    "401": "Its credentials are wrong or have ended. Enter them anew, and send a test message.",
    "402": "The account over there has no credit left. Top it up.",
    "403": "The key may not do this, or this machine's address is not on the provider's allow-list.",
    "404": "The endpoint is not there. Compare the address, and the account in it, with the provider's guide.",
    "405": "The provider wants the other request type, GET or POST.",
    "407": "A proxy on the way wants credentials.",
    "408": "It may be slow or overloaded. Whether such messages went out, its receipts and its own log tell.",
    "413": "The request is too long for it. Put fewer records into a batch.",
    "415": "It wants another content type. Compare the parameters type and the Content-Type header with its guide.",
    "422": "Compare the request of a test message with the provider's guide: a field is missing or wrong.",
    "429": "It is asked too much. Set a pace below what it allows; messages wait and go later.",
    "503": "It takes nothing for now. Whether such messages went out, its receipts and its own log tell.",
    "certificate": "Compare the host in the address with the provider's guide. Where its authority is your own, name a"
    " file of those to trust in SSL_CERT_FILE.",
    "not_sent": "It could not be reached. Compare the host in the address, and look at DNS, firewall and certificate.",
    "oauth": "No token could be had. Compare client URL, ID and secret; it is asked again after 120 seconds.",
    "sealed": "The stored credentials were sealed with another key. Enter them again.",
    "template": "The form makes no request. Open it, and send a test message to see what is wrong.",
}
_BY_CLASS: Final[Mapping[str, str]] = {
    "3": "It redirects, and redirects are not followed. Enter the address that it points to.",
    "4": "It refuses these requests. Send a test message to see its whole answer.",
    "5": "The trouble is on its side. Its status page or support may know more.",
}
_UNKNOWN: Final = "Send a test message to see what happens."


def advice_for(code: str) -> str:
    """Return a sentence or two about what to do."""
    if code in ADVICE:
        return ADVICE[code]
    return _BY_CLASS.get(code[0], _UNKNOWN) if code.isdecimal() and len(code) == 3 else _UNKNOWN
