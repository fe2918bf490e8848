// FeedSpec: what the importer has to know of a feed; the configuration's [[feed]] gives it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fairlist::importer {

// In percent of the version in force.
struct GuardSpec {
    std::uint32_t shrink_percent_max = 50;
    std::uint32_t grow_percent_max = 200;  // growth by: 200 is "more than triples"
    bool allow_empty = false;
};

struct FeedSpec {
    std::string name;    // as a list name
    std::string list;    // that the entries go to
    std::string url;     // see parse_url()
    std::string format;  // empty: told by content
    std::string code;    // for entries without one; empty: the list's
    std::string reason;  // template, as code; may name the format's attributes
    std::uint32_t ttl_seconds = 0;
    // Entries end this long after the import; 0: they stay. Such a feed is imported each time it
    // runs, also when its bytes are the same, because that is what renews the ends.
    std::uint32_t lifetime_seconds = 0;
    unsigned widest_v4 = 8;  // wider prefixes are refused
    unsigned widest_v6 = 19;
    std::uint32_t max_errors = 100;         // more rejected lines: the import fails
    std::uint64_t max_bytes = 1ULL << 30U;  // of the download, and of all files after decoding
    std::uint32_t timeout_s = 300;
    bool allow_private_fetch = false;
    bool allow_host_bits = false;
    std::vector<std::string> select;
    GuardSpec guard;
};

}  // namespace fairlist::importer
