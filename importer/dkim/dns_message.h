// DnsMessage: a question for TXT records, and what a reply to it says.
#pragma once

#include "listing/base/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fairlist::importer {

// Of the EDNS buffer: what travels unfragmented nearly everywhere (the value of DNS flag day 2020).
inline constexpr std::uint16_t kUdpReplyBytes = 1232;
inline constexpr std::size_t kAliasesMax = 8;

struct TxtQuestion {
    std::uint16_t id = 0;
    std::string name;
    std::vector<std::uint8_t> bytes;  // on the wire
};

enum class ReplyKind : std::uint8_t {
    Foreign,    // not a reply to this question, or no DNS at all
    Truncated,  // to be asked again over TCP
    Failed,     // the server cannot tell
    Found,
    Missing  // no such name, or no TXT record there
};

struct TxtReply {
    ReplyKind kind = ReplyKind::Foreign;
    std::vector<std::string> records;  // of Found: one text a record, its strings joined
    std::uint32_t ttl = 0;  // seconds; of Missing after RFC 2308 section 5, 0: do not keep
};

// `id` must be hard to guess. Errors: Malformed (no domain name).
[[nodiscard]] Result<TxtQuestion> make_txt_question(const std::string& name, std::uint16_t id);

// Aliases (CNAME) are followed inside the reply.
[[nodiscard]] TxtReply read_txt_reply(const TxtQuestion& question,
                                      std::span<const std::uint8_t> bytes);

}  // namespace fairlist::importer
