"""Restarts and stops of a daemon that takes in: what connects is not refused, what was acknowledged
stays, nothing holds up the end."""

import contextlib
import re
import signal
import smtplib
import socket
import subprocess
import time

import pytest

import dkim_signer
import harness
import interop_site
import restart_test
import trap_site
from trap_site import message, sender


@pytest.fixture
def site(tmp_path):
    with trap_site.served(tmp_path) as found:
        yield found


def fixed_ports():
    return {name: [f"127.0.0.1:{interop_site.free_port()}"] for name in ("lmtp", "http")}


def test_a_restart_goes_on_taking(tmp_path):
    with trap_site.served(tmp_path, **fixed_ports()) as site:
        ports, pid = (site.ports, site.lmtp_port, site.http_port), site.process.pid
        site.deliver(sender(1), message(1))
        site.restart()
        assert ports == (site.ports, site.lmtp_port, site.http_port)
        assert site.process.poll() is None and site.process.pid == pid
        site.deliver(sender(2), message(2))
        site.post("/v1/hits", trap_site.hit("203.0.113.5"))
        site.wait_until_listed(sender(1), sender(2), "203.0.113.5")
        assert site.doctor()["hits"] == 3
        assert site.stop() == 0


def test_a_restart_refuses_no_connection(tmp_path):
    with trap_site.served(tmp_path, **fixed_ports()) as site:
        for number in range(3):
            site.ports_file.unlink()
            site.signal(signal.SIGUSR2)
            deliveries = 0
            while not site.ports_file.exists():
                # 421: the old daemon takes no more; who connects is never refused.
                with contextlib.suppress(smtplib.SMTPServerDisconnected,
                                         smtplib.SMTPResponseException):
                    site.deliver(sender(number), message(number))
                    deliveries += 1
                with harness.tcp_socket("127.0.0.1", site.http_port):
                    pass
            site.deliver(sender(number), message(number))
        site.wait_until_listed(*map(sender, range(3)))
        assert site.doctor()["hits"] == 3


