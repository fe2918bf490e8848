"""AF_XDP over a link between two namespaces: what it answers, what it leaves to the kernel, what
becomes of it."""

import os
import re
import shutil
import signal
import socket
import struct
import subprocess

import pytest

import harness
import wire_cases
import wire_message as wire
import wire_reply
import wire_test
import xdp_link

pytestmark = pytest.mark.skipif(os.geteuid() != 0,
                                reason="only root may make network namespaces")

LISTED = wire.query(ident=0x0101)
OURS = (f"{xdp_link.SERVER}:0", f"[{xdp_link.SERVER_V6}]:0")
CAPABILITIES = {12: "CAP_NET_ADMIN", 13: "CAP_NET_RAW", 39: "CAP_BPF"}


def table(**keys):
    """[server.xdp]"""
    lines = [f'{key} = {str(value).lower() if isinstance(value, bool) else repr(value)}'
             for key, value in {"interface": xdp_link.SERVER_PORT, **keys}.items()]
    return "\n".join(["[server.xdp]", *lines]).replace("'", '"')


class XdpSite(harness.Site):
    """A daemon on the server's end of the link."""

    def __init__(self, folder, link, **settings):
        self.link = link
        super().__init__(folder, **{"listen": OURS, "server": table(), **settings})

    def start(self, prefix=(), **popen):
        super().start(["ip", "netns", "exec", self.link.server, *prefix], **popen)

    def socket(self, address=xdp_link.SERVER, namespace=None, port=None):
        with xdp_link.inside(namespace or self.link.client):
            index = 1 if ":" in address and len(self.ports) > 1 else 0
            return harness.udp_socket(address, port or self.ports[index])

    def ask(self, message, address=xdp_link.SERVER, namespace=None):
        with self.socket(address, namespace) as client:
            client.send(message)
            return client.recv(65535)

    def counters(self):
        before = len(self.log.read_text())
        self.signal(signal.SIGUSR1)
        harness.wait_until(lambda: re.search(r"counters: .*\n", self.log.read_text()[before:]),
                           "the counters")
        line = re.search(r"counters: (.*)\n", self.log.read_text()[before:])[1]
        return {key: int(value) for key, value in (word.split("=") for word in line.split())}

    def frames(self):
        return self.counters().get("xdp_frames", 0)


@pytest.fixture(scope="module")
def shared_link():
    """For `site` alone: an interface takes one program."""
    with xdp_link.linked(f"fl{os.getpid()}a") as found:
        yield found


@pytest.fixture(scope="module")
def link():
    with xdp_link.linked(f"fl{os.getpid()}b") as found:
        yield found


class Served:
    """with Served(...) as site"""

    def __init__(self, folder, link, **settings):
        self.site = XdpSite(folder, link, **settings)

    def __enter__(self):
        try:
            self.site.fill()
            self.site.start()
        except BaseException:
            self.site.end()
            raise
        return self.site

    def __exit__(self, *_):
        self.site.end()


@pytest.fixture(scope="module")
def site(shared_link, tmp_path_factory):
    with Served(tmp_path_factory.mktemp("xdp"), shared_link,
                server='nsid = "wire"\n' + table()) as found:
        yield found
        assert found.stop() == 0, found.log.read_text()
        text = found.log.read_text()
        assert " error: " not in text and " warning: " not in text
        assert not shared_link.has_program()


class Peer(wire_test.UdpPeer):
    def __init__(self, client):
        self.socket = client
        client.send(wire_test.SENTINEL)
        self.sentinel_reply = client.recv(65535)


@pytest.fixture(scope="module", params=[xdp_link.SERVER, xdp_link.SERVER_V6], ids=["v4", "v6"])
def peers(request, site):
    """By way of the link, and from the server's own namespace, which no frame leaves."""
    with site.socket(request.param) as far, site.socket(request.param, site.link.server) as near:
        yield Peer(far), Peer(near)


def neutral(reply):
    """Without the server's part of a cookie, which depends on the client's address and the time."""
    at = reply.find(struct.pack("!2H", wire.COOKIE, 24))
    return reply if at < 0 else reply[:at + 12] + b"\0" * 16 + reply[at + 28:]


