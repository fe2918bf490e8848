"""The way of a trap's mail with the tool alone: traps, mails, hits, reports, listings, figures."""

import base64
import codecs
import hashlib
import json
import mailbox
import pathlib
import re
import shutil
import stat
import time

import pytest

from cli_site import CONFIG, Site

SAMPLES = pathlib.Path(__file__).resolve().parents[1] / "unit/importer/reports/samples"
# What must never be seen outside of the vault: no letter of it stands in anything else here.
LOCAL = "canaryq7w"
DOMAIN = "kanarienvogel.example"
LURE = f"{LOCAL}@{DOMAIN}"
SECOND = f"second.{LOCAL}@{DOMAIN}"
SENDER = "203.0.113.7"

TRAP_CONFIG = CONFIG + """
[trap]
own_hosts = ["mx.bl.example"]
resolver = ["127.0.0.1:9"]
networks = "nets.tsv"

[[rule]]
name = "css"
list = "sbl"
kinds = ["mail"]
hits = 3
traps = 2
window = "1d"

[[rule]]
name = "ssh"
list = "xbl"
kinds = ["ssh"]
hits = 2
window = "1d"
"""
NETWORKS = "203.0.113.0/24\t64500\tExample Hosting\tDE\n198.51.100.0/24\t64501\tOther\tFR\n"


def mail(number, to=None, sender=SENDER):
    """As our mail server delivers it: its lines first, then what the sender wrote."""
    head = f"Return-Path: <a@{number}.example>\nDelivered-To: {to}\n" if to else ""
    received = (f"Received: from spam.example (unknown [{sender}])\n"
                f"\tby mx.bl.example (Postfix) with ESMTP id {number}\n"
                f"\tfor <{to or LURE}>; {time.strftime('%a, %d %b %Y %H:%M:%S +0000', time.gmtime())}\n")
    return (f"{head}{received}From: a@spam.example\nTo: {to or LURE}\nSubject: for {LURE} {number}\n"
            f"\nDear {LOCAL}, buy number {number}\n")


@pytest.fixture
def trap_site(tmp_path):
    site = Site(tmp_path)
    site.write("fairlist.toml", TRAP_CONFIG)
    site.write("nets.tsv", NETWORKS)
    site.run("init")
    site.said = []
    run = site.run

    def listening(*words, **more):
        done = run(*words, **more)
        site.said.append(done.stdout + done.stderr)
        return done

    site.run = listening
    return site


@pytest.fixture
def traps(trap_site):
    """A site with two traps."""
    added = trap_site.json("trap", "add", LURE, SECOND, "--note", f"bought as {LOCAL}")
    assert [result["number"] for result in added["results"]] == [1, 2]
    return trap_site


def deliver(site, text, *recipients, peer=SENDER, status=0):
    return site.run("trap", "deliver", f"--peer={peer}", "--helo=spam.example", "--peer-name=",
                    f"--sender=a@{LOCAL}.example", *(f"--recipient={one}" for one in recipients),
                    text=text, status=status)


def audit(site):
    return [(record["action"], details(record)) for record in
            site.json("audit", "show", "--limit", "1000")["records"]]


def details(record):
    return {detail["name"]: detail["value"] for detail in record["details"]}


# ---- Traps ---------------------------------------------------------------------------------------

def test_the_first_trap_makes_the_vault(trap_site):
    vault = trap_site.folder / "vault"
    for words in (("trap", "list"), ("trap", "status"), ("trap", "retire", "1"), ("trap", "judge"),
                  ("token", "list"), ("trap", "import-mail", "x")):
        assert "\"fairlist trap add\" makes it" in trap_site.run(*words, status=1).stderr
    assert not vault.exists()
    done = trap_site.run("trap", "add", LURE, f"@{DOMAIN}", "--weight", "2.5", "--report")
    assert done.stdout == f"added    trap 1  {DOMAIN}\nadded    trap 2  {DOMAIN}\n"
    assert stat.S_IMODE(vault.stat().st_mode) == 0o700
    assert audit(trap_site)[-1] == ("trap.add", {"traps": "1-2", "count": "2"})
    shown = trap_site.json("trap", "list")
    assert [(trap["kind"], trap["weight"], "full" in trap) for trap in shown["traps"]] == \
        [("report", "2.5", False)] * 2


