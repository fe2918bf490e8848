"""A strict reader of responses: whatever a well-behaved server never sends is an error here."""

import struct

import dns.message

import wire_message as wire


# dnspython refuses to read others.
KNOWN_OPCODES = (0, 1, 2, 4, 5)


class Bad(Exception):
    """The response breaks a rule."""


def need(condition, what):
    if not condition:
        raise Bad(what)


class Cursor:
    def __init__(self, data):
        self.data = data
        self.at = 0

    def take(self, size):
        need(self.at + size <= len(self.data), f"cut at byte {len(self.data)}")
        self.at += size
        return self.data[self.at - size:self.at]

    def u16(self):
        return struct.unpack("!H", self.take(2))[0]

    def u32(self):
        return struct.unpack("!I", self.take(4))[0]

    def name(self):
        """The labels, in the case in which they came."""
        labels, total, end, limit = [], 1, None, self.at
        while True:
            length = self.take(1)[0]
            if length >= 0xC0:
                target = (length & 0x3F) << 8 | self.take(1)[0]
                need(12 <= target < limit, f"pointer to byte {target} at or after byte {limit}")
                end = self.at if end is None else end
                self.at = limit = target
                continue
            need(length < 0x40, f"label of type {length >> 6}")
            if length == 0:
                break
            labels.append(self.take(length))
            total += length + 1
            need(total <= 255, "name longer than 255 bytes")
        self.at = self.at if end is None else end
        return labels


class Record:
    def __init__(self, cursor):
        self.owner = cursor.name()
        self.type = cursor.u16()
        self.rclass = cursor.u16()
        self.ttl = cursor.u32()
        size = cursor.u16()
        self.at = cursor.at
        self.rdata = cursor.take(size)


class Reply:
    """One response, read to its last byte."""

    def __init__(self, data):
        cursor = Cursor(data)
        self.data = data
        self.id, self.flags, qd, an, ns, ar = struct.unpack("!6H", cursor.take(12))
        need(self.flags & 0x8000, "QR is clear")
        need(self.flags & 0x0040 == 0, "the Z bit is set")
        need(self.flags & 0x0080 == 0, "RA is set")
        need(self.flags & 0x0030 == 0, "AD or CD is set")
        need(qd <= 1, f"{qd} questions")
        begin = cursor.at
        self.question = (cursor.name(), cursor.u16(), cursor.u16()) if qd else None
        self.question_bytes = data[begin:cursor.at]
        self.answer = [Record(cursor) for _ in range(an)]
        self.authority = [Record(cursor) for _ in range(ns)]
        self.additional = [Record(cursor) for _ in range(ar)]
        need(cursor.at == len(data), f"{len(data) - cursor.at} bytes that no count explains")
        self.tc = bool(self.flags & 0x0200)
        self.aa = bool(self.flags & 0x0400)
        self.rd = bool(self.flags & 0x0100)
        self.opcode = self.flags >> 11 & 0xF
        self.opt = self._read_opt()
        self.rcode = self.flags & 0xF | (self.opt["rcode"] << 4 if self.opt else 0)
        self._check_sense()

    def _read_opt(self):
        for section in (self.answer, self.authority):
            need(not any(r.type == wire.OPT for r in section), "OPT outside the additional section")
        found = [r for r in self.additional if r.type == wire.OPT]
        need(len(found) <= 1, f"{len(found)} OPT records")
        if not found:
            return None
        record = found[0]
        need(record.owner == [], "OPT not at the root")
        need(record.ttl & 0x7FFF == 0, "the Z bits of OPT are set")
        need(record.ttl >> 16 & 0xFF == 0, "EDNS version above 0")
        options, cursor = [], Cursor(record.rdata)
        while cursor.at < len(record.rdata):
            code = cursor.u16()
            options.append((code, cursor.take(cursor.u16())))
        codes = [code for code, _ in options]
        need(len(codes) == len(set(codes)), f"an option twice: {codes}")
        return {"rcode": record.ttl >> 24, "do": bool(record.ttl & 0x8000),
                "size": record.rclass, "options": dict(options)}

    def _check_sense(self):
        records = self.answer + self.authority
        if self.tc:
            need(not self.answer, "TC with a part of the answer")
        if self.rcode not in (0, 3):
            need(not records, f"rcode {self.rcode} with records")
            need(not self.aa, f"rcode {self.rcode} with AA")
        if self.rcode == 3:
            need(not self.answer, "NXDOMAIN with an answer")
        if self.answer:
            need(self.question is not None, "an answer without a question")
            asked = [label.lower() for label in self.question[0]]
            need(all([label.lower() for label in r.owner] == asked for r in self.answer),
                 "an answer about another name")
        for record in records:
            need(record.rclass == wire.IN or self.question[2] != wire.IN, "a record of odd class")
            need(record.ttl < 1 << 31, "TTL above 2^31 - 1")
        if self.tc:
            return
        if self.rcode == 3 or (self.aa and self.rcode == 0 and not self.answer):
            need([r.type for r in self.authority] == [wire.SOA], "negative without its SOA")

    def kind(self):
        """The word of the tables for what this is."""
        names = {1: "FORMERR", 2: "SERVFAIL", 3: "NXD", 4: "NOTIMP", 5: "REFUSED", 9: "NOTAUTH",
                 16: "BADVERS", 23: "BADCOOKIE"}
        if self.tc:
            return "TC"
        if self.rcode:
            return names.get(self.rcode, f"rcode {self.rcode}")
        return "OK" if self.answer else "NODATA"

    def option(self, code):
        return self.opt["options"].get(code) if self.opt else None

    def addresses(self):
        return sorted(".".join(map(str, r.rdata)) for r in self.answer if r.type == wire.A)


def read(data, message):
    """The response to `message`. Raises Bad, with what is wrong."""
    reply = Reply(data)
    need(data[:2] == message[:2], "another id")
    if reply.question is not None:
        size = len(reply.question_bytes)
        need(message[12:12 + size] == reply.question_bytes, "the question is not as it was sent")
    if reply.opcode not in KNOWN_OPCODES:
        return reply
    # The second judge: it must be able to read what we send.
    try:
        dns.message.from_wire(data, ignore_trailing=False)
    except dns.message.UnknownTSIGKey:
        pass
    return reply
