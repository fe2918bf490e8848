#include "tools/fairlist/feed_access.h"

#include "tools/fairlist/progress_meter.h"
#include "tools/fairlist/terminal.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace fairlist::cli {

namespace {

std::string_view word_of(importer::ImportPhase phase) noexcept {
    switch (phase) {
        case importer::ImportPhase::Fetch:
            return "fetching";
        case importer::ImportPhase::Parse:
            return "reading";
        case importer::ImportPhase::Apply:
            break;
    }
    return "writing";
}

}  // namespace

Result<importer::FeedRunner> make_runner(Session& session, bool dry_run) {
    const auto manager = dry_run ? session.reader() : session.manager();
    if (!manager) {
        return std::unexpected(manager.error());
    }
    const config::Config& config = **session.config();
    return importer::FeedRunner(**manager, runner_options(config));
}

importer::ImportProgress progress_on_terminal(const std::string& what) {
    const auto meter = std::make_shared<ProgressMeter>(error_is_terminal(),
                                                       std::chrono::steady_clock::now, print_error);
    return [what, meter](importer::ImportPhase phase, std::uint64_t done, std::uint64_t total) {
        meter->update(fmt::format("{} {}", what, word_of(phase)), done, total);
    };
}

}  // namespace fairlist::cli
