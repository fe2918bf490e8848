// Feed access: the configuration's feeds as the importer takes them, and a runner over the store.
#pragma once

#include "importer/feed_runner.h"
#include "importer/feed_spec.h"
#include "listing/base/result.h"
#include "server/config/config.h"
#include "server/roles/feed_roles.h"
#include "tools/fairlist/session.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace fairlist::cli {

// Errors: those of Session::manager(), or for a dry run of Session::reader().
[[nodiscard]] Result<importer::FeedRunner> make_runner(Session& session, bool dry_run);

// Shows progress on standard error for as long as the returned function lives.
[[nodiscard]] importer::ImportProgress progress_on_terminal(const std::string& what);

}  // namespace fairlist::cli
