"""Whatever a stranger sends, over UDP and TCP: the answer that the table wants, well formed, once."""

import random
import socket
import struct

import pytest

import harness
import wire_cases
import wire_message as wire
import wire_reply

# A good question behind each odd one: its answer tells that the odd one was dealt with, so that
# silence needs no waiting.
SENTINEL = wire.query("9.113.0.203." + wire.APEX, ident=0x7E57)

WINDOW = 64  # questions on their way at once
FLIPS_PER_ROW = 40
SEED = 5782


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with harness.served(tmp_path_factory.mktemp("wire"), server='nsid = "wire"') as found:
        yield found
        # The daemon has survived everything: it stops as it should, and has not complained.
        assert found.stop() == 0, found.log.read_text()
        assert " error: " not in found.log.read_text()


class UdpPeer:
    def __init__(self, port):
        self.socket = harness.udp_socket("127.0.0.1", port)
        self.socket.send(SENTINEL)
        self.sentinel_reply = self.socket.recv(65535)

    def ask(self, message):
        """All answers to one message."""
        self.socket.send(message)
        self.socket.send(SENTINEL)
        replies = []
        while True:
            data = self.socket.recv(65535)
            if data == self.sentinel_reply:
                return replies
            replies.append(data)

    def ask_many(self, messages):
        """One answer each, by id. The ids must differ."""
        replies = {}
        for begin in range(0, len(messages), WINDOW):
            part = messages[begin:begin + WINDOW]
            for message in part:
                self.socket.send(message)
            for _ in part:
                data = self.socket.recv(65535)
                ident = struct.unpack("!H", data[:2])[0]
                assert ident not in replies, f"id {ident} answered twice"
                replies[ident] = data
        return replies


class TcpPeer:
    def __init__(self, port):
        self.port = port

    def ask(self, message):
        """All answers to one message, and to a good one behind it when the connection lives on."""
        with harness.tcp_socket("127.0.0.1", self.port) as client:
            client.sendall(harness.framed(message) + harness.framed(SENTINEL))
            replies = []
            while True:
                data = harness.read_framed(client)
                if data is None or data[:2] == SENTINEL[:2]:
                    return replies, data is not None
                replies.append(data)


@pytest.fixture(scope="module")
def udp(site):
    return UdpPeer(site.port)


@pytest.fixture(scope="module")
def tcp(site):
    return TcpPeer(site.port)


def check(row, wanted, replies):
    if wanted == ["drop"]:
        assert replies == []
        return
    assert len(replies) == 1, f"{len(replies)} answers"
    reply = wire_reply.read(replies[0], row.message)
    assert reply.kind() in wanted
    if row.opt is not None:
        assert (reply.opt is not None) == row.opt
    if row.echo is not None:
        assert (reply.question is not None) == row.echo
    if row.options is not None:
        assert sorted(reply.opt["options"]) == sorted(row.options)
    if row.cookie is not None:
        assert len(reply.option(wire.COOKIE)) == 24
    if row.check is not None:
        assert row.check(reply), replies[0].hex()


@pytest.mark.parametrize("row", wire_cases.UDP, ids=repr)
def test_udp(udp, row):
    check(row, row.wanted, udp.ask(row.message))


@pytest.mark.parametrize("row", [row for row in wire_cases.UDP
                                 if row.title not in wire_cases.ONLY_UDP], ids=repr)
def test_tcp(tcp, row):
    wanted = [wire_cases.OVER_TCP[row.title]] if row.title in wire_cases.OVER_TCP else row.wanted
    replies, is_open = tcp.ask(row.message)
    check(row, wanted, replies)
    # What gets no answer ends the connection; everything else leaves it as it was.
    assert is_open == (wanted != ["drop"])


def flipped(message, rng):
    bits = bytearray(message)
    for _ in range(rng.choice([1, 1, 1, 2, 8])):
        at = rng.randrange(len(bits))
        bits[at] ^= 1 << rng.randrange(8)
    return bytes(bits)


ROWS_WITH_BITS = [row for row in wire_cases.UDP if row.message]


@pytest.mark.parametrize("row", ROWS_WITH_BITS, ids=repr)
def test_bit_flips_over_udp(udp, row):
    """No answer or one that is well formed, whatever bits have turned on the way."""
    rng = random.Random(f"{SEED} {row.title}")
    for _ in range(FLIPS_PER_ROW):
        message = flipped(row.message, rng)
        replies = udp.ask(message)
        assert len(replies) <= 1, message.hex()
        for data in replies:
            try:
                reply = wire_reply.read(data, message)
            except Exception as error:
                raise AssertionError(f"{error}: {message.hex()} -> {data.hex()}") from error
            assert reply.kind() != "SERVFAIL", message.hex()
            assert len(data) <= 1232


