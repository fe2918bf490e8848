#include "listing/store/report_records.h"

#include "listing/base/check.h"
#include "listing/store/bytes.h"
#include "listing/store/fields.h"
#include "listing/store/records.h"

#include <algorithm>
#include <utility>

namespace fairlist::store {

namespace {

constexpr std::uint8_t kReportVersion = 1;
constexpr std::uint8_t kAttestVersion = 1;
constexpr std::size_t kWordBytesMax = 255;
constexpr std::size_t kTimesMax = 10000;

bool is_known(const ProviderReport& report) noexcept {
    return report.cause >= ReportCause::Listed && report.cause <= ReportCause::Relisted &&
           report.state >= ReportState::Due && report.state <= ReportState::Nowhere;
}

std::string slug_key(std::string_view slug) {
    FAIRLIST_CHECK(slug.size() <= 255);
    ByteWriter out;
    out.u8(static_cast<std::uint8_t>(slug.size()));
    out.bytes(slug);
    return out.bytes();
}

std::string timed_key(std::string_view slug, Time time, std::uint64_t id) {
    ByteWriter out;
    out.bytes(slug_key(slug));
    write_big(out, time.seconds);
    write_big(out, id);
    return out.bytes();
}

std::optional<QueuedReport> key_timed(Bytes key) {
    ByteReader in(key);
    QueuedReport found;
    found.slug = in.bytes(in.u8());
    found.due = Time{read_big<std::uint32_t>(in)};
    found.id = read_big<std::uint64_t>(in);
    return in.ok() && in.at_end() ? std::optional(std::move(found)) : std::nullopt;
}

}  // namespace

std::string encode_report(const ProviderReport& report) {
    ByteWriter out;
    out.u8(kReportVersion);
    out.u8(static_cast<std::uint8_t>(report.cause));
    out.u8(static_cast<std::uint8_t>(report.state));
    out.u64(report.listing);
    out.u32(report.made.seconds);
    out.u32(report.due.seconds);
    out.u32(report.sent.seconds);
    out.u32(report.tries);
    out.u64(report.batch);
    write_cut(out, report.provider, kWordBytesMax);
    write_cut(out, report.list, kWordBytesMax);
    out.text(encode(report.subject));
    write_cut(out, report.channel, kWordBytesMax);
    write_cut(out, report.error, kWordBytesMax);
    const std::size_t answers = std::min(report.answers.size(), kReportAnswersMax);
    out.u16(static_cast<std::uint16_t>(answers));
    for (std::size_t i = 0; i < answers; ++i) {
        const ReportAnswer& answer = report.answers[i];
        out.u32(answer.time.seconds);
        out.u8(static_cast<std::uint8_t>(answer.kind));
        write_cut(out, answer.by, kWordBytesMax);
        write_cut(out, answer.text, kAnswerTextBytesMax);
    }
    return out.bytes();
}

std::optional<ProviderReport> decode_report(std::uint64_t id, Bytes bytes) {
    ByteReader in(bytes);
    ProviderReport report;
    report.id = id;
    const std::uint8_t version = in.u8();
    report.cause = static_cast<ReportCause>(in.u8());
    report.state = static_cast<ReportState>(in.u8());
    report.listing = in.u64();
    report.made = Time{in.u32()};
    report.due = Time{in.u32()};
    report.sent = Time{in.u32()};
    report.tries = in.u32();
    report.batch = in.u64();
    report.provider = in.text();
    report.list = in.text();
    auto subject = decode_subject(in.text());
    report.channel = in.text();
    report.error = in.text();
    for (std::uint16_t left = in.u16(); left > 0 && in.ok(); --left) {
        ReportAnswer answer;
        answer.time = Time{in.u32()};
        answer.kind = static_cast<AnswerKind>(in.u8());
        answer.by = in.text();
        answer.text = in.text();
        if (answer.kind < AnswerKind::Fixed || answer.kind > AnswerKind::NotOurs) {
            return std::nullopt;
        }
        report.answers.push_back(std::move(answer));
    }
    if (!in.ok() || !in.at_end() || version != kReportVersion || !subject || !is_known(report)) {
        return std::nullopt;
    }
    report.subject = std::move(*subject);
    return report;
}

std::string report_key(std::uint64_t id) {
    ByteWriter out;
    write_big(out, id);
    return out.bytes();
}

std::optional<std::uint64_t> key_report(Bytes key) noexcept {
    ByteReader in(key);
    const auto id = read_big<std::uint64_t>(in);
    return in.ok() && in.at_end() ? std::optional(id) : std::nullopt;
}

std::string queue_key(std::string_view slug) {
    return slug_key(slug);
}

std::string queue_key(std::string_view slug, Time due, std::uint64_t id) {
    return timed_key(slug, due, id);
}

std::optional<QueuedReport> key_queued(Bytes key) {
    return key_timed(key);
}

std::string listing_report_key(std::uint64_t listing) {
    return report_key(listing);
}

std::string listing_report_key(std::uint64_t listing, std::uint64_t id) {
    return report_key(listing) + report_key(id);
}

std::string encode_attest(const AttestRecord& record) {
    ByteWriter out;
    out.u8(kAttestVersion);
    out.u64(record.listing);
    write_cut(out, record.by, kWordBytesMax);
    write_cut(out, record.text, kAnswerTextBytesMax);
    return out.bytes();
}

std::optional<AttestRecord> decode_attest(Bytes bytes) {
    ByteReader in(bytes);
    AttestRecord record;
    const std::uint8_t version = in.u8();
    record.listing = in.u64();
    record.by = in.text();
    record.text = in.text();
    return in.ok() && in.at_end() && version == kAttestVersion ? std::optional(std::move(record))
                                                               : std::nullopt;
}

std::string attest_key(std::string_view slug) {
    return slug_key(slug);
}

std::string attest_key(std::string_view slug, Time time, std::uint64_t id) {
    return timed_key(slug, time, id);
}

std::optional<QueuedReport> key_attest(Bytes key) {
    return key_timed(key);
}

std::string encode_times(const std::vector<Time>& times) {
    ByteWriter out;
    for (const Time time : times) {
        out.u32(time.seconds);
    }
    return out.bytes();
}

std::vector<Time> decode_times(Bytes bytes) {
    ByteReader in(bytes);
    std::vector<Time> times;
    while (!in.at_end() && times.size() < kTimesMax) {
        const Time time{in.u32()};
        if (!in.ok()) {
            break;
        }
        times.push_back(time);
    }
    return times;
}

}  // namespace fairlist::store
