// Figures: what happened on one day, by list, network and reason.
#pragma once

#include "listing/base/time.h"
#include "listing/model/entry.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

namespace fairlist {

inline constexpr std::uint32_t kSecondsPerDay = 86'400;

// Days since 1970 in UTC, as FigureKey counts them.
[[nodiscard]] constexpr std::uint32_t day_of(Time time) noexcept {
    return time.seconds / kSecondsPerDay;
}

// What happened on one UTC day in one list and network, for shares and trends.
//
// The figure under the reason "" counts everything of its day, list and network; those under
// reasons count parts of it.
struct FigureKey {
    std::uint32_t day = 0;
    ListId list{};
    std::uint32_t asn = 0;  // 0: the network is not known
    std::string reason;     // rule or kind; "": all

    friend auto operator<=>(const FigureKey&, const FigureKey&) noexcept = default;
};

struct Figure {
    std::uint64_t hits = 0;
    std::uint64_t opened = 0;
    std::uint64_t extended = 0;
    std::uint64_t expired = 0;
    std::uint64_t removed = 0;
    std::uint64_t listed_at_end = 0;  // a stock, at the end of the day; the others are flows

    friend bool operator==(const Figure&, const Figure&) = default;
};

enum class FigureField : std::uint8_t { Hits, Opened, Extended, Expired, Removed, ListedAtEnd };

[[nodiscard]] std::uint64_t value_of(const Figure& figure, FigureField field) noexcept;

// Sums stay at the end of the space rather than begin anew.
[[nodiscard]] constexpr std::uint64_t add_capped(std::uint64_t a, std::uint64_t b) noexcept {
    return b > UINT64_MAX - a ? UINT64_MAX : a + b;
}

// Both ends included. Invariant: first <= last.
struct DayRange {
    std::uint32_t first = 0;
    std::uint32_t last = 0;

    [[nodiscard]] constexpr bool contains(std::uint32_t day) const noexcept {
        return day >= first && day <= last;
    }
    [[nodiscard]] constexpr std::uint64_t days() const noexcept {
        return std::uint64_t{last} - first + 1;
    }
    // As many days, up to the one before `first`; fewer where 1970 begins, none at 1970 itself.
    [[nodiscard]] std::optional<DayRange> before() const noexcept;

    friend bool operator==(const DayRange&, const DayRange&) = default;
};

}  // namespace fairlist
