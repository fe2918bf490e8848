"""What a stranger may send, and what comes back: one row a rule.

Each row: name, message, what comes back, and more that the response must show:
  "drop" nothing; "OK" NOERROR with an answer; "NODATA" NOERROR without one; "NXD" NXDOMAIN; "TC" cut
  to nothing; else the response code. Several words: any of them.
  opt: whether it has OPT; echo: whether it has the question; cookie: its server cookie is there;
  options: which EDNS options it has and no others; check: a condition on the Reply.
"""

import struct

import wire_message as wire
from wire_message import edns, header, name, opt, option, query, question, record, tsig


class Row:
    def __init__(self, title, message, wanted, **more):
        self.title = title
        self.message = message
        self.wanted = wanted.split("/")
        self.opt = more.pop("opt", None)
        self.echo = more.pop("echo", None)
        self.cookie = more.pop("cookie", None)
        self.options = more.pop("options", None)
        self.check = more.pop("check", None)
        assert not more, more

    def __repr__(self):
        return self.title


def opcode(number):
    return number << 11


def cookie(size):
    return option(wire.COOKIE, b"\x5a" * size)


def labels(count):
    return b"\x01x" * count + b"\0"


def long_name(size):
    wire_name, left = b"", size - 1
    while left:
        length = min(63, left - 1)
        wire_name += bytes([length]) + b"x" * length
        left -= length + 1
    return wire_name + b"\0"


def under_zone(wire_labels):
    return wire_labels + name(wire.APEX)


def nibbles(count, last="1"):
    """`count` nibbles of a name that no IPv6 entry covers."""
    return name(".".join([last] + ["0"] * (count - 1)) + "." + wire.APEX)


NOT_ONE = header(qd=0)
GOOD_A = record()
SOA_RDATA = b"\0\0" + b"\0" * 20

# The numbers are those of the design's tables: they name a rule for good.
HEADERS = [
    Row("001 empty datagram", b"", "drop"),
    Row("002 one byte", b"\x12", "drop"),
    Row("003 short header", b"\x12\x34" + b"\0" * 9, "drop"),
    Row("004 no question", NOT_ONE, "FORMERR", opt=False),
    Row("005 no question, OPT", header(qd=0, ar=1) + opt(), "FORMERR", opt=True),
    Row("006 no question, cookie", header(qd=0, ar=1) + opt(cookie(8)), "NODATA", cookie=True,
        check=lambda reply: not reply.authority and not reply.aa),
    Row("007 header only", header(), "FORMERR", echo=False),
    Row("008 question cut before its type", header() + name(wire.LISTED), "FORMERR", echo=False),
    Row("009 question cut in its class", header() + name(wire.LISTED) + b"\0\1\0", "FORMERR",
        echo=False),
    Row("010 two questions", header(qd=2) + question() * 2, "FORMERR"),
    Row("011 65535 questions", header(qd=65535) + question(), "FORMERR"),
    Row("012 an answer in the query", header(an=1) + question() + GOOD_A, "FORMERR"),
    Row("013 an authority in the query", header(ns=1) + question() + GOOD_A, "FORMERR"),
    Row("014 additional announced only", header(ar=1) + question(), "FORMERR"),
    Row("015 additional A", header(ar=1) + question() + GOOD_A, "OK"),
    Row("016 five bytes more", query() + b"\xff" * 5, "FORMERR"),
    Row("017 a response", query(flags=0x8000), "drop"),
    Row("018 a NOTIFY response", query(flags=0x8000 | opcode(4)), "drop"),
    Row("019 opcode IQUERY", query(flags=opcode(1)), "NOTIMP"),
    Row("020 opcode STATUS", query(flags=opcode(2)), "NOTIMP"),
    Row("021 opcode 3", query(flags=opcode(3)), "NOTIMP"),
    Row("022 NOTIFY", header(flags=opcode(4)) + question(wire.APEX, wire.SOA), "NOTAUTH/REFUSED"),
    Row("023 opcode UPDATE", query(flags=opcode(5)), "NOTIMP"),
    Row("024 opcode DSO", header(flags=opcode(6), qd=0), "NOTIMP"),
    Row("025 opcode 15", query(flags=opcode(15)), "NOTIMP",
        check=lambda reply: reply.opcode == 15),
    Row("026 opcode 15, header only", header(flags=opcode(15)), "NOTIMP"),
    Row("027 TC in the query", query(flags=0x0200), "OK", check=lambda reply: not reply.tc),
    Row("028 AA in the query", query(flags=0x0400), "OK"),
    Row("029 RD", query(flags=0x0100), "OK", check=lambda reply: reply.rd),
    Row("030 RA in the query", query(flags=0x0080), "OK"),
    Row("031 Z", query(flags=0x0040), "OK"),
    Row("032 AD", query(flags=0x0020), "OK"),
    Row("033 CD", query(flags=0x0010), "OK"),
    Row("034 rcode in the query", query(flags=0x0005), "OK"),
]

