"""The fairlist tool, run as an operator runs it: its verbs, their exit status, their JSON."""

import base64
import csv
import hashlib
import io
import json
import os
import random
import subprocess
import time

import pytest

# Fixtures are found by their names, also those of fixtures.
from cli_site import CONFIG, FAIRLIST, OPERATOR, ROOT, empty_site, site


# Setting up.

def test_init_makes_a_store_once(empty_site):
    assert empty_site.run("init").stdout == 'made the store "store" with 4 lists\n'
    empty_site.run("add", "sbl", "203.0.113.7")
    again = empty_site.run("init", status=1)
    assert "exists" in again.stderr
    assert empty_site.subjects() == ["203.0.113.7"]


def test_without_a_store_init_is_named(empty_site):
    assert "fairlist init" in empty_site.run("lists", status=1).stderr


def test_without_a_configuration_the_places_are_named(tmp_path):
    done = subprocess.run([FAIRLIST, "lists"], cwd=tmp_path, capture_output=True, text=True,
                          env={"PATH": os.environ["PATH"]}, timeout=60)
    assert done.returncode == 1
    assert "fairlist.toml" in done.stderr and "--config" in done.stderr


@pytest.mark.parametrize("how", ["option", "environment"])
def test_configuration_elsewhere(site, tmp_path_factory, how):
    folder = tmp_path_factory.mktemp("elsewhere")
    path = str(site.folder / "fairlist.toml")
    words = ["--config", path] if how == "option" else []
    environment = {"PATH": os.environ["PATH"]}
    if how == "environment":
        environment["FAIRLIST_CONFIG"] = path
    done = subprocess.run([FAIRLIST, "lists", *words], cwd=folder, capture_output=True, text=True,
                          env=environment, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "sbl" in done.stdout


def test_check_counts(empty_site):
    assert empty_site.run("check").stdout == "ok: 4 lists, 2 zones, 2 feeds\n"
    assert empty_site.json("check") == {"ok": True, "lists": 4, "zones": 2, "feeds": 2,
                                        "faults": []}


def test_a_feed_may_be_fetched_over_rsync(empty_site):
    empty_site.write("fairlist.toml",
                     CONFIG.replace('"bots.txt"', '"rsync://feed.example/lists/bots.txt"'))
    assert empty_site.run("check").stdout == "ok: 4 lists, 2 zones, 2 feeds\n"


def test_check_names_every_fault_where_it_stands(empty_site):
    empty_site.write("fairlist.toml", CONFIG.replace('kind = "hash"', 'kind = "hsah"')
                     .replace('every = "1h"', 'evry = "1h"', 1))
    done = empty_site.run("check", status=1)
    lines = (empty_site.folder / "fairlist.toml").read_text().splitlines()
    for needle in ("hsah", "evry"):
        line = next(n for n, text in enumerate(lines, 1) if needle in text)
        assert any(fault.startswith(f"fairlist.toml:{line}:") and needle in fault
                   for fault in done.stderr.splitlines()), done.stderr
    faults = empty_site.json("check", status=1)["faults"]
    assert {"file", "line", "column", "where", "what"} == set(faults[0])
    # Every other verb refuses such a configuration as well, and shows the faults.
    error = json.loads(empty_site.run("--json", "lists", status=1).stderr)["error"]
    assert error["faults"] == faults


# Single changes.

def test_add_lookup_exempt_remove(site):
    site.run("add", "sbl", "203.0.113.0/24", "--reason", "spam from {subject}", "--for", "7d")
    found = site.json("lookup", "203.0.113.25")["lookups"][0]
    assert found["listed"] and found["kind"] == "address"
    sbl = next(item for item in found["lists"] if item["list"] == "sbl")
    assert sbl["zones"] == [{"zone": "zen.bl.example", "name": "25.113.0.203.zen.bl.example"}]
    entry = sbl["entries"][0]
    assert (entry["role"], entry["code"], entry["text"], entry["source"]) == (
        "answers", "127.0.0.2", "spam from 203.0.113.0/24", "manual")
    assert entry["until"] is not None

    site.run("exempt", "sbl", "203.0.113.25", "--reason", "reviewed")
    found = site.json("lookup", "203.0.113.25")["lookups"][0]
    assert not found["listed"]
    sbl = next(item for item in found["lists"] if item["list"] == "sbl")
    assert [(entry["subject"], entry["role"]) for entry in sbl["entries"]] == [
        ("203.0.113.25", "exempts"), ("203.0.113.0/24", "overridden")]
    assert site.json("lookup", "203.0.113.26")["lookups"][0]["listed"]

    # An exemption is no entry, and goes only when it is named as one.
    assert "203.0.113.0/24" in site.run("remove", "sbl", "203.0.113.25", status=1).stderr
    site.run("remove", "sbl", "203.0.113.25", "--exemption")
    assert site.json("lookup", "203.0.113.25")["lookups"][0]["listed"]
    site.run("remove", "sbl", "203.0.113.0/24")
    assert not site.json("lookup", "203.0.113.25")["lookups"][0]["listed"]
    assert site.subjects() == []


def test_lookup_in_words(site):
    site.run("add", "sbl", "203.0.113.7", "--reason", "a trap was hit")
    text = site.run("lookup", "203.0.113.7").stdout
    for part in ("203.0.113.7: listed, in 1 of 2 address lists", "sbl: listed", "127.0.0.2",
                 "a trap was hit", "ask 7.113.0.203.zen.bl.example", "xbl: not listed"):
        assert part in text
    assert "\x1b" not in text


def test_lookup_of_a_prefix_names_what_is_inside(site):
    site.run("add", "sbl", "203.0.113.7", "203.0.113.64/26")
    sbl = site.json("lookup", "203.0.113.0/24")["lookups"][0]["lists"][0]
    assert not sbl["listed"]
    assert [entry["subject"] for entry in sbl["inside"]] == ["203.0.113.7", "203.0.113.64/26"]


@pytest.mark.parametrize("subject, asked, listed", [
    pytest.param("bad.example", "bad.example", True, id="name_itself"),
    pytest.param("bad.example", "www.bad.example", False, id="name_not_below"),
    pytest.param("*.bad.example", "www.bad.example", True, id="below"),
    pytest.param("*.bad.example", "bad.example", False, id="below_not_itself"),
    pytest.param(".bad.example", "a.b.bad.example", True, id="both"),
    pytest.param(".bad.example", "BAD.Example.", True, id="case_and_dot"),
])
def test_names(site, subject, asked, listed):
    site.run("add", "dbl", subject)
    found = site.json("lookup", asked)["lookups"][0]
    assert (found["kind"], found["listed"]) == ("domain", listed)


def test_a_range_is_split_into_prefixes(site):
    site.run("add", "sbl", "192.0.2.1-192.0.2.6")
    assert site.subjects() == ["192.0.2.1", "192.0.2.2/31", "192.0.2.4/31", "192.0.2.6"]


def test_subjects_from_standard_input(site):
    done = site.run("add", "sbl", "-", text="203.0.113.1  # one\n\nnonsense\n203.0.113.3\n",
                    status=3)
    assert "stdin:3" in done.stderr and "nonsense" in done.stderr
    assert site.subjects() == ["203.0.113.1", "203.0.113.3"]


def test_one_wrong_subject_does_not_stop_the_others(site):
    results = site.json("add", "sbl", "203.0.113.1", "bad.example", "10.0.0.1", "203.0.113.2",
                        status=3)["results"]
    assert [result.get("change") for result in results] == ["added", None, None, "added"]
    assert [results[1]["error"]["code"], results[2]["error"]["code"]] == ["malformed", "refused"]
    assert site.json("add", "sbl", "203.0.113.1")["results"][0]["change"] == "unchanged"


@pytest.mark.parametrize("words", [
    pytest.param(["add", "sbl", "203.0.113.1", "--code", "127.0.0.1"], id="code"),
    pytest.param(["add", "sbl", "203.0.113.1", "--ttl", "5 apples"], id="ttl"),
    pytest.param(["add", "sbl", "203.0.113.1", "--ttl", "8d"], id="ttl_past_a_week"),
    pytest.param(["add", "sbl", "203.0.113.1", "--reason", "a\nb"], id="reason_of_two_lines"),
    pytest.param(["add", "sbl", "203.0.113.1", "--reason", "a\udcffb"], id="reason_no_utf8"),
    pytest.param(["exempt", "sbl", "203.0.113.1", "--reason", ""], id="empty_reason"),
    pytest.param(["add", "sbl", "-"], id="nothing_on_standard_input"),
    pytest.param(["lookup", "-"], id="nothing_to_look_up"),
    pytest.param(["import", "fairlist.toml", "--list", "sbl", "--ttl", "8d"], id="import_ttl"),
    pytest.param(["add", "sbl", "203.0.113.1", "--until", "2001-01-01"], id="past"),
    pytest.param(["add", "sbl", "203.0.113.1", "--reason", "{nobody}"], id="placeholder"),
    pytest.param(["add", "sbl"], id="no_subject"),
    pytest.param(["exempt", "sbl", "203.0.113.1"], id="exemption_without_reason"),
    pytest.param(["entries", "--within", "203.0.113.1/24"], id="host_bits"),
    pytest.param(["feed", "run"], id="no_feed_named"),
    pytest.param(["frobnicate"], id="verb"),
    pytest.param([], id="nothing"),
])
def test_usage(site, words):
    done = site.run(*words, status=2)
    assert done.stderr.startswith("fairlist: ")
    assert done.stdout == ""
    error = json.loads(site.run("--json", *words, status=2).stderr)["error"]
    assert set(error) == {"code", "message"}
    assert site.subjects() == []


def test_unknown_list_names_those_there_are(site):
    done = site.run("add", "sbk", "203.0.113.1", status=1)
    assert '"sbk"' in done.stderr and "sbl, xbl, dbl, hbl" in done.stderr
    assert json.loads(site.run("--json", "add", "sbk", "x", status=1).stderr)["error"]["code"] == \
        "not-found"


@pytest.mark.parametrize("option, value", [("--for", "week"), ("--until", "yesterday"),
                                           ("--ttl", "week"), ("--code", "x")])
def test_a_wrong_option_is_named(site, option, value):
    done = site.run("add", "sbl", "203.0.113.1", option, value, status=2)
    assert done.stderr.startswith(f"fairlist: {option}: ") and value in done.stderr


def test_what_an_exemption_silences_is_said(site):
    done = site.run("exempt", "sbl", "203.0.113.25", "--reason", "reviewed")
    assert done.stdout == "exempted   sbl  203.0.113.25\n"
    done = site.run("add", "sbl", "203.0.113.25", "--source", "other")
    assert "does not answer" in done.stdout and "exemption 203.0.113.25" in done.stdout
    result = site.json("add", "sbl", "203.0.113.25")["results"][0]
    assert result["change"] == "added" and "of source manual" in result["note"]
    # A wider one answers for the rest of it, and one beside it for itself.
    for subject in ("203.0.113.0/24", "203.0.113.26"):
        assert site.json("add", "sbl", subject)["results"][0]["note"] is None


def test_protected_space_names_its_remedy(site):
    site.write("fairlist.toml", CONFIG.replace("[protected]",
                                               '[protected]\ndo_not_list = ["8.8.8.0/24"]'))
    assert "allow of [protected]" in site.run("add", "sbl", "10.0.0.1", status=1).stderr
    # Allowing changes nothing for these.
    for subject in ("8.8.8.8", "0.0.0.0/0"):
        assert "allow of" not in site.run("add", "sbl", subject, status=1).stderr
    site.write("a.txt", "10.0.0.1\n11.1.1.1\n")
    assert "allow in [protected]" in site.run("import", "a.txt", "--list", "sbl", status=3).stdout


@pytest.mark.parametrize("subject, parts", [
    pytest.param("8.8.8.8", ["is an address"], id="address"),
    pytest.param("8.8.8.0/24", ["is an address"], id="prefix"),
    pytest.param("http://evil.example/", ["is a URL", "fairlist hash url"], id="url"),
    pytest.param("evil.example/x", ["is a URL", "fairlist hash url"], id="url_without_scheme"),
    pytest.param("user@evil.example", ["is an e-mail address", "fairlist hash email"], id="email"),
    pytest.param("*.*.x.example", ["no domain name"], id="two_wildcards"),
    pytest.param(".com", ["top-level domain", "--yes"], id="tld"),
    pytest.param("com", ["top-level domain", "--yes"], id="single_label"),
])
def test_a_domain_list_takes_names(site, subject, parts):
    done = site.run("add", "dbl", subject, status=1)
    assert all(part in done.stderr for part in parts), done.stderr
    assert site.subjects() == []


def test_a_whole_tld_may_be_meant(site):
    site.run("add", "dbl", ".zip", "--yes")
    assert site.subjects() == [".zip"]


def test_a_name_in_an_address_list_is_told_its_kind(site):
    assert "list sbl is of kind address" in site.run("add", "sbl", "a.example", status=1).stderr


def test_a_test_point_is_not_called_unlisted(site):
    text = site.run("lookup", "127.0.0.2").stdout
    assert text.startswith("127.0.0.2: a test point") and "as listed" in text.splitlines()[0]
    assert "not listed" not in text


# Looking.

@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_are_complete_and_without_doubles(site, limit):
    site.write("a.txt", "".join(f"198.51.100.{n}\n203.0.113.{n * 4}/30\n" for n in range(20)))
    site.run("import", "a.txt", "--list", "sbl")
    site.run("import", "a.txt", "--list", "xbl", "--source", "b")
    site.run("add", "dbl", "a.example", "*.a.example", "b.example")
    site.run("add", "hbl", "0" * 40, "1" * 40)
    whole = site.json("entries", "--all")["entries"]
    assert len(whole) == 85
    pages, after = [], None
    for _ in range(100):
        page = site.json("entries", "--limit", limit, *(["--after", after] if after else []))
        assert len(page["entries"]) <= limit
        pages += page["entries"]
        after = page["next"]
        if after is None:
            break
    assert pages == whole
    assert len({(e["list"], e["source"], e["subject"]) for e in pages}) == 85


def test_filters(site):
    site.run("add", "sbl", "198.51.100.1", "203.0.113.0/24")
    site.run("add", "xbl", "198.51.100.1", "--source", "other")
    site.run("exempt", "sbl", "203.0.113.9", "--reason", "ok")
    assert site.subjects("--list", "xbl") == ["198.51.100.1"]
    assert site.subjects("--source", "other") == ["198.51.100.1"]
    assert site.subjects("--within", "203.0.113.0/24") == ["203.0.113.0/24", "203.0.113.9"]
    assert site.subjects("--exemptions") == ["203.0.113.9"]
    assert "--after" in site.run("entries", "--limit", "1").stderr


def test_csv_of_control_bytes_neither_steers_a_terminal_nor_breaks_its_lines(site):
    reason = "spam\x1b]0;title\x07, two\tparts"
    site.write("a.jsonl", json.dumps({"subject": "203.0.113.7", "reason": reason}))
    site.run("import", "a.jsonl", "--list", "sbl", "--format", "jsonl")
    text = site.run("entries", "--format", "csv").stdout
    assert text.count("\n") == 2 and not any(c < " " and c != "\n" for c in text)
    site.write("b.csv", text)
    site.run("import", "b.csv", "--list", "xbl", "--format", "csv")
    assert site.json("entries", "--list", "xbl")["entries"][0]["reason"] == (
        "spam\\x1b]0;title\\x07, two\\x09parts")
    assert "\x1b" not in site.run("lookup", "203.0.113.7").stdout


@pytest.mark.parametrize("words", [
    ["--source", "drop\x1b[2J"], ["--source", "Drop"], ["--source", ""], ["--reason", "a\nb"],
    ["--reason", "\x1b[2J"]])
def test_add_takes_names_and_lines_only(site, words):
    done = site.run("add", "sbl", "203.0.113.7", *words, status=2)
    assert words[0] in done.stderr and "\x1b" not in done.stderr
    assert site.subjects() == []


def test_csv_can_be_imported_again(site):
    site.run("add", "sbl", "198.51.100.1", "--reason", 'with "quotes", commas', "--code", "9",
             "--until", "2099-01-01", "--ttl", "5m")
    site.run("add", "sbl", "203.0.113.0/24")
    text = site.run("entries", "--format", "csv").stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["ttl"] for row in rows] == ["300", ""]
    assert [row["subject"] for row in rows] == ["198.51.100.1", "203.0.113.0/24"]
    assert rows[0]["reason"] == 'with "quotes", commas'
    site.write("a.csv", text)
    site.run("import", "a.csv", "--list", "xbl", "--format", "csv")
    again = site.json("entries", "--list", "xbl")["entries"]
    assert [entry["ttl_seconds"] for entry in again] == [300, None]
    assert [(e["subject"], e["reason"], e["code"], e["until"]) for e in again] == [
        ("198.51.100.1", 'with "quotes", commas', "127.0.0.9", "2099-01-01T00:00:00Z"),
        ("203.0.113.0/24", "", "127.0.0.4", None)]


