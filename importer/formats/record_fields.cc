#include "importer/formats/record_fields.h"

#include "importer/formats/excerpt.h"
#include "importer/formats/host_name.h"
#include "importer/formats/words.h"
#include "listing/model/entry.h"
#include "listing/model/ttl.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <utility>

namespace fairlist::importer {

namespace {

struct FieldRow {
    std::string_view text;
    FieldName name;
};

constexpr std::array kFieldRows = std::to_array<FieldRow>({
    {"subject", FieldName::Subject}, {"address", FieldName::Subject},
    {"ip", FieldName::Subject},      {"ip_address", FieldName::Subject},
    {"prefix", FieldName::Subject},  {"ip_prefix", FieldName::Subject},
    {"cidr", FieldName::Subject},    {"network", FieldName::Subject},
    {"domain", FieldName::Subject},  {"hash", FieldName::Subject},
    {"start", FieldName::Subject},   {"end", FieldName::End},
    {"code", FieldName::Code},       {"reason", FieldName::Reason},
    {"comment", FieldName::Reason},  {"description", FieldName::Reason},
    {"sblid", FieldName::Reason},    {"ttl", FieldName::Ttl},
    {"ttl_seconds", FieldName::Ttl}, {"expires", FieldName::Expires},
    {"until", FieldName::Expires},   {"exempt", FieldName::Exempt},
});

Result<bool> parse_exempt(std::string_view text) {
    for (const std::string_view yes : {"true", "yes", "1"}) {
        if (equals_lower(text, yes)) {
            return true;
        }
    }
    for (const std::string_view no : {"", "false", "no", "0"}) {
        if (equals_lower(text, no)) {
            return false;
        }
    }
    return fail(Errc::Malformed,
                fmt::format("exempt \"{}\": expected true or false", excerpt(text)));
}

Result<std::uint32_t> parse_ttl(std::string_view text) {
    if (text.empty()) {
        return 0;
    }
    const auto seconds = parse_duration(text);
    if (seconds && *seconds > kTtlSecondsMax) {
        return fail(Errc::OutOfRange, fmt::format("ttl \"{}\": expected at most {}", excerpt(text),
                                                  format_duration(kTtlSecondsMax)));
    }
    return seconds ? seconds : fail_in("ttl", seconds.error());
}

Result<Record> verdict_of(const RecordFields& fields, const FormatOptions& options) {
    Record record;
    const auto exempt = parse_exempt(fields.exempt);
    if (!exempt) {
        return std::unexpected(exempt.error());
    }
    record.exempt = *exempt;
    if (!fields.code.empty()) {
        const auto code = parse_code(fields.code, options.foreign_codes);
        if (!code) {
            return std::unexpected(code.error());
        }
        record.code = *code;
    }
    const auto ttl = parse_ttl(fields.ttl);
    if (!ttl) {
        return std::unexpected(ttl.error());
    }
    record.ttl_seconds = *ttl;
    if (!fields.expires.empty()) {
        const auto until = parse_time(fields.expires);
        if (!until) {
            return std::unexpected(until.error());
        }
        record.until = *until;
    }
    if (const auto checked = check_reason_text(fields.reason); !checked) {
        return std::unexpected(checked.error());
    }
    record.reason = fields.reason;
    return record;
}

Result<Subject> subject_of(std::string_view text, const FormatOptions& options) {
    if (options.kind != ListKind::Domain) {
        return parse_subject(options.kind, text, options.allow_host_bits);
    }
    auto name = parse_host_name(text);
    if (!name) {
        return std::unexpected(name.error());
    }
    return Subject(std::move(*name));
}

}  // namespace

std::optional<FieldName> field_name(std::string_view text) noexcept {
    for (const FieldRow& row : kFieldRows) {
        if (equals_lower(text, row.text)) {
            return row.name;
        }
    }
    return std::nullopt;
}

void set_field(RecordFields& fields, FieldName name, std::string_view value) noexcept {
    switch (name) {
        case FieldName::Subject:
            fields.subject = value;
            break;
        case FieldName::End:
            fields.end = value;
            break;
        case FieldName::Code:
            fields.code = value;
            break;
        case FieldName::Reason:
            fields.reason = value;
            break;
        case FieldName::Ttl:
            fields.ttl = value;
            break;
        case FieldName::Expires:
            fields.expires = value;
            break;
        case FieldName::Exempt:
            fields.exempt = value;
            break;
    }
}

Result<void> check_reason_text(std::string_view reason) {
    if (reason.size() > kReasonBytesMax) {
        return fail(Errc::OutOfRange, fmt::format("reason of {} bytes, as a template: at most {}",
                                                  reason.size(), kReasonBytesMax));
    }
    // A line end would split the entry's line in every export. Two searches for one byte each: this
    // is asked for every line, and the search for several is many times slower.
    const bool has_line_end =
        reason.find('\n') != std::string_view::npos || reason.find('\r') != std::string_view::npos;
    if (has_line_end) {
        return fail(Errc::Malformed,
                    fmt::format("reason \"{}\": expected one line", excerpt(reason)));
    }
    return {};
}

Result<void> accept_range(std::string_view first_text, std::string_view last_text, Record& record,
                          RecordSink& sink) {
    const auto first = parse_address(first_text);
    const auto last = first ? parse_address(last_text) : first;
    if (!last) {
        return std::unexpected(last.error());
    }
    if (first->is_v4() != last->is_v4() || *last < *first) {
        return fail(Errc::Malformed, fmt::format("range \"{}-{}\": the end must be of the same "
                                                 "family and not before the start",
                                                 excerpt(first_text), excerpt(last_text)));
    }
    for (const Prefix& prefix : split_range(*first, *last)) {
        record.subject = prefix;
        sink.accept(record);
    }
    return {};
}

Result<void> accept_fields(const RecordFields& fields, const FormatOptions& options,
                           RecordSink& sink) {
    if (fields.subject.empty()) {
        return fail(Errc::Malformed, "no subject: expected an address, name or hash");
    }
    auto record = verdict_of(fields, options);
    if (!record) {
        return std::unexpected(record.error());
    }
    const bool is_address = options.kind == ListKind::Address;
    const std::size_t dash = is_address ? fields.subject.find('-') : std::string_view::npos;
    if (is_address && !fields.end.empty()) {
        return accept_range(fields.subject, fields.end, *record, sink);
    }
    if (dash != std::string_view::npos) {
        return accept_range(trim(fields.subject.substr(0, dash)),
                            trim(fields.subject.substr(dash + 1)), *record, sink);
    }
    auto subject = subject_of(fields.subject, options);
    if (!subject) {
        return std::unexpected(subject.error());
    }
    record->subject = std::move(*subject);
    sink.accept(*record);
    return {};
}

}  // namespace fairlist::importer
