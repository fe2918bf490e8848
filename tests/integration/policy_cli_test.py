"""Providers, their space and their mail policies by the fairlist tool, as an operator runs it."""

import http.server
import json
import random
import signal
import subprocess
import threading
import time

import pytest

# Fixtures are found by their names, also those of fixtures.
from cli_site import CONFIG, ROOT, empty_site

EXAMPLE = ROOT / "zones/examples/data/mail-policy.json"
POLICY = """
[policy]
list = "pbl"
allow_list = "wl"

[trap]
networks = "networks.tsv"

[[list]]
name = "pbl"
code = "127.0.0.10"

[[list]]
name = "wl"
code = "127.0.0.2"
"""
NETWORKS = ("192.0.2.0/25\t64500\tEXAMPLE\tDE\n198.51.100.0/24\t64501\tOTHER\tDE\n"
            "203.0.113.64/26\t64500\tEXAMPLE\tDE\n2001:db8:5::/48\t64500\tEXAMPLE\tDE\n")


@pytest.fixture
def site(empty_site):
    before, _, after = CONFIG.partition("[[list]]")
    (empty_site.folder / "fairlist.toml").write_text(before + POLICY + "[[list]]" + after)
    empty_site.write("networks.tsv", NETWORKS)
    empty_site.run("init")
    return empty_site


@pytest.fixture
def cloud(site):
    site.run("provider", "add", "cloud", "--name", "Example Cloud", "--asn", "64500",
             "--abuse", "abuse@cloud.example", "--support", "https://cloud.example/mail")
    site.run("provider", "space", "add", "cloud", "198.51.100.0/24", "203.0.113.0/24")
    return site


def document(*ranges, exemptions=(), published="2026-11-01T00:00:00Z"):
    return json.dumps({"mail_policy": 1, "provider": {"name": "Example Cloud"},
                       "published": published, "ranges": list(ranges),
                       "exemptions": list(exemptions)})


def closed(prefix, **more):
    return {"prefix": prefix, "use": "dynamic", "direct_mail": "never", "port25": "closed", **more}


# The check.

def test_the_check_needs_neither_configuration_nor_store(tmp_path, empty_site):
    (empty_site.folder / "fairlist.toml").unlink()
    done = empty_site.run("policy", "check", EXAMPLE)
    assert "ok: 0 errors" in done.stdout and "smarthost" in done.stdout
    assert "256 IPv4 addresses that send no mail directly, 64 IPv4 addresses in quarantine" \
        in done.stdout
    assert sorted(path.name for path in empty_site.folder.iterdir()) == []


def test_the_two_forms_of_the_example_say_the_same(empty_site):
    json_form = empty_site.json("policy", "check", EXAMPLE)
    csv_form = empty_site.json("policy", "check", EXAMPLE.with_suffix(".csv"))
    assert (json_form["format"], csv_form["format"]) == ("json", "csv")
    assert json_form["summary"] == csv_form["summary"]
    assert json_form["good"] and csv_form["good"]


def test_the_check_names_every_fault_with_its_place(empty_site):
    text = EXAMPLE.read_text().replace("203.0.113.16/28", "203.0.113.17/28")
    text = text.replace('"shared"', '"pooled"').replace('"until"', '"untill"')
    empty_site.write("bad.json", text)
    done = empty_site.run("policy", "check", "bad.json", status=1)
    errors = [line for line in done.stderr.splitlines() if ": error: " in line]
    assert [line.split(": error: ")[0] for line in errors] == ["bad.json:6:42", "bad.json:7:16"]
    assert 'did you mean "until"' in done.stderr
    assert "not a good policy: 2 errors" in done.stdout
    told = empty_site.json("policy", "check", "bad.json", status=1)
    assert not told["good"] and told["errors"] == 2
    assert {(fault["line"], fault["column"]) for fault in told["faults"]
            if fault["severity"] == "error"} == {(6, 42), (7, 16)}


