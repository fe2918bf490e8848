"""tools/bench: measures Fairlist, alone and beside others. See --help."""

import argparse
import os
import signal
import sys

import change
import index
import packet
import peers
import programs
import table
import traps
import xdp

PARTS = {
    "index": (index, "look-ups and updates of the index, in one process"),
    "packet": (packet, "one packet in memory: parse, resolve, write; time and instructions"),
    "peers": (peers, "fairlistd beside rbldnsd and a UDP echo, on the loopback"),
    "change": (change, "what queries notice of imports, changes, reloads and restarts"),
    "traps": (traps, "mails of traps and listings a second, beside bare commits; memory; delays"),
    "xdp": (xdp, "servers over a pair of virtual interfaces"),
}
EPILOG = """Each figure is a median with (smallest-largest). What else the machine does disturbs times:
read CPU by query and the ratios, which are made round by round; "waited" is how long the server or
its load could have run and had no processor. tools/setup --with-bench
installs what is needed; the programs are built when they are missing or old. Data is kept
below build/bench/data. FAIRLIST_BIN=FOLDER measures the programs of another build."""


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="tools/bench", description=__doc__.split(". ")[0] + ".", epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = parser.add_subparsers(dest="part", required=True, metavar="PART")
    for name, (module, what) in PARTS.items():
        part = parts.add_parser(name, help=what, description=module.__doc__,
                                formatter_class=argparse.RawDescriptionHelpFormatter)
        part.add_argument("--entries", type=int, default=1_000_000, help="default: %(default)s")
        part.add_argument("--repeat", type=int, default=5, help="rounds; default: %(default)s")
        part.add_argument("--seconds", type=float, default=3, help="of one run; default: %(default)s")
        part.add_argument("--folder", help="for stores and zone files while it runs; "
                                           "default: a temporary one")
        part.add_argument("--json", metavar="FILE", help="every value of every round")
        module.add_options(part)
    return parser.parse_args()


def main():
    # So that what was started ends with it.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    options = parse_arguments()
    try:
        tables, facts = PARTS[options.part][0].run(options)
    except (programs.Missing, RuntimeError) as error:
        print(f"tools/bench {options.part}: {error}", file=sys.stderr)
        return 1
    facts.update(entries=options.entries, repeat=options.repeat, seconds=options.seconds,
                 processors=os.cpu_count(), kernel=os.uname().release)
    table.report(tables, options.json, facts)
    return 0


if __name__ == "__main__":
    sys.exit(main())
