"""tools/bench peers: fairlistd beside other servers and the limit of the sockets, on the loopback.

Every server runs on one core and the load on another. The servers take turns in every round, and
ratios are made round by round: what else the machine does then falls out.
"""

import dataset
import load
import nameservers
import programs
import servers
import table

PEERS = {**servers.PEERS, **{kind.name: kind for kind in (nameservers.Knot, nameservers.Nsd)}}
TARGETS = ["data", "load", "echo"]
DEFAULT = ["rbldnsd", "rbldnsd-trie"]
FIXED_RATE = 20_000
CHECKED_QUERIES = 50_000
CHECK_TRIES = 5  # without a loss
# A round in which a server or its load waited longer for a processor, because others had it, is
# measured again: whatever it showed, and at most so many times for each round wanted.
WAITED_PERCENT_MAX = 15
AGAIN_MAX = 3
COLUMNS = [
    ("CPU us/query", "cpu_us", 2), ("user us/query", "user_us", 2),
    ("x echo", "to_echo", 2), ("x rbldnsd", "to_rbldnsd", 2),
    ("queries/s", "qps", 0), ("core busy %", "busy", 0),
    (f"p99 us at {FIXED_RATE // 1000} k/s", "p99_us", 0), ("lost", "lost", 0),
    ("hits %", "hits", 1), ("answer bytes", "bytes", 0),
    ("waited %", "waited", 0),
]
COSTS = [
    ("start to answer s", "start_s", 3), ("import s", "import_s", 2), ("import CPU s", "import_cpu_s", 2),
    ("PSS MB", "pss_mb", 1), ("private MB", "private_mb", 1), ("bytes/entry", "entry_bytes", 1),
]


def add_options(parser):
    parser.add_argument("--peers", default=",".join(DEFAULT),
                        help=f"of {', '.join(sorted(PEERS))}; default: %(default)s")
    parser.add_argument("--queries", default="mixed", choices=dataset.QUERY_KINDS,
                        help="which queries; default: mixed")


def start_all(names, data, core, folder):
    """(running servers, their costs); one that cannot run ends the benchmark."""
    running = {}
    costs = table.Table("", COSTS)
    try:
        for kind in [servers.Echo, servers.Fairlist, *(PEERS[name] for name in names)]:
            server = running[kind.name] = kind(data, core, folder)
            start = server.start()
            proportional, private = server.memory()
            spent = server.import_time
            costs.add(server.name, {
                "start_s": [start], "import_s": [spent and spent.wall],
                "import_cpu_s": [spent and spent.cpu], "pss_mb": [proportional / 1e6],
                "private_mb": [private / 1e6], "entry_bytes": [proportional / data.entries]})
    except BaseException:
        stop_all(running)
        raise
    return running, costs


def stop_all(running):
    for server in running.values():
        server.stop()


def check_equal(running, queries, core):
    """All give the same answers, as far as their counts tell; also warms them."""
    found = {}
    for server in running.values():
        for _ in range(CHECK_TRIES):
            result = load.run(server.port, queries, core, count=CHECKED_QUERIES, window=16,
                              seconds=60)
            if result["lost"] == 0:
                break
        if server.answers:
            found[server.name] = tuple(result[key] for key in
                                       ("positive", "negative", "failed", "records"))
    if len(set(found.values())) > 1:
        raise RuntimeError(f"the servers do not answer alike (hits, others, errors, records): {found}")
    return found


def measure(server, queries, core, seconds):
    before, waited = server.cpu(), server.waited()
    full = load.run(server.port, queries, core, seconds=seconds)
    after = server.cpu()
    fixed = load.run(server.port, queries, core, seconds=seconds, rate=FIXED_RATE)
    waited = max(server.waited() - waited, full["load_waited_s"] + fixed["load_waited_s"])
    answered = max(full["answered"], 1)
    user = after.user - before.user
    spent = user + after.system - before.system
    return {"cpu_us": spent * 1e6 / answered, "user_us": user * 1e6 / answered, "qps": full["qps"],
            "busy": 100 * spent / full["seconds"], "p99_us": fixed["p99_us"],
            "lost": full["lost"] + fixed["lost"], "hits": 100 * full["positive"] / answered,
            "bytes": full["answer_bytes"],
            "waited": 100 * waited / (full["seconds"] + fixed["seconds"])}


def run_rounds(running, queries, core, options):
    """(rows, how many rounds were measured again because others took the processors)."""
    rows = {name: {} for name in running}
    names = list(running)
    again = done = 0
    while done < options.repeat:
        turn = done % len(names)
        found = {name: measure(running[name], queries, core, options.seconds)
                 for name in names[turn:] + names[:turn]}
        disturbed = max(row["waited"] for row in found.values()) > WAITED_PERCENT_MAX
        if disturbed and again < AGAIN_MAX * options.repeat:
            again += 1
            continue
        done += 1
        for name, row in found.items():
            for key, value in row.items():
                rows[name].setdefault(key, []).append(value)
    for row in rows.values():
        row["to_echo"] = table.ratios(row["cpu_us"], rows["echo"]["cpu_us"])
        if "rbldnsd" in rows:
            row["to_rbldnsd"] = table.ratios(row["cpu_us"], rows["rbldnsd"]["cpu_us"])
    return rows, again


def run(options):
    names = [name for name in options.peers.split(",") if name]
    for name in names:
        if name not in PEERS:
            raise programs.Missing(f'--peers "{name}": expected some of {", ".join(PEERS)}')
    programs.build(*TARGETS)
    server_core, load_core = programs.cores()
    data = dataset.Dataset(options.entries)
    queries = data.queries(options.queries)
    with servers.scratch_folder(options) as folder:
        running, costs = start_all(names, data, server_core, folder)
        try:
            checked = check_equal(running, queries, load_core)
            rows, again = run_rounds(running, queries, load_core, options)
        finally:
            stop_all(running)
    times = table.Table(f"{options.entries:,} entries, {options.queries} queries, "
                        f"{options.repeat} rounds of {options.seconds} s, {again} more not counted",
                        COLUMNS)
    for name, row in rows.items():
        times.add(name, row)
    costs.title = "Start and memory (bytes/entry: PSS by entry)"
    return [times, costs], {"checked": checked, "again": again}
