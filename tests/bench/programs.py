"""The programs that a benchmark runs: where they are, how they are built, on which core they run."""

import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BENCH = ROOT / "build" / "release" / "bin"
# The programs that ship; FAIRLIST_BIN names those of another build, to compare.
FAIRLIST = pathlib.Path(os.environ.get("FAIRLIST_BIN", BENCH))
SYSTEM_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])

# Nothing that is not measured takes longer.
PATIENCE_S = 900


class Missing(Exception):
    """Something that the machine does not have."""


def build(*names):
    """The programs that ship, and those of the benchmarks."""
    print("tools/build bench ...", file=sys.stderr, flush=True)
    done = subprocess.run([str(ROOT / "tools" / "build"), "bench", "fairlistd", "fairlist",
                           *(f"bench_{name}" for name in names)], capture_output=True, text=True)
    if done.returncode != 0:
        raise Missing(f"tools/build bench: {(done.stdout + done.stderr)[-3000:]}")


def bench(name):
    return str(BENCH / f"bench_{name}")


def installed(name):
    """The program's path, or None."""
    return shutil.which(name, path=SYSTEM_PATH)


def require(name, package):
    path = installed(name)
    if path is None:
        raise Missing(f"{name} is missing: tools/setup --with-bench installs {package}")
    return path


def pinned(core, command):
    return ["taskset", "-c", str(core), *map(str, command)]


def run(command):
    """Its output; an exception with it when it fails."""
    done = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=PATIENCE_S)
    if done.returncode != 0:
        raise RuntimeError(f"{command}: {done.stdout}{done.stderr}")
    return done.stdout


def cores():
    """(for the server, for the load): different ones where the machine has two."""
    usable = sorted(os.sched_getaffinity(0))
    return usable[0], usable[-1]
