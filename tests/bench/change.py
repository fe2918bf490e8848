"""tools/bench change: what queries notice while listings change, and how soon changes show.

The server runs on one core, the load (a fixed rate) and whatever writes on another. "nothing" is
the paired run: what the machine itself loses and delays. Of rbldnsd a change is its reload.
"""

import contextlib
import json
import signal
import time

import dataset
import load
import peers
import process
import programs
import question
import servers
import table

TARGETS = [*peers.TARGETS, "change"]
LEAD_S = 1.0  # of load before the event, and after it
CHURN_RATE = 1000
CHURN_SECONDS = 5
SHOWN_CHANGES = 200
SEED = dataset.SEED + 100
RELOADED = "the new configuration is in force"

NOTICED = [
    ("lost", "lost", 0), ("of", "sent", 0), ("longest silence ms", "silence_ms", 1),
    ("p99 us", "p99_us", 0), ("p99.9 us", "p999_us", 0), ("event s", "event_s", 3),
    ("server CPU s", "cpu_s", 2),
    ("waited %", "waited", 0),
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


class Watch:
    """Load at a fixed rate around an event."""

    def __init__(self, server, core, rate):
        self.server = server
        self.core = core
        self.rate = rate

    @contextlib.contextmanager
    def load(self, row):
        """What the queries noticed of what the caller does goes into the row."""
        used, waited = sum(self.server.cpu()), self.server.waited()
        background = load.Background(self.server.port, self.server.data.queries(), self.core,
                                     rate=self.rate, seconds=3600)
        try:
            time.sleep(LEAD_S)
            started = time.monotonic()
            yield
            row["event_s"] = time.monotonic() - started
            time.sleep(LEAD_S)
            row.update(background.stop())
        finally:
            background.end()
        # A restarted server has forgotten what the one before had used.
        row["cpu_s"] = max(sum(self.server.cpu()) - used, 0) or None
        waited = max(self.server.waited() - waited, row["load_waited_s"])
        row["waited"] = 100 * waited / row["seconds"]

    def add(self, rows, name, event, undo=lambda: None):
        """One more round of the event; again when others had the processors."""
        for _ in range(1 + peers.AGAIN_MAX):
            row = {}
            with self.load(row):
                event()
            undo()
            if row["waited"] <= peers.WAITED_PERCENT_MAX:
                break
        append(rows.setdefault(name, {}), row)


def append(lists, row):
    for key, value in row.items():
        lists.setdefault(key, []).append(value)


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
        said = self.server.log().count(RELOADED)
        self.server.reload()
        while self.server.log().count(RELOADED) == said:
            time.sleep(.001)

    def rotate_log(self):
        self.server.rotate_log()
        while RELOADED not in self.server.log():
            time.sleep(.001)

    def restart(self):
        """The next program takes the sockets over."""
        said = self.server.log().count("listening on udp")
        self.server.process.send_signal(signal.SIGUSR2)
        while self.server.log().count("listening on udp") == said:
            time.sleep(.001)

    def shown(self):
        return self.change(count=SHOWN_CHANGES, port=self.server.port)


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


def fairlist_rounds(watch, options, noticed, shown):
    events = FairlistEvents(watch.server, watch.core)
    rows, idle, loaded = {}, {}, {}
    for _ in range(options.repeat):
        watch.add(rows, "nothing", events.nothing)
        watch.add(rows, "import of as many more", events.import_all, events.undo_import)
        watch.add(rows, f"{CHURN_RATE} changes a second", events.single_changes)
        watch.add(rows, "reload (SIGHUP)", events.reload)
        watch.add(rows, "log rotation", events.rotate_log)
        watch.add(rows, "restart (SIGUSR2)", events.restart)
        append(idle, events.shown())
        with watch.load({}):
            append(loaded, events.shown())
    for name, row in rows.items():
        noticed.add(f"fairlist: {name}", row)
    shown.add("fairlist, idle", idle)
    shown.add(f"fairlist, {options.rate:,} queries/s", loaded)


def rbldnsd_rounds(watch, options, noticed):
    events = RbldnsdEvents(watch.server)
    rows = {}
    for _ in range(options.repeat):
        watch.add(rows, "nothing", events.nothing)
        watch.add(rows, "one change", events.reload)
    for name, row in rows.items():
        noticed.add(f"{watch.server.name}: {name}", row)


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
    """The single addresses once more."""
    unchanged, few = {}, {}
    changed = server.folder / "changed.txt"
    changed_file(server.data.listings("single"), changed, .001)
    for _ in range(options.repeat):
        append(unchanged, server.import_listings("single")._asdict())
        append(few, process.timed(server.import_command("single", changed))._asdict())
        server.import_listings("single")
    times.add("fairlist: the single addresses again, unchanged", unchanged)
    times.add("fairlist: again, 0.1 % of them changed", few)


def start_rounds(kind, data, core, folder, options, times):
    """The last server, running."""
    starts, imports = {}, {}
    server = None
    for number in range(options.repeat):
        if server:
            server.stop()
        server = kind(data, core, folder / f"{kind.name}-{number}")
        wall, spent = server.start(), server.cpu()
        append(starts, process.Timing(wall, sum(spent), spent.user)._asdict())
        if server.import_time:
            append(imports, server.import_time._asdict())
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
                watch = Watch(server, load_core, options.rate)
                if kind is servers.Fairlist:
                    fairlist_rounds(watch, options, noticed, shown)
                    import_rounds(server, options, times)
                else:
                    rbldnsd_rounds(watch, options, noticed)
                server.stop()
        finally:
            for server in running:
                server.stop()
    return [noticed, shown, times], {"rate": options.rate}
