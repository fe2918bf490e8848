"""A store and a fairlistd of our own for the length of a test: started, asked, reloaded, stopped."""

import contextlib
import json
import os
import pathlib
import signal
import socket
import struct
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARIES = pathlib.Path(os.environ.get("FAIRLIST_BIN", ROOT / "build" / "release" / "bin"))

# Nothing here takes a second; what takes this long will not come.
PATIENCE_S = 20

BIG_TEXT = "x" * 250
CONFIG = """
[store]
path = "store"

[server]
listen = {listen}
workers = {workers}
{server}

[limits]
{limits}

# Documentation space (RFC 5737, RFC 3849) is protected, so it is allowed by name.
[protected]
allow = ["198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"]

[[list]]
name = "sbl"
code = "127.0.0.2"
reason = "{{address}} sent spam"

[[list]]
name = "xbl"
code = "127.0.0.4"
reason = "{{address}} is infected"

[[list]]
name = "dbl"
kind = "domain"
code = "127.0.1.2"
reason = "{{address}} is advertised in spam"

[[zone]]
name = "zen.bl.example"
lists = ["sbl", "xbl"]
ns = ["ns1.bl.example"]
ttl = "300s"
negative_ttl = "60s"
{zone}

[[zone]]
name = "dbl.bl.example"
lists = ["dbl"]
ns = ["ns1.bl.example"]
"""
# More text than fits in 1232 bytes, at a name of its own.
BIG_RECORDS = "".join(f"""
[[zone.record]]
owner = "big"
type = "TXT"
value = '"{number}{BIG_TEXT}"'
""" for number in range(8))

LISTINGS = [
    ["add", "sbl", "198.51.100.7", "203.0.113.0/24", "2001:db8:bad::/48"],
    ["add", "xbl", "203.0.113.9"],
    ["add", "dbl", "bad.example", ".worse.example"],
]


class Site:
    """A folder with a configuration and a store, and the daemon that serves it."""

    def __init__(self, folder, listen=("127.0.0.1:0",), workers=1, limits="rate_error = 0",
                 server="", zone=BIG_RECORDS):
        self.folder = folder
        self.config = folder / "fairlist.toml"
        self.log = folder / "fairlistd.log"
        self.ports_file = folder / "ports.json"
        self.process = None
        self.ports = []
        folder.mkdir(parents=True, exist_ok=True)
        self.settings = dict(listen=list(listen), workers=workers, limits=limits, server=server,
                             zone=zone)
        self.configure()

    def configure(self, **changes):
        self.settings.update(changes)
        values = dict(self.settings, listen=json.dumps(self.settings["listen"]))
        self.config.write_text(CONFIG.format(**values))

    def cli(self, *arguments):
        command = [str(BINARIES / "fairlist"), "--config", str(self.config), *arguments]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
        return done.stdout

    def fill(self):
        self.cli("init")
        for listing in LISTINGS:
            self.cli(*listing)

    def start(self, prefix=(), **popen):
        """Until it answers: the ports file appears when every socket is bound.

        `prefix` is a command that becomes the daemon, such as nice."""
        self.ports_file.unlink(missing_ok=True)
        command = [*prefix, str(BINARIES / "fairlistd"), "--config", str(self.config), "--ports-file",
                   str(self.ports_file)]
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, **popen)
        wait_until(lambda: self.ports_file.exists() or self.process.poll() is not None,
                   "fairlistd to answer")
        if not self.ports_file.exists():
            raise RuntimeError(f"fairlistd did not start:\n{self.log.read_text()}")
        self.ports = json.loads(self.ports_file.read_text())["udp"]

    @property
    def port(self):
        return self.ports[0]

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        """The exit status after SIGTERM."""
        self.signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_S)

    def end(self):
        """After a test, however that went."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def log_says(self, text, since=0):
        return text in self.log.read_text()[since:]

    def reload(self, wanted="the new configuration is in force"):
        """SIGHUP, and until the log says how it went."""
        before = len(self.log.read_text())
        self.signal(signal.SIGHUP)
        wait_until(lambda: self.log_says(wanted, before), f'"{wanted}" in the log')

    def udp(self, message, address="127.0.0.1", port=None):
        with udp_socket(address, port or self.port) as client:
            client.send(message)
            return client.recv(65535)


@contextlib.contextmanager
def served(folder, **settings):
    site = Site(folder, **settings)
    try:
        site.fill()
        site.start()
        yield site
    finally:
        site.end()


def wait_until(condition, what):
    until = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > until:
            raise RuntimeError(f"waited {PATIENCE_S} s for {what}")
        time.sleep(0.01)


def udp_socket(address, port):
    client = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET,
                           socket.SOCK_DGRAM)
    client.settimeout(PATIENCE_S)
    client.connect((address, port))
    return client


def tcp_socket(address, port):
    return socket.create_connection((address, port), PATIENCE_S)


def framed(message):
    return struct.pack("!H", len(message)) + message


def read_exactly(client, size):
    """`size` bytes, or fewer when the server closes."""
    data = b""
    while len(data) < size:
        try:
            part = client.recv(size - len(data))
        except ConnectionResetError:
            break
        if not part:
            break
        data += part
    return data


def read_framed(client):
    """The next message, or nothing when the server has closed."""
    head = read_exactly(client, 2)
    if len(head) < 2:
        return None
    size = struct.unpack("!H", head)[0]
    message = read_exactly(client, size)
    assert len(message) == size, "closed inside a message"
    return message
