"""The load generator: one run against one server, and what it says."""

import json
import subprocess

import programs


def command(port, queries, core, address="127.0.0.1", prefix=(), **options):
    words = [programs.bench("load"), "--address", address, "--port", port, "--queries", queries]
    for name, value in options.items():
        words += [f"--{name}", value]
    return [*prefix, *programs.pinned(core, words)]


def run(port, queries, core, **options):
    """What it says at its end."""
    return json.loads(programs.run(command(port, queries, core, **options)).splitlines()[-1])


class Background:
    """A run that goes on while something else happens."""

    def __init__(self, port, queries, core, **options):
        self.process = subprocess.Popen(list(map(str, command(port, queries, core, **options))),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.process.stdout.readline()  # "asking"

    def stop(self):
        """What it has seen."""
        self.process.terminate()
        output = self.process.communicate(timeout=programs.PATIENCE_S)[0]
        if self.process.returncode != 0:
            raise RuntimeError("bench_load failed")
        return json.loads(output.splitlines()[-1])

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
