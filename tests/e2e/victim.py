"""A demo that tests feed what it should not eat: raw sockets to it, its memory, and whether it still works."""

import itertools
import json
import socket
import subprocess
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from tests.e2e.conftest import eventually

ROOM_MB = 60  # what all of it together may cost for good
ROOM_IN_PASSING_MB = 250  # what rendering one hostile template may cost in passing
ANSWER_S = 20  # to a machine that is busy with much else; what never ends takes longer
TEXT = json.dumps({"destination": "+6591399999", "text": "hello"}).encode()
numbers = itertools.count(1)


class Victim:
    """A demo of our own, its memory at the start, and sockets to it that send any bytes."""

    def __init__(self, demo):
        self.demo = demo
        self.ready = demo.ready
        self.at_start_mb = self.memory_mb()

    def memory_mb(self):
        told = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(self.demo.process.pid)], capture_output=True, check=True
        )
        return int(told.stdout) / 1024

    def peak_mb(self):
        """Return the most memory it ever had, where the system tells, else what it has."""
        status = Path(f"/proc/{self.demo.process.pid}/status")
        if not status.exists():
            return self.memory_mb()
        [line] = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) / 1024

    def connect(self, base="platform_url"):
        where = urlsplit(self.ready[base])
        return socket.create_connection((where.hostname, where.port), timeout=ANSWER_S)

    def raw(self, data, base="platform_url"):
        """Send bytes and return the status and the body answered, or (0, b"") for a connection that was closed."""
        with self.connect(base) as connection:
            with suppress(ConnectionError):  # it need not read what it refuses
                connection.sendall(data)
            return read_answer(connection)

    def upload(self, body, headers="", method="POST"):
        return self.raw(self.head(len(body), headers, method) + body)

    def head(self, length, headers="", method="POST"):
        framing = f"Content-Length: {length}\r\n" if length is not None else ""
        return (
            f"{method} /1/upload HTTP/1.1\r\nHost: x\r\n"
            f"X-CleverTap-Account-Id: {self.ready['account_id']}\r\n"
            f"X-CleverTap-Passcode: {self.ready['passcode']}\r\n{framing}{headers}\r\n"
        ).encode()

    def to_api(self, path, body):
        head = (
            f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.ready['api_token']}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return self.raw(head.encode() + body)

    def to_gateway(self, body=TEXT, *, key=None, subaccount=None, headers="", end="messages"):
        path = f"/api/v1/subaccounts/{subaccount or self.ready['subaccount_id']}/{end}"
        head = (
            f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key or self.ready['gateway_api_key']}\r\n"
            f"Content-Length: {len(body)}\r\n{headers}\r\n"
        )
        return self.raw(head.encode() + body, "gateway_url")


def works(victim):
    """See an event go in and its text arrive."""
    number = f"+65913{next(numbers):05d}"
    profile = {"identity": number, "type": "profile", "profileData": {"Phone": number}}
    event = {"identity": number, "type": "event", "evtName": "Order Placed"}
    assert victim.demo.upload(profile, event)["status"] == "success"
    eventually(lambda: victim.demo.texts(number), ANSWER_S, "a text, after this")


def read_answer(connection):
    told = b""
    try:
        while b"\r\n\r\n" not in told:
            more = connection.recv(65536)
            if not more:
                return 0, told
            told += more
        head, _, body = told.partition(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        )
        rest = bytearray(body)  # answers show refused records again, and these are long
        while len(rest) < length:
            rest += connection.recv(65536)
    except ConnectionError:
        return 0, told
    return int(head.split()[1]), bytes(rest)
