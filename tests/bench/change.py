"""tools/bench change: what queries notice while listings change, and how soon changes show.

The server runs on one core, the load (a fixed rate) and whatever writes on another. "nothing" is
the paired run: what the machine itself loses and delays. Of rbldnsd a change is its reload.
"""

import contextlib
import json
import time

import dataset
import load
import peers
import process
import programs
import question
import servers
import table

TARGETS = [*peers.TARGETS, "bench_change"]
LEAD_S = 1.0  # of load before the event, and after it
CHURN_RATE = 1000
CHURN_SECONDS = 5
SHOWN_CHANGES = 200
SEED = dataset.SEED + 100

NOTICED = [
    ("lost", "lost", 0), ("of", "sent", 0), ("longest silence ms", "silence_ms", 1),
    ("p99 us", "p99_us", 0), ("p99.9 us", "p999_us", 0), ("event s", "event_s", 3),
    ("server CPU s", "cpu_s", 2),
]
SHOWN = [
    ("commit p50 us", "write_p50_us", 0), ("commit p99 us", "write_p99_us", 0),
    ("then shown p50 us", "shown_p50_us", 0), ("then shown p99 us", "shown_p99_us", 0),
    ("questions needed", "asks_max", 0),
]
TIMES = [("wall s", "wall", 3), ("CPU s", "cpu", 2), ("user s", "user", 2)]


def add_options(parser):
    parser.add_argument("--rate", type=int, default=20_000,
                        help="queries a second; default: %(default)s")


@contextlib.contextmanager
def under_load(server, queries, core, rate, row):
    """Load around what the caller does; appends what came of it to the row."""
    before = sum(server.cpu())
    background = load.Background(server.port, queries, core, rate=rate, seconds=3600)
    try:
        time.sleep(LEAD_S)
        started = time.monotonic()
        yield
        event = time.monotonic() - started
        time.sleep(LEAD_S)
        result = background.stop()
    finally:
        background.end()
    for key in ("lost", "sent", "silence_ms", "p99_us", "p999_us"):
        row.setdefault(key, []).append(result[key])
    row.setdefault("event_s", []).append(event)
    spent = sum(server.cpu()) - before
    # A restarted server has forgotten what the one before had used.
    row.setdefault("cpu_s", []).append(spent if spent >= 0 else None)


class FairlistEvents:
    """What happens to fairlistd, by name; each leaves the listings as they were."""

    def __init__(self, server, core):
        self.server = server
        self.core = core
        self.other = dataset.Dataset(server.data.entries, SEED)
        self.changes = 0

    def nothing(self):
        time.sleep(2)

    def import_all(self):
        """As many new single addresses and ranges as the store has, from another source."""
        for source in ("single", "range"):
            process.timed(self.command(source, self.other.listings(source)), self.core, nice=10)

    def command(self, source, file):
        name = next(row[1] for row in dataset.LISTS if row[0] == source)
        return self.server.cli_command("import", "--yes", "--list", name, "--source", "other", file)

    def undo_import(self):
        nothing = self.server.folder / "nothing.txt"
        nothing.write_text("# nothing\n")
        for source in ("single", "range"):
            programs.run([*self.command(source, nothing), "--format", "cidr"])

    def single_changes(self):
        self.change(count=CHURN_RATE * CHURN_SECONDS, rate=CHURN_RATE)

    def change(self, **options):
        words = [programs.bench("change"), "--config", self.server.config, "--list", "xbl",
                 "--zone", "bl.bench.test", "--first", self.changes]
        for name, value in options.items():
            words += [f"--{name}", value]
        self.changes += options["count"]
        return json.loads(programs.run(programs.pinned(self.core, words)))

    def reload(self):
        said = self.server.log().count("the new configuration is in force")
        self.server.reload()
        while self.server.log().count("the new configuration is in force") == said:
            time.sleep(.001)

    def restart(self):
        self.server.stop()
        self.server.start()

    def shown_under_load(self, row):
        for key, value in self.change(count=SHOWN_CHANGES, port=self.server.port).items():
            row.setdefault(key, []).append(value)


class RbldnsdEvents:
    def __init__(self, server):
        self.server = server
        self.number = 0

    def nothing(self):
        time.sleep(2)

    def reload(self):
        """One more listing; until it shows."""
        self.number += 1
        address = f"198.18.{self.number // 250}.{self.number % 250 + 1}"
        name = ".".join(reversed(address.split("."))) + ".bl.bench.test"
        self.server.list_address(address)
        started = time.monotonic()
        while not question.ask(self.server.port, name):
            if time.monotonic() > started + servers.START_LIMIT_S:
                raise RuntimeError("rbldnsd does not show the change")
            time.sleep(.001)