NAMES = [
    Row("035 label length 64", header() + b"\x40" + b"x" * 64 + b"\0" + b"\0\1\0\1", "FORMERR",
        echo=False),
    Row("036 label length 128", header() + b"\x80" + b"x" * 128 + b"\0" + b"\0\1\0\1", "FORMERR",
        echo=False),
    Row("037 pointer to itself", header() + b"\xc0\x0c\0\1\0\1", "FORMERR", echo=False),
    Row("038 pointer forward", header() + b"\xc0\xff\0\1\0\1", "FORMERR", echo=False),
    Row("039 pointer to the header", header() + b"\xc0\x00\0\1\0\1", "FORMERR", echo=False),
    Row("040 pointer loop", header() + b"\x01a\xc0\x0c\0\1\0\1", "FORMERR", echo=False),
    # A name of 255 octets in the zone: 255 less the zone's 16.
    Row("041 name of 255", header() + question(
        long_name(255 - len(name(wire.APEX)) + 1)[:-1] + name(wire.APEX)), "NXD", echo=True),
    Row("042 name of 256", header() + question(long_name(256)), "FORMERR", echo=False),
    Row("043 128 labels", header() + question(labels(128)), "FORMERR", echo=False),
    Row("044 label runs past the end", header() + b"\x3fxy", "FORMERR", echo=False),
    Row("045 mixed case", query("2.0.0.127.zEn.bL.eXaMpLe"), "OK", echo=True),
    Row("046 binary label", header() + question(under_zone(b"\x03\0.\xff")), "NXD", echo=True),
    Row("047 out of zone", query("www.example.org"), "REFUSED"),
    Row("048 root NS", query("", wire.NS), "REFUSED"),
]

TYPES = [
    Row("049 type 0", query(qtype=0), "NODATA"),
    Row("050 ANY", query(qtype=wire.ANY), "OK", check=lambda reply: len(reply.answer) == 1),
    Row("051 RRSIG", query(qtype=46), "NODATA"),
    Row("052 type 65280", query(qtype=65280), "NODATA"),
    Row("053 OPT as a type", query(qtype=wire.OPT), "FORMERR"),
    Row("054 TKEY", query(qtype=249), "FORMERR/NOTIMP"),
    Row("055 TSIG as a type", query(qtype=wire.TSIG), "FORMERR"),
    Row("056 MAILB", query(qtype=253), "NOTIMP"),
    Row("057 AXFR over UDP", query(wire.APEX, 252), "NOTIMP"),
    Row("058 IXFR without SOA", query(wire.APEX, 251), "FORMERR/REFUSED"),
    Row("059 class 0", query(qclass=0), "REFUSED"),
    Row("060 version.bind", query("version.bind", wire.TXT, wire.CH), "REFUSED"),
    Row("061 other CH", query(qclass=wire.CH), "REFUSED"),
    Row("062 HS", query(qclass=4), "REFUSED"),
    Row("063 NONE", query(qclass=254), "FORMERR/REFUSED"),
    Row("064 class ANY", query(qclass=255), "REFUSED"),
    Row("065 class 1000", query(qclass=1000), "REFUSED"),
]

VERSION_1 = 1 << 16
UNKNOWN = option(100, b"\x11" * 4)

