// Entry options: the values that several verbs take for an entry, checked as the configuration
// checks its own.
#pragma once

#include "listing/base/result.h"
#include "listing/base/time.h"
#include "listing/model/subject.h"
#include "server/config/config.h"

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

// --until, or --for from `from` on; not set when both are empty. Errors name the option: Malformed,
// OutOfRange (an end that is not to come, or past 2106).
[[nodiscard]] Result<Time> end_option(const std::string& until, const std::string& duration,
                                      Time from);

// What refusing protected space leaves open: the operator may allow it, unless it is on the
// do-not-list or holds a test point.
[[nodiscard]] Error with_remedy(const Error& error, const config::Config& config,
                                const Subject& subject);

}  // namespace fairlist::cli
