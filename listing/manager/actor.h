// Actor: who changes something.
#pragma once

#include <string>

namespace fairlist {

// For the journal: "operator:anna", "feed:drop"; and for the audit log also from where ("ssh
// 192.0.2.7") and why, in the actor's own words.
struct Actor {
    std::string name;
    std::string from{};
    std::string why{};
};

}  // namespace fairlist
