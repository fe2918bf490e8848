// Cross check: what checks between the tables of a configuration share.
#pragma once

#include "server/config/config.h"
#include "server/config/faults.h"
#include "server/config/node.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace fairlist::config {

// Lifetime: all three outlive it. `root` is what `config` was read from.
class CrossCheck {
  public:
    CrossCheck(const Config& config, const Node& root, Faults& faults)
        : config_(config), root_(root), faults_(faults) {}

    [[nodiscard]] const Config& config() const noexcept { return config_; }
    [[nodiscard]] const Node& root() const noexcept { return root_; }

    void fault(std::string where, std::string what) {
        faults_.add_at(root_, std::move(where), std::move(what));
    }
    // Faults when an item before this one has the same name.
    template <typename Items, typename NameOf>
    void check_unique(std::string_view table, const Items& items, NameOf name_of);
    // Null, with a fault, when there is no such list; null also for the empty name.
    const ListSpec* find_list(const std::string& name, const std::string& where);
    // A code of an entry: whether the list may answer it.
    void check_code(const ListSpec* list, std::string_view code, const std::string& where);

  private:
    const Config& config_;
    const Node& root_;
    Faults& faults_;
};

template <typename Items, typename NameOf>
void CrossCheck::check_unique(std::string_view table, const Items& items, NameOf name_of) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string name = name_of(items[i]);
        const auto first = std::ranges::find(items, name, name_of) - items.begin();
        if (!name.empty() && static_cast<std::size_t>(first) != i) {
            const Place place = locate(root_, fmt::format("{}[{}].name", table, first));
            fault(fmt::format("{}[{}].name", table, i),
                  fmt::format("{}: there is a {} of this name at {}:{}:{}", quote(name), table,
                              place.file->name.string(), place.line, place.column));
        }
    }
}

}  // namespace fairlist::config
