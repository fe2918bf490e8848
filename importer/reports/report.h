// Abuse report: what somebody reports of a source, in whatever format it came.
#pragma once

#include "listing/base/time.h"
#include "listing/model/address.h"
#include "listing/model/domain.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fairlist::importer {

enum class ReportKind : std::uint8_t { SpamMail, Other };

inline constexpr std::size_t kReportTypeBytesMax = 64;
inline constexpr std::size_t kReportedDomainsMax = 50;

// All of it as the reporter claims: who the reporter is has to be proved elsewhere. The recipient
// and the sender of the reported mail are never kept: they tell a trap.
struct AbuseReport {
    ReportKind kind = ReportKind::Other;
    std::string type;  // in the format's own words: "abuse", "messaging/spam"; printable ASCII
    std::optional<Address> source;
    std::string why_no_source;                 // in words; empty when there is a source
    std::optional<Time> seen;                  // when it happened; not set: the report does not say
    std::string reporter;                      // a domain, canonical; empty: not given
    std::vector<DomainName> reported_domains;  // each once
    // The values of the Received lines of the reported mail, newest first, for walk_to_fault().
    std::vector<std::string> original_received;
    std::string_view format;  // "arf", "xarf3" or "xarf4"
};

}  // namespace fairlist::importer
