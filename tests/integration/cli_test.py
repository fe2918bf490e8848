"""The fairlist tool, run as an operator runs it: every verb, its exit status, its JSON."""

import base64
import csv
import hashlib
import http.server
import io
import json
import os
import pathlib
import pwd
import random
import signal
import subprocess
import threading
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FAIRLIST = pathlib.Path(os.environ.get("FAIRLIST_BIN", ROOT / "build/release/bin")) / "fairlist"
OPERATOR = f"operator:{pwd.getpwuid(os.getuid()).pw_name}"

# Documentation space (RFC 5737, RFC 3849) is protected, so the tests allow it by name.
CONFIG = """
[store]
path = "store"

[server]
listen = ["127.0.0.1:0"]

[protected]
allow = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"]

[[list]]
name = "sbl"
kind = "address"
code = "127.0.0.2"
reason = "{address} sent spam, see https://bl.example/{id}"

[[list]]
name = "xbl"
kind = "address"
match = "all"
code = "127.0.0.4"

[[list]]
name = "dbl"
kind = "domain"
code = "127.0.1.2"

[[list]]
name = "hbl"
kind = "hash"
code = "127.0.3.2"

[[zone]]
name = "zen.bl.example"
lists = ["sbl", "xbl"]
ns = ["ns1.bl.example"]

[[zone]]
name = "hbl.bl.example"
lists = ["hbl"]
ns = ["ns1.bl.example"]

[[feed]]
name = "drop"
list = "sbl"
url = "drop.txt"
every = "1h"

[[feed]]
name = "bots"
list = "xbl"
url = "bots.txt"
every = "1h"
"""


