// Findings: what the index says of a question's name, before it is an answer.
#pragma once

#include "listing/index/match.h"
#include "listing/model/list.h"

#include <boost/container/static_vector.hpp>

#include <cstdint>

namespace fairlist::answer {

// One entry that answers. `labels` and `length` tell its subject: a prefix of the address asked, or
// the last labels of the name.
struct Finding {
    const ListSpec* list = nullptr;
    store::Mark mark;
    std::uint8_t length = 0;
};

// Limit: as many entries as one question's answer may rest on.
struct Findings {
    boost::container::static_vector<Finding, index::kChosenMax> items;
    bool exists_below = false;  // nothing here, but a name below is listed
    bool overflowed = false;    // there are more than fit

    void add(const ListSpec* list, const store::Mark& mark, std::uint8_t length) noexcept {
        if (items.size() == items.max_size()) {
            overflowed = true;
            return;
        }
        items.push_back({list, mark, length});
    }
};

}  // namespace fairlist::answer
