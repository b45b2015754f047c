"""A customer's bind: what was granted, whether it may bind and submit now, and what its submit_sm asks for.

Pure: the keeper of passwords checks them, and `now_s` (monotonic seconds) is passed.
"""

from datetime import datetime

import msgspec

from tellwire.gateway.smpp.commands import Status
from tellwire.gateway.smpp.dialect import GSM7_CODING, IA5_CODING, LATIN1_CODING, UCS2_CODING, Dialect
from tellwire.gateway.smpp.pdu import SubmitSm
from tellwire.gateway.smpp.texts import Words, words_of
from tellwire.gateway.smpp.times import read_time

_ESM_MODE_AND_TYPE = 0x3C
_RECEIPT = 0x03  # of registered_delivery (5.2.17)
_OF_FAILURES = 0x02
_CODINGS = frozenset({GSM7_CODING, IA5_CODING, LATIN1_CODING, UCS2_CODING})  # 8x8 contract 6
BURST_S = 0.5  # a client that counts in whole seconds sends the half of one at once


class BindGrant(msgspec.Struct, frozen=True, kw_only=True):
    """The rights of a customer; the defaults are those of 8x8 contract 6.

    `system_id` is who they are, `subject` whatever the application wants back with their submits.
    `window` is how many submits of one bind may wait for our answer. `bind` names the session, which the server does.
    """

    system_id: str
    subject: object = None
    binds: int = 4
    throughput_per_s: int = 50
    window: int = 500
    bind: str = ""


class CustomerSubmit(msgspec.Struct, frozen=True, kw_only=True):
    """A submit_sm read for the application: `source` and `destination` as written, without a plus.

    The types of number and numbering plans are what its receipts repeat. `only_failures` when it wants a receipt
    only of what did not arrive.
    """

    source: str
    destination: str
    source_ton_npi: tuple[int, int] = (0, 0)
    destination_ton_npi: tuple[int, int] = (1, 1)
    words: Words
    wants_receipt: bool
    only_failures: bool = False
    deliver_at: datetime | None
    expires_at: datetime | None
    service_type: str


def bind_status(grant: BindGrant, bound: int) -> int:
    """Return the command_status for one more bind of a customer who has `bound` already."""
    return Status.ROK if bound < grant.binds else Status.RALYBND


def read_submit(submit: SubmitSm, dialect: Dialect, now: datetime) -> CustomerSubmit | int:
    """Return what a customer asks for, or the command_status to refuse it with."""
    destination = submit.destination_addr.removeprefix("+")
    if not (7 <= len(destination) <= 15 and destination.isascii() and destination.isdecimal()):
        return Status.RINVDSTADR
    if submit.esm_class & _ESM_MODE_AND_TYPE:
        return Status.RINVESMCLASS  # acknowledgements and conversation aborts are for handsets
    if submit.data_coding not in _CODINGS:
        return Status.RSUBMITFAIL  # binary and other alphabets: read as GSM they would be another text
    deliver_at = read_time(submit.schedule_delivery_time, now)
    if submit.schedule_delivery_time and deliver_at is None:
        return Status.RINVSCHED
    expires_at = read_time(submit.validity_period, now)
    if submit.validity_period and expires_at is None:
        return Status.RINVEXPIRY
    return CustomerSubmit(
        source=submit.source_addr.removeprefix("+"),
        destination=destination,
        source_ton_npi=(submit.source_ton, submit.source_npi),
        destination_ton_npi=(submit.dest_ton, submit.dest_npi),
        words=words_of(submit, dialect),
        wants_receipt=bool(submit.registered_delivery & _RECEIPT),
        only_failures=submit.registered_delivery & _RECEIPT == _OF_FAILURES,
        deliver_at=deliver_at if deliver_at is not None and deliver_at > now else None,
        expires_at=expires_at,
        service_type=submit.service_type,
    )


class Allowance:
    """How much of a bind's throughput is left: above it submits are throttled (8x8 contract 6)."""

    def __init__(self, per_s: int, now_s: float) -> None:
        self._per_s = per_s
        self._most = max(1.0, per_s * BURST_S)
        self._left = self._most
        self._at_s = now_s

    def take(self, now_s: float) -> bool:
        """Take one message's worth, if there is one."""
        self._left = min(self._most, self._left + (now_s - self._at_s) * self._per_s)
        self._at_s = now_s
        if self._left < 1:
            return False
        self._left -= 1
        return True