EDNS = [
    Row("066 EDNS", edns(), "OK", opt=True, options=[]),
    Row("067 version 1", edns(ttl=VERSION_1), "BADVERS", opt=True),
    Row("068 version 255", edns(ttl=255 << 16), "BADVERS", opt=True),
    Row("069 version 1 and an option", edns(UNKNOWN, ttl=VERSION_1), "BADVERS", options=[]),
    Row("070 unknown option", edns(UNKNOWN), "OK", options=[]),
    Row("071 unknown flag", edns(ttl=0x40), "OK", opt=True),
    Row("072 DO", edns(ttl=0x8000), "OK", check=lambda reply: reply.opt["do"]),
    Row("073 size 0", edns(size=0), "OK", opt=True),
    Row("074 size 511, long answer", edns(qname=wire.BIG, qtype=wire.TXT, size=511), "TC", opt=True),
    Row("075 no EDNS, long answer", query(wire.BIG, wire.TXT), "TC", opt=False),
    Row("076 size 1232, long answer", edns(qname=wire.BIG, qtype=wire.TXT), "TC", opt=True),
    Row("077 size 65535, long answer", edns(qname=wire.BIG, qtype=wire.TXT, size=65535), "TC",
        opt=True),
    Row("078 two OPT", header(ar=2) + question() + opt() + opt(), "FORMERR"),
    Row("079 OPT not at the root", header(ar=1) + question() + opt(owner=name("a")), "FORMERR"),
    Row("080 OPT in the answer section", header(an=1) + question() + opt(), "FORMERR"),
    Row("081 OPT runs past the end", edns(rdlength=20), "FORMERR"),
    Row("082 option runs past OPT", edns(option(wire.NSID, b"\0\0", length=9)), "FORMERR"),
    Row("083 OPT of 3 bytes", edns(b"\0\0\0"), "FORMERR"),
    Row("084 extended rcode in the query", edns(ttl=1 << 24), "OK", opt=True),
    Row("085 OPT, then A", header(ar=2) + question() + opt() + GOOD_A, "OK", opt=True),
]

OPTIONS = [
    Row("086 client cookie", edns(cookie(8)), "OK", cookie=True),
    Row("087 cookie of 0", edns(cookie(0)), "FORMERR"),
    Row("088 cookie of 7", edns(cookie(7)), "FORMERR"),
    Row("089 cookie of 9", edns(cookie(9)), "FORMERR"),
    Row("090 cookie of 15", edns(cookie(15)), "FORMERR"),
    Row("091 server cookie of another", edns(cookie(24)), "OK/BADCOOKIE", cookie=True),
    Row("092 cookie of 41", edns(cookie(41)), "FORMERR"),
    Row("093 cookie twice", edns(cookie(8) + option(wire.COOKIE, b"\x11" * 8)), "OK", cookie=True,
        check=lambda reply: reply.option(wire.COOKIE)[:8] == b"\x5a" * 8),
    Row("094 NSID", edns(option(wire.NSID)), "OK", options=[wire.NSID],
        check=lambda reply: reply.option(wire.NSID) == b"wire"),
    Row("095 client subnet of family 9", edns(option(wire.ECS, bytes.fromhex("00091800c00002"))),
        "OK", options=[]),
    Row("096 client subnet with bits too many",
        edns(option(wire.ECS, bytes.fromhex("00010800ffffffff"))), "OK", options=[]),
    Row("097 keepalive over UDP", edns(option(wire.KEEPALIVE)), "OK", options=[]),
    Row("098 padding", edns(option(wire.PADDING, b"\0" * 100)), "OK", options=[]),
]


def badkey(reply):
    """The TSIG record says 17 (BADKEY) and carries no MAC (RFC 8945 section 5.2.1)."""
    if len(reply.additional) == 0 or reply.additional[-1].type != wire.TSIG:
        return False
    rdata = reply.additional[-1].rdata
    return rdata[-4:-2] == struct.pack("!H", 17) and rdata[-8:-6] == b"\0\0"


