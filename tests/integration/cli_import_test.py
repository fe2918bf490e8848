"""Imports and feeds by the fairlist tool: what comes in, what is refused, and what a kill leaves."""

import http.server
import os
import random
import signal
import subprocess
import threading
import time

import pytest

# Fixtures are found by their names, also those of fixtures.
from cli_site import CONFIG, OPERATOR, Site, empty_site, site


# Files and addresses.

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
