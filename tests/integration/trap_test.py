"""From a mail to a trap, or a hit of a machine, to the answer of the DNS; and what an operator does to
the daemon meanwhile."""

import json
import os
import pathlib
import signal
import smtplib
import time

import pytest

import harness
import trap_site
import wire_message as wire
import wire_reply
from trap_site import hit, message, sender

FAR_AHEAD = "2100-01-01T00:00:00Z"


@pytest.fixture
def site(tmp_path):
    with trap_site.served(tmp_path) as found:
        yield found


def refusal(site, **options):
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        site.deliver("198.51.100.7", **options)
    return refused.value.smtp_code, refused.value.smtp_error.decode()


# ---- Mail ---------------------------------------------------------------------------------------

def test_a_mail_lists_its_sender(site):
    assert site.answers("198.51.100.7") == []
    assert site.deliver("198.51.100.7").startswith("2.0.0 ")
    site.wait_until_listed("198.51.100.7")
    assert site.answers("198.51.100.7") == ["127.0.0.3"]
    assert site.answers("198.51.100.7", "TXT") == ['"198.51.100.7 sent mail to traps"']
    # Its neighbour is not concerned; of IPv6 a whole /64 is one customer's at least.
    assert site.answers("198.51.100.8") == []
    site.deliver(sender(1), message(1))
    site.wait_until_listed("2001:db8:5:1::1")
    assert site.answers("2001:db8:5:2::1") == []
    assert site.doctor()["hits"] == 2


def test_the_same_mail_again_is_no_other_hit(site):
    for _ in range(3):
        site.deliver("198.51.100.7", message(1))
    site.deliver("198.51.100.8", message(2))
    site.wait_until_listed("198.51.100.7", "198.51.100.8")
    assert site.doctor()["hits"] == 2


@pytest.mark.parametrize("recipient", ["nobody@trap.example", "lure@other.example", "@trap.example"])
def test_who_is_no_trap_is_refused_before_the_mail(site, recipient):
    code, _ = refusal(site, recipient=recipient)
    assert code // 100 == 5
    assert site.doctor()["hits"] == 0


def test_a_tag_leads_to_the_trap(site):
    site.deliver("198.51.100.7", recipient="Lure+shop@TRAP.example")
    site.wait_until_listed("198.51.100.7")


def test_mail_over_the_limit(tmp_path):
    with trap_site.served(tmp_path, trap="message_bytes_max = 65536") as site:
        assert refusal(site, data=message(1) + b"x" * 70_000)[0] == 552
        site.deliver("198.51.100.7", message(2) + b"x" * 60_000)
        site.wait_until_listed("198.51.100.7")


def test_a_peer_that_is_not_trusted_tells_of_no_other(tmp_path):
    with trap_site.served(tmp_path, trap='trusted_clients = ["192.0.2.1"]') as site:
        with pytest.raises(smtplib.SMTPResponseException):
            site.deliver("198.51.100.7")
        with site.client() as client:
            client.check(client.smtp.mail("bounce@spam.example"))
            client.check(client.smtp.rcpt(trap_site.TRAP))
            client.check(client.smtp.data(message(1)))
        # The peer is the loopback, which is never at fault.
        harness.wait_until(lambda: site.doctor()["hits"] == 1, "the hit")
        assert site.doctor()["listings"] == 0


# ---- Machines -----------------------------------------------------------------------------------

def test_hits_over_http(site):
    lines = [hit("203.0.113.5"), b"rubbish", hit("10.0.0.1"), hit("203.0.113.6", time=FAR_AHEAD),
             hit("203.0.113.7")]
    status, answer = site.post("/v1/hits", b"\n".join(lines))
    assert status == 200
    assert (answer["accepted"], answer["duplicates"], answer["refused_total"]) == (2, 0, 3)
    assert [fault["line"] for fault in answer["refused"]] == [2, 3, 4]
    assert site.answers("203.0.113.5") == ["127.0.0.5"]
    assert site.answers("203.0.113.7", "TXT") == ['"203.0.113.7 tries passwords"']
    assert site.answers("203.0.113.6") == []
    assert site.post("/v1/hits", lines[0])[1]["duplicates"] == 1
    assert site.doctor()["hits"] == 2


@pytest.mark.parametrize("token, path, content_type, body, wanted", [
    pytest.param("nobody's", "/v1/hits", "application/x-ndjson", b"{}", 401, id="token"),
    pytest.param("nobody's", "/v1/reports", "message/rfc822", b"{}", 401, id="token-report"),
    pytest.param(None, "/v1/hits", "text/plain", b"{}", 415, id="type"),
    pytest.param(None, "/v1/hits", "application/json", b"", 400, id="empty"),
    pytest.param(None, "/v1/nothing", "application/json", b"{}", 404, id="path"),
    pytest.param(None, "/v1/reports", "message/rfc822", b"Subject: hello\r\n\r\nhello\r\n", 400,
                 id="no-report"),
    pytest.param(None, "/v1/reports", "application/json", b"{", 400, id="no-json"),
])
def test_requests_that_are_refused(site, token, path, content_type, body, wanted):
    status, answer = site.post(path, body, content_type, token)
    assert (status, answer["status"]) == (wanted, wanted)
    assert site.doctor()["hits"] == 0


def test_a_revoked_token_opens_nothing(site):
    assert site.post("/v1/hits", hit("203.0.113.5"))[0] == 200
    site.cli("token", "revoke", "web1")
    assert site.post("/v1/hits", hit("203.0.113.6"))[0] == 401