def test_bit_flips_over_tcp(tcp):
    rng = random.Random(SEED)
    for row in ROWS_WITH_BITS:
        message = flipped(row.message, rng)
        replies, _ = tcp.ask(message)
        assert len(replies) <= 1, message.hex()
        for data in replies:
            wire_reply.read(data, message)


@pytest.mark.parametrize("row", ROWS_WITH_BITS[::4], ids=repr)
def test_every_cut_over_udp(udp, row):
    """A message that ends after any of its bytes."""
    for size in range(len(row.message)):
        message = row.message[:size]
        replies = udp.ask(message)
        assert len(replies) <= 1, message.hex()
        assert size >= 12 or not replies
        for data in replies:
            wire_reply.read(data, message)


@pytest.mark.parametrize("qname, wanted", [
    pytest.param(wire.LISTED, {"OK", "NODATA", "FORMERR", "NOTIMP", "REFUSED"}, id="listed"),
    pytest.param(wire.UNLISTED, {"NXD", "FORMERR", "NOTIMP", "REFUSED"}, id="not_listed"),
    pytest.param(wire.APEX, {"OK", "NODATA", "FORMERR", "NOTIMP", "REFUSED"}, id="apex"),
    pytest.param("", {"REFUSED", "FORMERR", "NOTIMP"}, id="root"),
])
def test_every_type(udp, qname, wanted):
    messages = [wire.query(qname, qtype, ident=qtype) for qtype in range(65536)]
    answered = {}
    for qtype, data in udp.ask_many(messages).items():
        reply = wire_reply.Reply(data)
        assert reply.kind() in wanted, qtype
        answered.setdefault(reply.kind(), set()).add(qtype)
    assert len(messages) == sum(len(types) for types in answered.values())
    odd = answered.get("FORMERR", set()) | answered.get("NOTIMP", set())
    assert odd <= {41, 249, 250, 251, 252, 253, 254}
    if qname == wire.LISTED:
        assert answered["OK"] == {wire.A, wire.TXT, wire.ANY}
    if qname == wire.APEX:
        assert answered["OK"] == {wire.NS, wire.SOA, wire.ANY}


def test_every_class(udp):
    messages = [wire.query(qclass=qclass, ident=qclass) for qclass in range(65536)]
    for qclass, data in udp.ask_many(messages).items():
        kind = wire_reply.Reply(data).kind()
        assert kind == ("OK" if qclass == wire.IN else "REFUSED"), qclass


def test_every_opcode_and_flag(udp):
    """All 65536 values of the flags field."""
    messages = [wire.query(flags=flags, ident=flags) for flags in range(0x8000)]
    for flags, data in udp.ask_many(messages).items():
        reply = wire_reply.Reply(data)
        assert reply.opcode == flags >> 11
        wanted = {0: {"OK"}, 4: {"NOTAUTH", "REFUSED"}}.get(reply.opcode, {"NOTIMP"})
        assert reply.kind() in wanted
    for flags in range(0x8000, 0x10000, 97):
        assert udp.ask(wire.query(flags=flags)) == []


def test_a_cookie_that_came_back_is_kept(udp):
    first = wire_reply.read(udp.ask(wire.edns(wire.option(wire.COOKIE, b"12345678")))[0],
                            wire.edns(wire.option(wire.COOKIE, b"12345678")))
    cookie = first.option(wire.COOKIE)
    assert cookie[:8] == b"12345678" and cookie[8] == 1  # version 1 (RFC 9018 section 4)
    message = wire.edns(wire.option(wire.COOKIE, cookie))
    again = wire_reply.read(udp.ask(message)[0], message)
    assert again.kind() == "OK" and again.option(wire.COOKIE)[:8] == cookie[:8]


def test_nothing_over_udp_is_longer_than_1232(udp):
    for qtype in (wire.TXT, wire.ANY, wire.A):
        message = wire.edns(b"", wire.BIG, qtype, size=65535)
        assert len(udp.ask(message)[0]) <= 1232


# What only TCP has: the rows of the design's TCP table.

def tcp_talk(site, *parts):
    """Sends the parts, says that there is no more, and returns every answer until the end."""
    with harness.tcp_socket("127.0.0.1", site.port) as client:
        for part in parts:
            client.sendall(part)
        client.shutdown(socket.SHUT_WR)
        replies = []
        while (data := harness.read_framed(client)) is not None:
            replies.append(data)
        return replies


GOOD = harness.framed(wire.query())


