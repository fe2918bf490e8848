// ZoneFacts: what a data file of rbldnsd says beside its entries: zone data for people to read.
#pragma once

#include "listing/base/time.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fairlist::importer {

struct ZoneFacts {
    struct Section {
        std::string type;      // "ip4set"
        std::string name;      // empty when it has none
        std::string subzones;  // as written: "proxies @"; empty outside a combined file
        std::uint64_t entries = 0;
        bool skipped = false;  // of another kind than the list, or not selected
    };

    std::string soa;              // the fields behind $SOA; the first one counts
    std::vector<std::string> ns;  // the fields behind $NS; without those that "-" turns off
    std::string timestamp;        // the fields behind $TIMESTAMP
    Time data_end;                // the earliest that it sets for an entry; not set: none
    std::vector<Section> sections;
    std::vector<std::string> records;   // of generic sections: "www 3000 A 192.0.2.1"
    std::uint64_t records_dropped = 0;  // past kZoneRecordsMax
};

inline constexpr std::size_t kZoneRecordsMax = 1000;
inline constexpr std::size_t kZoneServersMax = 32;  // as rbldnsd
inline constexpr std::size_t kSectionsMax = 1000;

}  // namespace fairlist::importer