def test_a_known_address_stays_and_a_bad_one_stops_no_other(traps):
    done = traps.run("trap", "add", "no address", LURE.upper(), f"third@{DOMAIN}", status=3)
    assert done.stdout == f"known    trap 1  {DOMAIN}\nadded    trap 3  {DOMAIN}\n"
    assert done.stderr.startswith("fairlist: argument 1: address: no \"@\": expected ")
    assert audit(traps)[-1] == ("trap.add", {"traps": "3", "count": "1"})
    traps.run("trap", "add", LURE)
    assert audit(traps)[-1] == ("trap.add", {"traps": "3", "count": "1"}), "nothing was added"


def test_addresses_come_from_standard_input_too(trap_site):
    given = f"# ours\n{LURE} # bought\n\nbad\n"
    done = trap_site.json("trap", "add", "-", text=given, status=3)
    assert [(one["where"], one.get("change")) for one in done["results"]] == \
        [("stdin:2", "added"), ("stdin:4", None)]


def test_a_file_of_traps_is_taken_in_once(trap_site):
    trap_site.write("traps.txt", f"# bought\n{LURE} weight=1.5 # note\n{SECOND} kind=report\n"
                                 f"bad\n{LOCAL} weight=2\n@{DOMAIN} weight=200\n")
    first = trap_site.run("trap", "import", "traps.txt", status=3)
    assert first.stdout == "2 traps added, 0 known already, 3 lines rejected\n"
    faults = first.stderr.splitlines()
    assert [fault.split(": ")[2] for fault in faults] == ["line 4", "line 5", "line 6"]
    assert audit(trap_site)[-1] == ("trap.add", {"traps": "1-2", "count": "2"})
    again = trap_site.json("trap", "import", "traps.txt", status=3)
    assert (again["added"], again["known"], again["rejected"]) == (0, 2, 3)
    assert trap_site.run("trap", "import", "missing.txt", status=1).stderr.startswith(
        "fairlist: open missing.txt: ")


def test_local_parts_are_shown_in_full_on_record_alone(traps):
    assert LOCAL not in traps.run("trap", "list").stdout
    before = len(audit(traps))
    assert "expected --why as well" in traps.run("trap", "list", "--full", status=2).stderr
    assert len(audit(traps)) == before
    shown = traps.json("trap", "list", "--full", "--why", "ticket 9", "--limit", "1")
    assert shown["traps"][0]["full"] == {"address": LURE, "note": f"bought as {LOCAL}"}
    assert shown["next"] == 1
    record = traps.json("audit", "show", "--limit", "1")["records"][0]
    assert (record["action"], details(record), record["why"]) == \
        ("trap.show", {"traps": "1", "count": "1"}, "ticket 9")


def test_retired_traps_take_no_mail_and_stay_on_record(traps):
    done = traps.run("trap", "retire", "1", "99", status=3)
    assert done.stdout == f"retired  trap 1  {DOMAIN}\n"
    assert done.stderr == "fairlist: trap 99: there is none\n"
    assert audit(traps)[-1] == ("trap.retire", {"traps": "1", "count": "1"})
    assert "retired already" in traps.run("trap", "retire", "1", status=1).stderr
    deliver(traps, mail(1), LURE, status=67)
    assert [trap["number"] for trap in traps.json("trap", "list")["traps"]] == [2]
    everything = traps.json("trap", "list", "--retired")["traps"]
    assert [(trap["number"], trap["state"]) for trap in everything] == [(1, "retired"), (2, "active")]
    assert traps.json("trap", "add", LURE)["results"][0]["number"] == 3, "a new trap"
    status = traps.json("trap", "status")
    assert (status["traps"], status["retired"]) == (3, 1)