def test_plain_is_subjects_alone(site):
    site.run("add", "sbl", "203.0.113.0/24", "198.51.100.1")
    site.run("exempt", "sbl", "203.0.113.9", "--reason", "ok")
    assert site.run("entries", "--format", "plain").stdout == "198.51.100.1\n203.0.113.0/24\n"


def test_sweep_deletes_what_has_ended_and_nothing_else(site):
    site.run("add", "sbl", "11.1.1.1", "--for", "1s", status=0)
    site.run("add", "sbl", "11.1.1.2", "--for", "1d", status=0)
    # The end is a whole second away at most; how long that takes decides nothing.
    deadline = time.monotonic() + 30
    deleted = 0
    while deleted == 0 and time.monotonic() < deadline:
        deleted = site.json("sweep")["deleted"]
    assert deleted == 1
    kept = site.json("entries", "--list", "sbl", "--expired")["entries"]
    assert [entry["subject"] for entry in kept] == ["11.1.1.2"]
    assert site.json("sweep")["deleted"] == 0


def test_the_audit_log_tells_why_and_verifies(site):
    site.run("--why", "ticket 12", "add", "sbl", "11.1.1.1", status=0)
    site.run("add", "sbl", "10.0.0.1", status=1)
    site.run("remove", "sbl", "11.1.1.1", "--why", "was fixed", status=0)
    page = site.json("audit", "show")
    assert page["head"] == 4
    registered, added, refused, removed = page["records"]
    assert registered["action"] == "list.register"
    assert (added["actor"], added["action"], added["why"]) == (OPERATOR, "entry.add", "ticket 12")
    assert {"name": "subject", "value": "11.1.1.1"} in added["details"]
    assert refused["action"] == "entry.refuse" and "protected space" in str(refused["details"])
    assert (removed["action"], removed["why"]) == ("entry.remove", "was fixed")
    assert removed["previous"] == refused["hash"]
    assert "why: was fixed" in site.run("audit", "show", "--after", "3", status=0).stdout
    verdict = site.json("audit", "verify")
    assert verdict["good"] and verdict["records"] == 4 and verdict["signed_up_to"] == 0


