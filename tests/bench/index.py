"""tools/bench index: look-ups and updates of the index, in one process.

The store is made by the real importer. Look-ups run in batches of 64, each with a snapshot of its
own, as in the server: "covering" finds the entries of an address, "resolve" makes the whole answer
of a parsed query. Rows of queries: random unicast addresses; zipf: few ask often, 20 % listed;
dense: in /24s with listed addresses; wide: in ranges of /20 and wider; six: IPv6, half of it
listed; names: half of them listed; mixed: all together. Updates are synced commits.
"""

import json
import pathlib

import dataset
import programs
import servers
import table

COLUMNS = [("ns a look-up or change", "ns", 0), ("CPU ns", "cpu_ns", 0)]


def add_options(parser):
    parser.add_argument("--only", default=".", metavar="REGEX", help="only these rows")


def measure(config, data, options, core):
    words = [programs.bench("index"), config, data.folder, f"--benchmark_filter={options.only}",
             f"--benchmark_repetitions={options.repeat}", "--benchmark_format=json",
             "--benchmark_enable_random_interleaving=true", "--benchmark_min_time=0.3"]
    return json.loads(programs.run(programs.pinned(core, words)))["benchmarks"]


def run(options):
    if not any(pathlib.Path("/usr/include/benchmark").glob("benchmark.h")):
        raise programs.Missing("Google Benchmark is missing: tools/setup --with-bench installs it")
    programs.build("data", "index")
    core, _ = programs.cores()
    data = dataset.Dataset(options.entries)
    with servers.scratch_folder(options) as folder:
        server = servers.Fairlist(data, core, folder)
        found = measure(server.config, data, options, core)
    rows = {}
    for one in found:
        if one["run_type"] == "iteration":
            row = rows.setdefault(one["name"].split("/iterations")[0], {})
            # Both for an iteration, which is a batch of look-ups or one commit.
            batch = one["real_time"] / 1e9 / one["per_item"]
            if not one["name"].endswith("/real_time"):
                batch = one["cpu_time"] / 1e9 / one["per_item"]
            row.setdefault("ns", []).append(one["real_time"] / batch)
            row.setdefault("cpu_ns", []).append(one["cpu_time"] / batch)
    times = table.Table(f"{options.entries:,} entries, {options.repeat} rounds", COLUMNS)
    for name, row in sorted(rows.items()):
        times.add(name, row)
    return [times], {}