SIGNATURES = [
    Row("099 TSIG, unknown key", header(ar=1) + question() + tsig(), "NOTAUTH", check=badkey),
    Row("100 TSIG, unknown algorithm", header(ar=1) + question() + tsig(algorithm="hmac-none"),
        "NOTAUTH", check=badkey),
    Row("101 TSIG not last", header(ar=2) + question() + tsig() + opt(), "FORMERR"),
    Row("102 TSIG twice", header(ar=2) + question() + tsig() + tsig(), "FORMERR"),
    Row("103 TSIG without data", header(ar=1) + question() + tsig(rdata=b""), "FORMERR"),
    Row("104 TSIG of class IN", header(ar=1) + question() + tsig(rclass=wire.IN), "FORMERR"),
    Row("105 SIG(0)", header(ar=1) + question() + record(b"\0", wire.SIG, wire.ANY_CLASS, 0,
                                                        b"\0" * 30), "OK"),
]

# RFC 8906 section 8, as the ISC's report runs it. E1 to E10 are the design's numbers.
COMPLIANCE = [
    Row("E1 SOA", query(wire.APEX, wire.SOA), "OK", opt=False, check=lambda reply: reply.aa),
    Row("E2 EDNS SOA", edns(qname=wire.APEX, qtype=wire.SOA), "OK", opt=True,
        check=lambda reply: reply.aa),
    Row("E3 EDNS 1", edns(qname=wire.APEX, qtype=wire.SOA, ttl=VERSION_1), "BADVERS", opt=True),
    Row("E4 option 100", edns(UNKNOWN, wire.APEX, wire.SOA), "OK", options=[]),
    Row("E5 flag 0x40", edns(b"", wire.APEX, wire.SOA, ttl=0x40), "OK", opt=True),
    Row("E6 EDNS 1 and a flag", edns(b"", wire.APEX, wire.SOA, ttl=VERSION_1 | 0x40), "BADVERS"),
    Row("E7 EDNS 1 and an option", edns(UNKNOWN, wire.APEX, wire.SOA, ttl=VERSION_1), "BADVERS",
        options=[]),
    Row("E8 size 512, long answer", edns(b"", wire.BIG, wire.TXT, size=512), "TC", opt=True),
    Row("E9 EDNS 1 and DO", edns(b"", wire.APEX, wire.SOA, ttl=VERSION_1 | 0x8000), "BADVERS"),
    Row("E10 several options", edns(option(wire.NSID) + cookie(8) +
                                    option(wire.ECS, bytes.fromhex("00011800c00002")) +
                                    option(wire.EXPIRE), wire.APEX, wire.SOA), "OK",
        options=[wire.NSID, wire.COOKIE]),
    Row("E11 TYPE1000 at the apex", query(wire.APEX, 1000), "NODATA", check=lambda r: r.aa),
    Row("E12 CD, AD, Z and RD", query(wire.APEX, wire.SOA, flags=0x0170), "OK"),
]


def codes(*wanted):
    return lambda reply: reply.addresses() == sorted(wanted)


