// PolicyDocument: a provider's mail policy as it is published, JSON or CSV, read with every fault.
#pragma once

#include "listing/base/time.h"
#include "listing/model/policy.h"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

struct Place {
    std::uint32_t line = 0;    // from 1
    std::uint32_t column = 0;  // from 1, in bytes

    friend auto operator<=>(const Place&, const Place&) noexcept = default;
};

struct PolicyFault {
    std::uint32_t line = 0;    // from 1
    std::uint32_t column = 0;  // from 1, in bytes
    std::string where;         // "ranges[3].prefix", of CSV "prefix"
    std::string what;          // the offending text, shortened, and what would be right
    bool is_warning = false;   // it is taken all the same: an unknown member, a date in the past
};

struct PolicyReading {
    MailPolicy policy;                // of what is right
    std::vector<PolicyFault> faults;  // in the order of their places, the first kPolicyFaultsMax
    std::uint64_t faults_total = 0;   // without warnings
    std::uint64_t warnings_total = 0;
    bool is_csv = false;
    std::vector<Place> range_places;  // of the prefixes, in the order of the policy's
    std::vector<Place> exemption_places;
};
inline constexpr std::size_t kPolicyFaultsMax = 1000;
inline constexpr std::size_t kPolicyBytesMax = 256U << 20U;

// JSON or CSV, told by content. Never fails: a document that is nothing of both has one fault.
// Memory is a small multiple of the document's. `now`: what dates are held against; not set: the
// document's own date.
[[nodiscard]] PolicyReading read_policy(std::string_view text, Time now = {});

// The document, ordered and indented, a range or exemption a line: read again it is equal.
[[nodiscard]] std::string to_json(const MailPolicy& policy);
// The same as rows of the kinds policy, range and exemption.
[[nodiscard]] std::string to_csv(const MailPolicy& policy);

// "policy.json:14:21: error: ranges[3].prefix: …"
[[nodiscard]] std::string to_string(const PolicyFault& fault, std::string_view file);

}  // namespace fairlist::importer
