// ProgressMeter: how far an import is, on standard error: a bar on a terminal, else a line every
// ten seconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace fairlist::cli {

// `total` of zero means unknown. No bar is longer than 79 columns.
[[nodiscard]] std::string progress_bar(std::string_view what, std::uint64_t done,
                                       std::uint64_t total);
[[nodiscard]] std::string progress_line(std::string_view what, std::uint64_t done,
                                        std::uint64_t total);

class ProgressMeter {
  public:
    using Clock = std::function<std::chrono::steady_clock::time_point()>;
    using Write = std::function<void(std::string_view)>;

    ProgressMeter(bool terminal, Clock clock, Write write);
    // Wipes the bar, so that what is printed next stands on a clean line.
    ~ProgressMeter();
    ProgressMeter(const ProgressMeter&) = delete;
    ProgressMeter& operator=(const ProgressMeter&) = delete;

    void update(std::string_view what, std::uint64_t done, std::uint64_t total);

  private:
    bool terminal_;
    bool drawn_ = false;
    Clock clock_;
    Write write_;
    std::chrono::steady_clock::time_point last_;
};

}  // namespace fairlist::cli
