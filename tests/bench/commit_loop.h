// CommitLoop: LMDB alone: one record and one synchronous commit after the other. What a store on
// top of it can reach at best.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace fairlist::bench {

struct CommitCount {
    std::uint64_t commits = 0;
    double seconds = 0;
};

// `folder` is there and empty. Throws std::runtime_error with LMDB's reason.
[[nodiscard]] CommitCount run_commit_loop(const std::filesystem::path& folder, std::size_t bytes,
                                          double seconds);

}  // namespace fairlist::bench
