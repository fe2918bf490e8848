// ReportLetter: what a provider is told of listings in its space: a feedback report (RFC 5965) with
// XARF 4, and the same as JSON.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "server/outbox/outbox.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fairlist::outbox {

// Only what everybody may see: times to the hour, no trap, nothing that may name one.
struct ToldListing {
    std::uint64_t report = 0;
    std::string cause;  // "listed", "noticed", "relisted"
    std::string list;
    std::string subject;  // "192.0.2.1", "192.0.2.0/29"
    std::string address;  // one address of it
    std::string reason;   // as TXT answers it
    Time since;           // to the hour, as of the entry in the index
    Time until;           // not set: no end of its own
    std::uint64_t hits = 0;
    Time first_hit;  // the full hour before
    Time last_hit;
    std::map<std::string, std::uint64_t> kinds;  // "mail", "report"
    std::map<std::string, std::uint64_t> helos;
    std::map<std::string, std::uint64_t> names;  // PTR
    std::string customer;                        // as the provider's policy calls the assignment
};

struct ReportSite {
    std::string name;     // "Example Blocklists"
    std::string url;      // empty: none
    std::string contact;  // mail address
    std::string from;
};

struct ReportDraft {
    std::string provider;  // slug
    std::string provider_name;
    std::uint64_t batch = 0;  // the same when it is sent again
    std::string to;           // the abuse contact
    Time now;
    std::vector<ToldListing> listings;  // at least one
};

// Requires: a listing. Errors: as write_letter().
[[nodiscard]] Result<Letter> write_report(const ReportSite& site, const ReportDraft& draft);
// {"reports": [...]} for a webhook.
[[nodiscard]] std::string report_json(const ReportSite& site, const ReportDraft& draft);
// One report of XARF 4, type reputation/blocklist.
[[nodiscard]] std::string xarf_json(const ReportSite& site, const ReportDraft& draft,
                                    const ToldListing& listing);

}  // namespace fairlist::outbox
