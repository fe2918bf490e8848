"""No trap shows: a mail that carries its address in every form, in every place, and all that leaves the
daemon, the store and the tool afterwards."""

import datetime
import json
import subprocess
import time

import pytest

import dkim_signer
import harness
import trap_site
from canary import Canary, forms_of

LOCAL, DOMAIN = "zx9canarylure", "qv7traphost.example"
ADDRESS = f"{LOCAL}@{DOMAIN}"
SELECTOR = "selq83hf71"
MESSAGE_ID = "wj4820tracker77"
TOKEN = "ytr5token0aa91"
SENDER = "198.51.100.7"
SIGNED_SENDER = "198.51.100.20"
# Long ago, so that the times of this test are not mistaken for it.
DATE = datetime.datetime(2026, 3, 4, 5, 16, 47, tzinfo=datetime.timezone.utc)
RULES = trap_site.RULES + """
[[rule]]
name = "signers"
list = "dbl"
target = "signer"
lifetimes = ["1d"]

[[rule]]
name = "links"
list = "dbl"
target = "links"
lifetimes = ["1d"]
"""
SPACE = """
[[space]]
prefix = "198.51.100.16/28"
use = "shared"
"""
# What only the one who got the mail knows, besides the address.
TRACKERS = {"message-id": MESSAGE_ID, "selector": SELECTOR, "token": TOKEN}
VERBS = [
    ["check"], ["lookup", SENDER], ["lookup", "example.net"], ["lookup", "example.com"],
    ["entries"], ["lists"], ["zones"], ["journal"], ["status"], ["doctor"], ["sweep"],
    ["audit", "show"], ["audit", "verify"], ["listing", "list", "--ended"],
    ["listing", "show", "1"], ["listing", "show", "2"], ["listing", "history", "1"],
    ["evidence", "show", "1"], ["evidence", "show", "2"], ["evidence", "show", "--listing", "1"],
    ["explain", "1"], ["rules", "show"], ["trap", "status", "--parked"],
    ["token", "list"], ["stats", "networks"], ["stats", "lists"], ["stats", "reasons"],
]
# What may be shown to anybody.
PUBLIC_VERBS = [["lookup", SENDER], ["lookup", "example.net"], ["lookup", "example.com"],
                ["listing", "show", "1"], ["listing", "show", "2"], ["listing", "show", "3"],
                ["evidence", "show", "1"], ["evidence", "show", "2"],
                ["evidence", "show", "--listing", "1"]]


def host_label(form):
    """The form as a label of a host name, or None where it cannot be one."""
    label = form.lower().replace("@", "-at-").replace(".", "-")
    return label if len(label) <= 63 and label.replace("-", "").isalnum() else None


def canary_mail():
    forms = {**{f"a-{name}": form for name, form in forms_of(ADDRESS).items()},
             **{f"l-{name}": form for name, form in forms_of(LOCAL).items()}}
    head = {
        "Return-Path": f"<bounce-{LOCAL}={DOMAIN}@spam.example>",
        "Delivered-To": ADDRESS,
        "X-Original-To": ADDRESS,
        "Received": f"from {LOCAL}.spam.example (unknown [{SENDER}]) by relay.spam.example with"
                    f" ESMTP id {TOKEN} for <{ADDRESS}>; {DATE:%a, %d %b %Y %H:%M:%S} +0000",
        "From": f"{LOCAL} <{LOCAL}@spam.example>",
        "To": f'"{LOCAL}" <{ADDRESS}>',
        "Cc": ADDRESS,
        "Subject": f"{LOCAL}, {ADDRESS}: an offer",
        "Date": f"{DATE:%a, %d %b %Y %H:%M:%S} +0000",
        "Message-ID": f"<{MESSAGE_ID}.{forms['a-md5']}@spam.example>",
        "List-Unsubscribe": f"<https://u.example.net/{TOKEN}?e={forms['a-base64-0']}>,"
                            f" <mailto:leave-{LOCAL}={DOMAIN}@spam.example>",
        **{f"X-Form-{number}": form for number, form in enumerate(forms.values())},
    }
    labels = sorted(filter(None, map(host_label, forms.values())))
    links = [f"https://{label}.example.net/{TOKEN}" for label in labels]
    # Where anyone has a label of his own, that label is what is listed (the private section of the
    # Public Suffix List).
    links += [f"https://{label}.github.io/" for label in labels]
    links += [f"https://www.example.net/?{form}" for form in forms.values()]
    links += [f"https://{LOCAL}.com/", f"https://{DOMAIN}/", f"https://www.{DOMAIN}/"]
    lines = [f"{name}: {value}" for name, value in head.items()]
    return "\r\n".join([*lines, "", *links, ADDRESS, *forms.values(), ""]).encode()


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """(site, {where: what was said there})."""
    signer = dkim_signer.Signer(selector=SELECTOR)
    folder = tmp_path_factory.mktemp("names")
    with dkim_signer.resolver(folder, signer) as port, \
            trap_site.served(tmp_path_factory.mktemp("site"), resolver=port, rules=RULES,
                             more=SPACE) as site:
        site.cli("trap", "add", ADDRESS, "--note", f"sold to {LOCAL} by accident")
        site.since = int(time.time())
        said = {}
        options = dict(recipient=ADDRESS, helo=f"{LOCAL}.spam.example", name=f"{LOCAL}.spam.example",
                       mail_from=f"bounce-{LOCAL}={DOMAIN}@spam.example")
        said["lmtp"] = site.deliver(SENDER, canary_mail(), **options)
        site.deliver(SIGNED_SENDER, signer.sign(canary_mail() + b"signed\r\n"), **options)
        site.wait_until_listed(SENDER, "example.net", "example.com")
        said["http"] = json.dumps([post(site, trap) for trap in (ADDRESS, LOCAL, 7, "@" + DOMAIN)])
        said["http-report"] = json.dumps(site.post("/v1/reports", canary_mail(), "message/rfc822"))
        for subject in (SENDER, "203.0.113.9", "example.net", "example.com", LOCAL + ".com", DOMAIN):
            for kind in ("A", "TXT"):
                said[f"dns {subject} {kind}"] = "\n".join(site.answers(subject, kind))
        for verb in VERBS + PUBLIC_VERBS:
            for form in ([], ["--json"]):
                said[" ".join([*form, *verb])] = output_of(site, *form, *verb)
        site.until = int(time.time())
        assert site.stop() == 0
        said["log"] = site.log.read_text()
        yield site, said