@pytest.mark.parametrize("text", ["", "{", "no policy", "[1, 2]", "prefix,use\nnothing,shared\n"])
def test_what_is_no_policy_fails(empty_site, text):
    done = empty_site.run("policy", "check", "-", text=text, status=1)
    assert "standard input:" in done.stderr and ": error: " in done.stderr


def test_a_file_that_is_not_there(empty_site):
    assert "nowhere.json" in empty_site.run("policy", "check", "nowhere.json", status=1).stderr


def test_the_check_holds_prefixes_against_the_providers_space(empty_site):
    empty_site.write("space.txt", "198.51.100.0/24\n")
    done = empty_site.run("policy", "check", EXAMPLE, "--provider-space", "space.txt", status=1)
    refused = [line for line in done.stderr.splitlines() if "not held by" in line]
    assert len(refused) == 3 and all("203.0.113." in line for line in refused)
    empty_site.write("space.txt", "198.51.100.0/24\n203.0.113.0/24\n")
    empty_site.run("policy", "check", EXAMPLE, "--provider-space", "space.txt")
    empty_site.write("space.txt", "not a prefix\n")
    assert "space.txt" in empty_site.run("policy", "check", EXAMPLE, "--provider-space",
                                         "space.txt", status=1).stderr


# Providers.

def test_a_provider_is_added_changed_shown_and_removed(site):
    made = site.json("provider", "add", "cloud", "--name", "Example Cloud", "--asn", "64500,64501",
                     "--abuse", "abuse@cloud.example")
    assert made["asns"] == [64500, 64501] and made["support"] is None
    assert "cloud" in site.run("provider", "add", "cloud", status=1).stderr
    changed = site.json("provider", "change", "cloud", "--support", "https://cloud.example/")
    assert changed["support"] == "https://cloud.example/"
    assert changed["abuse"] == "abuse@cloud.example" and changed["asns"] == [64500, 64501]
    assert site.json("provider", "change", "cloud", "--asn", "-")["asns"] == []
    assert site.json("provider", "show", "cloud")["name"] == "Example Cloud"
    assert [p["provider"] for p in site.json("provider", "list")["providers"]] == ["cloud"]
    assert "--yes" in site.run("provider", "remove", "cloud", status=1).stderr
    site.run("provider", "remove", "cloud", "--yes")
    assert site.json("provider", "list")["providers"] == []
    assert "provider add" in site.run("provider", "show", "cloud", status=1).stderr


@pytest.mark.parametrize("words", [
    ["--abuse", "no address"], ["--support", "ftp://x"], ["--webhook", "http://cloud.example/"],
    ["--asn", "many"], ["--domain", "not a name"], ["--space-format", "awz"],
    ["--space-format", "aws servce=EC2"]], ids=lambda words: words[-1])
def test_a_wrong_field_changes_nothing(site, words):
    done = subprocess.run(site.command("provider", "add", "cloud", *words), cwd=site.folder,
                          capture_output=True, text=True, timeout=60)
    assert done.returncode in (1, 2) and words[-1].split("=")[0].split()[-1] in done.stderr
    assert site.json("provider", "list")["providers"] == []


def test_a_wrong_slug(site):
    assert "a letter first" in site.run("provider", "add", "No Name", status=1).stderr


# Space.

def space(site, provider):
    return [row["prefix"] for row in site.json("provider", "space", "list", provider,
                                               "--all")["ranges"]]


def test_space_by_hand(cloud):
    assert space(cloud, "cloud") == ["198.51.100.0/24", "203.0.113.0/24"]
    again = cloud.json("provider", "space", "add", "cloud", "203.0.113.0/24")
    assert (again["added"], again["unchanged"]) == (0, 1)
    cloud.run("provider", "space", "add", "cloud", "-", text="192.0.2.0-192.0.2.95 # two\n")
    assert space(cloud, "cloud")[:2] == ["192.0.2.0/26", "192.0.2.64/27"]
    page = cloud.json("provider", "space", "list", "cloud", "--limit", 2)
    assert page["next"] == "192.0.2.64/27"
    cloud.run("provider", "space", "remove", "cloud", "192.0.2.0/26", "192.0.2.64/27")
    assert space(cloud, "cloud") == ["198.51.100.0/24", "203.0.113.0/24"]


