"""Our octets and those of other people's codecs (PyPI smpp34 and smpplib) are the same."""

import smpp34
import smpplib.client
import smpplib.command
import smpplib.smpp
from hypothesis import given
from hypothesis import strategies as st
from tests.gateway.smpp_strategies import octet

from tellwire.gateway.smpp import pdu
from tellwire.gateway.smpp.codec import bare, decode, encode
from tellwire.gateway.smpp.commands import Command, Tag
from tellwire.gateway.smpp.pdu import DeliverSm, Pdu, SubmitSm, SubmitSmResp

# smpp34 keeps texts as ASCII, and says so by an error; ours are Latin-1.
moments = st.sampled_from(["", "261122145300000+", "000007000000000R"])
tlvs = st.lists(
    st.tuples(st.sampled_from([0x0204, 0x0424, 0x1402, 0x1503]), st.binary(max_size=30)), max_size=4
)


def ascii_text(limit: int) -> st.SearchStrategy[str]:
    return st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=limit)


submits = st.builds(
    SubmitSm, ascii_text(5), octet, octet, ascii_text(20), octet, octet, ascii_text(20), octet, octet, octet,
    moments, moments, octet, octet, octet, octet, st.binary(max_size=254), tlvs.map(tuple),
)  # fmt: skip


def theirs(kind: type, ours: pdu.Sm, sequence: int) -> bytes:
    """The same message written by smpp34."""
    octets: bytes = kind(
        ours.source_addr, ours.destination_addr, ours.short_message,
        service_type=ours.service_type, source_addr_ton=ours.source_ton, source_addr_npi=ours.source_npi,
        dest_addr_ton=ours.dest_ton, dest_addr_npi=ours.dest_npi, esm_class=ours.esm_class,
        protocol_id=ours.protocol_id, priority_flag=ours.priority_flag,
        schedule_delivery_time=ours.schedule_delivery_time, validity_period=ours.validity_period,
        registered_delivery=ours.registered_delivery, replace_if_present_flag=ours.replace_if_present,
        data_coding=ours.data_coding, sm_default_msg_id=ours.sm_default_msg_id,
        tlvs=[smpp34.Tlv(tag, value) for tag, value in ours.tlvs], sequence_number=sequence,
    ).encode()  # fmt: skip
    return octets


@given(submit=submits, sequence=st.integers(1, 0x7FFFFFFF))
def test_submit_sm_is_byte_for_byte_that_of_smpp34(submit: SubmitSm, sequence: int) -> None:
    octets = theirs(smpp34.SubmitSm, submit, sequence)

    assert encode(submit, sequence) == octets
    assert decode(octets) == Pdu(submit, sequence)


@given(submit=submits, sequence=st.integers(1, 0x7FFFFFFF))
def test_deliver_sm_is_byte_for_byte_that_of_smpp34(submit: SubmitSm, sequence: int) -> None:
    deliver = DeliverSm(*(getattr(submit, field) for field in submit.__struct_fields__))
    octets = theirs(smpp34.DeliverSm, deliver, sequence)

    assert encode(deliver, sequence) == octets
    assert decode(octets) == Pdu(deliver, sequence)


@given(submit=submits, sequence=st.integers(1, 0x7FFFFFFF))
def test_smpp34_reads_what_we_write(submit: SubmitSm, sequence: int) -> None:
    found = smpp34.decode(encode(submit, sequence))

    assert (found.sequence_number, found.short_message) == (sequence, submit.short_message)
    assert [(tlv.tag, tlv.value) for tlv in found.tlvs] == list(submit.tlvs)


def test_bind_and_answers_are_byte_for_byte_those_of_smpplib() -> None:
    client = smpplib.client.Client("localhost", 2775, allow_unknown_opt_params=True)
    bind = smpplib.smpp.make_pdu(
        "bind_transceiver",
        client=client,
        system_id="acme",
        password="secret",
        system_type="smpp",
        interface_version=0x34,
        addr_ton=0,
        addr_npi=0,
    )
    bind.sequence = 1

    assert bind.generate() == encode(pdu.BindTransceiver("acme", "secret", "smpp"), 1)

    answer = smpplib.smpp.parse_pdu(
        encode(pdu.BindTransceiverResp("smsc", ((Tag.SC_INTERFACE_VERSION, b"\x34"),)), 1),
        client=client, allow_unknown_opt_params=True,
    )  # fmt: skip
    assert (answer.system_id, answer.sc_interface_version) == (b"smsc", 0x34)
    answer = smpplib.smpp.parse_pdu(
        encode(SubmitSmResp("ab12"), 2), client=client, allow_unknown_opt_params=True
    )
    assert answer.message_id == b"ab12"


def test_smpplib_reads_our_refusals() -> None:
    client = smpplib.client.Client("localhost", 2775, allow_unknown_opt_params=True)

    found = smpplib.smpp.parse_pdu(
        bare(Command.SUBMIT_SM_RESP, 9, 0x58), client=client, allow_unknown_opt_params=True
    )

    assert (found.command, found.status, found.sequence) == ("submit_sm_resp", 0x58, 9)
