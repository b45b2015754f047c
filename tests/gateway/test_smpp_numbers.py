"""The numbers of SMPP 3.4 are the standard's: other people's tables (PyPI smpplib, smpp34) say the same."""

import pytest
import smpplib.consts

from tellwire.gateway.contract import delivery_errors
from tellwire.gateway.smpp import pdu
from tellwire.gateway.smpp.codec import decode, encode
from tellwire.gateway.smpp.commands import Command, Status, Tag, status_name
from tellwire.gateway.smpp.dialect import Dialect
from tellwire.gateway.smpp.verdicts import MESSAGE_STATES, STATS, outcome, verdict
from tellwire.kernel.failure import Accepted, Deferred, Refused

# 5.1.3, where smpplib has none of it or another name.
OTHERWISE = {"RALYBND": 0x05, "RINVCMDLEN": 0x02, "ROPTPARNOTALLWD": 0xC1, "RINVREPFLAG": 0x54}


@pytest.mark.parametrize("status", list(Status), ids=lambda status: status.name)
def test_every_status_has_the_number_that_smpplib_gives_it(status: Status) -> None:
    theirs = getattr(smpplib.consts, f"SMPP_ESME_{status.name}", OTHERWISE.get(status.name))

    assert status.value == theirs
    assert status_name(status.value) == f"ESME_{status.name}"


def test_a_status_without_a_name_is_told_by_its_number() -> None:
    assert status_name(0x0000040A) == "0x0000040A"


@pytest.mark.parametrize(
    ("command", "number"),
    [
        ("BIND_RECEIVER", 0x01), ("BIND_TRANSMITTER", 0x02), ("QUERY_SM", 0x03), ("SUBMIT_SM", 0x04),
        ("DELIVER_SM", 0x05), ("UNBIND", 0x06), ("REPLACE_SM", 0x07), ("CANCEL_SM", 0x08), ("BIND_TRANSCEIVER", 0x09),
        ("ENQUIRE_LINK", 0x15), ("SUBMIT_MULTI", 0x21), ("DATA_SM", 0x103),
    ],
)  # fmt: skip
def test_a_response_is_its_request_with_the_highest_bit(command: str, number: int) -> None:
    """5.1.2.1"""
    assert Command[command] == number
    assert Command[f"{command}_RESP"] == 0x80000000 + number


def test_what_has_no_response_has_no_pair() -> None:
    alone = {
        command.name: command.value
        for command in Command
        if not command.name.endswith("_RESP") and f"{command.name}_RESP" not in Command.__members__
    }

    assert alone == {"GENERIC_NACK": 0x80000000, "OUTBIND": 0x0B, "ALERT_NOTIFICATION": 0x102}


def test_tags_are_those_of_the_standard_and_of_8x8() -> None:
    """5.3.2; the vendor's range is 0x1400 to 0x3FFF."""
    assert {tag.name: tag.value for tag in Tag if tag < 0x1400} == {
        "RECEIPTED_MESSAGE_ID": 0x001E, "USER_MESSAGE_REFERENCE": 0x0204, "SAR_MSG_REF_NUM": 0x020C,
        "SAR_TOTAL_SEGMENTS": 0x020E, "SAR_SEGMENT_SEQNUM": 0x020F, "SC_INTERFACE_VERSION": 0x0210,
        "NETWORK_ERROR_CODE": 0x0423, "MESSAGE_PAYLOAD": 0x0424, "DELIVERY_FAILURE_REASON": 0x0425,
        "MORE_MESSAGES_TO_SEND": 0x0426, "MESSAGE_STATE": 0x0427,
    }  # fmt: skip
    assert (Tag.TELLWIRE_UMID, Tag.MO_MESSAGE_ID, Tag.DESTINATION_MCC, Tag.DESTINATION_MNC) == (
        0x1402, 0x1502, 0x1503, 0x1504,
    )  # fmt: skip


# What 8x8's code of a refusal says of the statuses that lead to it, by their numbers in the standard (5.1.3).
MEANINGS = {
    "refused": {
        "the recipient's address": (15, [0x0B, 0x33, 0x50, 0x51]),
        "the sender's address": (19, [0x0A, 0x48, 0x49]),
        "the text's length": (17, [0x01]),
        "a parameter's value": (18, [0x06, 0x07, 0x15, 0x43, 0x53, 0x54, 0x61, 0x62, 0x63, 0xC4]),
        "a length of the PDU": (38, [0x02, 0xC0, 0xC2]),
        "an unknown command or parameter": (37, [0x03, 0xC1]),
        "a parameter that is missing": (3, [0xC3]),
        "the centre's application, for good": (27, [0x65]),
        "the centre's application, this one": (41, [0x66]),
        "a delivery that failed": (7, [0xFE]),
    },
    "throttled": {"too fast": (50, [0x58, 0x14])},
    "deferred": {
        "the centre is ill": (48, [0x08]),
        "the centre cannot now": (40, [0x64, 0x04]),
        "the centre did not manage": (7, [0x45]),
        "an error that it does not know": (57, [0xFF]),
        "a status that is not listed": (40, [0x05, 0x0C, 0x400, 0x7FFFFFFF]),
    },
}


