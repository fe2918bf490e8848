// The manager of a served store, with the configuration's lists and protected space.
#pragma once

#include "listing/manager/manager.h"
#include "tests/bench/served_store.h"

namespace fairlist::bench {

[[nodiscard]] inline Manager::Options manager_options(const config::Config& config) {
    Manager::Options options;
    options.lists = config.lists;
    options.protected_space = ProtectedSpace(config.do_not_list, config.protected_exceptions);
    return options;
}

}  // namespace fairlist::bench
