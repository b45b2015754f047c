"""The meaning of a command_status for the message, and of a receipt's words for its status. Tables only.

An unlisted status defers: taking a temporary refusal for a permanent one loses the message, the opposite error
costs a few tries, which are bounded.
"""

from types import MappingProxyType

from tellwire.gateway.smpp.commands import Status, status_name
from tellwire.gateway.smpp.dialect import Dialect, Verdict
from tellwire.kernel.failure import Accepted, Deferred, Outcome, Refused
from tellwire.kernel.status import MessageStatus, Standing, StatusDetail

THROTTLE_RETRY_S = 1.0  # carriers count per second
DEFER_RETRY_S = 5.0  # a centre that says "system error" needs a moment, not a minute

# command_status -> (verdict, error code of 8x8 contract 2.11). What is not here defers with code 40 (SMSC error).
_SUBMIT: dict[int, tuple[Verdict, int]] = {
    Status.RTHROTTLED: ("throttled", 50),
    Status.RMSGQFUL: ("throttled", 50),
    Status.RSYSERR: ("deferred", 48),
    Status.RX_T_APPN: ("deferred", 40),
    Status.RINVBNDSTS: ("deferred", 40),
    Status.RSUBMITFAIL: ("deferred", 7),
    Status.RUNKNOWNERR: ("deferred", 57),
    Status.RINVMSGLEN: ("refused", 17),
    Status.RINVCMDLEN: ("refused", 38),
    Status.RINVCMDID: ("refused", 37),
    Status.RINVPRTFLG: ("refused", 18),
    Status.RINVREGDLVFLG: ("refused", 18),
    Status.RINVSRCADR: ("refused", 19),
    Status.RINVDSTADR: ("refused", 15),
    Status.RINVSERTYP: ("refused", 18),
    Status.RINVNUMDESTS: ("refused", 15),
    Status.RINVESMCLASS: ("refused", 18),
    Status.RINVSRCTON: ("refused", 19),
    Status.RINVSRCNPI: ("refused", 19),
    Status.RINVDSTTON: ("refused", 15),
    Status.RINVDSTNPI: ("refused", 15),
    Status.RINVSYSTYP: ("refused", 18),
    Status.RINVREPFLAG: ("refused", 18),
    Status.RINVSCHED: ("refused", 18),
    Status.RINVEXPIRY: ("refused", 18),
    Status.RINVDFTMSGID: ("refused", 18),
    Status.RX_P_APPN: ("refused", 27),
    Status.RX_R_APPN: ("refused", 41),
    Status.RINVOPTPARSTREAM: ("refused", 38),
    Status.ROPTPARNOTALLWD: ("refused", 37),
    Status.RINVPARLEN: ("refused", 38),
    Status.RMISSINGOPTPARAM: ("refused", 3),
    Status.RINVOPTPARAMVAL: ("refused", 18),
    Status.RDELIVERYFAILURE: ("refused", 7),
}
_UNLISTED: tuple[Verdict, int] = ("deferred", 40)

_ON_THE_WAY = Standing(MessageStatus.SENT)
_AT_OPERATOR = Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_OPERATOR)
_DELIVERED = Standing(MessageStatus.DELIVERED, StatusDetail.DELIVERED_TO_RECIPIENT)
_UNDELIVERED = Standing(MessageStatus.UNDELIVERED, StatusDetail.UNDELIVERED_TO_RECIPIENT)
_REJECTED = Standing(MessageStatus.UNDELIVERED, StatusDetail.REJECTED_BY_OPERATOR)
_EXPIRED = Standing(MessageStatus.EXPIRED)

# `stat` of a receipt's text -> (standing, error code when the receipt names none). The first seven letters count,
# in any case; the second half are words that centres write instead. "Unknown" is no failure: it stays on its way.
STATS = MappingProxyType(
    {
        "ENROUTE": (_ON_THE_WAY, 0),
        "ACCEPTD": (_AT_OPERATOR, 0),
        "DELIVRD": (_DELIVERED, 0),
        "UNDELIV": (_UNDELIVERED, 7),
        "REJECTD": (_REJECTED, 41),
        "EXPIRED": (_EXPIRED, 36),
        "DELETED": (_UNDELIVERED, 39),
        "UNKNOWN": (_ON_THE_WAY, 56),
        "SCHEDUL": (_ON_THE_WAY, 0),
        "BUFFERE": (_ON_THE_WAY, 0),
        "SENT": (_ON_THE_WAY, 0),
        "ACCEPTE": (_AT_OPERATOR, 0),
        "ACKED": (_AT_OPERATOR, 0),
        "DELIVER": (_DELIVERED, 0),
        "FAILED": (_UNDELIVERED, 7),
        "SKIPPED": (_UNDELIVERED, 7),
        "REJECTE": (_REJECTED, 41),
        "EXPIRD": (_EXPIRED, 36),
        "CANCELE": (_UNDELIVERED, 39),
    }
)

# TLV message_state (5.2.28; 0 and 9 are SMPP 5.0's) -> the word of the table above.
MESSAGE_STATES = MappingProxyType(
    {
        0: "SCHEDUL",
        1: "ENROUTE",
        2: "DELIVRD",
        3: "EXPIRED",
        4: "DELETED",
        5: "UNDELIV",
        6: "ACCEPTD",
        7: "UNKNOWN",
        8: "REJECTD",
        9: "SKIPPED",
    }
)


def verdict(status: int, dialect: Dialect) -> Verdict | None:
    """Return what a submit_sm_resp's status asks for: None means accepted."""
    if status == Status.ROK:
        return None
    return dialect.verdicts.get(status) or _SUBMIT.get(status, _UNLISTED)[0]


def outcome(status: int, message_id: str, dialect: Dialect) -> Outcome:
    """Return what a submit_sm_resp gave; `code` is an error code of 8x8 contract 2.11 as text."""
    code = str(_SUBMIT.get(status, _UNLISTED)[1])
    reason = f"the carrier answered {status_name(status)}"
    match verdict(status, dialect):
        case None:
            return Accepted(message_id)
        case "refused":
            return Refused(reason, code)
        case "throttled":
            return Deferred(reason, code, THROTTLE_RETRY_S)
        case "deferred":
            return Deferred(reason, code, DEFER_RETRY_S)
