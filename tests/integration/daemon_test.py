"""fairlistd as its operator sees it: starting, reloading, stopping, failing, being killed."""

import contextlib
import os
import resource
import select
import signal
import socket
import struct
import subprocess
import threading
import time

import pytest

import harness
import wire_message as wire
import wire_reply

LISTED = wire.query()
COOKIE_SECRET = "e5e973e5a6b2a43f48e7dc849e37bfcf"


def kind(data, message=LISTED):
    return wire_reply.read(data, message).kind()


@pytest.fixture
def site(tmp_path):
    with harness.served(tmp_path) as found:
        yield found


def run_daemon(*arguments):
    command = [str(harness.BINARIES / "fairlistd"), *map(str, arguments)]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=harness.PATIENCE_S)


# ---- The command line and what can be wrong at the start ----------------------------------------

def test_version_and_help():
    version = run_daemon("--version")
    assert version.returncode == 0 and version.stdout.startswith("fairlistd ")
    help_text = run_daemon("--help")
    assert help_text.returncode == 0
    for option in ("--config", "--check", "--ports-file", "--version"):
        assert option in help_text.stdout


@pytest.mark.parametrize("arguments", [["--bogus"], ["--config"], ["file-without-option"]])
def test_wrong_command_line(arguments):
    done = run_daemon(*arguments)
    assert done.returncode == 2 and done.stderr


def test_check_tells_every_fault_with_its_place(tmp_path):
    site = harness.Site(tmp_path)
    assert run_daemon("--check", "--config", site.config).returncode == 0
    site.config.write_text(site.config.read_text().replace('lists = ["dbl"]', 'lists = ["dlb"]')
                           .replace("workers = 1", "wrokers = 1"))
    done = run_daemon("--check", "--config", site.config)
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert any(f"{site.config}:7:" in line and "wrokers" in line for line in lines), lines
    assert any("dlb" in line for line in lines), lines
    assert lines[-1] == "2 errors"


def test_faulty_config_is_no_start(tmp_path):
    site = harness.Site(tmp_path)
    site.config.write_text("[server]\nlisten = 7\n")
    done = run_daemon("--config", site.config)
    assert done.returncode == 1 and f"{site.config}:2:" in done.stderr


def test_missing_store_says_what_to_do(tmp_path):
    site = harness.Site(tmp_path)
    done = run_daemon("--config", site.config)
    assert done.returncode == 1 and "fairlist init" in done.stderr


def test_taken_port_is_no_start(site, tmp_path):
    other = harness.Site(tmp_path / "other", listen=[f"127.0.0.1:{site.port}"])
    other.fill()
    done = run_daemon("--config", other.config)
    assert done.returncode == 1
    assert f"127.0.0.1:{site.port}: cannot bind UDP: Address already in use" in done.stderr
    assert kind(site.udp(LISTED)) == "OK"


def test_log_names_the_ports(site):
    log = site.log.read_text()
    assert f"listening on udp 127.0.0.1:{site.port}" in log
    assert f"listening on tcp 127.0.0.1:{site.port}" in log


# ---- Addresses ----------------------------------------------------------------------------------

def test_two_listeners(tmp_path):
    with harness.served(tmp_path, listen=["127.0.0.1:0", "[::1]:0"], workers=2) as site:
        assert len(site.ports) == 2
        for address, port in zip(("127.0.0.1", "::1"), site.ports):
            assert kind(site.udp(LISTED, address, port)) == "OK"
            with harness.tcp_socket(address, port) as client:
                client.sendall(harness.framed(LISTED))
                assert kind(harness.read_framed(client)) == "OK"


@pytest.mark.parametrize("listen, asked", [
    pytest.param("0.0.0.0:0", ["127.0.0.2", "127.0.0.3", "127.0.0.1"], id="v4"),
    pytest.param("[::]:0", ["::1"], id="v6"),
])
def test_wildcard_answers_from_the_address_that_was_asked(tmp_path, listen, asked):
    with harness.served(tmp_path, listen=[listen], workers=2) as site:
        family = socket.AF_INET6 if ":" in asked[0] else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as client:
            client.settimeout(harness.PATIENCE_S)
            for address in asked:
                client.sendto(LISTED, (address, site.port))
                data, source = client.recvfrom(65535)
                assert source[:2] == (address, site.port)
                assert kind(data) == "OK"