def test_it_says_how_it_serves(site):
    text = site.log.read_text()
    assert f"answering by AF_XDP on {xdp_link.SERVER_PORT}: native mode, copies, 1 of 1 queues" \
        in text
    assert site.link.has_program()


@pytest.mark.parametrize("row", wire_cases.UDP, ids=repr)
def test_every_row_as_the_sockets_answer_it(peers, row):
    far, near = peers
    replies = far.ask(row.message)
    wire_test.check(row, row.wanted, replies)
    assert [neutral(reply) for reply in replies] == \
        [neutral(reply) for reply in near.ask(row.message)]


def test_the_frames_are_counted_where_they_came(site):
    before = site.counters()
    with site.socket() as far, site.socket(namespace=site.link.server) as near:
        for client, asked in ((far, 100), (near, 10)):
            for number in range(asked):
                client.send(wire.query(ident=number))
                client.recv(65535)
    after = site.counters()
    assert after["xdp_frames"] - before.get("xdp_frames", 0) == 100
    assert after["queries"] - before["queries"] == 110
    assert "xdp_lost" not in after


def test_many_at_once(site):
    before = site.frames()
    with site.socket() as client:
        replies = Peer(client).ask_many([wire.query(ident=ident) for ident in range(20000)])
    assert len(replies) == 20000
    assert {wire_reply.Reply(data).kind() for data in replies.values()} == {"OK"}
    assert site.frames() - before == 20001


