#include "server/app/privileges.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cap-ng.h>

namespace fairlist::app {

namespace {

constexpr std::array<unsigned, 3> kDropped = {CAP_BPF, CAP_NET_ADMIN, CAP_NET_RAW};

bool is_held(unsigned capability) {
    return capng_have_capability(CAPNG_PERMITTED, capability) != 0;
}

capng_select_t sets_to_change() {
    // Programs started later could get them back from the bounding set, but only CAP_SETPCAP may
    // change that.
    return capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP) != 0 ? CAPNG_SELECT_BOTH
                                                                    : CAPNG_SELECT_CAPS;
}

bool drop_all() {
    constexpr auto kSets = static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED |
                                                     CAPNG_INHERITABLE | CAPNG_BOUNDING_SET);
    for (const unsigned capability : kDropped) {
        if (capng_update(CAPNG_DROP, kSets, capability) != 0) {
            return false;
        }
    }
    return capng_apply(sets_to_change()) == 0;
}

}  // namespace

void drop_network_privileges() {
    capng_clear(CAPNG_SELECT_BOTH);
    if (capng_get_caps_process() != 0) {
        spdlog::warn("cannot read the capabilities of this process: it keeps them");
        return;
    }
    if (std::ranges::any_of(kDropped, is_held) && !drop_all()) {
        spdlog::warn(
            "cannot give up CAP_BPF, CAP_NET_ADMIN and CAP_NET_RAW: is capset(2) "
            "forbidden (SystemCallFilter=capset)?");
    }
}

}  // namespace fairlist::app