class Site:
    """A folder with a configuration and a store."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "fairlist.toml").write_text(CONFIG)

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def command(self, *words):
        return [str(FAIRLIST), *map(str, words)]

    def environment(self):
        environment = {name: value for name, value in os.environ.items()
                       if name not in ("FAIRLIST_CONFIG", "FAIRLIST_BIN")}
        return environment

    def run(self, *words, text="", status=0):
        """Runs the tool in the folder; the exit status must be the one expected."""
        done = subprocess.run(self.command(*words), cwd=self.folder, input=text, timeout=120,
                              capture_output=True, text=True, env=self.environment())
        assert done.returncode == status, (words, done.stdout, done.stderr)
        return done

    def json(self, *words, text="", status=0):
        return json.loads(self.run("--json", *words, text=text, status=status).stdout)

    def head(self):
        return self.json("status")["journal_head"]

    def subjects(self, *words):
        """All subjects that `entries` lists."""
        listed = self.json("entries", "--all", *words)
        assert listed["next"] is None
        return [entry["subject"] for entry in listed["entries"]]


@pytest.fixture
def empty_site(tmp_path):
    return Site(tmp_path)


@pytest.fixture
def site(empty_site):
    empty_site.run("init")
    return empty_site


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


# Importing.

def test_import_is_exactly_what_the_file_says(site):
    site.write("Drop List.txt", "; comment\n203.0.113.0/25 ; SBL1\n198.51.100.7\n")
    result = site.json("import", "Drop List.txt", "--list", "sbl")["imports"][0]
    assert (result["source"], result["list"], result["outcome"]) == ("drop-list", "sbl", "applied")
    assert (result["added"], result["removed"], result["after"]) == (2, 0, 2)
    site.run("add", "sbl", "192.0.2.1")
    site.write("Drop List.txt", "198.51.100.7\n198.51.100.9\n")
    result = site.json("import", "Drop List.txt", "--list", "sbl")["imports"][0]
    assert (result["added"], result["removed"], result["unchanged"]) == (1, 1, 1)
    # Another source's entry stays.
    assert site.subjects() == ["192.0.2.1", "198.51.100.7", "198.51.100.9"]


def test_import_again_writes_nothing(site):
    site.write("a.txt", "203.0.113.1\n203.0.113.2\n")
    site.run("import", "a.txt", "--list", "sbl")
    head = site.head()
    site.run("import", "a.txt", "--list", "sbl")
    assert site.head() == head


def test_dry_run_changes_nothing(site):
    site.write("a.txt", "203.0.113.1\n")
    head = site.head()
    result = site.json("import", "a.txt", "--list", "sbl", "--dry-run")["imports"][0]
    assert (result["outcome"], result["added"]) == ("planned", 1)
    assert site.subjects() == [] and site.head() == head


def test_rejected_lines_are_named_and_the_rest_is_taken(site):
    lines = [f"203.0.113.{n}" if n % 2 else f"no address {n}" for n in range(1, 31)]
    site.write("a.txt", "\n".join(lines) + "\n")
    done = site.run("import", "a.txt", "--list", "sbl", "--format", "cidr", status=3)
    assert "a.txt:2: " in done.stdout and "a.txt:20: " in done.stdout
    assert "a.txt:22: " not in done.stdout and "5 more" in done.stdout
    assert len(site.subjects()) == 15


def test_too_many_rejected_lines_leave_the_old_version(site):
    site.write("a.txt", "203.0.113.1\n")
    site.run("import", "a.txt", "--list", "sbl")
    site.write("a.txt", "203.0.113.9\n" + "nonsense here\n" * 4)
    words = ["import", "a.txt", "--list", "sbl", "--format", "cidr", "--max-errors"]
    assert "a.txt: line 2" in site.run(*words, 3, status=1).stderr
    assert site.subjects() == ["203.0.113.1"]
    site.run(*words, 4, status=3)
    assert site.subjects() == ["203.0.113.9"]


def test_protected_space_is_refused_and_counted(site):
    site.write("a.txt", "10.0.0.0/8\n203.0.113.1\n127.0.0.1\n")
    result = site.json("import", "a.txt", "--list", "sbl", status=3)["imports"][0]
    assert result["refused"] == 2 and result["after"] == 1
    assert result["refusals"][0]["subject"] == "10.0.0.0/8" and result["refusals"][0]["why"]


def test_the_guard_holds_what_shrinks_until_yes(site):
    site.write("a.txt", "".join(f"203.0.113.{n}\n" for n in range(1, 11)))
    site.run("import", "a.txt", "--list", "sbl")
    site.write("a.txt", "203.0.113.1\n")
    done = site.run("import", "a.txt", "--list", "sbl", status=1)
    assert "held" in done.stdout and "--yes" in done.stdout
    assert len(site.subjects()) == 10
    site.run("import", "a.txt", "--list", "sbl", "--yes")
    assert site.subjects() == ["203.0.113.1"]
    assert "held" not in site.run("status").stdout


def test_import_options_reach_the_entries(site):
    site.run("import", "-", "--list", "sbl", "--format", "cidr", "--source", "night", "--code", "9",
             "--reason", "from {subject}", "--ttl", "5m", "--lifetime", "7d", "--allow-host-bits",
             text="203.0.113.1/24\n")
    entry = site.json("entries")["entries"][0]
    assert (entry["source"], entry["subject"], entry["code"], entry["reason"],
            entry["ttl_seconds"]) == ("night", "203.0.113.0/24", "127.0.0.9", "from {subject}", 300)
    assert entry["until"] is not None


def test_import_stands_in_the_journal_under_who_ran_it(site):
    site.run("import", "-", "--list", "sbl", "--source", "s", text="203.0.113.1\n203.0.113.2\n")
    write_feed(site, "drop", 3)
    site.run("feed", "run", "drop")
    actors = {change["actor"] for change in site.json("journal")["changes"]}
    assert actors == {OPERATOR, "feed:drop"}


@pytest.mark.parametrize("name", ["-", "###.txt", "2026-list.txt", "My List (1).txt"])
def test_an_input_without_a_name_needs_a_source(site, name):
    if name != "-":
        site.write(name, "203.0.113.1\n")
    done = site.run("import", name, "--list", "sbl", text="203.0.113.1\n", status=2)
    assert "--source" in done.stderr and name in done.stderr
    assert site.subjects() == []
    site.run("import", name, "--list", "sbl", "--source", "mine", text="203.0.113.1\n")
    assert site.json("entries")["entries"][0]["source"] == "mine"


def test_an_import_does_not_replace_what_add_entered(site):
    site.run("add", "sbl", "203.0.113.1")
    site.write("manual.txt", "203.0.113.2\n")
    for words in (["manual.txt"], ["manual.txt", "--yes"], ["-", "--source", "manual"]):
        done = site.run("import", *words, "--list", "sbl", text="203.0.113.2\n", status=2)
        assert "fairlist add" in done.stderr and "--source manual --yes" in done.stderr
    assert site.subjects() == ["203.0.113.1"]
    site.run("import", "manual.txt", "--list", "sbl", "--source", "manual", "--yes")
    assert site.subjects() == ["203.0.113.2"]


def test_a_file_of_the_same_name_is_another_source(site):
    (site.folder / "x").mkdir()
    site.write("list.txt", "203.0.113.1\n")
    site.write("x/list.txt", "203.0.113.2\n")
    site.run("import", "list.txt", "--list", "sbl")
    site.run("import", site.folder / "list.txt", "--list", "sbl")
    done = site.run("import", "x/list.txt", "--list", "sbl", status=1)
    for part in (str(site.folder / "list.txt"), str(site.folder / "x/list.txt"), "--source list"):
        assert part in done.stderr
    assert site.subjects() == ["203.0.113.1"]
    site.run("import", "x/list.txt", "--list", "sbl", "--source", "list")
    assert site.subjects() == ["203.0.113.2"]


def test_a_file_of_a_feeds_name_does_not_replace_the_feed(site):
    (site.folder / "x").mkdir()
    site.write("x/drop.txt", "203.0.113.2\n")
    assert "drop.txt" in site.run("import", "x/drop.txt", "--list", "sbl", status=1).stderr


def test_a_store_is_no_folder_of_lists(site):
    assert "holds a store" in site.run("import", "store", "--list", "sbl", status=1).stderr


@pytest.mark.parametrize("option, value", [("--format", "docx"), ("--code", "1.2.3.4"),
                                           ("--reason", "{nobody}")])
def test_a_wrong_import_option_is_named(site, option, value):
    site.write("a.txt", "203.0.113.1\n")
    done = site.run("import", "a.txt", "--list", "sbl", option, value, status=2)
    assert done.stderr.startswith(f"fairlist: {option}: ") and value in done.stderr


@pytest.mark.parametrize("words, part", [
    pytest.param(["import", "missing.txt", "--list", "sbl"], "missing.txt", id="file"),
    pytest.param(["import", "a.txt", "--list", "nosuch"], '"nosuch"', id="list"),
    pytest.param(["import", "a.txt", "--list", "dbl", "--format", "cidr"], "a.txt", id="kind"),
])
def test_import_failures(site, words, part):
    site.write("a.txt", "203.0.113.1\n" * 200)
    assert part in site.run(*words, status=1).stderr
    assert site.subjects() == []


# Feeds.

def write_feed(site, name, count):
    site.write(f"{name}.txt", "".join(f"198.51.100.{n}\n" for n in range(1, count + 1)))


def feed_of(site, name):
    return next(feed for feed in site.json("feed", "list")["feeds"] if feed["name"] == name)


def test_feed_run_approve_rollback(site):
    write_feed(site, "drop", 10)
    assert site.json("feed", "run", "drop")["imports"][0]["outcome"] == "applied"
    head = site.head()
    assert site.json("feed", "run", "drop")["imports"][0]["outcome"] == "unchanged"
    assert site.head() == head

    write_feed(site, "drop", 2)
    held = site.run("feed", "run", "drop", status=1).stdout
    assert "fairlist feed approve drop" in held
    assert len(site.subjects()) == 10 and feed_of(site, "drop")["held"]
    assert "feed held" in site.run("status").stdout
    assert site.json("feed", "approve", "drop")["imports"][0]["removed"] == 8
    assert len(site.subjects()) == 2 and not feed_of(site, "drop")["held"]

    assert site.json("feed", "rollback", "drop")["imports"][0]["added"] == 8
    assert len(site.subjects()) == 10
    versions = feed_of(site, "drop")["versions"]
    site.run("feed", "rollback", "drop", "--to", versions[-2])
    assert len(site.subjects()) == 2
    assert "approve" not in site.run("feed", "show", "drop").stdout
    site.run("feed", "approve", "drop", status=1)
    site.run("feed", "rollback", "drop", "--to", "99", status=1)


def test_a_failing_feed_does_not_stop_the_others(site):
    write_feed(site, "drop", 3)
    results = site.json("feed", "run", "--all", status=3)["imports"]
    assert [(item["source"], item["outcome"]) for item in results] == [
        ("drop", "applied"), ("bots", "failed")]
    assert "bots.txt" in results[1]["error"]["message"]
    assert feed_of(site, "bots")["last_error"]
    assert "feed failed" in site.run("status").stdout
    site.run("feed", "run", "bots", status=1)


def test_an_unchanged_feed_tells_what_it_holds(site):
    write_feed(site, "drop", 7)
    site.run("feed", "run", "drop")
    again = site.json("feed", "run", "drop")["imports"][0]
    assert (again["outcome"], again["unchanged"], again["before"], again["after"]) == (
        "unchanged", 7, 7, 7)


def test_a_rollback_is_told(site):
    for count in (3, 4, 5, 6, 7):
        write_feed(site, "drop", count)
        site.run("feed", "run", "drop")
    assert "kept are 3, 4, 5" in site.run("feed", "rollback", "drop", "--to", "99", status=1).stderr
    for wrong in ("0", "-1"):
        assert "--to" in site.run("feed", "rollback", "drop", "--to", wrong, status=2).stderr
    assert "rolled back" not in site.run("feed", "show", "drop").stdout
    site.run("feed", "rollback", "drop")
    assert feed_of(site, "drop")["rolled_back"]
    assert "rolled back" in site.run("feed", "show", "drop").stdout
    assert site.json("feed", "run", "drop")["imports"][0]["outcome"] == "unchanged"
    assert feed_of(site, "drop")["rolled_back"] and len(site.subjects()) == 6
    write_feed(site, "drop", 8)
    site.run("feed", "run", "drop")
    assert not feed_of(site, "drop")["rolled_back"] and len(site.subjects()) == 8


def test_an_import_that_never_was_leaves_no_trouble(site):
    site.run("import", "missing.txt", "--list", "sbl", status=1)
    assert site.json("status")["feeds"] == []
    site.run("feed", "run", "drop", status=1)
    assert [feed["name"] for feed in site.json("status")["feeds"]] == ["drop"]
    # A feed that left the configuration counts while it has entries.
    write_feed(site, "bots", 3)
    site.run("feed", "run", "bots")
    site.write("fairlist.toml", CONFIG.split("[[feed]]", 1)[0])
    assert [feed["name"] for feed in site.json("status")["feeds"]] == ["bots"]


def test_a_source_is_forgotten(site):
    site.run("add", "sbl", "203.0.113.1")
    write_feed(site, "drop", 3)
    site.run("feed", "run", "drop")
    assert "configuration" in site.run("feed", "forget", "drop", "--yes", status=1).stderr
    site.write("fairlist.toml", CONFIG.split("[[feed]]", 1)[0])
    asked = site.run("feed", "forget", "drop", status=1).stderr
    assert "3 entries, 1 kept version" in asked and "--yes" in asked
    assert len(site.subjects()) == 4
    assert site.json("feed", "forget", "drop", "--yes") == {
        "source": "drop", "removed": 3, "versions": 1}
    assert site.subjects() == ["203.0.113.1"] and site.json("status")["feeds"] == []
    assert site.json("journal")["changes"][-1]["actor"] == OPERATOR
    assert "drop" in site.run("feed", "forget", "drop", "--yes", status=1).stderr


def test_due(site):
    write_feed(site, "drop", 3)
    write_feed(site, "bots", 3)
    assert len(site.json("feed", "run", "--due")["imports"]) == 2
    assert site.json("feed", "run", "--due")["imports"] == []
    assert site.json("feed", "run", "drop", "--dry-run")["imports"][0]["outcome"] == "unchanged"


def test_passwords_of_urls_are_not_shown(site):
    site.write("fairlist.toml", CONFIG.replace('"bots.txt"', '"https://anna:s3cret@bl.example/b"'))
    for words in (["feed", "list"], ["feed", "show", "bots"], ["--json", "feed", "show", "bots"]):
        assert "s3cret" not in site.run(*words).stdout
    assert "bl.example/b" in site.run("feed", "show", "bots").stdout


def test_unknown_feed_names_those_there_are(site):
    assert "drop, bots" in site.run("feed", "run", "dorp", status=1).stderr


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


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"203.0.113.7\n")

    def log_message(self, *_):
        pass


def test_a_url_on_a_private_address_is_asked_for_by_name(site):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    words = ["import", f"http://127.0.0.1:{server.server_port}/", "--list", "sbl",
             "--source", "page"]
    try:
        assert "--allow-private" in site.run(*words, status=1).stderr
        assert site.subjects() == []
        site.run(*words, "--allow-private")
    finally:
        server.shutdown()
        server.server_close()
    assert site.subjects() == ["203.0.113.7"]


def test_a_dry_run_leaves_the_folder_as_it_was(site):
    site.write("a.txt", "203.0.113.7\n")
    site.write("drop.txt", "203.0.113.8\n")
    before = sorted(site.folder.rglob("*"))
    site.run("import", "a.txt", "--list", "sbl", "--dry-run")
    site.run("feed", "run", "drop", "--dry-run")
    assert sorted(site.folder.rglob("*")) == before


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


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a file system")
def test_a_full_disk_fails_the_import_and_nothing_else(tmp_path):
    """24 MiB of tmpfs: half a million entries do not fit."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", tmp_path], check=True)
    try:
        site = Site(tmp_path)
        site.run("init")
        site.write("drop.txt", "203.0.113.1\n203.0.113.2\n")
        site.run("feed", "run", "drop")
        before = site.json("entries", "--all")["entries"]
        files = sorted(tmp_path.rglob("*"))
        dice = random.Random(7)
        lines = "".join(f"{a}.{b}.{c}.{d} ; {n % 90000}\n" for n, (a, b, c, d) in enumerate(
            (dice.randrange(11, 99), dice.randrange(256), dice.randrange(256), dice.randrange(256))
            for _ in range(500_000)))
        done = site.run("import", "-", "--list", "sbl", "--source", "drop", "--yes", text=lines,
                        status=1)
        assert "disk is full" in done.stderr and "free some space" in done.stderr
        assert site.json("entries", "--all")["entries"] == before
        assert sorted(tmp_path.rglob("*")) == files
        for n in range(20):
            site.run("add", "sbl", f"203.0.113.{100 + n}")
        assert len(site.subjects()) == 22
    finally:
        subprocess.run(["umount", "-l", tmp_path], check=True)


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


