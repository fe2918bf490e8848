// Blast radius: what a change of address space would touch, and whether one person may make it.
#pragma once

#include "listing/model/subject.h"
#include "server/api/api_route.h"

#include <boost/json/object.hpp>

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fairlist::api {

// The widest that one person may list, exempt or take out, and give to a provider.
inline constexpr unsigned kAloneV4 = 24;
inline constexpr unsigned kAloneV6 = 48;
inline constexpr unsigned kSpaceAloneV4 = 16;
inline constexpr unsigned kSpaceAloneV6 = 32;

[[nodiscard]] bool is_wide(const Subject& subject) noexcept;
[[nodiscard]] bool is_wide_space(const Prefix& prefix) noexcept;

// "65,536 addresses, 12 entries, 3 listings, 1 provider": of what is inside the prefixes.
[[nodiscard]] std::string blast_text(Call& call, std::span<const Prefix> prefixes);

// Nothing: one person may. `action`: "listing.open".
[[nodiscard]] std::optional<Blast> blast_of(Call& call, std::string_view action,
                                            const Subject& subject);

}  // namespace fairlist::api
