"""Replies in the whole program: from a handset to its confirmation, from the command line, and killed in a storm."""

import csv
import json
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from itertools import count
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.e2e.conftest import Demo, eventually
from tests.e2e.test_event_to_phone import write
from tests.ports import free_ports
from tests.waiting import HANG_S

KILLS = 3
SENDERS = 4


def set_replies(demo: Demo, replies: Any) -> None:
    page = demo.get("/api/account-settings")
    page["account"]["replies"] = replies
    status, answer = demo.ask("PUT", "/api/account-settings", page)
    assert status == 200, answer


def callback_path(demo: Demo) -> str:
    provider = demo.get("/api/providers")["providers"][0]
    return urlsplit(demo.get(f"/api/providers/{provider['id']}")["callback_url"]).path


def body_of(text: str, number: str, umid: str) -> bytes:
    payload = {"umid": umid, "source": number, "destination": "+6580001111", "body": text}
    return json.dumps({"eventType": "inbound_message_received", "payload": payload}).encode()


def tell(demo: Demo, path: str, body: bytes) -> None:
    with closing(HTTPConnection(urlsplit(demo.ready["platform_url"]).netloc, timeout=HANG_S)) as connection:
        connection.request("POST", path, body)
        assert connection.getresponse().status == 200


@pytest.fixture
def commands(start_demo, tmp_path) -> Iterator[tuple[Demo, Any]]:
    demo = start_demo(tmp_path / "data")
    remote = ["--url", demo.ready["platform_url"], "--token", demo.ready["api_token"]]

    def tellwire(*arguments: str) -> str:
        command = [sys.executable, "-m", "tellwire", *arguments, *remote]
        done = subprocess.run(command, check=True, timeout=HANG_S, capture_output=True, text=True)
        return done.stdout

    yield demo, tellwire
    assert demo.stop() == 0


def test_numbers_are_suppressed_imported_and_exported_from_the_command_line(commands, tmp_path):
    _, tellwire = commands
    rows = "".join(f"bounced at the network of the handset,+65912{number:05}\n" for number in range(10_000))
    file, out = tmp_path / "numbers.csv", tmp_path / "out.csv"
    file.write_text(f"Reason,Phone\n{rows}x,nobody\n")
    refused, ledger = tmp_path / "refused.csv", tmp_path / "ledger.csv"

    dry = json.loads(tellwire("suppressions", "import", str(file), "--dry-run"))
    real = json.loads(tellwire("suppressions", "import", str(file), "--report", str(refused)))
    added = json.loads(tellwire("suppressions", "add", "+6599990000", "--reason", "asked by phone"))
    shown = tellwire("suppressions", "--phone", "+6599990000")
    released = json.loads(tellwire("suppressions", "release", "+6599990000"))
    tellwire("suppressions", "export", str(out))
    lines = [json.loads(line) for line in tellwire("consent", "export").splitlines()]
    tellwire("consent", "export", str(ledger), "--format", "csv", "--after", str(lines[-2]["seq"]))

    assert (dry["suppressed"], dry["refused"], dry["dry_run"]) == (10_000, 1, True)
    assert (real["suppressed"], real["already"], real["refused"]) == (10_000, 0, 1)
    assert real["mistakes"][0]["line"] == 10_002
    with refused.open() as written:
        assert [row["line"] for row in csv.DictReader(written)] == ["10002"]
    assert (added, released) == ({"suppressed": 1, "already": 0}, {"released": 1, "free": 0})
    assert "asked by phone" in shown
    with out.open() as written:
        assert sum(1 for _ in written) == 10_001
    assert len(lines) == 10_002
    assert (lines[-1]["address"], lines[-1]["before"], lines[-1]["after"]) == ("+6599990000", True, False)
    with ledger.open() as written:
        (one,) = csv.DictReader(written)
    assert (one["source"], one["by"]) == ("api", "API token")


