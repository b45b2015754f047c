"""Hypothesis strategies for PDUs that the wire can carry."""

from hypothesis import strategies as st

from tellwire.gateway.smpp import pdu

octet = st.integers(0, 255)
moments = st.sampled_from(["", "261122145300000+", "000007000000000R", "261122145300048-"])
tlvs = st.lists(
    st.tuples(st.integers(0, 0xFFFF), st.binary(max_size=40)), max_size=5
).map(tuple)  # fmt: skip


def texts(limit: int) -> st.SearchStrategy[str]:
    """C-octet strings of a field that holds `limit` octets with its NUL."""
    return st.text(st.characters(min_codepoint=1, max_codepoint=255), max_size=limit - 1)


def _sms(kind: type[pdu.Sm]) -> st.SearchStrategy[pdu.Sm]:
    return st.builds(
        kind, texts(6), octet, octet, texts(21), octet, octet, texts(21), octet, octet, octet, moments, moments,
        octet, octet, octet, octet, st.binary(max_size=254), tlvs,
    )  # fmt: skip


def _binds(kind: type[pdu.Bind]) -> st.SearchStrategy[pdu.Bind]:
    return st.builds(kind, texts(16), texts(9), texts(13), octet, octet, octet, texts(41))


submits = _sms(pdu.SubmitSm)
_wide_source = (octet, octet, texts(65))
_source = (octet, octet, texts(21))
bodies: st.SearchStrategy[pdu.Body] = st.one_of(
    submits,
    _sms(pdu.DeliverSm),
    _binds(pdu.BindTransceiver),
    _binds(pdu.BindTransmitter),
    _binds(pdu.BindReceiver),
    st.builds(pdu.BindTransceiverResp, texts(16), tlvs),
    st.builds(pdu.Outbind, texts(16), texts(9)),
    st.builds(pdu.DataSm, texts(6), *_wide_source, octet, octet, texts(65), octet, octet, octet, tlvs),
    st.builds(pdu.SubmitSmResp, texts(65), tlvs),
    st.builds(pdu.DeliverSmResp, texts(65), tlvs),
    st.builds(pdu.DataSmResp, texts(65), tlvs),
    st.builds(pdu.QuerySm, texts(65), *_source),
    st.builds(pdu.CancelSm, texts(6), texts(65), *_source, *_source),
    st.builds(pdu.ReplaceSm, texts(65), *_source, moments, moments, octet, octet, st.binary(max_size=254)),
    st.builds(pdu.AlertNotification, *_wide_source, *_wide_source, tlvs),
    st.sampled_from(
        [pdu.EnquireLink(), pdu.EnquireLinkResp(), pdu.Unbind(), pdu.UnbindResp(), pdu.GenericNack()]
    ),
)
