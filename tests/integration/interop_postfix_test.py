"""Postfix as it runs on mail servers refuses a listed client and admits others.

Postfix asks the system's resolver, so everything runs in namespaces of its own (interop_postfix.py):
its own network with the clients' addresses, its own /etc/resolv.conf, unbound on port 53.
"""

import json
import os
import pathlib
import subprocess
import sys

import pytest

import harness
import interop_site as site

INSIDE = pathlib.Path(__file__).with_name("interop_postfix.py")


def run_inside(script):
    """What the script prints at last, as JSON."""
    for name in ("postfix", "unbound", "unshare", "ip"):
        site.program(name)
    namespaces = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if os.geteuid() != 0:
        namespaces = ["sudo", "-n", *namespaces]
    if subprocess.run([*namespaces, "true"], capture_output=True).returncode != 0:
        site.absent("namespaces cannot be made here: run as root or with sudo, outside of an "
                    "unprivileged container")
    done = subprocess.run([*namespaces, "env", f"FAIRLIST_BIN={harness.BINARIES}", sys.executable,
                           str(script)], capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def replies():
    return run_inside(INSIDE)


@pytest.mark.parametrize("client, code, text", [
    pytest.param("198.51.100.7", 554,
                 "5.7.1 Service unavailable; Client host [198.51.100.7] blocked using "
                 "zen.bl.example; 198.51.100.7 sent spam, see "
                 "https://bl.example/sbl/198.51.100.7", id="listed_address"),
    pytest.param("203.0.113.77", 554,
                 "5.7.1 Service unavailable; Client host [203.0.113.77] blocked using "
                 "zen.bl.example; 203.0.113.77 sent spam, see "
                 "https://bl.example/sbl/203.0.113.0-24", id="in_listed_range"),
    pytest.param("198.51.100.8", 250, "2.1.5 Ok", id="unlisted"),
    pytest.param("203.0.113.25", 250, "2.1.5 Ok", id="exempt"),
])
def test_client(replies, client, code, text):
    assert replies[client] == [code, text]
