"""The simulated carrier's receipts, bent the way its behaviour asks. The straight ones are `smpp/deliveries`."""

from msgspec.structs import replace

from tellwire.gateway.simulator.behaviour import Odd
from tellwire.gateway.smpp.commands import Tag
from tellwire.gateway.smpp.deliveries import ReceiptFacts, receipt_pairs, receipt_sm, without_flag
from tellwire.gateway.smpp.dialect import Dialect, ReceiptIds
from tellwire.gateway.smpp.pdu import DeliverSm

_IDS: dict[str, ReceiptIds] = {
    "as_is": "as_is",
    "hex_then_decimal": "submit_hex_receipt_decimal",
    "decimal_then_hex": "submit_decimal_receipt_hex",
}


def submit_id(number: int, odd: Odd) -> str:
    """Return the id of message `number` as submit_sm_resp says it."""
    return str(number) if odd.ids == "decimal_then_hex" else f"{number:x}"


def odd_receipt(number: int, facts: ReceiptFacts, odd: Odd) -> DeliverSm:
    """Return the receipt of message `number` as this carrier writes it."""
    if odd == Odd():
        return receipt_sm(facts)
    written = replace(facts, message_id=_receipt_id(number, odd))
    pairs = [(key, value) for key, value in receipt_pairs(written) if key.lower() not in odd.omit]
    if odd.lower_case:
        pairs = [(key.lower(), value.lower()) for key, value in pairs]
    text = " ".join(f"{key}:{value}" for key, value in pairs)
    if odd.extra_words:
        text = f"{odd.extra_words} {text}"
    # The TLV repeats what submit_sm_resp said; only the text changes base.
    receipt = receipt_sm(facts, text, tlvs=odd.tlvs)
    return receipt if odd.flag else without_flag(receipt)


def dialect_for(odd: Odd) -> Dialect:
    """Return the dialect in which a link understands this carrier."""
    return Dialect(
        receipt_ids=_IDS[odd.ids],
        receipts_without_flag=not odd.flag,
        error_codes_are_8x8=True,
        umid_tag=Tag.TELLWIRE_UMID.value,
    )


def _receipt_id(number: int, odd: Odd) -> str:
    return str(number) if odd.ids == "hex_then_decimal" else f"{number:x}"