def test_traps_are_listed_page_by_page(traps):
    traps.run("trap", "add", *(f"t{i}@{DOMAIN}" for i in range(3)))
    first = traps.json("trap", "list", "--limit", "3")
    assert [trap["number"] for trap in first["traps"]] == [1, 2, 3]
    rest = traps.json("trap", "list", "--limit", "3", "--after", str(first["next"]))
    assert [trap["number"] for trap in rest["traps"]] == [4, 5]
    assert rest["next"] is None
    assert traps.run("trap", "list", "--limit", "3").stderr == \
        "fairlist: more traps; go on with --after 3\n"


# ---- Mails ---------------------------------------------------------------------------------------

def test_a_pipe_is_told_what_became_of_a_mail(traps):
    assert (done := deliver(traps, mail(1), LURE)).stdout + done.stderr == ""
    deliver(traps, mail(1), LURE)  # the server tries again: known already
    deliver(traps, mail(2), LURE.replace("@", "+tag@"), f"nobody@{DOMAIN}")
    assert deliver(traps, mail(3), f"nobody@{DOMAIN}", status=67).stderr == \
        "fairlist: no such trap\n"
    assert deliver(traps, "", LURE, status=65).stderr == "fairlist: the mail is empty\n"
    assert traps.json("trap", "status")["mails"] == 2
    done = traps.json("trap", "deliver", f"--recipient={LURE}", text=mail(1))
    assert done == {"exit": 0, "stored": 0, "duplicates": 1, "message": None}


def test_what_is_not_the_mails_fault_is_tried_again(traps):
    deliver(traps, mail(1), LURE, peer="spam.example", status=75)
    traps.run("trap", "deliver", text=mail(1), status=75)
    traps.run("trap", "deliver", "--rcpt", LURE, text=mail(1), status=75)
    traps.run("--config", "missing.toml", "trap", "deliver", "--recipient", LURE, text=mail(1),
              status=75)
    traps.write("fairlist.toml", TRAP_CONFIG + "\nnonsense = 1\n")
    deliver(traps, mail(1), LURE, status=75)
    traps.write("fairlist.toml", TRAP_CONFIG)
    vault = traps.folder / "vault"
    vault.rename(traps.folder / "away")
    assert "there is none" in deliver(traps, mail(1), LURE, status=75).stderr
    assert not vault.exists(), "a pipe makes no vault: all mail would be refused"
    (traps.folder / "away").rename(vault)
    deliver(traps, mail(1), LURE)


@pytest.mark.parametrize("cut", [0, 4096, 8192, 20000])
def test_a_vault_that_is_cut_off_bounces_no_mail(traps, cut):
    data = traps.folder / "vault" / "data.mdb"
    deliver(traps, mail(1), LURE)
    data.write_bytes(data.read_bytes()[:cut])
    assert deliver(traps, mail(2), LURE, status=75).stderr != ""


def test_mails_of_files_are_taken_in_once(traps):
    box = mailbox.mbox(traps.folder / "old.mbox")
    for number, to in ((1, LURE), (2, SECOND), (3, f"nobody@{DOMAIN}")):
        box.add(mail(number, to).encode())
    box.close()
    folder = mailbox.Maildir(traps.folder / "Maildir")
    folder.add(mail(4, LURE).encode())
    folder.add(mail(1, LURE).encode())
    done = traps.run("trap", "import-mail", "old.mbox", "Maildir", status=3)
    assert done.stdout == ("old.mbox: 3 mails: 2 stored, 0 known already, 1 without a trap\n"
                           "Maildir: 2 mails: 1 stored, 1 known already\n")
    again = traps.json("trap", "import-mail", "Maildir", "--remove")["results"][0]
    assert (again["stored"], again["duplicates"], again["removed"]) == (0, 2, 2)
    assert not list((traps.folder / "Maildir" / "new").iterdir())
    assert traps.json("trap", "status")["queued"] == 3
    traps.write("one.eml", mail(5))
    assert traps.json("trap", "import-mail", "one.eml", "--trap", "2")["results"][0]["stored"] == 1
    assert "there is no active one" in traps.run("trap", "import-mail", "one.eml", "--trap", "9",
                                                 status=1).stderr
    assert "no Maildir" in traps.run("trap", "import-mail", "store", status=1).stderr
    assert traps.run("trap", "import-mail", "none", "one.eml", "--trap", "2", status=3).stdout == \
        "one.eml: 1 mail: 0 stored, 1 known already\n"


