"""A site with spam traps: mail over LMTP and hits over HTTP, rules, listings in the DNS."""

import contextlib
import ipaddress
import json
import os
import signal
import smtplib
import time
import urllib.error
import urllib.request

import dns.message
import dns.query
import dns.rdatatype

import harness

TRAP = "lure@trap.example"
REPORTS = "abuse@trap.example"
RULES = """
[[rule]]
name = "traps"
list = "css"
kinds = ["mail", "report"]
lifetimes = ["1d", "3d"]

[[rule]]
name = "logins"
list = "ssh"
kinds = ["ssh"]
lifetimes = ["6h"]
"""
# Documentation space (RFC 5737, RFC 3849) is protected, so it is allowed by name. Nothing answers
# at the discard port: no look-up leaves the machine.
CONFIG = """
[store]
path = "store"

[server]
listen = {listen}
workers = 1
{server}

[trap]
listen = {lmtp}
vault = "vault"
own_hosts = {own_hosts}
resolver = ["127.0.0.1:{resolver}"]
{trap}

[http]
listen = {http}
{http_more}

[log]
level = "debug"

[protected]
allow = ["198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"]

[[list]]
name = "css"
code = "127.0.0.3"
reason = "{{address}} sent mail to traps"

[[list]]
name = "ssh"
code = "127.0.0.5"
reason = "{{address}} tries passwords"

[[list]]
name = "dbl"
kind = "domain"
code = "127.0.1.2"
reason = "{{subject}} signs mail to traps"

[[zone]]
name = "zen.bl.example"
lists = ["css", "ssh"]
ns = ["ns1.bl.example"]
negative_ttl = "60s"

[[zone]]
name = "dbl.bl.example"
lists = ["dbl"]
ns = ["ns1.bl.example"]
"""
LOOPBACK = ["127.0.0.1:0"]


def reversed_name(subject):
    """Under the zone: a domain as it stands, an address by its octets or nibbles."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(subject).reverse_pointer.rsplit(".", 2)[0] + ".zen.bl.example"
    return subject + ".dbl.bl.example"


def sender(number):
    """The number-th of 65536 addresses, each in a /64 of its own."""
    return f"2001:db8:5:{number:x}::19"


def children(pid, name="fairlist-mail"):
    """Processes of this name that the process has started."""
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError):
            with open(f"/proc/{entry}/stat") as stat:
                text = stat.read()
            command, rest = text[text.index("(") + 1:].rsplit(")", 1)
            if int(rest.split()[1]) == pid and command == name[:15]:
                found.append(int(entry))
    return found


def message(number=0, **headers):
    """A mail as a trap gets it; the number makes it another."""
    head = {"From": "news@spam.example", "To": TRAP, "Subject": f"offer {number}", **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in head.items()]
    return "\r\n".join([*lines, "", "Buy now.", ""]).encode()


def hit(address, **more):
    """A line of a machine that has seen a log-in just now."""
    return json.dumps({"time": int(time.time()), "address": address, "trap": "sshd", "kind": "ssh",
                       **more}).encode()


class Client:
    """A mail server that hands over what it took for traps, over one connection."""

    def __init__(self, port, timeout=harness.PATIENCE_S):
        self.smtp = smtplib.LMTP("127.0.0.1", port, local_hostname="mx.trap.example",
                                 timeout=timeout)
        self.check(self.smtp.ehlo())

    def check(self, reply):
        if reply[0] != 250:
            raise smtplib.SMTPResponseException(*reply)
        return reply[1].decode()

    def deliver(self, address, data, recipient=TRAP, helo="mail.spam.example", name="[UNAVAILABLE]",
                mail_from="bounce@spam.example"):
        """Returns when the mail is durable; raises what the server said else."""
        told = f"IPV6:{address}" if ":" in address else address
        self.check(self.smtp.docmd("XFORWARD", f"NAME={name} ADDR={told} HELO={helo}"))
        self.check(self.smtp.mail(mail_from))
        self.check(self.smtp.rcpt(recipient))
        return self.check(self.smtp.data(data))

    def close(self):
        self.smtp.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class TrapSite(harness.Site):
    """A store with its vault, a trap and an address for reports."""

    def __init__(self, folder, **settings):
        self.lmtp_port = self.http_port = None
        self.token = None
        super().__init__(folder)
        defaults = {"listen": LOOPBACK, "lmtp": LOOPBACK, "http": LOOPBACK, "http_more": "", "server": "",
                    "trap": "", "own_hosts": ["mx.trap.example"], "resolver": 9, "rules": RULES,
                    "more": ""}
        self.configure(**{**defaults, **settings})

    def configure(self, **changes):
        self.settings.update(changes)
        if "rules" not in self.settings:  # the constructor of Site
            return
        values = {name: json.dumps(value) if isinstance(value, list) else value
                  for name, value in self.settings.items()}
        self.config.write_text(CONFIG.format(**values) + values["rules"] + values["more"])

    def fill(self):
        self.cli("init")
        self.cli("trap", "add", TRAP)
        self.cli("trap", "add", REPORTS, "--report")
        self.token = json.loads(self.cli("--json", "token", "add", "web1"))["token"]

    def start(self, *arguments, **popen):
        super().start(*arguments, **popen)
        self.read_ports()

    def read_ports(self):
        ports = json.loads(self.ports_file.read_text())
        self.ports = ports["udp"]
        self.lmtp_port, self.http_port = ((ports[name] or [None])[0] for name in ("lmtp", "http"))

    def kill(self):
        self.process.kill()
        self.process.wait(harness.PATIENCE_S)

    def restart(self):
        """SIGUSR2, and until the new program answers."""
        self.ports_file.unlink()
        self.signal(signal.SIGUSR2)
        harness.wait_until(lambda: self.ports_file.exists() or self.process.poll() is not None,
                           "the restart")
        self.read_ports()

    def client(self):
        return Client(self.lmtp_port)

    def deliver(self, address, data=None, **options):
        with self.client() as client:
            return client.deliver(address, data or message(), **options)

    def answers(self, subject, kind="A", port=None):
        """What the DNS says: texts of the records, none when it is not listed."""
        query = dns.message.make_query(reversed_name(subject), kind)
        reply = dns.query.udp(query, "127.0.0.1", harness.PATIENCE_S, port or self.port)
        return [record.to_text() for answer in reply.answer for record in answer]

    def wait_until_listed(self, *subjects):
        for subject in subjects:
            harness.wait_until(lambda: self.answers(subject), f"{subject} to be listed")

    def post(self, path, body, content_type="application/x-ndjson", token=None):
        """(status, document)."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.http_port}{path}", body, {
            "Content-Type": content_type, "Authorization": f"Bearer {token or self.token}"})
        try:
            with urllib.request.urlopen(request, timeout=harness.PATIENCE_S) as reply:
                return reply.status, json.load(reply)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def doctor(self):
        """Its figures; raises when the store is not whole."""
        return json.loads(self.cli("--json", "doctor"))

    def check_life(self):
        assert self.process.poll() is None, self.log.read_text()


@contextlib.contextmanager
def served(folder, **settings):
    site = TrapSite(folder, **settings)
    try:
        site.fill()
        site.start()
        yield site
    finally:
        site.end()
