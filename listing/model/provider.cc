#include "listing/model/provider.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <utility>

namespace fairlist {

namespace {

// An IPv6 prefix says nothing of IPv4, although it may hold it numerically (prefix.h).
bool holds(const Prefix& outer, const Prefix& inner) noexcept {
    return outer.contains(inner) && outer.is_v4() == inner.is_v4();
}

// By prefix; of rows with the same prefix the last one that came.
std::vector<HolderMap::Row> in_order(const std::vector<HolderMap::Row>& rows) {
    std::vector<std::size_t> order(rows.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(rows[i].prefix, i); });
    std::vector<HolderMap::Row> sorted;
    sorted.reserve(rows.size());
    for (const std::size_t i : order) {
        if (!sorted.empty() && sorted.back().prefix == rows[i].prefix) {
            sorted.back() = rows[i];
        } else {
            sorted.push_back(rows[i]);
        }
    }
    return sorted;
}

}  // namespace

std::string_view to_string(SpaceOrigin origin) noexcept {
    switch (origin) {
        case SpaceOrigin::Given:
            return "given";
        case SpaceOrigin::Network:
            return "network";
        case SpaceOrigin::Feed:
            return "feed";
    }
    return "?";
}

HolderMap::HolderMap(std::vector<std::string> slugs, std::vector<Row> rows)
    : slugs_(std::move(slugs)), rows_(in_order(rows)), parents_(rows_.size()) {
    for (std::size_t i = 1; i < rows_.size(); ++i) {
        auto parent = static_cast<std::uint32_t>(i);
        while (parent != 0 && !rows_[parent - 1].prefix.contains(rows_[i].prefix)) {
            parent = parents_[parent - 1];
        }
        parents_[i] = parent;
    }
}

const HolderMap::Row* HolderMap::narrowest(const Prefix& prefix) const noexcept {
    const auto behind = std::ranges::upper_bound(rows_, prefix, {}, &Row::prefix);
    auto at = static_cast<std::size_t>(behind - rows_.begin());
    while (at != 0 && !holds(rows_[at - 1].prefix, prefix)) {
        at = parents_[at - 1];
    }
    return at == 0 ? nullptr : &rows_[at - 1];
}

const HolderMap::Row* HolderMap::wider(const Row& row) const noexcept {
    std::size_t at = parents_[static_cast<std::size_t>(&row - rows_.data())];
    while (at != 0 && !holds(rows_[at - 1].prefix, row.prefix)) {
        at = parents_[at - 1];
    }
    return at == 0 ? nullptr : &rows_[at - 1];
}

std::vector<HolderMap::Row> HolderMap::inside(const Prefix& prefix) const {
    std::vector<Row> found;
    for (auto at = std::ranges::upper_bound(rows_, prefix, {}, &Row::prefix);
         at != rows_.end() && prefix.contains(at->prefix); ++at) {
        if (holds(prefix, at->prefix)) {
            found.push_back(*at);
        }
    }
    return found;
}

const std::string* HolderMap::holder(const Prefix& prefix) const noexcept {
    const Row* row = narrowest(prefix);
    if (row == nullptr) {
        return nullptr;
    }
    for (auto at = std::ranges::upper_bound(rows_, prefix, {}, &Row::prefix);
         at != rows_.end() && prefix.contains(at->prefix); ++at) {
        if (holds(prefix, at->prefix) && at->holder != row->holder) {
            return nullptr;
        }
    }
    return &slugs_[row->holder];
}

}  // namespace fairlist
