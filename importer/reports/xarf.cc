#include "importer/reports/xarf.h"

#include "importer/formats/excerpt.h"
#include "importer/formats/words.h"
#include "importer/mail/mail_record.h"
#include "importer/reports/json_fields.h"
#include "importer/reports/report_text.h"
#include "importer/reports/report_time.h"
#include "importer/reports/xarf_sample.h"

#include <fmt/format.h>

#include <cstddef>
#include <expected>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

namespace fairlist::importer {

namespace {

namespace json = boost::json;

// The domain of its own, else that of its mail address.
std::string reporter_of(JsonFields& info, std::string_view domain_key, std::string_view mail_key) {
    std::string domain = domain_text(info.text(domain_key).value_or(""));
    const std::string_view mail = info.text(mail_key).value_or("");
    const std::size_t at = mail.rfind('@');
    if (domain.empty() && at != std::string_view::npos) {
        domain = domain_text(mail.substr(at + 1));
    }
    return domain;
}

std::optional<Time> time_of(JsonFields& fields, std::string_view key) {
    const auto text = fields.text(key);
    return text ? parse_rfc3339(*text) : std::nullopt;
}

std::string joined(std::string_view category, std::string_view type) {
    return printable(fmt::format("{}/{}", category.substr(0, kReportTypeBytesMax),
                                 type.substr(0, kReportTypeBytesMax)),
                     kReportTypeBytesMax);
}

// Spam also comes by text message: `protocol` then says so.
ReportKind kind_of(std::string_view type, std::optional<std::string_view> protocol) {
    const bool is_mail = !protocol || equals_lower(*protocol, "smtp");
    return equals_lower(type, "spam") && is_mail ? ReportKind::SpamMail : ReportKind::Other;
}

Result<AbuseReport> done(AbuseReport report, std::initializer_list<const JsonFields*> all) {
    for (const JsonFields* fields : all) {
        if (const std::optional<Error>& fault = fields->fault()) {
            return std::unexpected(*fault);
        }
    }
    return report;
}

const json::object& object_or_empty(const json::object* object) {
    static const json::object kEmpty;
    return object == nullptr ? kEmpty : *object;
}

// "SourceIp": "192.0.2.1", or "Source": {"IP": "192.0.2.1"}.
void take_source3(JsonFields& report, JsonFields& source, AbuseReport& out) {
    if (const auto address = report.text("SourceIp")) {
        set_source(*address, "SourceIp", out);
    } else if (const auto inner = source.text("IP")) {
        set_source(*inner, "Source.IP", out);
    } else {
        out.why_no_source = "the report has neither SourceIp nor Source.IP";
    }
}

Result<AbuseReport> parse3(const json::object& document) {
    JsonFields top(document);
    JsonFields info(object_or_empty(top.object("ReporterInfo")), "ReporterInfo.");
    JsonFields report(object_or_empty(top.object("Report")), "Report.");
    JsonFields source(object_or_empty(report.object("Source")), "Report.Source.");
    JsonFields more(object_or_empty(report.object("AdditionalInfo")), "Report.AdditionalInfo.");
    AbuseReport out;
    out.format = "xarf3";
    const auto type = report.text("ReportType");
    if (!type) {
        report.set_fault("ReportType", "the type of abuse, as a string");
    }
    out.kind = kind_of(type.value_or(""), more.text("Protocol"));
    out.type = joined(report.text("ReportClass").value_or("?"), type.value_or(""));
    out.seen = time_of(report, "Date");
    out.reporter = reporter_of(info, "ReporterOrgDomain", "ReporterOrgEmail");
    take_source3(report, source, out);
    if (const json::array* samples = report.array("Samples")) {
        out.original_received = received_in_samples(*samples, SampleDialect::Samples);
    } else if (const json::array* attached = report.array("Attachment")) {
        out.original_received = received_in_samples(*attached, SampleDialect::Attachment);
    }
    return done(std::move(out), {&top, &info, &report, &source, &more});
}

// An address, a domain, or another name of the source.
void take_source4(std::string_view identifier, AbuseReport& out) {
    set_source(identifier, "source_identifier", out);
    if (!out.source) {
        add_domain(identifier, out);
    }
}

Result<AbuseReport> parse4(const json::object& document) {
    JsonFields top(document);
    JsonFields reporter(object_or_empty(top.object("reporter")), "reporter.");
    AbuseReport out;
    out.format = "xarf4";
    // Drafts of version 4 had "class" in place of "category".
    const auto category = top.text(top.any("category") != nullptr ? "category" : "class");
    const auto type = top.text("type");
    if (!category || !type) {
        top.set_fault(category ? "type" : "category", "a string");
    }
    const bool is_messaging = equals_lower(category.value_or(""), "messaging");
    out.kind = is_messaging ? kind_of(type.value_or(""), top.text("protocol")) : ReportKind::Other;
    out.type = joined(category.value_or(""), type.value_or(""));
    out.seen = time_of(top, "timestamp");
    out.reporter = reporter_of(reporter, "domain", "contact");
    if (const auto identifier = top.text("source_identifier")) {
        take_source4(*identifier, out);
    } else {
        out.why_no_source = "the report has no source_identifier";
    }
    if (const json::array* evidence = top.array("evidence")) {
        out.original_received = received_in_samples(*evidence, SampleDialect::Evidence);
    }
    return done(std::move(out), {&top, &reporter});
}

std::unexpected<Error> unknown_version(std::string_view version) {
    return fail(Errc::Malformed,
                fmt::format("XARF version \"{}\": expected 3 or 4", excerpt(version)));
}

}  // namespace

bool looks_like_xarf(std::string_view json) noexcept {
    return json.find("\"xarf_version\"") != std::string_view::npos ||
           json.find("\"ReporterInfo\"") != std::string_view::npos;
}

Result<AbuseReport> parse_xarf(std::string_view json) {
    if (json.size() >= kMailJsonBytesMax) {
        return fail(Errc::OutOfRange,
                    fmt::format("XARF: {} bytes or more: expected less", kMailJsonBytesMax));
    }
    const auto document = parse_json_object(json);
    if (!document) {
        return fail_in("XARF", document.error());
    }
    JsonFields top(*document);
    const auto version4 = top.text("xarf_version");
    const auto version3 = top.text("Version");
    if (version4) {
        return version4->starts_with("4.") ? parse4(*document) : unknown_version(*version4);
    }
    if (version3) {
        return *version3 == "3" || version3->starts_with("3.") ? parse3(*document)
                                                               : unknown_version(*version3);
    }
    return fail(Errc::Malformed, "XARF: no version: expected \"xarf_version\" or \"Version\"");
}

}  // namespace fairlist::importer
