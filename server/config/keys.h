// Keys: every key that a configuration may have, as the reader itself tells them.
#pragma once

#include <span>
#include <string>

namespace fairlist::config {

struct KeyDoc {
    std::string table;     // "" at the top, "[store]", "[[zone]]", "[zone.soa]", "[[zone.record]]"
    std::string key;       // "refresh"
    std::string type;      // "duration"
    std::string fallback;  // as it would be written: "1h"; empty: none
    bool required = false;
};

// In the order in which they are read. Static storage. fairlist.toml(5) and the example
// configuration are checked against it.
[[nodiscard]] std::span<const KeyDoc> known_keys();

}  // namespace fairlist::config
