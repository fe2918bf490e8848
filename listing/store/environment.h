// Environment: the LMDB file of a store; the only door to it. Layout: FORMAT.md.
#pragma once

#include "listing/base/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace fairlist::store {

struct EnvironmentOptions {
    std::filesystem::path path;  // a folder, made when `create`
    std::uint64_t map_bytes = 64ULL << 30U;
    std::uint32_t readers_max = 1024;
    bool create = false;     // make a new store; an existing one is an error
    bool read_only = false;  // the DNS role
};

class Environment;

// Errors: NotFound (no store there, or not made by us), Conflict (exists already, or this process
// has it open), OutOfRange (format version that this program does not know), Io.
[[nodiscard]] Result<std::unique_ptr<Environment>> open_environment(
    const EnvironmentOptions& options);

}  // namespace fairlist::store
