// Any bytes as a report or as hits: what is read keeps its promises, messages can be printed, and
// the reads' sizes change nothing.

#include "importer/formats/excerpt.h"
#include "importer/reports/hits.h"
#include "importer/reports/report_mail.h"
#include "importer/reports/xarf.h"
#include "listing/base/check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace fairlist::importer {
namespace {

constexpr Time kNow{1'795'292'885};

bool is_printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~'; });
}

void check_error(const Error& error) {
    FAIRLIST_CHECK(!error.message.empty() && error.message.size() <= 3 * kExcerptBytesMax);
    FAIRLIST_CHECK(is_printable(error.message));
}

void check_report(const Result<AbuseReport>& report) {
    if (!report) {
        return check_error(report.error());
    }
    FAIRLIST_CHECK(report->type.size() <= kReportTypeBytesMax && is_printable(report->type));
    FAIRLIST_CHECK(report->source.has_value() == report->why_no_source.empty());
    FAIRLIST_CHECK(is_printable(report->why_no_source) && is_printable(report->reporter));
    FAIRLIST_CHECK(!report->seen || report->seen->is_set());
    FAIRLIST_CHECK(report->reported_domains.size() <= kReportedDomainsMax);
    FAIRLIST_CHECK(!report->format.empty());
}

// As the mail reader cuts them; a zero byte parts the report from the headers of the reported mail.
void run_mail(std::string_view text) {
    MailRecord record;
    const std::size_t zero = std::min(text.find('\0'), text.size());
    record.feedback = text.substr(0, std::min(zero, kMailFeedbackBytesMax));
    record.original = text.substr(zero, kMailOriginalBytesMax);
    record.json = record.original;
    if (const auto report = report_of(record)) {
        check_report(*report);
    }
}

std::string lines_of(std::string_view text, std::size_t piece) {
    std::size_t at = 0;
    Input input("hits", [&](std::span<char> out) -> Result<std::size_t> {
        const std::size_t bytes = std::min({out.size(), piece, text.size() - at});
        std::memcpy(out.data(), text.data() + at, bytes);
        at += bytes;
        return bytes;
    });
    HitReader reader(input, {kNow, 100});
    std::string seen;
    while (const auto line = reader.next()) {
        seen += std::to_string(line->number) + (line->hit ? " hit\n" : " no\n");
        if (!line->hit) {
            check_error(line->hit.error());
            continue;
        }
        const SensorHit& hit = *line->hit;
        FAIRLIST_CHECK(hit.time.is_set() &&
                       hit.time.seconds <= kNow.seconds + kHitFutureSecondsMax);
        FAIRLIST_CHECK(hit.address || hit.domain);
        FAIRLIST_CHECK(!hit.trap.empty() && hit.trap.size() <= kTrapBytesMax);
        FAIRLIST_CHECK(hit.weight >= 1 && hit.weight <= kHitWeightMax);
        FAIRLIST_CHECK(hit.helo.size() <= kHitTextBytesMax && is_printable(hit.helo));
    }
    return seen + (reader.status() ? "" : "cut");
}

}  // namespace
}  // namespace fairlist::importer

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace fairlist::importer;
    if (size == 0) {
        return 0;
    }
    const std::string text(data + 1, data + size);
    switch (data[0] % 3) {
        case 0:
            run_mail(text);
            break;
        case 1:
            check_report(parse_xarf(text));
            break;
        default:
            FAIRLIST_CHECK(lines_of(text, SIZE_MAX) == lines_of(text, 7));
            break;
    }
    return 0;
}