def test_what_would_not_start_does_not_restart(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken, trap_site.served(tmp_path) as site:
        for name in ("lmtp", "http"):
            site.configure(**{"lmtp": trap_site.LOOPBACK, "http": trap_site.LOOPBACK,
                              name: [f"127.0.0.1:{taken.getsockname()[1]}"]})
            before = len(site.log.read_text())
            site.signal(signal.SIGUSR2)
            harness.wait_until(lambda: site.log_says("no restart, going on as before", before),
                               "the refusal")
            assert site.log_says("Address already in use", before)
        site.deliver("198.51.100.7")
        site.wait_until_listed("198.51.100.7")


def test_stop_while_a_mail_is_being_sent(site):
    with site.client() as idle, site.client() as sending:
        sending.check(sending.smtp.mail("bounce@spam.example"))
        sending.check(sending.smtp.rcpt(trap_site.TRAP))
        assert sending.smtp.docmd("DATA")[0] == 354
        sending.smtp.send(message(1))  # without its end
        assert site.stop() == 0
        for client in (idle, sending):
            assert client.smtp.getreply()[0] == 421
    assert site.doctor()["hits"] == 0


def test_stop_with_mails_that_wait_for_a_resolver(tmp_path):
    """A look-up that no server answers takes seconds, and there are many: none holds up the end."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        signer = dkim_signer.Signer()
        with trap_site.served(tmp_path, resolver=silent.getsockname()[1]) as site:
            with site.client() as client:
                for number in range(30):
                    client.deliver(sender(number), signer.sign(message(number), f"sel{number}"))
            # Not the first lot, which may be of one mail.
            silent.settimeout(harness.PATIENCE_S)
            asked = b""
            while not re.search(b"sel[3-9]", asked):
                asked = silent.recv(65535)
            started = time.monotonic()
            assert site.stop() == 0
            assert time.monotonic() - started < harness.PATIENCE_S
            # Nothing was lost: they wait in the vault.
            site.configure(resolver=9)
            site.start()
            site.deliver(sender(100), message(100))
            site.wait_until_listed(sender(100))
            site.check_life()


# ---- Unix sockets and TLS -----------------------------------------------------------------------

def over_unix(site, number):
    """A mail over the Unix socket, whose peers are believed."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(harness.PATIENCE_S)
        connection.connect(str(site.folder / "lmtp.sock"))
        with connection.makefile("rwb") as lines:
            for command, code in [
                    (b"", b"220"), (b"LHLO mx.trap.example\r\n", b"250"),
                    (f"XFORWARD ADDR=IPV6:{sender(number)}\r\n".encode(), b"250"),
                    (b"MAIL FROM:<>\r\n", b"250"),
                    (f"RCPT TO:<{trap_site.TRAP}>\r\n".encode(), b"250"), (b"DATA\r\n", b"354"),
                    (message(number) + b".\r\n", b"250")]:
                lines.write(command)
                lines.flush()
                while (said := lines.readline())[3:4] == b"-":
                    pass
                assert said.startswith(code), (command, said)


def curl(site, *words):
    done = subprocess.run([interop_site.program("curl"), "--silent", "--show-error", "--max-time", "20",
                           "--write-out", "%{http_code}", "--output", "/dev/null", *words],
                          capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else done.stderr


def test_unix_sockets_outlive_kills_and_restarts(tmp_path):
    with trap_site.served(tmp_path, trap='socket = "lmtp.sock"', http_more='socket = "http.sock"',
                          http=[]) as site:
        over_unix(site, 0)
        site.kill()
        site.start()
        over_unix(site, 1)
        site.restart()
        over_unix(site, 2)
        assert curl(site, "--unix-socket", str(site.folder / "http.sock"),
                    "http://localhost/v1/health") == "200"
        site.wait_until_listed(*map(sender, range(3)))
        assert site.doctor()["hits"] == 3


def make_certificate(folder, name):
    subprocess.run([interop_site.program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes",
                    "-days", "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-keyout", folder / "key.pem", "-out", folder / f"{name}.pem"],
                   check=True, capture_output=True)
    (folder / "cert.pem").write_bytes((folder / f"{name}.pem").read_bytes())


def test_a_new_certificate_by_sighup(tmp_path):
    make_certificate(tmp_path, "first")
    with trap_site.served(tmp_path, http_more='certificate = "cert.pem"\nkey = "key.pem"') as site:
        def asked(certificate):
            return curl(site, "--cacert", str(tmp_path / f"{certificate}.pem"),
                        f"https://127.0.0.1:{site.http_port}/v1/health")
        assert asked("first") == "200"
        make_certificate(tmp_path, "second")
        site.reload()
        assert asked("second") == "200" and asked("first") != "200"
        (tmp_path / "cert.pem").write_text("no certificate")
        site.reload("the running configuration was not changed")
        assert asked("second") == "200"
        site.signal(signal.SIGUSR2)
        harness.wait_until(lambda: site.log_says("no restart, going on as before"), "the refusal")
        assert asked("second") == "200"


# ---- A supervisor -------------------------------------------------------------------------------

@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_a_supervisor_keeps_the_sockets(tmp_path, ending):
    site = trap_site.TrapSite(tmp_path / "site", **fixed_ports())
    site.fill()
    with restart_test.Supervisor(tmp_path) as supervisor:
        try:
            restart_test.start_supervised(site, supervisor)
            site.read_ports()
            names = {name for name, _ in supervisor.store}
            assert {f"tcp-127.0.0.1_{port}" for port in
                    (site.port, site.lmtp_port, site.http_port)} < names
            site.signal(ending)
            site.process.wait(harness.PATIENCE_S)
            # Nobody is there: who connects waits.
            with harness.tcp_socket("127.0.0.1", site.lmtp_port) as waiting:
                restart_test.start_supervised(site, supervisor)
                assert waiting.recv(3) == b"220"
            site.deliver(sender(1), message(1))
            site.wait_until_listed(sender(1))
        finally:
            site.end()
