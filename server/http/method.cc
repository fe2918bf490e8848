#include "server/http/method.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace fairlist::http {

namespace {

// In the order of the enum.
constexpr std::array<std::string_view, 7> kNames = {"GET",   "HEAD",   "POST",   "PUT",
                                                    "PATCH", "DELETE", "OPTIONS"};

}  // namespace

std::optional<Method> parse_method(std::string_view text) noexcept {
    const auto* const name = std::ranges::find(kNames, text);
    if (name == kNames.end()) {
        return std::nullopt;
    }
    return static_cast<Method>(name - kNames.begin());
}

std::string_view to_string(Method method) noexcept {
    return kNames.at(static_cast<std::size_t>(method));
}

}  // namespace fairlist::http