# The questions that a blocklist is asked, and those that look like them.
BLOCKLIST = [
    Row("test point listed", query(wire.LISTED), "OK", check=codes("127.0.0.2", "127.0.0.4")),
    Row("test point not listed", query(wire.UNLISTED), "NXD"),
    Row("listed", query("7.100.51.198." + wire.APEX), "OK", check=codes("127.0.0.2")),
    Row("listed by network and address", query("9.113.0.203." + wire.APEX), "OK",
        check=codes("127.0.0.2", "127.0.0.4")),
    Row("not listed", query("8.100.51.198." + wire.APEX), "NXD"),
    Row("TXT of listed", query("7.100.51.198." + wire.APEX, wire.TXT), "OK",
        check=lambda reply: reply.answer[0].rdata == b"\x16198.51.100.7 sent spam"),
    Row("AAAA of listed", query("7.100.51.198." + wire.APEX, wire.AAAA), "NODATA"),
    Row("CNAME of listed", query("7.100.51.198." + wire.APEX, 5), "NODATA"),
    Row("DNAME of listed", query("7.100.51.198." + wire.APEX, 39), "NODATA"),
    Row("partial above listed", query("100.51.198." + wire.APEX), "NODATA"),
    Row("partial above nothing", query("101.51.198." + wire.APEX), "NXD"),
    Row("below an address", query("1.7.100.51.198." + wire.APEX), "NXD"),
    Row("octet 256", query("256.100.51.198." + wire.APEX), "NXD"),
    Row("octet 01", query("01.113.0.203." + wire.APEX), "NXD"),
    Row("octet 007", query("007.100.51.198." + wire.APEX), "NXD"),
    Row("octet -1", query("-1.113.0.203." + wire.APEX), "NXD"),
    Row("octet with blank", query(" 1.113.0.203." + wire.APEX), "NXD"),
    Row("octet with plus", query("+1.113.0.203." + wire.APEX), "NXD"),
    Row("octet of hex", query("0x1.113.0.203." + wire.APEX), "NXD"),
    Row("octet too long for a number", query("9" * 60 + ".113.0.203." + wire.APEX), "NXD"),
    Row("empty-looking label", query("\0.113.0.203." + wire.APEX), "NXD"),
    Row("31 nibbles above nothing", header() + question(nibbles(31)), "NXD"),
    Row("32 nibbles", header() + question(nibbles(32)), "NXD"),
    Row("33 nibbles", header() + question(nibbles(33)), "NXD"),
    Row("nibble g", header() + question(nibbles(32, "g")), "NXD"),
    Row("nibble 0x1", header() + question(nibbles(32, "0x1")), "NXD"),
    Row("IPv6 listed", query(".".join("1" + "0" * 19 + "dab08bd01002") + "." + wire.APEX), "OK",
        check=codes("127.0.0.2")),
    Row("IPv6 listed, upper case", query(".".join("1" + "0" * 19 + "DAB08BD01002") + "." +
                                         wire.APEX), "OK", echo=True, check=codes("127.0.0.2")),
    Row("IPv6 31 nibbles above listed", query(".".join("0" * 19 + "dab08bd01002") + "." +
                                              wire.APEX), "NODATA"),
    Row("IPv6 test point", query(".".join("200000f7ffff" + "0" * 20) + "." + wire.APEX), "OK",
        check=codes("127.0.0.2", "127.0.0.4")),
    Row("IPv6 test point not listed", query(".".join("100000f7ffff" + "0" * 20) + "." + wire.APEX),
        "NXD"),
    Row("122 labels, all that fit the zone", header() + question(
        b"\x01x" * 119 + name(wire.APEX)), "NXD"),
    Row("127 labels", header() + question(labels(127)), "REFUSED"),
    Row("service label", query("_dmarc." + wire.APEX), "NXD"),
    Row("wildcard literal", query("*." + wire.APEX), "NXD"),
    Row("apex A", query(wire.APEX), "NODATA", check=lambda reply: reply.aa),
    Row("apex NS", query(wire.APEX, wire.NS), "OK"),
    Row("apex TXT", query(wire.APEX, wire.TXT), "NODATA"),
    Row("apex ANY", query(wire.APEX, wire.ANY), "OK"),
    Row("above the apex", query("bl.example"), "REFUSED"),
    Row("beside the apex", query("xzen.bl.example"), "REFUSED"),
    Row("domain listed", query("bad.example.dbl.bl.example"), "OK", check=codes("127.0.1.2")),
    Row("domain below exact", query("www.bad.example.dbl.bl.example"), "NXD"),
    Row("domain wildcard", query("a.b.worse.example.dbl.bl.example"), "OK"),
    Row("domain above listed", query("example.dbl.bl.example"), "NODATA"),
    Row("domain test point", query("test.dbl.bl.example"), "OK"),
    Row("domain not listed", query("invalid.dbl.bl.example"), "NXD"),
    Row("other type at a static name", edns(qname=wire.BIG, qtype=wire.AAAA), "NODATA"),
]

UDP = (HEADERS + NAMES + TYPES + EDNS + OPTIONS + SIGNATURES + COMPLIANCE + BLOCKLIST)

# Over TCP it is answered: wire_test.py has that.
ONLY_UDP = {"097 keepalive over UDP"}

# Over TCP the same, except where the transport itself matters.
OVER_TCP = {
    "057 AXFR over UDP": "REFUSED",
    "074 size 511, long answer": "OK",
    "075 no EDNS, long answer": "OK",
    "076 size 1232, long answer": "OK",
    "077 size 65535, long answer": "OK",
    "E8 size 512, long answer": "OK",
}
