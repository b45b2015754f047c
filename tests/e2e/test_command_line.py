import os
import re
import resource
import socket
import stat
import subprocess
import sys
import tomllib
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from rich.console import Console

from tellwire.asking import print_explanation


def tellwire(*arguments, cwd=None, check=True, preexec_fn=None, **environment):
    return subprocess.run(
        [sys.executable, "-m", "tellwire", *map(str, arguments)],
        cwd=cwd,
        check=check,
        timeout=60,
        capture_output=True,
        text=True,
        preexec_fn=preexec_fn,
        env={**os.environ, **environment},
    )


def test_init_writes_settings_that_run_and_that_only_the_owner_reads(tmp_path):
    told = tellwire("init", tmp_path / "etc").stdout
    file = tmp_path / "etc" / "tellwire.toml"

    settings = tomllib.loads(file.read_text())
    assert "tellwire run --config" in told
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(settings["admin_password"]) >= 10
    shown = tellwire("config", "--config", file).stdout
    assert settings["account_id"] in shown
    assert settings["api_token"] not in shown


def test_init_takes_another_place_for_the_data(tmp_path):
    tellwire("init", tmp_path / "etc", "--data", tmp_path / "var")

    settings = tomllib.loads((tmp_path / "etc" / "tellwire.toml").read_text())
    assert settings["data"] == str(tmp_path / "var")


def test_init_never_overwrites(tmp_path):
    tellwire("init", tmp_path)
    before = (tmp_path / "tellwire.toml").read_text()

    again = tellwire("init", tmp_path, check=False)

    assert again.returncode == 1
    assert "left as it is" in again.stderr
    assert (tmp_path / "tellwire.toml").read_text() == before


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("run",), "account_id is not set"),
        (("gateway",), "gateway_admin_token is not set"),
        (("explain", "--event", "x"), "token"),
        (("run", "--config", "nowhere.toml"), "tellwire init"),
        (("backup", "there", "--data", "nowhere"), "nothing of Tellwire"),
        (("import", "nowhere.yaml", "--token", "some-long-token"), "nowhere.yaml: No such file"),
        (("simulator", "--behaviour", "nowhere.toml"), "nowhere.toml"),
    ],
    ids=["run", "gateway", "explain", "no file", "backup", "import", "behaviour"],
)
def test_what_cannot_be_done_says_what_to_do_in_one_line(tmp_path, command, says):
    done = tellwire(*command, cwd=tmp_path, check=False)

    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_platform_that_is_not_there_is_named(tmp_path):
    asked = ("explain", "--event", "x", "--url", "http://127.0.0.1:9", "--token", "t")
    done = tellwire(*asked, cwd=tmp_path, check=False)

    assert done.returncode == 1
    assert "Is it running?" in done.stderr


def test_a_second_process_on_the_same_data_is_refused(start_demo, tmp_path):
    first = start_demo(tmp_path / "data")
    settings = {
        "TELLWIRE_DATA": str(tmp_path / "data"),
        "TELLWIRE_PORT": "0",
        **{f"TELLWIRE_{name}": "something-long" for name in ("ACCOUNT_ID", "PASSCODES", "API_TOKEN")},
        **{f"TELLWIRE_{name}": "something-long" for name in ("ADMIN_EMAIL", "ADMIN_PASSWORD")},
    }

    done = tellwire("run", cwd=tmp_path, check=False, **settings)

    assert done.returncode == 1
    assert "another tellwire process" in done.stderr
    first.stop()


def test_an_explanation_prints_the_words_of_providers_and_people_as_they_are(capsys):
    gate = {"gate": "profile_conditions", "has_passed": False, "saw": "Plan = [/tin]", "wanted": "[red]gold"}
    explained = {
        "note": "It failed: [/] [bold]no",
        "campaigns": [
            {
                "name": "Thanks",
                "id": 1,
                "verdict": "send",
                "trace": [gate],
                "reason": "Plan = [/tin].",
                "outcome": {"answer": '{"error": ["[/red]"]}'},
            }
        ],
    }

    print_explanation(Console(), explained)

    said = capsys.readouterr().out
    assert "It failed: [/] [bold]no" in said
    assert all(words in said for words in ("  Plan = [/tin].", "Plan = [/tin]  [red]gold"))
    assert 'The provider answered: {"error": ["[/red]"]}' in said


