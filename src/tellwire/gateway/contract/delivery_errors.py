"""8x8's numbers for why a message was not delivered, and their sentences (8x8 contract 2.11)."""

NONE = 0
DELIVERY_FAILURE = 7
DENIED = 8
INTERNAL = 14
PARAMETER = 18
LOCAL_CANCEL = 20
NO_ROUTE = 33
EXPIRED = 36
SMSC_ERROR = 40
SMSC_REJECT = 41
TEMPORARY = 47
THROTTLED = 50
TIME_OUT = 51
UNKNOWN = 57

SENTENCES = {
    0: "No error",
    1: "Absent subscriber",
    2: "Content",
    3: "Data missing",
    4: "Deferred",
    5: "Pending upstream",
    7: "Delivery failure",
    8: "Denied",
    9: "Equipment protocol",
    10: "ESME error",
    11: "Flooding",
    12: "HLR error",
    13: "Illegal subscriber or equipment",
    14: "Internal error",
    15: "Invalid destination",
    16: "Invalid format",
    17: "Message length",
    18: "Parameter error",
    19: "Source address",
    20: "Local cancel",
    21: "Handset memory full",
    22: "Being retried",
    23: "Network failure",
    24: "Age verification",
    25: "Aborted by network or user",
    26: "Barred",
    27: "Permanent operator error",
    28: "Permanent phone error",
    29: "Phone related",
    30: "Portability",
    31: "Premium SMS",
    32: "Roaming",
    33: "Route",
    34: "Screening",
    35: "Service centre congestion",
    36: "Expired",
    37: "Facility not supported",
    38: "Malformed",
    39: "SMSC cancel",
    40: "SMSC error",
    41: "SMSC reject",
    42: "No credit",
    43: "Spam filter",
    44: "Subscriber billing",
    45: "Busy",
    46: "Not reachable",
    47: "Temporarily unavailable",
    48: "System failure",
    49: "TCAP",
    50: "Throttling",
    51: "Time-out",
    52: "Undecodable response",
    53: "Unexpected data",
    54: "Unexpected error",
    55: "Unidentified subscriber",
    56: "Unknown state",
    57: "Unknown error",
    58: "Unknown service centre",
    59: "Unknown subscriber",
    60: "Content filtered",
    61: "Session expired",
}


def sentence(code: int) -> str:
    """Return what `code` means; a code that is not 8x8's is an unknown error."""
    return SENTENCES.get(code, SENTENCES[UNKNOWN])


def read_code(text: str) -> int:
    """Return the code that a carrier's text names, `UNKNOWN` for a number or word that 8x8 does not have."""
    digits = text.strip()
    if not digits:
        return NONE
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 6):
        return UNKNOWN
    return int(digits) if int(digits) in SENTENCES else UNKNOWN