def test_mails_become_hits_and_hits_a_listing(traps):
    for number, to in ((1, LURE), (2, SECOND), (3, LURE)):
        deliver(traps, mail(number), to)
    first = traps.run("trap", "judge", "--limit", "1")
    assert first.stdout == (f"hit 1: {SENDER}\n1 mail judged: 1 new hit, 0 known already; no listing "
                            "opened\n2 mails wait for the next run\n")
    rest = traps.json("trap", "judge")
    assert (rest["judged"], rest["hits"], rest["waiting"], rest["listings"]["opened"]) == (2, 2, 0, 1)
    made = rest["new_hits"][-1]
    assert made["accused"] == [SENDER]
    assert [(one["rule"], one["list"], one["outcome"], one["listing"]) for one in made["effects"]] \
        == [("css", "sbl", "open", 1)]
    assert traps.subjects("--list", "sbl") == [SENDER]
    listing = traps.json("listing", "show", "1")["listings"][0]
    assert (listing["opened_by"], listing["asn"]) == ("rule:traps", 64500)
    record = [record for record in traps.json("audit", "show", "--limit", "1000")["records"]
              if record["action"].startswith("listing.")][-1]
    assert record["actor"] == "rule:traps"
    assert record["from"].startswith("operator:")
    assert traps.run("trap", "judge").stdout == \
        "0 mails judged: 0 new hits, 0 known already; no listing opened\n"


def test_the_same_mails_make_no_second_hits(traps):
    box = mailbox.mbox(traps.folder / "old.mbox")
    for number, to in ((1, LURE), (2, SECOND), (3, LURE)):
        box.add(mail(number, to).encode())
    box.close()
    traps.run("trap", "import-mail", "old.mbox")
    assert traps.json("trap", "judge")["hits"] == 3
    traps.run("trap", "import-mail", "old.mbox")
    assert traps.json("trap", "judge")["judged"] == 0
    traps.run("trap", "retry", "1", "2", "3")
    again = traps.json("trap", "judge")
    assert (again["judged"], again["hits"], again["duplicates"]) == (3, 0, 3)


def signed(text):
    """With a signature (RFC 6376) that fits as far as one can tell without its key."""
    body = text.partition("\n\n")[2].replace("\n", "\r\n")
    digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
    value = base64.b64encode(bytes(256)).decode()
    return (f"DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple; d=shop.example; s=s1;\n"
            f"\th=from:subject; bh={digest};\n\tb={value}\n") + text


def test_a_mail_whose_signature_cannot_be_checked_now_waits(traps):
    """Nothing answers on the resolver's port."""
    deliver(traps, signed(mail(1)), LURE)
    first = traps.run("trap", "judge", status=1)
    assert first.stdout == ("0 mails judged: 0 new hits, 0 known already; no listing opened\n"
                            "1 mail could not be judged now\n1 mail waits for the next run\n")
    deliver(traps, mail(2), LURE)
    second = traps.json("trap", "judge")
    assert (second["judged"], second["failed"], second["waiting"]) == (1, 0, 1), "not due yet"