def output_of(site, *words):
    """Of the tool, as an operator sees it."""
    done = subprocess.run([str(harness.BINARIES / "fairlist"), "--config", str(site.config), *words],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout + done.stderr


def post(site, trap):
    """A good line, one that accuses nobody, and one that is broken right behind the trap."""
    helo = f"{LOCAL}.spam.example" if LOCAL in str(trap) else "mail.spam.example"
    good = {"time": int(time.time()), "address": "203.0.113.9", "kind": "ssh", "trap": trap,
            "helo": helo}
    lines = [json.dumps(good), json.dumps({**good, "address": "10.0.0.1"}),
             json.dumps({**good, "kind": trap}), json.dumps({**good, "address": trap}),
             f'{{"trap": "{trap}", oops}}']
    return site.post("/v1/hits", "\n".join(lines).encode())


def test_the_canary_is_recognised():
    """A test of the test: each form is found in what a leak looks like."""
    canary = Canary(address=ADDRESS, local=LOCAL)
    names = canary.found_in(canary_mail())
    assert sorted(names) == sorted(canary.forms)
    assert "local/plain" in canary.found_in(f"x{LOCAL.upper()}y")


def test_something_was_said(told):
    site, said = told
    assert said[f"dns {SENDER} A"] == "127.0.0.3"
    assert said["dns example.net A"] == said["dns example.com A"] == "127.0.1.2"
    assert "accepted\": 1" in said["http"]
    assert said["log"].count("\n") > 5 and all(said[" ".join(verb)] for verb in PUBLIC_VERBS)


def test_no_output_tells_the_trap(told):
    _, said = told
    canary = Canary(address=ADDRESS, local=LOCAL, domain=DOMAIN)
    assert {where: found for where, text in said.items() if (found := canary.found_in(text))} == {}


def test_the_list_of_traps_tells_no_local_part(told):
    site, _ = told
    canary = Canary(address=ADDRESS, local=LOCAL)
    for form in ([], ["--json"]):
        assert canary.found_in(site.cli(*form, "trap", "list")) == []
    assert canary.found_in(site.cli("--why", "a test", "trap", "list", "--full"))


def test_the_store_does_not_hold_the_trap(told):
    site, _ = told
    canary = Canary(address=ADDRESS, local=LOCAL, domain=DOMAIN, **TRACKERS)
    held = (site.folder / "store" / "data.mdb").read_bytes()
    assert b"example" in held
    assert canary.found_in(held) == []


def test_only_its_owner_may_open_the_vault(told):
    site, _ = told
    assert (site.folder / "vault").stat().st_mode & 0o777 == 0o700


def test_what_is_public_tells_nothing_that_the_sender_could_recognise(told):
    _, said = told
    canary = Canary(**TRACKERS)
    public = [" ".join([*form, *verb]) for verb in PUBLIC_VERBS for form in ([], ["--json"])]
    public += [where for where in said if where.startswith("dns ")]
    assert {where: found for where in public if (found := canary.found_in(said[where]))} == {}
    marks = [DATE.strftime("%H:%M:%S"), DATE.strftime("%H%M%S"), str(int(DATE.timestamp()))]
    assert [(where, mark) for where in public for mark in marks if mark in said[where]] == []


def test_evidence_tells_no_second_of_a_mail(told):
    """When a listing was opened is no secret: the DNS shows it to anybody who asks again and again."""
    site, said = told
    seconds = range(site.since, site.until + 1)
    times = [datetime.datetime.fromtimestamp(second, datetime.timezone.utc) for second in seconds]
    marks = [f"{at:%H:%M:%S}" for at in times] + list(map(str, seconds))
    where = [name for name in said if "evidence" in name]
    assert [(name, mark) for name in where for mark in marks if mark in said[name]] == []
