"""What "fairlist removal probe" says, for tests."""

import json
import re
import subprocess

import harness

RESULT = re.compile(r": (none|neutral|pass|fail|softfail|temperror|permerror): ")


def run(address, ports, *options, helo=None, domain=None, timeout=20):
    """The document, with the checks by their names."""
    command = [str(harness.BINARIES / "fairlist"), "--json", "removal", "probe", address,
               f"--timeout={timeout}", *options]
    command += [f"--resolver=127.0.0.1:{port}" for port in ports]
    command += [f"--helo={helo}"] if helo is not None else []
    command += [f"--domain={domain}"] if domain is not None else []
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=90)
    assert done.returncode in (0, 1), (command, done.stdout, done.stderr)
    document = json.loads(done.stdout)
    document["checks"] = {check["check"]: check for check in document["checks"]}
    failed = any(check["result"] == "failed" for check in document["checks"].values())
    assert done.returncode == int(failed), document
    return document


def spf(document):
    """The result of RFC 7208 section 2.6 that the check saw."""
    return RESULT.search(document["checks"]["spf"]["seen"]).group(1)
