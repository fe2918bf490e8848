"""Listings with a life: the tool opens, changes and shows them, and the daemon answers them."""

import json
import re
import subprocess
import time

import pytest

from cli_site import CONFIG, OPERATOR, empty_site, site  # noqa: F401 (fixtures)
import harness

ADDRESS = "198.51.100.77"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with harness.served(tmp_path_factory.mktemp("listing") / "site") as running:
        yield running


def dig(server, address, kind="A"):
    """(status, data) of the answer, as dig sees it."""
    name = ".".join(reversed(address.split("."))) + ".zen.bl.example"
    done = subprocess.run(["dig", "@127.0.0.1", "-p", str(server.port), "+norecurse", "+tries=1",
                           "+time=5", name, kind], capture_output=True, text=True, timeout=20)
    status = re.search(r"status: (\w+)", done.stdout)
    data = [line.split(None, 4)[4] for line in done.stdout.splitlines()
            if line.startswith(name) and f"\t{kind}\t" in line]
    return status and status.group(1), data


def test_a_life_as_the_dns_sees_it(served):
    def listing(*words):
        return json.loads(served.cli("--json", "listing", *words))["results"][0]

    assert dig(served, ADDRESS) == ("NXDOMAIN", [])
    opened = listing("open", "sbl", ADDRESS, "--for", "7d", "--why", "ticket 1",
                     "--reason", "{address} hit a trap")
    number = str(opened["listing"]["number"])
    assert opened["change"] == "opened" and opened["listing"]["in_force"]
    assert dig(served, ADDRESS) == ("NOERROR", ["127.0.0.2"])
    assert dig(served, ADDRESS, "TXT") == ("NOERROR", [f'"{ADDRESS} hit a trap"'])

    assert listing("suspend", number)["change"] == "suspended"
    assert dig(served, ADDRESS) == ("NXDOMAIN", [])
    # By its subject as well.
    assert listing("resume", ADDRESS)["listing"]["state"] == "open"
    assert dig(served, ADDRESS) == ("NOERROR", ["127.0.0.2"])
    extended = listing("extend", number, "--until", "2099-01-01")
    assert extended["listing"]["until"] == "2099-01-01T00:00:00Z"
    assert dig(served, ADDRESS) == ("NOERROR", ["127.0.0.2"])

    assert listing("exempt", number, "--reason", "reviewed")["listing"]["state"] == "exempted"
    assert dig(served, ADDRESS) == ("NXDOMAIN", [])
    # The exemption keeps it out until it is lifted; then another listing follows.
    with pytest.raises(RuntimeError, match="exemption in force"):
        served.cli("listing", "open", "sbl", ADDRESS)
    served.cli("remove", "sbl", ADDRESS, "--exemption")
    again = listing("open", "sbl", ADDRESS, "--code", "9")["listing"]
    assert str(again["earlier"]) == number and again["times"] == 2
    assert dig(served, ADDRESS) == ("NOERROR", ["127.0.0.9"])
    assert listing("remove", ADDRESS)["listing"]["state"] == "removed"
    assert dig(served, ADDRESS) == ("NXDOMAIN", [])

    events = json.loads(served.cli("--json", "listing", "history", number))["listings"][0]["events"]
    assert [event["action"] for event in events] == [
        "opened", "suspended", "resumed", "extended", "exempted"]
    assert events[0]["why"] == "ticket 1" and events[0]["actor"] == OPERATOR
    assert json.loads(served.cli("--json", "doctor"))["whole"]


def listings(site, *words):
    page = site.json("listing", "list", "--all", *words)
    assert page["next"] is None
    return [(one["number"], one["subject"], one["state"]) for one in page["listings"]]


def test_an_end_is_noted_by_a_sweep(site):
    # Long enough that the machine's pace decides nothing of what is asked before it.
    site.run("listing", "open", "sbl", ADDRESS, "--until",
             time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2)))
    deadline = time.monotonic() + 30
    expired = 0
    while expired == 0 and time.monotonic() < deadline:
        expired = site.json("sweep")["expired"]
    assert expired == 1
    assert listings(site) == [] and listings(site, "--ended") == [(1, ADDRESS, "expired")]
    assert site.json("sweep") == {"deleted": 0, "expired": 0, "lapsed": 0, "hits": 0}
    assert site.subjects("--expired") == []
    error = site.run("listing", "extend", "1", "--for", "1d", status=1).stderr
    assert "it is expired, so it cannot be extended" in error


