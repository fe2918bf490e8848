// QueryParser: a message as received turned into a Query, or into the reason why it is none.
#pragma once

#include "server/dns/query.h"

#include <cstdint>
#include <span>

namespace fairlist::dns {

enum class Transport : std::uint8_t { Udp, Tcp };

enum class ParseOutcome : std::uint8_t {
    Drop,        // send nothing; over TCP close the connection
    Respond,     // the response needs no zone: hand `rcode` to write_error()
    Answerable,  // one question, to be resolved
};

struct ParseResult {
    ParseOutcome outcome = ParseOutcome::Drop;
    // With Respond only. NoError stands for the empty response to a query that asks for nothing but
    // a server cookie (RFC 7873 section 5.4).
    Rcode rcode = Rcode::NoError;

    friend bool operator==(const ParseResult&, const ParseResult&) noexcept = default;
};

// Additional records that a query may carry; more are FORMERR. A query needs two (OPT and TSIG).
inline constexpr std::size_t kExtraRecordsMax = 32;
inline constexpr std::size_t kEdnsOptionsMax = 64;

// Fills `query`, whatever was in it before; with Drop only its id may be used. Every byte of the
// message has to be explained by a count, else it is FORMERR. Reads no clock and no client address:
// cookie.server is left to the caller to check.
// Lifetime: the TSIG spans of `query` point into `message`.
[[nodiscard]] ParseResult parse_query(std::span<const std::uint8_t> message, Transport transport,
                                      Query& query) noexcept;

}  // namespace fairlist::dns
