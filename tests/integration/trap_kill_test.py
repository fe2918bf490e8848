"""What was acknowledged stays, whoever is killed: fairlistd, its parsers, a command that writes.

FAIRLIST_ROUNDS=200 makes the last test long."""

import contextlib
import itertools
import os
import random
import signal
import subprocess
import threading
import time

import harness
import trap_site
from trap_site import message, sender

SEED = 20261126
ROUNDS = int(os.environ.get("FAIRLIST_ROUNDS", "15"))
# So long at most, in seconds, after a start the next kill comes: starts, syncs and judgements fall
# into it.
KILL_WITHIN_S = 0.4


class Deliverer(threading.Thread):
    """Hands over one mail after the other as a mail server does: again and again until it is taken."""

    def __init__(self, site, numbers):
        super().__init__(daemon=True)
        self.site = site
        self.numbers = numbers
        self.ending = threading.Event()
        self.acknowledged = []
        self.failures = 0

    def deliver(self, number):
        """Until it is acknowledged, or the end."""
        client = None
        while not self.ending.is_set():
            with contextlib.suppress(OSError):  # smtplib's are such too
                client = client or trap_site.Client(self.site.lmtp_port)
                client.deliver(sender(number), message(number))
                self.acknowledged.append(number)
                client.close()
                return
            self.failures += 1
            if client:
                client.close()
            client = None
            self.ending.wait(0.01)  # as a client that comes again

    def run(self):
        for number in self.numbers:
            self.deliver(number)
            if self.ending.is_set():
                return

    def wait_for(self, more):
        wanted = len(self.acknowledged) + more
        harness.wait_until(lambda: len(self.acknowledged) >= wanted, f"{more} more mails")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.join()


def settled(site, numbers):
    """Every mail gave its hit, and none two."""
    site.wait_until_listed(*map(sender, numbers))
    # One that was stored but not acknowledged has given its hit as well, at most once.
    doctor = site.doctor()
    assert doctor["hits"] == doctor["listings"] == doctor["open_listings"]
    return doctor["hits"]


def test_acknowledged_is_durable(tmp_path):
    with trap_site.served(tmp_path) as site:
        for number in range(8):
            site.deliver(sender(number), message(number))
            site.kill()
            site.start()
        assert settled(site, range(8)) == 8


def test_killed_at_any_moment(tmp_path):
    moments = random.Random(SEED)
    with trap_site.served(tmp_path) as site:
        with Deliverer(site, itertools.count()) as deliverer:
            for _ in range(12):
                deliverer.wait_for(moments.randrange(1, 8))
                time.sleep(moments.uniform(0, 0.02))  # when the kill comes
                site.kill()
                site.doctor()
                site.start()
            deliverer.wait_for(5)
        hits = settled(site, deliverer.acknowledged)
        assert len(deliverer.acknowledged) <= hits <= len(deliverer.acknowledged) + 1


def test_killed_parsers_cost_nothing(tmp_path):
    moments = random.Random(SEED)
    with trap_site.served(tmp_path) as site:
        killed = set()
        with Deliverer(site, itertools.count()) as deliverer:
            for _ in range(20):
                # A mail is tried twice: the same one is not hit twice when others came in between.
                deliverer.wait_for(5)
                site.wait_until_listed(sender(deliverer.acknowledged[-1]))
                deliverer.wait_for(1)
                time.sleep(moments.uniform(0, 0.005))  # when the kill comes
                for pid in trap_site.children(site.process.pid)[:1]:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                        killed.add(pid)
        assert len(killed) > 10
        settled(site, deliverer.acknowledged)
        site.check_life()


# ---- Hostile mail -------------------------------------------------------------------------------

def nested_groups():
    return message(To="a:" * 60_000)


def many_parts():
    return message(Content_Type='multipart/mixed; boundary="b"') + b"--b\r\n\r\n\r\n" * 100_000


def deep_parts():
    text = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (number, number)
                    for number in range(50_000))
    return message()[:-len(b"\r\nBuy now.\r\n")] + text


def endless_header():
    return message()[:-len(b"\r\nBuy now.\r\n")] + b"X-More: and more\r\n" * 400_000


def long_line():
    return message() + b"x" * (16 << 20)


def long_received():
    return b"Received: from " + b"(a " * 500_000 + b"\r\n" + message()


