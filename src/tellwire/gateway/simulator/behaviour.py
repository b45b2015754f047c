"""The simulated carrier's behaviour as data: a TOML file becomes a frozen value, or a sentence about the mistake.

Every field's default is a quick, honest carrier that delivers everything 50 ms after it answered.
Not here: what happens to one message (`fates`).
"""

from typing import Annotated, Literal, TypeAlias

import msgspec

from tellwire.gateway.smpp.commands import Status

Percent: TypeAlias = Annotated[float, msgspec.Meta(ge=0, le=100)]
Milliseconds: TypeAlias = Annotated[float, msgspec.Meta(ge=0, le=86_400_000)]


class _Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file; a key that it does not know is a mistake, not a wish."""


class Login(_Section, frozen=True):
    """A login of the simulated carrier. Empty means that anybody may bind."""

    system_id: str = ""
    password: str = ""
    binds: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 100

    def __repr__(self) -> str:
        """Name the login; the password stays out of logs and traces."""
        return f"Login({self.system_id!r})"


class Answers(_Section, frozen=True):
    """How submit_sm is answered.

    Above `throughput_per_s` (0: no limit) all is refused with `throttle_with`; so it is while `window` submits of
    one bind wait for their answer.
    """

    latency_ms: Milliseconds = 0
    jitter_ms: Milliseconds = 0
    throughput_per_s: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    throttle_with: Literal["RTHROTTLED", "RMSGQFUL"] = "RTHROTTLED"
    window: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 10_000
    slow_percent: Percent = 0
    slow_ms: Milliseconds = 5_000
    never_percent: Percent = 0
    disconnect_percent: Percent = 0


class Refusal(_Section, frozen=True):
    """Submits to numbers that begin with `prefix` (digits, no plus) are refused with `status`, so many percent."""

    prefix: str
    status: str
    percent: Percent = 100

    def __post_init__(self) -> None:
        """Refuse a status that the standard does not name."""
        if self.status not in Status.__members__:
            raise ValueError(f"{self.status!r} is no command_status; write it as RINVDSTADR")


class Fates(_Section, frozen=True):
    """The ends of accepted messages, in percent; the rest is delivered.

    `*_error` is the receipt's `err`: 1 absent subscriber, 36 expired, 41 SMSC reject (8x8 contract 2.11).
    """

    undelivered: Percent = 0
    expired: Percent = 0
    rejected: Percent = 0
    undelivered_error: int = 1
    expired_error: int = 36
    rejected_error: int = 41

    def __post_init__(self) -> None:
        """Refuse shares that are more than everything."""
        if self.undelivered + self.expired + self.rejected > 100:
            raise ValueError("fates: undelivered, expired and rejected are more than 100 percent")


class Receipts(_Section, frozen=True):
    """When receipts come, and what goes wrong with them.

    `early_percent` come before the answer. `parts` says for which parts of a long message they come at all.
    `validity_s` is how long a switched-off handset is tried when the submit names no validity_period.
    """

    delay_ms: Milliseconds = 50
    jitter_ms: Milliseconds = 0
    intermediate: bool = False  # ACCEPTD first
    early_percent: Percent = 0
    late_percent: Percent = 0
    late_ms: Milliseconds = 60_000
    doubled_percent: Percent = 0
    lost_percent: Percent = 0
    parts: Literal["every", "first", "last"] = "every"
    validity_s: Annotated[float, msgspec.Meta(ge=1, le=7 * 86400)] = 172_800


class Odd(_Section, frozen=True):
    """How receipts are written: the oddities of real centres.

    `ids`: the base of the id in submit_sm_resp and of the same id in the receipt's text.
    `omit`: keys left out of the text. `flag`: whether esm_class marks a receipt at all.
    """

    ids: Literal["as_is", "hex_then_decimal", "decimal_then_hex"] = "as_is"
    omit: tuple[Literal["sub", "dlvrd", "submit date", "done date", "stat", "err", "text"], ...] = ()
    lower_case: bool = False
    tlvs: bool = True
    flag: bool = True
    extra_words: str = ""


class Behaviour(_Section, frozen=True):
    """The whole carrier. `seed` makes its dice repeatable."""

    login: Login = Login()
    answers: Answers = Answers()
    refusals: tuple[Refusal, ...] = ()
    fates: Fates = Fates()
    receipts: Receipts = Receipts()
    odd: Odd = Odd()
    seed: int = 0
    magic_numbers: bool = True


def read_behaviour(text: str) -> Behaviour:
    """Return the behaviour that a TOML text describes; `ValueError` says what is wrong with it, and where."""
    try:
        return msgspec.toml.decode(text, type=Behaviour)
    except msgspec.ValidationError as error:
        raise ValueError(f"the carrier's behaviour: {error}") from error
    except msgspec.DecodeError as error:
        raise ValueError(f"the carrier's behaviour is no TOML: {error}") from error