def test_mails_are_put_into_the_queue_again(traps):
    deliver(traps, mail(1), LURE)
    traps.run("trap", "judge")
    assert "queued  0\n" in traps.run("trap", "status").stdout
    assert traps.run("trap", "retry", "--all").stdout == "0 mails put into the queue again\n"
    assert traps.run("trap", "retry", "7", "1", status=3).stderr == \
        "fairlist: mail 7: there is none\n"
    assert "expected numbers, or --all" in traps.run("trap", "retry", status=2).stderr
    assert "queued  1\n" in traps.run("trap", "status").stdout
    assert traps.json("trap", "status", "--parked")["parked_mails"] == []


def test_without_its_reading_program_nothing_is_judged(traps, tmp_path):
    deliver(traps, mail(1), LURE)
    lonely = tmp_path / "lonely"
    lonely.mkdir()
    shutil.copy(traps.command()[0], lonely / "fairlist")
    words = traps.command
    traps.command = lambda *more: [str(lonely / "fairlist"), *words(*more)[1:]]
    assert "fairlist-mail" in traps.run("trap", "judge", status=1).stderr
    traps.command = words
    assert traps.json("trap", "judge")["judged"] == 1


# ---- Hits and reports ----------------------------------------------------------------------------

def hit_line(second, address="198.51.100.9", trap=LURE, **more):
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - second))
    return json.dumps({"time": when, "address": address, "trap": trap, "kind": "ssh", **more})


def test_hits_of_sensors_open_listings_and_bad_lines_are_told(traps):
    lines = [hit_line(10), hit_line(20, trap="1"), f"{{\"trap\": \"{LURE}\"}}", LURE,
             hit_line(30, address="127.0.0.1"), hit_line(40, trap=f"unknown.{LOCAL}")]
    traps.write("hits.jsonl", "\n".join(lines) + "\n")
    first = traps.run("hits", "import", "hits.jsonl", "--sensor", "web1", status=3)
    assert first.stdout == ("3 hits taken in, 0 known already, 2 rejected, 1 refused; 1 listing "
                            "opened, 1 extended\n")
    assert [line.split(": ")[1] for line in first.stderr.splitlines()] == \
        ["hits.jsonl:3", "hits.jsonl:4", "hits.jsonl:5"]
    assert traps.subjects("--list", "xbl") == ["198.51.100.9"]
    assert traps.json("listing", "show", "1")["listings"][0]["opened_by"] == "rule:sensors"
    again = traps.json("hits", "import", "-", "--sensor", "web1", text="\n".join(lines), status=3)
    assert (again["hits"], again["duplicates"], again["rejected"], again["refused"]) == (0, 3, 2, 1)
    assert again["faults"][0]["where"] == "stdin:3"
    other = traps.json("hits", "import", "hits.jsonl", "--sensor", "web2", status=3)
    assert other["hits"] == 3, "another sensor saw it as well"


def test_too_many_bad_lines_stop_an_import(traps):
    traps.write("hits.jsonl", "\n".join([hit_line(10), "bad", "bad", hit_line(20)]))
    done = traps.run("hits", "import", "hits.jsonl", "--max-errors", "1", status=3)
    assert "hits.jsonl:3: more than 1 rejected" in done.stderr
    assert done.stdout.startswith("1 hit taken in")
    assert "hits.jsonl:1" not in done.stderr
    traps.write("bad.jsonl", "bad\n")
    traps.run("hits", "import", "bad.jsonl", status=1)
    assert "open none: " in traps.run("hits", "import", "none", status=1).stderr
    assert "--sensor: " in traps.run("hits", "import", "bad.jsonl", "--sensor", "Web 1",
                                     status=2).stderr


