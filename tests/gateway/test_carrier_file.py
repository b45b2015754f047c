import ssl

import pytest

from tellwire.gateway.carrier_file import BadCarrierFile, read_carriers

WHOLE = """
[acme]
host = "smpp.acme.example"
port = 2776
system_id = "me"
password = "${TELLWIRE_SECRET_ACME}"
binds = 2
window = 20
cost = "0.012"
[acme.tls]
minimum = "1.3"
[acme.dialect]
concatenation = "sar"

[web]
kind = "http"
url = "https://sms.example/send"
repeats_unanswered = false
body = {to = "{to}", text = "{text}"}
headers = {Authorization = "Bearer ${TELLWIRE_SECRET_WEB}"}
"""
GIVEN = {"TELLWIRE_SECRET_ACME": "pa55", "TELLWIRE_SECRET_WEB": "k3y"}


def test_a_file_describes_carriers_of_both_kinds():
    found = read_carriers(WHOLE, GIVEN)

    first, second = found.smpp["acme"]
    assert first == second
    assert (first.port, first.password, first.window, first.dialect.concatenation) == (
        2776,
        "pa55",
        20,
        "sar",
    )
    assert first.tls is not None
    assert first.tls.minimum is ssl.TLSVersion.TLSv1_3
    assert found.http["web"].headers == {"Authorization": "Bearer k3y"}
    assert [found.persistence[name].repeats_unanswered for name in ("acme", "web")] == [True, False]
    assert found.costs == {"acme": 12_000, "web": 0}


def test_an_empty_file_has_no_carriers():
    assert read_carriers("", {}).smpp == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[acme", "no TOML"),
        ('acme = "x"', "a carrier is a table"),
        ('["A B"]\nhost = "x"', "short name"),
        ('[acme]\nkind = "fax"', '"smpp" or "http"'),
        ('[acme]\nhost = "x"', "port"),
        ('[acme]\nhost = "x"\nport = 1\nsystem_id = "a"\nwindows = 3', "no key windows"),
        ('[acme]\nhost = "x"\nport = 1\nsystem_id = "a"\nbinds = 0', "binds"),
        ('[acme]\nhost = "x"\nport = 1\nsystem_id = "a"\npassword = "${NONE}"', "NONE is not set"),
        ('[acme]\nhost = "x"\nport = 1\nsystem_id = "a"\ncost = "a lot"', "price as text"),
        ('[acme]\nhost = "x"\nport = 1\nsystem_id = "a"\ncost = "-1"', "0 or more"),
        ('[acme]\nhost = "x"\nport = 1\nsystem_id = "a"\n[acme.tls]\nminimum = "1.0"', "1.2"),
        ('[acme]\nhost = "x"\nport = 1\nsystem_id = "a"\n[acme.dialect]\nconcatenation = "glue"', "glue"),
        ('[acme]\nhost = "x"\nport = 1\nsystem_id = "a"\nrepeats_unanswered = 1', "true or false"),
        ('[web]\nkind = "http"\nurl = "x"\nurls = "y"', "urls"),
    ],
)
def test_a_mistake_is_named(text, says):
    with pytest.raises(BadCarrierFile, match=says):
        read_carriers(text, {})