def test_a_log_put_back_to_an_older_state_shows_by_a_kept_checkpoint(site):
    assert "fairlist audit key" in site.run("audit", "checkpoint", status=1).stderr
    key = site.json("audit", "key", "audit.key")["public_key"]
    assert site.run("audit", "key", "audit.key", status=1).stderr.count("exists already") == 1
    with open(site.folder / "fairlist.toml", "a") as config:
        config.write(f'[audit]\nkey = "audit.key"\npublic_key = "{key}"\n')
    older = (site.folder / "store" / "data.mdb").read_bytes()
    site.run("add", "sbl", "11.1.1.1", status=0)
    signed = site.json("audit", "checkpoint")
    site.write("kept", "# kept elsewhere\n" + signed["line"] + "\n")
    assert site.json("audit", "verify", "--checkpoints", "kept")["signed_up_to"] == signed["record"]
    (site.folder / "store" / "data.mdb").write_bytes(older)
    assert site.json("audit", "verify")["good"]
    done = site.run("audit", "verify", "--checkpoints", "kept", status=1)
    assert f"record {signed['record']} is missing" in done.stdout
    site.write("kept", "nonsense\n")
    assert "kept:1: " in site.run("audit", "verify", "--checkpoints", "kept", status=1).stderr


def test_the_doctor_finds_a_store_whole_or_says_what_is_not(site):
    site.run("add", "sbl", "11.1.1.1", "11.1.2.0/24", status=0)
    report = site.json("doctor")
    assert report["whole"] and report["addresses"] == 2 and report["commits"] == 2
    assert "the store is whole" in site.run("doctor").stdout
    file = site.folder / "store" / "data.mdb"
    # The block's key in 11.1.0.0/16: 11.1.1.1 becomes 11.1.3.1, out of order.
    data = file.read_bytes()
    keys = bytes.fromhex("01010002")  # little endian, as FORMAT.md has them
    assert data.count(keys) == 1
    file.write_bytes(data.replace(keys, bytes.fromhex("01030002")))
    report = site.json("doctor", status=1)
    assert not report["whole"] and any("11.1.2.0/24 is out of order" in fault for fault in report["faults"]), report
    assert "fairlist init" in site.run("doctor", status=1).stdout


