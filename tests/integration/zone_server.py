"""A DNS server for tests: answers over UDP and TCP from records that a test gives, wrongly if it
is told to. It says that it resolves for others, as a resolver does."""

import contextlib
import socketserver
import struct
import threading

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rrset

# Instead of the records of a name; BROKEN also as the kind of one: all kinds that it has none of.
SILENT, BROKEN = "SILENT", "BROKEN"


def key_of(name):
    """A name as its labels' bytes: "a b.example" needs no escapes."""
    if isinstance(name, dns.name.Name):
        return tuple(label.lower() for label in name.labels if label)
    return tuple(label.lower().encode() for label in name.split(".") if label)


def txt(*strings):
    """The rdata of one TXT record."""
    parts = [part.encode() if isinstance(part, str) else part for part in strings]
    wire = b"".join(bytes([len(part)]) + part for part in parts)
    return dns.rdata.from_wire("IN", "TXT", wire, 0, len(wire))


def rdata(kind, value):
    if isinstance(value, dns.rdata.Rdata) or kind == BROKEN:
        return value
    if kind in ("CNAME", "PTR") or kind == "MX":
        priority, name = value if kind == "MX" else (None, value)
        labels = [*key_of(name), b""]
        wire = b"".join(bytes([len(label)]) + label for label in labels)
        wire = struct.pack("!H", priority) + wire if kind == "MX" else wire
        return dns.rdata.from_wire("IN", kind, wire, 0, len(wire))
    return dns.rdata.from_text("IN", kind, value)


class Zone:
    """Records by name: {"a.example": [("A", "192.0.2.1"), ("MX", (10, "mx.example"))]}"""

    def __init__(self, records):
        self.asked = 0
        self.truncated = set()  # names whose answers come over TCP only
        self.records = {}
        for name, items in records.items():
            fault = items if isinstance(items, str) else None
            self.records[key_of(name)] = fault or [
                (kind, rdata(kind, value)) for kind, value in items]

    def fill(self, reply, name, kind):
        found = self.records.get(key_of(name))
        if found is None:
            reply.set_rcode(dns.rcode.NXDOMAIN)
            return True
        if found == SILENT:
            return False
        if found == BROKEN:
            reply.set_rcode(dns.rcode.SERVFAIL)
            return True
        wanted = [item for of, item in found if of == kind]
        aliases = [item for of, item in found if of == "CNAME"]
        if not wanted and any(of == BROKEN for of, _ in found):
            reply.set_rcode(dns.rcode.SERVFAIL)
            return True
        if aliases and kind != "CNAME" and len(reply.answer) < 8:
            reply.answer.append(dns.rrset.from_rdata(name, 60, aliases[0]))
            return self.fill(reply, aliases[0].target, kind)
        if wanted:
            reply.answer.append(dns.rrset.from_rdata(name, 60, *wanted))
        return True

    def answer(self, wire, is_tcp):
        query = dns.message.from_wire(wire)
        question = query.question[0]
        self.asked += 1
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        if not self.fill(reply, question.name, dns.rdatatype.to_text(question.rdtype)):
            return None
        if not is_tcp and key_of(question.name) in self.truncated:
            reply.answer.clear()
            reply.flags |= dns.flags.TC
        if is_tcp:
            return reply.to_wire(max_size=65535)
        return reply.to_wire(max_size=1232) if fits(reply) else cut(reply)


def fits(reply):
    with contextlib.suppress(dns.exception.TooBig):
        reply.to_wire(max_size=1232)
        return True
    return False


def cut(reply):
    reply.answer.clear()
    reply.flags |= dns.flags.TC
    return reply.to_wire()


class UdpHandler(socketserver.BaseRequestHandler):
    def handle(self):
        wire, client = self.request
        reply = self.server.zone.answer(wire, False)
        if reply is not None:
            client.sendto(reply, self.client_address)


class TcpHandler(socketserver.StreamRequestHandler):
    timeout = 20

    def handle(self):
        while len(head := self.rfile.read(2)) == 2:
            reply = self.server.zone.answer(self.rfile.read(struct.unpack("!H", head)[0]), True)
            if reply is not None:
                self.wfile.write(struct.pack("!H", len(reply)) + reply)


class TcpServer(socketserver.ThreadingTCPServer):
    daemon_threads = True


class UdpServer(socketserver.ThreadingUDPServer):
    daemon_threads = True


class Server:
    """`zone` may be changed while it answers."""

    def __init__(self, zone):
        for _ in range(100):
            self.tcp = TcpServer(("127.0.0.1", 0), TcpHandler)
            try:
                self.udp = UdpServer(self.tcp.server_address, UdpHandler)
                break
            except OSError:
                self.tcp.server_close()
        self.port = self.tcp.server_address[1]
        self.use(zone)

    def use(self, zone):
        self.zone = self.tcp.zone = self.udp.zone = zone


@contextlib.contextmanager
def serving(zone):
    server = Server(zone)
    threads = [threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.05})
               for one in (server.udp, server.tcp)]
    for thread in threads:
        thread.start()
    try:
        yield server
    finally:
        for one in (server.udp, server.tcp):
            one.shutdown()
            one.server_close()
        for thread in threads:
            thread.join()