def test_space_that_nobody_may_hold_is_refused_one_by_one(cloud):
    done = cloud.run("provider", "space", "add", "cloud", "10.0.0.0/8", "192.0.2.0/24", status=3)
    assert "10.0.0.0/8: protected space" in done.stdout
    assert "192.0.2.0/24" in space(cloud, "cloud")
    assert "203.0.113.1/24" in cloud.run("provider", "space", "add", "cloud", "203.0.113.1/24",
                                         status=2).stderr


def test_space_of_another_is_taken_only_by_name(cloud):
    cloud.run("provider", "add", "buyer")
    done = cloud.run("provider", "space", "add", "buyer", "203.0.113.0/24", status=1)
    assert "cloud" in done.stdout
    cloud.run("provider", "space", "add", "buyer", "203.0.113.0/24", "--take")
    assert space(cloud, "buyer") == ["203.0.113.0/24"]
    assert space(cloud, "cloud") == ["198.51.100.0/24"]


def test_space_is_derived_from_the_table_of_networks(cloud):
    derived = ["192.0.2.0/25", "203.0.113.64/26", "2001:db8:5::/48"]
    dry = cloud.json("provider", "space", "derive", "cloud")
    assert (dry["added"], dry["applied"]) == (3, False)
    assert space(cloud, "cloud") == ["198.51.100.0/24", "203.0.113.0/24"]
    done = cloud.json("provider", "space", "derive", "cloud", "--apply")
    assert (done["added"], done["applied"]) == (3, True)
    assert set(derived) < set(space(cloud, "cloud"))
    again = cloud.json("provider", "space", "derive", "cloud", "--apply")
    assert (again["added"], again["removed"], again["unchanged"]) == (0, 0, 3)
    # A table that has lost most of it waits for a person.
    cloud.write("networks.tsv", NETWORKS.splitlines()[0] + "\n")
    held = cloud.json("provider", "space", "derive", "cloud", "--apply", status=1)
    assert held["held_why"] and set(derived) < set(space(cloud, "cloud"))
    cloud.run("provider", "space", "derive", "cloud", "--apply", "--yes")
    assert space(cloud, "cloud") == ["192.0.2.0/25", "198.51.100.0/24", "203.0.113.0/24"]
    cloud.run("provider", "change", "cloud", "--asn", "-")
    assert "--asn" in cloud.run("provider", "space", "derive", "cloud", status=1).stderr


def aws(*prefixes):
    return json.dumps({"syncToken": "1", "createDate": "2026-08-22-00-00-00", "prefixes": [
        {"ip_prefix": prefix, "region": region, "service": service,
         "network_border_group": region} for prefix, region, service in prefixes],
        "ipv6_prefixes": []})


def test_space_comes_from_a_document_of_the_provider(site):
    site.run("provider", "add", "aws", "--space-url", "aws.json", "--space-format",
             "aws service=EC2")
    rows = [(f"192.0.2.{16 * n}/28", "eu-west-1", "EC2" if n % 2 else "S3") for n in range(10)]
    site.write("aws.json", aws(*rows))
    first = site.json("provider", "space", "feed", "aws")
    assert (first["format"], first["added"]) == ("aws", 5)
    assert space(site, "aws") == [row[0] for row in rows if row[2] == "EC2"]
    again = site.json("provider", "space", "feed", "aws")
    assert (again["added"], again["removed"], again["unchanged"]) == (0, 0, 5)
    site.write("aws.json", aws(*rows[:2]))
    held = site.json("provider", "space", "feed", "aws", status=1)
    assert "shrinks" in held["held_why"] and len(space(site, "aws")) == 5
    site.run("provider", "space", "feed", "aws", "--yes")
    assert space(site, "aws") == ["192.0.2.16/28"]
    for wrong in ("{", "{}", "no document"):
        site.write("aws.json", wrong)
        site.run("provider", "space", "feed", "aws", status=1)
    assert space(site, "aws") == ["192.0.2.16/28"]
    # By hand it stays, whatever a document says.
    site.run("provider", "space", "add", "aws", "203.0.113.0/24")
    site.write("aws.json", aws(*rows))
    site.run("provider", "space", "feed", "aws", "--yes")
    assert len(space(site, "aws")) == 6


