"""Reports to providers: from a mail to a trap to a mail in the provider's mailbox or a signed call of
its webhook, through a daemon that is killed, a mail server that is down, and what nobody may learn."""

import base64
import contextlib
import datetime
import email
import email.policy
import hashlib
import hmac
import json
import time

import pytest

import harness
import trap_site
from canary import Canary
from report_receivers import MailServer, Webhook
from shifted_clock import ShiftedClock

LOCAL, DOMAIN = "zx9canarylure", "qv7traphost.example"
TRAP = f"{LOCAL}@{DOMAIN}"
SENDER = "198.51.100.7"
MESSAGE_ID = "wj4820tracker77"
RULES = """
[[rule]]
name = "traps"
list = "css"
kinds = ["mail"]
lifetimes = ["2d"]
"""
MORE = """
[site]
name = "Example Blocklists"
url = "https://bl.example"
contact = "lists@bl.example"

[mail]
server = "{server}"
from = "reports@bl.example"

[reports]
batch = "{batch}"
retries = ["5m", "30m"]
{reports}
"""


class ReportSite(trap_site.TrapSite):
    def __init__(self, folder, clock, server, batch="0s", reports=""):
        self.clock = clock
        super().__init__(folder, rules=RULES,
                         more=MORE.format(server=server, batch=batch, reports=reports))

    def fill(self):
        super().fill()
        self.cli("trap", "add", TRAP)
        self.cli("provider", "add", "cloud", "--name", "Cloud", "--abuse", "abuse@cloud.example")
        self.cli("provider", "space", "add", "cloud", "198.51.100.0/24")

    def spam(self, address=SENDER):
        data = trap_site.message(address, Message_ID=f"<{MESSAGE_ID}@spam.example>", To=TRAP)
        self.deliver(address, data, recipient=TRAP, helo=f"{LOCAL}.spam.example",
                     mail_from=f"bounce-{LOCAL}={DOMAIN}@spam.example")
        self.wait_until_listed(address)

    def reports(self, *options):
        return json.loads(self.cli("--json", "provider", "reports", *options))["reports"]

    def wait_for(self, state, tries=1):
        """The newest report, when it is so."""
        def is_so():
            newest = self.reports("cloud")[0]
            return newest["state"] == state and newest["tries"] == tries
        harness.wait_until(is_so, f"a report to be {state} after {tries} tries")
        return self.reports("cloud")[0]


@contextlib.contextmanager
def served(folder, server, **settings):
    with ShiftedClock(folder) as clock:
        site = ReportSite(folder / "site", clock, server, **settings)
        try:
            site.fill()
            site.start()
            yield site
        finally:
            site.end()


@pytest.fixture
def mails():
    with MailServer() as server:
        yield server


@pytest.fixture
def site(tmp_path, mails):
    with served(tmp_path, mails.url) as found:
        yield found


def parsed(mail):
    return email.message_from_bytes(mail, policy=email.policy.default)


def xarf_of(mail):
    return [json.loads(part.get_content()) for part in parsed(mail).walk()
            if part.get_content_type() == "application/json"]


def everything_in(mail):
    """The mail, its parts without their encoding, and the evidence within."""
    parts = [part.get_payload(decode=True) for part in parsed(mail).walk() if not part.is_multipart()]
    evidence = [base64.b64decode(item["payload"]) for report in xarf_of(mail)
                for item in report["evidence"]]
    return b"\n".join([mail, *filter(None, parts), *evidence])


def test_a_listing_is_one_mail_to_its_provider(site, mails):
    site.spam()
    report = site.wait_for("sent")
    assert (report["channel"], report["cause"], report["subject"]) == ("mail", "listed", SENDER)
    [(recipients, data)] = mails.mails
    assert recipients == ["<abuse@cloud.example>"]
    mail = parsed(data)
    assert not mail.defects and all(not part.defects for part in mail.walk())
    assert (mail.get_content_type(), mail.get_param("report-type")) == (
        "multipart/report", "feedback-report")
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_body(("plain",)).get_content()
    for words in (SENDER, "css", "1 mail", "https://bl.example", "lists@bl.example"):
        assert words in text, text
    [xarf] = xarf_of(data)
    assert (xarf["source_identifier"], xarf["category"], xarf["type"]) == (
        SENDER, "reputation", "blocklist")
    [evidence] = xarf["evidence"]
    digest = hashlib.sha256(base64.b64decode(evidence["payload"])).hexdigest()
    assert evidence["hash"] == f"sha256:{digest}"


def test_our_own_reader_takes_the_mail(site, mails):
    site.spam()
    site.wait_for("sent")
    file = site.folder / "report.eml"
    file.write_bytes(mails.mails[0][1])
    read = json.loads(site.cli("--json", "report", "import", str(file)))
    assert (read["hits"], read["rejected"]) == (1, 0), read


def test_the_provider_is_not_told_which_trap(site, mails):
    site.spam()
    site.wait_for("sent")
    told = everything_in(mails.mails[0][1])
    canary = Canary(address=TRAP, local=LOCAL, domain=DOMAIN, message=MESSAGE_ID)
    assert canary.found_in(told) == []
    assert canary.found_in(site.log.read_text()) == []
    assert b"spam.example" not in told


