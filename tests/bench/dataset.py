"""The made-up listings and queries of one size, made once and kept."""

import programs

FOLDER = programs.ROOT / "build" / "bench" / "data"
SEED = 7
# Data set, list of the configuration, zone, kind.
LISTS = [
    ("single", "xbl", "bl.bench.test", "address"),
    ("range", "pbl", "bl.bench.test", "address"),
    ("six", "six", "bl.bench.test", "address"),
    ("names", "dbl", "dom.bench.test", "domain"),
]
QUERY_KINDS = ["mixed", "zipf", "random", "dense", "wide", "six", "names"]


class Dataset:
    def __init__(self, entries, seed=SEED):
        self.entries = entries
        self.folder = FOLDER / f"{entries}-{seed}"
        made = self.folder / "made"
        if not made.exists():
            programs.run([programs.bench("data"), "--entries", entries, "--seed", seed, "--folder",
                          self.folder])
            made.touch()

    def listings(self, name):
        return self.folder / f"{name}.txt"

    def queries(self, kind="mixed"):
        return self.folder / kind

    def first_name(self):
        """Asked until a server answers."""
        with open(self.queries()) as lines:
            return next(lines).split()[0]