# ---- Changes ------------------------------------------------------------------------------------

def test_a_change_is_in_the_next_answer(site):
    question = wire.query("20.100.51.198." + wire.APEX)
    for _ in range(20):
        assert kind(site.udp(question), question) == "NXD"
        site.cli("add", "sbl", "198.51.100.20")
        assert kind(site.udp(question), question) == "OK"
        site.cli("remove", "sbl", "198.51.100.20")


class Asker(threading.Thread):
    """Asks one question after the other, and notes every one that was not answered as it should."""

    def __init__(self, site, message=LISTED, wanted="OK"):
        super().__init__(daemon=True)
        self.site, self.message, self.wanted = site, message, wanted
        self.ending = threading.Event()
        self.asked = 0
        self.wrong = []

    def run(self):
        # One socket for each question: the kernel spreads them over the workers.
        while not self.ending.is_set():
            self.asked += 1
            try:
                found = kind(self.site.udp(self.message), self.message)
            except OSError as error:
                found = str(error)
            if found != self.wanted:
                self.wrong.append(found)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        self.join()


def test_reload_loses_no_query(tmp_path):
    with harness.served(tmp_path, workers=2) as site:
        extra = '\n[[zone]]\nname = "more.bl.example"\nlists = ["sbl"]\nns = ["ns1.bl.example"]\n'
        question = wire.query("2.0.0.127.more.bl.example")
        base = site.config.read_text()
        with Asker(site) as asker:
            for number in range(50):
                has_zone = number % 2 == 0
                site.config.write_text(base + (extra if has_zone else ""))
                site.reload()
                assert kind(site.udp(question), question) == ("OK" if has_zone else "REFUSED")
        assert asker.asked > 50 and asker.wrong == []


def test_faulty_reload_changes_nothing(site):
    base = site.config.read_text()
    site.config.write_text(base.replace('lists = ["dbl"]', 'lists = ["dlb"]')
                           .replace("workers = 1", "wrokers = 1"))
    site.reload("the running configuration was not changed")
    log = site.log.read_text()
    assert f"{site.config}:7:" in log and "wrokers" in log and "dlb" in log
    assert kind(site.udp(LISTED)) == "OK"
    domain = wire.query("bad.example.dbl.bl.example")
    assert kind(site.udp(domain), domain) == "OK"
    site.config.write_text(base)
    site.reload()


def test_a_list_of_another_kind_is_refused(site):
    good = site.config.read_text()
    site.config.write_text(good.replace('kind = "domain"', 'kind = "hash"'))
    site.reload("the running configuration was not changed")
    assert "the store holds domain entries, the configuration says hash" in site.log.read_text()
    check = run_daemon("--check", "--config", site.config)
    assert check.returncode == 1 and "give the new list another name" in check.stderr
    assert kind(site.udp(LISTED)) == "OK"
    site.config.write_text(good)
    site.reload()


def test_an_unknown_list_is_refused_until_it_is_made_known(site):
    good = site.config.read_text()
    site.config.write_text(good.replace('lists = ["dbl"]', 'lists = ["dbl", "new"]')
                           + '\n[[list]]\nname = "new"\nkind = "domain"\n')
    site.reload("the running configuration was not changed")
    assert 'list "new": the store does not know it' in site.log.read_text()
    assert "new lists: new" in site.cli("init")
    site.reload()


def test_reload_tells_what_needs_a_restart(site):
    site.configure(listen=["127.0.0.1:0", "[::1]:0"], workers=3)
    site.reload()
    assert site.log_says("server.listen has changed: needs a restart")
    assert site.log_says("server.workers has changed: needs a restart")
    assert kind(site.udp(LISTED)) == "OK"


