// Spf: whether a domain lets an address send its mail (RFC 7208).
//
// All mechanisms, modifiers and macros but "exp", whose text nobody shows here. Our own, because
// libspf2 has a history of memory errors and would run on bytes that strangers choose; a record of
// SPF is short, and its rules are few.
#pragma once

#include "importer/checks/dns_lookup.h"
#include "listing/model/address.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist::importer {

enum class SpfResult : std::uint8_t {
    None,     // the domain says nothing
    Neutral,  // says that it says nothing of this address
    Pass,
    Fail,
    SoftFail,
    TempError,  // the DNS could not tell
    PermError   // the record is wrong
};
// "pass", "softfail".
[[nodiscard]] std::string_view to_string(SpfResult result) noexcept;

struct SpfQuestion {
    Address address;
    std::string domain;
    std::string local_part = "postmaster";  // section 4.3
    std::string helo{};
};

struct SpfAnswer {
    SpfResult result = SpfResult::None;
    std::string why;  // the record, the term that matched, or what is wrong; printable
};

// Section 4.6.4: terms that ask the DNS, answers that are empty, and names of one answer.
inline constexpr unsigned kSpfLookupsMax = 10;
inline constexpr unsigned kSpfVoidMax = 2;
inline constexpr unsigned kSpfNamesMax = 10;

// Never asks more than these limits allow.
[[nodiscard]] SpfAnswer check_spf(DnsLookup& dns, const SpfQuestion& question);

}  // namespace fairlist::importer
