#include "importer/reports/report_mail.h"

#include "importer/reports/arf.h"
#include "importer/reports/report_text.h"
#include "importer/reports/xarf.h"

#include <utility>

namespace fairlist::importer {

namespace {

using Parsed = std::optional<Result<AbuseReport>>;

void fill_from(const AbuseReport& other, AbuseReport& report) {
    if (!report.source && other.source) {
        report.source = other.source;
        report.why_no_source.clear();
    }
    if (!report.seen) {
        report.seen = other.seen;
    }
    for (const DomainName& domain : other.reported_domains) {
        add_domain(domain.text(), report);
    }
}

Parsed choose(Parsed arf, Parsed xarf) {
    if (!arf || !xarf) {
        return arf ? std::move(arf) : std::move(xarf);
    }
    const bool is_refused = !*arf && arf->error().code == Errc::Refused;
    if (is_refused || (*arf && !*xarf)) {
        return arf;
    }
    if (*arf && *xarf) {
        fill_from(**arf, **xarf);
    }
    return xarf;
}

}  // namespace

std::optional<Result<AbuseReport>> report_of(const MailRecord& record) {
    Parsed arf;
    if (!record.feedback.empty()) {
        arf = parse_arf(record.feedback, record.original);
    }
    Parsed xarf;
    if (looks_like_xarf(record.json)) {
        xarf = parse_xarf(record.json);
    }
    Parsed report = choose(std::move(arf), std::move(xarf));
    if (report && *report) {
        AbuseReport& found = **report;
        if (found.reporter.empty()) {
            found.reporter = domain_text(record.from_domain);
        }
        if (found.original_received.empty()) {
            found.original_received = received_of(record.original);
        }
    }
    return report;
}

}  // namespace fairlist::importer
