// DnsMessage: a question for records of one type, and what a reply to it says.
#pragma once

#include "listing/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

// Of the EDNS buffer: what travels unfragmented nearly everywhere (the value of DNS flag day 2020).
inline constexpr std::uint16_t kUdpReplyBytes = 1232;
inline constexpr std::size_t kAliasesMax = 8;

enum class DnsType : std::uint8_t { Txt, A, Aaaa, Ptr, Mx };

// "TXT".
[[nodiscard]] std::string_view to_string(DnsType type) noexcept;

struct DnsQuestion {
    std::uint16_t id = 0;
    std::string name;
    std::vector<std::uint8_t> bytes;  // on the wire
    DnsType type = DnsType::Txt;
};

enum class ReplyKind : std::uint8_t {
    Foreign,    // not a reply to this question, or no DNS at all
    Truncated,  // to be asked again over TCP
    Failed,     // the server cannot tell
    Found,
    Missing  // no such name, or no record of the type there
};

struct DnsReply {
    ReplyKind kind = ReplyKind::Foreign;
    // Of Found: one text a record. TXT: its strings joined; A, AAAA: the address; PTR, MX: the
    // name, without a final dot, with what is not printable as \DDD (RFC 1035 section 5.1), MX in
    // the order of preference.
    std::vector<std::string> records;
    std::uint32_t ttl = 0;  // seconds; of Missing after RFC 2308 section 5, 0: do not keep
};

// `id` must be hard to guess. Errors: Malformed (no domain name).
[[nodiscard]] Result<DnsQuestion> make_question(const std::string& name, DnsType type,
                                                std::uint16_t id);
[[nodiscard]] Result<DnsQuestion> make_txt_question(const std::string& name, std::uint16_t id);

// Aliases (CNAME) are followed inside the reply.
[[nodiscard]] DnsReply read_reply(const DnsQuestion& question, std::span<const std::uint8_t> bytes);

}  // namespace fairlist::importer
