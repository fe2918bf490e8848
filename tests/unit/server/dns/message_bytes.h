// MessageBytes: DNS messages put together by hand, also those that no library would build.
#pragma once

#include "server/dns/query.h"

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

namespace fairlist::dns::test {

using Bytes = std::vector<std::uint8_t>;

inline constexpr std::uint16_t kTestId = 0x1234;
inline constexpr std::string_view kTestName = "2.0.0.127.bl.example";

[[nodiscard]] Bytes join(std::initializer_list<Bytes> parts);
[[nodiscard]] Bytes from_hex(std::string_view hex);
[[nodiscard]] Bytes repeat(std::uint8_t value, std::size_t count);
[[nodiscard]] Bytes u16(std::uint16_t value);
[[nodiscard]] Bytes u32(std::uint32_t value);

struct HeaderFields {
    std::uint16_t flags = 0;
    std::uint16_t questions = 1;
    std::uint16_t answers = 0;
    std::uint16_t authorities = 0;
    std::uint16_t additionals = 0;
};
[[nodiscard]] Bytes header(const HeaderFields& fields = {});

// Labels separated by dots, with the root label; "" is the root.
[[nodiscard]] Bytes name(std::string_view dotted);
[[nodiscard]] Bytes question(std::string_view dotted, std::uint16_t type = type::kA,
                             std::uint16_t klass = klass::kIn);

struct RecordFields {
    Bytes owner{};
    std::uint16_t type = type::kA;
    std::uint16_t klass = klass::kIn;
    std::uint32_t ttl = 0;
    Bytes rdata{};
};
[[nodiscard]] Bytes record(const RecordFields& fields);
[[nodiscard]] Bytes a_record();

[[nodiscard]] Bytes option(std::uint16_t code, const Bytes& data);
// `ttl` holds the extended rcode, the version and the flags.
[[nodiscard]] Bytes opt(const Bytes& options = {}, std::uint16_t udp_bytes = 1232,
                        std::uint32_t ttl = 0);

[[nodiscard]] Bytes tsig_rdata(std::string_view algorithm = "hmac-sha256");
[[nodiscard]] Bytes tsig(std::string_view key = "key.example");

// A query for kTestName with one OPT record.
[[nodiscard]] Bytes edns_query(const Bytes& opt_record);

}  // namespace fairlist::dns::test
