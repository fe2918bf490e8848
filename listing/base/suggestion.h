// Suggestion: the known word that a wrong one was probably meant to be.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace fairlist {

// " (did you mean \"refresh\"?)", ready to append; empty when nothing is near enough: at most one
// typing error for each three letters, where swapping two neighbours is one error.
[[nodiscard]] std::string did_you_mean(std::string_view wrong, std::span<const std::string> known);

}  // namespace fairlist
