"""Restarts under load: by signal, by a supervisor that keeps the sockets, with other settings; not
one query may be lost."""

import contextlib
import fcntl
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import threading
import time

import pytest

import harness
import wire_message as wire
import wire_reply

LISTED = wire.query()
SOCKETS = 16
# Numbers go into the messages' ids.
QUERIES_MAX = 60000
PER_TICK = 4
TICK_S = 0.001


def kind(data, message=LISTED):
    return wire_reply.read(data, message).kind()


class Load(threading.Thread):
    """Numbered queries at a steady rate, of each of which an answer is wanted."""

    def __init__(self, site):
        super().__init__(daemon=True)
        self.ending = threading.Event()
        self.clients = [harness.udp_socket("127.0.0.1", site.port) for _ in range(SOCKETS)]
        for client in self.clients:
            client.setblocking(False)
        self.poll = select.epoll()
        self.by_descriptor = {client.fileno(): client for client in self.clients}
        for descriptor in self.by_descriptor:
            self.poll.register(descriptor, select.EPOLLIN)
        self.sent = 0
        self.open = set()
        self.wrong = []

    def run(self):
        while not self.ending.is_set() and self.sent < QUERIES_MAX:
            for _ in range(PER_TICK):
                self.open.add(self.sent)
                self.clients[self.sent % SOCKETS].send(wire.with_id(LISTED, self.sent))
                self.sent += 1
            self.hear(TICK_S)
        until = time.monotonic() + harness.PATIENCE_S
        while self.open and time.monotonic() < until:
            self.hear(0.1)

    def hear(self, seconds):
        for descriptor, _ in self.poll.poll(seconds):
            with contextlib.suppress(BlockingIOError):
                while True:
                    self.take(self.by_descriptor[descriptor].recv(65535))

    def take(self, data):
        number = int.from_bytes(data[:2], "big")
        if number not in self.open or kind(data, wire.with_id(LISTED, number)) != "OK":
            self.wrong.append(number)
        self.open.discard(number)

    def wait_for(self, more):
        wanted = min(self.sent + more, QUERIES_MAX)
        harness.wait_until(lambda: self.sent >= wanted or not self.is_alive(), "more queries")

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.join()
        self.poll.close()
        for client in self.clients:
            client.close()

    def check(self):
        assert self.sent > 1000
        assert (len(self.open), self.wrong) == (0, []), f"lost {sorted(self.open)[:20]}"


class TcpLoad(threading.Thread):
    """One new connection after the other, and one that stays."""

    def __init__(self, site):
        super().__init__(daemon=True)
        self.site = site
        self.ending = threading.Event()
        self.asked = 0
        self.wrong = []

    def ask(self, client):
        client.sendall(harness.framed(LISTED))
        found = kind(harness.read_framed(client))
        if found != "OK":
            self.wrong.append(found)
        self.asked += 1

    def run(self):
        try:
            with harness.tcp_socket("127.0.0.1", self.site.port) as staying:
                while not self.ending.is_set():
                    with harness.tcp_socket("127.0.0.1", self.site.port) as client:
                        self.ask(client)
                    self.ask(staying)
        except Exception as error:  # whatever it is, it is an answer that did not come
            self.wrong.append(repr(error))

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.join()

    def check(self):
        assert self.asked > 10 and self.wrong == []


def restart(site):
    """SIGUSR2, and until the new program answers."""
    site.ports_file.unlink()
    site.signal(signal.SIGUSR2)
    harness.wait_until(site.ports_file.exists, "the restart")


def test_restarts_lose_no_query(tmp_path):
    with harness.served(tmp_path, workers=2) as site:
        pid, ports = site.process.pid, site.ports_file.read_text()
        with Load(site) as load, TcpLoad(site) as tcp:
            for _ in range(5):
                load.wait_for(1000)
                restart(site)
                assert site.ports_file.read_text() == ports
            load.wait_for(1000)
        load.check()
        tcp.check()
        assert site.process.poll() is None and site.process.pid == pid
        assert site.log.read_text().count("taking over ") == 5
        assert site.stop() == 0


def test_a_restart_leaks_no_descriptor(tmp_path):
    with harness.served(tmp_path, workers=2) as site:
        def opened():
            return sorted(os.readlink(f"/proc/{site.process.pid}/fd/{entry}").split(":")[0]
                          for entry in os.listdir(f"/proc/{site.process.pid}/fd"))
        before = opened()
        for _ in range(3):
            restart(site)
        assert opened() == before