def test_a_stop_from_a_handset_is_confirmed_there_and_nothing_else_comes(start_demo, tmp_path):
    demo = start_demo(tmp_path / "data")
    set_replies(demo, {"stop": {"confirm": True, "text": "No more."}})
    number = "+6591230077"
    profile = {"identity": "stopper", "type": "profile", "profileData": {"Phone": number}}
    event = {"identity": "stopper", "type": "event", "evtName": "Order Placed", "evtData": {"Amount": 50}}
    demo.upload(profile, event)
    eventually(lambda: demo.texts(number), what="the campaign's text")

    write(demo, number, "Stop")

    eventually(
        lambda: [one["text"] for one in demo.texts(number)][:1] == ["No more."], what="the confirmation"
    )
    demo.upload(event)
    eventually(
        lambda: (
            demo.get("/api/explain", identity="stopper", event="Order Placed")["campaigns"][0]["code"]
            == "suppressed"
        ),
        what="the refusal of the next one",
    )
    assert len(demo.texts(number)) == 2
    assert demo.stop() == 0


@pytest.mark.timeout(KILLS * 60 + 120)
def test_kill_9_loses_no_reply_that_was_answered_and_keeps_none_twice(start_demo, tmp_path):
    data, ports, chance = tmp_path / "data", tuple(free_ports(2)), random.Random("replies")
    demo = start_demo(data, ports=ports)
    set_replies(demo, {"stop": {"confirm": True, "text": "No more."}})
    path, answered, sent = callback_path(demo), set[int](), set[int]()
    numbers = count()

    for _ in range(KILLS):
        storm(demo, path, numbers, chance.randrange(100, 400), answered, sent)
        demo = start_demo(data, ports=ports)
    for number in sorted(sent):  # the provider tries again what it had no answer to, and some that it had
        tell(demo, path, one_of(number))
        answered.add(number)

    stops = {phone(number) for number in answered if number % 2}
    page, suppressed = demo.get("/api/suppressions", limit="1000"), set()
    while True:
        suppressed |= {one["address"] for one in page["suppressions"]}
        if page["next"] is None:
            break
        page = demo.get("/api/suppressions", limit="1000", before=page["next"])
    assert suppressed == stops
    lines = demo.get("/api/consent", limit="1000")["lines"]
    assert len(lines) == len(stops)  # one line a request, however often it came
    eventually(lambda: len(replied(demo)) >= len(answered), what="an event for each")
    assert sorted(replied(demo)) == sorted(phone(number) for number in answered)
    some = sorted(stops)[:: max(1, len(stops) // 10)]
    for (
        number
    ) in some:  # each has its one confirmation; one that was on its way when all was killed is not repeated
        eventually(lambda number=number: status(demo, number) not in {"", "queued"}, what="a confirmation")
        assert len(demo.texts(number)) <= 1
    # Handsets forget with the program that was killed, so the messages themselves say that they came.
    eventually(
        lambda: any(status(demo, number) == "delivered" for number in some), what="one that was delivered"
    )
    demo.stop(signal.SIGKILL)


def status(demo: Demo, number: str) -> str:
    """Return where the one message to a number stands."""
    rows = demo.get("/api/messages", to=number)["messages"]
    assert len(rows) <= 1
    return rows[0]["standing"]["status"] if rows else ""


def phone(number: int) -> str:
    return f"+659130{number:04}"


def one_of(number: int) -> bytes:
    return body_of("STOP" if number % 2 else f"text {number}", phone(number), f"u{number}")


def replied(demo: Demo) -> list[str]:
    """Return who is in the inbox, each as often as there are texts of theirs."""
    found, before = [], ""
    while True:
        page = demo.get("/api/inbox", limit="200", **({"before": str(before)} if before else {}))
        found += [one["person"]["value"] for one in page["conversations"]]
        if page["next"] is None:
            return found
        before = page["next"]


def storm(
    demo: Demo, path: str, numbers: Iterator[int], until: int, answered: set[int], sent: set[int]
) -> None:
    """Send replies over several connections until so many are answered, and kill the program among them."""
    goal = len(answered) + until

    def send() -> None:
        address = urlsplit(demo.ready["platform_url"]).netloc
        with closing(HTTPConnection(address, timeout=HANG_S)) as connection, suppress(OSError, HTTPException):
            while True:
                number = next(numbers)
                sent.add(number)
                connection.request("POST", path, one_of(number))
                response = connection.getresponse()
                response.read()
                if response.status == 200:
                    answered.add(number)

    threads = [Thread(target=send) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    eventually(lambda: len(answered) >= goal, what="answers")
    demo.stop(signal.SIGKILL)
    for thread in threads:
        thread.join()
