// Sensor intake: hits and reports that machines send over HTTP, into the ledger.
#pragma once

#include "server/app/judging.h"
#include "server/http/sensor_routes.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace fairlist::app {

// Thread: any number; they take turns.
class SensorIntake final : public http::SensorSink {
  public:
    explicit SensorIntake(Judging& judging, std::function<Time()> clock = now)
        : judging_(&judging), clock_(std::move(clock)) {}

    // From now on by other rules. Lifetime: of `judging`, until the next use().
    void use(Judging& judging);

    Result<http::Taken> take_hits(const http::Principal& sensor, std::string_view lines) override;
    Result<http::Taken> take_report(const http::Principal& sensor, std::string_view content_type,
                                    std::string_view body) override;

    // "12 hits and 3 reports from machines".
    [[nodiscard]] std::string counters() const;

  private:
    [[nodiscard]] Result<importer::AbuseReport> read_report(std::string_view content_type,
                                                            std::string_view body);
    void record(std::span<const Hit> hits, http::Taken& taken);

    std::mutex mutex_;
    Judging* judging_;  // guarded by mutex_
    std::function<Time()> clock_;
    std::atomic<std::uint64_t> hits_{0};
    std::atomic<std::uint64_t> reports_{0};
};

}  // namespace fairlist::app
