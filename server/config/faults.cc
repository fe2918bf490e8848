#include "server/config/faults.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace fairlist::config {

namespace {

auto order_of(const Place& place) noexcept {
    return std::tuple(place.file == nullptr ? 0U : place.file->number, place.line, place.column);
}

}  // namespace

void Faults::add(const Place& place, std::string where, std::string what) {
    if (items_.size() == kFaultsMax) {
        more_ = true;
        return;
    }
    items_.push_back({place, std::move(where), std::move(what)});
}

void Faults::add_at(const Node& root, std::string where, std::string what) {
    const Place place = locate(root, where);
    add(place, std::move(where), std::move(what));
}

std::vector<Fault> Faults::in_order() const {
    std::vector<const Item*> sorted;
    sorted.reserve(items_.size());
    for (const Item& item : items_) {
        sorted.push_back(&item);
    }
    // Faults of one place stay in the order in which they were found, which is that in memory.
    std::ranges::sort(sorted, {}, [](const Item* item) {
        return std::tuple_cat(order_of(item->place), std::tuple(item));
    });
    std::vector<Fault> faults;
    faults.reserve(sorted.size() + 1);
    for (const Item* item : sorted) {
        const auto file =
            item->place.file == nullptr ? std::filesystem::path() : item->place.file->name;
        faults.push_back({file, item->place.line, item->place.column, item->where, item->what});
    }
    if (more_) {
        faults.push_back(
            {faults.front().file, 0, 0, "",
             fmt::format("more than {} faults: the others are not shown", kFaultsMax)});
    }
    return faults;
}

std::string to_string(const Fault& fault) {
    std::string text = fault.file.string();
    if (fault.line != 0) {
        text += fmt::format(":{}:{}", fault.line, fault.column);
    }
    text += ": error: ";
    if (!fault.where.empty()) {
        text += fault.where + ": ";
    }
    return text + fault.what;
}

}  // namespace fairlist::config
