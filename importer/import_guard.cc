#include "importer/import_guard.h"

#include <fmt/format.h>

#include <cstdint>

namespace fairlist::importer {

namespace {

// By division, so that no count overflows.
bool exceeds_percent(std::uint64_t part, std::uint64_t whole, std::uint32_t percent) noexcept {
    const std::uint64_t hundredths = whole / 100 * percent + whole % 100 * percent / 100;
    return part > hundredths;
}

}  // namespace

std::string hold_reason(const ImportPlan& plan, const GuardSpec& guard) {
    const std::uint64_t before = plan.total_before;
    const std::uint64_t after = plan.total_after;
    if (after == 0 && !guard.allow_empty) {
        return before == 0
                   ? "it has no entries"
                   : fmt::format("it is empty; the version in force has {} entries", before);
    }
    if (before == 0) {
        return {};
    }
    if (after < before && exceeds_percent(before - after, before, guard.shrink_percent_max)) {
        return fmt::format("it shrinks from {} to {} entries; the limit is a loss of {} %", before,
                           after, guard.shrink_percent_max);
    }
    if (after > before && exceeds_percent(after - before, before, guard.grow_percent_max)) {
        return fmt::format("it grows from {} to {} entries; the limit is a growth of {} %", before,
                           after, guard.grow_percent_max);
    }
    return {};
}

}  // namespace fairlist::importer
