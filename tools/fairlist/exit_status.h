// ExitStatus: what a run of the tool tells its caller.
#pragma once

#include <cstddef>

namespace fairlist::cli {

// Documented in fairlist(1); scripts rely on these numbers.
enum class ExitStatus : int {
    Done = 0,
    Failed = 1,
    Usage = 2,
    Partly = 3,  // some of it was done: rejected lines, one of several feeds or subjects failed
    // Of "trap deliver" alone, as sysexits.h has them, for mail servers.
    BadMail = 65,
    NoTrap = 67,
    TryAgain = 75
};

// Of several steps: Done when all were, Failed when none was, else Partly.
[[nodiscard]] constexpr ExitStatus status_of(std::size_t done, std::size_t failed) noexcept {
    if (failed == 0) {
        return ExitStatus::Done;
    }
    return done == 0 ? ExitStatus::Failed : ExitStatus::Partly;
}

}  // namespace fairlist::cli
