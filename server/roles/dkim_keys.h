// DKIM keys: where the configuration says that the keys of signatures are looked up, for every
// program that judges the mail of traps.
#pragma once

#include "importer/dkim/dkim_keys.h"
#include "listing/base/result.h"
#include "server/config/config.h"

#include <memory>

namespace fairlist {

// Errors: as importer::DnsDkimKeys::open(), after the key "trap.resolver".
[[nodiscard]] Result<std::unique_ptr<importer::DkimKeys>> open_dkim_keys(
    const config::Config& config);

}  // namespace fairlist
