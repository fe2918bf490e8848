"""pyspf (Debian's python3-spf), asking a server that a test names."""

import socket

import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype

ADDRESS = "127.0.0.1"


def values(kind, record):
    if kind == "A":
        return record.address
    if kind == "AAAA":
        return socket.inet_pton(socket.AF_INET6, record.address)
    if kind == "TXT":
        return tuple(record.strings)
    if kind == "MX":
        return record.preference, record.exchange.to_text(omit_final_dot=True)
    return record.target.to_text(omit_final_dot=True)


def check(port, address, sender, helo):
    """The result of RFC 7208 section 2.6. Not for threads: pyspf has one look-up for all."""
    import spf

    def look_up(name, kind, strict=True, timeout=None, level=0):
        labels = [label.encode() for label in name.split(".") if label]
        if any(len(label) > 63 for label in labels):
            raise spf.TempError("DNS label too long")
        query = dns.message.make_query(dns.name.Name([*labels, b""]), kind)
        reply = dns.query.udp(query, ADDRESS, timeout=20, port=port)
        if reply.flags & dns.flags.TC:
            reply = dns.query.tcp(query, ADDRESS, timeout=20, port=port)
        if reply.rcode() == dns.rcode.SERVFAIL:
            raise spf.TempError("SERVFAIL")
        for found in reply.answer:
            owner = b".".join(label for label in found.name.labels if label).decode("latin-1")
            for record in found:
                of = dns.rdatatype.to_text(found.rdtype)
                yield (owner, of), values(of, record)

    former, spf.DNSLookup = spf.DNSLookup, look_up
    try:
        return spf.query(i=address, s=sender, h=helo, strict=True).check()[0]
    finally:
        spf.DNSLookup = former