def something_long(*names: str, **settings: str) -> dict[str, str]:
    return {f"TELLWIRE_{name.upper()}": "something-long" for name in names} | {
        f"TELLWIRE_{name.upper()}": value for name, value in settings.items()
    }


PLATFORM = ("account_id", "passcodes", "api_token", "admin_email", "admin_password")


@pytest.mark.parametrize(
    ("name", "least"),
    [("passcodes", 8), ("api_token", 8), ("admin_password", 10), ("gateway_admin_token", 8)],
)
def test_a_secret_that_is_soon_guessed_is_refused_at_the_start(tmp_path, name, least):
    settings = something_long(*PLATFORM, "gateway_admin_token", gateway="yes", simulator="yes", port="0")

    done = tellwire(
        "run", cwd=tmp_path, check=False, **settings | something_long(**{name: "x" * (least - 1)})
    )

    assert done.returncode == 1
    assert f"{name} is too short: it needs at least {least} characters" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = str(holder.getsockname()[1])

        done = [
            tellwire("run", cwd=tmp_path, check=False, **something_long(*PLATFORM, port=port)),
            tellwire("demo", "--port", port, cwd=tmp_path, check=False),
            tellwire("simulator", "--smpp-port", port, cwd=tmp_path, check=False),
        ]

    assert [one.returncode for one in done] == [1, 1, 1]
    assert all("in use" in one.stderr and port in one.stderr for one in done)
    assert not any("Traceback" in one.stderr for one in done)


def test_a_full_disk_at_the_start_is_one_line(tmp_path):
    def full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    settings = something_long(*PLATFORM, port="0")
    done = tellwire("run", cwd=tmp_path, check=False, preexec_fn=full, **settings)

    assert done.returncode == 1
    assert "is the disk full" in done.stderr
    assert "Traceback" not in done.stderr


def test_init_says_where_to_sign_in_and_where_the_password_is(tmp_path):
    told = tellwire("init", tmp_path).stdout

    assert "http://127.0.0.1:8800 as admin@example.com" in told
    assert f"admin_password in {tmp_path / 'tellwire.toml'}" in told


def test_run_says_where_everything_is_and_shows_no_secret(tmp_path):
    tellwire("init", tmp_path)
    file = tmp_path / "tellwire.toml"
    environment = something_long(port="0", gateway_port="0", gateway="yes", simulator="yes")
    command = [sys.executable, "-m", "tellwire", "run", "--config", str(file)]

    with subprocess.Popen(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as running:
        shown = [running.stdout.readline() for _ in range(2)]
        running.terminate()

    assert shown[0].startswith("Gateway    http://127.0.0.1:")
    assert shown[1].startswith("Dashboard  http://127.0.0.1:")
    assert f"admin_password in {file}" in shown[1]
    assert tomllib.loads(file.read_text())["admin_password"] not in "".join(shown)


def test_a_lost_sealing_key_is_not_replaced_while_there_is_something_sealed(start_demo, tmp_path):
    start_demo(tmp_path / "data").stop()
    key = tmp_path / "data" / "sealing.key"
    kept = key.read_text()
    key.unlink()
    settings = something_long(*PLATFORM, port="0", data=str(tmp_path / "data"))

    done = tellwire("run", cwd=tmp_path, check=False, **settings)

    assert done.returncode == 1
    assert "put it back from a backup" in done.stderr
    assert "Traceback" not in done.stderr
    assert not key.exists()
    assert len(kept.strip()) == 64


def test_with_another_sealing_key_it_runs_but_is_not_ready(start_demo, tmp_path):
    start_demo(tmp_path / "data").stop()
    (tmp_path / "data" / "sealing.key").write_text("0" * 64 + "\n")
    settings = something_long(*PLATFORM, port="0", data=str(tmp_path / "data"))

    with subprocess.Popen(
        [sys.executable, "-m", "tellwire", "run"],
        cwd=tmp_path,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as running:
        url = re.search(r"http://\S+", running.stdout.readline())[0]
        with pytest.raises(HTTPError) as answer:
            urlopen(f"{url}/ready", timeout=10)
        running.terminate()

    with answer.value as refused:
        assert refused.code == 503
        assert "put the sealing.key of that time back" in refused.read().decode()
