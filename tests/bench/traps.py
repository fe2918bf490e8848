"""tools/bench traps: from the mail of traps to listings.

The daemon runs on one core, with the programs that it reads mails in; who hands them over, on
another. Every commit is synchronous, so that the disk below --folder decides: read the ratios to
bare commits of LMDB, of as many bytes as a mail takes in the vault, which take turns with the
others. "until durable" is from the last byte of a mail to its 250.
"""

import json
import pathlib
import smtplib
import time

import process
import programs
import question
import servers
import table

TARGETS = ["lmtp", "traps"]
SAMPLES = programs.ROOT / "zones" / "examples" / "data" / "trap-mail"
CONNECTIONS = [1, 8, 64]
BATCH = 100
TRAP = "lure@trap.bench.test"
CONFIG = """
[store]
path = "store"
map_size_mib = 8192

[log]
file = "log"

[server]
listen = ["127.0.0.1:{port}"]
workers = 1

[trap]
listen = ["127.0.0.1:{lmtp}"]
# Nobody answers there: no look-up leaves the machine.
resolver = ["127.0.0.1:9"]

[protected]
allow = ["2001:db8::/32"]

[[list]]
name = "css"
code = "127.0.0.3"
reason = "{{address}} sent mail to traps"

[[zone]]
name = "bl.bench.test"
lists = ["css"]
ns = ["ns1.example"]
negative_ttl = "60s"

[[rule]]
name = "traps"
list = "css"
"""
RATES = [
    ("a second", "rate", 0), ("x bare commits", "to_bare", 2), ("until durable p50 us", "p50_us", 0),
    ("p99 us", "p99_us", 0), ("judged a second", "judged", 0), ("server CPU us/mail", "cpu_us", 0),
]
DELAYS = [("ms p50", "p50_ms", 2), ("ms p99", "p99_ms", 2), ("ms longest", "max_ms", 2)]
MEMORY = [("daemon private MB", "daemon_mb", 1), ("all private MB", "all_mb", 1),
          ("parsers", "parsers", 0)]


def add_options(parser):
    parser.add_argument("--messages", type=int, default=4000,
                        help="of one run of deliveries; default: %(default)s")
    parser.add_argument("--memory-messages", type=int, default=100_000,
                        help="of the run that looks at the memory; default: %(default)s")
    parser.add_argument("--listings", type=int, default=300,
                        help="whose delay is measured, a round; default: %(default)s")


class Intake(servers.Server):
    """A daemon with a trap."""

    name = "fairlist"

    def prepare(self):
        self.config = self.folder / "fairlist.toml"
        self.port, self.lmtp = servers.free_port(), servers.free_port()
        self.config.write_text(CONFIG.format(port=self.port, lmtp=self.lmtp))
        self.cli("init")
        self.cli("trap", "add", TRAP)
        self.sent = 0

    def cli(self, *arguments):
        return programs.run([programs.FAIRLIST / "fairlist", "--config", self.config, *arguments])

    def command(self):
        return [programs.FAIRLIST / "fairlistd", "--config", self.config]

    def is_answering(self):
        return question.ask(self.port, "2.0.0.127.bl.bench.test") is not None

    def status(self):
        return json.loads(self.cli("--json", "trap", "status"))

    def deliver(self, core, messages, connections):
        """What the client says of it."""
        command = [programs.bench("lmtp"), "--port", self.lmtp, "--recipient", TRAP, "--messages",
                   messages, "--connections", connections, "--first", self.sent,
                   *sorted(SAMPLES.glob("*.eml"))]
        self.sent += messages
        return json.loads(programs.run(programs.pinned(core, command)))

    def wait_until_judged(self):
        until = time.monotonic() + programs.PATIENCE_S
        while (status := self.status())["queued"]:
            if status["parked"] or time.monotonic() > until:
                raise RuntimeError(f"mails are not judged: {status}, {self.log()[-2000:]}")
            time.sleep(0.05)
        if status["mails"] != self.sent:
            raise RuntimeError(f"{self.sent} mails were sent, the vault says {status}")


def append(rows, name, values):
    row = rows.setdefault(name, {})
    for key, value in values.items():
        row.setdefault(key, []).append(value)


def bare_commits(folder, core, options, bytes_):
    empty = folder / f"bare-{time.monotonic_ns()}"
    empty.mkdir()
    said = json.loads(programs.run(programs.pinned(core, [
        programs.bench("traps"), "--seconds", options.seconds, "commits", "--folder", empty,
        "--bytes", bytes_])))
    for file in empty.iterdir():
        file.unlink()
    return said["count"] / said["seconds"]


def deliveries(intake, core, options, connections):
    used, started = sum(intake.cpu()), time.monotonic()
    said = intake.deliver(core, options.messages, connections)
    intake.wait_until_judged()
    return {"rate": said["messages"] / said["seconds"], "p50_us": said["p50_us"],
            "p99_us": said["p99_us"], "judged": said["messages"] / (time.monotonic() - started),
            "cpu_us": 1e6 * (sum(intake.cpu()) - used) / said["messages"]}


