"""tools/bench packet: one packet in memory, as between the system calls of a worker.

Bytes in, bytes out: parsed, resolved, written. Instructions are counted by valgrind and do not
depend on what else the machine does: of queries whose blocks are asked for the first time since a
commit, and of the same queries again. The rows are those of tools/bench index.
"""

import re

import dataset
import programs
import servers
import table

COLUMNS = [("ns a query", "ns", 0), ("instructions, first time", "first", 0),
           ("instructions, again", "again", 0)]
TIMED = (200_000, 10)  # queries, rounds
COUNTED_QUERIES = 10_000


def add_options(parser):
    parser.add_argument("--only", default=",".join(dataset.QUERY_KINDS), metavar="ROWS",
                        help="of %(default)s")


def instructions(command, rounds, folder):
    file = f"{folder}/callgrind.{rounds}"
    programs.run([programs.require("valgrind", "valgrind"), "--tool=callgrind",
                  f"--callgrind-out-file={file}", *command, COUNTED_QUERIES, rounds])
    with open(file) as lines:
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
                words = programs.pinned(core, [*command[kind], *TIMED])
                row["ns"].append(float(programs.run(words)))
        for kind, row in rows.items():
            counts = [instructions(command[kind], rounds, folder) for rounds in range(3)]
            for key, less, more in (("first", *counts[:2]), ("again", *counts[1:])):
                row[key] = [(more - less) / COUNTED_QUERIES]
    for kind, row in rows.items():
        times.add(kind, row)
    return [times], {}
