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

importer::FeedSpec spec_of(const config::Feed& feed) {
    importer::FeedSpec spec;
    spec.name = feed.name;
    spec.list = feed.list;
    spec.url = feed.url;
    spec.format = feed.format;
    spec.code = feed.code;
    spec.reason = feed.reason;
    spec.ttl_seconds = feed.ttl_seconds;
    spec.lifetime_seconds = feed.lifetime_seconds;
    spec.widest_v4 = feed.widest_v4;
    spec.widest_v6 = feed.widest_v6;
    spec.max_errors = feed.max_errors;
    spec.max_bytes = feed.max_bytes;
    spec.timeout_s = feed.timeout_s;
    spec.allow_private_fetch = feed.allow_private_fetch;
    spec.allow_host_bits = feed.allow_host_bits;
    spec.select = feed.select;
    spec.guard = {feed.guard.shrink_percent_max, feed.guard.grow_percent_max,
                  feed.guard.allow_empty};
    return spec;
}

std::filesystem::path feeds_folder(const config::Config& config) {
    return config.store.path / "feeds";
}

Result<importer::FeedRunner> make_runner(Session& session, bool dry_run) {
    const auto manager = dry_run ? session.reader() : session.manager();
    if (!manager) {
        return std::unexpected(manager.error());
    }
    const config::Config& config = **session.config();
    importer::RunnerOptions options;
    options.feeds = feeds_folder(config);
    options.protected_space = ProtectedSpace(config.do_not_list, config.protected_exceptions);
    return importer::FeedRunner(**manager, std::move(options));
}

Result<const config::Feed*> find_feed(const config::Config& config, std::string_view name) {
    std::string known;
    for (const config::Feed& feed : config.feeds) {
        if (feed.name == name) {
            return &feed;
        }
        known += (known.empty() ? "" : ", ") + feed.name;
    }
    return fail(Errc::NotFound, fmt::format("feed \"{}\": not in the configuration, which has {}",
                                            name, known.empty() ? "none" : known));
}

bool is_due(const config::Feed& feed, const FeedState& state, Time now) noexcept {
    return !state.checked.is_set() || now.seconds < state.checked.seconds ||
           now.seconds - state.checked.seconds >= feed.every_seconds;
}

importer::ImportProgress progress_on_terminal(const std::string& what) {
    const auto meter = std::make_shared<ProgressMeter>(error_is_terminal(),
                                                       std::chrono::steady_clock::now, print_error);
    return [what, meter](importer::ImportPhase phase, std::uint64_t done, std::uint64_t total) {
        meter->update(fmt::format("{} {}", what, word_of(phase)), done, total);
    };
}

}  // namespace fairlist::cli
