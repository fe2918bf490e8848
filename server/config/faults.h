// Faults: the mistakes found so far, each with its place.
#pragma once

#include "server/config/config.h"
#include "server/config/node.h"

#include <cstddef>
#include <string>
#include <vector>

namespace fairlist::config {

class Faults {
  public:
    // Past kFaultsMax only the fact that there are more is kept.
    void add(const Place& place, std::string where, std::string what);
    // As above, at the place of `where` below `root`.
    void add_at(const Node& root, std::string where, std::string what);

    // In the order of the files and of the places in them.
    [[nodiscard]] std::vector<Fault> in_order() const;

    // More would help nobody.
    static constexpr std::size_t kFaultsMax = 500;

  private:
    struct Item {
        Place place;
        std::string where;
        std::string what;
    };
    std::vector<Item> items_;
    bool more_ = false;
};

}  // namespace fairlist::config