SAMPLES = harness.ROOT / "tests" / "unit" / "importer" / "reports" / "samples"


def sample(name, was, address):
    """A report of the standards' own, about another address."""
    text = (SAMPLES / name).read_bytes()
    assert was in text
    return text.replace(was, address.encode())


def arf():
    return sample("arf-01.eml", b"192.0.2.89", "203.0.113.41")


def test_reports_over_http(site):
    status, answer = site.post(
        "/v1/reports", sample("v4-messaging-spam.json", b"192.168.1.100", "203.0.113.40"),
        "application/json")
    assert (status, answer["accepted"]) == (200, 1), answer
    status, answer = site.post("/v1/reports", arf(), "message/rfc822; charset=utf-8")
    assert (status, answer["accepted"]) == (200, 1), answer
    assert site.post("/v1/reports", arf(), "message/rfc822")[1]["duplicates"] == 1
    for address in ("203.0.113.40", "203.0.113.41"):
        assert site.answers(address) == ["127.0.0.3"]
    assert site.doctor()["hits"] == 2


def test_a_report_by_mail_accuses_whom_it_names(site):
    site.deliver("198.51.100.9", arf(), recipient=trap_site.REPORTS)
    harness.wait_until(lambda: site.doctor()["hits"] == 1, "the hit")
    # Anyone can write a report: without a signature of the reporter it weighs next to nothing.
    assert site.answers("203.0.113.41") == [] and site.answers("198.51.100.9") == []


# ---- Rules that change --------------------------------------------------------------------------

def changes_of_rules(site):
    shown = json.loads(site.cli("--json", "audit", "show", "--limit", "1000"))
    return [record for record in shown["records"] if record["action"] == "rules.change"]


def test_new_rules_by_sighup(site):
    before = len(changes_of_rules(site))
    site.configure(rules=trap_site.RULES.replace('kinds = ["mail", "report"]',
                                                 'kinds = ["mail"]\nhits = 2'))
    site.reload()
    assert len(changes_of_rules(site)) == before + 1
    site.deliver("198.51.100.7", message(1))
    harness.wait_until(lambda: site.doctor()["hits"] == 1, "the hit")
    assert site.answers("198.51.100.7") == []
    site.deliver("198.51.100.7", message(2))
    site.wait_until_listed("198.51.100.7")
    site.reload()
    assert len(changes_of_rules(site)) == before + 1  # the same once more


FAULTS = [
    pytest.param({"rules": trap_site.RULES.replace('list = "css"', 'list = "ccs"')}, "ccs",
                 id="list"),
    pytest.param({"trap": 'networks = "nowhere.mmdb"'}, "nowhere.mmdb", id="networks"),
]


@pytest.mark.parametrize("changes, told", FAULTS)
def test_faulty_rules_change_nothing(site, changes, told):
    before = len(changes_of_rules(site))
    # Zones and rules change together, or neither.
    site.configure(**{"more": '\n[[zone]]\nname = "more.bl.example"\nlists = ["css"]\n'
                              'ns = ["ns1.bl.example"]\n', **changes})
    site.reload("the running configuration was not changed")
    assert site.log_says(told)
    site.configure(rules=trap_site.RULES, trap="", more="")
    assert len(changes_of_rules(site)) == before
    site.deliver("198.51.100.7")
    site.wait_until_listed("198.51.100.7")
    question = wire.query("7.100.51.198.more.bl.example")
    assert wire_reply.read(site.udp(question), question).kind() == "REFUSED"


def test_mails_come_in_while_rules_change(site):
    with site.client() as client:
        for number in range(40):
            client.deliver(sender(number), message(number))
            if number % 10 == 5:
                site.signal(signal.SIGHUP)
    site.wait_until_listed(*map(sender, range(40)))
    assert site.doctor()["hits"] == 40


# ---- Processes of their own ---------------------------------------------------------------------

def opened(pid):
    paths = [os.readlink(entry) for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir()]
    return paths + pathlib.Path(f"/proc/{pid}/maps").read_text().split()


def test_one_process_takes_in_and_another_answers(tmp_path):
    with trap_site.served(tmp_path, server='roles = ["trap", "jobs"]') as taker:
        answerer = trap_site.TrapSite(tmp_path, server='roles = ["dns"]')
        answerer.config = tmp_path / "dns.toml"
        answerer.ports_file = tmp_path / "dns-ports.json"
        answerer.log = tmp_path / "dns.log"
        answerer.configure()
        try:
            answerer.start()
            assert taker.ports == [] and taker.lmtp_port and not taker.http_port
            assert answerer.ports and not answerer.lmtp_port and not answerer.http_port
            taker.deliver("198.51.100.7")
            answerer.wait_until_listed("198.51.100.7")
            vault = str(tmp_path / "vault")
            assert any(path.startswith(vault) for path in opened(taker.process.pid))
            assert not any(path.startswith(vault) for path in opened(answerer.process.pid))
            # Who answers does not depend on who takes in.
            taker.kill()
            assert answerer.answers("198.51.100.7") == ["127.0.0.3"]
        finally:
            answerer.end()


def test_the_parser_inherits_nothing(site):
    site.deliver("198.51.100.7")
    site.wait_until_listed("198.51.100.7")
    parsers = trap_site.children(site.process.pid)
    assert parsers
    for pid in parsers:
        assert sorted(entry.name for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir()) == \
            ["0", "1", "2"]
        assert not any(str(site.folder) in path for path in opened(pid))
