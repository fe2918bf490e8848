// Answer: what a response says, before it is bytes.
#pragma once

#include "server/dns/query.h"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace fairlist::dns {

inline constexpr std::size_t kAnswerRecordsMax = 64;
inline constexpr std::size_t kScratchBytes = 65535;  // no message holds more

// A record whose owner is the question's name (answer section) or a suffix of it.
struct Record {
    std::uint16_t type = 0;
    std::uint16_t owner_label = 0;  // the owner is the question's name from this label on
    std::uint32_t ttl_seconds = 0;
    std::span<const std::uint8_t> rdata;  // in the zone's storage or in Answer::scratch
};

// RFC 8914. Zero in `code` with `present` false means none.
struct ExtendedError {
    bool present = false;
    std::uint16_t code = 0;
    std::string_view text;  // static storage
};

// Reused from query to query by one worker: reset() touches only the counters. Lifetime: valid
// until the next reset() and while the zone table of its View lives.
struct Answer {  // NOLINT(cppcoreguidelines-pro-type-member-init): scratch counts its use
    Rcode rcode = Rcode::NoError;
    bool authoritative = false;
    bool drop = false;      // send nothing
    bool truncate = false;  // send an empty answer with TC (rate limit)
    // More records than fit the limits above: part of a set must not pass for the whole of it
    // (RFC 2181 section 9).
    bool overflowed = false;
    std::uint8_t answer_count = 0;
    std::uint8_t authority_count = 0;
    std::uint16_t scratch_used = 0;
    ExtendedError extended_error;
    std::array<Record, kAnswerRecordsMax> answer;
    std::array<Record, 1> authority;  // the SOA of a negative answer (RFC 2308 section 3)
    std::array<std::uint8_t, kScratchBytes> scratch;

    void reset() noexcept {
        rcode = Rcode::NoError;
        authoritative = false;
        drop = false;
        truncate = false;
        overflowed = false;
        answer_count = 0;
        authority_count = 0;
        scratch_used = 0;
        extended_error = {};
    }
};

}  // namespace fairlist::dns
