// Entry options: the values that several verbs take for an entry, checked as the configuration
// checks its own.
#pragma once

#include "listing/base/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace fairlist::cli {

// Seconds; 0 for an empty text. Errors name the option: Malformed, OutOfRange past kTtlSecondsMax.
[[nodiscard]] Result<std::uint32_t> ttl_option(const std::string& option, std::string_view text);

// A reason template of one line of UTF-8. `attributes`: what else its fields may be. The
// error, Malformed, names the option.
[[nodiscard]] Result<void> check_reason_option(const std::string& option, std::string_view text,
                                               std::span<const std::string_view> attributes = {});

}  // namespace fairlist::cli
