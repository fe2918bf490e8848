// RsyncFetch: a copy of an rsync module's file or folder, made by the system's rsync.
#pragma once

#include "importer/fetch/address_guard.h"
#include "importer/fetch/url.h"
#include "listing/base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace fairlist::importer {

struct RsyncRequest {
    Url url;
    std::filesystem::path folder;           // there already, empty; files arrive below it
    std::uint64_t bytes_max = 1ULL << 30U;  // of all files together
    std::uint32_t timeout_s = 300;          // for all of it
    AddressGuard guard;
    std::string program = "rsync";                      // found by PATH
    std::function<void(std::uint64_t bytes)> progress;  // may be empty
};

// The name is resolved here and rsync gets the address, so that it connects to what was checked.
// Errors: Refused (address), OutOfRange (size), NotFound (no rsync installed), Io.
[[nodiscard]] Result<void> rsync_fetch(const RsyncRequest& request);

}  // namespace fairlist::importer
