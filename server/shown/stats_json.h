// Stats JSON: the shape of a table of figures, as fairlist(1) documents it.
#pragma once

#include "server/shown/stats_view.h"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace fairlist {

// `sentence`: what the figures come to, in words; empty: null.
[[nodiscard]] boost::json::object stats_object(const StatsView& view, std::string_view sentence);

// "network", "list" or "reason".
[[nodiscard]] std::string_view group_word(FigureGroup by) noexcept;
// A day since 1970 as "2026-11-21".
[[nodiscard]] std::string date_of(std::uint32_t day);

}  // namespace fairlist
