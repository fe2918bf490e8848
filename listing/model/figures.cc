#include "listing/model/figures.h"

#include <algorithm>

namespace fairlist {

std::uint64_t value_of(const Figure& figure, FigureField field) noexcept {
    switch (field) {
        case FigureField::Hits:
            return figure.hits;
        case FigureField::Opened:
            return figure.opened;
        case FigureField::Extended:
            return figure.extended;
        case FigureField::Expired:
            return figure.expired;
        case FigureField::Removed:
            return figure.removed;
        case FigureField::ListedAtEnd:
            break;
    }
    return figure.listed_at_end;
}

std::optional<DayRange> DayRange::before() const noexcept {
    if (first == 0) {
        return {};
    }
    const auto length = static_cast<std::uint32_t>(std::min<std::uint64_t>(days(), first));
    return DayRange{first - length, first - 1};
}

}  // namespace fairlist