def fairlist_rounds(server, queries, core, options, noticed, shown):
    events = FairlistEvents(server, core)
    rows = {}
    plan = [("nothing", events.nothing), ("import of as many more", events.import_all),
            (f"{CHURN_RATE} changes a second", events.single_changes),
            ("reload (SIGHUP)", events.reload), ("restart", events.restart)]
    for _ in range(options.repeat):
        for name, event in plan:
            with under_load(server, queries, core, options.rate, rows.setdefault(name, {})):
                event()
            if event == events.import_all:
                events.undo_import()
        with under_load(server, queries, core, options.rate, {}):
            events.shown_under_load(rows.setdefault("loaded", {}))
        events.shown_under_load(rows.setdefault("idle", {}))
    for name, _ in plan:
        noticed.add(f"fairlist: {name}", rows[name])
    shown.add("fairlist, idle", rows["idle"])
    shown.add(f"fairlist, {options.rate:,} queries/s", rows["loaded"])


def rbldnsd_rounds(server, queries, core, options, noticed):
    events = RbldnsdEvents(server)
    rows = {"nothing": {}, "one change": {}}
    for _ in range(options.repeat):
        for name, event in (("nothing", events.nothing), ("one change", events.reload)):
            with under_load(server, queries, core, options.rate, rows[name]):
                event()
    for name, row in rows.items():
        noticed.add(f"{server.name}: {name}", row)


def changed_file(source, target, share):
    """The listings with every (1/share)-th single address replaced by its neighbour."""
    step = round(1 / share)
    with open(source) as lines, open(target, "w") as out:
        for number, line in enumerate(lines):
            if number > 10 and number % step == 0 and line[0].isdigit():
                head, _, last = line.strip().rpartition(".")
                line = f"{head}.{int(last) ^ 1}\n"
            out.write(line)


def import_rounds(server, options, times):
    """Of the single addresses and of everything, into stores of their own."""
    rows = {}
    note = lambda name, spent: [rows.setdefault(name, {}).setdefault(key, []).append(value)
                                for key, value in spent._asdict().items()]
    changed = server.folder / "changed.txt"
    changed_file(server.data.listings("single"), changed, .001)
    for _ in range(options.repeat):
        note("the single addresses again, unchanged", server.import_listings("single"))
        note("again, 0.1 % of them changed",
             process.timed(server.import_command("single", changed)))
        server.import_listings("single")
    for name, row in rows.items():
        times.add(f"fairlist: {name}", row)


def start_rounds(kind, data, core, folder, options, times):
    """The last server, running; its starts and first imports."""
    starts, imports = {}, {}
    server = None
    for number in range(options.repeat):
        if server:
            server.stop()
        server = kind(data, core, folder / f"{kind.name}-{number}")
        starts.setdefault("wall", []).append(server.start())
        spent = server.cpu()
        starts.setdefault("cpu", []).append(sum(spent))
        starts.setdefault("user", []).append(spent.user)
        if server.import_time:
            for key, value in server.import_time._asdict().items():
                imports.setdefault(key, []).append(value)
    if imports:
        times.add(f"{kind.name}: import of everything", imports)
    times.add(f"{kind.name}: start to the first answer", starts)
    return server


def run(options):
    programs.build(*TARGETS)
    server_core, load_core = programs.cores()
    data = dataset.Dataset(options.entries)
    noticed = table.Table(f"{options.entries:,} entries, {options.rate:,} queries a second, "
                          f"{options.repeat} rounds", NOTICED)
    shown = table.Table("A single change, committed with full sync, until the server shows it",
                        SHOWN)
    times = table.Table("Imports and starts", TIMES)
    with servers.scratch_folder(options) as folder:
        running = []
        try:
            kinds = [servers.Fairlist, servers.Rbldnsd, servers.RbldnsdFork]
            for kind in kinds[:3 if programs.installed("rbldnsd") else 1]:
                server = start_rounds(kind, data, server_core, folder, options, times)
                running.append(server)
                if kind is servers.Fairlist:
                    fairlist_rounds(server, data.queries(), load_core, options, noticed, shown)
                    import_rounds(server, options, times)
                else:
                    rbldnsd_rounds(server, data.queries(), load_core, options, noticed)
                server.stop()
        finally:
            for server in running:
                server.stop()
    return [noticed, shown, times], {"rate": options.rate}
