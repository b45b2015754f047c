"""A call as a request, signed after the Standard Webhooks specification (1.0.0), and what its answer means. Pure."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from tellwire.kernel.http.client import HttpRequest
from tellwire.platform.model.call import CallAgain, CallEnded, CallSettlement, DueCall

_PREFIX: Final = "whsec_"  # of the specification
# After each try that failed, as the specification suggests: 8 tries in 27 hours.
WAITS: Final = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 36_000))
_OK: Final = range(200, 300)
_GONE: Final = 410
_JITTER: Final = 0.2  # of a wait, so that those who failed together do not come back together


def secret_text(secret: bytes) -> str:
    """Return a secret as it is given to whoever checks signatures."""
    return _PREFIX + base64.b64encode(secret).decode()


def signed(due: DueCall, secret: bytes, now: datetime) -> HttpRequest:
    """Return the request of a call: `webhook-id` stays at each try, the signature is over id, moment and body."""
    call, seconds = due.call, int(now.timestamp())
    content = f"{call.id}.{seconds}.{call.body}".encode()
    signature = base64.b64encode(hmac.new(secret, content, hashlib.sha256).digest()).decode()
    own = {name.lower() for name, _ in call.headers}
    return HttpRequest(
        method="POST",
        url=call.url,
        headers=(
            *(() if "content-type" in own else (("Content-Type", "application/json"),)),
            *((name, value) for name, value in call.headers if not name.lower().startswith("webhook-")),
            ("webhook-id", call.id),
            ("webhook-timestamp", str(seconds)),
            ("webhook-signature", f"v1,{signature}"),
        ),
        body=call.body.encode(),
    )


def settled(due: DueCall, status: int | None, now: datetime, chance: Callable[[], float]) -> CallSettlement:
    """Return what becomes of a call that was tried; `status` is None if no answer came.

    `chance` gives a number from 0 to 1.
    """
    if status is not None and status in _OK:
        return CallEnded(due.call.id, "done")
    if status == _GONE:
        return CallEnded(due.call.id, "refused")
    if due.tries >= len(WAITS):
        return CallEnded(due.call.id, "failed")
    wait = WAITS[due.tries]
    return CallAgain(due.call.id, now + wait + chance() * _JITTER * wait)