def test_remove_of_the_entry_ends_the_listing(site):
    site.run("listing", "open", "sbl", ADDRESS, "--for", "7d")
    site.run("remove", "sbl", ADDRESS)
    assert listings(site, "--state", "removed") == [(1, ADDRESS, "removed")]
    report = site.json("doctor")
    assert report["whole"] and (report["listings"], report["open_listings"]) == (1, 0)
    text = site.run("doctor").stdout
    assert re.search(r"^listings +1$", text, re.M) and re.search(r"^open listings +0$", text, re.M)
    # What nobody may enter by hand.
    assert "fairlist listing" in site.run("add", "sbl", ADDRESS, "--source", "listing",
                                          status=1).stderr


def test_another_code_takes_the_place_of_the_one_before(site):
    site.run("listing", "open", "sbl", ADDRESS)
    assert site.json("listing", "open", "sbl", ADDRESS, "--code", "9")["results"][0]["change"] == \
        "extended"
    assert [entry["code"] for entry in site.json("entries")["entries"]] == ["127.0.0.9"]
    assert site.json("doctor")["whole"]


def test_second_runs_say_what_the_listing_is(site):
    site.run("listing", "open", "sbl", ADDRESS, "--for", "7d")
    for verb, state, words in (("suspend", "suspended", []), ("resume", "open", []),
                               ("exempt", "exempted", ["--reason", "ok"])):
        site.run("listing", verb, "1", *words)
        done = site.run("listing", verb, "1", *words, status=1)
        assert f"it is {state}, so it cannot be" in done.stderr and done.stdout == ""
    for verb, words in (("remove", []), ("extend", ["--no-end"]), ("resume", []), ("suspend", [])):
        error = json.loads(site.run("--json", "listing", verb, "1", *words, status=1).stdout)[
            "results"][0]["error"]
        assert error["code"] == "conflict"
    # Reading again changes nothing.
    before = site.json("listing", "show", "1")
    site.run("listing", "history", "1")
    assert site.json("listing", "show", "1") == before


def test_several_at_once_and_one_that_fails(site):
    for subject in ("203.0.113.1", "203.0.113.2", "203.0.113.3"):
        site.run("listing", "open", "sbl", subject)
    done = site.run("listing", "suspend", "1", "77", "203.0.113.2", "-", text="# more\nnobody.example\n3\n",
                    status=3)
    assert done.stdout == ("suspended  1  sbl  203.0.113.1\nsuspended  2  sbl  203.0.113.2\n"
                           "suspended  3  sbl  203.0.113.3\n")
    assert "listing 77: there is none" in done.stderr and "stdin:2: nobody.example" in done.stderr
    results = site.json("listing", "remove", "1", "1", status=3)["results"]
    assert results[0]["change"] == "removed" and results[1]["error"]["code"] == "conflict"


def test_a_subject_in_two_lists_is_asked_for_its_list(site):
    site.run("listing", "open", "sbl", ADDRESS)
    site.run("listing", "open", "xbl", ADDRESS)
    done = site.run("listing", "remove", ADDRESS, status=1)
    assert "1 (sbl), 2 (xbl)" in done.stderr and "--list" in done.stderr
    assert len(site.json("listing", "show", ADDRESS)["listings"]) == 2
    site.run("listing", "remove", ADDRESS, "--list", "xbl")
    assert listings(site) == [(1, ADDRESS, "open")]
    assert "in list sbl, not in xbl" in site.run("listing", "show", "1", "--list", "xbl",
                                                 status=1).stderr


def test_filters_and_pages(site):
    for subject in ("203.0.113.1", "203.0.113.64/26", "198.51.100.1"):
        site.run("listing", "open", "sbl", subject)
    site.run("listing", "open", "dbl", ".bad.example")
    site.run("listing", "suspend", "3")
    assert [number for number, _, _ in listings(site)] == [1, 2, 3, 4]
    assert listings(site, "--list", "dbl") == [(4, ".bad.example", "open")]
    assert listings(site, "--state", "suspended") == [(3, "198.51.100.1", "suspended")]
    assert [n for n, _, _ in listings(site, "--within", "203.0.113.0/24")] == [1, 2]
    done = site.run("listing", "list", "--limit", "3")
    assert "go on with --after 3" in done.stderr and len(done.stdout.splitlines()) == 4
    assert [one["number"] for one in site.json("listing", "list", "--after", "3")["listings"]] == [4]
    assert site.json("listing", "list", "--limit", "3")["next"] == "3"


