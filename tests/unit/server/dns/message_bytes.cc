#include "tests/unit/server/dns/message_bytes.h"

#include <algorithm>
#include <charconv>

namespace fairlist::dns::test {

Bytes join(std::initializer_list<Bytes> parts) {
    Bytes all;
    for (const Bytes& part : parts) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

Bytes from_hex(std::string_view hex) {
    Bytes bytes(hex.size() / 2);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char* const digits = hex.data() + 2 * i;
        std::from_chars(digits, digits + 2, bytes[i], 16);
    }
    return bytes;
}

Bytes repeat(std::uint8_t value, std::size_t count) {
    return Bytes(count, value);
}

Bytes u16(std::uint16_t value) {
    return {static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value & 0xFFU)};
}

Bytes u32(std::uint32_t value) {
    return join({u16(static_cast<std::uint16_t>(value >> 16U)),
                 u16(static_cast<std::uint16_t>(value & 0xFFFFU))});
}

Bytes header(const HeaderFields& fields) {
    return join({u16(kTestId), u16(fields.flags), u16(fields.questions), u16(fields.answers),
                 u16(fields.authorities), u16(fields.additionals)});
}

Bytes name(std::string_view dotted) {
    Bytes bytes;
    while (!dotted.empty()) {
        const std::string_view label = dotted.substr(0, dotted.find('.'));
        bytes.push_back(static_cast<std::uint8_t>(label.size()));
        bytes.insert(bytes.end(), label.begin(), label.end());
        dotted.remove_prefix(std::min(label.size() + 1, dotted.size()));
    }
    bytes.push_back(0);
    return bytes;
}

Bytes question(std::string_view dotted, std::uint16_t type, std::uint16_t klass) {
    return join({name(dotted), u16(type), u16(klass)});
}

Bytes record(const RecordFields& fields) {
    return join({fields.owner, u16(fields.type), u16(fields.klass), u32(fields.ttl),
                 u16(static_cast<std::uint16_t>(fields.rdata.size())), fields.rdata});
}

Bytes a_record() {
    return record({.owner = name("extra.example"), .type = type::kA, .rdata = {192, 0, 2, 1}});
}

Bytes option(std::uint16_t code, const Bytes& data) {
    return join({u16(code), u16(static_cast<std::uint16_t>(data.size())), data});
}

Bytes opt(const Bytes& options, std::uint16_t udp_bytes, std::uint32_t ttl) {
    return record(
        {.owner = name(""), .type = type::kOpt, .klass = udp_bytes, .ttl = ttl, .rdata = options});
}

Bytes tsig_rdata(std::string_view algorithm) {
    const Bytes mac = repeat(0xAB, 32);
    return join({name(algorithm), from_hex("00006553f100"), u16(300), u16(32), mac, u16(kTestId),
                 u16(0), u16(0)});
}

Bytes tsig(std::string_view key) {
    return record({.owner = name(key),
                   .type = type::kTsig,
                   .klass = klass::kAny,
                   .ttl = 0,
                   .rdata = tsig_rdata()});
}

Bytes edns_query(const Bytes& opt_record) {
    return join({header({.additionals = 1}), question(kTestName), opt_record});
}

}  // namespace fairlist::dns::test
