"""DNS messages byte by byte, so that they can be wrong in any way."""

import struct

A, NS, SOA, TXT, AAAA, SIG, OPT, ANY, TSIG = 1, 2, 6, 16, 28, 24, 41, 255, 250
IN, CH, ANY_CLASS = 1, 3, 255
COOKIE, NSID, ECS, EXPIRE, KEEPALIVE, PADDING = 10, 3, 8, 9, 11, 12

LISTED = "2.0.0.127.zen.bl.example"
UNLISTED = "1.0.0.127.zen.bl.example"
BIG = "big.zen.bl.example"
APEX = "zen.bl.example"


def name(text):
    """Labels separated by dots; an empty text is the root."""
    labels = [label.encode("latin-1") for label in text.split(".")] if text else []
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def header(ident=0x1234, flags=0, qd=1, an=0, ns=0, ar=0):
    return struct.pack("!6H", ident, flags, qd, an, ns, ar)


def question(qname=LISTED, qtype=A, qclass=IN):
    wire = qname if isinstance(qname, bytes) else name(qname)
    return wire + struct.pack("!2H", qtype, qclass)


def record(owner=b"\xc0\x0c", rtype=A, rclass=IN, ttl=60, rdata=b"\x7f\0\0\2", rdlength=None):
    length = len(rdata) if rdlength is None else rdlength
    return owner + struct.pack("!2HIH", rtype, rclass, ttl, length) + rdata


def option(code, data=b"", length=None):
    return struct.pack("!2H", code, len(data) if length is None else length) + data


def opt(options=b"", size=1232, ttl=0, owner=b"\0", rdlength=None):
    return record(owner, OPT, size, ttl, options, rdlength)


def query(qname=LISTED, qtype=A, qclass=IN, flags=0, ident=0x1234):
    return header(ident, flags) + question(qname, qtype, qclass)


def edns(options=b"", qname=LISTED, qtype=A, **fields):
    """A question with one OPT record."""
    return header(ar=1) + question(qname, qtype) + opt(options, **fields)


def tsig(key="key.example", algorithm="hmac-sha256", rclass=ANY_CLASS, rdata=None):
    if rdata is None:
        rdata = (name(algorithm) + struct.pack("!HIH", 0, 1700000000, 300) +
                 struct.pack("!H", 32) + b"\xAA" * 32 + struct.pack("!HHH", 0x1234, 0, 0))
    return record(name(key), TSIG, rclass, 0, rdata)


def with_id(message, ident):
    return struct.pack("!H", ident) + message[2:]


def reversed_v4(text):
    return ".".join(reversed(text.split(".")))