def test_reload_changes_the_tcp_limits(site):
    site.configure(limits="tcp_idle_timeout_ms = 100")
    site.reload()
    with harness.tcp_socket("127.0.0.1", site.port) as client:
        assert harness.read_exactly(client, 1) == b""


def test_log_file_is_opened_again_at_reload(tmp_path):
    site = harness.Site(tmp_path)
    log = tmp_path / "to-rotate.log"
    site.config.write_text(site.config.read_text() + f'\n[log]\nfile = "{log}"\n')
    try:
        site.fill()
        site.start()
        assert "listening on udp" in log.read_text()
        log.rename(tmp_path / "rotated.log")
        site.signal(signal.SIGHUP)
        harness.wait_until(lambda: log.exists() and "is in force" in log.read_text(),
                           "the new log file")
        assert site.stop() == 0
        assert "stopped" in log.read_text()
    finally:
        site.end()


def test_counters_are_logged(site):
    for _ in range(3):
        site.udp(LISTED)
    site.signal(signal.SIGUSR1)
    harness.wait_until(lambda: site.log_says("counters: queries=3 noerror=3"), "the counters")


# ---- Stopping and being stopped -----------------------------------------------------------------

@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stop_answers_what_is_in_hand(tmp_path, number):
    """What had reached the sockets before the signal, while the daemon could not run."""
    with harness.served(tmp_path, workers=2) as site, contextlib.ExitStack() as stack:
        streams = [stack.enter_context(harness.tcp_socket("127.0.0.1", site.port))
                   for _ in range(10)]
        for stream in streams:  # they are accepted, not only queued
            stream.sendall(harness.framed(LISTED))
            assert kind(harness.read_framed(stream)) == "OK"
        site.signal(signal.SIGSTOP)
        peers = [stack.enter_context(harness.udp_socket("127.0.0.1", site.port))
                 for _ in range(500)]
        for peer in peers:
            peer.send(LISTED)
        for stream in streams:
            stream.sendall(harness.framed(LISTED) * 3)
        late = stack.enter_context(harness.tcp_socket("127.0.0.1", site.port))
        late.sendall(harness.framed(LISTED))
        site.signal(number)
        site.signal(signal.SIGCONT)
        assert [kind(peer.recv(65535)) for peer in peers] == ["OK"] * 500
        for stream in streams:
            assert [kind(harness.read_framed(stream)) for _ in range(3)] == ["OK"] * 3
            assert harness.read_framed(stream) is None
        assert kind(harness.read_framed(late)) == "OK"
        assert site.process.wait(harness.PATIENCE_S) == 0
        assert site.log_says("stopped: ")