def test_lookup_names_the_listing(site):
    site.run("listing", "open", "sbl", ADDRESS, "--for", "7d")
    text = site.run("lookup", ADDRESS).stdout
    assert f"listing 1: open, by {OPERATOR}, 1st time; ends by itself at " in text
    assert '"fairlist listing remove 1"' in text
    entry = site.json("lookup", ADDRESS)["lookups"][0]["lists"][0]["entries"][0]
    assert entry["source"] == "listing" and entry["listing"]["number"] == 1
    site.run("add", "xbl", ADDRESS)
    entries = site.json("lookup", ADDRESS)["lookups"][0]["lists"][1]["entries"]
    assert [entry["listing"] for entry in entries] == [None]


def test_show_and_explain_in_words(site):
    site.run("listing", "open", "sbl", ADDRESS, "--for", "7d", "--why", "ticket 1")
    text = site.run("listing", "show", ADDRESS).stdout
    for part in (f"listing 1: {ADDRESS} in list sbl: open", f"opened by    {OPERATOR}",
                 "answers      127.0.0.2", f"{ADDRESS} sent spam", "evidence     no hits",
                 "fairlist listing remove 1", ": ticket 1"):
        assert part in text, text
    for words in (["1"], ["listing:1"]):
        assert "opened, until" in site.run("explain", *words).stdout
    assert site.json("explain", "1")["listings"][0]["evidence"] == []
    assert site.run("evidence", "show", "--listing", "1").stdout == "listing 1: no hits are kept\n"


def test_a_file_that_looks_like_a_number_is_explained_as_one(site):
    site.write("12", "Received: from a (b [8.8.8.8]) by c with ESMTP; Mon, 22 Nov 2027 04:05:06 +0000\n\n")
    assert "listing 12: there is none" in site.run("explain", "12", status=1).stderr
    for words in (["./12"], ["--file", "12"]):
        assert site.json("explain", *words)["messages"][0]["address"] == "8.8.8.8"


@pytest.mark.parametrize("words", [
    pytest.param(["open", "sbl", ADDRESS, "--for", "week"], id="for"),
    pytest.param(["open", "sbl", ADDRESS, "--until", "2001-01-01"], id="past"),
    pytest.param(["open", "sbl", ADDRESS, "--for", "1d", "--until", "2099-01-01"], id="two_ends"),
    pytest.param(["open", "sbl", ADDRESS, "--code", "127.0.0.1"], id="code"),
    pytest.param(["open", "sbl", ADDRESS, "--reason", "{nobody}"], id="reason"),
    pytest.param(["open", "sbl"], id="no_subject"),
    pytest.param(["suspend"], id="nothing"),
    pytest.param(["suspend", "-"], id="nothing_on_standard_input"),
    pytest.param(["extend", "1"], id="no_end_given"),
    pytest.param(["extend", "1", "--no-end", "--for", "1d"], id="end_and_none"),
    pytest.param(["extend", "1", "--until", "2001-01-01"], id="extend_to_the_past"),
    pytest.param(["exempt", "1"], id="exempt_without_reason"),
    pytest.param(["exempt", "1", "--reason", ""], id="exempt_with_empty_reason"),
    pytest.param(["exempt", "1", "--reason", "a\nb"], id="exempt_reason_of_two_lines"),
    pytest.param(["list", "--state", "closed"], id="state"),
    pytest.param(["list", "--within", "203.0.113.1/24"], id="host_bits"),
    pytest.param(["list", "--limit", "0"], id="limit"),
    pytest.param(["show"], id="show_nothing"),
    pytest.param([], id="no_verb"),
])
def test_usage(site, words):
    site.run("listing", "open", "sbl", "203.0.113.1")
    done = site.run("listing", *words, status=2)
    assert done.stderr.startswith("fairlist: ") and done.stdout == ""
    assert set(json.loads(site.run("--json", "listing", *words, status=2).stderr)["error"]) == {
        "code", "message"}
    assert listings(site) == [(1, "203.0.113.1", "open")]


@pytest.mark.parametrize("words, part", [
    pytest.param(["show", "7"], "listing 7: there is none", id="number"),
    pytest.param(["show", "listing:x"], "expected the number of a listing", id="no_number"),
    pytest.param(["show", ADDRESS], f"fairlist lookup {ADDRESS}", id="subject"),
    pytest.param(["show", "1", "--list", "sbk"], "sbl, xbl, dbl, hbl", id="list"),
    pytest.param(["history", "0"], "expected the number of a listing", id="nought"),
    pytest.param(["list", "--list", "sbk"], "sbl, xbl, dbl, hbl", id="list_of_list"),
    pytest.param(["list", "--after", "x"], "no token", id="token"),
    pytest.param(["open", "sbk", ADDRESS], "sbl, xbl, dbl, hbl", id="open_in_no_list"),
    pytest.param(["open", "sbl", "a.example"], "list sbl is of kind address", id="open_a_name"),
    pytest.param(["open", "sbl", "10.0.0.1"], "allow of [protected]", id="open_protected"),
    pytest.param(["open", "dbl", "com"], "top-level domain", id="open_a_tld"),
    pytest.param(["remove", "7"], "listing 7: there is none", id="remove"),
    pytest.param(["suspend", "1", "--list", "sbk"], "sbl, xbl, dbl, hbl", id="suspend_in_no_list"),
])
def test_what_is_wrong_is_named(site, words, part):
    done = site.run("listing", *words, status=1)
    assert part in done.stderr and done.stdout == ""
    assert listings(site, "--ended") == []