def test_another_number_of_workers_loses_no_query(tmp_path):
    with harness.served(tmp_path, workers=3) as site:
        with Load(site) as load:
            for workers in (1, 4, 2):
                load.wait_for(1000)
                # The port is to be named, or the ports file could not tell that it is the same.
                site.configure(workers=workers, listen=[f"127.0.0.1:{site.port}"])
                restart(site)
                names = [open(f"/proc/{site.process.pid}/task/{task}/comm").read().strip()
                         for task in os.listdir(f"/proc/{site.process.pid}/task")]
                assert sum(name.startswith("udp-") for name in names) == workers
            load.wait_for(1000)
        load.check()


def test_other_listeners_and_zones(tmp_path):
    with harness.served(tmp_path, listen=["127.0.0.1:0", "[::1]:0"]) as site:
        kept, gone = site.ports
        question = wire.query("2.0.0.127.more.bl.example")
        assert kind(site.udp(question), question) == "REFUSED"
        with Load(site) as load:
            load.wait_for(1000)
            site.configure(listen=["127.0.0.2:0", f"127.0.0.1:{kept}"])
            site.config.write_text(site.config.read_text() + '\n[[zone]]\nname = "more.bl.example"'
                                   '\nlists = ["sbl"]\nns = ["ns1.bl.example"]\n')
            restart(site)
            load.wait_for(1000)
        load.check()
        assert kind(site.udp(question, port=kept), question) == "OK"
        site.ports = json.loads(site.ports_file.read_text())["udp"]
        assert site.ports[1] == kept
        assert kind(site.udp(LISTED, "127.0.0.2", site.ports[0])) == "OK"
        with pytest.raises(ConnectionRefusedError):
            site.udp(LISTED, "::1", gone)
        with pytest.raises(ConnectionRefusedError):
            harness.tcp_socket("::1", gone)


def break_config(site):
    site.config.write_text(site.config.read_text().replace("workers = 1", "wrokers = 1"))


def break_store(site):
    site.config.write_text(site.config.read_text().replace('path = "store"', 'path = "none"'))


def take_port_of_a_new_listener(site):
    # Never closed before the test ends: the name keeps it.
    site.taken = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    site.taken.bind(("127.0.0.1", 0))
    site.configure(listen=["127.0.0.1:0", f"127.0.0.1:{site.taken.getsockname()[1]}"])


def remove_program(site):
    site.program.unlink()


def replace_program(site):
    site.program.unlink()
    site.program.write_text("#!/bin/sh\necho no such option >&2\nexit 2\n")
    site.program.chmod(0o755)


@pytest.mark.parametrize("spoil, told", [
    pytest.param(break_config, "wrokers", id="configuration"),
    pytest.param(break_store, "fairlist init", id="store"),
    pytest.param(take_port_of_a_new_listener, "Address already in use", id="port"),
    pytest.param(remove_program, "cannot be executed", id="no-program"),
    pytest.param(replace_program, "ended with status 2", id="other-program"),
])
def test_what_would_not_start_does_not_restart(tmp_path, monkeypatch, spoil, told):
    # A copy, so that it can be taken away.
    binaries = tmp_path / "bin"
    binaries.mkdir()
    for program in ("fairlist", "fairlistd"):
        shutil.copy(harness.BINARIES / program, binaries / program)
    monkeypatch.setattr(harness, "BINARIES", binaries)
    with harness.served(tmp_path / "site") as site:
        site.program = binaries / "fairlistd"
        good = site.config.read_text()
        with Load(site) as load:
            load.wait_for(500)
            spoil(site)
            site.signal(signal.SIGUSR2)
            harness.wait_until(lambda: site.log_says("no restart, going on as before"),
                               "the refusal")
            load.wait_for(500)
        load.check()
        assert site.log_says(told), site.log.read_text()
        if spoil in (break_config, break_store):
            site.config.write_text(good)
            restart(site)
            assert kind(site.udp(LISTED)) == "OK"


def test_killed_after_a_restart_and_started_again(tmp_path):
    with harness.served(tmp_path, workers=2) as site:
        restart(site)
        site.configure(listen=[f"127.0.0.1:{site.port}"])
        site.process.kill()
        site.process.wait(harness.PATIENCE_S)
        site.start()
        assert kind(site.udp(LISTED)) == "OK"