@pytest.mark.parametrize(
    ("kind", "code", "status"),
    [
        pytest.param(kind, code, status, id=f"{meaning} {status:#x}")
        for kind, meanings in MEANINGS.items()
        for meaning, (code, statuses) in meanings.items()
        for status in statuses
    ],
)
def test_a_status_means_what_the_standard_says_and_its_code_is_8x8s(
    kind: str, code: int, status: int
) -> None:
    answer = outcome(status, "", Dialect())

    assert verdict(status, Dialect()) == kind
    assert isinstance(answer, Refused if kind == "refused" else Deferred)
    assert answer.code == str(code)
    assert delivery_errors.read_code(answer.code) == code
    if isinstance(answer, Deferred):
        assert answer.retry_after_s == (1.0 if kind == "throttled" else 5.0)


def test_no_status_is_listed_that_no_meaning_has() -> None:
    listed = {
        status for meanings in MEANINGS.values() for _, statuses in meanings.values() for status in statuses
    }
    refused = {status.value for status in Status if verdict(status, Dialect()) == "refused"}

    assert refused <= listed
    assert outcome(0, "id", Dialect()) == Accepted("id")


def test_message_states_are_those_of_5_2_28_and_each_has_a_standing() -> None:
    names = {0: "SCHEDUL", 1: "ENROUTE", 2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 6: "ACCEPTD",
             7: "UNKNOWN", 8: "REJECTD", 9: "SKIPPED"}  # fmt: skip

    assert names == MESSAGE_STATES
    assert set(names.values()) <= set(STATS)


def test_what_a_short_message_does_not_say_is_0() -> None:
    """4.4.1: 0 is the default of every number in it, but for how the sender's plan is written, which we leave open."""
    said = pdu.SubmitSm()
    numbers = {
        name: value for name in said.__struct_fields__ if isinstance(value := getattr(said, name), int)
    }

    assert set(numbers.values()) == {0}


def test_a_bind_is_of_smpp_3_4_and_names_no_addresses() -> None:
    asked = pdu.BindTransceiver("acme", "s3cret")

    assert (asked.interface_version, asked.addr_ton, asked.addr_npi) == (0x34, 0, 0)


# How many octets a text of each request may have, without its NUL: 4.1 (binds), 4.1.7, 4.4.1, 4.7.1, 4.8 to 4.12.
LONGEST: dict[type, dict[str, int]] = {
    pdu.BindTransceiver: {"system_id": 15, "password": 8, "system_type": 12, "address_range": 40},
    pdu.BindReceiver: {"system_id": 15, "password": 8},
    pdu.Outbind: {"system_id": 15, "password": 8},
    pdu.SubmitSm: {"service_type": 5, "source_addr": 20, "destination_addr": 20},
    pdu.DeliverSm: {"service_type": 5, "source_addr": 20, "destination_addr": 20},
    pdu.DataSm: {"service_type": 5, "source_addr": 64, "destination_addr": 64},
    pdu.QuerySm: {"message_id": 64, "source_addr": 20},
    pdu.CancelSm: {"service_type": 5, "message_id": 64, "source_addr": 20, "destination_addr": 20},
    pdu.ReplaceSm: {"message_id": 64, "source_addr": 20},
    pdu.AlertNotification: {"source_addr": 64, "esme_addr": 64},
}


@pytest.mark.parametrize(
    ("kind", "field", "longest"),
    [
        pytest.param(kind, field, longest, id=f"{kind.__name__}.{field}")
        for kind, fields in LONGEST.items()
        for field, longest in fields.items()
    ],
)
def test_a_text_is_as_long_as_the_standard_lets_it_be(kind: type, field: str, longest: int) -> None:
    fitting = kind(**{field: "x" * longest})

    assert decode(encode(fitting, 1)) == pdu.Pdu(fitting, 1)
    with pytest.raises(ValueError, match=f"does not fit on the wire: {field}"):
        encode(kind(**{field: "x" * (longest + 1)}), 1)