def test_reports_are_told_by_content(traps):
    # Samples accuse documentation space, which this site may list, and private space.
    names = ["arf-01.eml", "arf-11.eml", "v4-messaging-spam.json"]
    for name in names:
        shutil.copy(SAMPLES / name, traps.folder)
    traps.write("no-report.eml", mail(1))
    first = traps.json("report", "import", *names, "no-report.eml", "missing.eml", "--sensor",
                       "desk", status=3)
    assert first["hits"] + first["refused"] == 3
    assert first["hits"] >= 1
    assert [fault["where"] for fault in first["faults"] if fault["error"]["code"] != "refused"] == \
        ["no-report.eml", "missing.eml"]
    again = traps.json("report", "import", *names, "--sensor", "desk",
                       status=3 if first["refused"] else 0)
    assert (again["hits"], again["duplicates"]) == (0, first["hits"])
    hit = traps.json("evidence", "show", "1")["hits"][0]
    assert (hit["kind"], hit["sensor"]) == ("report", "report")


# ---- Tokens --------------------------------------------------------------------------------------

def test_a_token_is_shown_once(trap_site):
    made = trap_site.run("token", "add", "web1", "--for", "30d", "--note", "the front end")
    assert re.fullmatch(r"fairlist_[\w-]{43}\n", made.stdout)
    assert made.stderr == "fairlist: this token of web1 is shown once and kept nowhere\n"
    assert stat.S_IMODE((trap_site.folder / "vault").stat().st_mode) == 0o700
    other = trap_site.json("token", "add", "desk", "--role", "operator")
    assert other["role"] == "operator" and other["token"] != made.stdout.strip()
    listed = trap_site.json("token", "list")["tokens"]
    assert [(token["name"], token["role"], token["note"]) for token in listed] == \
        [("desk", "operator", None), ("web1", "machine", "the front end")]
    assert "revoke it first" in trap_site.run("token", "add", "web1", status=1).stderr
    assert "expected 1 to 32" in trap_site.run("token", "add", "Web 1", status=1).stderr
    assert "--for" in trap_site.run("token", "add", "web2", "--for", "soon", status=2).stderr
    trap_site.run("token", "add", "web2", "--role", "king", status=2)
    assert "--provider NAME" in \
        trap_site.run("token", "add", "web2", "--role", "provider", status=1).stderr
    assert 'provider "nobody": there is none' in trap_site.run(
        "token", "add", "web2", "--role", "provider", "--provider", "nobody", status=1).stderr
    trap_site.run("token", "revoke", "web1")
    assert "there is none" in trap_site.run("token", "revoke", "web1", status=1).stderr
    assert [action for action, _ in audit(trap_site)][-3:] == \
        ["token.add", "token.add", "token.revoke"]
    kept = b"".join(path.read_bytes() for path in trap_site.folder.rglob("*") if path.is_file())
    for token in (made.stdout.strip(), other["token"]):
        assert token.encode() not in kept


# ---- Figures -------------------------------------------------------------------------------------

def test_figures_say_who_has_how_much(traps):
    for number, to in ((1, LURE), (2, SECOND), (3, LURE)):
        deliver(traps, mail(number), to)
    traps.run("trap", "judge")
    traps.run("listing", "open", "sbl", "198.51.100.1", "--why", "ticket 1")
    traps.run("listing", "open", "xbl", "203.0.113.8", "--why", "ticket 2")
    text = traps.run("stats", "networks", "--since", "7d").stdout
    lines = text.splitlines()
    assert lines[0].startswith("new listings by network, ")
    assert re.fullmatch(r"AS64500  Example Hosting  DE +2 +67 % +0 +new", lines[2])
    assert lines[-1] == ("more than half of all new listings sit in one network: AS64500 Example "
                         "Hosting (67 %)")
    full = traps.json("stats", "networks", "--since", "7d", "--top", "1")
    assert [(row["asn"], row["name"], row["count"]) for row in full["rows"]] == \
        [(64500, "Example Hosting", 2)]
    assert (full["others"]["groups"], full["others"]["count"], full["all"]["count"]) == (1, 1, 3)
    lists = traps.json("stats", "lists", "--field", "listed")["rows"]
    assert [(row["list"], row["count"]) for row in lists] == [("sbl", 2), ("xbl", 1)]
    reasons = traps.json("stats", "reasons", "--list", "sbl")["rows"]
    assert {row["reason"]: row["count"] for row in reasons} == {"css": 1, "operator": 1}
    hits = traps.json("stats", "networks", "--field", "hits")
    assert hits["all"]["count"] == 3
    before = traps.json("stats", "lists", "--until", "2020-01-01")
    assert before["all"]["count"] == 0


