// FAIRLIST_CHECK: stops the program when our own invariant is broken, in all builds.
#pragma once

namespace fairlist {

[[noreturn]] void check_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace fairlist

#define FAIRLIST_CHECK(condition)                                     \
    do {                                                              \
        if (!(condition)) [[unlikely]] {                              \
            ::fairlist::check_failed(#condition, __FILE__, __LINE__); \
        }                                                             \
    } while (false)
