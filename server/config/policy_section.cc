#include "server/config/sections.h"

#include <cstdint>

namespace fairlist::config {

namespace {

constexpr std::uint64_t kDay = 86400;
constexpr std::size_t kListNameBytesMax = 32;

}  // namespace

void read_policy(Reader& in, PolicyRules& out) {
    in.text("list", out.list, kListNameBytesMax);
    // Whether the list may answer a code is checked with the list.
    in.code("provider_code", out.provider_code, true);
    in.code("operator_code", out.operator_code, true);
    in.code("quarantine_code", out.quarantine_code, true);
    in.text("allow_list", out.allow_list, kListNameBytesMax);
    in.duration("fresh", out.fresh_seconds, {kDay, 3650 * kDay});
    in.number("shrink_percent", out.shrink_percent_max, {0, 100});
    in.number("grow_percent", out.grow_percent_max, {0, 1000000});
}

}  // namespace fairlist::config