# Policies.

def listed(site):
    return site.subjects("--list", "pbl")


def test_a_policy_comes_into_force_once(cloud):
    cloud.write("a.json", document(closed("198.51.100.0/25"), closed("203.0.113.0/26"), exemptions=[
        {"prefix": "198.51.100.25", "reason": "a mail server"}]))
    head = cloud.head()
    dry = cloud.json("policy", "import", "cloud", "a.json", "--dry-run")
    assert dry["listed"] == 2 and dry["exemptions"] == 1 and not dry["applied"]
    assert cloud.head() == head
    told = cloud.json("policy", "import", "cloud", "a.json")
    assert (told["version"], told["applied"], told["listed"]) == (1, True, 2)
    assert "198.51.100.0/25" in listed(cloud)
    head = cloud.head()
    again = cloud.json("policy", "import", "cloud", "a.json")
    assert again["version"] is None and cloud.head() == head
    assert "nothing new" in cloud.run("policy", "import", "cloud", "a.json").stdout
    shown = cloud.run("policy", "show", "cloud")
    assert cloud.json("policy", "import", "cloud", "-", text=shown.stdout)["version"] is None
    shown = cloud.run("policy", "show", "cloud", "--csv")
    assert cloud.json("policy", "import", "cloud", "-", text=shown.stdout)["version"] is None


def test_what_is_not_the_providers_is_refused_and_the_rest_is_taken(cloud):
    cloud.write("a.json", document(closed("198.51.100.0/25"), closed("192.0.2.0/24")))
    done = cloud.run("policy", "import", "cloud", "a.json", status=3)
    assert "192.0.2.0/24: not held by cloud" in done.stdout
    assert listed(cloud) == ["198.51.100.0/25"]


def test_a_bad_document_leaves_the_policy_in_force(cloud):
    cloud.write("a.json", document(closed("198.51.100.0/25")))
    cloud.run("policy", "import", "cloud", "a.json")
    cloud.write("b.json", document(closed("198.51.100.0/25", ptr="dhcp")))
    done = cloud.run("policy", "import", "cloud", "b.json", status=1)
    assert "b.json:1:" in done.stderr and "what is in force stays" in done.stderr
    told = cloud.json("policy", "import", "cloud", "b.json", status=1)
    assert told["error"]["code"] == "malformed" and told["faults"][0]["where"] == "ranges[0].ptr"
    assert listed(cloud) == ["198.51.100.0/25"]
    assert [v["version"] for v in cloud.json("policy", "history", "cloud")["versions"]] == [1]


def test_unknown_providers_are_told(cloud):
    cloud.write("a.json", document(closed("198.51.100.0/25")))
    for words in (["import", "clud", "a.json"], ["show", "clud"], ["diff", "clud", "a.json"],
                  ["history", "clud"], ["exemptions", "clud"], ["fetch", "clud"],
                  ["exempt", "clud", "198.51.100.1", "--reason", "x"], ["conflicts", "clud"]):
        assert "cloud" in cloud.run("policy", *words, status=1).stderr


