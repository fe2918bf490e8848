// ListSpec: what a list is: its kind, its default verdict and how its entries match.
#pragma once

#include "listing/base/result.h"
#include "listing/model/code.h"
#include "listing/model/subject.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist {

// These numbers are on disk (FORMAT.md): never reuse one.
enum class ListKind : std::uint8_t { Address = 1, Domain = 2, Hash = 3 };

// Which of the entries of one list that cover an address answer. An exemption beats the entries of
// the same or a wider prefix, and is beaten by the narrower ones.
enum class MatchRule : std::uint8_t {
    MostSpecific,  // those of the narrowest prefix (as rbldnsd's ip4trie)
    All,           // every one not beaten by an exemption
    // Those of the narrowest octet step (/1-8, /9-16, /17-24, /25-32) that has one; an exemption in
    // that step silences the list (as rbldnsd's ip4set). For IPv6 as MostSpecific.
    OctetStep,
};

inline constexpr std::size_t kListsPerZoneMax = 64;  // of one kind

// As configured. `name` is 1 to 32 of [a-z0-9_-], starting with a letter.
struct ListSpec {
    std::string name;
    ListKind kind = ListKind::Address;
    MatchRule match = MatchRule::MostSpecific;
    ReturnCode code{0x7F000002};    // when the entry has none
    std::string reason;             // template, when the entry has none (zones/reason.h)
    std::uint32_t ttl_seconds = 0;  // when the entry has none; 0: the zone's
    bool foreign_codes = false;     // may answer codes that is_listing_code() refuses
    std::string description;        // one line for people: purpose and scope (RFC 6471 section 2.1)
};

[[nodiscard]] Result<std::string> parse_list_name(std::string_view text);
[[nodiscard]] std::string_view to_string(ListKind kind) noexcept;
[[nodiscard]] std::string_view to_string(MatchRule rule) noexcept;

// Parses a subject as the kind of list takes it.
[[nodiscard]] Result<Subject> parse_subject(ListKind kind, std::string_view text,
                                            bool allow_host_bits = false);
[[nodiscard]] ListKind kind_of(const Subject& subject) noexcept;

}  // namespace fairlist