@pytest.mark.parametrize("words, status, part", [
    pytest.param(["evidence", "show"], 2, "--listing", id="nothing"),
    pytest.param(["evidence", "show", "7"], 1, "hit 7: there is none", id="hit"),
    pytest.param(["evidence", "show", "0"], 2, "0", id="nought"),
    pytest.param(["evidence", "show", "--listing", "7"], 1, "listing 7: there is none", id="listing"),
    pytest.param(["evidence", "show", "7", "--full"], 2, "--why", id="full_without_why"),
    pytest.param(["evidence", "show", "7", "--listing", "1"], 2, "--listing", id="both"),
    pytest.param(["explain"], 2, "a file, or the number of a listing", id="explain_nothing"),
    pytest.param(["explain", "x", "--file", "y"], 2, "--file", id="explain_both"),
    pytest.param(["rules", "dry-run"], 2, "--since", id="no_since"),
    pytest.param(["rules", "dry-run", "--since", "noon"], 2, "noon", id="since"),
    pytest.param(["rules", "dry-run", "--since", "1d", "--rules", "none.toml"], 1, "none.toml",
                 id="no_rules"),
    pytest.param(["rules"], 2, "show, dry-run", id="no_verb"),
])
def test_wrong_input_of_evidence_and_rules(site, words, status, part):
    done = site.run(*words, status=status)
    assert part in done.stderr and done.stdout == ""


RULE = """
[[rule]]
name = "css"
list = "sbl"
hits = 3
traps = 2
window = "1d"

[[space]]
prefix = "203.0.113.0/26"
use = "assigned"
"""


def test_rules_are_shown_and_on_record(site):
    site.write("fairlist.toml", CONFIG + RULE)
    shown = site.json("rules", "show")
    assert [(rule["name"], rule["list"]) for rule in shown["rules"]] == [("css", "sbl")]
    assert "3 hits of 2 traps in 1d" in shown["rules"][0]["text"]
    assert (shown["space"], shown["on_record"]) == (1, False)
    assert "not on record yet" in site.run("rules", "show").stdout
    site.run("sweep")
    assert site.json("rules", "show")["on_record"]
    changes = [record for record in site.json("audit", "show")["records"]
               if record["action"] == "rules.change"]
    assert len(changes) == 1 and "css: list sbl" in str(changes[0]["details"])
    site.run("sweep")
    assert site.json("audit", "show")["head"] == changes[0]["number"]


def test_a_dry_run_takes_rules_from_another_configuration(site):
    site.write("other.toml", CONFIG + RULE)
    made = site.json("rules", "dry-run", "--since", "2026-11-01", "--rules", "other.toml")
    assert (made["since"], made["hits"], made["listings"]) == ("2026-11-01T00:00:00Z", 0, [])
    assert site.run("rules", "dry-run", "--since", "30d").stdout.startswith("0 hits since ")
    site.write("other.toml", CONFIG + RULE.replace('list = "sbl"', 'list = "nope"'))
    done = site.run("rules", "dry-run", "--since", "1d", "--rules", "other.toml", status=1)
    assert re.search(r"^other\.toml:\d+:\d+: .*nope", done.stderr, re.M), done.stderr
    error = json.loads(site.run("--json", "rules", "dry-run", "--since", "1d", "--rules",
                                "other.toml", status=1).stderr)["error"]
    assert error["faults"][0]["file"] == "other.toml"


def test_who_may_only_read_reads_listings(site):
    site.run("listing", "open", "sbl", ADDRESS)
    head = site.json("audit", "show")["head"]
    for words in (["listing", "list"], ["listing", "show", "1"], ["listing", "history", "1"],
                  ["evidence", "show", "--listing", "1"], ["explain", "1"], ["rules", "show"],
                  ["rules", "dry-run", "--since", "1d"], ["lookup", ADDRESS]):
        site.run(*words)
    assert site.json("audit", "show")["head"] == head
