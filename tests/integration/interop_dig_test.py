"""dig and kdig, the programs that operators look with, against fairlistd."""

import re
import subprocess

import pytest

import interop_site as site
from interop_site import running_site  # noqa: F401 (a fixture)

LISTED = "7.100.51.198.zen.bl.example"
UNLISTED = "8.100.51.198.zen.bl.example"


class Reply:
    """What dig or kdig printed."""

    def __init__(self, text):
        self.text = text
        header = re.search(r"(?:status: |status: )(\w+)", text)
        self.status = header.group(1) if header else ""
        flags = re.search(r"[Ff]lags: ([a-z ]+);", text)
        self.flags = set(flags.group(1).split()) if flags else set()
        # Owner, TTL, class, type, data.
        self.records = [line.split(None, 4) for line in text.splitlines()
                        if line and not line.startswith(";") and len(line.split(None, 4)) == 5]

    def data(self, kind):
        return sorted(record[4] for record in self.records if record[3] == kind)


def asker(name, port):
    # kdig does not know +tries; dig knows both.
    tries = ["+retry=0"] if name == "kdig" else ["+retry=0", "+tries=1"]
    command = [site.program(name), "@127.0.0.1", "-p", str(port), "+norecurse", *tries, "+time=5"]

    def run(*arguments):
        done = subprocess.run(command + list(arguments), capture_output=True, text=True, timeout=20)
        return Reply(done.stdout)

    return run


@pytest.fixture(params=["dig", "kdig"])
def ask(request, running_site):
    return asker(request.param, running_site.port)


@pytest.mark.parametrize("name, kind, status, data", [
    pytest.param(LISTED, "A", "NOERROR", ["127.0.0.2"], id="listed"),
    pytest.param(LISTED, "TXT", "NOERROR",
                 ['"198.51.100.7 sent spam, see https://bl.example/sbl/198.51.100.7"'],
                 id="reason"),
    pytest.param(LISTED, "AAAA", "NOERROR", [], id="listed_other_type"),
    pytest.param(UNLISTED, "A", "NXDOMAIN", [], id="unlisted"),
    pytest.param("9.113.0.203.zen.bl.example", "A", "NOERROR", ["127.0.0.2", "127.0.0.4"],
                 id="two_lists"),
    pytest.param("25.113.0.203.zen.bl.example", "A", "NXDOMAIN", [], id="exempt"),
    pytest.param("100.51.198.zen.bl.example", "A", "NOERROR", [], id="partial_above_listed"),
    pytest.param("101.51.198.zen.bl.example", "A", "NXDOMAIN", [], id="partial_above_nothing"),
    pytest.param("2.0.0.127.zen.bl.example", "A", "NOERROR", ["127.0.0.2", "127.0.0.4"],
                 id="test_point"),
    pytest.param("1.0.0.127.zen.bl.example", "A", "NXDOMAIN", [], id="never_listed"),
    pytest.param("07.100.51.198.zen.bl.example", "A", "NXDOMAIN", [], id="leading_zero"),
    pytest.param("zen.bl.example", "NS", "NOERROR", ["ns1.bl.example."], id="name_servers"),
    pytest.param("7.100.51.198.other.example", "A", "REFUSED", [], id="not_our_zone"),
])
def test_answer(ask, name, kind, status, data):
    reply = ask(name, kind)
    assert reply.status == status, reply.text
    assert reply.data(kind) == data, reply.text


@pytest.mark.parametrize("transport", ["+notcp", "+tcp"])
def test_authoritative_over(ask, transport):
    reply = ask(LISTED, "A", transport)
    assert reply.data("A") == ["127.0.0.2"], reply.text
    assert "aa" in reply.flags and "ra" not in reply.flags, reply.text


def test_soa_of_the_zone_and_of_a_negative_answer_agree(ask):
    positive = ask("zen.bl.example", "SOA").data("SOA")
    negative = ask(UNLISTED, "A").data("SOA")
    assert len(positive) == 1 and positive == negative
    assert positive[0].startswith("ns1.bl.example. hostmaster.bl.example. ")


def test_any_is_one_small_answer(ask):
    # RFC 8482 section 4.2: an HINFO of "RFC8482".
    reply = ask(LISTED, "ANY", "+notcp")
    assert reply.status == "NOERROR"
    assert [record[3] for record in reply.records] == ["HINFO"], reply.text
    assert "RFC8482" in reply.data("HINFO")[0]


def test_case_comes_back_as_sent(running_site):
    # kdig asks in lower case whatever it is given.
    mixed = "7.100.51.198.ZeN.bL.eXaMpLe"
    reply = asker("dig", running_site.port)(mixed, "A")
    assert reply.records[0][0] == mixed + "."
    assert reply.data("A") == ["127.0.0.2"]


def test_nsid(ask):
    # RFC 5001: "interop" in hexadecimal is what both programs show.
    shown = ask(LISTED, "A", "+nsid").text.replace(" ", "").lower()
    assert b"interop".hex() in shown or '"interop"' in shown


def test_cookie_is_extended_by_ours(ask):
    # RFC 7873 section 5.2: 8 bytes of the client and 8 to 32 of the server.
    text = ask(LISTED, "A", "+cookie=0102030405060708").text
    cookie = re.search(r"COOKIE: ([0-9A-Fa-f]+)", text)
    assert cookie and cookie.group(1).lower().startswith("0102030405060708"), text
    assert 32 <= len(cookie.group(1)) <= 80


def test_without_edns_there_is_none_in_the_answer(ask):
    assert "EDNS" not in ask(LISTED, "A", "+noedns").text
