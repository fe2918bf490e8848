// Record value: what a record that the operator gives may say.
#pragma once

#include "listing/base/result.h"

#include <string>
#include <string_view>

namespace fairlist::config {

// The type of a static record, in upper case.
[[nodiscard]] Result<std::string> parse_record_type(std::string_view text);

// Refuses what is plainly wrong for the type. Requires: a type that parse_record_type() gave.
[[nodiscard]] Result<void> check_record_value(std::string_view type, std::string_view value);

}  // namespace fairlist::config