def test_stop_under_load_is_orderly(tmp_path):
    with harness.served(tmp_path, workers=2) as site:
        ending = threading.Event()

        def flood():
            # So many on their way at once that the workers always have some, and none is lost.
            with harness.udp_socket("127.0.0.1", site.port) as client:
                client.settimeout(0.1)
                while not ending.is_set():
                    with contextlib.suppress(OSError):
                        for _ in range(50):
                            client.send(LISTED)
                        for _ in range(50):
                            client.recv(65535)

        threads = [threading.Thread(target=flood, daemon=True) for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(100):
                site.udp(LISTED)
            assert site.stop() == 0
        finally:
            ending.set()
            for thread in threads:
                thread.join()


def test_killed_and_started_again(site):
    """No rest of a killed daemon, nor of several, is in the way of the next one."""
    for number in range(5):
        site.udp(LISTED)
        site.process.kill()
        assert site.process.wait(harness.PATIENCE_S) == -signal.SIGKILL
        site.start()
        assert kind(site.udp(LISTED)) == "OK"
        site.cli("add", "sbl", f"198.51.100.{100 + number}")
        question = wire.query(f"{100 + number}.100.51.198." + wire.APEX)
        assert kind(site.udp(question), question) == "OK"


# ---- systemd ------------------------------------------------------------------------------------

class Supervisor:
    """The end of NOTIFY_SOCKET that systemd has."""

    def __init__(self, folder):
        self.path = str(folder / "notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.socket.settimeout(harness.PATIENCE_S)

    def hear(self):
        text = self.socket.recv(65535).decode()
        return dict(line.split("=", 1) for line in text.splitlines())

    def hear_until(self, key):
        for _ in range(1000):
            found = self.hear()
            if key in found:
                return found
        raise AssertionError(f"no {key}")


def test_systemd_is_told(tmp_path):
    supervisor = Supervisor(tmp_path)
    site = harness.Site(tmp_path / "site")
    site.fill()
    try:
        site.start(env=dict(os.environ, NOTIFY_SOCKET=supervisor.path, WATCHDOG_USEC="200000"))
        ready = supervisor.hear_until("READY")
        assert ready["READY"] == "1" and ready["STATUS"].startswith("answering")
        assert supervisor.hear_until("WATCHDOG")["WATCHDOG"] == "1"
        before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        site.signal(signal.SIGHUP)
        reloading = supervisor.hear_until("RELOADING")
        after = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        assert before <= int(reloading["MONOTONIC_USEC"]) <= after
        assert supervisor.hear_until("READY")["READY"] == "1"
        site.signal(signal.SIGTERM)
        assert supervisor.hear_until("STOPPING")["STOPPING"] == "1"
        assert site.process.wait(harness.PATIENCE_S) == 0
    finally:
        site.end()


# ---- Limits -------------------------------------------------------------------------------------

def flood(site, message, count, end):
    """How many of `count` questions from one socket come back as what. `end` is one more question,
    of a class without a limit: its answer comes behind all others. At most 200 at once: they have to
    fit in the receive buffer."""
    found = {}
    end = wire.with_id(end, 0x7E57)
    with harness.udp_socket("127.0.0.1", site.port) as client:
        for _ in range(count):
            client.send(message)
        client.send(end)
        while (data := client.recv(65535))[:2] != end[:2]:
            word = kind(data, message)
            found[word] = found.get(word, 0) + 1
    return found


OUTSIDE = wire.query("www.example.org")


def test_rate_limits_answer_with_tc(tmp_path):
    limits = "rate_positive = 5\nrate_nxdomain = 20\nrate_error = 0\nrate_slip = 2"
    with harness.served(tmp_path, limits=limits) as site:
        found = flood(site, LISTED, 100, OUTSIDE)
        assert 5 <= found["OK"] <= 60 and found["TC"] == (100 - found["OK"]) // 2
        unlisted = wire.query(wire.UNLISTED)
        found = flood(site, unlisted, 100, OUTSIDE)
        assert 20 <= found["NXD"] <= 90 and found["TC"] == (100 - found["NXD"]) // 2
        # Over TCP, where they were sent to, they are answered.
        with harness.tcp_socket("127.0.0.1", site.port) as client:
            client.sendall(harness.framed(LISTED) * 100)
            assert [kind(harness.read_framed(client)) for _ in range(100)] == ["OK"] * 100


def test_errors_are_limited_by_default(tmp_path):
    """100 a second, and of the rest every second one: an error cannot be cut to less."""
    with harness.served(tmp_path, limits="") as site:
        found = flood(site, wire.header(), 200, LISTED)
        assert set(found) == {"FORMERR"} and 150 <= found["FORMERR"] < 200


def test_cookies_are_shared_and_lift_the_limit(tmp_path):
    """Two servers with one secret accept each other's cookies (RFC 9018 section 5)."""
    secret = tmp_path / "cookie.secret"
    secret.write_text(COOKIE_SECRET + "\n")
    server = f'cookie_secret_file = "{secret}"'
    limits = "rate_positive = 1\nrate_slip = 0\nrate_error = 0"
    with harness.served(tmp_path / "a", server=server, limits=limits) as first, \
            harness.served(tmp_path / "b", server=server, limits=limits) as second:
        message = wire.edns(wire.option(wire.COOKIE, b"12345678"))
        cookie = wire_reply.read(first.udp(message), message).option(wire.COOKIE)
        known = wire.edns(wire.option(wire.COOKIE, cookie))
        assert flood(second, known, 100, OUTSIDE) == {"OK": 100}
        assert flood(second, LISTED, 100, OUTSIDE).get("OK", 0) <= 5


def test_tcp_connections_per_client(tmp_path):
    limits = "tcp_connections_per_client = 3"
    with harness.served(tmp_path, limits=limits) as site, contextlib.ExitStack() as stack:
        clients = [stack.enter_context(harness.tcp_socket("127.0.0.1", site.port))
                   for _ in range(3)]
        for client in clients:
            client.sendall(harness.framed(LISTED))
            assert kind(harness.read_framed(client)) == "OK"
        one_more = stack.enter_context(harness.tcp_socket("127.0.0.1", site.port))
        assert harness.read_exactly(one_more, 1) == b""
        clients[0].sendall(harness.framed(LISTED))
        assert kind(harness.read_framed(clients[0])) == "OK"


def test_idle_tcp_connections_are_in_nobodys_way(tmp_path):
    """5000 of them, or what the descriptor limit allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 5000 if hard == resource.RLIM_INFINITY else min(5000, hard - 200)
    limits = f"tcp_connections = {wanted + 100}\ntcp_connections_per_client = {wanted + 100}\n" \
             "tcp_idle_timeout_ms = 600000"
    usual = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted + 200, hard))
    try:
        with harness.served(tmp_path, limits=limits) as site, contextlib.ExitStack() as stack:
            idle = [stack.enter_context(harness.tcp_socket("127.0.0.1", site.port))
                    for _ in range(wanted)]
            for _ in range(1000):
                assert kind(site.udp(LISTED)) == "OK"
            idle[-1].sendall(harness.framed(LISTED))
            assert kind(harness.read_framed(idle[-1])) == "OK"
            site.signal(signal.SIGUSR1)
            harness.wait_until(lambda: site.log_says(f"tcp_open={wanted}"), "the counters")
            assert site.stop() == 0
            assert harness.read_exactly(idle[0], 1) == b""
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, usual)


def test_no_descriptors_left_for_tcp(tmp_path):
    """accept() fails then: UDP and the connections that there are go on, and no processor is burnt."""
    site = harness.Site(tmp_path)
    site.fill()
    try:
        site.start(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40)))
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(harness.tcp_socket("127.0.0.1", site.port))
                       for _ in range(60)]
            clients[0].sendall(harness.framed(LISTED))
            assert kind(harness.read_framed(clients[0])) == "OK"
            used = processor_seconds(site.process.pid)
            select.select([], [], [], 1)
            assert processor_seconds(site.process.pid) - used < 0.5
            assert kind(site.udp(LISTED)) == "OK"
            # Descriptors that are freed go to those who wait.
            for client in clients[:30]:
                client.close()
            clients[45].sendall(harness.framed(LISTED))
            assert kind(harness.read_framed(clients[45])) == "OK"
        assert site.stop() == 0
    finally:
        site.end()


def processor_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_an_idle_daemon_uses_no_processor(site):
    used = processor_seconds(site.process.pid)
    select.select([], [], [], 1)
    assert processor_seconds(site.process.pid) - used <= 0.05


def test_tcp_answers_match_udp_for_long_text(site):
    message = wire.edns(b"", wire.BIG, wire.TXT, size=65535)
    assert kind(site.udp(message), message) == "TC"
    with harness.tcp_socket("127.0.0.1", site.port) as client:
        client.sendall(harness.framed(message))
        reply = wire_reply.read(harness.read_framed(client), message)
    assert reply.kind() == "OK" and len(reply.answer) == 8
    sizes = {struct.unpack("!B", record.rdata[:1])[0] for record in reply.answer}
    assert sizes == {len(harness.BIG_TEXT) + 1}