# A kill at any instant.

KILL_ROUNDS = 20
VERSION_LINES = 30_000


def version_text(number):
    """A third of the lines differs from version to version."""
    lines = []
    for n in range(1, VERSION_LINES + 1):
        third = number if n % 3 == 0 else 0
        lines.append(f"2001:db8:{third:x}:{n:x}::/64")
    return "\n".join(lines) + "\n"


def test_a_killed_import_leaves_the_old_version_whole(site):
    files = {}
    for number in (1, 2):
        site.write(f"v{number}.txt", version_text(number))
        files[number] = sorted(set(version_text(number).split()))
    words = ["--list", "sbl", "--source", "big", "--format", "cidr"]
    started = time.monotonic()
    site.run("import", "v1.txt", *words)
    whole_run = time.monotonic() - started
    randomness = random.Random(20261121)
    in_force, killed = 1, 0
    for _ in range(KILL_ROUNDS):
        wanted = 3 - in_force
        head = site.head()
        process = subprocess.Popen(site.command("import", f"v{wanted}.txt", *words),
                                   cwd=site.folder, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        time.sleep(randomness.uniform(0, whole_run))
        process.send_signal(signal.SIGKILL)
        killed += process.wait(60) == -signal.SIGKILL
        # One version or the other, whole, and the journal agrees with which.
        listed = sorted(site.run("entries", "--all", "--format", "plain").stdout.split())
        if site.head() != head:
            in_force = wanted
        assert listed == files[in_force]
        assert site.json("status")["entries"] == len(files[in_force])
    # Some rounds must have hit the import itself for this to show anything.
    assert killed >= KILL_ROUNDS // 4
    wanted = 3 - in_force
    site.run("import", f"v{wanted}.txt", *words)
    assert sorted(site.subjects()) == files[wanted]


def test_two_writers_wait_for_each_other(site):
    commands = [site.command("add", "sbl", f"203.0.113.{n}") for n in range(1, 9)]
    running = [subprocess.Popen(command, cwd=site.folder, stdout=subprocess.DEVNULL)
               for command in commands]
    assert [process.wait(60) for process in running] == [0] * 8
    assert len(site.subjects()) == 8
    numbers = [change["number"] for change in site.json("journal")["changes"]]
    assert len(set(numbers)) == 8
