"""How many submit_sm a second two sessions encode, exchange and answer, both ends in this one process and thread.

    .venv/bin/python bench/smpp_session.py [--profile]

Prints one JSON line. Nothing is cut out: every PDU becomes octets, every octet goes through the framer and the
decoder of the other end, every answer settles its place in the window. There are no sockets.
"""

import cProfile
import json
import statistics
import sys
import time

from tellwire.gateway.smpp.pdu import BindTransceiver, BindTransceiverResp, SubmitSm, SubmitSmResp
from tellwire.gateway.smpp.session import Session
from tellwire.gateway.smpp.states import Answered, Asked, Role

MESSAGES = 200_000
WINDOW = 50  # messages that travel together, as one write of a link's turn would carry them


def main() -> None:
    if "--profile" in sys.argv:
        cProfile.run("exchange(MESSAGES)", sort="tottime")
        return
    rates = [MESSAGES / exchange(MESSAGES) for _ in range(5)]
    rate = round(statistics.median(rates))
    print(json.dumps({"figure": "smpp_session_submit_sm_per_s", "value": rate, "target": 100_000,
                      "ratio": round(rate / 100_000, 2), "runs": [round(r) for r in rates]}))  # fmt: skip


def exchange(messages: int) -> float:
    """Return the seconds that `messages` submit_sm took, answers settled."""
    esme, smsc = bound_pair()
    started, settled = time.perf_counter(), 0
    while settled < messages:
        now_s = time.perf_counter()
        for n in range(esme.free):
            esme.request(message(settled + n), n, now_s)
        for asked in smsc.receive(esme.output(), now_s):
            assert isinstance(asked, Asked)
            smsc.respond(asked.sequence, SubmitSmResp(f"{asked.sequence:016x}"))
        for answer in esme.receive(smsc.output(), now_s):
            assert isinstance(answer, Answered)
            assert answer.status == 0
            settled += 1
    return time.perf_counter() - started


def message(number: int) -> SubmitSm:
    return SubmitSm(
        source_ton=5, source_addr="ACME", dest_ton=1, dest_npi=1, destination_addr=f"65{number:08d}",
        registered_delivery=1, short_message=b"Hello! Your order is on its way and arrives between 10 and 12.",
    )  # fmt: skip


def bound_pair() -> tuple[Session, Session]:
    esme, smsc = Session(Role.ESME, now_s=0.0, window=WINDOW), Session(Role.SMSC, now_s=0.0)
    esme.request(BindTransceiver(system_id="bench", password="bench"), "bind", 0.0)
    (asked,) = smsc.receive(esme.output(), 0.0)
    smsc.respond(asked.sequence, BindTransceiverResp("bench"))
    esme.receive(smsc.output(), 0.0)
    return esme, smsc


if __name__ == "__main__":
    main()