def test_a_key_that_everyone_may_read_signs_nothing(site):
    key = site.json("audit", "key", "audit.key")["public_key"]
    with open(site.folder / "fairlist.toml", "a") as config:
        config.write(f'[audit]\nkey = "audit.key"\npublic_key = "{key}"\n')
    (site.folder / "audit.key").chmod(0o644)
    assert "everyone may read" in site.run("audit", "checkpoint", status=1).stderr
    (site.folder / "audit.key").chmod(0o400)
    site.run("audit", "checkpoint", status=0)


def test_journal_tells_who_did_what(site):
    site.run("add", "sbl", "203.0.113.1", "--reason", "first")
    site.run("add", "sbl", "203.0.113.1", "--reason", "second")
    site.run("remove", "sbl", "203.0.113.1")
    journal = site.json("journal")
    assert [change["change"] for change in journal["changes"]] == ["added", "changed", "removed"]
    assert {change["actor"] for change in journal["changes"]} == {OPERATOR}
    changed = journal["changes"][1]
    assert (changed["before"]["reason"], changed["after"]["reason"]) == ("first", "second")
    assert journal["changes"][0]["before"] is None and journal["changes"][2]["after"] is None
    assert journal["head"] == journal["changes"][-1]["number"] == site.head()
    after = site.json("journal", "--after", changed["number"])["changes"]
    assert [change["change"] for change in after] == ["removed"]
    newest = site.json("journal", "--limit", "1")["changes"]
    assert [change["change"] for change in newest] == ["removed"]
    assert "removed" in site.run("journal").stdout