def test_diff_and_history(cloud):
    cloud.write("a.json", document(closed("198.51.100.0/25")))
    cloud.run("policy", "import", "cloud", "a.json")
    cloud.write("b.json", document(closed("198.51.100.0/25", customer="c-1"),
                                   closed("203.0.113.0/26"), published="2026-11-02"))
    told = cloud.json("policy", "diff", "cloud", "b.json")["diff"]
    assert told["ranges"] == {"added": 1, "changed": 1, "removed": 0}
    assert "+ 203.0.113.0/26" in cloud.run("policy", "diff", "cloud", "b.json").stdout
    cloud.run("policy", "import", "cloud", "b.json")
    versions = cloud.json("policy", "history", "cloud")["versions"]
    assert [(v["version"], v["in_force"]) for v in versions] == [(2, True), (1, False)]
    old = json.loads(cloud.run("policy", "show", "cloud", "--version", 1).stdout)
    assert len(old["ranges"]) == 1
    assert "no version 7" in cloud.run("policy", "show", "cloud", "--version", 7, status=1).stderr
    # The one in force is newer.
    assert "newer" in cloud.run("policy", "import", "cloud", "a.json", status=1).stderr


def test_what_shrinks_too_much_waits(cloud):
    cloud.write("a.json", document(*(closed(f"198.51.100.{8 * n}/29") for n in range(10))))
    cloud.run("policy", "import", "cloud", "a.json")
    cloud.write("b.json", document(closed("203.0.113.0/26"), published="2026-11-02"))
    assert "policy approve" in cloud.run("policy", "import", "cloud", "b.json").stdout
    assert len(listed(cloud)) == 10
    cloud.run("policy", "approve", "cloud")
    assert listed(cloud) == ["203.0.113.0/26"]
    assert "waits" in cloud.run("policy", "approve", "cloud", status=1).stderr
    cloud.run("policy", "withdraw", "cloud")
    assert listed(cloud) == []
    cloud.run("policy", "withdraw", "cloud", status=1)


def test_ours_stands_beside_the_providers(cloud):
    cloud.write("a.json", document(closed("198.51.100.0/25")))
    cloud.run("policy", "import", "cloud", "a.json", "--ours")
    assert listed(cloud) == ["198.51.100.0/25"]
    assert "no policy" in cloud.run("policy", "show", "cloud", status=1).stderr
    assert "198.51.100.0/25" in cloud.run("policy", "show", "cloud", "--ours").stdout


def test_granted_exemptions(cloud):
    cloud.write("a.json", document(closed("198.51.100.0/25")))
    cloud.run("policy", "import", "cloud", "a.json")
    cloud.run("policy", "exempt", "cloud", "198.51.100.7", "--reason", "a mail server",
              "--for", "90d")
    cloud.run("policy", "exempt", "cloud", "198.51.100.7", "--reason", "a mail server",
              "--for", "90d")
    found = cloud.json("policy", "exemptions", "cloud")["exemptions"]
    assert [(e["prefix"], e["reason"]) for e in found] == [("198.51.100.7", "a mail server")]
    assert "not held" in cloud.run("policy", "exempt", "cloud", "192.0.2.7", "--reason", "x",
                                   status=1).stderr
    for wrong in (["198.51.100.7/24", "--reason", "x"], ["198.51.100.8", "--reason", "a\nb"],
                  ["198.51.100.8", "--reason", "x", "--until", "2020-01-01"]):
        cloud.run("policy", "exempt", "cloud", *wrong, status=2)
    cloud.run("policy", "unexempt", "cloud", "198.51.100.7")
    assert cloud.json("policy", "exemptions", "cloud")["exemptions"] == []
    cloud.run("policy", "unexempt", "cloud", "198.51.100.7", status=1)


def test_no_conflicts_without_hits(cloud):
    assert cloud.json("policy", "conflicts")["conflicts"] == []
    assert "no conflicts" in cloud.run("policy", "conflicts", "--since", "7d").stdout
    cloud.run("policy", "conflicts", "--since", "yesterday", status=2)


def test_refresh_takes_lost_space_out_of_the_lists(cloud):
    cloud.write("a.json", document(closed("198.51.100.0/25"), closed("203.0.113.0/25")))
    cloud.run("policy", "import", "cloud", "a.json")
    cloud.run("provider", "space", "remove", "cloud", "203.0.113.0/24")
    assert listed(cloud) == ["198.51.100.0/25"]
    assert cloud.json("policy", "refresh")["policies_changed"] == 0