@pytest.mark.parametrize("sent, kinds", [
    pytest.param(b"\0\0" + GOOD, [], id="length_zero"),
    pytest.param(b"\0\x0b" + b"\0" * 11 + GOOD, [], id="length_eleven"),
    pytest.param(harness.framed(wire.header(qd=0)) + GOOD, ["FORMERR", "OK"], id="no_question"),
    pytest.param(harness.framed(wire.query(flags=0x8000)) + GOOD, [], id="response"),
    pytest.param(harness.framed(wire.query(flags=0x7800)) + GOOD, ["NOTIMP", "OK"], id="opcode_15"),
    pytest.param(harness.framed(wire.header() + wire.name(wire.LISTED)) + GOOD, ["FORMERR", "OK"],
                 id="cut_question"),
    pytest.param(harness.framed(wire.query(wire.APEX, 252)) + GOOD, ["REFUSED", "OK"], id="axfr"),
    pytest.param(GOOD * 5, ["OK"] * 5, id="five_pipelined"),
    pytest.param(GOOD * 3000, ["OK"] * 3000, id="three_thousand_pipelined"),
    pytest.param(GOOD, ["OK"], id="half_close"),
    pytest.param(GOOD + GOOD[:9], ["OK"], id="half_close_inside_a_message"),
    pytest.param(b"", [], id="nothing"),
    pytest.param(b"\0", [], id="half_a_length"),
])
def test_tcp_stream(site, sent, kinds):
    replies = tcp_talk(site, sent)
    assert [wire_reply.Reply(data).kind() for data in replies] == kinds


def test_tcp_closes_at_once_after_silence(site):
    """Not only when the client has said that there is no more."""
    for odd in (b"\0\0", b"\0\x0b", harness.framed(wire.query(flags=0x8000))):
        with harness.tcp_socket("127.0.0.1", site.port) as client:
            client.sendall(odd)
            assert harness.read_exactly(client, 1) == b""


@pytest.mark.parametrize("sent", [
    pytest.param(b"GET / HTTP/1.1\r\nHost: zen.bl.example\r\n\r\n", id="http"),
    pytest.param(bytes.fromhex("1603010200010001fc0303"), id="tls_hello"),
    pytest.param(b"\0\x20", id="length_only"),
])
def test_tcp_closes_what_never_ends_at_the_io_timeout(tmp_path, sent):
    limits = "tcp_io_timeout_ms = 200\ntcp_idle_timeout_ms = 600000"
    with harness.served(tmp_path, limits=limits) as site:
        with harness.tcp_socket("127.0.0.1", site.port) as client:
            client.sendall(sent)
            assert harness.read_exactly(client, 1) == b""


def test_tcp_closes_an_idle_connection(tmp_path):
    with harness.served(tmp_path, limits="tcp_idle_timeout_ms = 200") as site:
        with harness.tcp_socket("127.0.0.1", site.port) as client:
            assert harness.read_exactly(client, 1) == b""


def test_tcp_byte_by_byte(site):
    with harness.tcp_socket("127.0.0.1", site.port) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in GOOD:
            client.sendall(bytes([byte]))
        assert wire_reply.read(harness.read_framed(client), wire.query()).kind() == "OK"


def test_tcp_longest_message(site):
    """64 kB of additional record: explained by its counts, and yet ignored."""
    rdata = b"\0" * (65535 - len(wire.query()) - 12)
    message = wire.header(ar=1) + wire.question() + wire.record(rdata=rdata)
    assert len(message) == 65535
    replies = tcp_talk(site, harness.framed(message) + GOOD)
    assert [wire_reply.Reply(data).kind() for data in replies] == ["OK", "OK"]


def test_tcp_longest_message_of_garbage(site):
    message = wire.query() + b"\xff" * (65535 - len(wire.query()))
    replies = tcp_talk(site, harness.framed(message) + GOOD)
    assert [wire_reply.Reply(data).kind() for data in replies] == ["FORMERR", "OK"]


def test_tcp_keepalive_tells_the_idle_timeout(site):
    message = wire.edns(wire.option(wire.KEEPALIVE))
    reply = wire_reply.read(tcp_talk(site, harness.framed(message))[0], message)
    assert reply.option(wire.KEEPALIVE) == struct.pack("!H", 100)  # of 100 ms


def test_tcp_length_and_message_leave_together(site):
    """RFC 7766 section 8: one segment, not two."""
    with harness.tcp_socket("127.0.0.1", site.port) as client:
        for _ in range(20):
            client.sendall(GOOD)
            data = client.recv(65535)
            assert len(data) > 2 and len(data) == 2 + struct.unpack("!H", data[:2])[0]
