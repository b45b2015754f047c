import re
import ssl
from pathlib import Path

import pytest

from tellwire.gateway.carriers.carrier_file import BadCarrierFile, read_carriers

PAGE = Path(__file__).parents[2] / "docs/howto/put-it-in-front-of-a-carrier.md"
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


def test_the_page_shows_what_is_read():
    examples = re.findall(r"```toml\n(.*?)```", PAGE.read_text(), re.DOTALL)

    found = [read_carriers(text, GIVEN) for text in examples]

    assert [list(one.smpp) + list(one.http) for one in found] == [["acme"], ["web"]]
    assert found[0].smpp["acme"][0].dialect.vendor_tlvs == ((0x1400, b"campaign-7\0"), (0x1401, b"\x00\xff"))


def test_an_empty_file_has_no_carriers():
    assert read_carriers("", {}).smpp == {}


def dialect(table):
    found = read_carriers(f'[acme]\nhost = "x"\nport = 1\nsystem_id = "a"\n{table}', {})
    return found.smpp["acme"][0].dialect


@pytest.mark.parametrize("key", ["ESME_RSYSERR", "RSYSERR", "rsyserr", "8", "0x08", "0x00000008"])
def test_a_status_is_named_as_the_standard_or_the_carrier_does(key):
    assert dialect(f'[acme.dialect.verdicts]\n{key} = "refused"').verdicts == {8: "refused"}


def test_a_carriers_own_status_has_a_verdict():
    assert dialect('[acme.dialect.verdicts]\n0x0400 = "throttled"').verdicts == {0x400: "throttled"}


@pytest.mark.parametrize(
    "tlvs",
    [
        'vendor_tlvs = {0x1400 = "a\\u0000"}',
        'vendor_tlvs = {5120 = {hex = "61 00"}}',
        'vendor_tlvs = {0x1400 = {base64 = "YQA="}}',
        'vendor_tlvs = [[0x1400, "a\\u0000"]]',
    ],
)
def test_a_vendors_tlv_is_text_or_octets(tlvs):
    assert dialect(f"[acme.dialect]\n{tlvs}").vendor_tlvs == ((0x1400, b"a\0"),)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('[acme.dialect.verdicts]\nESME_NOPE = "refused"', "ESME_NOPE"),
        ('[acme.dialect.verdicts]\n0 = "refused"', "'0'"),
        ('[acme.dialect.verdicts]\n8 = "lost"', "lost"),
        ("[acme.dialect]\nverdicts = 3", "verdicts"),
        ('[acme.dialect]\nvendor_tlvs = {x = "a"}', "no tag"),
        ('[acme.dialect]\nvendor_tlvs = {0x10000 = "a"}', "no tag"),
        ('[acme.dialect]\nvendor_tlvs = {0x1400 = {hex = "0g"}}', "cannot be read"),
        ('[acme.dialect]\nvendor_tlvs = {0x1400 = "\u0151"}', "cannot be read"),
        ("[acme.dialect]\nvendor_tlvs = {0x1400 = 3}", "a value is"),
        ('[acme.dialect]\nvendor_tlvs = "a"', "a table of"),
        ("[acme.dialect]\nconcat = 1", "dialect.concat"),
        ("[acme.timers]\nrespons_s = 1", "timers.respons_s"),
        ("[acme.reconnect]\nfirst = 1", "reconnect.first"),
        ("[acme.tls]\nca = 1", "tls.ca"),
    ],
)
def test_a_mistake_below_a_carrier_is_named(table, says):
    with pytest.raises(BadCarrierFile, match=says):
        dialect(table)


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