def zeros():
    return message() + bytes(1 << 20)


HOSTILE = [nested_groups, many_parts, deep_parts, endless_header, long_line, long_received, zeros]


def resident_mib(pid):
    with open(f"/proc/{pid}/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20


def test_hostile_mail_costs_itself_at_most(tmp_path):
    with trap_site.served(tmp_path, trap="message_bytes_max = 33554432") as site:
        good = itertools.count(1000)
        for number, make in enumerate(HOSTILE):
            with site.client() as client:
                client.deliver(sender(number), make())
                after = next(good)
                client.deliver(sender(after), message(after))
            site.wait_until_listed(sender(after))
        site.check_life()
        assert resident_mib(site.process.pid) < 600
        # Who sent them is told by the envelope, however they are made.
        site.wait_until_listed(*map(sender, range(len(HOSTILE))))
        assert site.doctor()["hits"] == 2 * len(HOSTILE)


# ---- Everything at once -------------------------------------------------------------------------

class Poster(threading.Thread):
    """A machine that tells its hits over HTTP, again until they are taken."""

    def __init__(self, site):
        super().__init__(daemon=True)
        self.site = site
        self.ending = threading.Event()
        self.acknowledged = []

    def run(self):
        for number in itertools.count(30_000):
            line = trap_site.hit(sender(number))
            while not self.ending.is_set():
                with contextlib.suppress(OSError, ValueError):
                    if self.site.post("/v1/hits", line)[0] == 200:
                        self.acknowledged.append(number)
                        break
                self.ending.wait(0.05)  # as a client that is told to come again
            if self.ending.is_set():
                return

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.join()


class Writer(threading.Thread):
    """Commands that change listings and entries; what a killed one did is not known."""

    def __init__(self, site):
        super().__init__(daemon=True)
        self.site = site
        self.ending = threading.Event()
        self.process = None
        self.done = 0
        self.killed = 0
        self.faults = []

    def commands(self):
        for number in itertools.count(1):
            subject = f"203.0.113.{number % 256}"
            yield from (["listing", "open", "css", subject, "--reason", "by hand"],
                        ["add", "ssh", subject], ["remove", "ssh", subject])

    def run(self):
        for command in self.commands():
            if self.ending.is_set():
                return
            self.process = subprocess.Popen(
                [str(harness.BINARIES / "fairlist"), "--config", str(self.site.config), *command],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            said = self.process.communicate()[0]
            if self.process.returncode == 0:
                self.done += 1
            elif self.process.returncode == -signal.SIGKILL:
                self.killed += 1
            elif b"no entry" not in said:
                self.faults.append((command, said))

    def kill(self):
        with contextlib.suppress(AttributeError, ProcessLookupError):
            self.process.kill()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.join()


def kill_parser(site, _):
    for pid in trap_site.children(site.process.pid)[:1]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def kill_daemon(site, _):
    site.kill()
    site.doctor()
    site.start()


def kill_writer(_, writer):
    writer.kill()


def test_chaos(tmp_path):
    moments = random.Random(SEED)
    kills = [kill_daemon, kill_parser, kill_writer]
    with trap_site.served(tmp_path) as site:
        with Deliverer(site, itertools.count(0, 2)) as one, \
                Deliverer(site, itertools.count(1, 2)) as two, \
                Poster(site) as poster, Writer(site) as writer:
            for number in range(ROUNDS):
                # The daemon at least in every third round.
                kill = kill_daemon if number % 3 == 0 else moments.choice(kills)
                time.sleep(moments.uniform(0, KILL_WITHIN_S))  # when the kill comes
                kill(site, writer)
                site.doctor()
                site.check_life()
            for deliverer in (one, two):
                deliverer.wait_for(3)
        assert writer.faults == []
        assert poster.acknowledged and writer.done
        mails = one.acknowledged + two.acknowledged
        site.wait_until_listed(*map(sender, mails + poster.acknowledged))
        hits = site.doctor()["hits"]
        known = len(mails) + len(poster.acknowledged)
        # Each sender may have been in the middle of one when it ended.
        assert known <= hits <= known + 3
        print(f"\n{ROUNDS} rounds: {len(mails)} mails, {len(poster.acknowledged)} hits over HTTP, "
              f"{writer.done} commands, {writer.killed} killed; "
              f"{one.failures + two.failures} deliveries failed and came again")
