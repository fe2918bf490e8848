"""What the tests with real programs share: one list of listings, and the programs around fairlistd."""

import contextlib
import hashlib
import os
import shutil
import socket
import subprocess
import time

import pytest

import harness

# Postfix starts by way of many small scripts, which takes a second, or on a busy machine half a
# minute.
PATIENCE_S = 90

# Documentation space (RFC 5737, RFC 3849) is protected, so the tests allow it by name.
CONFIG = """
[store]
path = "store"

[server]
listen = ["127.0.0.1:0"]
nsid = "interop"

[protected]
allow = ["198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"]

[[list]]
name = "sbl"
kind = "address"
code = "127.0.0.2"
reason = "{address} sent spam, see https://bl.example/{id}"

[[list]]
name = "xbl"
kind = "address"
code = "127.0.0.4"
reason = "{address} is infected"

[[list]]
name = "dbl"
kind = "domain"
code = "127.0.1.2"
reason = "{address} is advertised in spam"

[[list]]
name = "hbl"
kind = "hash"
code = "127.0.3.2"
reason = "an address that fraud answers to"

[[zone]]
name = "zen.bl.example"
lists = ["sbl", "xbl"]
ns = ["ns1.bl.example"]
soa = { rname = "hostmaster.bl.example" }

[[zone]]
name = "dbl.bl.example"
lists = ["dbl"]
ns = ["ns1.bl.example"]
soa = { rname = "hostmaster.bl.example" }

[[zone]]
name = "hbl.bl.example"
lists = ["hbl"]
ns = ["ns1.bl.example"]
soa = { rname = "hostmaster.bl.example" }
"""

DIGEST = hashlib.sha1(b"prince@lottery-win.invalid").hexdigest()

LISTINGS = [
    ["add", "sbl", "198.51.100.7", "203.0.113.0/24", "2001:db8:bad::/48"],
    ["add", "xbl", "203.0.113.9"],
    ["exempt", "sbl", "203.0.113.25", "--reason", "reviewed"],
    ["add", "dbl", "bad.example", ".worse.example", "*.below.example"],
    ["add", "hbl", f"{DIGEST}._email"],
]


def program(name):
    """The program's path. Without it the test is skipped at a desk, and fails in CI."""
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if path is None:
        absent(f"{name} is not installed; tools/setup --with-tests installs it")
    return path


def absent(why):
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


def nibbles(text):
    """An IPv6 address as its 32 nibbles, reversed: the name under the zone (RFC 5782 section 2.4)."""
    return ".".join(reversed(socket.inet_pton(socket.AF_INET6, text).hex()))


def free_port():
    """A port that the kernel gives for UDP and TCP, for programs that cannot ask for one."""
    for _ in range(100):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp, \
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            with contextlib.suppress(OSError):
                udp.bind(tcp.getsockname())
                return tcp.getsockname()[1]
    raise RuntimeError("no port is free for both UDP and TCP")


def unbound_config(folder, port, stubs):
    """A resolver that minimises names and believes NXDOMAIN as strictly as it can (RFC 8020)."""
    text = f"""
server:
    interface: 127.0.0.1@{port}
    outgoing-interface: 127.0.0.1
    do-daemonize: no
    do-ip6: no
    do-not-query-localhost: no
    username: ""
    chroot: ""
    directory: "{folder}"
    pidfile: ""
    use-syslog: no
    module-config: "iterator"
    num-threads: 1
    qname-minimisation: yes
    qname-minimisation-strict: yes
    harden-below-nxdomain: yes
remote-control:
    control-enable: no
"""
    for zone, server_port in stubs:
        text += f"stub-zone:\n    name: {zone}\n    stub-addr: 127.0.0.1@{server_port}\n"
    return text


@contextlib.contextmanager
def started(command, log_path):
    """A program of ours for the length of a block."""
    with open(log_path, "w") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for_tcp(port, process, log_path):
    """Until something accepts connections on the loopback port."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    with open(log_path) as log:
        raise RuntimeError(f"{process.args[0]} does not listen on port {port}:\n{log.read()}")


class InteropSite(harness.Site):
    """A running fairlistd with the zones and listings above."""

    def configure(self, **changes):
        self.config.write_text(CONFIG)

    def fill(self):
        self.cli("init")
        for listing in LISTINGS:
            self.cli(*listing)


@contextlib.contextmanager
def running(folder):
    """Makes the store in the folder and serves it for the length of a block."""
    site = InteropSite(folder)
    try:
        site.fill()
        site.start()
        yield site
    finally:
        site.end()


@pytest.fixture(scope="module")
def running_site(tmp_path_factory):
    with running(tmp_path_factory.mktemp("site")) as found:
        yield found
