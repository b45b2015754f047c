import os
import stat
import subprocess
import sys
import tomllib

import pytest
from rich.console import Console

from tellwire.cli import _print_explanation


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
    ],
    ids=["run", "gateway", "explain", "no file", "backup"],
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


def test_an_explanation_prints_a_providers_words_as_they_are(capsys):
    explained = {
        "note": "It failed: [/] [bold]no",
        "campaigns": [
            {
                "name": "Thanks",
                "id": 1,
                "verdict": "send",
                "trace": [],
                "reason": "",
                "outcome": {"answer": '{"error": ["[/red]"]}'},
            }
        ],
    }

    _print_explanation(Console(), explained)

    said = capsys.readouterr().out
    assert "It failed: [/] [bold]no" in said
    assert 'The provider answered: {"error": ["[/red]"]}' in said