class Publisher(http.server.BaseHTTPRequestHandler):
    text = ""
    asked = []

    def do_GET(self):
        etag = f'"{hash(self.text)}"'
        Publisher.asked.append(self.headers.get("If-None-Match"))
        if self.headers.get("If-None-Match") == etag:
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(self.text.encode())

    def log_message(self, *_):
        pass


@pytest.fixture
def publisher():
    Publisher.asked = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Publisher)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/policy.json"
    server.shutdown()
    server.server_close()


def test_policies_are_fetched_from_where_they_are_published(cloud, publisher):
    assert "--policy-url" in cloud.run("policy", "fetch", "cloud", status=1).stderr
    cloud.run("provider", "change", "cloud", "--policy-url", publisher)
    Publisher.text = document(closed("198.51.100.0/25"))
    assert "private" in cloud.run("policy", "fetch", "cloud", status=1).stderr
    fetch = ["policy", "fetch", "--allow-private"]
    assert cloud.json(*fetch)["policies"][0]["version"] == 1
    assert cloud.json(*fetch)["policies"][0]["unchanged"]
    assert Publisher.asked[-1] is not None
    assert cloud.json(*fetch, "--due")["policies"] == []
    # What is bad leaves the old one in force, and is asked for again.
    Publisher.text = document(closed("198.51.100.0/33"))
    failed = cloud.json(*fetch, status=1)["policies"][0]
    assert failed["error"]["code"] == "malformed" and failed["faults"]
    assert listed(cloud) == ["198.51.100.0/25"]
    cloud.json(*fetch, status=1)
    Publisher.text = document(closed("198.51.100.0/26"), published="2026-11-02")
    assert cloud.json(*fetch)["policies"][0]["version"] == 2
    assert listed(cloud) == ["198.51.100.0/26"]
    # After a withdrawal nothing is known of it.
    cloud.run("policy", "withdraw", "cloud")
    assert cloud.json(*fetch)["policies"][0]["applied"]


def test_the_check_fetches_too(empty_site, publisher):
    Publisher.text = document(closed("198.51.100.0/25"))
    assert "private" in empty_site.run("policy", "check", publisher, status=1).stderr
    empty_site.run("policy", "check", publisher, "--allow-private")


# A kill at any instant.

KILL_ROUNDS = 12


def big(number):
    """As many ranges in each version, a third of them different."""
    ranges = [closed(f"2001:db8:{number if n % 3 == 0 else 0:x}:{n:x}::/64")
              for n in range(1, 3001)]
    return document(*ranges, published=f"2026-11-01T00:00:{number:02}Z")


def test_a_killed_import_leaves_the_old_policy_whole(cloud):
    cloud.run("provider", "space", "add", "cloud", "2001:db8::/32")
    number = 1
    cloud.write("v1.json", big(1))
    started = time.monotonic()
    cloud.run("policy", "import", "cloud", "v1.json")
    whole_run = time.monotonic() - started
    dice = random.Random(20261126)
    killed = 0
    for _ in range(KILL_ROUNDS):
        cloud.write("next.json", big(number + 1))
        process = subprocess.Popen(cloud.command("policy", "import", "cloud", "next.json"),
                                   cwd=cloud.folder, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        time.sleep(dice.uniform(0, whole_run))
        process.send_signal(signal.SIGKILL)
        killed += process.wait(60) == -signal.SIGKILL
        # One version or the other, whole: policy, lists and history agree.
        shown = json.loads(cloud.run("policy", "show", "cloud").stdout)
        prefixes = {row["prefix"] for row in shown["ranges"]}
        number = int(shown["published"][-3:-1])
        assert prefixes == {row["prefix"] for row in json.loads(big(number))["ranges"]}
        assert set(listed(cloud)) == prefixes
        versions = cloud.json("policy", "history", "cloud")["versions"]
        assert sum(version["in_force"] for version in versions) == 1
    assert killed >= KILL_ROUNDS // 4
    cloud.write("next.json", big(number + 1))
    cloud.run("policy", "import", "cloud", "next.json")
    cloud.run("doctor")