def test_answers_are_kept_and_fixed_is_an_attest(site):
    site.spam()
    report = site.wait_for("sent")
    number = str(report["report"])
    assert [one["report"] for one in site.reports("cloud", "--unanswered")] == [report["report"]]
    site.cli("provider", "answer", number, "fixed", "customer removed")
    assert site.reports("cloud", "--unanswered") == []
    [answer] = site.reports("cloud")[0]["answers"]
    assert (answer["kind"], answer["text"]) == ("fixed", "customer removed")
    assert "report.answer" in site.cli("audit", "show")
    with pytest.raises(RuntimeError, match="there is none"):
        site.cli("provider", "answer", "999", "fixed", "x")
    with pytest.raises(RuntimeError, match="expected fixed"):
        site.cli("provider", "answer", number, "done", "x")


def test_a_mail_server_that_says_no_is_asked_again(site, mails):
    mails.mood = "later"
    site.spam()
    assert "451" in site.wait_for("due", 1)["error"]
    mails.mood = "never"
    site.clock.forward(minutes=5)
    assert "550" in site.wait_for("due", 2)["error"]
    assert mails.mails == []
    mails.mood = "take"
    site.clock.forward(minutes=30)
    site.wait_for("sent", 3)
    assert len(mails.mails) == 1


def test_after_the_last_try_it_is_given_up(site, mails):
    mails.mood = "never"
    site.spam()
    site.wait_for("due", 1)
    site.clock.forward(minutes=5)
    site.wait_for("due", 2)
    site.clock.forward(minutes=30)
    assert "550" in site.wait_for("failed", 3)["error"]


def test_killed_between_sending_and_noting_it_sends_the_same_message(site, mails):
    mails.mood = "stall"
    site.spam()
    assert mails.stalled.wait(harness.PATIENCE_S)
    site.kill()
    assert site.reports("cloud")[0]["state"] == "due"
    mails.mood = "take"
    # Others that come meanwhile go in a message of their own.
    site.cli("listing", "open", "css", "198.51.100.8")
    site.start()
    harness.wait_until(lambda: len(mails.mails) == 3, "three mails")
    first, again, other = (parsed(data) for _, data in mails.mails)
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    ids = [[report["report_id"] for report in xarf_of(data)] for _, data in mails.mails]
    assert ids[0] == ids[1] != ids[2]
    site.wait_for("sent")


def test_a_mail_server_that_hangs_holds_up_nothing_else(site, mails):
    mails.mood = "hang"
    site.spam()
    assert mails.stalled.wait(harness.PATIENCE_S)
    site.deliver("198.51.100.9", recipient=TRAP)
    site.wait_until_listed("198.51.100.9")
    assert site.stop() == 0
    # What was cut off was no try.
    assert {report["tries"] for report in site.reports("cloud")} == {0}


def test_what_comes_together_is_one_mail(tmp_path, mails):
    with served(tmp_path, mails.url, batch="1h") as site:
        for last in (1, 2, 3):
            site.spam(f"198.51.100.{last}")
        site.clock.forward(minutes=61)
        site.wait_for("sent")
        [(_, data)] = mails.mails
        assert len(xarf_of(data)) == 3


def test_no_more_messages_a_day_than_the_rate(tmp_path, mails):
    with served(tmp_path, mails.url, reports="messages_per_day = 1") as site:
        site.spam()
        site.wait_for("sent")
        site.cli("listing", "open", "css", "198.51.100.8")
        for _ in range(25):
            site.clock.forward(hours=1)
            site.cli("provider", "reports")
        site.wait_for("sent")
        first, second = (parsed(data)["Date"].datetime for _, data in mails.mails)
        assert second - first >= datetime.timedelta(days=1)


def test_a_webhook_gets_signed_json(tmp_path, mails):
    with Webhook() as hook, served(tmp_path, mails.url, reports="allow_private = true") as site:
        secret = json.loads(site.cli("--json", "provider", "webhook-secret", "cloud"))["secret"]
        site.cli("provider", "change", "cloud", "--webhook", hook.url + "/reports")
        hook.status = 500
        site.spam()
        assert "500" in site.wait_for("due", 1)["error"]
        hook.status = 204
        site.clock.forward(minutes=5)
        assert site.wait_for("sent", 2)["channel"] == "webhook"
        (_, _, _, failed), (_, path, header, body) = hook.calls
        assert (path, header["Content-Type"]) == ("/reports", "application/json")
        mark = dict(part.split("=") for part in header["Fairlist-Signature"].split(","))
        right = hmac.new(secret.encode(), mark["t"].encode() + b"." + body, "sha256").hexdigest()
        assert hmac.compare_digest(mark["v1"], right)
        assert abs(int(mark["t"]) - site.clock.seconds - time.time()) < harness.PATIENCE_S
        told = json.loads(body)
        assert told["batch"] == json.loads(failed)["batch"]
        [report] = told["reports"]
        assert (told["provider"], report["subject"], report["hits"]) == ("cloud", SENDER, 1)
        assert Canary(address=TRAP, local=LOCAL, domain=DOMAIN).found_in(body) == []
        assert secret not in site.log.read_text()
        assert secret.encode() not in (site.folder / "store" / "data.mdb").read_bytes()
        assert mails.mails == []


def test_a_webhook_is_not_followed_elsewhere_nor_called_at_home(tmp_path, mails):
    with Webhook() as hook, served(tmp_path, mails.url, reports="allow_private = true") as site:
        site.cli("provider", "webhook-secret", "cloud")
        site.cli("provider", "change", "cloud", "--webhook", hook.url + "/redirect")
        site.spam()
        assert "302" in site.wait_for("due", 1)["error"]
        assert [path for _, path, _, _ in hook.calls] == ["/redirect"]
        site.config.write_text(site.config.read_text().replace("allow_private = true", ""))
        site.reload()
        site.clock.forward(minutes=5)
        site.wait_for("due", 2)
        assert len(hook.calls) == 1
