"""SMPP octets and PDUs: nothing is lost on the way, and what cannot be read is refused with the right status."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.gateway.smpp_strategies import bodies, submits

from tellwire.gateway.smpp import pdu
from tellwire.gateway.smpp.codec import LONGEST, Framer, bare, decode, encode
from tellwire.gateway.smpp.commands import Command, Status
from tellwire.gateway.smpp.pdu import BadPdu, BindTransceiver, Pdu, SubmitSm, SubmitSmResp

sequences = st.integers(1, 0x7FFFFFFF)


@given(body=bodies, sequence=sequences)
def test_decode_is_the_inverse_of_encode(body: pdu.Body, sequence: int) -> None:
    assert decode(encode(body, sequence)) == Pdu(body, sequence)


@given(submit=submits, cut=st.integers(0, 400))
def test_a_truncated_pdu_is_refused_or_shorter_but_never_an_error(submit: SubmitSm, cut: int) -> None:
    whole = encode(submit, 7)
    short = whole[: max(16, len(whole) - cut)]

    found = decode(short)

    assert isinstance(found, Pdu | BadPdu)


@given(
    octets=st.binary(max_size=200), command=st.sampled_from(list(Command)), status=st.integers(0, 0xFFFFFFFF)
)
def test_garbage_in_a_frame_is_a_pdu_or_a_refusal(octets: bytes, command: Command, status: int) -> None:
    frame = struct.pack(">IIII", 16 + len(octets), command, status, 9) + octets

    found = decode(frame)

    assert found.sequence == 9


@given(data=st.lists(bodies, max_size=5), cuts=st.lists(st.integers(1, 60), min_size=1, max_size=20))
def test_a_stream_gives_the_same_frames_however_it_is_cut(data: list[pdu.Body], cuts: list[int]) -> None:
    stream = b"".join(encode(body, n + 1) for n, body in enumerate(data))
    framer, frames, at = Framer(), [], 0

    for n in range(len(stream)):
        if at >= len(stream):
            break
        size = cuts[n % len(cuts)]
        frames += framer.feed(stream[at : at + size])
        at += size

    assert [decode(frame) for frame in frames] == [Pdu(body, n + 1) for n, body in enumerate(data)]
    assert framer.broken is None


@pytest.mark.parametrize("length", [0, 15, LONGEST + 1, 0xFFFFFFFF])
def test_a_length_that_cannot_be_ends_the_stream(length: int) -> None:
    framer = Framer()
    good = encode(pdu.EnquireLink(), 1)

    frames = framer.feed(good + struct.pack(">IIII", length, 4, 0, 77) + good)

    assert frames == [good]
    assert framer.broken is not None
    assert (framer.broken.command_status, framer.broken.sequence) == (Status.RINVCMDLEN, 77)
    assert framer.feed(good) == []


def test_a_header_that_drips_in_is_waited_for() -> None:
    framer, whole = Framer(), encode(pdu.EnquireLink(), 3)

    early = [frame for n in range(15) for frame in framer.feed(whole[n : n + 1])]

    assert early == []
    assert framer.feed(whole[15:]) == [whole]


def _submit_with(**fields: bytes) -> bytes:
    """A submit_sm frame whose fields are given as octets."""
    parts = {
        "service_type": b"\0", "source": b"\x05\x00ACME\0", "destination": b"\x01\x016591230000\0",
        "modes": b"\0\0\0", "schedule": b"\0", "validity": b"\0", "flags": b"\x01\0\0\0", "text": b"\x02hi",
        "tlvs": b"",
    } | fields  # fmt: skip
    octets = b"".join(parts.values())
    return struct.pack(">IIII", 16 + len(octets), 4, 0, 5) + octets


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"service_type": b"toolong\0"}, Status.RINVSERTYP),
        ({"source": b"\x05\x00" + b"9" * 21 + b"\0"}, Status.RINVSRCADR),
        ({"destination": b"\x01\x01" + b"9" * 21 + b"\0"}, Status.RINVDSTADR),
        ({"schedule": b"2611\0"}, Status.RINVSCHED),
        ({"validity": b"26112214530000000+\0"}, Status.RINVEXPIRY),
        ({"text": b"\x09hi"}, Status.RINVMSGLEN),
        ({"text": b"\xff" + b"x" * 255}, Status.RINVMSGLEN),
        ({"tlvs": b"\x04"}, Status.RINVOPTPARSTREAM),
        ({"tlvs": b"\x04\x24\x00\x05abc"}, Status.RINVOPTPARSTREAM),
        ({"tlvs": b"\x14\x00\x00\x00" * 65}, Status.RINVOPTPARSTREAM),
    ],
)
def test_the_field_at_fault_names_the_status(fields: dict[str, bytes], status: Status) -> None:
    found = decode(_submit_with(**fields))

    assert isinstance(found, BadPdu)
    assert found.command_status == status
    assert found.sequence == 5


_TLV = b"\x00\x1e\x00\x03m1\0"


@pytest.mark.parametrize(
    ("fields", "flaw"),
    [
        ({"service_type": b"toolong\0"}, "service_type"),
        ({"source": b"\x05\x00" + b"9" * 21 + b"\0"}, "source_addr"),
        ({"destination": b"\x01\x01" + b"9" * 21 + b"\0"}, "destination_addr"),
        ({"schedule": b"2611\0"}, "schedule_delivery_time"),
        ({"validity": b"26112214530000000+\0"}, "validity_period"),
        ({"text": b"\xff" + b"x" * 255}, "short_message"),
        ({"tlvs": b"\0" + _TLV}, "optional"),
        ({"tlvs": _TLV + b"\0"}, "optional"),
        ({"tlvs": _TLV + b"\x04"}, "optional"),
        ({"tlvs": _TLV + b"\x04\x24\x00\x05abc"}, "optional"),
        ({"tlvs": _TLV + b"\x14\x23\x00\x05abc"}, "optional"),
        ({"tlvs": b"\x14\x00\x00\x00" * 99 + _TLV}, "optional"),
    ],
)
def test_a_carriers_harmless_flaw_costs_no_delivery(fields: dict[str, bytes], flaw: str) -> None:
    submit = _submit_with(**fields)
    deliver = submit[:4] + struct.pack(">I", Command.DELIVER_SM) + submit[8:]

    found = decode(deliver)

    assert isinstance(found, Pdu)
    assert isinstance(found.body, pdu.DeliverSm)
    assert found.flaw.startswith(flaw) or flaw in found.flaw
    assert found.body.short_message in (b"hi", b"x" * 255)
    if "tlvs" in fields:
        assert pdu.tlv(found.body.tlvs, 0x1E) == b"m1\0"


def test_a_cut_text_is_kept_as_far_as_it_came() -> None:
    payload = b"\x04\x24\x00\x05abc"
    submit = _submit_with(text=b"\0", tlvs=payload)
    deliver = submit[:4] + struct.pack(">I", Command.DELIVER_SM) + submit[8:]

    found = decode(deliver)

    assert isinstance(found, Pdu)
    assert pdu.tlv(found.body.tlvs, 0x0424) == b"abc"  # type: ignore[union-attr]  # a deliver_sm


def test_a_delivery_whose_fields_end_nowhere_is_refused() -> None:
    found = decode(struct.pack(">IIII", 22, Command.DELIVER_SM, 0, 5) + b"\0\1\1659")

    assert isinstance(found, BadPdu)


def test_a_centre_with_a_long_name_is_bound_to() -> None:
    octets = b"A Centre With A Very Long Name\0\x02\x10\x00\x01\x34"
    frame = struct.pack(">IIII", 16 + len(octets), Command.BIND_TRANSCEIVER_RESP, 0, 1) + octets

    found = decode(frame)

    assert isinstance(found, Pdu)
    assert found.body == pdu.BindTransceiverResp("A Centre With A Very Long Name", ((0x0210, b"\x34"),))


def test_a_long_id_is_kept_whole() -> None:
    octets = b"i" * 100 + b"\0"
    frame = struct.pack(">IIII", 16 + len(octets), Command.SUBMIT_SM_RESP, 0, 1) + octets

    assert decode(frame) == Pdu(SubmitSmResp("i" * 100), 1)


def test_an_unknown_command_is_refused_as_such() -> None:
    found = decode(struct.pack(">IIII", 16, 0x00010203, 0, 5))

    assert isinstance(found, BadPdu)
    assert found.command_status == Status.RINVCMDID


def test_unknown_and_vendor_tlvs_pass_through() -> None:
    tlvs = (
        (0x1502, b"0b4c2f0e-6f0e-4c6b-9d55-2d9c3a0a3c11"),
        (0x3FFF, b""),
        (0x7777, b"\0\1"),
        (0x1502, b"again"),
    )

    found = decode(encode(SubmitSm(tlvs=tlvs), 1))

    assert isinstance(found, Pdu)
    assert found.body == SubmitSm(tlvs=tlvs)


def test_a_response_may_lack_its_body_or_its_last_nul_or_carry_rubbish_behind_it() -> None:
    no_body = bare(Command.SUBMIT_SM_RESP, 4, Status.RTHROTTLED)
    no_nul = struct.pack(">IIII", 20, Command.SUBMIT_SM_RESP, 0, 4) + b"ab12"
    rubbish = struct.pack(">IIII", 23, Command.SUBMIT_SM_RESP, 0, 4) + b"ab12\0\x01\x02"

    assert decode(no_body) == Pdu(SubmitSmResp(), 4, Status.RTHROTTLED)
    assert decode(no_nul) == Pdu(SubmitSmResp("ab12"), 4)
    assert decode(rubbish) == Pdu(SubmitSmResp("ab12"), 4)


@pytest.mark.parametrize(
    "body",
    [
        SubmitSm(destination_addr="9" * 21),
        SubmitSm(source_addr="AC\0ME"),
        SubmitSm(service_type="a\0b\0c"),
        SubmitSm(source_addr="Łódź"),
        SubmitSm(short_message=b"x" * 255),
        SubmitSm(validity_period="tomorrow"),
        BindTransceiver(password="longer than 8"),
        SubmitSm(tlvs=((0x0424, b"x" * 65_000), (0x1400, b"y" * 20_000))),
    ],
)
def test_what_the_wire_cannot_carry_is_never_written(body: pdu.Body) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        encode(body, 1)


def test_no_secret_number_or_text_is_in_a_repr() -> None:
    shown = repr(
        [
            BindTransceiver("acme", "hunter2"),
            SubmitSm(source_addr="ACME", destination_addr="6591230000", short_message=b"the code is 1234"),
            pdu.DataSm(destination_addr="6591230000", tlvs=((0x0424, b"the code is 1234"),)),
            pdu.Outbind("smsc", "hunter2"),
        ]
    )

    assert "acme" in shown
    assert not any(secret in shown for secret in ("hunter2", "6591230000", "1234"))