def test_stale_variable_is_no_harm(tmp_path):
    site = harness.Site(tmp_path)
    site.fill()
    try:
        site.start(env=dict(os.environ, FAIRLIST_SOCKETS="1 udp-127.0.0.1_53=7"))
        assert site.log_says("FAIRLIST_SOCKETS is not used: is for process 1")
        assert kind(site.udp(LISTED)) == "OK"
    finally:
        site.end()


# ---- A supervisor -------------------------------------------------------------------------------

class Supervisor(threading.Thread):
    """What systemd does with FDSTORE=1, and how it gives the descriptors to the next start."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.path = str(folder / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(0.05)
        self.ending = threading.Event()
        self.store = []  # (name, descriptor)
        self.ready = 0

    def run(self):
        while not self.ending.is_set():
            with contextlib.suppress(TimeoutError):
                self.hear()

    def hear(self):
        text, descriptors, _, _ = socket.recv_fds(self.socket, 65535, 253)
        said = dict(line.split("=", 1) for line in text.decode().splitlines())
        if said.get("FDSTORE") == "1":
            self.store += [(said["FDNAME"], descriptor) for descriptor in descriptors]
        else:
            for descriptor in descriptors:  # a barrier's
                os.close(descriptor)
        if said.get("FDSTOREREMOVE") == "1":
            for entry in [entry for entry in self.store if entry[0] == said["FDNAME"]]:
                self.store.remove(entry)
                os.close(entry[1])
        self.ready += said.get("READY") == "1"

    def environment_and_preparation(self):
        """For Popen: LISTEN_FDS, and what puts the stored descriptors at 3 and up."""
        names, kept = [], []
        nodes = set()
        for name, descriptor in self.store:
            node = os.fstat(descriptor).st_ino
            if node not in nodes:
                nodes.add(node)
                names.append(name)
                kept.append(descriptor)
        environment = dict(os.environ, NOTIFY_SOCKET=self.path)
        if kept:
            environment.update(LISTEN_FDS=str(len(kept)), LISTEN_FDNAMES=":".join(names))

        def prepare():
            # The process that LISTEN_PID names is known only now.
            high = [os.dup(descriptor) for descriptor in kept]
            high = [self_or_above(descriptor, 3 + len(kept)) for descriptor in high]
            for number, descriptor in enumerate(high):
                os.dup2(descriptor, 3 + number, inheritable=True)

        return environment, prepare

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.join()
        self.socket.close()
        for _, descriptor in self.store:
            os.close(descriptor)


def self_or_above(descriptor, lowest):
    return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, lowest)


def start_supervised(site, supervisor):
    environment, prepare = supervisor.environment_and_preparation()
    ready = supervisor.ready
    # A shell knows its process, which is the daemon's after exec.
    site.ports_file.unlink(missing_ok=True)
    with open(site.log, "a") as log:
        site.process = subprocess.Popen(
            ["/bin/sh", "-c", 'LISTEN_PID=$$ exec "$0" "$@"', str(harness.BINARIES / "fairlistd"),
             "--config", str(site.config), "--ports-file", str(site.ports_file)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, preexec_fn=prepare,
            close_fds=False)
    harness.wait_until(lambda: supervisor.ready > ready or site.process.poll() is not None,
                       "READY=1")
    assert site.process.poll() is None, site.log.read_text()
    site.ports = json.loads(site.ports_file.read_text())["udp"]


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_sockets_in_a_supervisors_store(tmp_path, ending):
    site = harness.Site(tmp_path / "site", workers=2)
    site.fill()
    with Supervisor(tmp_path) as supervisor:
        try:
            start_supervised(site, supervisor)
            names = sorted(name for name, _ in supervisor.store)
            assert names == [f"tcp-127.0.0.1_{site.port}"] + [f"udp-127.0.0.1_{site.port}"] * 2
            ports = site.ports
            if ending == signal.SIGKILL:
                restart_by(site, supervisor, ending)
                assert kind(site.udp(LISTED)) == "OK"
            else:
                with Load(site) as load, TcpLoad(site) as tcp:
                    for _ in range(3):
                        load.wait_for(1000)
                        restart_by(site, supervisor, ending)
                    load.wait_for(1000)
                load.check()
                tcp.check()
            assert site.ports == ports
            # One by signal in between: the store stays right.
            restart(site)
            restart_by(site, supervisor, signal.SIGTERM)
            assert site.ports == ports and kind(site.udp(LISTED)) == "OK"
        finally:
            site.end()


def restart_by(site, supervisor, number):
    site.signal(number)
    site.process.wait(harness.PATIENCE_S)
    start_supervised(site, supervisor)
