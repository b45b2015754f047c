"""`tellwire simulate` from outside: the installed command, files, and what it writes where."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TELLWIRE = Path(sys.executable).with_name("tellwire")
UNTIL = "2026-06-10T00:00:00Z"
TS = 1_780_315_200  # 2026-06-01T12:00:00Z

CART = """\
campaigns:
- name: Cart reminder
  start: {event: Added To Cart}
  key: Event.cart_id
  stop: {event: Charged, same: cart_id}
  steps:
  - {id: pause, wait: {for: 30 minutes}}
  - {id: remind, send: {text: "Hi {{ Profile.Name }}, your cart waits."}}
"""


def record(kind: str, ts: float | None = None, identity: str = "ann", **fields: Any) -> dict[str, Any]:
    written = {"identity": identity, "type": kind, **fields}
    return written if ts is None else {**written, "ts": ts}


ANN = record("profile", TS, profileData={"Name": "Ann", "Phone": "+4915112345678"})


def added(ts: float | None = None, cart: int = 1) -> dict[str, Any]:
    return record("event", ts, evtName="Added To Cart", evtData={"cart_id": cart})


class Files:
    """A directory of campaigns and events, and the command over them."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def run(
        self, *records: dict[str, Any] | bytes, campaigns: str | bytes = CART, options: tuple[str, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        text = campaigns.encode() if isinstance(campaigns, str) else campaigns
        (self.directory / "c.yaml").write_bytes(text)
        lines = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in records]
        (self.directory / "e.ndjson").write_bytes(b"\n".join(lines) + b"\n")
        return self.command(
            "c.yaml", "--events", "e.ndjson", "--until", UNTIL, "--format", "ndjson", *options
        )

    def command(self, *arguments: str, story: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [TELLWIRE, "simulate", *arguments],
            cwd=self.directory,
            input=story,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def lines(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_answer_is_one_line_with_the_same_members(files: Files) -> None:
    first, second = lines(files.run(ANN, added(TS + 0.25)))

    assert first == {
        "at": "2026-06-01T12:30:00.250Z",
        "identity": "ann",
        "campaign": "Cart reminder",
        "step": "remind",
        "verdict": "send",
        "code": None,
        "text": "Hi Ann, your cart waits.",
        "parts": 1,
        "to": "+4915112345678",
    }
    assert (second["verdict"], second["code"], second["step"]) == ("exit", "finished", "remind")


def test_the_same_files_give_the_same_bytes(files: Files) -> None:
    story = [
        ANN,
        added(TS),
        added(None, 2),
        record("event", TS + 60, evtName="Charged", evtData={"cart_id": 2}),
    ]

    assert files.run(*story).stdout == files.run(*story).stdout != ""


def test_events_may_come_through_a_pipe(files: Files) -> None:
    from_file = files.run(ANN, added(TS)).stdout
    story = (files.directory / "e.ndjson").read_text()

    piped = files.command(
        *("c.yaml", "--events", "/dev/stdin", "--until", UNTIL, "--format", "ndjson"), story=story
    )

    assert piped.stdout == from_file != ""


def test_what_an_upload_would_refuse_is_said_on_standard_error_and_the_rest_goes_on(files: Files) -> None:
    done = files.run(ANN, record("event", TS, evtName=""), added(TS))

    assert len(lines(done)) == 2
    assert done.stderr.startswith("Line 2: ")


def test_a_trace_also_tells_of_waits(files: Files) -> None:
    verdicts = [line["verdict"] for line in lines(files.run(ANN, added(TS), options=("--trace",)))]

    assert verdicts == ["wait", "send", "exit"]


def test_receipts_may_answer_a_wait(files: Files) -> None:
    fallback = """\
campaigns:
- name: OTP
  start: {event: Asked}
  steps:
  - {id: first, send: {text: "1"}}
  - {id: pause, wait: {for: 10 minutes, or: [{event: Notification Delivered}]}}
  - {id: second, send: {text: "2"}}
"""
    story = ANN, record("event", TS, evtName="Asked")
    delivered = record(
        "event", TS + 60, evtName="Notification Delivered", evtData={"Campaign Name": "OTP", "Step": "first"}
    )

    alone = [line["verdict"] for line in lines(files.run(*story, campaigns=fallback))]
    by_record = [line["code"] for line in lines(files.run(*story, delivered, campaigns=fallback))]
    by_option = [
        line["code"]
        for line in lines(files.run(*story, campaigns=fallback, options=("--receipts", "delivered")))
    ]

    assert alone == ["send", "send", "exit"]
    assert by_record == by_option == [None, "answered"]


def test_zone_and_region_are_the_accounts(files: Files) -> None:
    nine = CART.replace("{for: 30 minutes}", '{until: "09:00"}')
    bob = record("profile", TS, profileData={"Name": "Bob", "Phone": "0151 12345678"})

    (sent, _) = lines(
        files.run(bob, added(TS), campaigns=nine, options=("--zone", "America/New_York", "--region", "DE"))
    )
    assert (sent["at"], sent["to"]) == ("2026-06-02T07:00:00.000Z", "+4915112345678")  # the number's own zone

    (sent, _) = lines(
        files.run(
            record("profile", TS, profileData={"Phone": "+12025550100"}),
            added(TS),
            campaigns=nine,
            options=("--zone", "America/New_York"),
        )
    )
    assert sent["at"] == "2026-06-01T13:00:00.000Z"


def test_campaigns_act_in_the_order_of_files_and_one_that_is_stopped_does_not(files: Files) -> None:
    one = "campaigns: [{name: %s, state: %s, start: {event: Seen}, steps: [{send: {text: x}}]}]"
    for name, state in (("b", "running"), ("a", "draft"), ("c", "stopped")):
        (files.directory / f"{name}.yaml").write_text(one % (name, state))
    story = [ANN, record("event", TS, evtName="Seen")]
    (files.directory / "e.ndjson").write_text("".join(json.dumps(line) + "\n" for line in story))

    done = files.command(
        "b.yaml", "a.yaml", "c.yaml", "--events", "e.ndjson", "--until", UNTIL, "--format", "ndjson"
    )

    assert [line["campaign"] for line in lines(done)] == ["b", "a"]


STEP = "campaigns: [{name: a, start: {event: b}, steps: [%s]}]"


@pytest.mark.parametrize(
    ("campaigns", "last"),
    [
        (
            CART.replace("wait:", "wiat:"),
            "Line 7: Object contains unknown field `wiat`: did you mean `wait`?",
        ),
        (CART.replace("id: remind", "id: pause"), "Line 8: “pause” is the id of another step"),
        (CART.replace("30 minutes", "1200 months"), "Line 7: “1200 months” is no duration"),
        (CART.replace("{event: Added To Cart}", "{evnt: Added To Cart}"), "did you mean `event`?"),
        (STEP % "{send: {text: '{% if %}'}}", "Line 1"),
        (STEP % "{choose: [{if: {all: []}, steps: []}]}", "An empty list means nobody"),
        (STEP % "{wait: {}}", "A wait has either for"),
        ("campaigns: [{name: a, start: {event: b}, steps: []}]", "A campaign does something"),
        ("audiences: [{name: x, rule: {member: y}}, {name: y, rule: {member: x}}]", "made of itself"),
        (
            "audiences: [{name: Gold, rule: {profile: P, equals: 1}}]\n"
            + (STEP % "{send: {text: x}}").replace("start", "who: {member: Golt}, start"),
            "did you mean “Gold”?",
        ),
        ("account: {zone: Mars/Olympus}", "There is no time zone"),
        ("a: [1, 2", "Line 1"),
        (b"\xff\xfe", "not UTF-8"),
        ("x: &a 1\ny: *a", "Aliases"),
        (CART + "  holdout: .nan\n", "Line 9: `.nan` is not a number"),
        (CART + "  until: 9999-12-31T23:00:00-14:00\n", "Line 9: In UTC no calendar has this moment"),
        (CART + "  starts_at: 0001-01-01T00:00:00+14:00\n", "Line 9: In UTC no calendar has this moment"),
        (STEP.replace("event: b", 'at: "0001-01-01T00:00+14:00"') % "{send: {text: x}}", "1 is no year from"),
        (CART + CART.partition("\n")[2], "is the name of another campaign"),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_2_and_its_reason(
    files: Files, campaigns: str | bytes, last: str
) -> None:
    done = files.run(ANN, added(TS), campaigns=campaigns)

    assert (done.returncode, done.stdout) == (2, "")
    assert last in done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("records", "last"),
    [
        (
            [ANN, record("event", TS - 1.5, evtName="A")],
            "e.ndjson: Line 2: ts goes back, from 1780315200 to 1780315198.5.",
        ),
        ([added()], "Line 1: the first record has no ts"),
        ([b"{"], "Line 1: this is no record"),
        ([ANN, b"\xff"], "Line 2: this is no record"),
        ([record("event", 10**30, evtName="A")], "Line 1: ts has to be seconds"),
    ],
)
def test_events_that_cannot_be_read_end_with_2_before_the_first_line(
    files: Files, records: list[Any], last: str
) -> None:
    done = files.run(*records)

    assert (done.returncode, done.stdout) == (2, "")
    assert last in done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "last"),
    [
        (("none.yaml", "--events", "e.ndjson", "--until", UNTIL), "none.yaml: No such file"),
        (("c.yaml", "--events", "none.ndjson", "--until", UNTIL), "none.ndjson: No such file"),
        (("c.yaml", "--events", "e.ndjson", "--until", "soon"), "--until: “soon” is not a moment"),
        (
            ("c.yaml", "--events", "e.ndjson", "--until", UNTIL, "--zone", "Mars"),
            "There is no time zone “Mars”",
        ),
        (("--events", "e.ndjson", "--until", UNTIL), "Name a file of campaigns"),
        (("c.yaml", "--events", ".", "--until", UNTIL), "Is a directory"),
        (("c.yaml", "--events", "e.ndjson", "--until", "0001-01-01T00:00+14:00"), "1 is no year from"),
        (("c.yaml", "--events", "e.ndjson", "--until", "9999-12-31T23:59:59.999999Z"), "9999 is no year"),
        (("c.yaml", "--events", "e.ndjson", "--until", UNTIL, "--region", "XX"), "“XX” is no country"),
        (("a.yaml", "a.yaml", "--events", "e.ndjson", "--until", UNTIL), "a.yaml says what the account is"),
    ],
)
def test_options_that_cannot_be_read_end_with_2(files: Files, arguments: tuple[str, ...], last: str) -> None:
    files.run(ANN)
    (files.directory / "a.yaml").write_text("account: {zone: Europe/Berlin}")

    done = files.command(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert last in done.stderr.strip().splitlines()[-1]
