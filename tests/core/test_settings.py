import msgspec
import pytest

from tellwire.settings import Settings, SettingsProblem, described, load, shown


def test_every_setting_says_what_it_is():
    rows = described()

    assert [name for name, *_ in rows] == list(Settings.__struct_fields__)
    assert all(sentence.endswith((".", "refused.")) for *_, sentence, _ in rows)


def test_both_servers_listen_on_this_machine_only_unless_told_otherwise():
    settings = Settings()

    assert (settings.host, settings.gateway_host) == ("127.0.0.1", "127.0.0.1")
    assert not settings.allow_private_targets
    assert not settings.simulator


def test_environment_wins_over_the_file_and_the_command_line_over_both(tmp_path):
    file = tmp_path / "tellwire.toml"
    file.write_text('port = 1\nhost = "h"\naccount_id = "FILE"\npasscodes = ["x"]')

    settings = load(file, {"TELLWIRE_PORT": "2", "TELLWIRE_HOST": "e", "PATH": "/bin"}, {"port": 3})

    assert (settings.port, settings.host, settings.account_id, settings.passcodes) == (3, "e", "FILE", ("x",))


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("PORT", "80", 80),
        ("DRAIN_S", "2.5", 2.5),
        ("PASSCODES", "a,b", ("a", "b")),
        ("SIMULATOR", "Yes", True),
        ("SIMULATOR", "off", False),
        ("LOG_LEVEL", "debug", "debug"),
    ],
)
def test_environment_is_read_as_the_kind_the_setting_has(name, text, value):
    assert getattr(load(None, {f"TELLWIRE_{name}": text}), name.lower()) == value


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"TELLWIRE_PORT": "http"}, "number"),
        ({"TELLWIRE_PORT": "99999"}, "65535"),
        ({"TELLWIRE_SIMULATOR": "perhaps"}, "yes or no"),
        ({"TELLWIRE_LOG_LEVEL": "loud"}, "loud"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_by_name(environment, says):
    with pytest.raises(SettingsProblem, match=says):
        load(None, environment)


def test_an_unknown_setting_in_the_file_is_refused(tmp_path):
    file = tmp_path / "tellwire.toml"
    file.write_text("prot = 80")

    with pytest.raises(SettingsProblem, match="prot"):
        load(file, {})


def test_a_file_that_is_not_there_says_what_to_do(tmp_path):
    with pytest.raises(SettingsProblem, match="tellwire init"):
        load(tmp_path / "none.toml", {})


def test_secrets_print_as_stars():
    settings = load(None, {"TELLWIRE_API_TOKEN": "s3cret", "TELLWIRE_PASSCODES": "s3cret"})

    assert "s3cret" not in repr(shown(settings)) + repr(settings)
    assert msgspec.structs.asdict(settings)["api_token"] == "s3cret"
