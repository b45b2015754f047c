"""What to do about a provider that does not take messages: by its own words first, then by the code. Pure.

A status says little: a spent balance comes as 400, 401, 402 or 403, and only the words tell it from a wrong key.

Codes are those of a message's timeline: an HTTP status, or a word of ours (`senders`, `kernel/verdict`); the empty
one stands for silence after a request had left.
"""

import re
from collections.abc import Mapping
from typing import Final

from tellwire.platform.senders.provider_words import words_of

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


def _near(things: str, states: str) -> re.Pattern[str]:
    """Return what finds one of these things and one of these states with few words between them, in either order."""
    thing, state = rf"\b(?:{things})\b", rf"\b(?:{states})\b"
    return re.compile(
        rf"{thing}(?:\W+\w+){{0,4}}?\W+{state}|{state}(?:\W+\w+){{0,3}}?\W+{thing}", re.IGNORECASE
    )


def _field(name: str) -> str:
    """Return what finds a preposition where it names a field: "unknown to us" is not about the field `to`."""
    return rf"(?<=['\"`]){name}(?=['\"`])|{name} (?:phone|number|field|parameter)"


_WRONG: Final = r"invalid|incorrect|wrong|bad|not (?:a )?valid|unknown|missing|required|expired|fail\w*"
_NOT_ALLOWED: Final = (
    r"not (?:allowed|permitted|supported|registered|approved|authori[sz]ed|found)|unregistered"
)
# By the provider's own sentence, the first that fits; in English, as all of those in `senders/presets` write.
_BY_WORDS: Final = (
    (
        _near(
            "balance|credits?|funds?",
            r"insufficient|not enough|no|low|out of|exceed\w*|negative|exhausted|spent",
        ),
        "The account over there has no credit left. Top it up; the key is fine.",
    ),
    (
        _near("ip|ip address", r"(?:not )?(?:allow|white|permit|authori[sz]|restrict|den|block)[\w-]*"),
        "This machine's address is not on the provider's allow-list. Add it over there.",
    ),
    (
        _near(
            "account|subaccount|service|project",
            r"suspended|disabled|inactive|blocked|closed|deactivated|frozen",
        ),
        "The account over there is suspended or not active. Ask the provider.",
    ),
    (
        _near(f"sender|sender_?id|source|originator|{_field('from')}", f"{_WRONG}|{_NOT_ALLOWED}"),
        "The provider does not take this sender. Register it over there, or send with one that is.",
    ),
    (
        _near("dlt|template|entity", f"{_WRONG}|{_NOT_ALLOWED}|mismatch|blocked"),
        "The provider does not know this template or entity. Compare its id with what is registered over there.",
    ),
    (
        re.compile(r"\bopt(?:ed)?[ -]?out|\bunsubscribed\b|\bblack-?listed\b|\bdnd\b", re.IGNORECASE),
        "The provider does not write to this number: its owner opted out over there.",
    ),
    (
        _near(f"phone|mobile|number|destination|recipient|msisdn|{_field('to')}", f"{_WRONG}|{_NOT_ALLOWED}"),
        "The provider does not take this number. Compare the form of $$To, with or without plus, with its guide.",
    ),
    (
        re.compile(r"\brate.?limit|\btoo many\b|\bthrottl|\bquota\b", re.IGNORECASE),
        "It is asked too much. Set a pace below what it allows; messages wait.",
    ),
    (
        _near(r"api.?key|key|token|credentials?|password|signature|auth\w*|login|username", _WRONG),
        "Its credentials are wrong or have ended. Enter them anew, and send a test message.",
    ),
)
_UNKNOWN: Final = "Send a test message to see what happens."


def advice_for(code: str, answer: str = "") -> str:
    """Return a sentence or two about what to do; `answer` is what the provider said, as it was kept."""
    own = words_of(answer).message if answer else ""
    if own and (advice := next((what for words, what in _BY_WORDS if words.search(own)), "")):
        return advice
    if code in ADVICE:
        return ADVICE[code]
    return _BY_CLASS.get(code[0], _UNKNOWN) if code.isdecimal() and len(code) == 3 else _UNKNOWN
