// List check: whether the store's lists are those that the configuration means.
#pragma once

#include "listing/base/result.h"
#include "listing/store/environment.h"
#include "server/config/config.h"

#include <cstdint>
#include <memory>

namespace fairlist::app {

// What becomes of a list that the store does not know: it may be new, or its name misspelt.
enum class UnknownList : std::uint8_t {
    Warn,    // at start: the zones that have it answer SERVFAIL until it is made known
    Refuse,  // at a reload: better the configuration in force than a zone that answers nothing
};

// Errors: Conflict (a list of another kind in the store), NotFound (an unknown one, with Refuse).
// Throws store::StoreError when the store cannot be read.
[[nodiscard]] Result<void> check_lists(const config::Config& config,
                                       store::Environment& environment, UnknownList unknown);

enum class StoreUse : std::uint8_t { Read, Write };

// The store of a configuration. Errors: as store::open_environment().
[[nodiscard]] Result<std::unique_ptr<store::Environment>> open_store(const config::Config& config,
                                                                     StoreUse use);

}  // namespace fairlist::app
