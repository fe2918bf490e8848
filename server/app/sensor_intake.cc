#include "server/app/sensor_intake.h"

#include "importer/mail/prescan.h"
#include "importer/reports/report_mail.h"
#include "importer/reports/xarf.h"

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <utility>
#include <vector>

namespace fairlist::app {

using namespace importer;

namespace {

const Actor kActor{.name = "rule:sensors"};
constexpr std::size_t kLinesMax = Ledger::kRecordHitsMax;

SensorOrigin origin_of(const http::Principal& sensor, Time received) {
    return {sensor.name, received};
}

}  // namespace

void SensorIntake::use(Judging& judging) {
    const std::lock_guard lock(mutex_);
    judging_ = &judging;
}

Result<http::Taken> SensorIntake::take_hits(const http::Principal& sensor, std::string_view lines) {
    const std::lock_guard lock(mutex_);
    const Time received = clock_();
    Input input = text_input("hits:" + sensor.name, lines);
    HitReader reader(input, {.now = received, .lines_max = kLinesMax});
    http::Taken taken;
    std::vector<Hit> hits;
    while (const auto line = reader.next()) {
        auto hit = line->hit ? judging_->sensor_hits().of(*line->hit, origin_of(sensor, received))
                             : Result<Hit>(std::unexpected(line->hit.error()));
        if (hit) {
            hits.push_back(std::move(*hit));
        } else {
            taken.refused.push_back({line->number, hit.error().message});
        }
    }
    if (const auto whole = reader.status(); !whole) {
        return std::unexpected(whole.error());
    }
    // Rules look at a hit by its own time: a batch with the newest first would look back too far.
    std::ranges::sort(hits, {}, &Hit::time);
    record(hits, taken);
    hits_ += taken.accepted;
    return taken;
}

Result<http::Taken> SensorIntake::take_report(const http::Principal& sensor,
                                              std::string_view content_type,
                                              std::string_view body) {
    const std::lock_guard lock(mutex_);
    const auto report = read_report(content_type, body);
    if (!report) {
        return std::unexpected(report.error());
    }
    const auto hit = judging_->sensor_hits().of(*report, body, origin_of(sensor, clock_()));
    if (!hit) {
        return std::unexpected(hit.error());
    }
    http::Taken taken;
    record(std::span(&*hit, 1), taken);
    reports_ += taken.accepted;
    return taken;
}

Result<AbuseReport> SensorIntake::read_report(std::string_view content_type,
                                              std::string_view body) {
    if (content_type == "application/json") {
        return parse_xarf(body);
    }
    const Prescanned scanned = prescan(body, PrescanLimits{});
    const auto record = judging_->report_reader().read(scanned.message);
    if (!record) {
        return std::unexpected(record.error());
    }
    auto report = report_of(*record);
    if (!report) {
        return fail(Errc::Malformed,
                    "the mail is no abuse report: neither ARF (RFC 5965) nor XARF");
    }
    return std::move(*report);
}

void SensorIntake::record(std::span<const Hit> hits, http::Taken& taken) {
    for (const RecordedHit& recorded : judging_->sensor_ledger().record(kActor, hits)) {
        ++(recorded.duplicate ? taken.duplicates : taken.accepted);
    }
}

std::string SensorIntake::counters() const {
    return fmt::format("{} hits and {} reports from machines", hits_.load(), reports_.load());
}

}  // namespace fairlist::app