def test_idle_it_uses_no_processor(site):
    def used():
        fields = open(f"/proc/{site.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    before = used()
    with pytest.raises(subprocess.TimeoutExpired):
        site.process.wait(1)
    assert used() - before <= 0.05


def test_no_thread_keeps_the_rights_of_the_start(site):
    tasks = f"/proc/{site.process.pid}/task"
    names = []
    for task in os.listdir(tasks):
        status = open(f"{tasks}/{task}/status").read()
        names.append(re.search(r"Name:\s*(.*)", status)[1])
        for kind in ("CapEff", "CapPrm", "CapInh", "CapAmb"):
            value = int(re.search(rf"{kind}:\s*([0-9a-f]+)", status)[1], 16)
            held = [name for bit, name in CAPABILITIES.items() if value >> bit & 1]
            assert not held, f"{names[-1]}: {kind}"
    assert "xdp-0" in names


class Frames:
    """Frames that no socket would send, and what comes back to a socket of the client."""

    def __init__(self, site, address=xdp_link.SERVER):
        self.site = site
        self.client = site.socket(address)
        self.port = self.client.getpeername()[1]
        self.source = self.client.getsockname()[1]
        self.raw = site.link.raw()
        self.macs = site.link.mac(site.link.server, xdp_link.SERVER_PORT) + \
            site.link.mac(site.link.client, xdp_link.CLIENT_PORT)
        self.type = b"\x86\xdd" if ":" in address else b"\x08\x00"
        # The answers of the kernel find their way only when it knows the client's address.
        self.client.send(wire_test.SENTINEL)
        self.sentinel_reply = self.client.recv(65535)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.close()
        self.raw.close()

    def answered(self, *packets, wanted=0, macs=None, tag=b""):
        """Sends, and returns what comes back: at least `wanted` answers, and those before the one
        to a good question behind."""
        for packet in packets:
            self.raw.send((macs or self.macs) + tag + self.type + packet)
        self.client.send(wire_test.SENTINEL)
        replies, is_done = [], False
        # The good question may overtake what the kernel has in hand.
        while not is_done or len(replies) < wanted:
            data = self.client.recv(65535)
            if data == self.sentinel_reply:
                is_done = True
            else:
                replies.append(data)
        return [wire_reply.read(reply, LISTED).kind() for reply in replies]

    def passed(self, *packets, wanted=0, **how):
        """As answered(), and that only the good question went by AF_XDP."""
        before = self.site.frames()
        replies = self.answered(*packets, wanted=wanted, **how)
        assert self.site.frames() - before == 1
        return replies


def test_options_and_fragments_are_answered_by_the_sockets(site):
    with Frames(site) as frames:
        datagram = xdp_link.udp_v4(frames.source, frames.port, LISTED)
        before = site.frames()
        assert frames.answered(xdp_link.ipv4(datagram)) == ["OK"]
        assert site.frames() - before == 2
        options = xdp_link.ipv4(datagram, options=b"\x01" * 4)
        assert frames.passed(options, wanted=1) == ["OK"]
        cut = 16
        assert frames.passed(xdp_link.ipv4(datagram[:cut], fragment=0x2000, ident=99),
                             xdp_link.ipv4(datagram[cut:], fragment=cut // 8, ident=99),
                             wanted=1) == ["OK"]
        # The first fragment holds a whole header that names our port.
        assert frames.passed(xdp_link.ipv4(datagram[:40], fragment=0x2000, ident=100)) == []


def test_extension_headers_are_answered_by_the_sockets(site):
    with Frames(site, xdp_link.SERVER_V6) as frames:
        datagram = xdp_link.udp_v6(frames.source, frames.port, LISTED)
        padding = struct.pack("!4B", 17, 0, 1, 4) + b"\0" * 4  # RFC 8200 section 4.2: PadN
        before = site.frames()
        assert frames.answered(xdp_link.ipv6(datagram)) == ["OK"]
        assert site.frames() - before == 2
        options = xdp_link.ipv6(padding + datagram, next_header=60)
        assert frames.passed(options, wanted=1) == ["OK"]
        whole = struct.pack("!2BHL", 17, 0, 0, 7)  # a fragment header around one whole datagram
        fragment = xdp_link.ipv6(whole + datagram, next_header=44)
        assert frames.passed(fragment, wanted=1) == ["OK"]


def test_what_is_odd_passes_and_gets_no_answer(site):
    with Frames(site) as frames:
        datagram = xdp_link.udp_v4(frames.source, frames.port, LISTED)
        good = xdp_link.ipv4(datagram)
        other_host = b"\x02\x00\x00\x00\x00\x01" + frames.macs[6:]
        assert frames.passed(good[:-1]) == []
        assert frames.passed(good[:20]) == []
        assert frames.passed(good[:5]) == []
        assert frames.passed(xdp_link.ipv4(datagram, total=19)) == []
        assert frames.passed(xdp_link.ipv4(datagram, protocol=136)) == []
        assert frames.passed(good, macs=other_host) == []
        assert frames.passed(good, tag=b"\x81\x00\x00\x05") == []


def test_a_wrong_checksum_gets_no_answer(site):
    with Frames(site) as frames:
        before = site.counters()
        bad = xdp_link.udp_v4(frames.source, frames.port, LISTED, checksum_offset=1)
        assert frames.answered(xdp_link.ipv4(bad)) == []
        packet = bytearray(xdp_link.ipv4(xdp_link.udp_v4(frames.source, frames.port, LISTED)))
        packet[10] ^= 0x40
        assert frames.answered(bytes(packet)) == []
        after = site.counters()
        assert after["dropped"] - before.get("dropped", 0) == 2
        assert after["xdp_frames"] - before.get("xdp_frames", 0) == 4


def test_other_ports_and_tcp_reach_the_kernel(site):
    before = site.frames()
    for address in (xdp_link.SERVER, xdp_link.SERVER_V6):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with xdp_link.inside(site.link.server):
            other = socket.socket(family, socket.SOCK_DGRAM)
        with other:
            other.settimeout(harness.PATIENCE_S)
            other.bind((address, 0))
            with site.socket(address, port=other.getsockname()[1]) as client:
                client.send(LISTED)
                data, sender = other.recvfrom(65535)
                assert data == LISTED
                other.sendto(b"here", sender)
                assert client.recv(65535) == b"here"
        with xdp_link.inside(site.link.client):
            client = harness.tcp_socket(address, site.ports[1 if ":" in address else 0])
        with client:
            client.sendall(harness.framed(LISTED))
            assert wire_reply.read(harness.read_framed(client), LISTED).kind() == "OK"
    assert site.frames() == before


def test_the_same_port_of_another_address_is_not_ours(site):
    before = site.frames()
    with xdp_link.inside(site.link.server):
        other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with other:
        other.settimeout(harness.PATIENCE_S)
        other.bind((xdp_link.SERVER_TOO, site.port))
        with site.socket(xdp_link.SERVER_TOO) as client:
            client.send(LISTED)
            assert other.recv(65535) == LISTED
    assert site.frames() == before


def test_no_answer_is_longer_than_the_link_takes(link, tmp_path):
    message = wire.edns(b"", wire.BIG, wire.TXT, size=65535)
    with Served(tmp_path, link, server="udp_payload_bytes_max = 4096\n" + table()) as site:
        for address, headers in ((xdp_link.SERVER, 28), (xdp_link.SERVER_V6, 48)):
            reply = site.ask(message, address)
            assert wire_reply.read(reply, message).kind() == "TC" and len(reply) <= 1500 - headers
            reply = site.ask(message, address, namespace=link.server)
            assert wire_reply.read(reply, message).kind() == "OK" and len(reply) > 2000
        assert site.frames() == 2


@pytest.mark.parametrize("keys, wanted", [
    pytest.param({"mode": "native"}, "native mode", id="native"),
    pytest.param({"mode": "generic"}, "generic mode, copies", id="generic"),
    pytest.param({"zero_copy": "never"}, "copies", id="copies"),
    pytest.param({"busy_poll": True}, "native mode", id="busy_poll"),
    pytest.param({"queues": 1}, "1 of 1 queues", id="one_queue"),
])
def test_every_way_of_serving(link, tmp_path, keys, wanted):
    with Served(tmp_path, link, server=table(**keys)) as site:
        assert re.search(rf"answering by AF_XDP on .*{wanted}", site.log.read_text())
        for address in (xdp_link.SERVER, xdp_link.SERVER_V6):
            with site.socket(address) as client:
                replies = Peer(client).ask_many([wire.query(ident=ident) for ident in range(500)])
                assert len(replies) == 500
        assert site.frames() == 1002
        assert site.stop() == 0
        assert not link.has_program()


def test_any_address(link, tmp_path):
    with Served(tmp_path, link, listen=("0.0.0.0:0", "[::]:0")) as site:
        for address in (xdp_link.SERVER, xdp_link.SERVER_TOO, xdp_link.SERVER_V6):
            # The client's socket is connected: it takes answers of the address it asked only.
            assert wire_reply.read(site.ask(LISTED, address), LISTED).kind() == "OK"
        assert site.frames() == 3


@pytest.mark.parametrize("queues, all_frames", [(0, True), (1, False)], ids=["all", "one"])
def test_queues_without_a_socket_pass(tmp_path, queues, all_frames):
    with xdp_link.linked(f"fl{os.getpid()}q", queues=2) as link, \
            Served(tmp_path, link, server=table(queues=queues)) as site:
        assert f"{queues or 2} of 2 queues" in site.log.read_text()
        asked = 100
        for _ in range(asked):  # each by a port of its own, which spreads them over the queues
            assert wire_reply.read(site.ask(LISTED), LISTED).kind() == "OK"
        frames = site.frames()
        assert frames == asked if all_frames else 0 < frames < asked


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
def test_the_program_is_gone_with_the_daemon(link, tmp_path, number):
    with Served(tmp_path, link) as site:
        assert link.has_program()
        site.ask(LISTED)
        site.signal(number)
        assert site.process.wait(harness.PATIENCE_S) == (0 if number == signal.SIGTERM else -9)
        harness.wait_until(lambda: not link.has_program(), "the program to go")
        # And the next one finds the interface free.
        site.start()
        assert link.has_program()
        assert wire_reply.read(site.ask(LISTED), LISTED).kind() == "OK"
        assert site.frames() == 1


def only(*capabilities):
    """A command that becomes another with these rights and no others."""
    bounds = ",".join(["-all", *(f"+{name}" for name in capabilities)])
    return ["setpriv", "--inh-caps=-all", f"--bounding-set={bounds}"]


LITTLE_MEMORY = ["prlimit", "--memlock=65536"]


THREE = ("bpf", "net_admin", "net_raw")


@pytest.mark.parametrize("prefix, complaint", [
    pytest.param(only(*THREE), None, id="the_three"),
    pytest.param(only("net_admin", "net_raw"), "CAP_BPF", id="no_bpf"),
    pytest.param(only("bpf", "net_raw"), "CAP_NET_ADMIN", id="no_net_admin"),
    pytest.param(only("bpf", "net_admin"), "CAP_NET_RAW", id="no_net_raw"),
    pytest.param(only(), "CAP_BPF", id="none"),
    pytest.param(LITTLE_MEMORY + only(*THREE), "LimitMEMLOCK", id="no_memory"),
])
def test_rights(link, tmp_path, prefix, complaint):
    site = XdpSite(tmp_path, link)
    try:
        site.fill()
        site.start(prefix)
        assert wire_reply.read(site.ask(LISTED), LISTED).kind() == "OK"
        assert site.frames() == (0 if complaint else 1)
        check_complaint(site, complaint)
    finally:
        site.end()


def check_complaint(site, complaint):
    lines = [line for line in site.log.read_text().splitlines() if " info: " not in line]
    if complaint is None:
        assert lines == []
        return
    assert len(lines) == 1, lines
    assert "warning: no AF_XDP, the sockets answer everything: " in lines[0]
    assert complaint in lines[0]


@pytest.mark.parametrize("keys, complaint", [
    pytest.param({"interface": "nosuch0"}, 'there is no interface "nosuch0"', id="nosuch"),
    pytest.param({"interface": "lo"}, 'interface "lo" has no Ethernet frames', id="loopback"),
    pytest.param({"queues": 3}, "queues: 3: interface", id="too_many_queues"),
])
def test_without_it_the_sockets_answer(link, tmp_path, keys, complaint):
    with Served(tmp_path, link, server=table(**keys)) as site:
        check_complaint(site, complaint)
        assert not link.has_program()
        assert wire_reply.read(site.ask(LISTED), LISTED).kind() == "OK"
        assert site.frames() == 0
        assert site.stop() == 0


def test_an_interface_that_is_down(link, tmp_path):
    xdp_link.run("ip", "-n", link.server, "link", "add", "fldown0", "type", "veth")
    try:
        with Served(tmp_path, link, server=table(interface="fldown0")) as site:
            check_complaint(site, 'interface "fldown0" is down')
            assert wire_reply.read(site.ask(LISTED), LISTED).kind() == "OK"
    finally:
        xdp_link.run("ip", "-n", link.server, "link", "del", "fldown0")


def test_a_second_daemon_leaves_the_interface_to_the_first(site, tmp_path):
    with Served(tmp_path, site.link) as second:
        check_complaint(second, "has another XDP program")
        before = site.frames()
        assert wire_reply.read(second.ask(LISTED), LISTED).kind() == "OK"
        assert second.frames() == 0 and site.frames() == before
    assert wire_reply.read(site.ask(LISTED), LISTED).kind() == "OK"
    assert site.frames() == before + 1


@pytest.mark.skipif(shutil.which("kxdpgun") is None, reason="kxdpgun is not installed")
def test_kxdpgun_gets_answers(site, tmp_path):
    """An AF_XDP client that is not ours, of the same maker as a peer."""
    site.ask(LISTED)  # so that the client's kernel knows the server's hardware address
    questions = tmp_path / "questions"
    questions.write_text("2.0.0.127.zen.bl.example A\n9.113.0.203.zen.bl.example TXT\n")
    before = site.frames()
    done = subprocess.run(
        ["ip", "netns", "exec", site.link.client, "kxdpgun", "-t", "2", "-Q", "1000", "-b", "10",
         "-F", "1", "-i", str(questions), "-p", str(site.port), xdp_link.SERVER],
        capture_output=True, text=True, timeout=60)
    text = done.stdout + done.stderr
    sent = int(re.search(r"total queries:\s+(\d+)", text)[1])
    answered = int(re.search(r"total replies:\s+(\d+)", text)[1])
    assert sent >= 100 and sent / 2 < answered <= sent, text
    assert site.frames() - before >= answered