def test_the_journal_shows_whole_commits_and_what_it_leaves_out(site):
    for n in range(1, 6):
        site.run("add", "sbl", f"203.0.113.{n}")
    site.write("a.txt", "".join(f"198.51.100.{n}\n" for n in range(1, 11)))
    site.run("import", "a.txt", "--list", "sbl")
    site.run("add", "sbl", "203.0.113.9")
    # The oldest commit of the page is the import: it is shown whole.
    page = site.json("journal", "--limit", "4")
    assert len(page["changes"]) == 11
    oldest = page["changes"][0]["number"]
    assert (page["older"], page["newer"]) == (5, 0)
    done = site.run("journal", "--limit", "4")
    assert len(done.stdout.splitlines()) == 12
    assert "5 older commits left out" in done.stderr and "--limit" in done.stderr
    assert f"--after {oldest - 6}" in done.stderr
    whole = site.run("journal", "--after", oldest - 6)
    assert len(whole.stdout.splitlines()) == 17 and whole.stderr == ""
    part = site.run("journal", "--after", oldest - 6, "--limit", "2")
    assert len(part.stdout.splitlines()) == 3
    assert f"5 newer commits left out; go on with --after {oldest - 4}" in part.stderr


def test_lists_zones_status_version(site):
    site.run("add", "sbl", "203.0.113.1")
    site.run("exempt", "sbl", "203.0.113.2", "--reason", "ok")
    sbl = site.json("lists")["lists"][0]
    assert (sbl["name"], sbl["kind"], sbl["entries"], sbl["exemptions"], sbl["zones"]) == (
        "sbl", "address", 1, 1, ["zen.bl.example"])
    assert [zone["zone"] for zone in site.json("zones")["zones"]] == ["zen.bl.example",
                                                                     "hbl.bl.example"]
    status = site.json("status")
    assert status["entries"] == 2 and status["file_bytes"] > 0 and status["lists"] == 4
    version = site.json("version")["version"]
    assert site.run("--version").stdout == site.run("version").stdout == f"fairlist {version}\n"
    for verb in ("lists", "zones", "status"):
        assert site.run(verb).stdout.strip()