def test_figures_go_on_without_a_table(traps):
    traps.run("listing", "open", "sbl", "198.51.100.1", "--why", "ticket 1")
    (traps.folder / "nets.tsv").unlink()
    done = traps.run("stats", "networks")
    assert re.search(r"^AS64501  - +- +1 ", done.stdout, re.MULTILINE)
    assert done.stderr.startswith("fairlist: networks have no names: trap.networks: ")


@pytest.mark.parametrize("words, said", [
    (["--since", "36h"], "expected whole days"),
    (["--until", "soon"], "--until: "),
    (["--since", "2026-11-02", "--until", "2026-11-01"], "lies behind the last day"),
    (["--field", "closed"], "--field"),
    (["--top", "0"], "--top"),
])
def test_figures_of_a_wrong_range_are_a_wrong_command_line(traps, words, said):
    assert said in traps.run("stats", "networks", *words, status=2).stderr


def test_figures_of_an_unknown_list(traps):
    assert "not in the configuration" in traps.run("stats", "lists", "--list", "none",
                                                   status=1).stderr


# ---- Secrets -------------------------------------------------------------------------------------

def forms_of(secret):
    """The secret as itself and as it may be hidden: any of them is a leak."""
    plain = secret.encode()
    forms = {plain, plain[::-1], plain.hex().encode(), plain.hex().upper().encode(),
             codecs.encode(secret, "rot13").encode(), plain.upper(),
             base64.b32encode(plain).rstrip(b"=")}
    # Base64 of it inside of something else: at each of the three offsets, less the ends.
    for shift in range(3):
        forms.add(base64.b64encode(b"x" * shift + plain)[4:-4])
    return forms


def test_no_output_and_no_byte_of_the_store_tells_a_trap(traps):
    for number, to in ((1, LURE), (2, SECOND), (3, LURE)):
        deliver(traps, mail(number), to)
    traps.write("hits.jsonl", hit_line(1, helo=LURE) + "\n" + hit_line(2, trap=SECOND) + "\nbad\n")
    traps.run("trap", "judge")
    traps.run("hits", "import", "hits.jsonl", status=3)
    traps.run("trap", "add", LURE)
    traps.run("trap", "retire", "2")
    deliver(traps, mail(9), SECOND, status=67)
    for words in (("trap", "list", "--retired"), ("trap", "status", "--parked"),
                  ("listing", "show", "1"), ("explain", "1"), ("listing", "history", "1"),
                  ("evidence", "show", "--listing", "1"), ("audit", "show"), ("journal",),
                  ("stats", "networks"), ("stats", "reasons"), ("entries", "--all"),
                  ("status",), ("lists",), ("lookup", SENDER), ("doctor",), ("token", "list")):
        traps.run(*words)
        traps.run("--json", *words)
    said = "".join(traps.said).encode()
    store = b"".join(path.read_bytes() for path in (traps.folder / "store").rglob("*")
                     if path.is_file())
    assert SENDER.encode() in said, "there is something to be told"
    for secret in (LOCAL, LURE, SECOND):
        for form in forms_of(secret):
            assert form not in said, form
            assert form not in store, form
    assert DOMAIN.encode() not in store
    vault = (traps.folder / "vault" / "data.mdb").read_bytes()
    assert LURE.encode() in vault, "the vault knows it, and so this test would see it"
