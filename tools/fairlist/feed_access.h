// Feed access: the configuration's feeds as the importer takes them, and a runner over the store.
#pragma once

#include "importer/feed_runner.h"
#include "importer/feed_spec.h"
#include "listing/base/result.h"
#include "server/config/config.h"
#include "tools/fairlist/session.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace fairlist::cli {

[[nodiscard]] importer::FeedSpec spec_of(const config::Feed& feed);

// Where feeds keep their versions.
[[nodiscard]] std::filesystem::path feeds_folder(const config::Config& config);

// Errors: those of Session::manager(), or for a dry run of Session::reader().
[[nodiscard]] Result<importer::FeedRunner> make_runner(Session& session, bool dry_run);

// Error: NotFound, with the names there are.
[[nodiscard]] Result<const config::Feed*> find_feed(const config::Config& config,
                                                    std::string_view name);

// Whether `feed run --due` runs it: never imported, or not looked at for as long as `every` says.
[[nodiscard]] bool is_due(const config::Feed& feed, const FeedState& state, Time now) noexcept;

// Shows progress on standard error for as long as the returned function lives.
[[nodiscard]] importer::ImportProgress progress_on_terminal(const std::string& what);

}  // namespace fairlist::cli
