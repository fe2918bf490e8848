// Feed roles: the configuration's feeds as the importer takes them, for every program that runs
// one.
#pragma once

#include "importer/feed_runner.h"
#include "importer/feed_spec.h"
#include "listing/base/result.h"
#include "server/config/config.h"

#include <filesystem>
#include <string_view>

namespace fairlist {

[[nodiscard]] importer::FeedSpec spec_of(const config::Feed& feed);

// Where feeds keep their versions.
[[nodiscard]] std::filesystem::path feeds_folder(const config::Config& config);

[[nodiscard]] importer::RunnerOptions runner_options(const config::Config& config);

// Error: NotFound, with the names there are.
[[nodiscard]] Result<const config::Feed*> find_feed(const config::Config& config,
                                                    std::string_view name);

// Whether `feed run --due` runs it: never imported, or not looked at for as long as `every` says.
[[nodiscard]] bool is_due(const config::Feed& feed, const FeedState& state, Time now) noexcept;

}  // namespace fairlist
