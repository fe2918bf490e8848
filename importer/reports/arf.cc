#include "importer/reports/arf.h"

#include "importer/formats/excerpt.h"
#include "importer/formats/words.h"
#include "importer/mail/mail_record.h"
#include "importer/reports/mail_fields.h"
#include "importer/reports/report_text.h"
#include "importer/reports/report_time.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <expected>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fairlist::importer {

namespace {

struct RefusedType {
    std::string_view type;
    std::string_view why;
};
constexpr std::array kRefusedTypes = std::to_array<RefusedType>({
    {"not-spam", "says that a mail is no spam (RFC 6430)"},
    {"opt-out", "asks to end a subscription"},
    {"opt-out-list", "asks to end a subscription"},
    {"auth-failure", "reports a failed authentication, not spam (RFC 6591)"},
});

// The values of every field of that name.
std::vector<std::string> values_of(const std::vector<MailField>& fields, std::string_view name) {
    std::vector<std::string> values;
    for (const MailField& field : fields) {
        if (field.name == name) {
            values.push_back(without_comments(field.value));
        }
    }
    return values;
}

// RFC 5965 section 3.1: exactly one.
Result<std::string> type_of(const std::vector<MailField>& fields) {
    const auto types = values_of(fields, "feedback-type");
    if (types.size() != 1 || types[0].empty()) {
        return fail(Errc::Malformed, fmt::format("{} Feedback-Type fields in the report: expected "
                                                 "one, with a type",
                                                 types.size()));
    }
    for (const RefusedType& refused : kRefusedTypes) {
        if (equals_lower(types[0], refused.type)) {
            return fail(Errc::Refused,
                        fmt::format("feedback type \"{}\": {}", refused.type, refused.why));
        }
    }
    return printable(types[0], kReportTypeBytesMax);
}

// RFC 5965 section 3.2: at most one. Two that differ would let the reader choose whom to accuse.
void take_source(const std::vector<MailField>& fields, AbuseReport& report) {
    const auto sources = values_of(fields, "source-ip");
    if (sources.empty()) {
        report.why_no_source = "the report has no Source-IP field";
    } else if (std::ranges::any_of(sources, [&](const auto& each) { return each != sources[0]; })) {
        report.why_no_source = "the report has several Source-IP fields that differ";
    } else {
        set_source(sources[0], "Source-IP", report);
    }
}

// "Arrival-Date" is the standard's; "Received-Date" was the draft's, which large senders kept.
std::optional<Time> date_of(const std::vector<MailField>& fields) {
    for (const std::string_view name : {"arrival-date", "received-date"}) {
        for (const std::string& value : values_of(fields, name)) {
            if (const auto time = parse_mail_date(value)) {
                return time;
            }
        }
    }
    return std::nullopt;
}

}  // namespace

Result<AbuseReport> parse_arf(std::string_view feedback, std::string_view original) {
    if (feedback.size() > kMailFeedbackBytesMax || original.size() > kMailOriginalBytesMax) {
        return fail(Errc::OutOfRange,
                    fmt::format("a feedback report of {} bytes on a mail with {} bytes of headers: "
                                "expected at most {} and {}",
                                feedback.size(), original.size(), kMailFeedbackBytesMax,
                                kMailOriginalBytesMax));
    }
    const std::vector<MailField> fields = cut_fields(feedback);
    auto type = type_of(fields);
    if (!type) {
        return std::unexpected(type.error());
    }
    AbuseReport report;
    report.format = "arf";
    report.kind = equals_lower(*type, "abuse") ? ReportKind::SpamMail : ReportKind::Other;
    report.type = std::move(*type);
    take_source(fields, report);
    report.seen = date_of(fields);
    for (const std::string& domain : values_of(fields, "reported-domain")) {
        add_domain(domain, report);
    }
    report.original_received = received_of(original);
    return report;
}

}  // namespace fairlist::importer