class Listings:
    """A store of its own, whose ledger opens listings in a process of the benchmark."""

    def __init__(self, folder, core):
        self.core = core
        self.config = folder / "ledger" / "fairlist.toml"
        self.config.parent.mkdir()
        self.config.write_text(CONFIG.format(port=servers.free_port(), lmtp=servers.free_port()))
        programs.run([programs.FAIRLIST / "fairlist", "--config", self.config, "init"])
        self.first = 0

    def rate(self, options, batch):
        said = json.loads(programs.run(programs.pinned(self.core, [
            programs.bench("traps"), "--seconds", options.seconds, "listings", "--config",
            self.config, "--list", "css", "--first", self.first, "--batch", batch])))
        self.first += said["count"]
        return {"rate": said["count"] / said["seconds"]}


def rounds(intake, listings, folder, cores, options):
    """Each in turn in every round."""
    rows = {}
    server_core, load_core = cores
    intake.deliver(load_core, 100, 1)
    intake.wait_until_judged()
    bytes_ = intake.status()["file_bytes"] // intake.sent
    for _ in range(options.repeat):
        bare = bare_commits(folder, server_core, options, bytes_)
        append(rows, f"bare commits of {bytes_:,} bytes", {"rate": bare, "to_bare": 1})
        for connections in CONNECTIONS:
            found = deliveries(intake, load_core, options, connections)
            append(rows, f"LMTP, {connections} connections",
                   {**found, "to_bare": found["rate"] / bare})
        for name, batch in ((f"listings opened one by one", 0),
                            (f"listings by batches of {BATCH} hits", BATCH)):
            found = listings.rate(options, batch)
            append(rows, name, {**found, "to_bare": found["rate"] / bare})
    return rows


def delay_ms(intake, client, number):
    """From the 250 of a mail to the first answer with its sender."""
    address = f"2001:db8:ffff:{number:x}::25"
    name = ".".join(reversed(f"20010db8ffff{number:04x}{0x25:016x}")) + ".bl.bench.test"
    client.docmd("XFORWARD", f"ADDR=IPV6:{address}")
    client.mail("sender@bench.test")
    client.rcpt(TRAP)
    code, text = client.data(f"Subject: delay\r\n\r\n{number}\r\n")
    started = time.monotonic()
    if code != 250:
        raise RuntimeError(f"{code} {text}")
    while not question.ask(intake.port, name):
        if time.monotonic() > started + servers.START_LIMIT_S:
            raise RuntimeError(f"{address} is not listed")
    return 1000 * (time.monotonic() - started)


def delays(intake, options):
    rows = {}
    number = 0
    with smtplib.LMTP("127.0.0.1", intake.lmtp, local_hostname="load.bench.test") as client:
        client.ehlo()
        for _ in range(options.repeat):
            values = []
            for number in range(number, number + options.listings):
                values.append(delay_ms(intake, client, number))
            number += 1
            values.sort()
            append(rows, "250 to listed", {"p50_ms": values[len(values) // 2],
                                           "p99_ms": values[len(values) * 99 // 100],
                                           "max_ms": values[-1]})
    intake.sent += number
    intake.wait_until_judged()
    return rows


def memory(intake, core, options):
    """After each tenth of the mails, judged: what is private, so that no page of a file counts."""
    rows = {}

    def look(name):
        own = process.private(intake.process.pid)
        append(rows, name, {"daemon_mb": own / 1e6, "all_mb": intake.memory()[1] / 1e6,
                            "parsers": len(process.family(intake.process.pid)) - 1})

    look("at the start")
    step = options.memory_messages // 10
    for number in range(1, 11):
        intake.deliver(core, step, 8)
        intake.wait_until_judged()
        look(f"after {number * step:,} mails")
    return rows


def run(options):
    programs.build(*TARGETS)
    cores = programs.cores()
    rates = table.Table(f"{options.messages:,} mails a run, {options.repeat} rounds", RATES)
    shown = table.Table("A listing by one mail, until the server shows it", DELAYS)
    held = table.Table(f"Memory over {options.memory_messages:,} mails", MEMORY)
    with servers.scratch_folder(options) as folder:
        intake = Intake(None, cores[0], folder)
        fresh = Intake(None, cores[0], pathlib.Path(folder) / "memory")
        try:
            intake.start()
            for found, rows in ((rates, rounds(intake, Listings(folder, cores[0]), folder, cores,
                                               options)),
                                (shown, delays(intake, options))):
                for name, row in rows.items():
                    found.add(name, row)
            intake.stop()
            fresh.start()
            for name, row in memory(fresh, cores[1], options).items():
                held.add(name, row)
        finally:
            intake.stop()
            fresh.stop()
    return [rates, shown, held], {"messages": options.messages}
