"""A folder with a configuration and a store, and the tool run in it as an operator runs it."""

import json
import os
import pathlib
import pwd
import subprocess

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
