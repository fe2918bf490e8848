"""tools/bench packet: one packet in memory, as between the system calls of a worker.

Bytes in, bytes out: parsed, resolved, written. Instructions are counted by valgrind as the
difference of a long and a short run, and do not depend on what else the machine does. The rows are
those of tools/bench index.
"""

import re

import dataset
import programs
import servers
import table

COLUMNS = [("ns a query", "ns", 0), ("instructions a query", "instructions", 0)]
TIMED_QUERIES = 2_000_000
COUNTED_QUERIES = 10_000


def add_options(parser):
    parser.add_argument("--only", default=",".join(dataset.QUERY_KINDS), metavar="ROWS",
                        help="of %(default)s")


def instructions(command, count, folder):
    words = [programs.require("valgrind", "valgrind"), "--tool=callgrind",
             f"--callgrind-out-file={folder}/callgrind.{count}", *command, count]
    programs.run(words)
    with open(f"{folder}/callgrind.{count}") as lines:
        for line in lines:
            found = re.match(r"(?:summary|totals): (\d+)", line)
            if found:
                return int(found.group(1))
    raise RuntimeError("callgrind wrote no summary")


def run(options):
    programs.build("data", "packet")
    core, _ = programs.cores()
    data = dataset.Dataset(options.entries)
    times = table.Table(f"{options.entries:,} entries, {options.repeat} rounds", COLUMNS)
    with servers.scratch_folder(options) as folder:
        config = servers.Fairlist(data, core, folder).config
        rows = {kind: {"ns": []} for kind in options.only.split(",")}
        command = {kind: [programs.bench("packet"), config, data.queries(kind)] for kind in rows}
        for _ in range(options.repeat):
            for kind, row in rows.items():
                words = programs.pinned(core, [*command[kind], TIMED_QUERIES])
                row["ns"].append(float(programs.run(words)))
        for kind, row in rows.items():
            short = instructions(command[kind], COUNTED_QUERIES, folder)
            longer = instructions(command[kind], 2 * COUNTED_QUERIES, folder)
            row["instructions"] = [(longer - short) / COUNTED_QUERIES]
    for kind, row in rows.items():
        times.add(kind, row)
    return [times], {}
