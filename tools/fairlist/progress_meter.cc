#include "tools/fairlist/progress_meter.h"

#include "tools/fairlist/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace fairlist::cli {

namespace {

constexpr std::chrono::milliseconds kBarEvery{100};
constexpr std::chrono::seconds kLineEvery{10};
constexpr std::size_t kBarCells = 30;

std::uint64_t percent_of(std::uint64_t done, std::uint64_t total) noexcept {
    return total == 0 ? 0 : std::min<std::uint64_t>(100, done * 100 / total);
}

}  // namespace

std::string progress_bar(std::string_view what, std::uint64_t done, std::uint64_t total) {
    if (total == 0) {
        return fmt::format("{:.26} {}", what, grouped(done));
    }
    const std::uint64_t percent = percent_of(done, total);
    const std::size_t full = percent * kBarCells / 100;
    return fmt::format("{:.26} [{}{}] {:3} % {}", what, std::string(full, '#'),
                       std::string(kBarCells - full, ' '), percent, grouped(done));
}

std::string progress_line(std::string_view what, std::uint64_t done, std::uint64_t total) {
    if (total == 0) {
        return fmt::format("fairlist: {}: {}\n", what, grouped(done));
    }
    return fmt::format("fairlist: {}: {} of {} ({} %)\n", what, grouped(done), grouped(total),
                       percent_of(done, total));
}

ProgressMeter::ProgressMeter(bool terminal, Clock clock, Write write)
    : terminal_(terminal), clock_(std::move(clock)), write_(std::move(write)), last_(clock_()) {}

ProgressMeter::~ProgressMeter() {
    if (drawn_) {
        write_("\r\x1b[K");
    }
}

void ProgressMeter::update(std::string_view what, std::uint64_t done, std::uint64_t total) {
    const auto now = clock_();
    const auto every = terminal_ ? kBarEvery : std::chrono::milliseconds(kLineEvery);
    if (now - last_ < every) {
        return;
    }
    last_ = now;
    if (terminal_) {
        write_("\r" + progress_bar(what, done, total) + "\x1b[K");
        drawn_ = true;
    } else {
        write_(progress_line(what, done, total));
    }
}

}  // namespace fairlist::cli
