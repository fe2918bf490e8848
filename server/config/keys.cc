#include "server/config/keys.h"

#include "server/config/reader.h"
#include "server/config/sections.h"

#include <vector>

namespace fairlist::config {

std::span<const KeyDoc> known_keys() {
    static const std::vector<KeyDoc> keys = [] {
        std::vector<KeyDoc> docs;
        Faults unused;
        const Node empty;
        Config config;
        Reader reader(empty, unused, &docs);
        read_config(reader, config);
        return docs;
    }();
    return keys;
}

}  // namespace fairlist::config