# Digests.

def test_hash_is_what_receivers_ask_for(site):
    made = site.json("hash", "email", "J.Doe+shop@GoogleMail.com")["digests"][0]
    sha1 = hashlib.sha1(b"jdoe@gmail.com").hexdigest()
    assert (made["canonical"], made["digest"]) == ("jdoe@gmail.com", f"{sha1}._email")
    assert made["names"] == [f"{sha1}._email.hbl.bl.example"]

    def base32(data):
        return base64.b32encode(hashlib.sha256(data).digest()).decode().rstrip("=").lower()

    made = site.json("hash", "url", "https://Bad.Example/x?y=1", "--zone", "h.example")["digests"]
    assert made[0]["names"] == [base32(b"bad.example/x") + "._url.h.example"]
    data = random.Random(5).randbytes(200_000)
    (site.folder / "file").write_bytes(data)
    made = site.json("hash", "file", "file")["digests"][0]
    assert made["digest"] == base32(data) + "._file"
    site.run("add", "hbl", made["digest"])
    assert site.json("lookup", made["digest"].upper().replace("._FILE", "._file"))["lookups"][0][
        "listed"]
    site.run("hash", "email", "nobody", status=1)
    site.run("hash", "email", "nobody", "a@b.example", status=3)


def test_output_that_cannot_be_written_is_a_failure(site):
    site.run("add", "sbl", "203.0.113.1")
    with open("/dev/full", "w") as full:
        done = subprocess.run(site.command("entries"), cwd=site.folder, stdout=full,
                              stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 1 and "standard output" in done.stderr


# Trap mail.

TRAP_MAIL = """\
Received: from canary-helo (ptr.example [203.0.114.9]) by mx.canary.net with ESMTP id canary-1
\tfor <canary@canary.net>; Mon, 22 Nov 2027 04:05:06 +0000
Received: from x (y [8.8.8.8]) by z; canary
To: canary@canary.net
Message-ID: <canary-2@evil.com>
List-Unsubscribe: <http://evil.com/u?canary>
Content-Type: text/html

<a href="http://canary-3@token-canary.evil.com/canary?canary#canary">x</a>
<a href="http://www.canary.net/">y</a>
"""


def test_explain_names_who_is_at_fault_and_no_secret(site):
    (site.folder / "mail").write_text(TRAP_MAIL)
    made = site.json("explain", "mail")["messages"][0]
    assert (made["address"], made["list"], made["rule"]) == ("203.0.114.9", True, "outside")
    assert [step["rule"] for step in made["steps"]] == ["outside"]
    assert made["unused_lines"] == 1
    assert [(link["subject"], link["rule"], link["list"]) for link in made["links"]] == [
        ("evil.com", "domain", True), (None, "recipient", False)]
    text = site.run("explain", "mail").stdout
    assert "203.0.114.9 may be listed" in text and "evil.com" in text
    for shown in (text, str(made)):
        assert "canary" not in shown and "2027" not in shown and "04:05" not in shown


def test_explain_takes_a_mailbox_and_the_envelope(site):
    (site.folder / "box").write_text(f"From a\n{TRAP_MAIL}\nFrom b\n{TRAP_MAIL}")
    assert len(site.json("explain", "box")["messages"]) == 2
    made = site.json("explain", "box", "--message", "2", "--peer", "2a00::1:0:0:0:1")["messages"]
    assert [(one["message"], one["address"]) for one in made] == [(2, "2a00:0:0:1::/64")]
    site.run("explain", "box", "--message", "3", status=1)
    site.run("explain", "box", "--peer", "nobody", status=1)
    site.run("explain", "none", status=1)


# Completion.

COMPLETE = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_fairlist "$1"
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.mark.parametrize("words, present, absent", [
    pytest.param([""], {"init", "feed", "hash"}, {"run"}, id="verbs"),
    pytest.param(["feed", "r"], {"run", "rollback"}, {"list"}, id="verbs_of_feed"),
    pytest.param(["listing", ""], {"open", "history"}, {"run", "verify"}, id="verbs_of_listing"),
    pytest.param(["rules", "d"], {"dry-run"}, {"show"}, id="verb_with_a_dash"),
    pytest.param(["audit", "ver"], {"verify"}, {"show"}, id="verbs_of_audit"),
    pytest.param(["listing", "open", ""], {"sbl", "dbl"}, {"open"}, id="lists_of_listing_open"),
    pytest.param(["listing", "list", "--state", "s"], {"suspended"}, {"open"}, id="states"),
    pytest.param(["listing", "extend", "1", "--n"], {"--no-end"}, {"--due"},
                 id="options_of_a_verb_below"),
    pytest.param(["import", "x", "--l"], {"--list", "--lifetime"}, {"--due"}, id="options"),
    pytest.param(["lists", "--"], {"--json", "--config"}, {"--list"}, id="global_options"),
    pytest.param(["add", ""], {"sbl", "hbl"}, {"drop"}, id="lists"),
    pytest.param(["feed", "run", "drop", ""], {"drop", "bots"}, {"sbl"}, id="feeds"),
    pytest.param(["hash", ""], {"email", "url", "file"}, {"sbl"}, id="digests"),
    pytest.param(["import", "x", "--format", ""], {"aws", "rbldnsd", "jsonl"}, {"plain"},
                 id="formats_of_an_import"),
    pytest.param(["entries", "--format", "p"], {"plain"}, {"aws"}, id="formats_of_entries"),
    pytest.param(["feed", "f"], {"forget"}, {"run"}, id="forget"),
    pytest.param(["entries", "--list", "x"], {"xbl"}, {"sbl"}, id="argument_of_an_option"),
])
def test_completion(site, words, present, absent):
    done = subprocess.run(["bash", "-c", COMPLETE, "bash", ROOT / "tools/completions/fairlist.bash",
                           FAIRLIST, *words], cwd=site.folder, capture_output=True, text=True,
                          env=site.environment(), timeout=60)
    offered = set(done.stdout.split())
    assert present <= offered and not absent & offered, (offered, done.stderr)
