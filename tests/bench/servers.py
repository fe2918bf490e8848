"""The servers that are compared: started on a port of the loopback with the same listings."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import dataset
import process
import programs
import question

START_LIMIT_S = 600


def free_port():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def scratch_folder(options):
    """For the servers' files; outside of homes, because rbldnsd gives up the rights of root."""
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="fairlist-bench-") as name:
        os.chmod(name, 0o755)
        yield pathlib.Path(name)


class Server:
    """Between start() and stop() it answers on self.port."""

    name = ""
    answers = True  # with the listings: its answers are compared with those of the others

    def __init__(self, data, core, folder):
        self.data = data
        self.core = core
        self.folder = pathlib.Path(folder) / self.name
        self.folder.mkdir(parents=True)
        self.address = "127.0.0.1"
        self.prefix = []  # of the command: another network namespace
        self.port = 0
        self.process = None
        self.import_time = None
        self.prepare()

    def prepare(self):
        """Once, before the first start."""

    def command(self):
        raise NotImplementedError

    def start(self):
        """Returns the seconds until the first answer."""
        started = time.monotonic()
        self.spawn()
        while not self.is_answering():
            if self.process.poll() is not None or time.monotonic() > started + START_LIMIT_S:
                raise RuntimeError(f"{self.name} did not start: {self.log()[-2000:]}")
        return time.monotonic() - started

    def spawn(self):
        self.port = self.port or free_port()
        with open(self.folder / "log", "a") as log:
            self.process = subprocess.Popen(
                [*self.prefix, *programs.pinned(self.core, self.command())], cwd=self.folder,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def is_answering(self):
        return question.ask(self.port, self.data.first_name(), address=self.address) is not None

    def log(self):
        file = self.folder / "log"
        return file.read_text(errors="replace") if file.exists() else ""

    def cpu(self):
        return process.cpu(self.process.pid)

    def waited(self):
        return process.waited(self.process.pid)

    def memory(self):
        return process.memory(self.process.pid)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Echo(Server):
    name = "echo"
    answers = False

    def command(self):
        return [programs.bench("echo"), self.address, self.port]


class Rbldnsd(Server):
    """All address data sets in one file."""

    name = "rbldnsd"
    zones = ["bl.bench.test:combined:combined.txt", "dom.bench.test:dnset:names.txt"]
    options = []

    def prepare(self):
        self.program = programs.require("rbldnsd", "rbldnsd")
        for zone in self.zones:
            for file in zone.split(":")[2].split(","):
                shutil.copyfile(self.data.folder / file, self.folder / file)

    def command(self):
        # It insists on giving up the rights of root, and takes no others' names otherwise.
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        return [self.program, "-n", *user, "-c", "0", "-b", f"{self.address}/{self.port}",
                "-w", self.folder, *self.options, *self.zones]

    def list_address(self, address):
        """One more listing, and the signal to read everything again."""
        with open(self.folder / "combined.txt", "a") as file:
            file.write(f"$DATASET ip4set:new{address.replace('.', '-')} @\n"
                       f":127.0.0.4:new\n{address}\n")
        self.reload()

    def reload(self):
        # It compares whole seconds.
        later = time.time() + 2
        os.utime(self.folder / "combined.txt", (later, later))
        self.process.send_signal(signal.SIGHUP)


class RbldnsdFork(Rbldnsd):
    """Answers from a child while it reads."""

    name = "rbldnsd-fork"
    options = ["-f"]


class RbldnsdTrie(Rbldnsd):
    """A data set a file, in its fastest form for queries."""

    name = "rbldnsd-trie"
    zones = ["bl.bench.test:ip4trie:single.txt", "bl.bench.test:ip4trie:range.txt",
             "bl.bench.test:ip6trie:six.txt", "dom.bench.test:dnset:names.txt"]


CONFIG = """
[store]
path = "store"
map_size_mib = 4096

[log]
file = "log"

[server]
listen = ["{address}:{port}"]
workers = 1
{server}

# For single changes: no made-up listing lies there.
[protected]
allow = ["198.18.0.0/15"]

[[zone]]
name = "bl.bench.test"
lists = ["xbl", "pbl", "six"]
ns = ["ns1.example"]

[[zone]]
name = "dom.bench.test"
lists = ["dbl"]
ns = ["ns1.example"]
"""
LIST = """
[[list]]
name = "{name}"
kind = "{kind}"
code = "127.0.0.2"
reason = "{{address}} is listed"
"""


class Fairlist(Server):
    name = "fairlist"

    def prepare(self):
        self.config = self.folder / "fairlist.toml"
        self.port = free_port()
        self.configure()
        self.cli("init")
        timings = [self.import_listings(name) for name, _, _, _ in dataset.LISTS]
        self.import_time = process.Timing(*map(sum, zip(*timings)))

    def configure(self, server="", more=""):
        """`server`: lines of [server]; `more`: sections, such as a network interface's."""
        text = CONFIG.format(address=self.address, port=self.port, server=server)
        for _, name, _, kind in dataset.LISTS:
            text += LIST.format(name=name, kind=kind)
        self.config.write_text(text + more)

    def cli_command(self, *arguments):
        return [programs.FAIRLIST / "fairlist", "--config", self.config, *arguments]

    def cli(self, *arguments):
        return programs.run(self.cli_command(*arguments))

    def import_command(self, source, file):
        name = next(row[1] for row in dataset.LISTS if row[0] == source)
        return self.cli_command("import", "--yes", "--list", name, "--source", source, file)

    def import_listings(self, source, data=None):
        return process.timed(self.import_command(source, (data or self.data).listings(source)))

    def command(self):
        return [programs.FAIRLIST / "fairlistd", "--config", self.config]

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def rotate_log(self):
        os.rename(self.folder / "log", self.folder / "log.1")
        self.reload()

    def store_bytes(self):
        return json.loads(self.cli("--json", "status"))["file_bytes"]


PEERS = {kind.name: kind for kind in (Fairlist, Rbldnsd, RbldnsdTrie, RbldnsdFork)}
