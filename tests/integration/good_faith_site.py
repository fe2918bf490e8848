"""A site with providers: mail comes to its traps, policies are imported, weeks pass at once."""

import contextlib
import datetime
import ipaddress
import json
import subprocess
import time

import dns.message
import dns.query

import harness
import trap_site
from shifted_clock import ShiftedClock
from trap_site import message

SECOND_TRAP = "lure2@trap.example"
RULES = """
[[rule]]
name = "traps"
list = "css"
kinds = ["mail"]
hits = 2
traps = 2
window = "1d"
escalate = 3
lifetimes = ["2d", "4d", "8d"]

[[rule]]
name = "signers"
list = "dbl"
target = "signer"
kinds = ["mail"]
lifetimes = ["2d"]
"""
GOOD_FAITH = """
# Nothing answers at the discard port: no look-up leaves the machine.
[removals]
resolver = ["127.0.0.1:9"]
query_timeout_ms = 100
party_timeout_ms = 1000

[standing]
good_points = 3

[policy]
list = "pbl"
allow_list = "wl"

[[list]]
name = "pbl"
code = "127.0.0.10"
reason = "{address} should not send mail directly"

[[list]]
name = "wl"
code = "127.0.0.2"
reason = "{address} relays for its provider"

[[zone]]
name = "pbl.bl.example"
lists = ["pbl"]
ns = ["ns1.bl.example"]
negative_ttl = "60s"

[[zone]]
name = "wl.bl.example"
lists = ["wl"]
ns = ["ns1.bl.example"]
"""


class GoodFaithSite(trap_site.TrapSite):
    def __init__(self, folder, clock, **settings):
        self.clock = clock
        self.number = 0
        super().__init__(folder, **{"rules": RULES, "more": GOOD_FAITH, **settings})

    def fill(self):
        super().fill()
        self.cli("trap", "add", SECOND_TRAP)

    def json(self, *arguments):
        return json.loads(self.cli("--json", *arguments))

    def partly(self, *arguments):
        """As cli(), also where a part was refused (exit status 3)."""
        command = [str(harness.BINARIES / "fairlist"), "--config", str(self.config), *arguments]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=60)
        assert done.returncode in (0, 3), done.stdout + done.stderr
        return done.stdout

    def json_partly(self, *arguments):
        return json.loads(self.partly("--json", *arguments))

    # Providers.

    def add_provider(self, slug, *space, name=None):
        self.cli("provider", "add", slug, "--name", name or slug, "--abuse", f"abuse@{slug}.example",
                 "--support", f"https://{slug}.example/mail")
        if space:
            self.cli("provider", "space", "add", slug, *space)
        # The first one is of now, so that the next comes a day later.
        self.cli("provider", "standing", "--compute")

    def publish(self, slug, ranges, exemptions=()):
        """The provider's mail policy, as it stands at its URL."""
        self.number += 1
        document = {"mail_policy": 1, "provider": {"name": slug},
                    "published": self.time(), "ranges": ranges, "exemptions": list(exemptions)}
        file = self.folder / f"policy-{self.number}.json"
        file.write_text(json.dumps(document))
        return self.json_partly("policy", "import", slug, str(file), "--yes")

    def tier(self, slug):
        return self.json("provider", "standing", slug)["tier"]

    def time(self):
        now = datetime.datetime.fromtimestamp(time.time() + self.clock.seconds, datetime.timezone.utc)
        return now.strftime("%Y-%m-%dT%H:%M:%SZ")

    # Mail to traps.

    def spam(self, address, mails=2, signer=None, rounds=1):
        """As many mails from the address, to one trap after the other; each has been judged."""
        before = self.doctor()["hits"]
        sent = 0
        with self.client() as client:
            for _ in range(rounds):
                for number in range(mails):
                    self.number += 1
                    mail = message(f"{address} {self.number}")
                    client.deliver(address, signer.sign(mail) if signer else mail,
                                   recipient=(trap_site.TRAP, SECOND_TRAP)[number % 2])
                    sent += 1
        harness.wait_until(lambda: self.doctor()["hits"] == before + sent, "the hits to be judged")

    # Answers.

    def zone_answers(self, address, zone):
        name = ipaddress.ip_address(address).reverse_pointer.rsplit(".", 2)[0] + f".{zone}.bl.example"
        reply = dns.query.udp(dns.message.make_query(name, "A"), "127.0.0.1", harness.PATIENCE_S,
                              self.port)
        return sorted(record.to_text() for answer in reply.answer for record in answer)

    def listed(self, address):
        return bool(self.zone_answers(address, "zen"))

    def policy_code(self, address):
        return self.zone_answers(address, "pbl")

    def wait_until_free(self, *addresses):
        for address in addresses:
            harness.wait_until(lambda: not self.listed(address), f"{address} to be free")

    def wait_for_tier(self, slug, tier):
        """The next day's standing: it is computed by the jobs of the daemon."""
        harness.wait_until(lambda: self.tier(slug) == tier, f"{slug} to have the standing {tier}")


@contextlib.contextmanager
def served(folder, **settings):
    with ShiftedClock(folder) as clock:
        site = GoodFaithSite(folder, clock, **settings)
        try:
            site.fill()
            site.start()
            yield site
        finally:
            site.end()
